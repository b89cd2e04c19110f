#pragma once

#include <string>
#include <vector>

#include "app/labs/lab_context.h"
#include "core/study/evidence.h"

namespace poolscope {

// The parts of the Evidence lab.
void draw_evidence_lab(LabContext& context, ui::Rect stage);
void draw_evidence_claims(LabContext& context);    ///< left panel: all claims with their verdicts
void draw_evidence_settings(LabContext& context);  ///< right panel: settings, what to try next, saving
void draw_evidence_transport(LabContext& context, ui::Rect rect);
/// Asks where to save, while it is open.
void draw_evidence_save(LabContext& context);
/// Everything that a result holds on one sheet, for a picture of it: no panels, nothing to scroll. Returns
/// how high it is.
float draw_evidence_report(LabContext& context, float width, float height);

/// Text of the claim: "evidence.<claim>.<what>".
const std::string& claim_text(const LabContext& context, Claim claim, const std::string& what);
/// Colour and mark of a verdict.
struct VerdictLook {
  ImU32 color = 0;
  ui::Icon icon = ui::Icon::none;
};
VerdictLook verdict_look(const ui::Theme& theme, Verdict verdict);
/// "Max", "Formula" ...: what a series or a number is about.
std::string evidence_name(const LabContext& context, const std::string& of);
/// "Window: 2 · Noise: 0.3 · Repeats: 200 · Seed: 1 · Input: Scene": the settings that a result was measured
/// with.
std::string settings_line(const LabContext& context, const EvidenceRequest& request);
/// The same words, with spaces that no line breaks at inside "44.3 ± 3.3 %", "2 790" and "3 × 3".
std::string unbroken(std::string words);
std::string parameter_value(const LabContext& context, const ClaimParameter& parameter, double value);

// Pieces of the page, drawn at the cursor, as wide as what is left.
void draw_evidence_plot(LabContext& context, const std::string& key, const EvidencePlot& plot, float height);
void draw_evidence_pictures(LabContext& context, const std::vector<EvidencePicture>& pictures);
void draw_evidence_verdict(LabContext& context, const EvidenceResult& result);
void draw_evidence_cases(LabContext& context, const EvidenceResult& result);
void draw_evidence_numbers(LabContext& context, const EvidenceResult& result);
/// The question before the run, or the answer beside what was measured; nothing where nothing was asked.
void draw_evidence_question(LabContext& context, const EvidenceResult* result);

/// What the button that runs the shown claim's experiment does now.
struct EvidenceRunButton {
  std::string label;
  ui::Icon icon = ui::Icon::play;
  bool running = false, again = false;
  bool enabled = true;  ///< not where all has been counted: counting again gives the same
};
EvidenceRunButton evidence_run_button(const LabContext& context);
void press_evidence_run(LabContext& context, const EvidenceRunButton& button);

}  // namespace poolscope
