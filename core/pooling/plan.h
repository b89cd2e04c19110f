#pragma once

#include <cstdint>

#include "core/base/result.h"
#include "core/pooling/spec.h"
#include "core/tensor/tensor.h"

namespace poolscope {

/// The largest window, stride, padding, dilation and side: sums and products of these stay far inside int64,
/// so that geometry cannot overflow whatever the command line says.
inline constexpr int64_t kLargestParameter = (int64_t{1} << 31) - 1;
/// The most values that an input may have (4 TiB of them).
inline constexpr int64_t kLargestCount = int64_t{1} << 40;
/// The most values that adaptive pooling may make of a smaller input (1 GiB of them).
inline constexpr int64_t kLargestGrowth = int64_t{1} << 28;

/// Where the windows of one axis start and how long they are.
enum class Placement {
  sliding,     ///< start = o * stride - pad_before, `window` taps
  bins,        ///< floor(o * in / out) to ceil((o + 1) * in / out)
  fractional,  ///< pseudo-random, per plane (Graham 2014)
  blurred,     ///< all cells that a filter of `blur_taps` over maxima of `max_window` taps reads
};

/// One axis of a checked pooling: where the windows of that axis lie. All indices in input cells; taps may
/// fall into the padding (negative, or >= in).
struct AxisPlan {
  int64_t in = 0, out = 0;
  int64_t window = 1;  ///< taps; the most of any window where they differ
  int64_t stride = 1, dilation = 1;
  int64_t pad_before = 0, pad_after = 0;

  Placement placement = Placement::sliding;
  int64_t blur_taps = 1, max_window = 1, max_dilation = 1;  ///< blurred
  uint64_t draw_key = 0;                                    ///< fractional

  /// First cell of window `o`. Fractional windows differ from plane to plane (n * C + c).
  int64_t start(int64_t o, int64_t plane = 0) const {
    return placement == Placement::sliding ? o * stride - pad_before : placed_start(o, plane);
  }
  /// Taps of window `o`.
  int64_t length(int64_t o) const { return placement == Placement::sliding ? window : placed_length(o); }
  int64_t tap(int64_t o, int64_t k, int64_t plane = 0) const { return start(o, plane) + k * dilation; }
  /// Cells from the first to one past the last tap, of the longest window.
  int64_t extent() const { return dilation * (window - 1) + 1; }
  /// The same of window `o`.
  int64_t extent(int64_t o) const { return dilation * (length(o) - 1) + 1; }
  bool operator==(const AxisPlan&) const = default;

 private:
  int64_t placed_start(int64_t o, int64_t plane) const;
  int64_t placed_length(int64_t o) const;
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
/// 2"). Output size and rules: ../shared/reference/pooling.md, section 3, and PyTorch's nn.MaxPool2d and
/// nn.AvgPool2d; of other dialects dialects.h. What a kind does not use (the window of plain subsampling, the
/// divisor of a maximum) must still be a number that makes sense, and is otherwise ignored.
Result<PoolPlan> validate(const PoolSpec& spec, const Shape& input);

}  // namespace poolscope
