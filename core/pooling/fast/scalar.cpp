#include <cmath>
#include <limits>

#include "core/pooling/fast/rows.h"

/// Borders, narrow maps, and rows with values that need care: the reference's rules in tight loops.
namespace poolscope::fast {

namespace {

/// As the reference returns it, by way of double: a signalling NaN comes out quiet.
float through_double(float value) {
  volatile double wide = value;
  return static_cast<float>(wide);
}

/// The first extreme in row order wins; every NaN wins over what came before.
template <bool kMax>
void extreme(const Job& job, const Row& row, int64_t j) {
  const PoolPlan& plan = *job.plan;
  const AxisWindow columns = axis_window(plan.columns, j);
  float best = kMax ? -std::numeric_limits<float>::infinity() : std::numeric_limits<float>::infinity();
  int64_t winner = -1;
  if (row.taps > 0 && columns.valid() > 0) {
    const int64_t x0 = columns.cell(columns.first), valid = columns.valid();
    best = row.cells[x0];
    winner = x0;
    for (int64_t a = 0; a < row.taps; ++a) {
      const float* cells = row.cells + a * row.step + x0;
      for (int64_t b = 0; b < valid; ++b) {
        const float value = cells[b * columns.dilation];
        // Without jumps, which nobody could predict.
        const bool take = (kMax ? value > best : value < best) | (value != value);
        best = take ? value : best;
        winner = take ? a * row.step + x0 + b * columns.dilation : winner;
      }
    }
    winner += row.top * plan.in.w;
  }
  row.values[j] = std::isnan(best) ? through_double(best) : best;
  if (row.indices) row.indices[j] = winner;
}

void average(const Job& job, const Row& row, int64_t j) {
  const PoolPlan& plan = *job.plan;
  const AxisWindow columns = axis_window(plan.columns, j);
  const int64_t valid = row.taps * columns.valid();
  double sum = 0;
  for (int64_t a = 0; a < row.taps; ++a) {
    const float* cells = row.cells + a * row.step;
    for (int64_t b = columns.first; b < columns.last; ++b)
      sum += cells[columns.cell(b)];
  }
  const double divisor = divisor_of(job, row, columns);
  row.values[j] = valid == 0 ? 0.0f : static_cast<float>(sum / divisor);
}

void sample(const Job& job, const Row& row, int64_t j) {
  const int64_t x = j * job.plan->columns.stride;
  row.values[j] = through_double(row.cells[x]);
  if (row.indices) row.indices[j] = row.top * job.plan->in.w + x;
}

}  // namespace

double divisor_of(const Job& job, const Row& row, const AxisWindow& columns) {
  if (job.given_divisor != 0) return job.given_divisor;
  switch (job.rule) {
    case DivisorRule::valid:
      return static_cast<double>(row.taps * columns.valid());
    case DivisorRule::framed:
      return static_cast<double>(row.framed * columns.framed);
    case DivisorRule::whole:
      break;
  }
  return static_cast<double>(job.plan->rows.window * columns.taps);
}

void scalar_columns(const Job& job, const Row& row, int64_t first, int64_t last) {
  switch (job.op) {
    case Op::max:
      for (int64_t j = first; j < last; ++j)
        extreme<true>(job, row, j);
      return;
    case Op::min:
      for (int64_t j = first; j < last; ++j)
        extreme<false>(job, row, j);
      return;
    case Op::average:
      for (int64_t j = first; j < last; ++j)
        average(job, row, j);
      return;
    case Op::sample:
      for (int64_t j = first; j < last; ++j)
        sample(job, row, j);
      return;
  }
}

#if !defined(POOLSCOPE_SIMD)
void forward_rows(const Job& job, int64_t begin, int64_t end) {
  for (int64_t unit = begin; unit < end; ++unit)
    scalar_columns(job, row_at(job, unit), 0, job.plan->out.w);
}
#endif

}  // namespace poolscope::fast
