#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/nn/engine.h"
#include "core/nn/program.h"

namespace poolscope {

/// What a pass over one group of pictures needs to know.
struct GroupPass {
  std::span<const Picture> pictures;  ///< at most as many as there are lanes
  const float* parameters = nullptr;
  bool training = false;
  uint64_t run_seed = 1;
  int64_t step = 0;
  int64_t first_sample = 0;  ///< of the first picture in the batch
};

/// Where the backward pass of a group leaves what the gradients of the parameters are made of.
struct GroupGradients {
  float* conv = nullptr;  ///< Program::conv_parameters
  /// By op, for dense layers: [picture of the batch][values], input and output gradient.
  std::vector<AlignedBuffer<float>>* dense_in = nullptr;
  std::vector<AlignedBuffer<float>>* dense_gradient = nullptr;
};

/// The memory of one thread for one group of pictures, and the pass through it.
class Workspace {
 public:
  Workspace(const NetworkPlan& plan, const Program& program, const LaneKernels& kernels);

  void forward(const GroupPass& pass);
  /// After forward(): [class][lane].
  const float* scores() const { return values_.back().data(); }
  /// Where the gradient of the scores goes before backward(): [class][lane].
  float* score_gradient() { return gradients_[0].data(); }
  void backward(const GroupPass& pass, const GroupGradients& gradients);

 private:
  void load(const GroupPass& pass);
  void forward_op(size_t index, const GroupPass& pass);
  /// From gradients_[0] (of the op's output) to gradients_[1] (of its input), which then change places.
  void backward_op(size_t index, const GroupPass& pass, const GroupGradients& gradients);
  void backward_conv(size_t index, const GroupPass& pass, const GroupGradients& gradients);
  void backward_dense(size_t index, const GroupPass& pass, const GroupGradients& gradients);
  void forward_any_pool(const Op& op, size_t index, const GroupPass& pass);
  void backward_any_pool(const Op& op, size_t index, const GroupPass& pass);
  void draw_dropout(const Op& op, size_t index, const GroupPass& pass);
  const float* conv_input(size_t index) const;
  PoolPlan pool_of(const Op& op, const GroupPass& pass, int64_t lane) const;

  const NetworkPlan& plan_;
  const Program& program_;
  const LaneKernels& kernels_;
  std::vector<AlignedBuffer<float>> values_;  ///< values_[i] goes into op i
  std::vector<AlignedBuffer<float>> notes_;   ///< by op: codes, winners, dropout factors
  std::vector<AlignedBuffer<float>> padded_;  ///< by op: the padded input of a convolution
  AlignedBuffer<float> gradients_[2];
  AlignedBuffer<float> map_;   ///< gradient of a map before its pooling
  AlignedBuffer<float> room_;  ///< of the kernels
  std::vector<uint8_t> moved_;
};

}  // namespace poolscope
