#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/data/samples.h"
#include "core/nn/engine.h"
#include "core/nn/trainer.h"

namespace poolscope {

/// How every sample came out.
struct Evaluation {
  Score score;
  std::vector<int64_t> confusion;   ///< [true class][predicted class]
  std::vector<uint16_t> predicted;  ///< by sample
  std::vector<float> confidence;    ///< probability of the predicted class, by sample
  std::vector<float> loss;          ///< by sample
};

/// `keep_going` is asked now and then; where it says no, what is there so far is returned. All pictures are
/// moved by (dy, dx) first.
Evaluation evaluate(Engine& engine, std::span<const float> parameters, const Samples& samples, int32_t dy = 0,
                    int32_t dx = 0, const std::function<bool()>& keep_going = {});

/// The `count` samples that are wrong with the most confidence, worst first.
std::vector<int64_t> worst_mistakes(const Evaluation& evaluation, const Samples& samples, int64_t count);

/// The mean accuracy when all pictures are moved by `distance` pixels: up, down, left and right.
double shifted_accuracy(Engine& engine, std::span<const float> parameters, const Samples& samples,
                        int64_t distance, const std::function<bool()>& keep_going = {});

/// Probabilities of one picture (C x H x W bytes).
std::vector<float> class_probabilities(Engine& engine, std::span<const float> parameters,
                                       std::span<const uint8_t> picture);

/// The values that go into every layer and, last, the scores, of one picture, as tensors 1 x C x H x W: what
/// a pooling layer sees, to be opened in the Window lab. `picture` holds values 0 to 1.
std::vector<Tensor> layer_values(const NetworkPlan& plan, std::span<const float> parameters,
                                 std::span<const float> picture);

}  // namespace poolscope
