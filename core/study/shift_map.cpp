#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/thread_pool.h"
#include "core/pooling/kernels.h"
#include "core/study/shift_dense.h"

namespace poolscope {

namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
/// About how many dense values a tile has on a side: all of it stays in the caches.
constexpr int64_t kTileRows = 96, kTileColumns = 1024;

/// What a unit adds up to, an entry for each shift.
struct ShiftSums {
  std::vector<RowSums> rows;
  std::vector<double> along;  ///< squares of F(T x) - T' F(x)
  explicit ShiftSums(size_t shifts) : rows(shifts), along(shifts) {}
  ShiftSums() = default;
};

/// F(x), with the winners as cells.
struct Base {
  Tensor values;
  std::vector<uint32_t> ids;
};

/// Tiles of inner outputs in the form that the kind has.
class TileWork {
 public:
  TileWork(const ShiftField& field, const PoolPlan& plan, int64_t range, bool selects)
      : form_(tile_form(plan)) {
    if (form_ == TileForm::dense) dense_.emplace(field, plan, range, selects);
    if (form_ == TileForm::draws) draws_.emplace(field, plan, range);
  }
  void compute(const Tile& tile) { dense_ ? dense_->compute(tile) : draws_->compute(tile); }
  TileRow row(int64_t i, Offset by) {
    if (dense_) return {dense_->values(i, by), dense_->ids(i, by)};
    draws_->draw(i, by);
    return {draws_->values(), draws_->ids()};
  }
  /// The row under all of these shifts; only in the dense form.
  void rows(int64_t i, const std::vector<Offset>& shifts) {
    shifted_.clear();
    for (const Offset by : shifts)
      shifted_.push_back({dense_->values(i, by), dense_->ids(i, by)});
  }
  const std::vector<TileRow>& shifted() const { return shifted_; }
  bool plain() const { return dense_ ? dense_->plain() : draws_->plain(); }

 private:
  TileForm form_;
  std::optional<DenseTile> dense_;
  std::optional<DrawTile> draws_;
  std::vector<TileRow> shifted_;
};

/// All shifts of one pooling.
class MapWork {
 public:
  MapWork(const ShiftField& field, const PoolPlan& plan, int64_t range, const ShiftOptions& options)
      : field_(field),
        plan_(plan),
        pitched_(plan),
        range_(range),
        rows_(inner_axis(plan.rows)),
        columns_(inner_axis(plan.columns)),
        selects_(kind_info(plan.spec.kind).selects && options.winners),
        form_(tile_form(plan)) {
    for (int64_t dy = -range; dy <= range; ++dy)
      for (int64_t dx = -range; dx <= range; ++dx)
        if (!options.axes_only || dy == 0 || dx == 0) {
          shifts_.push_back({dy, dx});
          along_.push_back(output_shift(field, plan, {dy, dx}));
          if (along_.back()) along_shifts_.push_back(shifts_.size() - 1);
        }
    // NaN and infinity have rules of their own: window by window.
    if (form_ == TileForm::draws && !std::all_of(field.source->values().begin(), field.source->values().end(),
                                                 [](float value) { return std::isfinite(value); }))
      form_ = TileForm::none;
    if (form_ == TileForm::none) rows_.last = rows_.first, columns_.last = columns_.first;
    band_ = std::clamp<int64_t>(kTileRows / plan.rows.stride, 8, kTileRows);
    bands_ = (plan.out.h + band_ - 1) / band_;
    base_.values = Tensor(plan.out);
    if (selects_) base_.ids.resize(static_cast<size_t>(plan.out.count()));
    // The windows of a plane that is `pitch` cells wide.
    pitched_.in.w = field.shape.w + 2 * range;
  }

  int64_t units() const { return plan_.in.planes() * bands_; }
  const std::vector<Offset>& shifts() const { return shifts_; }
  const Base& base() const { return base_; }

  /// F(x) of unit after unit.
  void find_base(int64_t begin, int64_t end) {
    TileWork work(field_, plan_, 0, selects_);
    for (int64_t unit = begin; unit < end; ++unit) {
      visit_tiles(unit, [&](const Tile& tile) {
        work.compute(tile);
        for (int64_t i = tile.row0; i < tile.row1; ++i) {
          const int64_t at = place(tile.plane, i, tile.column0), n = tile.column1 - tile.column0;
          const TileRow row = work.row(i, {});
          std::copy_n(row.values, n, base_.values.data() + at);
          if (selects_) std::copy_n(row.ids, n, base_.ids.data() + at);
        }
      });
      visit_border(unit, {{0, 0}}, [&](int64_t at, size_t, int64_t, int64_t, float value, uint32_t id) {
        base_.values.data()[at] = value;
        if (selects_) base_.ids[static_cast<size_t>(at)] = id;
      });
    }
  }

  /// Sums of one unit, an entry for each of shifts().
  ShiftSums compare(int64_t unit, TileWork& work) {
    ShiftSums sums(shifts_.size());
    visit_tiles(unit, [&](const Tile& tile) {
      work.compute(tile);
      for (int64_t i = tile.row0; i < tile.row1; ++i)
        compare_tile_row(tile, i, work, sums);
    });
    visit_border(unit, shifts_,
                 [&](int64_t at, size_t shift, int64_t i, int64_t j, float value, uint32_t id) {
                   const TileRow before{base_.values.data() + at,
                                        selects_ ? &base_.ids[static_cast<size_t>(at)] : nullptr};
                   compare_row(before, {&value, &id}, 1, sums.rows[shift]);
                   add_along(at / plan_.out.plane(), i, j, j + 1, &value, shift, true, sums);
                 });
    return sums;
  }

 private:
  int64_t place(int64_t plane, int64_t i, int64_t j) const {
    return (plane * plan_.out.h + i) * plan_.out.w + j;
  }

  /// Tiles of the unit's inner outputs.
  template <class Visit>
  void visit_tiles(int64_t unit, Visit visit) {
    Tile tile;
    tile.plane = unit / bands_;
    tile.row0 = std::max(unit % bands_ * band_, rows_.first);
    tile.row1 = std::min({(unit % bands_ + 1) * band_, plan_.out.h, rows_.last});
    if (tile.row0 >= tile.row1) return;
    const int64_t step = std::clamp<int64_t>(kTileColumns / plan_.columns.stride, 16, kTileColumns);
    for (tile.column0 = columns_.first; tile.column0 < columns_.last; tile.column0 = tile.column1) {
      tile.column1 = std::min(tile.column0 + step, columns_.last);
      visit(tile);
    }
  }

  void compare_tile_row(const Tile& tile, int64_t i, TileWork& work, ShiftSums& sums) {
    const int64_t at = place(tile.plane, i, tile.column0), n = tile.column1 - tile.column0;
    const TileRow before{base_.values.data() + at, selects_ ? base_.ids.data() + at : nullptr};
    if (form_ == TileForm::draws) {
      for (size_t s = 0; s < shifts_.size(); ++s) {
        const TileRow after = work.row(i, shifts_[s]);
        compare_rows(before, &after, 1, n, work.plain(), &sums.rows[s]);
        add_along(tile.plane, i, tile.column0, tile.column1, after.values, s, true, sums);
      }
      return;
    }
    work.rows(i, shifts_);
    compare_rows(before, work.shifted().data(), static_cast<int64_t>(shifts_.size()), n, work.plain(),
                 sums.rows.data());
    for (const size_t s : along_shifts_)
      add_along(tile.plane, i, tile.column0, tile.column1, work.shifted()[s].values, s, false, sums);
  }

  /// Adds F(T x) - T' F(x) of outputs [j0, j1) of row i. Where both windows lie inside and read the same
  /// cells they are the same number: only what touches the border or goes round it is compared.
  void add_along(int64_t plane, int64_t i, int64_t j0, int64_t j1, const float* after, size_t shift,
                 bool border, ShiftSums& sums) {
    const std::optional<OutputShift>& by = along_[shift];
    if (!by) return;
    int64_t y = i - by->dy;
    const bool over = y < 0 || y >= plan_.out.h;
    if (over && !by->round) return;
    y = wrapped(y, plan_.out.h);
    const float* row = base_.values.plane(plane) + y * plan_.out.w;
    const bool apart = border || over || !rows_.holds(y);
    // Inner outputs whose source is an inner output: nothing to do.
    for (int64_t j = j0; j < j1; ++j) {
      int64_t x = j - by->dx;
      if (!apart && columns_.holds(x)) {
        j = std::min(j1, columns_.last + by->dx) - 1;
        continue;
      }
      if (x < 0 || x >= plan_.out.w) {
        if (!by->round) continue;
        x = wrapped(x, plan_.out.w);
      }
      sums.along[shift] += squared_difference(after[j - j0], row[x]);
    }
  }

  /// Calls visit(output, index of the shift, row, column, value, winner) for all shifts of the unit's outputs
  /// that are not inner ones.
  template <class Visit>
  void visit_border(int64_t unit, const std::vector<Offset>& shifts, Visit visit) {
    const int64_t plane = unit / bands_, row0 = unit % bands_ * band_,
                  row1 = std::min(row0 + band_, plan_.out.h), inner = columns_.last - columns_.first;
    if (inner == plan_.out.w && row0 >= rows_.first && row1 <= rows_.last) return;
    // Rows that the band's windows read, and what shifts bring in.
    int64_t low = plan_.in.h, high = 0;
    std::vector<AxisWindow> rows;
    for (int64_t i = row0; i < row1; ++i) {
      const AxisWindow window = axis_window(plan_.rows, i, plane);
      rows.push_back(window);
      if (window.valid() == 0) continue;
      low = std::min(low, window.cell(window.first));
      high = std::max(high, window.cell(window.last - 1) + 1);
    }
    const FieldBox box{low - range_, -range_, std::max<int64_t>(high - low, 0) + 2 * range_, pitched_.in.w};
    std::vector<float> patch(static_cast<size_t>(std::max<int64_t>(1, box.rows * box.columns)));
    copy_field(field_, plane, box, patch.data());
    const KindRow& kind = kind_row(plan_.spec.kind);
    for (int64_t i = row0; i < row1; ++i)
      for (int64_t j = 0; j < plan_.out.w; ++j) {
        if (rows_.holds(i) && columns_.holds(j)) {
          j = columns_.last - 1;
          continue;
        }
        Window window{pitched_,
                      nullptr,
                      plane,
                      i,
                      j,
                      0,
                      rows[static_cast<size_t>(i - row0)],
                      axis_window(plan_.columns, j, plane)};
        for (size_t s = 0; s < shifts.size(); ++s) {
          const Offset by = shifts[s];
          window.cells = patch.data() + (-by.dy - box.row) * box.columns - by.dx - box.column;
          const Outcome outcome = kind.kernel.evaluate(window);
          visit(place(plane, i, j), s, i, j, static_cast<float>(outcome.value),
                winner_id(window, outcome, by));
        }
      }
  }

  uint32_t winner_id(const Window& window, const Outcome& outcome, Offset by) const {
    if (!selects_ || outcome.winner < 0) return UINT32_MAX;
    const int64_t row = window.rows.cell(outcome.winner / window.columns.taps),
                  column = window.columns.cell(outcome.winner % window.columns.taps);
    return pixel_id(field_, row - by.dy, column - by.dx);
  }

  const ShiftField& field_;
  const PoolPlan& plan_;
  PoolPlan pitched_;
  int64_t range_, band_ = 1, bands_ = 1;
  InnerAxis rows_, columns_;
  bool selects_;
  TileForm form_;
  std::vector<Offset> shifts_;
  std::vector<std::optional<OutputShift>> along_;
  std::vector<size_t> along_shifts_;  ///< those that have an entry in along_
  Base base_;
};

/// Windows that lie a stride apart, or a window of their own for each output, without looking elsewhere.
bool goes_by_window(const PoolPlan& plan) {
  const KindInfo& kind = kind_info(plan.spec.kind);
  return tile_form(plan) != TileForm::none || (kind.window_local && kind.geometry == Geometry::sliding);
}

void map_by_window(const ShiftField& field, const PoolPlan& plan, ShiftMap& map, const ShiftOptions& options,
                   int threads) {
  MapWork work(field, plan, map.range, options);
  const int64_t units = work.units();
  const auto stopped = [&] { return options.progress && options.progress->cancelled; };
  if (options.progress) options.progress->total = units;
  run_in_pieces(units, threads, [&](int64_t begin, int64_t end) {
    for (int64_t unit = begin; unit < end && !stopped(); ++unit)
      work.find_base(unit, unit + 1);
  });
  std::vector<ShiftSums> sums(static_cast<size_t>(units));
  run_in_pieces(units, threads, [&](int64_t begin, int64_t end) {
    TileWork tiles(field, plan, map.range, map.selects);
    for (int64_t unit = begin; unit < end && !stopped(); ++unit) {
      sums[static_cast<size_t>(unit)] = work.compare(unit, tiles);
      if (options.progress) ++options.progress->done;
    }
  });
  if (stopped()) return;
  const double norm = norm_squares(work.base().values);
  const auto n = static_cast<double>(plan.out.count());
  for (size_t s = 0; s < work.shifts().size(); ++s) {
    // In the order of the units, whoever did them.
    RowSums all;
    double along = 0;
    for (const ShiftSums& unit : sums) {
      all.equal += unit.rows[s].equal;
      all.kept += unit.rows[s].kept;
      all.squares += unit.rows[s].squares;
      along += unit.along[s];
    }
    const Offset by = work.shifts()[s];
    ShiftMetrics& metrics =
        map.metrics[static_cast<size_t>((by.dy + map.range) * map.side() + by.dx + map.range)];
    metrics.unchanged = static_cast<double>(all.equal) / n;
    metrics.relative_change = quotient(all.squares, norm);
    metrics.winners_kept = map.selects ? static_cast<double>(all.kept) / n : kNothing;
    metrics.equivariance_error = output_shift(field, plan, by) ? quotient(along, norm) : kNothing;
  }
}

/// Kinds that must see all of the picture: every shift is pooled.
void map_by_picture(const ShiftField& field, const PoolPlan& plan, ShiftMap& map, const ShiftOptions& options,
                    int threads) {
  const PoolOutput before = pool_shifted(field, plan, {0, 0}, true);
  const auto count = static_cast<int64_t>(map.metrics.size());
  if (options.progress) options.progress->total = count;
  run_in_pieces(count, threads, [&](int64_t begin, int64_t end) {
    for (int64_t s = begin; s < end; ++s) {
      if (options.progress && options.progress->cancelled) return;
      if (options.progress) ++options.progress->done;
      const Offset by{s / map.side() - map.range, s % map.side() - map.range};
      if (options.axes_only && by.dy != 0 && by.dx != 0) continue;
      ShiftPair pair;
      pair.before = before;
      pair.after = pool_shifted(field, plan, by, true);
      map.metrics[static_cast<size_t>(s)] = measure_outputs(field, plan, by, pair);
    }
  });
}

}  // namespace

ShiftMap shift_map(const ShiftField& field, const PoolPlan& plan, int64_t range,
                   const ShiftOptions& options) {
  ShiftMap map;
  map.range = range;
  map.selects = kind_info(plan.spec.kind).selects && options.winners;
  map.metrics.assign(static_cast<size_t>(map.side() * map.side()),
                     ShiftMetrics{kNothing, kNothing, kNothing, kNothing});
  const int threads = options.threads > 0 ? options.threads : hardware_threads();
  if (goes_by_window(plan))
    map_by_window(field, plan, map, options, threads);
  else
    map_by_picture(field, plan, map, options, threads);
  return map;
}

}  // namespace poolscope
