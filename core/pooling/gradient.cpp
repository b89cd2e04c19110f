#include "core/pooling/gradient.h"

#include <algorithm>
#include <vector>

#include "core/pooling/kernels.h"
#include "core/pooling/trace.h"

namespace poolscope {

namespace {

/// All cells of a plane.
struct Plane final : GradientSink {
  explicit Plane(const Shape& shape) : width(shape.w), sums(static_cast<size_t>(shape.plane()), 0.0) {}
  void add(int64_t row, int64_t column, double gradient) override {
    sums[static_cast<size_t>(row * width + column)] += gradient;
  }
  int64_t width;
  std::vector<double> sums;
};

/// One of them.
struct Cell final : GradientSink {
  Cell(int64_t row_in, int64_t column_in) : row(row_in), column(column_in) {}
  void add(int64_t y, int64_t x, double gradient) override {
    if (y == row && x == column) sum += gradient;
  }
  int64_t row, column;
  double sum = 0;
};

}  // namespace

Tensor gradient_until(const PoolPlan& plan, const Tensor& input, int64_t n, int64_t c, int64_t last_step) {
  const KindRow& kind = kind_row(plan.spec.kind);
  const int64_t phase = phase_of(plan, input, n);
  Plane plane(plan.in);
  for (int64_t step = 0; step <= last_step; ++step)
    spread_gradient(kind, window_at(plan, input, n * plan.in.c + c, step, phase), plane);
  Tensor gradient({1, 1, plan.in.h, plan.in.w});
  std::transform(plane.sums.begin(), plane.sums.end(), gradient.data(),
                 [](double sum) { return static_cast<float>(sum); });
  return gradient;
}

double gradient_until(const PoolPlan& plan, const Tensor& input, int64_t n, int64_t c, int64_t last_step,
                      int64_t row, int64_t column) {
  const KindRow& kind = kind_row(plan.spec.kind);
  const int64_t phase = phase_of(plan, input, n), plane = n * plan.in.c + c;
  Cell cell(row, column);
  for (const int64_t step : steps_reading(plan, row, column, plane)) {
    if (step > last_step) break;
    spread_gradient(kind, window_at(plan, input, plane, step, phase), cell);
  }
  return cell.sum;
}

}  // namespace poolscope
