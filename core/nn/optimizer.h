#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/nn/network.h"
#include "core/nn/recipe.h"

namespace poolscope {

/// Weights to start from: He et al. 2015, normal with deviation sqrt(2 / fan_in), biases 0; the last layer,
/// which no ReLU follows, with sqrt(1 / fan_in). Every weight depends on (seed, its index) alone.
std::vector<float> initial_parameters(const NetworkPlan& plan, uint64_t seed);

/// What the optimizer remembers of every parameter.
struct OptimizerState {
  std::vector<float> first;   ///< Adam: mean of the gradient; SGD: velocity
  std::vector<float> second;  ///< Adam: mean of its square
  int64_t steps = 0;          ///< taken
};
OptimizerState optimizer_state(const NetworkPlan& plan, const TrainingRecipe& recipe);

/// The numbers of one step that are the same for every parameter. PyTorch's formulas:
///   Adam: m += (g - m)(1 - b1), v = b2 v + (1 - b2) g^2, w -= rate / (1 - b1^t) * m / (sqrt(v) / sqrt(1 -
///   b2^t) + epsilon)
///   SGD: velocity = momentum * velocity + g, w -= rate * velocity
/// With decay, w is first multiplied by 1 - rate * decay.
struct StepNumbers {
  Optimizer optimizer = Optimizer::adam;
  float keep = 1;       ///< what w is multiplied by
  float step_size = 0;  ///< Adam: rate / (1 - b1^t); SGD: rate
  float beta1 = 0, beta2 = 0, one_minus_beta1 = 1, one_minus_beta2 = 1;
  float inverse_root = 1;  ///< 1 / sqrt(1 - b2^t)
  float epsilon = 0, momentum = 0;
};
/// `step` counts from 1; `rate` is the learning rate of this step.
StepNumbers step_numbers(const TrainingRecipe& recipe, int64_t step, double rate);

/// The learning rate of step `step` of `steps`, from 0.
double scheduled_rate(const TrainingRecipe& recipe, int64_t step, int64_t steps);

/// One step for a part of the parameters: all four are of one length, and `first`, `second` (empty for SGD)
/// belong to the same parameters.
void take_step(const StepNumbers& numbers, std::span<float> weights, std::span<const float> gradient,
               std::span<float> first, std::span<float> second);

}  // namespace poolscope
