// The last line of the step's card while predicting: the question's field and buttons, or what is said of the
// answer.

#include "app/labs/predict_row.h"

#include <string>

#include "app/model/predict.h"
#include "app/ui/rich_text.h"
#include "app/ui/shapes.h"

namespace poolscope {

namespace {

constexpr float kFieldWidth = 120;

/// A digit typed anywhere begins the answer.
void type_ahead(LabContext& context) {
  for (const char c : std::string_view("0123456789-.")) {
    if (!context.ui.char_typed(static_cast<unsigned char>(c))) continue;
    context.state.guess_text += c;
    context.state.guess_focus = true;
  }
}

void submit(LabContext& context) {
  FrameState& state = context.state;
  if (const auto value = parse_guess(state.guess_text)) {
    context.outbox.post(command::GuessValue{*value});
    state.guess_text.clear();
    return;
  }
  context.ui.toast(context.say(Message("predict.not_a_number").with("text", state.guess_text)), true);
  state.guess_focus = true;
}

void draw_question_row(LabContext& context) {
  ui::Ui& ui = context.ui;
  FrameState& state = context.state;
  const int64_t step = context.model.record().step;
  if (state.guess_step != step) state.guess_text.clear();
  state.guess_step = step;
  type_ahead(context);
  ui::FieldOptions field;
  field.width = ui.dp(kFieldWidth);
  field.mono = true;
  field.hint = context.text("predict.hint");
  field.focus = std::exchange(state.guess_focus, false);
  field.caret_at_end = field.focus;
  const ui::FieldChange change = ui::text_field(ui, "predict.value", state.guess_text, field);
  ui::same_line(ui, 2);
  ui::ButtonOptions check;
  check.kind = ui::ButtonKind::primary;
  check.enabled = !state.guess_text.empty();
  const bool pressed = ui::button(ui, "predict.check", context.text("predict.check"), check);
  if ((pressed || change.submitted) && !state.guess_text.empty()) submit(context);
  ui::same_line(ui, 2);
  ui::ButtonOptions show;
  const std::string hint = context.text("predict.reveal.hint");
  show.tooltip = hint;
  if (ui::button(ui, "predict.reveal", context.text("predict.reveal"), show))
    context.outbox.post(command::Reveal{});
}

std::string verdict_text(const LabContext& context) {
  const WindowAnswer* answer = present_answer(context.model);
  if (answer == nullptr) return {};
  const auto said = verdict(context.model.plan(), context.model.record(), *answer);
  return said ? context.say(*said) : std::string();
}

float next_width(const LabContext& context) {
  return ui::button_width(context.ui, context.text("predict.next"));
}

void draw_verdict_row(LabContext& context) {
  ui::Ui& ui = context.ui;
  const WindowAnswer* answer = present_answer(context.model);
  const bool right = answer != nullptr && answer->right;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = predict_row_height(context, ui::available_width(ui));
  const float width = ui::available_width(ui);
  float x = at.x;
  if (right) {
    const ImVec2 centre{x + ui.dp(9), at.y + height / 2};
    ui::draw_icon(ImGui::GetWindowDrawList(), ui::Icon::check, centre, ui.dp(16), ui.theme->unchanged.text);
    x += ui.dp(26);
  }
  const std::string words = verdict_text(context);
  const bool more = context.model.record().step + 1 < context.model.steps();
  const float room = width - (x - at.x) - (more ? next_width(context) + ui.sp(4) : 0);
  const ui::RichLayout layout = ui::layout_rich(ui.fonts, words, ui::Role::body_bold, room, ui::Markup::none);
  ui::draw_rich(ImGui::GetWindowDrawList(), ui, layout, ui::Role::body_bold,
                {x, at.y + (height - layout.height) / 2}, right ? ui.theme->unchanged.text : ui.theme->text);
  ui.record("predict.verdict", "text", words, {{x, at.y}, {x + room, at.y + height}}, true, right);
  if (more) {
    ImGui::SetCursorScreenPos(
        {at.x + width - next_width(context), at.y + (height - ui.control_height()) / 2});
    const std::string hint = context.action_hint("step_forward");
    ui::ButtonOptions next;
    next.tooltip = hint;
    if (ui::button(ui, "predict.next", context.text("predict.next"), next)) context.act("step_forward");
  }
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({width, height});
}

}  // namespace

float predict_row_height(const LabContext& context, float width) {
  if (!predicting(context.model)) return 0;
  const ui::Ui& ui = context.ui;
  if (question_open(context.model)) return ui.control_height();
  const float room = width - ui.dp(26) - next_width(context) - ui.sp(4);
  const float words =
      ui::layout_rich(ui.fonts, verdict_text(context), ui::Role::body_bold, room, ui::Markup::none).height;
  return std::max(ui.control_height(), words);
}

void draw_predict_row(LabContext& context) {
  if (question_open(context.model))
    draw_question_row(context);
  else
    draw_verdict_row(context);
}

}  // namespace poolscope
