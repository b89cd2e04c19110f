#pragma once

#include <array>
#include <cstdint>

#include "app/scene/colormap.h"
#include "core/tensor/tensor.h"

struct ImDrawList;

namespace poolscope {

/// A colour as Dear ImGui packs it: 0xAABBGGRR.
using PackedColor = uint32_t;

/// A tinted rectangle of cells (the window, a hovered cell's windows), in cells: [x0, x1) x [y0, y1).
struct CellTint {
  float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  PackedColor color = 0;
};

/// How one image of a tensor is shown: a rectangle of its cells on a rectangle of the screen. Plain data; the
/// painter turns it into pixels.
struct PictureView {
  TensorPtr tensor;
  int64_t n = 0;                                                     // which image of the batch
  float screen_x0 = 0, screen_y0 = 0, screen_x1 = 0, screen_y1 = 0;  // pixels
  double x0 = 0, y0 = 0, x1 = 0, y1 = 0;  // cells; may reach beyond the picture (shown as `outside`)
  int channel = 0;                        // -1: the first three as red, green, blue
  Colormap map = Colormap::grey;          // for one channel
  ValueRange range{0, 1};                 // values at the ends of the map, or of black and full colour
  /// Lines between cells: appear from 8 pixels a cell, fully there at 16.
  bool grid = true;
  PackedColor grid_color = 0x78808080;
  /// Only the first `revealed` cells in row order are shown, the rest is `blank`. Negative: all.
  int64_t revealed = -1;
  PackedColor blank = 0xffffffff;
  PackedColor outside = 0;
  PackedColor not_a_number = 0xffa779cc;
  std::array<CellTint, 4> tints{};
  float alpha = 1.0f;
};

/// What panels draw pictures with, knowing nothing of OpenGL. Tests without a screen use a painter that only
/// notes.
class PicturePainter {
 public:
  virtual ~PicturePainter() = default;
  /// Adds the picture to the list, clipped like everything else there. The first time a tensor is seen its
  /// values go to the graphics card; from then on the cost does not depend on the picture's size.
  virtual void draw(ImDrawList* list, const PictureView& view) = 0;
  /// A small picture of image 0 for ui::thumbnail, kept as long as the tensor lives; 0 without a renderer.
  virtual uint64_t thumbnail(const TensorPtr& tensor, int side_px) = 0;
};

}  // namespace poolscope
