#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "core/base/random.h"
#include "core/pooling/kernels.h"
#include "core/pooling/pool.h"

using namespace poolscope;

namespace {

/// The result of one window in double, before it is rounded to float.
double evaluate(const PoolPlan& plan, const Tensor& input, int64_t step) {
  return kind_row(plan.spec.kind)
      .kernel.evaluate(window_at(plan, input, 0, step, phase_of(plan, input, 0)))
      .value;
}

/// sum of output_gradient * output in double.
double loss(const PoolPlan& plan, const Tensor& input, const Tensor& output_gradient) {
  double sum = 0;
  for (int64_t step = 0; step < plan.steps_per_plane(); ++step)
    sum += output_gradient.data()[step] * evaluate(plan, input, step);
  return sum;
}

}  // namespace

TEST_CASE("gradients equal differences of the results, for every kind") {
  Random random(7);
  for (const KindInfo& info : all_kinds()) {
    CAPTURE(info.name);
    for (int round = 0; round < 12; ++round) {
      PoolSpec spec{.kind = info.kind, .window = {3, 2}, .stride = {1 + round % 3, 1 + round % 2}};
      if (info.allows_padding && round % 2 == 1) spec.padding = {1, 1};
      if (round % 3 == 2) spec.rounding = Rounding::ceil;
      spec.count_padding = round % 4 < 2;
      spec.normalise = round % 4 < 2 ? Normalise::mean : Normalise::sum;
      spec.norm = round % 3 == 0 ? 3 : 1.5;
      spec.sharpness = round % 3 == 0 ? -0.5 : 2;
      spec.mix = 0.25;
      spec.taps = 2 + round % 4;
      spec.output_size = {3, 4};
      if (round % 5 == 4) spec.dialect = Dialect::onnx;
      Tensor input({1, 1, 6, 8});
      // All different by far more than the step, and positive: no kink lies near.
      std::vector<float> levels;
      for (int64_t i = 0; i < input.count(); ++i)
        levels.push_back(0.5f + static_cast<float>(i) / 16);
      for (size_t i = levels.size(); i > 1; --i)
        std::swap(levels[i - 1], levels[static_cast<size_t>(random.below(static_cast<int64_t>(i)))]);
      std::copy(levels.begin(), levels.end(), input.data());

      const PoolPlan plan = validate(spec, input.shape()).value();
      Tensor output_gradient(plan.out);
      for (float& value : output_gradient.values())
        value = static_cast<float>(random.below(17) - 8) / 4;
      const Tensor gradient = backward(plan, input, output_gradient).value();
      constexpr float kStep = 0x1.0p-11f;  // exact in float beside these values
      for (int64_t i = 0; i < input.count(); ++i) {
        Tensor up = input, down = input;
        up.data()[i] += kStep;
        down.data()[i] -= kStep;
        double numeric = loss(plan, up, output_gradient) - loss(plan, down, output_gradient);
        numeric /= 2 * static_cast<double>(kStep);
        // A drawn value may change with its neighbours' odds: only where the choice stays the same.
        if (info.selects) {
          const auto winners = [&](const Tensor& t) { return forward(plan, t, true).indices; };
          if (winners(up) != winners(input) || winners(down) != winners(input)) continue;
        }
        CHECK(gradient.data()[i] == doctest::Approx(numeric).epsilon(1e-5));
      }
    }
  }
}

TEST_CASE("no gradient is lost or made, whatever the overlap") {
  Random random(11);
  Tensor input({2, 3, 12, 24});
  for (float& value : input.values())
    value = static_cast<float>(random.uniform());
  for (const KindInfo& info : all_kinds()) {
    // Of these a constant added to the input is added to the output: each window hands on what it got.
    const Kind sharing[] = {Kind::average, Kind::global_average, Kind::adaptive_average,
                            Kind::mixed,   Kind::softpool,       Kind::log_sum_exp,
                            Kind::blur,    Kind::max_blur};
    if (!info.selects && std::find(std::begin(sharing), std::end(sharing), info.kind) == std::end(sharing))
      continue;
    CAPTURE(info.name);
    for (int64_t window = 1; window <= 5; ++window)
      for (int64_t stride = 1; stride <= 4; ++stride)
        for (int64_t padding = 0; padding <= (info.allows_padding ? window / 2 : 0); ++padding) {
          const PoolSpec spec{.kind = info.kind,
                              .window = {window, window},
                              .stride = {stride, stride},
                              .padding = {padding, padding},
                              .count_padding = false,
                              .output_size = {5, 7}};
          const PoolPlan plan = validate(spec, input.shape()).value();
          Tensor output_gradient(plan.out);
          double given = 0, arrived = 0;
          for (float& value : output_gradient.values())
            given += value = static_cast<float>(random.below(9) + 1);
          const Tensor gradient = backward(plan, input, output_gradient).value();
          for (const float value : gradient.values())
            arrived += value;
          CHECK(arrived == doctest::Approx(given).epsilon(1e-6));
        }
  }
}

TEST_CASE("powers of negative values: the slope has their sign") {
  // ONNX takes powers of |x|: y = (|x|^p summed)^(1/p).
  const Tensor input = Tensor::matrix({{-3, 4}});
  PoolSpec spec{.kind = Kind::lp, .window = {1, 2}, .stride = {1, 2}, .dialect = Dialect::onnx};
  for (const double norm : {1.0, 1.5, 2.0, 3.0, 4.0}) {
    spec.norm = norm;
    const PoolPlan plan = validate(spec, input.shape()).value();
    const double y = std::pow(std::pow(3, norm) + std::pow(4, norm), 1 / norm);
    CHECK(forward(plan, input).values.data()[0] == doctest::Approx(y));
    const Tensor gradient = backward(plan, input, Tensor(plan.out, 1)).value();
    CHECK(gradient.data()[0] == doctest::Approx(-std::pow(3 / y, norm - 1)));
    CHECK(gradient.data()[1] == doctest::Approx(std::pow(4 / y, norm - 1)));
  }
  // PyTorch takes powers of x: with p = 3 the sum is 37, with p = 1.5 there is none.
  spec.dialect = Dialect::pytorch;
  spec.norm = 3;
  CHECK(forward(validate(spec, input.shape()).value(), input).values.data()[0] ==
        doctest::Approx(std::cbrt(37)));
  spec.norm = 1.5;
  CHECK(std::isnan(forward(validate(spec, input.shape()).value(), input).values.data()[0]));
}

TEST_CASE("a gradient of another shape is refused") {
  const Tensor input({1, 1, 4, 4});
  const PoolPlan plan = validate({}, input.shape()).value();
  const Result<Tensor> gradient = backward(plan, input, Tensor({1, 1, 2, 3}));
  REQUIRE(!gradient.ok());
  CHECK(gradient.error().key == "error.pool.gradient-shape");
  CHECK(gradient.error().args[1].value == "1 × 1 × 2 × 2");
}

TEST_CASE("gradients of large planes go to their indices, wherever in the plane those are") {
  const Tensor input({2, 1, 400, 300});
  const PoolPlan plan = validate({.window = {2, 2}, .stride = {2, 2}}, input.shape()).value();
  Tensor gradient(plan.out, 1);
  std::vector<int64_t> indices(static_cast<size_t>(plan.out.count()));
  // Not one window's winner: as a hostile or a foreign caller may give them, the last cell first.
  for (size_t k = 0; k < indices.size(); ++k)
    indices[k] = plan.in.plane() - 1 - static_cast<int64_t>(k) % plan.in.plane();
  Tensor into(plan.in, 7);
  for (const int threads : {1, 2}) {
    REQUIRE(
        backward_from_indices_into(plan, indices.data(), gradient.data(), into.data(), {.threads = threads})
            .ok());
    CHECK(into.same_bits(*backward_from_indices(plan, indices, gradient)));
  }
}

TEST_CASE("indices out of range are refused") {
  const PoolPlan plan = validate({}, {1, 1, 4, 4}).value();
  const Tensor ones(plan.out, 1);
  const std::vector<int64_t> good{0, -1, 15, 0}, high{0, 1, 16, 0}, low{0, -2, 1, 0}, few{0, 1};
  CHECK(backward_from_indices(plan, good, ones)
            ->same_bits(Tensor::matrix({{2, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 1}})));
  CHECK(backward_from_indices(plan, high, ones).error() ==
        Error("error.pool.index-range").with("index", 16).with("limit", 15));
  CHECK(backward_from_indices(plan, low, ones).error().key == "error.pool.index-range");
  CHECK(backward_from_indices(plan, few, ones).error().key == "error.pool.indices-shape");
  Tensor into(plan.in, 7);
  CHECK(backward_from_indices_into(plan, good.data(), ones.data(), into.data()).ok());
  CHECK(into.same_bits(Tensor::matrix({{2, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 1}})));
  CHECK(backward_from_indices_into(plan, high.data(), ones.data(), into.data()).error() ==
        Error("error.pool.index-range").with("index", 16).with("limit", 15));
  CHECK(backward_from_indices_into(plan, low.data(), ones.data(), into.data()).error().key ==
        "error.pool.index-range");
  CHECK(backward_from_indices(plan, good, Tensor({1, 1, 2, 1})).error().key == "error.pool.gradient-shape");
}
