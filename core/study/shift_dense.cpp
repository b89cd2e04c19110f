#include "core/study/shift_dense.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "core/pooling/kinds.h"
#include "core/pooling/window.h"

namespace poolscope {

namespace {

bool lies_inside(const AxisPlan& axis, int64_t o) {
  if (axis.placement != Placement::blurred)
    return axis.start(o) >= 0 && axis.start(o) + axis.extent() <= axis.in;
  const int64_t first = o * axis.stride - (axis.blur_taps - 1) / 2, last = first + axis.blur_taps - 1;
  return first >= axis.pad_before && last < count_maxima(axis) &&
         last - axis.pad_before + axis.max_dilation * (axis.max_window - 1) < axis.in;
}

/// The same pooling without padding, with stride 1: windows that lie inside follow the same rule in all
/// dialects.
PoolSpec dense_spec(PoolSpec spec) {
  spec.stride = {1, 1};
  spec.padding = {0, 0};
  spec.pads.reset();
  spec.auto_pad = AutoPad::none;
  spec.rounding = Rounding::floor;
  if (spec.dialect == Dialect::keras_same) spec.dialect = Dialect::keras_valid;
  return spec;
}

/// to[x] = sum over k of weights[k] * from[k * step + x], in double.
template <class T>
void weighted_sum(const T* from, int64_t step, const std::vector<double>& weights, int64_t n, double* to) {
  for (int64_t x = 0; x < n; ++x)
    to[x] = weights[0] * from[x];
  for (size_t k = 1; k < weights.size(); ++k) {
    const T* row = from + static_cast<int64_t>(k) * step;
    const double weight = weights[k];
    for (int64_t x = 0; x < n; ++x)
      to[x] += weight * row[x];
  }
}

/// A row of Pascal's triangle over its sum.
std::vector<double> binomial(int64_t taps) {
  std::vector<double> weights = {1};
  for (int64_t k = 1; k < taps; ++k) {
    weights.push_back(0);
    for (size_t i = weights.size(); i-- > 0;)
      weights[i] = (weights[i] + (i > 0 ? weights[i - 1] : 0)) / 2;
  }
  return weights;
}

}  // namespace

InnerAxis inner_axis(const AxisPlan& axis) {
  InnerAxis inner;
  while (inner.first < axis.out && !lies_inside(axis, inner.first))
    ++inner.first;
  inner.last = inner.first;
  while (inner.last < axis.out && lies_inside(axis, inner.last))
    ++inner.last;
  const bool blurred = axis.placement == Placement::blurred;
  inner.extent = blurred ? axis.blur_taps + axis.max_dilation * (axis.max_window - 1) : axis.extent();
  inner.start = inner.first * axis.stride - axis.pad_before - (blurred ? (axis.blur_taps - 1) / 2 : 0);
  return inner;
}

bool has_dense_form(const PoolPlan& plan) {
  const KindInfo& kind = kind_info(plan.spec.kind);
  return kind.window_local && !kind.random &&
         (kind.geometry == Geometry::sliding || kind.geometry == Geometry::sampling ||
          kind.geometry == Geometry::blurred);
}

DenseTile::DenseTile(const ShiftField& field, const PoolPlan& plan, int64_t range, bool want_ids)
    : field_(field),
      plan_(plan),
      range_(range),
      want_ids_(want_ids),
      stride_{plan.rows.stride, plan.columns.stride},
      rows_(inner_axis(plan.rows)),
      columns_(inner_axis(plan.columns)) {}

void DenseTile::compute(const Tile& tile) {
  tile_ = tile;
  const auto span = [this](int64_t count, int64_t stride) { return (count - 1) * stride + 2 * range_ + 1; };
  const Shape dense{1, 1, span(tile.row1 - tile.row0, stride_.h),
                    span(tile.column1 - tile.column0, stride_.w)};
  const Shape patch{1, 1, dense.h + rows_.extent - 1, dense.w + columns_.extent - 1};
  const FieldBox box{rows_.start_of(tile.row0, stride_.h) - range_,
                     columns_.start_of(tile.column0, stride_.w) - range_, patch.h, patch.w};
  patch_.resize(static_cast<size_t>(patch.count()));
  dense_.resize(static_cast<size_t>(dense.count()));
  copy_field(field_, tile.plane, box, patch_.data());
  pool(patch, dense);
  plain_ = is_plain(dense_.data(), dense.count());
  if (want_ids_) find_ids(box, dense);
  split(dense);
}

void DenseTile::pool(Shape patch, Shape dense) {
  const Kind kind = plan_.spec.kind;
  if (kind == Kind::none) {
    dense_ = patch_;
    return;
  }
  if (kind == Kind::blur || kind == Kind::max_blur) return pool_blur(patch, dense);
  if (kind == Kind::average) return pool_average(patch, dense);
  const PoolPlan plan = *validate(dense_spec(plan_.spec), patch);
  assert(plan.out == dense);
  if (want_ids_) indices_.resize(dense_.size());
  forward_into(plan, patch_.data(), dense_.data(),
               {.threads = 1, .indices = want_ids_ ? indices_.data() : nullptr});
}

/// In double, so that windows with the same values in another order have the same average.
void DenseTile::pool_average(Shape patch, Shape dense) {
  const AxisPlan &rows = plan_.rows, &columns = plan_.columns;
  const std::vector<double> down(static_cast<size_t>(rows.window), 1.0),
      across(static_cast<size_t>(columns.window), 1.0);
  const double divisor = plan_.spec.divisor ? static_cast<double>(*plan_.spec.divisor)
                                            : static_cast<double>(rows.window * columns.window);
  sums_.resize(static_cast<size_t>(patch.w));
  lines_.resize(static_cast<size_t>(dense.w));
  for (int64_t y = 0; y < dense.h; ++y) {
    weighted_sum(patch_.data() + y * patch.w, rows.dilation * patch.w, down, patch.w, sums_.data());
    weighted_sum(sums_.data(), columns.dilation, across, dense.w, lines_.data());
    float* to = dense_.data() + y * dense.w;
    for (int64_t x = 0; x < dense.w; ++x)
      to[x] = static_cast<float>(lines_[static_cast<size_t>(x)] / divisor);
  }
}

void DenseTile::pool_blur(Shape patch, Shape dense) {
  const AxisPlan &rows = plan_.rows, &columns = plan_.columns;
  const std::vector<double> weights = binomial(rows.blur_taps);
  const float* maxima = patch_.data();
  Shape shape = patch;
  std::vector<float> pooled;
  if (rows.max_window > 1 || columns.max_window > 1) {
    PoolSpec spec;
    spec.window = {rows.max_window, columns.max_window};
    spec.dilation = {rows.max_dilation, columns.max_dilation};
    spec.stride = {1, 1};
    const PoolPlan plan = *validate(spec, patch);
    shape = plan.out;
    pooled.resize(static_cast<size_t>(shape.count()));
    forward_into(plan, patch_.data(), pooled.data(), {.threads = 1});
    maxima = pooled.data();
  }
  sums_.resize(static_cast<size_t>(shape.w));
  lines_.resize(static_cast<size_t>(dense.w));
  for (int64_t y = 0; y < dense.h; ++y) {
    weighted_sum(maxima + y * shape.w, shape.w, weights, shape.w, sums_.data());
    weighted_sum(sums_.data(), 1, weights, dense.w, lines_.data());
    float* to = dense_.data() + y * dense.w;
    for (int64_t x = 0; x < dense.w; ++x)
      to[x] = static_cast<float>(lines_[static_cast<size_t>(x)]);
  }
}

/// Winners as cells of the unshifted picture.
void DenseTile::find_ids(const FieldBox& box, Shape dense) {
  dense_ids_.resize(dense_.size());
  // Indices count in the patch; one table of its cells, so that edges are looked at once.
  std::vector<uint32_t> row_part(static_cast<size_t>(box.rows)),
      column_part(static_cast<size_t>(box.columns));
  const uint32_t origin = pixel_id(field_, 0, 0);
  for (int64_t y = 0; y < box.rows; ++y)
    row_part[static_cast<size_t>(y)] = pixel_id(field_, box.row + y, 0) - origin;
  for (int64_t x = 0; x < box.columns; ++x)
    column_part[static_cast<size_t>(x)] = pixel_id(field_, 0, box.column + x);
  const bool samples = plan_.spec.kind == Kind::none;
  const auto width = static_cast<uint32_t>(box.columns);
  for (int64_t y = 0; y < dense.h; ++y) {
    uint32_t* to = dense_ids_.data() + y * dense.w;
    if (samples) {
      for (int64_t x = 0; x < dense.w; ++x)
        to[x] = row_part[static_cast<size_t>(y)] + column_part[static_cast<size_t>(x)];
      continue;
    }
    const int64_t* from = indices_.data() + y * dense.w;
    for (int64_t x = 0; x < dense.w; ++x) {
      // Inner windows always have a winner.
      const auto at = static_cast<uint32_t>(from[x]);
      to[x] = row_part[at / width] + column_part[at % width];
    }
  }
}

void DenseTile::split(Shape dense) {
  const int64_t step = stride_.w, columns = tile_.column1 - tile_.column0;
  pitch_ = columns + 2 * range_ / step + 1;
  if (step == 1) {
    pitch_ = dense.w;
    values_.swap(dense_);
    ids_.swap(dense_ids_);
    return;
  }
  const auto size = static_cast<size_t>(dense.h * step * pitch_);
  values_.resize(size);
  if (want_ids_) ids_.resize(size);
  for (int64_t y = 0; y < dense.h; ++y) {
    if (y % stride_.h > 2 * range_) continue;  // no shift reads this row
    for (int64_t b = 0; b < std::min(step, 2 * range_ + 1); ++b) {
      const int64_t n = (dense.w - b + step - 1) / step, to = (y * step + b) * pitch_;
      every_nth(dense_.data() + y * dense.w + b, step, n, values_.data() + to);
      if (!want_ids_) continue;
      const uint32_t* from = dense_ids_.data() + y * dense.w + b;
      for (int64_t x = 0; x < n; ++x)
        ids_[static_cast<size_t>(to + x)] = from[x * step];
    }
  }
}

}  // namespace poolscope
