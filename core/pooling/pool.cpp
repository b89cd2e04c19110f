#include "core/pooling/pool.h"

#include <algorithm>
#include <cassert>
#include <vector>

namespace poolscope {

PoolOutput forward(const PoolPlan& plan, const Tensor& input, bool want_indices, Progress* progress) {
  return reference_forward(plan, input, want_indices, progress);
}

namespace {

Status check_gradient(const PoolPlan& plan, const Tensor& output_gradient) {
  if (output_gradient.shape() == plan.out) return {};
  return Error("error.pool.gradient-shape")
      .with("shape", to_string(output_gradient.shape()))
      .with("expected", to_string(plan.out));
}

}  // namespace

Result<Tensor> backward(const PoolPlan& plan, const Tensor& input, const Tensor& output_gradient,
                        Progress* progress) {
  assert(input.shape() == plan.in && "the input has the shape that was planned for");
  if (const Status status = check_gradient(plan, output_gradient); !status) return status.error();
  return reference_backward(plan, input, output_gradient, progress);
}

Result<Tensor> backward_from_indices(const PoolPlan& plan, std::span<const int64_t> indices,
                                     const Tensor& output_gradient) {
  if (const Status status = check_gradient(plan, output_gradient); !status) return status.error();
  if (static_cast<int64_t>(indices.size()) != plan.out.count())
    return Error("error.pool.indices-shape")
        .with("count", static_cast<int64_t>(indices.size()))
        .with("expected", plan.out.count());
  Tensor gradient(plan.in);
  std::vector<double> sums;
  for (int64_t plane = 0; plane < plan.in.planes(); ++plane) {
    sums.assign(static_cast<size_t>(plan.in.plane()), 0);
    for (int64_t step = 0; step < plan.steps_per_plane(); ++step) {
      const int64_t index = indices[static_cast<size_t>(plane * plan.steps_per_plane() + step)];
      if (index == -1) continue;
      if (index < 0 || index >= plan.in.plane())
        return Error("error.pool.index-range").with("index", index).with("limit", plan.in.plane() - 1);
      sums[static_cast<size_t>(index)] += output_gradient.plane(plane)[step];
    }
    std::transform(sums.begin(), sums.end(), gradient.plane(plane),
                   [](double sum) { return static_cast<float>(sum); });
  }
  return gradient;
}

}  // namespace poolscope
