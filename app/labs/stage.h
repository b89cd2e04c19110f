#pragma once

#include "app/labs/lab_context.h"
#include "app/ui/shapes.h"

namespace poolscope {

// The parts of the Window lab's stage.
void draw_matrix_view(LabContext& context, ui::Rect area);
void draw_picture_view(LabContext& context, ui::Rect area);
/// The card of the step: where the window is, the arithmetic, one sentence, the chances of a draw. What does
/// not fit into `area` is left out, from the last. Draws nothing where there is not even room for the
/// arithmetic.
void draw_step_card(LabContext& context, ui::Rect area);
/// Height of the card with everything in it, with the arithmetic and the sentence, or with the arithmetic
/// alone, at this width.
struct CardHeights {
  float full = 0, small = 0, least = 0;
};
CardHeights step_card_heights(const LabContext& context, float width);

/// "Input  1 channel · 4 × 4 · 16 values" above a grid or picture, not wider than `width`.
void draw_heading(LabContext& context, ImVec2 at, const std::string& title, const std::string& subline,
                  float width);
/// "R", or "3" of feature maps.
std::string channel_letter(const Document& document, int64_t channel);
/// "channel R", or "channel 3" of feature maps.
std::string channel_text(const LabContext& context, int64_t channel);
std::string input_subline(const LabContext& context);
std::string output_subline(const LabContext& context);

/// A number in the middle of its cell, at the size that its font is sharp at.
inline void centred_number(ImDrawList* list, const ui::SizedFont& font, ImVec2 centre, ImU32 color,
                           const char* text) {
  ui::text_centered(list, font.font, font.size_px, centre, color, text);
}

/// Plays with the hover of input and output cells: sets it where the mouse is, jumps on a click in the
/// output.
void hover_cell(LabContext& context, bool in_output, int64_t row, int64_t column);

}  // namespace poolscope
