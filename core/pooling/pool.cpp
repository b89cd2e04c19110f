#include "core/pooling/pool.h"

#include <algorithm>
#include <cassert>
#include <vector>

#include "core/base/thread_pool.h"
#include "core/pooling/fast/fast.h"
#include "core/pooling/kinds.h"

namespace poolscope {

PoolOutput forward(const PoolPlan& plan, const Tensor& input, bool want_indices, Progress* progress) {
  assert(input.shape() == plan.in && "the input has the shape that was planned for");
  PoolOutput output{Tensor(plan.out), {}};
  const bool indices = want_indices && kind_info(plan.spec.kind).selects;
  if (indices) output.indices.assign(static_cast<size_t>(plan.out.count()), -1);
  if (fast::forward(plan, input.data(), output.values.data(), indices ? output.indices.data() : nullptr,
                    hardware_threads(), progress))
    return output;
  return reference_forward(plan, input, want_indices, progress);
}

void forward_into(const PoolPlan& plan, const float* input, float* output, const PoolOptions& options) {
  const int threads = options.threads > 0 ? options.threads : hardware_threads();
  if (fast::forward(plan, input, output, options.indices, threads, options.progress)) return;
  Tensor copy(plan.in);
  std::copy_n(input, plan.in.count(), copy.data());
  const PoolOutput result = reference_forward(plan, copy, options.indices != nullptr, options.progress);
  std::copy_n(result.values.data(), plan.out.count(), output);
  if (options.indices) std::copy(result.indices.begin(), result.indices.end(), options.indices);
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
  Tensor gradient(plan.in);
  if (fast::backward(plan, input.data(), output_gradient.data(), gradient.data(), hardware_threads(),
                     progress))
    return gradient;
  return reference_backward(plan, input, output_gradient, progress);
}

void backward_into(const PoolPlan& plan, const float* input, const float* output_gradient,
                   float* input_gradient, const PoolOptions& options) {
  const int threads = options.threads > 0 ? options.threads : hardware_threads();
  if (fast::backward(plan, input, output_gradient, input_gradient, threads, options.progress)) return;
  Tensor values(plan.in), gradient(plan.out);
  std::copy_n(input, plan.in.count(), values.data());
  std::copy_n(output_gradient, plan.out.count(), gradient.data());
  const Tensor result = reference_backward(plan, values, gradient, options.progress);
  std::copy_n(result.data(), plan.in.count(), input_gradient);
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

Status backward_from_indices_into(const PoolPlan& plan, const int64_t* indices, const float* output_gradient,
                                  float* input_gradient, const PoolOptions& options) {
  const int threads = options.threads > 0 ? options.threads : hardware_threads();
  if (fast::backward_from_indices(plan, indices, output_gradient, input_gradient, threads)) return {};
  const int64_t limit = plan.in.plane() - 1;
  const int64_t* wrong = std::find_if(indices, indices + plan.out.count(),
                                      [limit](int64_t index) { return index < -1 || index > limit; });
  return Error("error.pool.index-range").with("index", *wrong).with("limit", limit);
}

}  // namespace poolscope
