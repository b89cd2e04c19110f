#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/progress.h"
#include "core/pooling/plan.h"
#include "core/tensor/tensor.h"

namespace poolscope {

struct PoolOutput {
  Tensor values;  ///< plan.out
  std::vector<int64_t>
      indices;  ///< where asked for and the kind selects: flat h * W + w in the plane, -1 where empty
};

/// Forward, plan.in -> plan.out. `input.shape()` must equal plan.in. Takes the fastest kernel that is exact.
/// With `progress`, reports output rows and stops early when cancelled.
PoolOutput forward(const PoolPlan& plan, const Tensor& input, bool want_indices = false,
                   Progress* progress = nullptr);

struct PoolOptions {
  int threads = 0;             ///< at most so many; 0: as many as pay
  int64_t* indices = nullptr;  ///< plan.out.count() of them, as in PoolOutput, for kinds that select
  Progress* progress = nullptr;
};

/// The same from and into memory of the caller: plan.in.count() and plan.out.count() floats that do not
/// overlap. Kinds with a fast kernel (max, average, min, none, global) allocate nothing.
void forward_into(const PoolPlan& plan, const float* input, float* output, const PoolOptions& options = {});

/// Gradient of the input, plan.out -> plan.in: the sum over windows of d result / d value * output_gradient.
/// Fails where the gradient's shape is not plan.out.
Result<Tensor> backward(const PoolPlan& plan, const Tensor& input, const Tensor& output_gradient,
                        Progress* progress = nullptr);

/// The same from and into memory of the caller: plan.in.count(), plan.out.count() and plan.in.count() floats.
/// `options.indices` has no meaning here.
void backward_into(const PoolPlan& plan, const float* input, const float* output_gradient,
                   float* input_gradient, const PoolOptions& options = {});

/// The same for kinds that select, from the indices that forward() gave: adds each output gradient where its
/// index points, nothing for -1 (PyTorch's max_pool2d_backward). Fails where the gradient's shape or the
/// number of indices is not that of plan.out, or an index lies outside of the plane.
Result<Tensor> backward_from_indices(const PoolPlan& plan, std::span<const int64_t> indices,
                                     const Tensor& output_gradient);

/// The same from and into memory of the caller: plan.out.count() indices and floats, plan.in.count() floats.
/// Sums are taken in float, as backward_into() does. Nothing allocated. Fails, with the gradient unfinished,
/// where an index lies outside of the plane.
Status backward_from_indices_into(const PoolPlan& plan, const int64_t* indices, const float* output_gradient,
                                  float* input_gradient, const PoolOptions& options = {});

/// The truth that every fast kernel is tested against: step_at() in a loop, in double.
PoolOutput reference_forward(const PoolPlan& plan, const Tensor& input, bool want_indices = false,
                             Progress* progress = nullptr);
Tensor reference_backward(const PoolPlan& plan, const Tensor& input, const Tensor& output_gradient,
                          Progress* progress = nullptr);

}  // namespace poolscope
