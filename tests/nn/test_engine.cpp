#include <cmath>
#include <numeric>

#include <doctest/doctest.h>

#include "core/base/random.h"
#include "core/nn/engine.h"
#include "core/nn/reference.h"
#include "core/nn/templates.h"
#include "core/pooling/kinds.h"

using namespace poolscope;

namespace {

struct Data {
  std::vector<uint8_t> pixels;
  std::vector<Picture> pictures;
  std::vector<uint16_t> labels;
  Batch batch() const { return {pictures, labels}; }
};

Data made_up_data(const NetworkPlan& plan, int64_t count, uint64_t seed) {
  Random random(seed);
  Data data;
  const int64_t size = plan.spec.input.count();
  for (int64_t i = 0; i < count * size; ++i)
    data.pixels.push_back(static_cast<uint8_t>(random.below(256)));
  for (int64_t i = 0; i < count; ++i) {
    data.pictures.push_back({data.pixels.data() + i * size, 0, 0});
    data.labels.push_back(static_cast<uint16_t>(random.below(plan.classes())));
  }
  return data;
}

/// The largest difference of loss and gradients from the reference, relative to the largest gradient.
double difference(const NetworkPlan& plan, const LaneKernels& kernels, int64_t pictures, bool training) {
  const Data data = made_up_data(plan, pictures, 5);
  std::vector<float> parameters = initial_parameters(plan, 3);
  Random random(9);
  for (float& p : parameters)
    p += static_cast<float>(0.02 * random.uniform());  // biases, too
  Engine engine(plan, 1, pictures, kernels);
  std::vector<float> gradient(parameters.size());
  const BatchResult result = engine.gradient(data.batch(), training, 77, 4, parameters, gradient);

  std::vector<double> images;
  for (const uint8_t pixel : data.pixels)
    images.push_back(static_cast<double>(static_cast<float>(pixel) * (1.0f / 255.0f)));
  const std::vector<int64_t> labels(data.labels.begin(), data.labels.end());
  const ReferencePass pass = reference_pass(plan, std::vector<double>(parameters.begin(), parameters.end()),
                                            images, labels, {training, 77, 4});
  CHECK(result.loss / static_cast<double>(pictures) == doctest::Approx(pass.loss).epsilon(1e-5));
  double worst = 0, largest = 0;
  for (size_t i = 0; i < gradient.size(); ++i) {
    worst = std::max(worst, std::abs(gradient[i] - pass.gradient[i]));
    largest = std::max(largest, std::abs(pass.gradient[i]));
  }
  REQUIRE(largest > 1e-4);
  return worst / largest;
}

NetworkPlan plan_of(const Shape& input, std::vector<Layer> layers) {
  Result<NetworkPlan> plan = plan_network({input, std::move(layers)});
  REQUIRE(plan.ok());
  return std::move(plan).value();
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

// Stated bound: sums of at most some thousand products in float.
constexpr double kBound = 2e-5;

}  // namespace

TEST_CASE("the fast engine computes what the reference computes, on every kind of processor") {
  struct Case {
    const char* name;
    Shape input;
    std::vector<Layer> layers;
  };
  const Flatten flat;
  const Dense last{5, true, 0};
  const std::vector<Case> cases = {
      {"dense", {1, 37, 1, 1}, {Dense{21, true, 0}, Relu{}, Dense{5, false, 0}}},
      {"conv 5 and pool",
       {1, 1, 14, 13},
       {Conv2d{3, {5, 5}, {1, 1}, {0, 0}, true}, Relu{}, pool_of(Kind::max, {2, 2}, {2, 2}), flat, last}},
      {"conv 5 and pool without relu",
       {1, 2, 11, 12},
       {Conv2d{2, {5, 5}, {1, 1}, {0, 0}, true}, pool_of(Kind::max, {2, 2}, {2, 2}), flat, last}},
      {"conv 3, padded",
       {1, 3, 9, 10},
       {Conv2d{5, {3, 3}, {1, 1}, {1, 1}, false}, Relu{}, Conv2d{3, {3, 3}, {1, 1}, {2, 1}, true}, Relu{},
        flat, last}},
      {"conv 5, wide",
       {1, 2, 7, 31},
       {Relu{}, Conv2d{6, {3, 5}, {1, 1}, {0, 0}, true}, Conv2d{5, {5, 5}, {1, 1}, {0, 0}, true}, Relu{},
        flat, last}},
      {"strided",
       {1, 2, 9, 11},
       {Conv2d{4, {3, 3}, {1, 1}, {0, 0}, true}, Relu{}, Conv2d{7, {2, 3}, {2, 3}, {1, 0}, true}, flat,
        last}},
      {"conv 4",
       {1, 2, 9, 11},
       {Conv2d{5, {4, 2}, {1, 1}, {0, 0}, true}, Relu{}, Conv2d{3, {1, 1}, {1, 1}, {0, 0}, true},
        pool_of(Kind::max, {2, 2}, {2, 2}), flat, last}},
      {"overlapping max",
       {1, 2, 9, 9},
       {Conv2d{4, {3, 3}, {1, 1}, {0, 0}, true}, pool_of(Kind::max, {3, 3}, {1, 2}, {1, 1}), flat, last}},
      {"average",
       {1, 2, 9, 9},
       {Conv2d{4, {3, 3}, {1, 1}, {0, 0}, true}, Relu{}, pool_of(Kind::average, {3, 2}, {2, 2}, {1, 1}), flat,
        last}},
      {"global average",
       {1, 3, 6, 7},
       {Conv2d{4, {3, 3}, {1, 1}, {0, 0}, true}, Relu{}, GlobalAverage{}, last}},
      {"dropout", {1, 30, 1, 1}, {Dense{20, true, 0}, Relu{}, Dropout{0.5}, last}},
  };
  for (const Case& one : cases) {
    const NetworkPlan plan = plan_of(one.input, one.layers);
    for (const LaneKernels* kernels : all_lane_kernels()) {
      CAPTURE(one.name);
      CAPTURE(kernels->name);
      // Whole groups, and a last one that is not full.
      CHECK(difference(plan, *kernels, kernels->lanes, false) < kBound);
      CHECK(difference(plan, *kernels, 2 * kernels->lanes + 3, true) < kBound);
    }
  }
}

TEST_CASE("every kind of pooling trains as a layer, as the reference has it") {
  const Shape input{1, 2, 10, 10};  // adaptive polyphase sampling wants an even map
  for (const KindInfo& kind : all_kinds()) {
    CAPTURE(kind.name);
    const NetworkPlan plan =
        plan_of(input, {Conv2d{3, {3, 3}, {1, 1}, {0, 0}, true}, Relu{}, pool_of(kind.kind, {2, 2}, {2, 2}),
                        Flatten{}, Dense{4, true, 0}});
    CHECK(difference(plan, lane_kernels(), 5, true) < 1e-4);
    CHECK(difference(plan, lane_kernels(), 5, false) < 1e-4);
  }
}

TEST_CASE("the templates agree with the reference") {
  const Shape input{1, 1, 28, 28};
  for (const NetworkTemplate& entry : network_templates()) {
    CAPTURE(entry.name);
    const NetworkPlan plan = plan_network(make_network(entry.name, input, 10)).value();
    CHECK(difference(plan, lane_kernels(), 3, true) < kBound);
  }
}

TEST_CASE("training is the same to the last bit on 1, 2 and 3 threads") {
  NetworkSpec spec = make_network("lenet-small", {1, 1, 20, 20}, 4);
  spec.layers.insert(spec.layers.end() - 1, Dropout{0.3});
  const NetworkPlan plan = plan_network(spec).value();
  const Data data = made_up_data(plan, 61, 8);
  TrainingRecipe recipe;
  std::vector<float> first;
  double first_loss = 0;
  for (const int threads : {1, 2, 3}) {
    Engine engine(plan, threads, 64);
    std::vector<float> parameters = initial_parameters(plan, 1);
    OptimizerState state = optimizer_state(plan, recipe);
    double loss = 0;
    for (int64_t step = 0; step < 5; ++step)
      loss +=
          engine.train(data.batch(), step_numbers(recipe, step + 1, 1e-3), 1, step, parameters, state).loss;
    if (threads == 1) {
      first = parameters;
      first_loss = loss;
    }
    CHECK(loss == first_loss);
    CHECK(parameters == first);
  }
}

TEST_CASE("moved pictures are filled with zeros, and scores do not depend on their neighbours") {
  const NetworkPlan plan = plan_network(make_network("lenet-small", {1, 1, 28, 28}, 10)).value();
  Data data = made_up_data(plan, 20, 3);
  const std::vector<float> parameters = initial_parameters(plan, 2);
  Engine engine(plan, 2);
  std::vector<uint8_t> moved(28 * 28, 0);
  for (int64_t y = 0; y < 28 - 2; ++y)
    for (int64_t x = 3; x < 28; ++x)
      moved[static_cast<size_t>(y * 28 + x - 3)] = data.pictures[4].pixels[(y + 2) * 28 + x];
  // The other way round: picture 4 moved up by 2 and left by 3 is `moved`.
  data.pictures[4].dy = -2;
  data.pictures[4].dx = -3;
  std::vector<float> together(20 * 10), alone(10);
  engine.scores(data.pictures, parameters, together);
  const Picture one{moved.data(), 0, 0};
  engine.scores({&one, 1}, parameters, alone);
  for (size_t k = 0; k < 10; ++k)
    CHECK(alone[k] == together[40 + k]);
}
