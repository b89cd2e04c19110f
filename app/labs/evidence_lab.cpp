// The Evidence lab: sentences about pooling, tested.

#include "app/labs/evidence_lab.h"

#include <algorithm>
#include <cmath>

#include "app/labs/frame.h"
#include "app/ui/rich_text.h"
#include "app/ui/shapes.h"

namespace poolscope {

namespace {

constexpr float kSideBySide = 640;  // width, at 100 %, from which plot and verdict stand beside each other
constexpr float kPlotShare = 0.62f, kLeastPlot = 300;
constexpr float kBetweenCards = 4;  // steps of the spacing, across and down

float& remembered(LabContext& context, const std::string& what) {
  return context.state.evidence_heights[what];
}

/// A card of its own column: begins at `at`, as wide as `width`. Its natural height is remembered.
template <class Content>
float column_card(LabContext& context, const std::string& key, ImVec2 at, float width, float least,
                  Content&& content) {
  ui::Ui& ui = context.ui;
  ImGui::SetCursorScreenPos(at);
  ImGui::BeginGroup();
  ui.push_region(at.x + width);
  ui::begin_card(ui, key, {.width = width, .height = least});
  content();
  const float inner = ImGui::GetCursorScreenPos().y - ImGui::GetStyle().ItemSpacing.y;
  ui::end_card(ui);
  ui.pop_region();
  ImGui::EndGroup();
  return inner + ui.sp(4) - at.y;
}

/// Leaves the cursor below cards that stand side by side.
void end_columns(LabContext& context, ImVec2 at, float width, float height) {
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({width, height});
  ui::gap(context.ui, kBetweenCards);
}

/// A card as wide as the page, and the distance to the next one.
template <class Content>
void page_card(LabContext& context, const char* key, Content&& content) {
  ui::begin_card(context.ui, key);
  content();
  ui::end_card(context.ui);
  ui::gap(context.ui, kBetweenCards);
}

void draw_title(LabContext& context) {
  ui::Ui& ui = context.ui;
  const Claim claim = context.model.document.evidence.claim;
  const std::string sentence =
      context.say(Message("evidence_lab.sentence").with("sentence", claim_text(context, claim, "sentence")));
  ui::paragraph(ui, sentence, ui::Role::title, ui.theme->text);
  const std::string place = context.say(Message("evidence_lab.place")
                                            .with("number", static_cast<int64_t>(claim) + 1)
                                            .with("count", static_cast<int64_t>(all_claims().size())));
  ui::text(ui, ui::Role::caption, ui.theme->text_faint, place);
  const bool can_ask = claim_info(claim).predictions > 0 && !claim_hidden(context.model, claim);
  if (can_ask) {
    ui::same_line(ui, 2);
    const std::string hint = context.text("evidence_lab.ask.hint");
    if (ui::link(ui, "evidence.ask", context.text("evidence_lab.ask"), ui::Icon::eye, true, hint))
      context.outbox.post(command::Evidence{EvidenceDeed::ask, claim});
  }
  ui::gap(ui, 2);
}

void draw_test(LabContext& context) {
  ui::Ui& ui = context.ui;
  page_card(context, "evidence.test", [&] {
    ui::section(ui, context.text("evidence_lab.test"));
    ui::paragraph(ui, unbroken(claim_text(context, context.model.document.evidence.claim, "test")));
  });
}

/// Plot and verdict, side by side or one above the other.
void draw_outcome(LabContext& context, const EvidenceResult& result) {
  ui::Ui& ui = context.ui;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ui::available_width(ui), gap = ui.sp(kBetweenCards), padding = ui.sp(4);
  const bool beside = width >= kSideBySide * ui.scale() && !result.plots.empty();
  const float plot_width = beside ? std::round((width - gap) * kPlotShare) : width;
  const float least = ui.dp(kLeastPlot);
  float& verdict_height = remembered(context, "verdict");
  const float height = std::clamp(verdict_height, least, ui.dp(460));
  const EvidenceRunButton button = evidence_run_button(context);
  const auto verdict = [&] {
    draw_evidence_verdict(context, result);
    if (!button.enabled) return;
    ui::gap(ui, 1);
    ui::ButtonOptions options;
    options.kind = button.running ? ui::ButtonKind::normal : ui::ButtonKind::primary;
    options.width = -1;
    if (ui::button(ui, "evidence.again", button.label, options)) press_evidence_run(context, button);
  };
  const auto plot = [&](float room) {
    draw_evidence_plot(context, "evidence.plot.0", result.plots.front(), room - 2 * padding);
  };
  if (beside) {
    column_card(context, "evidence.card.plot", at, plot_width, height, [&] { plot(height); });
    const float x = at.x + plot_width + gap;
    verdict_height =
        column_card(context, "evidence.card.verdict", {x, at.y}, at.x + width - x, height, verdict);
    end_columns(context, at, width, std::max(height, verdict_height));
    return;
  }
  const float own = column_card(context, "evidence.card.verdict", at, width, 0, verdict);
  if (result.plots.empty()) return end_columns(context, at, width, own);
  const ImVec2 below{at.x, at.y + own + gap};
  column_card(context, "evidence.card.plot", below, width, least, [&] { plot(least); });
  end_columns(context, below, width, least);
}

void draw_more_plots(LabContext& context, const EvidenceResult& result) {
  if (result.plots.size() < 2) return;
  ui::Ui& ui = context.ui;
  const float width = ui::available_width(ui), gap = ui.sp(kBetweenCards), height = ui.dp(270);
  const bool two = width >= kSideBySide * ui.scale() && result.plots.size() > 2;
  const float each = two ? std::floor((width - gap) / 2) : width;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  float y = at.y;
  for (size_t i = 1; i < result.plots.size(); ++i) {
    const bool right = two && (i % 2) == 0;
    const bool last = i + 1 == result.plots.size();
    const float own = two && !right && last ? width : each;
    column_card(context, "evidence.card.plot." + std::to_string(i), {at.x + (right ? each + gap : 0), y}, own,
                height, [&] {
                  draw_evidence_plot(context, "evidence.plot." + std::to_string(i), result.plots[i],
                                     height - 2 * ui.sp(4));
                });
    if (right || !two || last) y += height + gap;
  }
  end_columns(context, at, width, y - gap - at.y);
}

void draw_others(LabContext& context) {
  ui::Ui& ui = context.ui;
  ui::begin_card(ui, "evidence.others");
  ui::section(ui, context.text("evidence_lab.others"));
  ui::paragraph(ui, unbroken(claim_text(context, context.model.document.evidence.claim, "others")));
  ui::end_card(ui);
}

/// What stands where the outcome will be.
void draw_waiting(LabContext& context, const EvidenceAnswerPtr& answer) {
  ui::Ui& ui = context.ui;
  const Claim claim = context.model.document.evidence.claim;
  const EvidenceRunButton button = evidence_run_button(context);
  ui::begin_card(ui, "evidence.waiting");
  if (answer && answer->error) {
    ui::paragraph(ui, context.say(Message("evidence_lab.failed").with("reason", context.say(*answer->error))),
                  ui::Role::body, ui.theme->danger);
  } else if (button.running) {
    ui::paragraph(ui, context.text("evidence_lab.running"));
    ui::gap(ui, 1);
    ui::progress_bar(ui, "evidence.progress.page", context.model.evidence.progress(claim));
  } else {
    ui::paragraph(ui, context.text(claim_info(claim).long_running ? "evidence_lab.not_run.long"
                                                                  : "evidence_lab.not_run"));
  }
  ui::gap(ui, 1);
  ui::ButtonOptions options;
  options.kind = button.running ? ui::ButtonKind::normal : ui::ButtonKind::primary;
  options.icon = button.icon;
  if (ui::button(ui, "evidence.again", button.label, options)) press_evidence_run(context, button);
  ui::end_card(ui);
  ui::gap(ui, kBetweenCards);
}

void draw_result(LabContext& context, const EvidenceResult& result) {
  ui::Ui& ui = context.ui;
  const auto note = [&](const char* key, const std::string& words, ImU32 color) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ui::paragraph(ui, words, ui::Role::caption, color);
    ui.record(key, "text", words, {at, {at.x + ui::available_width(ui), ImGui::GetCursorScreenPos().y}});
  };
  const Message with = Message("evidence_lab.with").with("settings", settings_line(context, result.request));
  note("evidence.with", context.say(with), ui.theme->text_faint);
  const Claim claim = result.request.claim;
  if (!context.model.evidence.current(context.model.document, claim) &&
      !context.model.evidence.running(claim))
    note("evidence.changed", context.text("evidence_lab.changed"), ui.theme->winner.text);
  draw_outcome(context, result);
  page_card(context, "evidence.card.cases", [&] { draw_evidence_cases(context, result); });
  draw_more_plots(context, result);
  if (!result.pictures.empty()) {
    page_card(context, "evidence.card.pictures", [&] {
      ui::section(ui, context.text("evidence_lab.pictures"));
      draw_evidence_pictures(context, result.pictures);
    });
  }
  page_card(context, "evidence.card.numbers", [&] { draw_evidence_numbers(context, result); });
}

}  // namespace

void draw_evidence_lab(LabContext& context, ui::Rect stage) {
  ui::Ui& ui = context.ui;
  const float margin = std::min(ui.sp(7), stage.width() * 0.04f);
  ui::PanelOptions options;
  options.background = ui.theme->stage;
  options.padding = {margin, ui.sp(5)};
  const Claim claim = context.model.document.evidence.claim;
  // A panel for each claim: each keeps its own place while others are read.
  ui::begin_panel(ui, "panel.stage." + std::string(claim_info(claim).id), stage, options);
  ui.record("evidence.stage", "stage", "", stage);
  context.eye.hovered.reset();
  const float widest = ui.dp(1180), room = ui::available_width(ui);
  const float column = std::min(room, widest);
  ImGui::SetCursorScreenPos(
      {ImGui::GetCursorScreenPos().x + std::floor((room - column) / 2), ImGui::GetCursorScreenPos().y});
  ui::begin_region(ui, column);
  const EvidenceAnswerPtr& answer = context.model.evidence.latest(claim);
  const EvidenceResult* result = answer && answer->result ? &*answer->result : nullptr;
  const bool hidden = claim_hidden(context.model, claim);
  draw_title(context);
  draw_evidence_question(context, result);
  draw_test(context);
  if (!hidden && result != nullptr) draw_result(context, *result);
  if (!hidden && result == nullptr) draw_waiting(context, answer);
  if (!hidden) draw_others(context);
  ui::gap(ui, 4);
  ui::end_region(ui);
  ui::end_panel(ui);
  draw_evidence_save(context);
}

}  // namespace poolscope
