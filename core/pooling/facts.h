#pragma once

#include <cstdint>
#include <vector>

#include "core/pooling/plan.h"

namespace poolscope {

/// What one pooling of a whole tensor amounts to, counted from the plan.
struct PoolFacts {
  int64_t values_in = 0, values_out = 0;
  int64_t bytes_in = 0, bytes_out = 0;  ///< float32
  int64_t cells_read = 0;               ///< taps inside the input, over all windows and planes
  int64_t combinations =
      0;  ///< two-operand steps (comparisons, additions): cells read minus windows that read any
  int64_t cells_never_read =
      0;  ///< input cells that no window covers (a dropped edge, or gaps), over all planes
  /// Parameters of a convolution with the same window, channels in = channels out: C * C * kh * kw weights +
  /// C biases.
  int64_t convolution_weights = 0, convolution_biases = 0;
};

PoolFacts pool_facts(const PoolPlan& plan);

/// Rows (or columns) of the input, of axis.in, that some window reads: true where read. Shape: axis.in
/// values. A cell is read exactly where both its row and its column are.
std::vector<bool> covered_cells(const AxisPlan& axis);

}  // namespace poolscope
