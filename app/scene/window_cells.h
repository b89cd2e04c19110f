#pragma once

#include <cstdint>

#include "core/pooling/plan.h"

namespace poolscope::scene {

/// A rectangle of cells, [row0, row1) x [column0, column1); may reach into the padding.
struct CellBox {
  int64_t row0 = 0, column0 = 0, row1 = 0, column1 = 0;
};

/// From the first to the last cell of a window. `plane` is n * C + c: fractional windows differ between
/// planes.
inline CellBox window_cells(const PoolPlan& plan, int64_t plane, int64_t step) {
  const int64_t y = step / plan.out.w, x = step % plan.out.w;
  const int64_t row = plan.rows.start(y, plane), column = plan.columns.start(x, plane);
  return {row, column, row + plan.rows.extent(y), column + plan.columns.extent(x)};
}

}  // namespace poolscope::scene
