#pragma once

#include <span>

#include <imgui.h>

namespace poolscope::ui {

/// The stage's drawing primitives. All positions and sizes are pixels on screen; no hidden state.

struct Dash {
  float on = 5, off = 4, phase = 0;
};

void dashed_line(ImDrawList* list, ImVec2 a, ImVec2 b, ImU32 color, float thickness, Dash dash = {});
void dashed_rect(ImDrawList* list, ImVec2 min, ImVec2 max, ImU32 color, float thickness, Dash dash = {});
/// Round dots around a circle (an earlier winner).
void dotted_circle(ImDrawList* list, ImVec2 center, float radius, ImU32 color, float thickness);
/// Straight arrow with a filled head; the tip is exactly at `to`.
void arrow(ImDrawList* list, ImVec2 from, ImVec2 to, ImU32 color, float thickness, float head_px);

/// A ribbon that leaves `from` and enters `to` horizontally, as a cubic curve.
struct Ribbon {
  ImVec2 from, c1, c2, to;
};
/// `sag_px` bends it downwards in the middle.
Ribbon make_ribbon(ImVec2 from, ImVec2 to, float sag_px = 0);
ImVec2 ribbon_point(const Ribbon& ribbon, float t);
/// Draws the part of the ribbon from 0 to `t` (1 is all); the head sits at that point and looks along the
/// curve.
void curved_arrow(ImDrawList* list, const Ribbon& ribbon, ImU32 color, float thickness, float head_px,
                  float t = 1.0f);

/// A soft shadow below a rounded rectangle; draw before the rectangle itself.
void soft_shadow(ImDrawList* list, ImVec2 min, ImVec2 max, float rounding, ImU32 color, float spread_px,
                 float drop_px);
/// Filled rounded rectangle with a border inside its edge.
void frame(ImDrawList* list, ImVec2 min, ImVec2 max, ImU32 fill, ImU32 border, float rounding,
           float thickness);
/// Only the outline, its whole thickness outside the rectangle (a window around its cells).
void outline_outside(ImDrawList* list, ImVec2 min, ImVec2 max, ImU32 color, float rounding, float thickness);
/// Only the outline, its whole thickness inside the rectangle.
void outline_inside(ImDrawList* list, ImVec2 min, ImVec2 max, ImU32 color, float rounding, float thickness);
/// Diagonal hatching inside a rectangle (padding cells, dropped edges).
void hatch(ImDrawList* list, ImVec2 min, ImVec2 max, ImU32 color, float spacing_px, float thickness);

/// Text with its centre of capital letters or digits at `center` (digits look centred in their cell).
void text_centered(ImDrawList* list, ImFont* font, float size_px, ImVec2 center, ImU32 color,
                   const char* begin, const char* end = nullptr);
ImVec2 text_size(ImFont* font, float size_px, const char* begin, const char* end = nullptr);

}  // namespace poolscope::ui
