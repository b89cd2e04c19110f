#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/scene/geometry.h"
#include "core/pooling/trace.h"

namespace poolscope {
struct Model;
}

namespace poolscope::scene {

/// What a cell of the stage is at this moment; the drawing knows a look for each.
enum class CellState {
  plain,      ///< input cell outside the window
  unread,     ///< input cell that no window ever reads: a dropped edge
  padding,    ///< cell of the padding, drawn as such
  in_window,  ///< read by the present window
  winner,     ///< its value is the output
  pending,    ///< output cell that is not there yet
  filled,     ///< output cell that is there
  current,    ///< output cell of the present window
};

struct Cell {
  Rect rect;
  int64_t row = 0, column = 0;  ///< in the input plane (padding: outside it) or the output plane
  CellState state = CellState::plain;
  float shade = 0;              ///< 0 to 1: where the value lies between the smallest and the largest
  std::string text;             ///< the number, empty where there is none to show
  bool earlier_winner = false;  ///< won an earlier window: dotted ring
  bool differs = false;         ///< the dialect that is compared with has another value here, or none
  bool asked = false;           ///< output cell whose result is hidden until it was guessed
  bool guessed = false;         ///< the cell that was guessed, wrongly
  bool linked = false;          ///< lit because the mouse is on a cell that it belongs to
  double share = 0;             ///< weight in the result where the kind mixes values or draws among them
};

/// A value on its way from its cell to where it goes. `travelled` is 0 at the start and 1 when it has
/// arrived.
struct Ribbon {
  Point from,
      to;  ///< the drawn arrow: it stops at the edge of the output's grid, so that no number is crossed out
  Point target;  ///< where the value itself comes to rest (or starts from, flowing back)
  float travelled = 1;
  std::string text;
  bool to_input = false;  ///< a gradient that flows back
};

/// The Window lab's stage for a matrix, as plain data: where everything is and what it shows. Built from the
/// document and the clock alone, so that it can be tested and exported without a window.
struct MatrixStage {
  float cell_px = 0;
  Rect input_box, output_box;  ///< the cells' outer edges, padding included
  std::vector<Cell> input, output;
  Rect window;                        ///< gliding
  std::optional<Rect> next_window;    ///< ghost of the following one
  std::optional<Rect> linked_window;  ///< of the output cell under the mouse
  std::vector<Rect> linked_windows;   ///< of the input cell under the mouse
  std::vector<Ribbon> ribbons;
  /// From the previous (or to the next) window's corner along one stride; empty where there is only one
  /// window.
  std::optional<std::pair<Point, Point>> stride_arrow;
  float reveal = 1;  ///< 0 to 1: how far the present window's result has come
};

/// Lays the stage out in `area` and fills it. Requires shown_as_matrix(model.document).
MatrixStage build_matrix_stage(const Model& model, const Rect& area, float largest_cell_px);

/// The size that the stage takes at `largest_cell_px` or less in an area of that size.
float matrix_cell_px(const PoolPlan& plan, float width, float height, float largest_cell_px);

/// The cell of `cells` under `point`, or nullptr.
const Cell* cell_at(const std::vector<Cell>& cells, Point point);

}  // namespace poolscope::scene
