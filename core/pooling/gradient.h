#pragma once

#include "core/pooling/plan.h"
#include "core/tensor/tensor.h"

namespace poolscope {

/// The input gradient of plane (n, c), 1 x 1 x H x W, after windows 0 to last_step (inclusive) have each sent
/// back an output gradient of 1; -1 gives zeros. Sums in double, in step order: what the backward animation
/// shows.
Tensor gradient_until(const PoolPlan& plan, const Tensor& input, int64_t n, int64_t c, int64_t last_step);

/// The same for one input cell, from the windows that read it.
double gradient_until(const PoolPlan& plan, const Tensor& input, int64_t n, int64_t c, int64_t last_step,
                      int64_t row, int64_t column);

}  // namespace poolscope
