#include "core/pooling/pool.h"

#include <cassert>

namespace poolscope {

PoolOutput forward(const PoolPlan& plan, const Tensor& input, bool want_indices, Progress* progress) {
  return reference_forward(plan, input, want_indices, progress);
}

Result<Tensor> backward(const PoolPlan& plan, const Tensor& input, const Tensor& output_gradient,
                        Progress* progress) {
  assert(input.shape() == plan.in && "the input has the shape that was planned for");
  if (output_gradient.shape() != plan.out)
    return Error("error.pool.gradient-shape")
        .with("shape", to_string(output_gradient.shape()))
        .with("expected", to_string(plan.out));
  return reference_backward(plan, input, output_gradient, progress);
}

}  // namespace poolscope
