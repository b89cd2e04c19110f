#include "core/nn/optimizer.h"

#include <cmath>

#include "core/base/random.h"

namespace poolscope {

std::vector<float> initial_parameters(const NetworkPlan& plan, uint64_t seed) {
  constexpr double kTwoPi = 6.283185307179586;
  std::vector<float> parameters(static_cast<size_t>(plan.parameters), 0.0f);
  for (size_t l = 0; l < plan.layers.size(); ++l) {
    const LayerPlan& layer = plan.layers[l];
    if (layer.weights == 0) continue;
    const double gain = layer.weights_at + layer.parameters() == plan.parameters ? 1 : 2;
    const double deviation = std::sqrt(gain / static_cast<double>(layer.fan_in));
    for (int64_t i = 0; i < layer.weights; ++i) {
      // Box and Muller 1958, from two draws that belong to this weight.
      const auto key = static_cast<uint64_t>(i);
      const double u = 1 - keyed_uniform(seed, l, key, 0), v = keyed_uniform(seed, l, key, 1);
      parameters[static_cast<size_t>(layer.weights_at + i)] =
          static_cast<float>(deviation * std::sqrt(-2 * std::log(u)) * std::cos(kTwoPi * v));
    }
  }
  return parameters;
}

OptimizerState optimizer_state(const NetworkPlan& plan, const TrainingRecipe& recipe) {
  OptimizerState state;
  state.first.assign(static_cast<size_t>(plan.parameters), 0.0f);
  if (recipe.optimizer == Optimizer::adam) state.second.assign(static_cast<size_t>(plan.parameters), 0.0f);
  return state;
}

StepNumbers step_numbers(const TrainingRecipe& recipe, int64_t step, double rate) {
  StepNumbers numbers;
  numbers.optimizer = recipe.optimizer;
  numbers.keep = static_cast<float>(1 - rate * recipe.decay);
  if (recipe.optimizer == Optimizer::sgd) {
    numbers.step_size = static_cast<float>(rate);
    numbers.momentum = static_cast<float>(recipe.momentum);
    return numbers;
  }
  const auto t = static_cast<double>(step);
  numbers.step_size = static_cast<float>(rate / (1 - std::pow(recipe.beta1, t)));
  numbers.beta1 = static_cast<float>(recipe.beta1);
  numbers.beta2 = static_cast<float>(recipe.beta2);
  numbers.one_minus_beta1 = static_cast<float>(1 - recipe.beta1);
  numbers.one_minus_beta2 = static_cast<float>(1 - recipe.beta2);
  numbers.inverse_root = static_cast<float>(1 / std::sqrt(1 - std::pow(recipe.beta2, t)));
  numbers.epsilon = static_cast<float>(recipe.epsilon);
  return numbers;
}

double scheduled_rate(const TrainingRecipe& recipe, int64_t step, int64_t steps) {
  if (recipe.schedule == Schedule::constant || steps <= 1) return recipe.rate;
  constexpr double kPi = 3.14159265358979323846;
  const double part = static_cast<double>(step) / static_cast<double>(steps);
  const double rise = static_cast<double>(step + 1) / (0.05 * static_cast<double>(steps));
  return recipe.rate * std::min(1.0, rise) * 0.5 * (1 + std::cos(kPi * part));
}

void take_step(const StepNumbers& numbers, std::span<float> weights, std::span<const float> gradient,
               std::span<float> first, std::span<float> second) {
  const StepNumbers n = numbers;
  if (n.optimizer == Optimizer::sgd) {
    for (size_t i = 0; i < weights.size(); ++i) {
      first[i] = n.momentum * first[i] + gradient[i];
      weights[i] = weights[i] * n.keep - n.step_size * first[i];
    }
    return;
  }
  for (size_t i = 0; i < weights.size(); ++i) {
    const float g = gradient[i];
    first[i] = n.beta1 * first[i] + n.one_minus_beta1 * g;
    second[i] = n.beta2 * second[i] + n.one_minus_beta2 * g * g;
    weights[i] =
        weights[i] * n.keep - n.step_size * (first[i] / (std::sqrt(second[i]) * n.inverse_root + n.epsilon));
  }
}

}  // namespace poolscope
