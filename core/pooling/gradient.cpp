#include "core/pooling/gradient.h"

#include <algorithm>
#include <vector>

#include "core/pooling/trace.h"

namespace poolscope {

Tensor gradient_until(const PoolPlan& plan, const Tensor& input, int64_t n, int64_t c, int64_t last_step) {
  std::vector<double> sums(static_cast<size_t>(plan.in.plane()), 0.0);
  for (int64_t step = 0; step <= last_step; ++step)
    for (const Tap& tap : step_at(plan, input, n, c, step).taps)
      if (tap.inside) sums[static_cast<size_t>(tap.row * plan.in.w + tap.column)] += tap.gradient;
  Tensor gradient({1, 1, plan.in.h, plan.in.w});
  std::transform(sums.begin(), sums.end(), gradient.data(),
                 [](double sum) { return static_cast<float>(sum); });
  return gradient;
}

double gradient_until(const PoolPlan& plan, const Tensor& input, int64_t n, int64_t c, int64_t last_step,
                      int64_t row, int64_t column) {
  double sum = 0;
  for (const int64_t step : steps_reading(plan, row, column)) {
    if (step > last_step) break;
    for (const Tap& tap : step_at(plan, input, n, c, step).taps)
      if (tap.inside && tap.row == row && tap.column == column) sum += tap.gradient;
  }
  return sum;
}

}  // namespace poolscope
