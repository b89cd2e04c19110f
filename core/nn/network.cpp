#include "core/nn/network.h"

#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

bool is_flat(const Shape& shape) {
  return shape.h == 1 && shape.w == 1;
}

std::string size_in_words(Size2 size) {
  return std::to_string(size.h) + " × " + std::to_string(size.w);
}

Status within(const char* what, int64_t value, int64_t least, int64_t most) {
  if (value >= least && value <= most) return {};
  return Error("nn.error.out_of_range")
      .with("what", what)
      .with("value", value)
      .with("least", least)
      .with("most", most);
}

Status check_sizes(const Conv2d& conv) {
  for (const Status& status : {within("nn.field.channels", conv.channels, 1, kMostChannels),
                               within("nn.field.window", conv.window.h, 1, kLargestWindow),
                               within("nn.field.window", conv.window.w, 1, kLargestWindow),
                               within("nn.field.stride", conv.stride.h, 1, kLargestWindow),
                               within("nn.field.stride", conv.stride.w, 1, kLargestWindow),
                               within("nn.field.padding", conv.padding.h, 0, kLargestWindow),
                               within("nn.field.padding", conv.padding.w, 0, kLargestWindow)})
    if (!status) return status;
  return {};
}

/// Plans one layer after the other. `plan.in` is set when a visitor is called; it sets the rest.
struct Planner {
  LayerPlan& plan;
  const Shape& before_flatten;

  Status operator()(const Conv2d& conv) const {
    if (Status status = check_sizes(conv); !status) return status;
    const Shape& in = plan.in;
    if (conv.padding.h >= conv.window.h || conv.padding.w >= conv.window.w)
      return Error("nn.error.conv_padding")
          .with("padding", size_in_words(conv.padding))
          .with("window", size_in_words(conv.window));
    const int64_t room_h = in.h + 2 * conv.padding.h - conv.window.h,
                  room_w = in.w + 2 * conv.padding.w - conv.window.w;
    if (room_h < 0 || room_w < 0)
      return Error("nn.error.conv_window")
          .with("window", size_in_words(conv.window))
          .with("shape", shape_in_words(in));
    plan.out = {1, conv.channels, room_h / conv.stride.h + 1, room_w / conv.stride.w + 1};
    plan.fan_in = in.c * conv.window.h * conv.window.w;
    plan.weights = conv.channels * plan.fan_in;
    plan.biases = conv.bias ? conv.channels : 0;
    return {};
  }
  Status operator()(const Relu&) const { return same_shape(); }
  Status operator()(const Pool& pool) const {
    Result<PoolPlan> planned = validate(pooling_in_use(pool.spec), plan.in);
    if (!planned) return planned.error();
    // What training uses must be possible, too.
    if (const Result<PoolPlan> trained = validate(pool.spec, plan.in); !trained) return trained.error();
    plan.out = planned->out;
    plan.pool = *planned;
    return {};
  }
  Status operator()(const GlobalAverage&) const {
    plan.out = {1, plan.in.c, 1, 1};
    return {};
  }
  Status operator()(const Flatten&) const {
    plan.out = {1, plan.in.count(), 1, 1};
    return {};
  }
  Status operator()(const Dense& dense) const {
    if (Status status = within("nn.field.units", dense.units, 1, kMostActivations); !status) return status;
    if (dense.inputs != 0 && dense.inputs != plan.in.count())
      return Error("nn.error.dense_inputs")
          .with("expected", dense.inputs)
          .with("found", plan.in.count())
          .with("shape", shape_in_words(is_flat(plan.in) ? before_flatten : plan.in));
    if (!is_flat(plan.in)) return Error("nn.error.dense_not_flat").with("shape", shape_in_words(plan.in));
    plan.out = {1, dense.units, 1, 1};
    plan.fan_in = plan.in.c;
    plan.weights = dense.units * plan.fan_in;
    plan.biases = dense.bias ? dense.units : 0;
    return {};
  }
  Status operator()(const Dropout& dropout) const {
    if (!(dropout.rate >= 0 && dropout.rate < 1))
      return Error("nn.error.dropout").with("rate", format_short(dropout.rate));
    return same_shape();
  }

 private:
  Status same_shape() const {
    plan.out = plan.in;
    return {};
  }
};

Status check_input(const Shape& input) {
  const bool possible = input.n == 1 && input.c >= 1 && input.c <= kMostChannels && input.h >= 1 &&
                        input.h <= 4096 && input.w >= 1 && input.w <= 4096 &&
                        input.count() <= kMostActivations;
  if (possible) return {};
  return Error("nn.error.input").with("shape", shape_in_words(input));
}

Status check_totals(const NetworkPlan& plan) {
  const LayerPlan& last = plan.layers.back();
  if (last.out.count() > kMostActivations)
    return Error("nn.error.too_large").with("shape", shape_in_words(last.out)).with("most", kMostActivations);
  if (plan.parameters > kMostParameters)
    return Error("nn.error.too_many_parameters")
        .with("count", format_count(plan.parameters))
        .with("most", format_count(kMostParameters));
  return {};
}

Status plan_layer(const Layer& layer, NetworkPlan& plan, Shape& shape, Shape& before_flatten) {
  LayerPlan next;
  next.layer = layer;
  next.in = shape;
  if (Status status = std::visit(Planner{next, before_flatten}, layer); !status) return status;
  next.weights_at = plan.parameters;
  next.biases_at = next.weights_at + next.weights;
  plan.parameters += next.parameters();
  plan.layers.push_back(std::move(next));
  if (Status status = check_totals(plan); !status) return status;
  shape = plan.layers.back().out;
  // A flat row remembers what it was made of, for the sentence of a dense layer that does not fit.
  if (!std::holds_alternative<Flatten>(layer) && !std::holds_alternative<Dropout>(layer) &&
      !std::holds_alternative<Relu>(layer))
    before_flatten = shape;
  return {};
}

}  // namespace

std::string_view layer_name(const Layer& layer) {
  static constexpr std::string_view kNames[] = {"conv2d",  "relu",  "pool",   "global-average",
                                                "flatten", "dense", "dropout"};
  return kNames[layer.index()];
}

PoolSpec pooling_in_use(const PoolSpec& spec) {
  PoolSpec used = spec;
  if (spec.kind == Kind::stochastic) used.kind = Kind::stochastic_expectation;
  return used;
}

std::string shape_in_words(const Shape& shape) {
  if (shape.h == 1 && shape.w == 1) return std::to_string(shape.c);
  return std::to_string(shape.c) + " × " + std::to_string(shape.h) + " × " + std::to_string(shape.w);
}

NetworkCheck check_network(const NetworkSpec& spec) {
  NetworkCheck check;
  check.plan.spec = spec;
  const auto refuse = [&](int64_t layer, const Error& error) {
    check.wrong_layer = layer;
    check.error = error;
    return check;
  };
  if (const Status status = check_input(spec.input); !status) return refuse(-1, status.error());
  if (spec.layers.empty()) return refuse(0, Error("nn.error.no_layers"));
  if (static_cast<int64_t>(spec.layers.size()) > kMostLayers)
    return refuse(kMostLayers, Error("nn.error.too_many_layers").with("most", kMostLayers));
  Shape shape = spec.input, before_flatten = spec.input;
  for (size_t i = 0; i < spec.layers.size(); ++i)
    if (const Status status = plan_layer(spec.layers[i], check.plan, shape, before_flatten); !status)
      return refuse(static_cast<int64_t>(i), status.error());
  if (!is_flat(shape) || shape.c < 2)
    return refuse(static_cast<int64_t>(spec.layers.size()) - 1,
                  Error("nn.error.no_scores").with("shape", shape_in_words(shape)));
  return check;
}

Result<NetworkPlan> plan_network(const NetworkSpec& spec) {
  NetworkCheck check = check_network(spec);
  if (!check.ok()) return check.error;
  return std::move(check.plan);
}

}  // namespace poolscope
