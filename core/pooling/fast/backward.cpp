#include <algorithm>
#include <cstring>
#include <vector>

#include "core/base/thread_pool.h"
#include "core/pooling/fast/fast.h"
#include "core/pooling/fast/rows.h"
#include "core/pooling/fast/small.h"

/// Gradients of the input, plane by plane. Rows of the gradient are cleared just before the first window
/// reaches them, while they are on their way into the cache anyway.
namespace poolscope::fast {

namespace {

/// Winners are looked up for so many outputs at a time: they stay in the first-level cache.
constexpr int64_t kGroupOutputs = 2048;

/// The gradient of one plane, cleared from above as far as needed.
class GradientPlane {
 public:
  GradientPlane(float* cells, int64_t height, int64_t width)
      : cells_(cells), height_(height), width_(width) {}

  float* cells() { return cells_; }
  void clear_to(int64_t row) {
    if (row <= cleared_) return;
    std::memset(cells_ + cleared_ * width_, 0,
                static_cast<size_t>((row - cleared_) * width_) * sizeof(float));
    cleared_ = row;
  }
  /// Adds `values` to a row; the first time it writes them. Rows are touched from above first.
  void add(int64_t row, const float* values) {
    clear_to(row);
    float* to = cells_ + row * width_;
    if (row == cleared_) {
      std::memcpy(to, values, static_cast<size_t>(width_) * sizeof(float));
      ++cleared_;
      return;
    }
    for (int64_t x = 0; x < width_; ++x)
      to[x] += values[x];
  }
  void finish() { clear_to(height_); }

 private:
  float* cells_;
  int64_t height_, width_, cleared_ = 0;
};

/// One past the last row of the input that the windows of `row` read.
int64_t end_row(const Job& job, const Row& row) {
  return row.taps == 0 ? 0 : row.top + (row.taps - 1) * job.plan->rows.dilation + 1;
}

/// Each output's gradient goes to its winner, which the forward kernels find again.
struct Winners {
  std::vector<float> values;
  std::vector<int64_t> indices;

  explicit Winners(const PoolPlan& plan) {
    const auto count = static_cast<size_t>(std::max(kGroupOutputs, plan.out.w));
    values.resize(count);
    indices.resize(count);
  }

  int64_t rows_at_once(const PoolPlan& plan) const {
    return std::max<int64_t>(kGroupOutputs / plan.out.w, 1);
  }

  void spread(Job job, int64_t begin, int64_t end, const float* output_gradient, GradientPlane& gradient) {
    job.output = values.data();
    job.indices = indices.data();
    job.first_unit = begin;
    job.stream = false;
    forward_rows(job, begin, end);
    for (int64_t unit = begin; unit < end; ++unit)
      gradient.clear_to(end_row(job, row_at(job, unit)));
    const float* from = output_gradient + begin * job.plan->out.w;
    float* cells = gradient.cells();
    const int64_t count = (end - begin) * job.plan->out.w;
    for (int64_t k = 0; k < count; ++k) {
      const int64_t at = indices[static_cast<size_t>(k)];
      if (at >= 0) cells[at] += from[k];
    }
  }
};

/// Each output's gradient, divided, goes to all cells of its window: first along the row, then to each row.
struct Averages {
  std::vector<float> shares, line, sums;

  explicit Averages(const PoolPlan& plan)
      : shares(static_cast<size_t>(plan.out.w)),
        line(static_cast<size_t>(plan.in.w)),
        sums(static_cast<size_t>(plan.out.w + plan.columns.window)) {}

  int64_t rows_at_once(const PoolPlan&) const { return 1; }

  void spread(const Job& job, int64_t unit, int64_t, const float* output_gradient, GradientPlane& gradient) {
    const PoolPlan& plan = *job.plan;
    const Row row = row_at(job, unit);
    if (row.taps == 0) return;
    const float* from = output_gradient + unit * plan.out.w;
    divide(job, row, from);
    along_row(plan, job.columns);
    for (int64_t a = 0; a < row.taps; ++a)
      gradient.add(row.top + a * plan.rows.dilation, line.data());
  }

 private:
  void divide(const Job& job, const Row& row, const float* from) {
    const PoolPlan& plan = *job.plan;
    const auto border = [&](int64_t begin, int64_t end) {
      for (int64_t j = begin; j < end; ++j) {
        const AxisWindow columns = axis_window(plan.columns, j);
        if (columns.valid() > 0)
          shares[static_cast<size_t>(j)] = static_cast<float>(from[j] / divisor_of(job, row, columns));
      }
    };
    border(0, job.columns.first);
    border(job.columns.last, plan.out.w);
    const auto divisor = static_cast<float>(inner_divisor(job, row));
    for (int64_t j = job.columns.first; j < job.columns.last; ++j)
      shares[static_cast<size_t>(j)] = from[j] / divisor;
  }

  /// Overlapping windows two apart: the even and the odd cells are sums of their own, each of neighbours.
  void two_apart(const float* share, int64_t count, int64_t window, float* at) {
    if (count == 0) return;
    const int64_t cells = count + (window - 1) / 2;
    for (int64_t odd = 0; odd < std::min<int64_t>(window, 2); ++odd) {
      std::fill_n(sums.begin(), cells, 0.0f);
      for (int64_t q = 0; 2 * q + odd < window; ++q)
        for (int64_t j = 0; j < count; ++j)
          sums[static_cast<size_t>(q + j)] += share[j];
      // The last odd cell may lie past the windows, where nothing was added.
      const int64_t last = odd ? count + (window - 2) / 2 : cells;
      for (int64_t m = 0; m < last; ++m)
        at[2 * m + odd] += sums[static_cast<size_t>(m)];
    }
  }

  void along_row(const PoolPlan& plan, Inner inner) {
    const AxisPlan& columns = plan.columns;
    const float* share = shares.data();
    float* to = line.data();
    std::fill(line.begin(), line.end(), 0.0f);
    const auto border = [&](int64_t begin, int64_t end) {
      for (int64_t j = begin; j < end; ++j) {
        const AxisWindow window = axis_window(columns, j);
        for (int64_t b = window.first; b < window.last; ++b)
          to[window.cell(b)] += share[j];
      }
    };
    border(0, inner.first);
    const int64_t count = inner.last - inner.first;
    float* at = count > 0 ? to + columns.start(inner.first) : to;
    share += inner.first;
    if (columns.stride == 2 && columns.window == 2 && columns.dilation == 1) {
      for (int64_t j = 0; j < count; ++j) {
        at[2 * j] += share[j];
        at[2 * j + 1] += share[j];
      }
    } else if (columns.stride == 1) {
      for (int64_t b = 0; b < columns.window; ++b)
        for (int64_t j = 0; j < count; ++j)
          at[b * columns.dilation + j] += share[j];
    } else if (columns.stride == 2 && columns.dilation == 1) {
      two_apart(share, count, columns.window, at);
    } else {
      for (int64_t j = 0; j < count; ++j)
        for (int64_t b = 0; b < columns.window; ++b)
          at[j * columns.stride + b * columns.dilation] += share[j];
    }
    share -= inner.first;
    border(inner.last, plan.out.w);
  }
};

template <class Way>
void planes_of(const Job& job, const float* output_gradient, float* input_gradient, int64_t begin,
               int64_t end, Progress* progress) {
  const PoolPlan& plan = *job.plan;
  Way way(plan);
  const int64_t step = way.rows_at_once(plan);
  for (int64_t plane = begin; plane < end; ++plane) {
    GradientPlane gradient(input_gradient + plane * plan.in.plane(), plan.in.h, plan.in.w);
    const int64_t last = (plane + 1) * plan.out.h;
    for (int64_t unit = plane * plan.out.h; unit < last; unit += step) {
      if (progress && progress->cancelled) return;
      const int64_t stop = std::min(unit + step, last);
      way.spread(job, unit, stop, output_gradient, gradient);
      if (progress) progress->done += stop - unit;
    }
    gradient.finish();
  }
}

/// The tables are made once for many planes, few enough for whoever cancels.
void by_tables(const Job& job, const float* output_gradient, float* input_gradient, int64_t begin,
               int64_t end, Progress* progress) {
  for (const int64_t step = progress ? 256 : end - begin; begin < end; begin += step) {
    if (progress && progress->cancelled) return;
    const int64_t stop = std::min(begin + step, end);
    spread_average(job, output_gradient, input_gradient, begin, stop);
    if (progress) progress->done += (stop - begin) * job.plan->out.h;
  }
}

}  // namespace

bool backward(const PoolPlan& plan, const float* input, const float* output_gradient, float* input_gradient,
              int threads, Progress* progress) {
  Job job;
  if (!make_job(plan, input, nullptr, nullptr, job)) return false;
  if (progress) {
    progress->total = plan.out.planes() * plan.out.h;
    progress->done = 0;
  }
  const bool tables = small_gradient(job);
  const auto work = [&](int64_t begin, int64_t end) {
    if (tables)
      by_tables(job, output_gradient, input_gradient, begin, end, progress);
    else if (job.op == Op::average)
      planes_of<Averages>(job, output_gradient, input_gradient, begin, end, progress);
    else
      planes_of<Winners>(job, output_gradient, input_gradient, begin, end, progress);
  };
  threads = worthwhile_threads(threads, plan.in.count() + plan.out.count());
  if (threads > 1)
    run_in_pieces(plan.in.planes(), threads, work);
  else
    work(0, plan.in.planes());
  return true;
}

}  // namespace poolscope::fast
