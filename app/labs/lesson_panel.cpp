// The panel of a lesson: words, what to do, a question, and the way on.

#include <algorithm>
#include <cmath>
#include <string>

#include "app/labs/lesson_parts.h"
#include "app/model/lesson_run.h"
#include "app/model/predict.h"
#include "app/ui/rich_text.h"
#include "app/ui/shapes.h"

namespace poolscope {

namespace {

const std::string& words(const LabContext& context, const LessonText& text) {
  return text.in(context.texts.language());
}

void draw_title(LabContext& context, const LessonRun& run) {
  ui::Ui& ui = context.ui;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float side = ui.dp(24);
  ui.push_region(ui.right_edge() - side - ui.sp(1));
  ui::section(ui, lesson_name(context, *run.lesson, false));
  ui.pop_region();
  const ImVec2 below = ImGui::GetCursorScreenPos();
  ImGui::SetCursorScreenPos({ui.right_edge() - side, at.y - ui.dp(6)});
  ui::ButtonOptions close;
  close.kind = ui::ButtonKind::ghost;
  close.width = close.height = side;
  const std::string hint = context.text("lesson.leave");
  if (ui::icon_button(ui, "lesson.leave", ui::Icon::close, hint, close))
    context.outbox.post(command::LeaveLesson{});
  ImGui::SetCursorScreenPos(below);
  ui::paragraph(ui, words(context, run.lesson->title), ui::Role::title, ui.theme->text);
  ui::gap(ui, 1.5f);
}

/// What to do, in a box with a mark that is filled when it was done.
void draw_task(LabContext& context, const LessonRun& run) {
  const LessonStep& step = run.now();
  if (step.task.empty()) return;
  ui::Ui& ui = context.ui;
  const ui::Theme& theme = *ui.theme;
  const bool done = run.done && !step.wait.empty();
  ui::gap(ui, 2);
  ui::CardOptions options;
  options.padding = ui.sp(3);
  options.shadow = false;
  options.fill = done ? theme.unchanged.fill : theme.window.fill;
  options.border = done ? theme.unchanged.line : theme.window.line;
  ui::begin_card(ui, "lesson.task", options);
  const float mark = ui.dp(16);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 centre{at.x + mark / 2, at.y + ui.fonts.size(ui::Role::body) * 0.55f};
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (done)
    ui::draw_icon(list, ui::Icon::check, centre, mark, theme.unchanged.text);
  else
    list->AddCircle(centre, mark * 0.4f, theme.window.text, 0, ui.dp(1.75f));
  ImGui::SetCursorScreenPos({at.x + mark + ui.sp(2), at.y});
  ImGui::BeginGroup();
  ui::paragraph(ui, words(context, step.task), ui::Role::body_bold, theme.text);
  if (done && !step.done.empty()) ui::paragraph(ui, words(context, step.done), ui::Role::body, theme.text);
  ImGui::EndGroup();
  ui::end_card(ui);
  ui.record("lesson.state", "text", done ? "done" : "open",
            {ImGui::GetItemRectMin(), ImGui::GetItemRectMax()}, true, done);
}

/// A choice as a wide button whose words may take several lines.
bool draw_choice(LabContext& context, const std::string& key, const std::string& label, bool chosen,
                 bool right_one, bool open) {
  ui::Ui& ui = context.ui;
  const ui::Theme& theme = *ui.theme;
  const float width = ui::available_width(ui), pad = ui.sp(3), mark = open ? 0 : ui.dp(20);
  const ui::RichLayout layout = ui::layout_rich(ui.fonts, label, ui::Role::body, width - 2 * pad - mark);
  const float height = std::max(ui.control_height(), layout.height + ui.sp(3));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ui::Rect rect{at, {at.x + width, at.y + height}};
  const ui::HotArea area = ui::hot_area(ui, key, rect, "choice", label, true, open);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const bool shown_right = !open && right_one;
  const ImU32 fill = shown_right            ? theme.unchanged.fill
                     : open && area.held    ? theme.control_press
                     : open && area.hovered ? theme.control_hover
                                            : theme.control;
  const ImU32 border = shown_right ? theme.unchanged.line : chosen ? theme.text_soft : theme.hairline;
  ui::frame(list, rect.min, rect.max, fill, border, ui.radius(),
            chosen || shown_right ? ui.dp(1.5f) : ui.hairline());
  const float y = std::round(at.y + (height - layout.height) / 2);
  ui::draw_rich(list, ui, layout, ui::Role::body, {at.x + pad, y}, theme.text);
  if (shown_right)
    ui::draw_icon(list, ui::Icon::check, {rect.max.x - pad - ui.dp(4), rect.center().y}, ui.dp(16),
                  theme.unchanged.text);
  if (area.focused)
    ui::outline_outside(list, rect.min, rect.max, theme.focus, ui.radius() + ui.dp(3), ui.dp(2));
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({width, height});
  return area.clicked;
}

void draw_choices(LabContext& context, const LessonRun& run) {
  const LessonQuestion& question = *run.now().ask;
  for (size_t i = 0; i < question.choices.size(); ++i) {
    const auto& choice = question.choices[i];
    const bool chosen = run.answer && run.answer->choice == static_cast<int>(i);
    const std::string key = "lesson.choice." + std::to_string(i);
    if (draw_choice(context, key, words(context, choice.text), chosen, choice.right, !run.answer))
      context.outbox.post(command::LessonAnswer{static_cast<int>(i), 0});
  }
}

void draw_number(LabContext& context, const LessonRun& run) {
  if (run.answer) return;
  ui::Ui& ui = context.ui;
  FrameState& state = context.state;
  const float check = ui::button_width(ui, context.text("predict.check"));
  ui::FieldOptions field;
  field.mono = true;
  field.hint = context.text("predict.hint");
  field.width = ui::available_width(ui) - check - ui.sp(2);
  const ui::FieldChange change = ui::text_field(ui, "lesson.value", state.lesson_text, field);
  ui::same_line(ui, 2);
  ui::ButtonOptions options;
  options.kind = ui::ButtonKind::primary;
  options.enabled = !state.lesson_text.empty();
  const bool pressed = ui::button(ui, "lesson.check", context.text("predict.check"), options);
  if ((!pressed && !change.submitted) || state.lesson_text.empty()) return;
  if (const auto value = parse_guess(state.lesson_text)) {
    context.outbox.post(command::LessonAnswer{-1, *value});
    state.lesson_text.clear();
  } else {
    ui.toast(context.say(Message("predict.not_a_number").with("text", state.lesson_text)), true);
  }
}

/// What is said of the answer: right or not, and why.
void draw_answer(LabContext& context, const LessonRun& run) {
  if (!run.answer) return;
  ui::Ui& ui = context.ui;
  const LessonQuestion& question = *run.now().ask;
  ui::gap(ui, 1);
  std::string said = context.text(run.answer->right ? "lesson.right" : "lesson.not_right");
  const bool chosen =
      run.answer->choice >= 0 && static_cast<size_t>(run.answer->choice) < question.choices.size();
  if (!chosen && !run.answer->right)
    said = context.say(Message("lesson.value_is")
                           .with("value", format_value(run.answer->asked))
                           .with("guess", format_value(run.answer->value)));
  const ImU32 color = run.answer->right ? ui.theme->unchanged.text : ui.theme->text;
  ui::paragraph(ui, said, ui::Role::body_bold, color);
  const LessonText& why =
      chosen ? question.choices[static_cast<size_t>(run.answer->choice)].why : question.why;
  if (!why.empty()) ui::paragraph(ui, words(context, why));
}

void draw_question(LabContext& context, const LessonRun& run) {
  if (!run.now().ask) return;
  ui::gap(context.ui, 2);
  ui::paragraph(context.ui, words(context, run.now().ask->text), ui::Role::body_bold);
  draw_choices(context, run);
  if (run.now().ask->number()) draw_number(context, run);
  draw_answer(context, run);
}

std::string next_label(const LabContext& context, const LessonRun& run) {
  if (!run.last()) return context.text("lesson.next");
  const auto place = place_on_shelf(context.model, *run.lesson);
  const bool more = place && *place + 1 < context.model.lessons.size();
  return context.text(more ? "lesson.next_lesson" : "lesson.finish");
}

/// Back, how far one is, next.
void draw_foot(LabContext& context, const LessonRun& run) {
  ui::Ui& ui = context.ui;
  const std::string counter = context.say(Message("lesson.step")
                                              .with("step", static_cast<int64_t>(run.step) + 1)
                                              .with("steps", static_cast<int64_t>(run.lesson->steps.size())));
  const auto all = static_cast<double>(run.lesson->steps.size());
  ui::progress_bar(ui, "lesson.progress", static_cast<double>(run.step + 1) / all, 0, ui.theme->primary);
  ui::gap(ui, 1);
  ui::ButtonOptions back;
  back.enabled = run.step > 0;
  const std::string back_hint = context.action_hint("lesson_back");
  back.tooltip = back_hint;
  if (ui::button(ui, "lesson.back", context.text("lesson.back"), back)) context.act("lesson_back");
  ui::same_line(ui, 2);
  const std::string label = next_label(context, run);
  ui::ButtonOptions next;
  // Strong where nothing is left to do here.
  const bool free = run.done || (run.now().wait.empty() && !run.now().ask);
  next.kind = free ? ui::ButtonKind::primary : ui::ButtonKind::normal;
  const std::string next_hint = context.action_hint("lesson_next");
  next.tooltip = next_hint;
  const float width = ui::button_width(ui, label, next);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float left = ui.right_edge() - width;
  const ui::SizedFont font = ui.fonts.sized(ui::Role::caption);
  const ImVec2 size = ui::text_size(font.font, font.size_px, counter.c_str());
  if (size.x < left - at.x - ui.sp(2))
    ImGui::GetWindowDrawList()->AddText(
        font.font, font.size_px,
        {std::round((at.x + left - size.x) / 2), std::round(at.y + (ui.control_height() - size.y) / 2)},
        ui.theme->text_faint, counter.c_str());
  ImGui::SetCursorScreenPos({left, at.y});
  if (ui::button(ui, "lesson.next", label, next)) context.act("lesson_next");
}

}  // namespace

std::string lesson_name(const LabContext& context, const Lesson& lesson, bool with_title) {
  const std::string& title = words(context, lesson.title);
  const auto place = place_on_shelf(context.model, lesson);
  if (!place) return with_title ? title : context.text("lesson.from_file");
  return context.say(Message(with_title ? "lesson.name_title" : "lesson.name")
                         .with("number", static_cast<int64_t>(*place) + 1)
                         .with("count", static_cast<int64_t>(context.model.lessons.size()))
                         .with("title", title));
}

void draw_lesson_panel(LabContext& context, ui::Rect rect, void (*draw_explanation)(LabContext&)) {
  const LessonRun* run = present_lesson(context.model);
  ui::Ui& ui = context.ui;
  const float foot = ui.control_height() + ui.dp(8) + 2 * ui.sp(2) + 2 * ui.sp(3);
  ui::PanelOptions options;
  options.hairline = ui::Edge::left;
  // A new step begins at its first line.
  const std::string key = "lesson." + run->lesson->id + "." + std::to_string(run->step);
  ui::begin_panel(ui, key, {rect.min, {rect.max.x, rect.max.y - foot}}, options);
  draw_title(context, *run);
  ui::paragraph(ui, words(context, run->now().text), ui::Role::body, ui.theme->text);
  draw_task(context, *run);
  draw_question(context, *run);
  if (draw_explanation != nullptr) {
    ui::gap(ui, 3);
    ui::divider(ui);
    ui::gap(ui, 1);
    draw_explanation(context);
  }
  ui::end_panel(ui);
  ui::PanelOptions foot_options;
  foot_options.hairline = ui::Edge::left;
  foot_options.padding = {ui.sp(4), ui.sp(3)};
  foot_options.scroll = false;
  ui::begin_panel(ui, "lesson.foot", {{rect.min.x, rect.max.y - foot}, rect.max}, foot_options);
  draw_foot(context, *run);
  ui::end_panel(ui);
}

}  // namespace poolscope
