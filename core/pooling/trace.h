#pragma once

#include <cstdint>
#include <vector>

#include "core/base/message.h"
#include "core/pooling/plan.h"
#include "core/tensor/tensor.h"

namespace poolscope {

/// One place of the window, in row order of the window.
struct Tap {
  int64_t row = 0, column = 0;  ///< input cell; in the padding where `inside` is false
  bool inside = true;
  bool overhang = false;  ///< past the padding too: rounding up let the window stick out of the frame
  float value = 0;        ///< the input there; padding's value for the kind is not used (see `inside`)
  double weight =
      0;  ///< share of this value in the result: 1 for a winner, 1/D in an average, probability ...
  double gradient = 0;  ///< d result / d value: what flows back to this cell for an output gradient of 1
};

/// Why an average divides by what it divides by.
enum class DivisorReason {
  none,
  whole_window,    ///< every place of the window, padding counted as 0
  valid_cells,     ///< only the cells inside the input
  clipped_window,  ///< padding counted, but not what sticks out past it (ceil rounding)
  given            ///< PoolSpec::divisor
};

/// A record lists at most this many taps, so that one step of a global pooling stays small.
inline constexpr int64_t kTraceTaps = 16384;

/// One window, fully explained. The reference kernel is step_at() in a loop, so that what is shown and what
/// is computed cannot disagree.
struct StepRecord {
  int64_t step = 0;      ///< index in the plane, row order
  int64_t n = 0, c = 0;  ///< which plane
  int64_t out_row = 0, out_column = 0;
  /// All window.h * window.w of them, padding included, in row order. Of a window with more than kTraceTaps
  /// only the first ones, and the winner as the last one where it is not among them.
  std::vector<Tap> taps;
  int64_t tap_rows = 0, tap_columns = 0;  ///< taps of this window; they differ in adaptive pooling
  int64_t tap_count = 0;                  ///< tap_rows * tap_columns, listed or not
  int64_t valid = 0;                      ///< taps inside the input
  int winner = -1;     ///< index into taps where the kind selects (or mixed) and a winner exists
  double divisor = 0;  ///< averages and means
  DivisorReason divisor_reason = DivisorReason::none;
  double draw = 0;   ///< stochastic: u in [0, 1)
  double total = 0;  ///< sum that weights are shares of (average, stochastic, Lp: of the powers)
  double scale = 1;  ///< Lp: what the sum is multiplied by; > 1 where a window sticks out, 1/D for a mean
  double peak = 0;   ///< mixed: the largest value
  bool negatives_as_zero = false;  ///< stochastic: negative values are there and have probability 0
  float result = 0;
  /// Flat index h * W + w of the winner in the input plane (PyTorch's convention), -1 without one.
  int64_t winner_index = -1;
};

/// Explains step `step` (0 <= step < plan.steps_per_plane()) of plane (n, c).
StepRecord step_at(const PoolPlan& plan, const Tensor& input, int64_t n, int64_t c, int64_t step);

/// Steps of plane n * C + c whose windows hold input cell (row, column), ascending: who reads this cell. Only
/// fractional windows differ from plane to plane.
std::vector<int64_t> steps_reading(const PoolPlan& plan, int64_t row, int64_t column, int64_t plane = 0);

/// One line of plain narration, e.g. "Window 2 of 4 (rows 0–1, columns 2–3): the largest of 1, 0, 2, 3 is 3."
Message narrate(const PoolPlan& plan, const StepRecord& step);

/// Where the window is, to stand above its formula: "Window 2 of 4 · rows 0–1, columns 2–3".
Message locate(const PoolPlan& plan, const StepRecord& step);

}  // namespace poolscope
