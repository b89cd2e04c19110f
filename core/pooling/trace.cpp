#include "core/pooling/trace.h"

#include <cassert>

#include "core/pooling/kernels.h"
#include "core/pooling/window.h"

namespace poolscope {

namespace {

Tap tap_at(const Window& window, const Outcome& outcome, const Kernel& kernel, int64_t index) {
  const int64_t a = index / window.columns.taps, b = index % window.columns.taps;
  Tap tap;
  tap.row = window.rows.cell(a);
  tap.column = window.columns.cell(b);
  tap.inside =
      a >= window.rows.first && a < window.rows.last && b >= window.columns.first && b < window.columns.last;
  tap.overhang = a >= window.rows.framed || b >= window.columns.framed;
  if (!tap.inside) return tap;
  tap.value = window.value_of(index);
  const Share share = kernel.share(window, outcome, index, tap.value);
  tap.weight = share.weight;
  tap.gradient = share.gradient;
  return tap;
}

/// All taps, or the first ones and the winner.
void list_taps(const Window& window, const Outcome& outcome, const Kernel& kernel, StepRecord& record) {
  record.tap_rows = window.rows.taps;
  record.tap_columns = window.columns.taps;
  record.tap_count = window.taps();
  const int64_t listed = std::min(record.tap_count, kTraceTaps);
  record.taps.reserve(static_cast<size_t>(listed));
  for (int64_t index = 0; index < listed; ++index)
    record.taps.push_back(tap_at(window, outcome, kernel, index));
  if (outcome.winner < 0) return;
  if (outcome.winner >= listed) record.taps.back() = tap_at(window, outcome, kernel, outcome.winner);
  record.winner = static_cast<int>(std::min(outcome.winner, listed - 1));
}

}  // namespace

StepRecord step_at(const PoolPlan& plan, const Tensor& input, int64_t n, int64_t c, int64_t step) {
  assert(input.shape() == plan.in && "the input has the shape that was planned for");
  assert(n >= 0 && n < plan.in.n && c >= 0 && c < plan.in.c && "the plane exists");
  assert(step >= 0 && step < plan.steps_per_plane() && "the step exists");
  StepRecord record;
  record.step = step;
  record.n = n;
  record.c = c;
  record.out_row = step / plan.out.w;
  record.out_column = step % plan.out.w;

  const int64_t plane = n * plan.in.c + c;
  const Window window = window_at(plan, input, plane, step, phase_of(plan, input, n));
  const Kernel& kernel = kind_row(plan.spec.kind).kernel;
  const Outcome outcome = kernel.evaluate(window);

  record.valid = window.valid();
  record.divisor = outcome.divisor;
  record.divisor_reason = outcome.divisor_reason;
  record.draw = outcome.draw;
  record.total = outcome.total;
  record.scale = outcome.scale;
  record.peak = outcome.peak;
  record.negatives_as_zero = outcome.negatives_as_zero;
  record.result = static_cast<float>(outcome.value);
  record.winner_index = outcome.winner < 0 ? -1 : window.index_of(outcome.winner);
  list_taps(window, outcome, kernel, record);
  return record;
}

std::vector<int64_t> steps_reading(const PoolPlan& plan, int64_t row, int64_t column, int64_t plane) {
  if (row < 0 || row >= plan.in.h || column < 0 || column >= plan.in.w) return {};
  const auto readers = [plane](const AxisPlan& axis, int64_t cell) {
    std::vector<int64_t> outputs;
    for (int64_t o = 0; o < axis.out; ++o) {
      const AxisWindow window = axis_window(axis, o, plane);
      const int64_t offset = cell - window.start;
      if (offset >= 0 && offset % window.dilation == 0 && offset / window.dilation < window.taps)
        outputs.push_back(o);
    }
    return outputs;
  };
  const std::vector<int64_t> columns = readers(plan.columns, column);
  std::vector<int64_t> steps;
  for (const int64_t o : readers(plan.rows, row))
    for (const int64_t p : columns)
      steps.push_back(o * plan.out.w + p);
  return steps;
}

}  // namespace poolscope
