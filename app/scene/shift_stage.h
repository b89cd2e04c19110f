#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/model/shift_job.h"
#include "app/scene/geometry.h"

namespace poolscope::scene {

/// A cell of a small matrix in the Shift lab.
struct ShiftCell {
  Rect rect;
  int64_t row = 0, column = 0;
  std::string text;
  double shade = 0;      ///< 0 to 1, by value
  bool winner = false;   ///< of an input: it won at least one window
  bool kept = false;     ///< ... and is still the winner that it was
  bool came_in = false;  ///< of the shifted input: it was not in the picture before
  bool changed = false;  ///< of an output
};

struct ShiftGrid {
  Rect box;
  std::vector<ShiftCell> cells;  ///< empty where it is drawn as a picture
};

/// The Shift lab's stage: original and shifted with their outputs, the sentence, the heat map, the curves.
struct ShiftStage {
  ShiftGrid input, before, moved, after;
  double zoom = 1;            ///< pixels per cell
  std::vector<Rect> windows;  ///< frames on the original, where they do not overlap
  std::vector<Rect> windows_moved;
  Rect card, map, curves;  ///< map and curves without their headings
  float bottom = 0;
};

/// Where everything goes. `in` and `out` are what is pooled and what comes out; `heading_px` stands above
/// each row, `unit` is the text scale.
ShiftStage lay_out_shift(const Rect& area, const Shape& in, const Shape& out, bool cells, float unit,
                         float heading_px, float card_px);
/// Cells, frames and marks of a small matrix.
void fill_shift_cells(ShiftStage& stage, const ShiftPairRun& run);

/// Screen rectangle of cells [row0, row1) x [column0, column1) of a grid.
Rect grid_rect(const Rect& box, double zoom, double row0, double column0, double row1, double column1);
/// Which shift of the heat map a point is on; nothing outside of it.
std::optional<Offset> shift_at(const Rect& map, Point at);
Rect shift_rect(const Rect& map, Offset by);

}  // namespace poolscope::scene
