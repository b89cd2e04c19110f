#pragma once

#include <string>

#include "app/labs/lab_context.h"

namespace poolscope {

/// Some cells of one image of a tensor, and the rectangle of the screen that they fill.
struct TensorBox {
  TensorPtr tensor;
  scene::Rect box;                        ///< pixels
  double x0 = 0, y0 = 0, x1 = 1, y1 = 1;  ///< cells; may reach past the tensor
  int64_t image = 0;
  int channel = 0;  ///< kColourChannels: the first three as red, green and blue
  Colormap map = Colormap::grey;
  ValueRange range;
  bool grid = true;   ///< lines between large cells
  bool paper = true;  ///< behind the cells, where nothing else is drawn there
  float alpha = 1;

  double cell_w() const { return static_cast<double>(box.width()) / (x1 - x0); }
  double cell_h() const { return static_cast<double>(box.height()) / (y1 - y0); }
};

/// Paper, hairline, and the cells where there is a tensor.
void draw_tensor_box(LabContext& context, const TensorBox& source);
/// Numbers in cells that are large enough to read them; none in colours.
void draw_tensor_numbers(LabContext& context, const TensorBox& source);
/// The value of a cell as it is read: "41", or "12, 30, 7" in colours.
std::string tensor_value(const TensorBox& source, int64_t row, int64_t column);

/// A note beside the pointer, above everything.
void draw_pointer_note(LabContext& context, const std::string& words);

}  // namespace poolscope
