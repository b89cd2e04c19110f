#pragma once

#include <cstdint>
#include <optional>

#include "core/pooling/plan.h"

namespace poolscope {

/// How many numbers other layers would have to learn that turn the same input into the same shape of output.
/// C channels, windows of kh x kw, N_in and N_out values of one image; every layer has a bias per output
/// channel (dense: per output value).
struct LayerParameters {
  int64_t pooling = 0;      ///< none, whatever the kind
  int64_t depthwise = 0;    ///< C * (kh * kw + 1)
  int64_t convolution = 0;  ///< C * (C * kh * kw + 1), C channels in and out, the pooling's stride
  double dense = 0;         ///< N_out * (N_in + 1); beyond 2^53 rounded
  int64_t taps = 0;         ///< kh * kw
};
inline LayerParameters layer_parameters(const PoolPlan& plan) {
  LayerParameters count;
  const int64_t c = plan.in.c;
  count.taps = plan.rows.window * plan.columns.window;
  count.depthwise = c * (count.taps + 1);
  count.convolution = c * (c * count.taps + 1);
  const auto out = static_cast<double>(c * plan.out.plane()), in = static_cast<double>(c * plan.in.plane());
  count.dense = out * (in + 1);
  return count;
}

/// Work of a convolution that comes next (stride 1, "same" padding), as a share of what it would be without
/// the pooling: it multiplies once per output cell, so h * w / (H * W).
inline double next_work(const PoolPlan& plan) {
  return static_cast<double>(plan.out.plane()) / static_cast<double>(plan.in.plane());
}

/// What a convolution of the next layer has to learn: 3 x 3, C channels in and out, C * (9 * C + 1). Height
/// and width are not in it: pooling does not change it.
inline int64_t next_parameters(int64_t channels) {
  return channels * (9 * channels + 1);
}

/// Height and width that a convolution with the pooling's window, stride, dilation and padding makes:
/// floor((in + padding - extent) / stride) + 1, as convolutions round. Nothing where windows follow from the
/// output's size: no convolution has such windows.
inline std::optional<Size2> convolution_size(const PoolPlan& plan) {
  const auto side = [](const AxisPlan& axis) -> int64_t {
    const int64_t room = axis.in + axis.pad_before + axis.pad_after - axis.extent();
    return room < 0 ? 0 : room / axis.stride + 1;
  };
  const auto follows = [](const AxisPlan& axis) {
    return axis.placement == Placement::bins || axis.placement == Placement::fractional;
  };
  if (follows(plan.rows) || follows(plan.columns)) return std::nullopt;
  return Size2{side(plan.rows), side(plan.columns)};
}

}  // namespace poolscope
