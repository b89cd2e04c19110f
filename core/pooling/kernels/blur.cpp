#include <cmath>
#include <limits>

#include "core/pooling/kernels.h"

/// Anti-aliased pooling (Zhang 2019): maxima with stride 1, then a binomial filter, then every stride-th
/// value. With a window of 1 the maxima are the values themselves, and it is plain blur pooling.
namespace poolscope {

namespace {

/// Calls visit(weight, row, column, value) for every maximum under the filter; row -1 where its window is
/// empty.
template <class Visit>
void visit_maxima(const Window& window, Visit visit) {
  const AxisPlan &rows = window.plan.rows, &columns = window.plan.columns;
  const BlurLine down = blur_line(rows, window.out_row), across = blur_line(columns, window.out_column);
  for (int64_t i = 0; i < down.count; ++i)
    for (int64_t j = 0; j < across.count; ++j) {
      float best = -std::numeric_limits<float>::infinity();
      int64_t row = -1, column = -1;
      for (int64_t a = 0; a < rows.max_window; ++a) {
        const int64_t y = down.low + i - rows.pad_before + a * rows.max_dilation;
        if (y < 0 || y >= rows.in) continue;
        for (int64_t b = 0; b < columns.max_window; ++b) {
          const int64_t x = across.low + j - columns.pad_before + b * columns.max_dilation;
          if (x < 0 || x >= columns.in) continue;
          const float value = window.cells[y * window.plan.in.w + x];
          if (row >= 0 && !(value > best) && !std::isnan(value)) continue;
          best = value;
          row = y;
          column = x;
        }
      }
      visit(down.weights[i] * across.weights[j], row, column, best);
    }
}

}  // namespace

Outcome evaluate_blur(const Window& window) {
  Outcome outcome;
  visit_maxima(window,
               [&](double weight, int64_t, int64_t, float value) { outcome.value += weight * value; });
  return outcome;
}

void spread_blur(const Window& window, GradientSink& sink) {
  visit_maxima(window, [&](double weight, int64_t row, int64_t column, float) {
    if (row >= 0) sink.add(row, column, weight);
  });
}

/// A cell weighs as much as the maxima that it won.
Share share_blur(const Window& window, const Outcome&, int64_t tap, float) {
  const int64_t y = window.rows.cell(tap / window.columns.taps),
                x = window.columns.cell(tap % window.columns.taps);
  double sum = 0;
  visit_maxima(window, [&](double weight, int64_t row, int64_t column, float) {
    if (row == y && column == x) sum += weight;
  });
  return {sum, sum};
}

}  // namespace poolscope
