#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/nn/lanes.h"
#include "core/nn/network.h"
#include "core/nn/optimizer.h"

namespace poolscope {

/// One picture of a batch: C x H x W bytes, taken as value / 255, moved down and right by (dy, dx) pixels;
/// what comes in from outside is 0.
struct Picture {
  const uint8_t* pixels = nullptr;
  int32_t dy = 0, dx = 0;
};

/// Pictures with their classes.
struct Batch {
  std::span<const Picture> pictures;
  std::span<const uint16_t> labels;
};

/// Sums over a batch.
struct BatchResult {
  double loss = 0;  ///< of -log softmax(scores)[label]
  int64_t correct = 0;
  int64_t pictures = 0;
};

/// The fast way through a network: groups of pictures side by side (lanes.h), convolution, ReLU and pooling
/// in one go where they follow each other, groups shared among threads. All memory is there before the first
/// batch, except for kinds of pooling that core/pooling computes. Results do not depend on the number of
/// threads, to the last bit: every group has its own sums, and they are added up in order.
class Engine {
 public:
  /// `threads`: 0 takes as many as there are processors.
  Engine(NetworkPlan plan, int64_t threads, int64_t largest_batch = 64,
         const LaneKernels& kernels = lane_kernels());
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  const NetworkPlan& plan() const;
  int threads() const;

  /// One step of training: forward, backward, and the optimizer. `step` (with the run's seed) keys what
  /// dropout and pooling draw. At most `largest_batch` pictures. Where the loss is not finite, parameters and
  /// state keep their values.
  BatchResult train(const Batch& batch, const StepNumbers& numbers, uint64_t run_seed, int64_t step,
                    std::span<float> parameters, OptimizerState& state);

  /// The gradient of the mean loss, without a step.
  BatchResult gradient(const Batch& batch, bool training, uint64_t run_seed, int64_t step,
                       std::span<const float> parameters, std::span<float> gradient);

  /// Scores of any number of pictures, as the network is used: N x classes.
  void scores(std::span<const Picture> pictures, std::span<const float> parameters, std::span<float> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace poolscope
