#include "core/pooling/kernels.h"

namespace poolscope {

int64_t phase_of(const PoolPlan& plan, const Tensor& input, int64_t n) {
  const Kernel& kernel = kind_row(plan.spec.kind).kernel;
  return kernel.prepare ? kernel.prepare(plan, input, n) : 0;
}

Window window_at(const PoolPlan& plan, const Tensor& input, int64_t plane, int64_t step, int64_t phase) {
  const int64_t row = step / plan.out.w, column = step % plan.out.w;
  return {plan,
          input.plane(plane),
          plane,
          row,
          column,
          phase,
          axis_window(plan.rows, row, plane),
          axis_window(plan.columns, column, plane)};
}

void spread_gradient(const KindRow& kind, const Window& window, GradientSink& sink) {
  if (kind.kernel.spread) return kind.kernel.spread(window, sink);
  const Outcome outcome = kind.kernel.evaluate(window);
  if (kind.info.selects) {  // the winner takes all
    if (outcome.winner >= 0)
      sink.add(window.rows.cell(outcome.winner / window.columns.taps),
               window.columns.cell(outcome.winner % window.columns.taps), 1);
    return;
  }
  for (int64_t a = window.rows.first; a < window.rows.last; ++a) {
    const int64_t y = window.rows.cell(a);
    const float* values = window.cells + y * window.plan.in.w;
    for (int64_t b = window.columns.first; b < window.columns.last; ++b) {
      const int64_t x = window.columns.cell(b);
      sink.add(y, x, kind.kernel.share(window, outcome, a * window.columns.taps + b, values[x]).gradient);
    }
  }
}

}  // namespace poolscope
