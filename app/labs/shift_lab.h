#pragma once

#include <memory>
#include <string>

#include "app/labs/lab_context.h"
#include "app/model/shift_job.h"
#include "app/scene/shift_stage.h"

namespace poolscope {

// The parts of the Shift lab.
void draw_shift_lab(LabContext& context, ui::Rect stage);
void draw_shift_panel(LabContext& context);

/// Original and shifted with their outputs, as cells or as pictures. `run` may be of an older shift.
void draw_shift_cells(LabContext& context, const scene::ShiftStage& stage, const ShiftPairRun& run);
void draw_shift_pictures(LabContext& context, const scene::ShiftStage& stage, const ShiftPairRun& run);
/// Purple, with a corner mark as the second cue.
void draw_changed_mark(LabContext& context, const scene::Rect& cell);
/// A drag moves the picture.
void drag_shift(LabContext& context, const scene::Rect& box, double zoom);
/// The sentence, the heat map over all shifts, and the curves by kind.
void draw_shift_card(LabContext& context, const scene::Rect& rect, const ShiftPairRun& run);
void draw_shift_map(LabContext& context, const scene::Rect& rect);
void draw_shift_curves(LabContext& context, const scene::Rect& rect);

/// "2 px right, 1 px up", or "not shifted".
std::string shift_words(const LabContext& context, Offset by);
std::string share_text(double share);
/// The measure that heat map and curves show.
const ShiftMeasure& shown_shift_measure(const LabContext& context);

}  // namespace poolscope
