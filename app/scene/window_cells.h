#pragma once

#include <cstdint>

#include "app/scene/geometry.h"
#include "core/pooling/plan.h"

namespace poolscope::scene {

/// Phases of one window's animation: it glides, its winner lights up, the value travels.
inline constexpr float kGlideEnd = 0.4f, kLightAt = 0.45f, kTravelBegin = 0.55f;

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

inline Rect as_rect(const CellBox& cells) {
  return {static_cast<float>(cells.column0), static_cast<float>(cells.row0),
          static_cast<float>(cells.column1), static_cast<float>(cells.row1)};
}

/// Where the window is on its way from window `from` to window `to`, in cells.
inline Rect gliding_cells(const PoolPlan& plan, int64_t plane, int64_t from, int64_t to, float phase) {
  const Rect there = as_rect(window_cells(plan, plane, to));
  if (phase >= kGlideEnd || from == to || from < 0) return there;
  return between(as_rect(window_cells(plan, plane, from)), there, eased(phase / kGlideEnd));
}

}  // namespace poolscope::scene
