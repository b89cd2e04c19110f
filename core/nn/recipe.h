#pragma once

#include <cstdint>

namespace poolscope {

enum class Optimizer { adam, sgd };

/// How the learning rate goes: it stays, or falls along half a cosine to 0 (Loshchilov and Hutter 2017),
/// after a linear rise over the first twentieth of the steps.
enum class Schedule { constant, cosine };

/// How a network is trained.
struct TrainingRecipe {
  int64_t epochs = 3;
  int64_t batch = 64;
  double rate = 1e-3;
  Optimizer optimizer = Optimizer::adam;
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;  ///< Adam (Kingma and Ba 2015)
  double momentum = 0.9;                              ///< SGD
  double decay = 0;                                   ///< weight decay, apart from the gradient (AdamW)
  Schedule schedule = Schedule::constant;
  int64_t shift = 0;    ///< in training each picture is moved by up to that many pixels, filled with 0
  uint64_t seed = 1;    ///< weights, order of the samples, dropout, draws of pooling, shifts
  int64_t threads = 0;  ///< 0: as many as the machine has
  bool operator==(const TrainingRecipe&) const = default;
};

}  // namespace poolscope
