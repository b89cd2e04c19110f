#pragma once

#include <cstdint>

#include "core/pooling/dialects.h"
#include "core/pooling/plan.h"
#include "core/pooling/window.h"

/// Inner vocabulary of the fast kernels; callers use core/pooling/pool.h.
namespace poolscope::fast {

enum class Op { max, min, average, sample };

/// Outputs [first, last) of an axis have all of their taps inside the input.
struct Inner {
  int64_t first = 0, last = 0;
};

/// One forward pooling, looked at once and then computed row by row.
struct Job {
  Op op = Op::max;
  const PoolPlan* plan = nullptr;
  const float* input = nullptr;
  float* output = nullptr;
  int64_t* indices = nullptr;  ///< or nothing
  int64_t first_unit = 0;      ///< the output row, counted over all planes, at which `output` begins
  Inner rows, columns;
  DivisorRule rule = DivisorRule::whole;
  double given_divisor = 0;  ///< 0: by the rule
  /// Every window divides by the same number, those at the border too.
  bool even_divisor = true;
  /// Results go around the caches: they would only push the input out.
  bool stream = false;
  /// Too many taps for sums in float.
  bool scalar_only = false;
};

/// One row of outputs. `cells` is the first row of the input that its windows read; tap t reads row
/// cells + t * step.
struct Row {
  const float* cells = nullptr;
  int64_t top = 0;   ///< row number of `cells` in the plane
  int64_t taps = 0;  ///< inside the input, 0 where none is
  int64_t framed = 0;
  int64_t step = 0;
  float* values = nullptr;
  int64_t* indices = nullptr;
};

/// Output row `unit`, counted over all planes: plane * out.h + row.
inline Row row_at(const Job& job, int64_t unit) {
  const PoolPlan& plan = *job.plan;
  const int64_t plane = unit / plan.out.h, i = unit % plan.out.h;
  Row row;
  row.step = plan.rows.dilation * plan.in.w;
  row.values = job.output + (unit - job.first_unit) * plan.out.w;
  if (job.indices) row.indices = job.indices + (unit - job.first_unit) * plan.out.w;
  if (i >= job.rows.first && i < job.rows.last) {
    row.top = i * plan.rows.stride - plan.rows.pad_before;
    row.taps = row.framed = plan.rows.window;
  } else {
    const AxisWindow window = axis_window(plan.rows, i);
    row.taps = window.valid();
    row.framed = window.framed;
    row.top = row.taps > 0 ? window.cell(window.first) : 0;
  }
  row.cells = job.input + plane * plan.in.plane() + row.top * plan.in.w;
  return row;
}

/// What the windows [first, last) of columns divide by in this row.
inline double inner_divisor(const Job& job, const Row& row) {
  if (job.given_divisor != 0) return job.given_divisor;
  const int64_t rows = job.rule == DivisorRule::valid    ? row.taps
                       : job.rule == DivisorRule::framed ? row.framed
                                                         : job.plan->rows.window;
  return static_cast<double>(rows * job.plan->columns.window);
}

/// What the kernels need to know about a pooling. False where it has no fast kernel.
bool make_job(const PoolPlan& plan, const float* input, float* output, int64_t* indices, Job& job);
/// The divisor of output j of a row, 0 where its window holds nothing.
double divisor_of(const Job& job, const Row& row, const AxisWindow& columns);
/// How many of `threads` are worth waking for so many values.
int worthwhile_threads(int threads, int64_t values);

/// Outputs [first, last) of a row exactly as the reference computes them, one by one.
void scalar_columns(const Job& job, const Row& row, int64_t first, int64_t last);

/// The same with indices, by vector_indices.cpp.
void forward_indices(const Job& job, int64_t begin, int64_t end);

/// Output rows [begin, end), counted over all planes, with the best vectors of this processor.
void forward_rows(const Job& job, int64_t begin, int64_t end);

}  // namespace poolscope::fast
