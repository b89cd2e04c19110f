#include "core/study/shift_dense.h"

#include <algorithm>
#include <cassert>

#include "core/base/random.h"
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

TileForm tile_form(const PoolPlan& plan) {
  const KindInfo& kind = kind_info(plan.spec.kind);
  if (kind.kind == Kind::stochastic) return TileForm::draws;
  const bool dense = kind.window_local && !kind.random &&
                     (kind.geometry == Geometry::sliding || kind.geometry == Geometry::sampling ||
                      kind.geometry == Geometry::blurred);
  return dense ? TileForm::dense : TileForm::none;
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
  copy_field(field_, tile.plane, box, patch_.sized(patch.count()));
  dense_.sized(dense.count());
  pool(patch, dense);
  plain_ = is_plain(dense_.data(), dense.count());
  if (want_ids_) find_ids(box, dense);
  split(dense);
}

void DenseTile::pool(Shape patch, Shape dense) {
  const Kind kind = plan_.spec.kind;
  if (kind == Kind::none) {
    dense_.swap(patch_);
    return;
  }
  if (kind == Kind::blur || kind == Kind::max_blur) return pool_blur(patch, dense);
  if (kind == Kind::average) return pool_average(patch, dense);
  const PoolPlan plan = *validate(dense_spec(plan_.spec), patch);
  assert(plan.out == dense);
  if (want_ids_) indices_.sized(dense.count());
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
  sums_.sized(patch.w);
  lines_.sized(dense.w);
  for (int64_t y = 0; y < dense.h; ++y) {
    weighted_rows(patch_.data() + y * patch.w, rows.dilation * patch.w, down, patch.w, sums_.data());
    weighted_columns(sums_.data(), columns.dilation, across, dense.w, lines_.data());
    divided(lines_.data(), divisor, dense.w, dense_.data() + y * dense.w);
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
  sums_.sized(shape.w);
  lines_.sized(dense.w);
  for (int64_t y = 0; y < dense.h; ++y) {
    weighted_rows(maxima + y * shape.w, shape.w, weights, shape.w, sums_.data());
    weighted_columns(sums_.data(), 1, weights, dense.w, lines_.data());
    divided(lines_.data(), 1, dense.w, dense_.data() + y * dense.w);
  }
}

/// Winners as cells of the unshifted picture.
void DenseTile::find_ids(const FieldBox& box, Shape dense) {
  uint32_t* to = dense_ids_.sized(dense.count());
  const bool samples = plan_.spec.kind == Kind::none;
  const bool crosses = box.row < 0 || box.column < 0 || box.row + box.rows > field_.shape.h ||
                       box.column + box.columns > field_.shape.w;
  const bool jumps = crosses && field_.edges == ShiftEdges::wrap;
  if (samples && !jumps) {
    // Numbers of cells count up by one along a row, and every cell is its own winner.
    for (int64_t y = 0; y < dense.h; ++y) {
      const uint32_t first = pixel_id(field_, box.row + y, box.column);
      for (int64_t x = 0; x < dense.w; ++x)
        *to++ = first + static_cast<uint32_t>(x);
    }
    return;
  }
  if (jumps) {
    for (int64_t y = 0; y < dense.h; ++y)
      for (int64_t x = 0; x < dense.w; ++x) {
        const int64_t at = samples ? y * box.columns + x : indices_.data()[y * dense.w + x];
        *to++ = pixel_id(field_, box.row + at / box.columns, box.column + at % box.columns);
      }
    return;
  }
  WinnerRow row;
  row.width = static_cast<uint32_t>(box.columns);
  row.next = pixel_id(field_, 1, 0) - pixel_id(field_, 0, 0);
  row.extent = rows_.extent;
  for (int64_t y = 0; y < dense.h; ++y) {
    row.start = static_cast<uint32_t>(y * box.columns);
    row.first = pixel_id(field_, box.row + y, box.column);
    numbered_winners(indices_.data() + y * dense.w, row, dense.w, to + y * dense.w);
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
  values_.sized(dense.h * step * pitch_);
  if (want_ids_) ids_.sized(dense.h * step * pitch_);
  for (int64_t y = 0; y < dense.h; ++y) {
    if (y % stride_.h > 2 * range_) continue;  // no shift reads this row
    for (int64_t b = 0; b < std::min(step, 2 * range_ + 1); ++b) {
      const int64_t n = (dense.w - b + step - 1) / step, to = (y * step + b) * pitch_;
      every_nth(dense_.data() + y * dense.w + b, step, n, values_.data() + to);
      if (!want_ids_) continue;
      every_nth(dense_ids_.data() + y * dense.w + b, step, n, ids_.data() + to);
    }
  }
}

DrawTile::DrawTile(const ShiftField& field, const PoolPlan& plan, int64_t range)
    : field_(field),
      plan_(plan),
      range_(range),
      rows_(inner_axis(plan.rows)),
      columns_(inner_axis(plan.columns)) {}

void DrawTile::compute(const Tile& tile) {
  tile_ = tile;
  row_ = -1;
  const auto cells = [this](int64_t count, int64_t stride, int64_t extent) {
    return (count - 1) * stride + 2 * range_ + extent;
  };
  const int64_t n = tile.column1 - tile.column0;
  box_ = {rows_.start_of(tile.row0, plan_.rows.stride) - range_,
          columns_.start_of(tile.column0, plan_.columns.stride) - range_,
          cells(tile.row1 - tile.row0, plan_.rows.stride, rows_.extent),
          cells(n, plan_.columns.stride, columns_.extent)};
  copy_field(field_, tile.plane, box_, patch_.sized(box_.rows * box_.columns));
  plain_ = is_plain(patch_.data(), box_.rows * box_.columns);
  values_.sized(n);
  ids_.sized(n);
  chances_.sized(n);
}

/// The place of the winner among the cells that follow `cells`: evaluate_stochastic() without its strange
/// values, sum by sum.
int64_t DrawTile::draw_one(const float* cells, double chance) const {
  const AxisPlan &rows = plan_.rows, &columns = plan_.columns;
  const int64_t down = rows.dilation * box_.columns;
  double total = 0, sum = 0;
  for (int64_t a = 0; a < rows.window; ++a)
    for (int64_t b = 0; b < columns.window; ++b)
      total += std::max(cells[a * down + b * columns.dilation], 0.0f);
  const double threshold = chance * total;
  for (int64_t a = 0; a < rows.window; ++a)
    for (int64_t b = 0; b < columns.window; ++b) {
      const int64_t at = a * down + b * columns.dilation;
      sum += std::max(cells[at], 0.0f);
      if (!(sum < threshold)) return at;
    }
  return 0;
}

void DrawTile::draw(int64_t row, Offset by) {
  const int64_t n = tile_.column1 - tile_.column0;
  if (row != row_)
    for (int64_t j = 0; j < n; ++j)
      chances_.data()[j] =
          keyed_uniform(plan_.spec.seed, static_cast<uint64_t>(tile_.plane), static_cast<uint64_t>(row),
                        static_cast<uint64_t>(tile_.column0 + j));
  row_ = row;
  const int64_t y = (row - tile_.row0) * plan_.rows.stride + range_ - by.dy, x = range_ - by.dx;
  for (int64_t j = 0; j < n; ++j) {
    const int64_t start = y * box_.columns + x + j * plan_.columns.stride;
    const int64_t at = start + draw_one(patch_.data() + start, chances_.data()[j]);
    values_.data()[j] = patch_.data()[at];
    ids_.data()[j] = pixel_id(field_, box_.row + at / box_.columns, box_.column + at % box_.columns);
  }
}

}  // namespace poolscope
