#include <doctest/doctest.h>

#include "core/nn/lanes.h"
#include "core/nn/optimizer.h"
#include "tests/nn/adam_pytorch.h"

using namespace poolscope;

namespace {

constexpr size_t kWeights = 5;
// More than two vectors of the widest processor, and a rest: every weight of PyTorch's is there many times.
constexpr size_t kCount = kWeights * 9;

float gradient(int step, size_t i) {
  const int k = static_cast<int>(i);
  return static_cast<float>((step * 7 + k * 5) % 11 - 5) / 8 + (k == 4 ? 0.5f : 0.0f);
}

void compare(const TrainingRecipe& recipe, const double (&expected)[20][kWeights],
             const LaneKernels* kernels) {
  const float start[kWeights] = {0.5f, -0.25f, 0.125f, 0.0f, 1.0f};
  std::vector<float> weights, first(kCount, 0.0f), second(kCount, 0.0f), gradients(kCount);
  for (size_t i = 0; i < kCount; ++i)
    weights.push_back(start[i % kWeights]);
  for (int step = 0; step < 20; ++step) {
    for (size_t i = 0; i < kCount; ++i)
      gradients[i] = gradient(step, i % kWeights);
    const StepNumbers numbers = step_numbers(recipe, step + 1, recipe.rate);
    if (kernels != nullptr)
      kernels->take_step(numbers, kCount, weights.data(), gradients.data(), first.data(), second.data());
    else
      take_step(numbers, weights, gradients, first, second);
    for (size_t i = 0; i < kCount; ++i)
      CHECK(static_cast<double>(weights[i]) == doctest::Approx(expected[step][i % kWeights]).epsilon(2e-6));
  }
}

void compare_all(const TrainingRecipe& recipe, const double (&expected)[20][kWeights]) {
  compare(recipe, expected, nullptr);
  for (const LaneKernels* kernels : all_lane_kernels()) {
    CAPTURE(kernels->name);
    compare(recipe, expected, kernels);
  }
}

}  // namespace

TEST_CASE("twenty steps of Adam, AdamW and SGD with momentum are PyTorch's") {
  TrainingRecipe recipe;
  recipe.rate = 0.01;
  compare_all(recipe, kAdamWeights);
  recipe.decay = 0.1;
  compare_all(recipe, kAdamWWeights);
  recipe.decay = 0;
  recipe.optimizer = Optimizer::sgd;
  compare_all(recipe, kSgdWeights);
}

TEST_CASE("the cosine schedule rises, falls to almost nothing, and never leaves its bounds") {
  TrainingRecipe recipe;
  recipe.schedule = Schedule::cosine;
  recipe.rate = 2e-3;
  double largest = 0;
  for (int64_t step = 0; step < 1000; ++step) {
    const double rate = scheduled_rate(recipe, step, 1000);
    CHECK(rate > 0);
    CHECK(rate <= recipe.rate);
    largest = std::max(largest, rate);
  }
  CHECK(scheduled_rate(recipe, 0, 1000) < 1e-4);
  CHECK(largest > 1.9e-3);
  CHECK(scheduled_rate(recipe, 999, 1000) < 1e-6);
  recipe.schedule = Schedule::constant;
  CHECK(scheduled_rate(recipe, 999, 1000) == 2e-3);
}
