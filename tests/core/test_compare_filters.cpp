#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/base/random.h"
#include "core/nn/network.h"
#include "core/study/compare_layers.h"
#include "core/study/filters.h"

using namespace poolscope;

TEST_CASE("the bank has 64 different filters of the size they should have") {
  const std::vector<Filter> bank = filter_bank(kMostFeatureMaps);
  REQUIRE(bank.size() == 64);
  std::set<std::vector<double>> different;
  for (const Filter& filter : bank) {
    REQUIRE(static_cast<int64_t>(filter.weights.size()) == filter.side * filter.side);
    CHECK(filter.side % 2 == 1);
    double sum = 0, size = 0;
    for (const double weight : filter.weights) {
      sum += weight;
      size += std::fabs(weight);
    }
    CHECK(size == doctest::Approx(1));
    CHECK(sum == doctest::Approx(filter.family == FilterFamily::blur ? 1 : 0).epsilon(1e-9));
    different.insert(filter.weights);
  }
  CHECK(different.size() == 64);
}

TEST_CASE("feature maps are what a plain loop over the picture finds") {
  Tensor picture(Shape{1, 3, 9, 12});
  Random random(4);
  for (float& value : picture.values())
    value = static_cast<float>(random.below(256));
  const std::vector<Filter> bank = filter_bank(20);
  const Tensor maps = feature_maps(picture, bank);
  REQUIRE(maps.shape() == Shape{1, 20, 9, 12});
  for (int64_t f = 0; f < 20; ++f) {
    const Filter& filter = bank[static_cast<size_t>(f)];
    for (int64_t y = 0; y < 9; ++y)
      for (int64_t x = 0; x < 12; ++x) {
        double sum = 0;
        for (int64_t a = 0; a < filter.side; ++a)
          for (int64_t b = 0; b < filter.side; ++b) {
            const int64_t row = std::clamp<int64_t>(y + a - filter.side / 2, 0, 8);
            const int64_t column = std::clamp<int64_t>(x + b - filter.side / 2, 0, 11);
            double grey = 0;
            for (int64_t c = 0; c < 3; ++c)
              grey += picture.at(0, c, row, column) / 3.0;
            sum += grey * filter.weights[static_cast<size_t>(a * filter.side + b)];
          }
        CHECK(maps.at(0, f, y, x) == doctest::Approx(sum).epsilon(1e-4));
      }
  }
}

TEST_CASE("an upright edge is seen by the filter that looks along the rows, and by no blur") {
  Tensor edge(Shape{1, 1, 15, 15});
  for (int64_t y = 0; y < 15; ++y)
    for (int64_t x = 8; x < 15; ++x)
      edge.at(0, 0, y, x) = 1;
  const Tensor maps = feature_maps(edge, filter_bank(12));
  CHECK(maps.at(0, 0, 7, 7) > 0.3f);
  CHECK(std::fabs(maps.at(0, 2, 7, 7)) < 1e-6f);
  CHECK(maps.at(0, 8, 7, 1) == doctest::Approx(0));
}

TEST_CASE("layers have as many parameters as their weights and biases, counted one by one") {
  PoolSpec spec;
  spec.window = {2, 3};
  const Result<PoolPlan> plan = validate(spec, {1, 3, 8, 9});
  REQUIRE(plan.ok());
  const LayerParameters found = layer_parameters(*plan);
  int64_t depthwise = 0, convolution = 0;
  for (int64_t out = 0; out < 3; ++out) {
    for (int64_t tap = 0; tap < 6; ++tap)
      ++depthwise;
    for (int64_t in = 0; in < 3; ++in)
      for (int64_t tap = 0; tap < 6; ++tap)
        ++convolution;
    ++depthwise, ++convolution;
  }
  CHECK(found.pooling == 0);
  CHECK(found.depthwise == depthwise);
  CHECK(found.convolution == convolution);
  CHECK(found.dense == static_cast<double>(plan->out.count() * plan->in.count() + plan->out.count()));
  CHECK(next_work(*plan) == doctest::Approx(static_cast<double>(plan->out.plane()) / 72));
}

TEST_CASE("a convolution of the pooling's window and stride makes what a network's convolution makes") {
  for (const Size2 window : {Size2{2, 2}, Size2{3, 2}, Size2{5, 5}})
    for (const Size2 stride : {Size2{1, 1}, Size2{2, 2}, Size2{3, 1}})
      for (const Size2 padding : {Size2{0, 0}, Size2{1, 1}}) {
        PoolSpec spec;
        spec.window = window;
        spec.stride = stride;
        spec.padding = padding;
        const Result<PoolPlan> plan = validate(spec, {1, 3, 17, 20});
        REQUIRE(plan.ok());
        NetworkSpec network;
        network.input = plan->in;
        network.layers = {Conv2d{3, window, stride, padding, true}, Flatten{}, Dense{2, true, 0}};
        const NetworkCheck checked = check_network(network);
        REQUIRE(checked.ok());
        const LayerPlan& convolution = checked.plan.layers[0];
        CHECK(convolution_size(*plan) == Size2{convolution.out.h, convolution.out.w});
        CHECK(convolution.out == plan->out);
        CHECK(convolution.parameters() == layer_parameters(*plan).convolution);
      }
  PoolSpec rounds_up;
  rounds_up.rounding = Rounding::ceil;
  const Result<PoolPlan> plan = validate(rounds_up, {1, 1, 5, 5});
  CHECK(plan->out.h == 3);
  CHECK(convolution_size(*plan) == Size2{2, 2});
  PoolSpec adaptive;
  adaptive.kind = Kind::adaptive_max;
  adaptive.output_size = {3, 3};
  CHECK_FALSE(convolution_size(*validate(adaptive, {1, 1, 7, 7})));
}

TEST_CASE("the next convolution learns as much after pooling as without it") {
  for (const int64_t channels : {1, 3, 64}) {
    NetworkSpec network;
    network.layers = {Conv2d{channels, {3, 3}, {1, 1}, {1, 1}, true}, Flatten{}, Dense{2, true, 0}};
    for (const int64_t side : {8, 16}) {
      network.input = {1, channels, side, side};
      const NetworkCheck checked = check_network(network);
      REQUIRE(checked.ok());
      CHECK(checked.plan.layers[0].parameters() == next_parameters(channels));
    }
  }
}
