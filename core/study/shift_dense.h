#pragma once

#include <cstdint>
#include <vector>

#include "core/study/shift_parts.h"

/// Dense pooling of a patch of a picture, split so that a shift reads neighbouring values. Inner vocabulary
/// of core/study/shift*.
namespace poolscope {

/// Outputs [first, last) of an axis have windows that lie inside the picture; window `first` starts at
/// `start`.
struct InnerAxis {
  int64_t first = 0, last = 0, start = 0;
  int64_t extent = 1;  ///< cells of a window, from the first to one past the last
  bool holds(int64_t o) const { return o >= first && o < last; }
  int64_t start_of(int64_t o, int64_t stride) const { return start + (o - first) * stride; }
};
/// Of a plan of a sliding, sampling or blurred kind.
InnerAxis inner_axis(const AxisPlan& axis);
/// How the outputs of inner windows are found for all shifts.
enum class TileForm {
  dense,  ///< one window's result is the same function of its cells wherever it lies
  draws,  ///< stochastic pooling
  none,
};
TileForm tile_form(const PoolPlan& plan);

/// A tile of outputs of one plane.
struct Tile {
  int64_t plane = 0, row0 = 0, row1 = 0, column0 = 0, column1 = 0;
};

/// F(T x) of a tile of inner outputs for all shifts up to `range`.
class DenseTile {
 public:
  DenseTile(const ShiftField& field, const PoolPlan& plan, int64_t range, bool want_ids);
  void compute(const Tile& tile);
  /// Row `row` (of the whole output) of the tile, shifted: column1 - column0 values, or winners.
  const float* values(int64_t row, Offset by) const { return values_.data() + place(row, by); }
  const uint32_t* ids(int64_t row, Offset by) const {
    return want_ids_ ? ids_.data() + place(row, by) : nullptr;
  }
  /// See compare_rows().
  bool plain() const { return plain_; }

 private:
  size_t place(int64_t row, Offset by) const {
    const int64_t y = (row - tile_.row0) * stride_.h + range_ - by.dy, x = range_ - by.dx;
    return static_cast<size_t>((y * stride_.w + x % stride_.w) * pitch_ + x / stride_.w);
  }
  void pool(Shape patch, Shape dense);
  void pool_blur(Shape patch, Shape dense);
  void pool_average(Shape patch, Shape dense);
  void find_ids(const FieldBox& box, Shape dense);
  void split(Shape dense);

  const ShiftField& field_;
  const PoolPlan& plan_;
  int64_t range_;
  bool want_ids_;
  Size2 stride_;
  InnerAxis rows_, columns_;
  Tile tile_;
  int64_t pitch_ = 1;
  bool plain_ = true;
  Scratch<float> patch_, dense_, values_;
  Scratch<double> sums_, lines_;
  Scratch<int64_t> indices_;
  Scratch<uint32_t> dense_ids_, ids_;
};

/// The same for draws, which belong to places: a draw stays and the values under it move.
class DrawTile {
 public:
  DrawTile(const ShiftField& field, const PoolPlan& plan, int64_t range);
  void compute(const Tile& tile);
  /// Draws row `row` of the tile, shifted; ask for all shifts of a row one after the other.
  void draw(int64_t row, Offset by);
  const float* values() const { return values_.data(); }
  const uint32_t* ids() const { return ids_.data(); }
  bool plain() const { return plain_; }

 private:
  int64_t draw_one(const float* cells, double chance) const;

  const ShiftField& field_;
  const PoolPlan& plan_;
  int64_t range_, row_ = -1;
  InnerAxis rows_, columns_;
  Tile tile_;
  FieldBox box_;
  bool plain_ = true;
  Scratch<float> patch_, values_;
  Scratch<double> chances_;
  Scratch<uint32_t> ids_;
};

}  // namespace poolscope
