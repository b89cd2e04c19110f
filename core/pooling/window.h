#pragma once

#include <algorithm>
#include <cstdint>

#include "core/pooling/plan.h"

/// How the engine looks at one window. Inner vocabulary of core/pooling: callers use trace.h and pool.h.
namespace poolscope {

/// One window on one axis.
struct AxisWindow {
  int64_t start = 0;     ///< cell of tap 0, negative in the padding
  int64_t dilation = 1;  ///< cells from tap to tap
  int64_t taps = 1;
  int64_t first = 0, last = 1;  ///< taps [first, last) are inside the input
  int64_t framed = 1;           ///< taps [0, framed) are not past the padding after the input

  int64_t cell(int64_t tap) const { return start + tap * dilation; }
  int64_t valid() const { return last - first; }
};

/// Window `o` of an axis on plane n * C + c. Every kernel, record and hover goes through here.
inline AxisWindow axis_window(const AxisPlan& axis, int64_t o, int64_t plane = 0) {
  AxisWindow window;
  window.start = axis.start(o, plane);
  window.dilation = axis.dilation;
  window.taps = axis.length(o);
  // Taps before cell `end`: the smallest k with start + k * dilation >= end.
  const auto taps_before = [&](int64_t end) {
    const int64_t gap = end - window.start;
    if (gap <= 0) return int64_t{0};
    return std::min(window.taps, axis.dilation == 1 ? gap : (gap - 1) / axis.dilation + 1);
  };
  window.last = taps_before(axis.in);
  window.first = std::min(taps_before(0), window.last);
  window.framed = taps_before(axis.in + axis.pad_after);
  return window;
}

/// A binomial filter on one axis of a blurred plan: weights of the maxima low to low + count - 1, mirrored
/// ones added up. Maximum q spans the cells q - pad_before to q - pad_before + max_dilation * (max_window -
/// 1).
struct BlurLine {
  int64_t low = 0, count = 0;
  double weights[8] = {};
};
BlurLine blur_line(const AxisPlan& axis, int64_t o);
/// How many maxima (stride 1) the filter of a blurred plan works on.
int64_t count_maxima(const AxisPlan& axis);

/// One window on one plane.
struct Window {
  const PoolPlan& plan;
  const float* cells;  ///< the plane, row by row
  int64_t plane;       ///< n * C + c
  int64_t out_row, out_column;
  int64_t phase;  ///< what Kernel::prepare() found for the whole batch item
  AxisWindow rows, columns;

  int64_t taps() const { return rows.taps * columns.taps; }
  int64_t valid() const { return rows.valid() * columns.valid(); }
  /// Flat index in the input plane.
  int64_t index_of(int64_t tap) const {
    return rows.cell(tap / columns.taps) * plan.in.w + columns.cell(tap % columns.taps);
  }
  float value_of(int64_t tap) const { return cells[index_of(tap)]; }
};

/// Calls visit(tap, value) for every tap inside the input, rows first: the order that decides ties. Stops
/// early where `visit` returns false.
template <class Visit>
void visit_until(const Window& window, Visit&& visit) {
  for (int64_t a = window.rows.first; a < window.rows.last; ++a) {
    const float* row = window.cells + window.rows.cell(a) * window.plan.in.w;
    for (int64_t b = window.columns.first; b < window.columns.last; ++b)
      if (!visit(a * window.columns.taps + b, row[window.columns.cell(b)])) return;
  }
}

template <class Visit>
void visit_taps(const Window& window, Visit&& visit) {
  visit_until(window, [&](int64_t tap, float value) {
    visit(tap, value);
    return true;
  });
}

}  // namespace poolscope
