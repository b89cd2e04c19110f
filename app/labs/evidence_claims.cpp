// The left panel of the Evidence lab: every claim with what became of it. The bar at the bottom.

#include <algorithm>

#include "app/labs/evidence_lab.h"
#include "app/ui/rich_text.h"
#include "app/ui/shapes.h"

namespace poolscope {

namespace {

struct ClaimState {
  std::string words;
  ImU32 color = 0;
  ui::Icon icon = ui::Icon::none;
};

/// The line below a claim: its verdict, or why there is none.
ClaimState state_of(const LabContext& context, Claim claim) {
  const ui::Theme& theme = *context.ui.theme;
  const EvidenceWork& work = context.model.evidence;
  const EvidenceAnswerPtr& answer = work.latest(claim);
  if (claim_hidden(context.model, claim))
    return {context.text("evidence_lab.state.asked"), theme.text_faint, ui::Icon::help};
  const bool fresh = answer && (!work.running(claim) || !claim_info(claim).long_running);
  if (fresh && answer->result) {
    const VerdictLook look = verdict_look(theme, answer->result->verdict);
    return {context.texts.get("evidence.verdict." + std::string(verdict_name(answer->result->verdict))),
            look.color, look.icon};
  }
  if (work.running(claim)) {
    const auto percent = static_cast<int64_t>(100 * work.progress(claim));
    return {context.say(Message("evidence_lab.state.running").with("percent", percent)), theme.primary,
            ui::Icon::more};
  }
  if (answer && answer->error)
    return {context.text("evidence_lab.state.failed"), theme.danger, ui::Icon::warning};
  return {context.text("evidence_lab.state.not_run"), theme.text_faint, ui::Icon::none};
}

void draw_claim(LabContext& context, const ClaimInfo& info) {
  ui::Ui& ui = context.ui;
  const ui::Theme& theme = *ui.theme;
  const bool selected = context.model.document.evidence.claim == info.claim;
  const float width = ui::available_width(ui), pad = ui.dp(10), number = ui.dp(18);
  const std::string words = claim_text(context, info.claim, "short");
  const ui::RichLayout layout =
      ui::layout_rich(ui.fonts, words, ui::Role::control, width - 2 * pad - number, ui::Markup::none);
  const ClaimState state = state_of(context, info.claim);
  const ui::SizedFont caption = ui.fonts.sized(ui::Role::caption_bold);
  const ui::RichLayout below = ui::layout_rich(ui.fonts, state.words, ui::Role::caption_bold,
                                               width - 2 * pad - number - ui.dp(16), ui::Markup::none);
  const float height = layout.height + below.height + 2 * ui.dp(8) + ui.dp(3);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ui::Rect rect{at, {at.x + width, at.y + height}};
  const std::string key = "evidence.claim." + std::string(info.id);
  const ui::HotArea area = ui::hot_area(ui, key, rect, "claim", state.words, true);
  ImDrawList* list = ImGui::GetWindowDrawList();
  ui::frame(list, rect.min, rect.max,
            selected       ? theme.primary_soft
            : area.hovered ? theme.control_hover
                           : theme.panel,
            selected ? theme.primary : theme.hairline, ui.radius(), ui.hairline());
  if (area.focused) ui::outline_outside(list, rect.min, rect.max, theme.focus, ui.radius(), ui.dp(2));
  const ui::SizedFont small = ui.fonts.sized(ui::Role::control_bold);
  const std::string place = std::to_string(static_cast<int>(info.claim) + 1);
  list->AddText(small.font, small.size_px, {at.x + pad, at.y + ui.dp(8)},
                selected ? theme.on_primary_soft : theme.text_faint, place.c_str());
  ui::draw_rich(list, ui, layout, ui::Role::control, {at.x + pad + number, at.y + ui.dp(8)},
                selected ? theme.on_primary_soft : theme.text);
  const float y = at.y + ui.dp(11) + layout.height, x = at.x + pad + number;
  const bool mark = state.icon != ui::Icon::none;
  if (mark)
    ui::draw_icon(list, state.icon, {x + ui.dp(5), y + caption.size_px * 0.6f}, ui.dp(12), state.color);
  ui::draw_rich(list, ui, below, ui::Role::caption_bold, {x + (mark ? ui.dp(16) : 0), y}, state.color);
  if (area.clicked) context.outbox.post(command::Evidence{EvidenceDeed::show, info.claim});
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({width, height});
}

}  // namespace

void draw_evidence_claims(LabContext& context) {
  ui::Ui& ui = context.ui;
  ui::section(ui, context.text("evidence_lab.claims"));
  for (const ClaimInfo& info : all_claims())
    draw_claim(context, info);
}

EvidenceRunButton evidence_run_button(const LabContext& context) {
  const Claim claim = context.model.document.evidence.claim;
  const EvidenceWork& work = context.model.evidence;
  EvidenceRunButton button;
  if (work.running(claim)) {
    button.label = context.text("evidence_lab.stop");
    button.icon = ui::Icon::close;
    button.running = true;
    return button;
  }
  const bool current = work.current(context.model.document, claim) != nullptr;
  button.again = current && claim_info(claim).repeats > 0;
  button.enabled = !current || button.again;
  if (button.again) {
    const auto next = static_cast<int64_t>(context.model.document.evidence.of(claim).seed) + 1;
    button.label = context.say(Message("evidence_lab.again").with("seed", next));
    button.icon = ui::Icon::refresh;
    return button;
  }
  button.label = context.text("evidence_lab.run");
  return button;
}

void press_evidence_run(LabContext& context, const EvidenceRunButton& button) {
  const Claim claim = context.model.document.evidence.claim;
  if (button.running) return context.outbox.post(command::Evidence{EvidenceDeed::stop, claim});
  if (button.again) {
    Document document = context.model.document;
    ++document.evidence.of(claim).seed;
    context.edit(std::move(document));
  }
  context.outbox.post(command::Evidence{EvidenceDeed::run, claim});
}

void draw_evidence_transport(LabContext& context, ui::Rect rect) {
  ui::Ui& ui = context.ui;
  ui::PanelOptions options;
  options.hairline = ui::Edge::top;
  options.padding = {0, 0};
  options.scroll = false;
  ui::begin_panel(ui, "panel.transport", rect, options);
  ui.record("evidence.transport", "bar", "", rect);
  const Claim claim = context.model.document.evidence.claim;
  const EvidenceRunButton run = evidence_run_button(context);
  float x = rect.min.x + ui.sp(5), end = rect.max.x - ui.sp(5);
  const auto place = [&](float at_x, float height) {
    ImGui::SetCursorScreenPos({at_x, rect.center().y - height / 2});
  };
  ui::ButtonOptions button;
  button.kind = run.running ? ui::ButtonKind::normal : ui::ButtonKind::primary;
  button.icon = run.icon;
  button.enabled = run.enabled;
  const std::string hint = context.text("evidence_lab.run.hint");
  button.tooltip = hint;
  // As wide as its longest label, so that nothing moves when a run begins and ends.
  for (const char* label : {"evidence_lab.run", "evidence_lab.stop"})
    button.width = std::max(button.width, ui::button_width(ui, context.text(label), button));
  const auto next = static_cast<int64_t>(context.model.document.evidence.of(claim).seed) + 1;
  const std::string again = context.say(Message("evidence_lab.again").with("seed", next));
  if (claim_info(claim).repeats > 0)
    button.width = std::max(button.width, ui::button_width(ui, again, button));
  place(x, ui.control_height());
  if (ui::button(ui, "evidence.run", run.label, button)) press_evidence_run(context, run);
  x += button.width + ui.sp(4);

  ui::ButtonOptions predict;
  predict.selected = context.model.session.prediction.on;
  const std::string predict_hint = context.action_hint("predict");
  predict.tooltip = predict_hint;
  const std::string predict_label = context.text("transport.predict");
  end -= ui::button_width(ui, predict_label, predict);
  place(end, ui.control_height());
  if (ui::button(ui, "evidence.predict", predict_label, predict)) context.act("predict");
  end -= ui.sp(4);

  const EvidenceAnswerPtr& answer = context.model.evidence.latest(claim);
  std::string words = context.text("evidence_lab.state.not_run");
  double done = 0;
  if (run.running) {
    done = context.model.evidence.progress(claim);
    words =
        context.say(Message("evidence_lab.state.running").with("percent", static_cast<int64_t>(100 * done)));
  } else if (answer && answer->result) {
    done = 1;
    words = context.say(Message("evidence_lab.trials").with("trials", format_count(answer->result->trials)));
  }
  const ui::SizedFont mono = ui.fonts.sized(ui::Role::mono);
  const float words_width = ui::text_size(mono.font, mono.size_px, words.c_str()).x;
  const float reserved = std::max(words_width, ui.dp(130));
  if (x + reserved < end) {
    place(x, mono.size_px * 1.25f);
    ui::text(ui, ui::Role::mono, ui.theme->text, words);
    x += reserved + ui.sp(3);
  }
  const std::string note = context.text("evidence_lab.bands");
  const ui::SizedFont caption = ui.fonts.sized(ui::Role::caption);
  const float note_width = ui::text_size(caption.font, caption.size_px, note.c_str()).x;
  if (end - x > note_width + ui.dp(160)) {
    end -= note_width;
    place(end, caption.size_px * 1.25f);
    ui::text(ui, ui::Role::caption, ui.theme->text_faint, note);
    end -= ui.sp(4);
  }
  if (end - x > ui.dp(60)) {
    place(x, ui.dp(8));
    ui::progress_bar(ui, "evidence.progress", done, end - x, ui.theme->window.line);
  }
  ui::end_panel(ui);
}

}  // namespace poolscope
