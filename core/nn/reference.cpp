#include "core/nn/reference.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/nn/draws.h"
#include "core/pooling/pool.h"
#include "core/pooling/trace.h"

namespace poolscope {

namespace {

/// One layer on one picture: values in and out, and in the backward pass their gradients.
struct Step {
  const LayerPlan& layer;
  std::span<const double> parameters;  ///< of the whole network
  const PassOptions& options;
  int64_t index;   ///< of the layer
  int64_t sample;  ///< of the picture in the batch
  const double* in;
  double* out;
  const double* out_gradient = nullptr;
  double* in_gradient = nullptr;
  double* gradient = nullptr;  ///< by parameter of the whole network

  const double* weights() const { return parameters.data() + layer.weights_at; }
  const double* biases() const { return parameters.data() + layer.biases_at; }
  uint64_t draws() const { return layer_draws(options.run_seed, options.step, index); }
};

/// Calls visit(weight, input value, output value) by their indices, for every product of a convolution.
template <class Visit>
void visit_products(const Conv2d& conv, const Shape& in, const Shape& out, Visit visit) {
  for (int64_t o = 0; o < out.c; ++o)
    for (int64_t y = 0; y < out.h; ++y)
      for (int64_t x = 0; x < out.w; ++x)
        for (int64_t i = 0; i < in.c; ++i)
          for (int64_t a = 0; a < conv.window.h; ++a)
            for (int64_t b = 0; b < conv.window.w; ++b) {
              const int64_t row = y * conv.stride.h + a - conv.padding.h,
                            column = x * conv.stride.w + b - conv.padding.w;
              if (row < 0 || row >= in.h || column < 0 || column >= in.w) continue;
              visit(((o * in.c + i) * conv.window.h + a) * conv.window.w + b,
                    (i * in.h + row) * in.w + column, (o * out.h + y) * out.w + x);
            }
}

void forward_conv(const Step& s, const Conv2d& conv) {
  const int64_t plane = s.layer.out.plane();
  for (int64_t i = 0; i < s.layer.out.count(); ++i)
    s.out[i] = conv.bias ? s.biases()[i / plane] : 0;
  visit_products(conv, s.layer.in, s.layer.out,
                 [&](int64_t w, int64_t in, int64_t out) { s.out[out] += s.weights()[w] * s.in[in]; });
}

void backward_conv(const Step& s, const Conv2d& conv) {
  const int64_t plane = s.layer.out.plane();
  double* weight_gradient = s.gradient + s.layer.weights_at;
  if (conv.bias)
    for (int64_t i = 0; i < s.layer.out.count(); ++i)
      s.gradient[s.layer.biases_at + i / plane] += s.out_gradient[i];
  visit_products(conv, s.layer.in, s.layer.out, [&](int64_t w, int64_t in, int64_t out) {
    weight_gradient[w] += s.out_gradient[out] * s.in[in];
    s.in_gradient[in] += s.out_gradient[out] * s.weights()[w];
  });
}

void forward_dense(const Step& s, const Dense& dense) {
  const int64_t inputs = s.layer.in.count();
  for (int64_t o = 0; o < dense.units; ++o) {
    double sum = dense.bias ? s.biases()[o] : 0;
    for (int64_t i = 0; i < inputs; ++i)
      sum += s.weights()[o * inputs + i] * s.in[i];
    s.out[o] = sum;
  }
}

void backward_dense(const Step& s, const Dense& dense) {
  const int64_t inputs = s.layer.in.count();
  for (int64_t o = 0; o < dense.units; ++o) {
    const double g = s.out_gradient[o];
    if (dense.bias) s.gradient[s.layer.biases_at + o] += g;
    for (int64_t i = 0; i < inputs; ++i) {
      s.gradient[s.layer.weights_at + o * inputs + i] += g * s.in[i];
      s.in_gradient[i] += g * s.weights()[o * inputs + i];
    }
  }
}

PoolPlan pool_of(const Step& s) {
  return s.options.training ? training_pool(s.layer, s.draws(), s.sample) : *s.layer.pool;
}

bool in_double(const PoolPlan& plan) {
  switch (plan.spec.kind) {
    case Kind::max:
    case Kind::average:
    case Kind::global_max:
    case Kind::global_average:
    case Kind::adaptive_max:
    case Kind::adaptive_average:
      return plan.rows.window * plan.columns.window <= kTraceTaps;
    default:
      return false;
  }
}

/// Maxima and averages of doubles: the windows and divisors are the engine's, from its trace. Calls
/// visit(input index, output index, d output / d input).
template <class Visit>
void visit_pool(const PoolPlan& plan, const double* in, Visit visit) {
  const Tensor blank(plan.in);
  const bool selects = plan.spec.kind == Kind::max || plan.spec.kind == Kind::global_max ||
                       plan.spec.kind == Kind::adaptive_max;
  for (int64_t c = 0; c < plan.in.c; ++c)
    for (int64_t step = 0; step < plan.steps_per_plane(); ++step) {
      const StepRecord record = step_at(plan, blank, 0, c, step);
      const int64_t out = c * plan.steps_per_plane() + step;
      int64_t winner = -1;
      for (const Tap& tap : record.taps) {
        if (!tap.inside) continue;
        const int64_t at = (c * plan.in.h + tap.row) * plan.in.w + tap.column;
        if (!selects) visit(at, out, 1 / record.divisor);
        if (selects && (winner < 0 || in[at] > in[winner])) winner = at;
      }
      if (winner >= 0) visit(winner, out, 1.0);
    }
}

Tensor floats(const Shape& shape, const double* values) {
  Tensor tensor(shape);
  std::transform(values, values + shape.count(), tensor.data(),
                 [](double value) { return static_cast<float>(value); });
  return tensor;
}

void forward_pool(const Step& s) {
  const PoolPlan plan = pool_of(s);
  std::fill_n(s.out, plan.out.count(), 0.0);
  if (in_double(plan)) {
    visit_pool(plan, s.in, [&](int64_t in, int64_t out, double share) { s.out[out] += share * s.in[in]; });
    return;
  }
  const PoolOutput output = forward(plan, floats(plan.in, s.in));
  std::copy_n(output.values.data(), plan.out.count(), s.out);
}

void backward_pool(const Step& s) {
  const PoolPlan plan = pool_of(s);
  if (in_double(plan)) {
    visit_pool(plan, s.in, [&](int64_t in, int64_t out, double share) {
      s.in_gradient[in] += share * s.out_gradient[out];
    });
    return;
  }
  const Tensor gradient = backward(plan, floats(plan.in, s.in), floats(plan.out, s.out_gradient)).value();
  for (int64_t i = 0; i < plan.in.count(); ++i)
    s.in_gradient[i] += gradient.data()[i];
}

double dropout_factor(const Step& s, const Dropout& dropout, int64_t value) {
  if (!s.options.training) return 1;
  return dropout_keeps(dropout_draws(s.draws(), s.sample), value, dropout.rate) ? 1 / (1 - dropout.rate) : 0;
}

struct Forward {
  const Step& s;
  void operator()(const Conv2d& conv) const { forward_conv(s, conv); }
  void operator()(const Dense& dense) const { forward_dense(s, dense); }
  void operator()(const Pool&) const { forward_pool(s); }
  void operator()(const Flatten&) const { std::copy_n(s.in, s.layer.in.count(), s.out); }
  void operator()(const Relu&) const {
    for (int64_t i = 0; i < s.layer.in.count(); ++i)
      s.out[i] = s.in[i] > 0 ? s.in[i] : 0;
  }
  void operator()(const GlobalAverage&) const {
    const int64_t plane = s.layer.in.plane();
    for (int64_t c = 0; c < s.layer.in.c; ++c) {
      double sum = 0;
      for (int64_t i = 0; i < plane; ++i)
        sum += s.in[c * plane + i];
      s.out[c] = sum / static_cast<double>(plane);
    }
  }
  void operator()(const Dropout& dropout) const {
    for (int64_t i = 0; i < s.layer.in.count(); ++i)
      s.out[i] = s.in[i] * dropout_factor(s, dropout, i);
  }
};

struct Backward {
  const Step& s;
  void operator()(const Conv2d& conv) const { backward_conv(s, conv); }
  void operator()(const Dense& dense) const { backward_dense(s, dense); }
  void operator()(const Pool&) const { backward_pool(s); }
  void operator()(const Flatten&) const { std::copy_n(s.out_gradient, s.layer.in.count(), s.in_gradient); }
  void operator()(const Relu&) const {
    for (int64_t i = 0; i < s.layer.in.count(); ++i)
      s.in_gradient[i] = s.in[i] > 0 ? s.out_gradient[i] : 0;
  }
  void operator()(const GlobalAverage&) const {
    const int64_t plane = s.layer.in.plane();
    for (int64_t i = 0; i < s.layer.in.count(); ++i)
      s.in_gradient[i] = s.out_gradient[i / plane] / static_cast<double>(plane);
  }
  void operator()(const Dropout& dropout) const {
    for (int64_t i = 0; i < s.layer.in.count(); ++i)
      s.in_gradient[i] = s.out_gradient[i] * dropout_factor(s, dropout, i);
  }
};

}  // namespace

std::vector<double> softmax(std::span<const double> scores) {
  const double top = *std::max_element(scores.begin(), scores.end());
  std::vector<double> shares;
  double total = 0;
  for (const double score : scores) {
    shares.push_back(std::exp(score - top));
    total += shares.back();
  }
  for (double& share : shares)
    share /= total;
  return shares;
}

ReferencePass reference_pass(const NetworkPlan& plan, std::span<const double> parameters,
                             std::span<const double> images, std::span<const int64_t> labels,
                             const PassOptions& options) {
  const auto pictures = static_cast<int64_t>(labels.size());
  const int64_t inputs = plan.spec.input.count(), classes = plan.classes();
  assert(static_cast<int64_t>(images.size()) == pictures * inputs);
  assert(static_cast<int64_t>(parameters.size()) == plan.parameters);
  ReferencePass pass;
  pass.gradient.assign(parameters.size(), 0);
  pass.input_gradient.assign(images.size(), 0);
  pass.values.emplace_back(images.begin(), images.end());
  for (const LayerPlan& layer : plan.layers)
    pass.values.emplace_back(static_cast<size_t>(pictures * layer.out.count()));

  for (int64_t n = 0; n < pictures; ++n) {
    std::vector<Step> steps;
    for (size_t i = 0; i < plan.layers.size(); ++i) {
      const LayerPlan& layer = plan.layers[i];
      steps.push_back({layer, parameters, options, static_cast<int64_t>(i), n,
                       pass.values[i].data() + n * layer.in.count(),
                       pass.values[i + 1].data() + n * layer.out.count()});
      std::visit(Forward{steps.back()}, layer.layer);
    }
    const std::vector<double> shares =
        softmax({pass.values.back().data() + n * classes, static_cast<size_t>(classes)});
    const auto label = static_cast<size_t>(labels[static_cast<size_t>(n)]);
    const auto count = static_cast<double>(pictures);
    pass.loss -= std::log(shares[label]) / count;

    std::vector<double> gradient(shares.size());
    for (size_t k = 0; k < shares.size(); ++k)
      gradient[k] = (shares[k] - (k == label ? 1 : 0)) / count;
    for (size_t i = steps.size(); i-- > 0;) {
      std::vector<double> in_gradient(static_cast<size_t>(plan.layers[i].in.count()));
      steps[i].out_gradient = gradient.data();
      steps[i].in_gradient = in_gradient.data();
      steps[i].gradient = pass.gradient.data();
      std::visit(Backward{steps[i]}, plan.layers[i].layer);
      gradient = std::move(in_gradient);
    }
    std::copy(gradient.begin(), gradient.end(), pass.input_gradient.begin() + n * inputs);
  }
  return pass;
}

}  // namespace poolscope
