#pragma once

#include <functional>
#include <string>

#include "core/pooling/plan.h"

/// The work that all are measured on, and what a peer makes of it.
namespace poolscope::bench {

enum class Operation { max_forward, max_indices, max_backward, average_forward, average_backward };

struct Work {
  std::string size, operation, window;  ///< "4K", "max-fwd", "2x2/2"
  Operation what;
  PoolPlan plan;
};

/// One call of a peer with everything prepared, or nothing where it cannot do that. `input` has plan.in,
/// `output` (values, or the gradient of the output) plan.out, `gradient` plan.in.
using Call = std::function<void()>;
Call onednn_call(const Work& work, float* input, float* output, float* gradient);
Call opencv_call(const Work& work, float* input, float* output, float* gradient, int threads);

}  // namespace poolscope::bench
