// Where a result is saved, and the sheet that its picture shows.

#include <algorithm>

#include "app/labs/evidence_lab.h"

namespace poolscope {

void draw_evidence_save(LabContext& context) {
  ui::Ui& ui = context.ui;
  FrameState::EvidenceSave& save = context.state.evidence_save;
  if (!save.open) return;
  const EvidenceSession& session = context.model.session.evidence;
  // The file is there: nothing is left to ask.
  if (session.saved > save.saved_before) {
    save.open = false;
    return;
  }
  ui::ModalOptions options;
  const std::string title =
      context.text(save.picture ? "evidence_lab.save.picture" : "evidence_lab.save.table");
  options.title = title;
  options.width = std::min(ui.dp(520), ImGui::GetIO().DisplaySize.x * 0.94f);
  const ui::ModalFrame dialog = ui::begin_modal(ui, "evidence.save", options);
  if (!dialog) return;
  ui::FieldOptions field;
  field.width = -1;
  field.icon = ui::Icon::file;
  field.hint = context.text("evidence_lab.save.path");
  const ui::FieldChange change = ui::text_field(ui, "evidence.save.path", save.path, field);
  const bool occupied = !session.occupied.empty() && session.occupied == save.path;
  ui::gap(ui, 1);
  ui::paragraph(ui,
                occupied ? context.say(Message("evidence_lab.save.occupied").with("name", save.path))
                         : context.text("evidence_lab.save.about"),
                ui::Role::caption, occupied ? ui.theme->danger : ui.theme->text_faint);
  ui::gap(ui, 2);
  ui::ButtonOptions button;
  button.kind = ui::ButtonKind::primary;
  button.enabled = !save.path.empty();
  const std::string label = context.text(occupied ? "evidence_lab.save.replace" : "evidence_lab.save.go");
  const bool pressed = ui::button(ui, "evidence.save.go", label, button);
  if ((pressed || (change.submitted && !occupied)) && !save.path.empty())
    context.outbox.post(command::SaveEvidence{save.path, save.picture, pressed && occupied});
  ui::same_line(ui, 2);
  const bool cancelled = ui::button(ui, "evidence.save.cancel", context.text("evidence_lab.save.cancel"));
  ui::end_modal(ui);
  if (cancelled || dialog.close_requested) save.open = false;
}

float draw_evidence_report(LabContext& context, float width, float height) {
  ui::Ui& ui = context.ui;
  const EvidenceAnswerPtr& answer = context.model.evidence.latest(context.model.document.evidence.claim);
  if (!answer || !answer->result) return 0;
  const EvidenceResult& result = *answer->result;
  const Claim claim = result.request.claim;
  ui::PanelOptions options;
  options.background = ui.theme->panel;
  options.padding = {ui.sp(8), ui.sp(6)};
  options.scroll = false;
  ui::begin_panel(ui, "evidence.report", {{0, 0}, {width, height}}, options);
  const float top = ImGui::GetCursorScreenPos().y;
  ui::paragraph(
      ui,
      context.say(Message("evidence_lab.sentence").with("sentence", claim_text(context, claim, "sentence"))),
      ui::Role::title, ui.theme->text);
  ui::paragraph(
      ui, context.say(Message("evidence_lab.with").with("settings", settings_line(context, result.request))),
      ui::Role::caption, ui.theme->text_soft);
  ui::gap(ui, 3);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float all = ui::available_width(ui), gap = ui.sp(8), left = std::round((all - gap) * 0.56f);
  const auto column = [&](float x, float w, auto&& content) {
    ImGui::SetCursorScreenPos({x, at.y});
    ui::begin_region(ui, w);
    content();
    ui::end_region(ui);
    return ImGui::GetCursorScreenPos().y;
  };
  float low = column(at.x, left, [&] {
    for (size_t i = 0; i < result.plots.size(); ++i) {
      draw_evidence_plot(context, "evidence.report.plot." + std::to_string(i), result.plots[i], ui.dp(300));
      ui::gap(ui, 3);
    }
    if (!result.pictures.empty()) draw_evidence_pictures(context, result.pictures);
  });
  low = std::max(low, column(at.x + left + gap, all - left - gap, [&] {
                   draw_evidence_verdict(context, result);
                   ui::gap(ui, 3);
                   draw_evidence_cases(context, result);
                 }));
  ImGui::SetCursorScreenPos({at.x, low});
  ImGui::Dummy({all, ui.sp(2)});
  draw_evidence_numbers(context, result);
  ui::gap(ui, 2);
  ui::text(ui, ui::Role::caption, ui.theme->text_faint, context.text("evidence_lab.made_by"));
  const float used = ImGui::GetCursorScreenPos().y - top + 2 * ui.sp(6);
  ui::end_panel(ui);
  return used;
}

}  // namespace poolscope
