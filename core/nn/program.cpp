#include "core/nn/program.h"

#include "core/pooling/trace.h"

namespace poolscope {

namespace {

template <class T>
bool layer_is(const NetworkPlan& plan, size_t index) {
  return index < plan.layers.size() && std::holds_alternative<T>(plan.layers[index].layer);
}

/// A maximum of 2 x 2 with stride 2, rounded down, without padding.
bool is_simple_max(const NetworkPlan& plan, size_t index) {
  if (!layer_is<Pool>(plan, index)) return false;
  const PoolPlan& pool = *plan.layers[index].pool;
  const auto simple = [](const AxisPlan& axis) {
    return axis.placement == Placement::sliding && axis.window == 2 && axis.stride == 2 &&
           axis.dilation == 1 && axis.pad_before == 0 && axis.out == axis.in / 2;
  };
  return pool.spec.kind == Kind::max && simple(pool.rows) && simple(pool.columns);
}

/// Whether a kind is a maximum or an average of cells that do not depend on the values; and which.
bool is_maximum(Kind kind) {
  return kind == Kind::max || kind == Kind::global_max || kind == Kind::adaptive_max || kind == Kind::none;
}
bool is_average(Kind kind) {
  return kind == Kind::average || kind == Kind::global_average || kind == Kind::adaptive_average;
}

/// The windows of a plane from the engine's own trace. False where a window holds no cell, or more of them
/// than a trace lists: such poolings go the long way.
bool list_taps(const PoolPlan& plan, Op& op) {
  if (!is_maximum(plan.spec.kind) && !is_average(plan.spec.kind)) return false;
  if (plan.rows.window * plan.columns.window > kTraceTaps) return false;
  const Tensor blank({1, 1, plan.in.h, plan.in.w});
  PoolPlan one = plan;  // one channel of it
  one.in.c = one.out.c = 1;
  op.tap_first.push_back(0);
  for (int64_t step = 0; step < one.steps_per_plane(); ++step) {
    const StepRecord record = step_at(one, blank, 0, 0, step);
    if (record.valid == 0) return false;
    for (const Tap& tap : record.taps)
      if (tap.inside) op.taps.push_back(static_cast<int32_t>(tap.row * plan.in.w + tap.column));
    op.tap_first.push_back(static_cast<int32_t>(op.taps.size()));
    if (is_average(plan.spec.kind)) op.tap_weight.push_back(static_cast<float>(1 / record.divisor));
  }
  return true;
}

ConvShape conv_shape(const LayerPlan& layer, const Conv2d& conv) {
  return {layer.in.c,
          layer.in.h + 2 * conv.padding.h,
          layer.in.w + 2 * conv.padding.w,
          layer.out.c,
          layer.out.h,
          layer.out.w,
          conv.window.h,
          conv.window.w,
          conv.stride.h,
          conv.stride.w};
}

void add_global_average(Op& op) {
  op.kind = Op::Kind::taps;
  op.tap_first = {0, static_cast<int32_t>(op.in.plane())};
  for (int64_t i = 0; i < op.in.plane(); ++i)
    op.taps.push_back(static_cast<int32_t>(i));
  op.tap_weight = {1.0f / static_cast<float>(op.in.plane())};
}

}  // namespace

Program make_program(const NetworkPlan& plan) {
  Program program;
  for (size_t i = 0; i < plan.layers.size(); ++i) {
    const LayerPlan& layer = plan.layers[i];
    if (layer_is<Flatten>(plan, i)) continue;
    Op op;
    op.layer = static_cast<int64_t>(i);
    op.in = layer.in;
    if (const Conv2d* conv = std::get_if<Conv2d>(&layer.layer)) {
      op.kind = Op::Kind::conv;
      op.conv = conv_shape(layer, *conv);
      op.padding = conv->padding;
      op.conv_gradient_at = program.conv_parameters;
      program.conv_parameters += layer.parameters();
      if (layer_is<Relu>(plan, i + 1)) op.relu = true, ++i;
      if (is_simple_max(plan, i + 1)) op.kind = Op::Kind::conv_pool, ++i;
    } else if (layer_is<Dense>(plan, i)) {
      op.kind = Op::Kind::dense;
      op.dense = {layer.in.count(), layer.out.count()};
      if (layer_is<Relu>(plan, i + 1)) op.relu = true, ++i;
    } else if (layer_is<Pool>(plan, i)) {
      op.kind = list_taps(*layer.pool, op) ? Op::Kind::taps : Op::Kind::any_pool;
    } else if (layer_is<GlobalAverage>(plan, i)) {
      add_global_average(op);
    } else if (const Dropout* dropout = std::get_if<Dropout>(&layer.layer)) {
      op.kind = Op::Kind::dropout;
      op.dropout = dropout->rate;
    }
    op.out = plan.layers[i].out;
    program.ops.push_back(std::move(op));
  }
  return program;
}

}  // namespace poolscope
