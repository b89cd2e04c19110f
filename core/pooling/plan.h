#pragma once

#include <cstdint>

#include "core/base/result.h"
#include "core/pooling/spec.h"
#include "core/tensor/tensor.h"

namespace poolscope {

/// The largest window, stride, padding, dilation and input side: sums and products of these stay far inside
/// int64, so that geometry cannot overflow whatever the command line says.
inline constexpr int64_t kLargestParameter = (int64_t{1} << 31) - 1;
/// The most values that an input may have (4 TiB of them).
inline constexpr int64_t kLargestCount = int64_t{1} << 40;

/// One axis of a checked pooling: where the windows of that axis lie. All indices in input cells; taps may
/// fall into the padding (negative, or >= in).
struct AxisPlan {
  int64_t in = 0, out = 0;
  int64_t window = 1, stride = 1, dilation = 1;
  int64_t pad_before = 0, pad_after = 0;

  int64_t start(int64_t o) const { return o * stride - pad_before; }
  int64_t tap(int64_t o, int64_t k) const { return start(o) + k * dilation; }
  /// Cells from the first to one past the last tap.
  int64_t extent() const { return dilation * (window - 1) + 1; }
  bool operator==(const AxisPlan&) const = default;
};

/// What a PoolSpec means on one input shape. Only validate() makes one, so that no kernel, preview or panel
/// ever sees an unchecked argument.
struct PoolPlan {
  PoolSpec spec;
  Shape in, out;
  AxisPlan rows, columns;
  /// Windows of one plane, in row order: the steps that the transport walks through.
  int64_t steps_per_plane() const { return out.h * out.w; }
  bool operator==(const PoolPlan&) const = default;
};

/// The one gate: a plan, or one sentence with the numbers in it ("padding 3 is more than half of the window
/// 2"). Output size and rules: ../shared/reference/pooling.md, section 3; PyTorch's nn.MaxPool2d and
/// nn.AvgPool2d. What a kind does not use (the window of plain subsampling, the divisor of a maximum) must
/// still be a number that makes sense, and is otherwise ignored; plain subsampling is planned as a window
/// of 1.
Result<PoolPlan> validate(const PoolSpec& spec, const Shape& input);

}  // namespace poolscope
