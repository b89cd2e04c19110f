#include <algorithm>
#include <cmath>

#include "core/base/random.h"
#include "core/pooling/window.h"

namespace poolscope {

namespace {

/// u in [0, 1) of one axis and plane.
double fractional_draw(const AxisPlan& axis, int64_t plane) {
  return keyed_uniform(axis.draw_key, static_cast<uint64_t>(plane), 0, 0);
}

/// Graham 2014 in PyTorch's form: with alpha = (in - window) / (out - 1), window o starts at
/// floor((o + u) alpha) - floor(u alpha) and the last one at in - window.
int64_t fractional_start(const AxisPlan& axis, int64_t o, int64_t plane) {
  const int64_t last = axis.in - axis.window;
  if (o == axis.out - 1) return last;
  const double alpha = static_cast<double>(last) / static_cast<double>(axis.out - 1);
  const double u = fractional_draw(axis, plane);
  const double start = std::floor((static_cast<double>(o) + u) * alpha) - std::floor(u * alpha);
  return std::min(static_cast<int64_t>(start), last);
}

/// The maxima of an axis lie at 0 to count - 1; the filter sees them mirrored at both ends, without repeating
/// the first and last (PyTorch's "reflect"). Valid while the filter reaches less far than count.
int64_t mirrored(int64_t q, int64_t count) {
  if (q < 0) return -q;
  return q < count ? q : 2 * (count - 1) - q;
}

}  // namespace

int64_t count_maxima(const AxisPlan& axis) {
  return axis.in + axis.pad_before + axis.pad_after - axis.max_dilation * (axis.max_window - 1);
}

BlurLine blur_line(const AxisPlan& axis, int64_t o) {
  const int64_t count = count_maxima(axis), taps = axis.blur_taps;
  const int64_t first = o * axis.stride - (taps - 1) / 2;
  BlurLine line;
  int64_t high = 0;
  line.low = count;
  for (int64_t k = 0; k < taps; ++k) {
    const int64_t q = mirrored(first + k, count);
    line.low = std::min(line.low, q);
    high = std::max(high, q);
  }
  line.count = high - line.low + 1;
  // A row of Pascal's triangle over its sum.
  double weight = std::ldexp(1.0, static_cast<int>(1 - taps));
  for (int64_t k = 0; k < taps; ++k) {
    line.weights[mirrored(first + k, count) - line.low] += weight;
    weight = weight * static_cast<double>(taps - 1 - k) / static_cast<double>(k + 1);
  }
  return line;
}

int64_t AxisPlan::placed_start(int64_t o, int64_t plane) const {
  switch (placement) {
    case Placement::bins:
      return o * in / out;
    case Placement::fractional:
      return fractional_start(*this, o, plane);
    case Placement::blurred:
      return blur_line(*this, o).low - pad_before;
    case Placement::sliding:
      break;
  }
  return o * stride - pad_before;
}

int64_t AxisPlan::placed_length(int64_t o) const {
  switch (placement) {
    case Placement::bins:
      return ((o + 1) * in + out - 1) / out - o * in / out;
    case Placement::blurred:
      return blur_line(*this, o).count + max_dilation * (max_window - 1);
    case Placement::fractional:
    case Placement::sliding:
      break;
  }
  return window;
}

}  // namespace poolscope
