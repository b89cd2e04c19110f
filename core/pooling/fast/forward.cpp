#include <algorithm>

#include "core/base/thread_pool.h"
#include "core/pooling/fast/fast.h"
#include "core/pooling/fast/rows.h"
#include "core/pooling/fast/small.h"

namespace poolscope::fast {

namespace {

/// From this much memory traffic on, results are written around the caches: the last level of a common
/// processor has been overwritten by the input anyway.
constexpr int64_t kStreamBytes = int64_t{20} << 20;
/// A second thread pays from here on; waking it costs as much as some ten thousand values.
constexpr int64_t kThreadValues = int64_t{1} << 16;
/// Longer sums are taken in double.
constexpr int64_t kSumTaps = 256;
/// Flat indices and offsets are 32 bits wide in the kernels.
constexpr int64_t kLargestPlane = int64_t{1} << 30;

Inner inner_outputs(const AxisPlan& axis) {
  Inner inner;
  const int64_t room = axis.in + axis.pad_before - axis.extent();
  if (room < 0) return inner;
  if (axis.pad_before > 0) inner.first = (axis.pad_before - 1) / axis.stride + 1;
  inner.last = std::min(axis.out, room / axis.stride + 1);
  inner.first = std::min(inner.first, inner.last);
  return inner;
}

/// Whether all windows of an axis count the same number of cells for an average.
bool counts_evenly(const AxisPlan& axis, DivisorRule rule) {
  if (rule == DivisorRule::whole) return true;
  const auto counted = [&](int64_t o) {
    const AxisWindow window = axis_window(axis, o);
    return rule == DivisorRule::framed ? window.framed : window.valid();
  };
  return counted(0) == axis.window && counted(axis.out - 1) == axis.window;
}

bool choose_op(const PoolPlan& plan, Job& job) {
  switch (plan.spec.kind) {
    case Kind::max:
    case Kind::global_max:
      job.op = Op::max;
      return true;
    case Kind::min:
      job.op = Op::min;
      return true;
    case Kind::none:
      job.op = Op::sample;
      return true;
    case Kind::average:
      job.op = Op::average;
      job.rule = divisor_rule(plan.spec);
      job.given_divisor = plan.spec.divisor ? static_cast<double>(*plan.spec.divisor) : 0;
      break;
    case Kind::global_average:
      job.op = Op::average;
      break;
    default:
      return false;
  }
  job.even_divisor =
      job.given_divisor != 0 || (counts_evenly(plan.rows, job.rule) && counts_evenly(plan.columns, job.rule));
  job.scalar_only = plan.rows.window > kSumTaps || plan.columns.window > kSumTaps ||
                    plan.rows.window * plan.columns.window > kSumTaps;
  return true;
}

}  // namespace

bool make_job(const PoolPlan& plan, const float* input, float* output, int64_t* indices, Job& job) {
  if (!choose_op(plan, job) || plan.in.plane() > kLargestPlane) return false;
  job.plan = &plan;
  job.input = input;
  job.output = output;
  job.indices = indices;
  job.rows = inner_outputs(plan.rows);
  job.columns = inner_outputs(plan.columns);
  job.stream = plan.in.count() * 4 + plan.out.count() * (indices ? 12 : 4) > kStreamBytes;
  return true;
}

int worthwhile_threads(int threads, int64_t values) {
  if (threads <= 1) return 1;
  return static_cast<int>(std::clamp<int64_t>(values / kThreadValues, 1, threads));
}

namespace {

/// Cuts [0, units) into pieces for the threads, and those into steps of about a millisecond, so that a
/// cancelled job ends soon. A unit is `rows` rows of outputs.
template <class Work>
void in_steps(int64_t units, int64_t rows, const PoolPlan& plan, int threads, Progress* progress,
              Work&& work) {
  const int64_t values = plan.in.count() + plan.out.count(), all_rows = plan.out.planes() * plan.out.h;
  const int64_t step =
      std::clamp<int64_t>(all_rows * (int64_t{1} << 20) / values / rows, 1, std::max<int64_t>(units, 1));
  const auto piece = [&](int64_t begin, int64_t end) {
    if (!progress) return work(begin, end);
    for (; begin < end && !progress->cancelled; begin += step) {
      work(begin, std::min(begin + step, end));
      progress->done += std::min(step, end - begin) * rows;
    }
  };
  threads = worthwhile_threads(threads, values);
  if (threads > 1)
    run_in_pieces(units, threads, piece);
  else
    piece(0, units);
}

}  // namespace

bool forward(const PoolPlan& plan, const float* input, float* output, int64_t* indices, int threads,
             Progress* progress) {
  Job job;
  if (!make_job(plan, input, output, indices, job)) return false;
  const int64_t rows = plan.out.planes() * plan.out.h;
  if (progress) {
    progress->total = rows;
    progress->done = 0;
  }
  int64_t done = 0;
  if (small_forward(job)) {
    const int64_t group = planes_abreast(), groups = plan.out.planes() / group;
    in_steps(groups, group * plan.out.h, plan, threads, progress,
             [&](int64_t begin, int64_t end) { forward_abreast(job, begin, end); });
    done = groups * group * plan.out.h;
  }
  if (done < rows)
    in_steps(rows - done, 1, plan, threads, progress,
             [&](int64_t begin, int64_t end) { forward_rows(job, done + begin, done + end); });
  return true;
}

}  // namespace poolscope::fast
