#include "core/pooling/fast/small.h"

#include <algorithm>

namespace poolscope::fast {

#if defined(POOLSCOPE_SIMD)

namespace {

/// Larger planes have rows that are long enough.
constexpr int64_t kMostCells = 4096;
constexpr int64_t kFewestPlanes = 16;
/// Windows that read one cell of a row, at most: tables of more take longer to make than they save.
constexpr int64_t kMostReaders = 16;

bool is_small(const Job& job) {
  const PoolPlan& plan = *job.plan;
  return !job.scalar_only && std::max(plan.in.plane(), plan.out.plane()) <= kMostCells &&
         plan.in.planes() >= kFewestPlanes && planes_abreast() > 0;
}

}  // namespace

bool small_forward(const Job& job) {
  if (job.op == Op::sample || !is_small(job)) return false;
  // Without indices there are quick kernels for most windows; not for sums of windows that overlap by a part.
  const AxisPlan& columns = job.plan->columns;
  return job.indices || (job.op == Op::average && columns.stride > 1 && columns.stride < columns.window);
}

bool small_gradient(const Job& job) {
  const AxisPlan& columns = job.plan->columns;
  return job.op == Op::average && is_small(job) && (columns.window - 1) / columns.stride < kMostReaders;
}

#else

bool small_forward(const Job&) {
  return false;
}
bool small_gradient(const Job&) {
  return false;
}
int64_t planes_abreast() {
  return 0;
}
void forward_abreast(const Job&, int64_t, int64_t) {}
void spread_average(const Job&, const float*, float*, int64_t, int64_t) {}

#endif

}  // namespace poolscope::fast
