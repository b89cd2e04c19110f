#include <algorithm>
#include <cassert>
#include <optional>
#include <vector>

#include "core/pooling/kernels.h"
#include "core/pooling/pool.h"
#include "core/pooling/window.h"

namespace poolscope {

namespace {

std::vector<AxisWindow> axis_windows(const AxisPlan& axis, int64_t plane) {
  std::vector<AxisWindow> windows(static_cast<size_t>(axis.out));
  for (int64_t o = 0; o < axis.out; ++o)
    windows[static_cast<size_t>(o)] = axis_window(axis, o, plane);
  return windows;
}

/// Calls begin_plane(plane, windows of the rows), visit(window, index in the output) for every window of the
/// plane, rows first, and end_row(plane, out_row) after each row of windows. Stops after a row when
/// cancelled.
template <class BeginPlane, class Visit, class EndRow>
void visit_windows(const PoolPlan& plan, const Tensor& input, Progress* progress, BeginPlane begin_plane,
                   Visit visit, EndRow end_row) {
  const bool differ = plan.rows.placement == Placement::fractional;
  std::vector<AxisWindow> rows, columns;
  int64_t phase = 0;
  if (progress) {
    progress->total = plan.out.planes() * plan.out.h;
    progress->done = 0;
  }
  for (int64_t plane = 0; plane < plan.in.planes(); ++plane) {
    if (plane == 0 || differ) {
      rows = axis_windows(plan.rows, plane);
      columns = axis_windows(plan.columns, plane);
    }
    if (plane % plan.in.c == 0) phase = phase_of(plan, input, plane / plan.in.c);
    begin_plane(plane, rows);
    Window window{plan, input.plane(plane), plane, 0, 0, phase, {}, {}};
    for (int64_t i = 0; i < plan.out.h; ++i) {
      window.out_row = i;
      window.rows = rows[static_cast<size_t>(i)];
      for (int64_t j = 0; j < plan.out.w; ++j) {
        window.out_column = j;
        window.columns = columns[static_cast<size_t>(j)];
        visit(window, (plane * plan.out.h + i) * plan.out.w + j);
      }
      end_row(plane, i);
      if (!progress) continue;
      ++progress->done;
      if (progress->cancelled) return;
    }
  }
}

/// Sums gradients of one plane in double. Holds only the rows that windows still to come can touch, so that
/// it stays small beside the largest picture.
class GradientRows final : public GradientSink {
 public:
  GradientRows(const std::vector<AxisWindow>& rows, int64_t height, int64_t width)
      : width_(width), final_before_(rows.size()) {
    // After output row i, the rows before the first one that any later window reads are final.
    int64_t needed = height;
    for (size_t i = rows.size(); i-- > 0;) {
      final_before_[i] = needed;
      if (rows[i].valid() > 0) needed = std::min(needed, rows[i].cell(rows[i].first));
    }
    int64_t reach = 0;
    for (size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].valid() > 0) reach = std::max(reach, rows[i].cell(rows[i].last - 1));
      rows_ = std::max(rows_, reach + 1 - (i == 0 ? 0 : final_before_[i - 1]));
    }
    sums_.resize(static_cast<size_t>(rows_ * width));
  }

  void set_factor(double factor) { factor_ = factor; }
  /// Adds factor * gradient.
  void add(int64_t y, int64_t column, double gradient) override {
    if (y != row_y_) {
      row_y_ = y;
      row_ = row(y);
    }
    row_[column] += factor_ * gradient;
  }

  /// Writes the rows that output row `i` was the last to touch, and makes room for the next ones.
  void finish(int64_t i, float* gradient_plane) {
    for (; done_ < final_before_[static_cast<size_t>(i)]; ++done_) {
      double* sums = row(done_);
      for (int64_t x = 0; x < width_; ++x) {
        gradient_plane[done_ * width_ + x] = static_cast<float>(sums[x]);
        sums[x] = 0;
      }
    }
    if (static_cast<size_t>(i) + 1 == final_before_.size()) done_ = 0;
  }

 private:
  double* row(int64_t y) { return sums_.data() + (y % rows_) * width_; }

  int64_t width_, rows_ = 1, done_ = 0;
  double factor_ = 1;
  int64_t row_y_ = -1;  ///< the row that was added to last, and where it is
  double* row_ = nullptr;
  std::vector<int64_t> final_before_;
  std::vector<double> sums_;
};

}  // namespace

PoolOutput reference_forward(const PoolPlan& plan, const Tensor& input, bool want_indices,
                             Progress* progress) {
  assert(input.shape() == plan.in && "the input has the shape that was planned for");
  const KindRow& kind = kind_row(plan.spec.kind);
  PoolOutput output{Tensor(plan.out), {}};
  const bool indices = want_indices && kind.info.selects;
  if (indices) output.indices.assign(static_cast<size_t>(plan.out.count()), -1);
  visit_windows(
      plan, input, progress, [](int64_t, const std::vector<AxisWindow>&) {},
      [&](const Window& window, int64_t at) {
        const Outcome outcome = kind.kernel.evaluate(window);
        output.values.data()[at] = static_cast<float>(outcome.value);
        if (indices && outcome.winner >= 0)
          output.indices[static_cast<size_t>(at)] = window.index_of(outcome.winner);
      },
      [](int64_t, int64_t) {});
  return output;
}

Tensor reference_backward(const PoolPlan& plan, const Tensor& input, const Tensor& output_gradient,
                          Progress* progress) {
  assert(input.shape() == plan.in && "the input has the shape that was planned for");
  assert(output_gradient.shape() == plan.out && "the gradient has the shape of the output");
  const KindRow& kind = kind_row(plan.spec.kind);
  Tensor gradient(plan.in);
  std::optional<GradientRows> sums;
  visit_windows(
      plan, input, progress,
      [&](int64_t plane, const std::vector<AxisWindow>& rows) {
        if (plane == 0 || plan.rows.placement == Placement::fractional)
          sums.emplace(rows, plan.in.h, plan.in.w);
      },
      [&](const Window& window, int64_t at) {
        sums->set_factor(output_gradient.data()[at]);
        spread_gradient(kind, window, *sums);
      },
      [&](int64_t plane, int64_t i) { sums->finish(i, gradient.plane(plane)); });
  return gradient;
}

}  // namespace poolscope
