#pragma once

#include "app/labs/lab_context.h"

namespace poolscope {

/// Where the parts of the one frame that all labs share are on this screen.
struct FrameLayout {
  ui::Rect top, left, stage, right, transport;
  bool left_folded = false;  ///< too little room (or presenting): opens as a drawer over the stage
  bool right_folded = false;
  bool has_right = true;
};

/// Side panels keep the width their texts need; when the stage would get too small they fold away.
/// `with_right`: the lab has an explanation panel.
FrameLayout lay_out_frame(float width, float height, float unit, bool panels_hidden, bool with_right = true);

/// Draws the whole frame: top bar, controls, stage, explanation, transport, dialogs. Posts commands only.
void draw_frame(LabContext& context, float width, float height);

// The parts, each in a file of its own.
void draw_top_bar(LabContext& context, const FrameLayout& layout);
void draw_controls(LabContext& context);  ///< left panel: input, pooling, geometry, presets
/// Thumbnails of what can go in, and the way to open another: the first part of the left panel.
void draw_input_choices(LabContext& context);
void draw_explanation(LabContext& context);  ///< right panel: what is happening, view, facts
void draw_transport(LabContext& context, ui::Rect rect);
void draw_window_lab(LabContext& context, ui::Rect stage);
void draw_key_sheet(LabContext& context);
void draw_export_dialog(LabContext& context);  ///< "take it with you"
/// Posts the actions whose keys were pressed in this frame.
void handle_shortcuts(LabContext& context);

}  // namespace poolscope
