#include "core/study/shift.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "core/base/random.h"
#include "core/data/builtin.h"
#include "core/pooling/kinds.h"
#include "core/study/shift_parts.h"

namespace poolscope {

namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

constexpr ShiftEdgesInfo kEdges[] = {{ShiftEdges::reveal, "reveal"},
                                     {ShiftEdges::wrap, "wrap"},
                                     {ShiftEdges::zero, "zero"},
                                     {ShiftEdges::replicate, "replicate"}};
constexpr ShiftMeasure kMeasures[] = {{"unchanged", &ShiftMetrics::unchanged},
                                      {"relative_change", &ShiftMetrics::relative_change},
                                      {"winners_kept", &ShiftMetrics::winners_kept},
                                      {"equivariance_error", &ShiftMetrics::equivariance_error}};

/// Of the source, for cell `i` of an axis of the unshifted picture; -1 for a zero.
int64_t source_cell(const ShiftField& field, int64_t i, int64_t length, int64_t margin) {
  switch (field.edges) {
    case ShiftEdges::reveal:
      return i + margin;
    case ShiftEdges::wrap:
      return wrapped(i, length);
    case ShiftEdges::zero:
      return i >= 0 && i < length ? i : -1;
    case ShiftEdges::replicate:
      return std::clamp<int64_t>(i, 0, length - 1);
  }
  return -1;
}

bool same(float a, float b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

}  // namespace

std::span<const ShiftEdgesInfo> all_shift_edges() {
  return kEdges;
}
std::span<const ShiftMeasure> shift_measures() {
  return kMeasures;
}

float ShiftField::at(int64_t plane, int64_t row, int64_t column) const {
  const int64_t y = source_cell(*this, row, shape.h, margin.h),
                x = source_cell(*this, column, shape.w, margin.w);
  return y < 0 || x < 0 ? 0.0f : source->plane(plane)[y * source->shape().w + x];
}

Result<ShiftField> shift_field(const Tensor& source, ShiftEdges edges, int64_t range) {
  ShiftField field{&source, edges, {0, 0}, source.shape()};
  if (edges != ShiftEdges::reveal) return field;
  field.margin = {range, range};
  field.shape.h -= 2 * range;
  field.shape.w -= 2 * range;
  if (field.shape.h > 0 && field.shape.w > 0) return field;
  return Error("error.shift.no_room")
      .with("rows", source.shape().h)
      .with("columns", source.shape().w)
      .with("range", range)
      .with("most", std::max<int64_t>(0, (std::min(source.shape().h, source.shape().w) - 1) / 2));
}

int64_t largest_reveal(const Shape& source, const PoolSpec& spec, int64_t most) {
  for (int64_t range = most; range >= 0; --range) {
    Shape shape = source;
    shape.h -= 2 * range;
    shape.w -= 2 * range;
    if (shape.h > 0 && shape.w > 0 && validate(spec, shape).ok()) return range;
  }
  return -1;
}

void copy_field(const ShiftField& field, int64_t plane, const FieldBox& box, float* to) {
  const int64_t pitch = field.source->shape().w, width = box.columns;
  const float* cells = field.source->plane(plane);
  // Columns that lie in the source side by side; the others one by one.
  const int64_t low = field.edges == ShiftEdges::reveal ? -field.margin.w : 0;
  const int64_t high = field.edges == ShiftEdges::reveal ? field.shape.w + field.margin.w : field.shape.w;
  const int64_t first = std::clamp(low - box.column, int64_t{0}, width),
                last = std::clamp(high - box.column, first, width);
  for (int64_t r = 0; r < box.rows; ++r, to += width) {
    const int64_t y = source_cell(field, box.row + r, field.shape.h, field.margin.h);
    if (y < 0) {
      std::fill_n(to, width, 0.0f);
      continue;
    }
    const float* row = cells + y * pitch;
    const auto one = [&](int64_t c) {
      const int64_t x = source_cell(field, box.column + c, field.shape.w, field.margin.w);
      to[c] = x < 0 ? 0.0f : row[x];
    };
    for (int64_t c = 0; c < first; ++c)
      one(c);
    if (last > first) std::copy_n(row + box.column + first + field.margin.w, last - first, to + first);
    for (int64_t c = last; c < width; ++c)
      one(c);
  }
}

Tensor shifted(const ShiftField& field, Offset by) {
  Tensor moved(field.shape);
  for (int64_t plane = 0; plane < field.shape.planes(); ++plane)
    copy_field(field, plane, {-by.dy, -by.dx, field.shape.h, field.shape.w}, moved.plane(plane));
  return moved;
}

PoolOutput pool_shifted(const ShiftField& field, const PoolPlan& plan, Offset by, bool want_indices,
                        Progress* progress) {
  assert(plan.in == field.shape && "the plan is of the picture that is shifted");
  const KindInfo& kind = kind_info(plan.spec.kind);
  Shape one{1, 1, field.shape.h, field.shape.w};
  const Result<PoolPlan> single = validate(plan.spec, one);
  // Draws are keyed by plane, and some kinds look at all channels together.
  if (kind.random || !kind.window_local || field.shape.planes() == 1 || !single.ok())
    return forward(plan, shifted(field, by), want_indices, progress);
  PoolOutput output{Tensor(plan.out), {}};
  const bool indices = want_indices && kind.selects;
  if (indices) output.indices.resize(static_cast<size_t>(plan.out.count()));
  Tensor moved(one);
  if (progress) progress->total = field.shape.planes();
  for (int64_t plane = 0; plane < field.shape.planes(); ++plane) {
    if (progress && progress->cancelled) break;
    copy_field(field, plane, {-by.dy, -by.dx, one.h, one.w}, moved.data());
    PoolOptions options;
    if (indices) options.indices = output.indices.data() + plane * plan.out.plane();
    forward_into(*single, moved.data(), output.values.plane(plane), options);
    if (progress) progress->done = plane + 1;
  }
  return output;
}

uint32_t pixel_id(const ShiftField& field, int64_t row, int64_t column) {
  // Unsigned arithmetic may go round: cells of one window and its shifted one are never that far apart.
  if (field.edges == ShiftEdges::wrap) {
    row = wrapped(row, field.shape.h);
    column = wrapped(column, field.shape.w);
  }
  return static_cast<uint32_t>(row) * static_cast<uint32_t>(field.shape.w + 4 * kLargestShift) +
         static_cast<uint32_t>(column);
}

std::optional<OutputShift> output_shift(const ShiftField& field, const PoolPlan& plan, Offset by) {
  if (!kind_info(plan.spec.kind).uses(kStride)) return std::nullopt;
  const int64_t down = plan.rows.stride, right = plan.columns.stride;
  if (by.dy % down != 0 || by.dx % right != 0) return std::nullopt;
  const auto fills = [](const AxisPlan& axis) { return axis.out * axis.stride == axis.in; };
  const bool round = field.edges == ShiftEdges::wrap && fills(plan.rows) && fills(plan.columns);
  return OutputShift{by.dy / down, by.dx / right, round};
}

double quotient(double squares, double norm_squares) {
  if (squares == 0) return 0;
  const double value = std::sqrt(squares / norm_squares);
  return std::isfinite(value) ? value : kNothing;
}

double squared_difference(float a, float b) {
  if (same(a, b)) return 0;
  const double d = static_cast<double>(a) - b;
  return d * d;
}

double norm_squares(const Tensor& values) {
  double sum = 0;
  for (const float value : values.values())
    sum += static_cast<double>(value) * value;
  return sum;
}

double equivariance_squares(const Tensor& before, const Tensor& after, const OutputShift& by) {
  const Shape& shape = before.shape();
  double sum = 0;
  for (int64_t plane = 0; plane < shape.planes(); ++plane)
    for (int64_t i = 0; i < shape.h; ++i)
      for (int64_t j = 0; j < shape.w; ++j) {
        int64_t y = i - by.dy, x = j - by.dx;
        if (by.round) y = wrapped(y, shape.h), x = wrapped(x, shape.w);
        if (y < 0 || y >= shape.h || x < 0 || x >= shape.w) continue;
        sum += squared_difference(after.plane(plane)[i * shape.w + j], before.plane(plane)[y * shape.w + x]);
      }
  return sum;
}

bool winner_kept(const ShiftField& field, const ShiftPair& pair, const PoolPlan& plan, Offset by,
                 int64_t at) {
  const int64_t was = pair.before.indices[static_cast<size_t>(at)],
                is = pair.after.indices[static_cast<size_t>(at)], w = plan.in.w;
  if (was < 0 || is < 0) return was == is;
  return pixel_id(field, was / w, was % w) == pixel_id(field, is / w - by.dy, is % w - by.dx);
}

ShiftMetrics measure_outputs(const ShiftField& field, const PoolPlan& plan, Offset by, ShiftPair& pair) {
  ShiftMetrics metrics;
  const Tensor &before = pair.before.values, &after = pair.after.values;
  const bool selects = !pair.before.indices.empty();
  double squares = 0, sizes = 0;
  pair.outputs = before.count();
  for (int64_t at = 0; at < pair.outputs; ++at) {
    const float a = before.data()[at], b = after.data()[at];
    pair.outputs_same += same(a, b);
    squares += squared_difference(a, b);
    if (!same(a, b)) sizes += std::fabs(static_cast<double>(b) - a);
    if (selects) pair.winners_same += winner_kept(field, pair, plan, by, at);
  }
  const auto n = static_cast<double>(pair.outputs);
  const double norm = norm_squares(before);
  pair.mean_difference = sizes / n;
  metrics.unchanged = static_cast<double>(pair.outputs_same) / n;
  metrics.relative_change = quotient(squares, norm);
  metrics.winners_kept = selects ? static_cast<double>(pair.winners_same) / n : kNothing;
  const std::optional<OutputShift> along = output_shift(field, plan, by);
  metrics.equivariance_error = along ? quotient(equivariance_squares(before, after, *along), norm) : kNothing;
  return metrics;
}

ShiftPair shift_pair(const ShiftField& field, const PoolPlan& plan, Offset by, Progress* progress) {
  ShiftPair pair;
  pair.before = pool_shifted(field, plan, {0, 0}, true, progress);
  pair.after = pool_shifted(field, plan, by, true, progress);
  if (progress && progress->cancelled) return pair;
  pair.metrics = measure_outputs(field, plan, by, pair);
  pair.inputs = field.shape.count();
  std::vector<float> was(static_cast<size_t>(field.shape.w)), is(was.size());
  for (int64_t plane = 0; plane < field.shape.planes(); ++plane)
    for (int64_t y = 0; y < field.shape.h; ++y) {
      copy_field(field, plane, {y, 0, 1, field.shape.w}, was.data());
      copy_field(field, plane, {y - by.dy, -by.dx, 1, field.shape.w}, is.data());
      for (size_t x = 0; x < was.size(); ++x)
        pair.inputs_same += same(was[x], is[x]);
    }
  return pair;
}

namespace {

/// Taps that a window shares with itself moved by `by` along an axis.
int64_t shared_taps(int64_t window, int64_t dilation, int64_t by) {
  by = std::abs(by);
  return by % dilation == 0 ? std::max<int64_t>(0, window - by / dilation) : 0;
}

double shared_cells(Size2 window, Size2 dilation, Offset by) {
  return static_cast<double>(shared_taps(window.h, dilation.h, by.dy) *
                             shared_taps(window.w, dilation.w, by.dx));
}

}  // namespace

double independent_unchanged(Size2 window, Size2 dilation, Offset by) {
  const double shared = shared_cells(window, dilation, by);
  return shared / (2 * static_cast<double>(window.h * window.w) - shared);
}

double independent_change(Size2 window, Size2 dilation, Offset by, double mean, double spread) {
  const auto taps = static_cast<double>(window.h * window.w);
  const double correlation = shared_cells(window, dilation, by) / taps;
  const double variance = spread * spread / taps;
  return std::sqrt(2 * variance * (1 - correlation) / (mean * mean + variance));
}

TensorPtr shift_surroundings(std::string_view builtin) {
  constexpr int64_t kMargin = 8;
  if (builtin != "shift6") return nullptr;
  static const TensorPtr wide = [] {
    const TensorPtr inner = make_builtin("shift6");
    const Shape& shape = inner->shape();
    Tensor all(Shape{1, 1, shape.h + 2 * kMargin, shape.w + 2 * kMargin});
    // Small whole numbers as in the example itself; the column that its textbook reveals is the textbook's.
    for (int64_t i = 0; i < all.count(); ++i)
      all.data()[i] = static_cast<float>(std::floor(5 * keyed_uniform(6, 0, 0, static_cast<uint64_t>(i))));
    constexpr float kRevealed[] = {1, 3, 2, 3, 2, 1};
    for (int64_t y = 0; y < shape.h; ++y) {
      all.at(0, 0, y + kMargin, kMargin - 1) = kRevealed[y];
      for (int64_t x = 0; x < shape.w; ++x)
        all.at(0, 0, y + kMargin, x + kMargin) = inner->at(0, 0, y, x);
    }
    return std::make_shared<const Tensor>(std::move(all));
  }();
  return wide;
}

}  // namespace poolscope
