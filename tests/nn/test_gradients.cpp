#include <cmath>

#include <doctest/doctest.h>

#include "core/base/random.h"
#include "core/nn/reference.h"
#include "core/nn/templates.h"

using namespace poolscope;

namespace {

std::vector<double> random_values(int64_t count, uint64_t seed, double scale) {
  Random random(seed);
  std::vector<double> values;
  for (int64_t i = 0; i < count; ++i)
    values.push_back(scale * (2 * random.uniform() - 1));
  return values;
}

struct Point {
  std::vector<double> parameters, images;
  std::vector<int64_t> labels;
};

/// The largest difference between the gradients of a pass and central differences of its loss, over all
/// parameters and inputs (every `stride`-th of them), relative to the largest gradient.
double gradient_error(const NetworkPlan& plan, Point point, const PassOptions& options, double step,
                      size_t stride = 1) {
  const ReferencePass pass = reference_pass(plan, point.parameters, point.images, point.labels, options);
  double error = 0, largest = 0;
  const auto compare = [&](std::vector<double>& values, const std::vector<double>& gradient) {
    for (size_t i = 0; i < values.size(); i += stride) {
      const double before = values[i];
      values[i] = before + step;
      const double up = reference_pass(plan, point.parameters, point.images, point.labels, options).loss;
      values[i] = before - step;
      const double down = reference_pass(plan, point.parameters, point.images, point.labels, options).loss;
      values[i] = before;
      error = std::max(error, std::abs((up - down) / (2 * step) - gradient[i]));
      largest = std::max(largest, std::abs(gradient[i]));
    }
  };
  compare(point.parameters, pass.gradient);
  compare(point.images, pass.input_gradient);
  REQUIRE(largest > 1e-4);
  return error / largest;
}

NetworkPlan plan_of(const Shape& input, std::vector<Layer> layers) {
  Result<NetworkPlan> plan = plan_network({input, std::move(layers)});
  REQUIRE(plan.ok());
  return std::move(plan).value();
}

Point random_point(const NetworkPlan& plan, uint64_t seed, int64_t pictures = 2) {
  Point point{random_values(plan.parameters, seed, 0.5),
              random_values(pictures * plan.spec.input.count(), seed + 1, 1),
              {}};
  for (int64_t i = 0; i < pictures; ++i)
    point.labels.push_back((i + 1) % plan.classes());
  return point;
}

Pool pool_of(Kind kind, Size2 window, Size2 stride, Size2 padding = {0, 0}) {
  PoolSpec spec;
  spec.kind = kind;
  spec.window = window;
  spec.stride = stride;
  spec.padding = padding;
  spec.output_size = {2, 3};
  return {spec};
}

}  // namespace

TEST_CASE("the gradients of every layer are those of its loss, in double") {
  struct Case {
    const char* name;
    Shape input;
    std::vector<Layer> layers;
  };
  const std::vector<Case> cases = {
      {"dense", {1, 7, 1, 1}, {Dense{3, true, 0}}},
      {"dense without bias", {1, 7, 1, 1}, {Dense{3, false, 0}}},
      {"flatten", {1, 2, 3, 2}, {Flatten{}, Dense{3, true, 0}}},
      {"conv", {1, 2, 5, 6}, {Conv2d{3, {3, 2}, {1, 1}, {0, 0}, true}, Flatten{}, Dense{3, true, 0}}},
      {"conv, strided and padded",
       {1, 2, 6, 5},
       {Conv2d{3, {3, 3}, {2, 1}, {1, 2}, false}, Flatten{}, Dense{3, true, 0}}},
      {"relu", {1, 1, 4, 4}, {Conv2d{2, {2, 2}, {1, 1}, {0, 0}, true}, Relu{}, Flatten{}, Dense{3, true, 0}}},
      {"max", {1, 2, 6, 6}, {pool_of(Kind::max, {3, 3}, {1, 1}), Flatten{}, Dense{3, true, 0}}},
      {"max, padded",
       {1, 2, 5, 6},
       {pool_of(Kind::max, {3, 2}, {2, 2}, {1, 1}), Flatten{}, Dense{3, true, 0}}},
      {"average, padded",
       {1, 2, 6, 6},
       {pool_of(Kind::average, {3, 3}, {2, 2}, {1, 1}), Flatten{}, Dense{3, true, 0}}},
      {"adaptive average",
       {1, 2, 5, 7},
       {pool_of(Kind::adaptive_average, {2, 2}, {2, 2}), Flatten{}, Dense{3, true, 0}}},
      {"global average", {1, 4, 3, 3}, {GlobalAverage{}, Dense{3, true, 0}}},
      {"dropout", {1, 9, 1, 1}, {Dense{8, true, 0}, Dropout{0.4}, Dense{3, true, 0}}},
  };
  for (const Case& one : cases) {
    CAPTURE(one.name);
    const NetworkPlan plan = plan_of(one.input, one.layers);
    for (const bool training : {false, true})
      CHECK(gradient_error(plan, random_point(plan, 7), {training, 5, 3}, 1e-6) < 1e-6);
  }
}

TEST_CASE("pooling of any other kind sends gradients back, to the accuracy of its floats") {
  for (const Kind kind : {Kind::l2, Kind::lp, Kind::log_sum_exp, Kind::softpool, Kind::mixed, Kind::min,
                          Kind::stochastic_expectation, Kind::blur, Kind::max_blur, Kind::none}) {
    CAPTURE(static_cast<int>(kind));
    // Values above zero: the expectation has a corner there.
    const NetworkPlan plan =
        plan_of({1, 2, 6, 6}, {pool_of(kind, {2, 2}, {2, 2}), Flatten{}, Dense{3, true, 0}});
    Point point = random_point(plan, 11);
    for (double& value : point.images)
      value = 1.5 + value;
    CHECK(gradient_error(plan, point, {}, 1e-3) < 2e-3);
  }
}

TEST_CASE("the gradients of a whole network are those of its loss, in double") {
  const Shape input{1, 1, 16, 16};
  for (const NetworkTemplate& entry : network_templates()) {
    CAPTURE(entry.name);
    const NetworkPlan plan = plan_of(input, make_network(entry.name, input, 3).layers);
    // A prime stride visits every layer, and every kind of place in it.
    const size_t stride = static_cast<size_t>(plan.parameters) / 40 | 1;
    CHECK(gradient_error(plan, random_point(plan, 21, 1), {true, 5, 3}, 1e-6, stride) < 1e-5);
  }
}
