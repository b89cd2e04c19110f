#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "core/study/shift.h"

/// Inner vocabulary of core/study/shift*. Callers use shift.h.
namespace poolscope {

/// i modulo n, from 0 to n - 1.
inline int64_t wrapped(int64_t i, int64_t n) {
  i %= n;
  return i < 0 ? i + n : i;
}

/// Memory that is written before it is read, and kept while it is large enough.
template <class T>
class Scratch {
 public:
  T* sized(int64_t count) {
    if (count > size_) {
      memory_.reset(new T[static_cast<size_t>(count)]);
      size_ = count;
    }
    return memory_.get();
  }
  T* data() { return memory_.get(); }
  const T* data() const { return memory_.get(); }
  void swap(Scratch& other) { std::swap(memory_, other.memory_), std::swap(size_, other.size_); }

 private:
  std::unique_ptr<T[]> memory_;
  int64_t size_ = 0;
};

/// Cells of the unshifted picture and around it.
struct FieldBox {
  int64_t row = 0, column = 0, rows = 0, columns = 0;
};
/// Writes them, row by row.
void copy_field(const ShiftField& field, int64_t plane, const FieldBox& box, float* to);

/// A number for a cell of the unshifted picture: the same only for the same cell.
uint32_t pixel_id(const ShiftField& field, int64_t row, int64_t column);

/// How the output moves along; `round`: around its edges.
struct OutputShift {
  int64_t dy = 0, dx = 0;
  bool round = false;
};
/// Nothing where the stride does not divide the shift.
std::optional<OutputShift> output_shift(const ShiftField& field, const PoolPlan& plan, Offset by);

/// sqrt(squares / norm_squares); 0 for 0, NaN for what is not finite.
double quotient(double squares, double norm_squares);
/// (a - b)^2; 0 where they are equal, or both NaN.
double squared_difference(float a, float b);
double norm_squares(const Tensor& values);
double equivariance_squares(const Tensor& before, const Tensor& after, const OutputShift& by);
/// Metrics and counts of pair.before and pair.after.
ShiftMetrics measure_outputs(const ShiftField& field, const PoolPlan& plan, Offset by, ShiftPair& pair);

/// What two rows of outputs have in common.
struct RowSums {
  int64_t equal = 0, kept = 0;
  double squares = 0;
};
/// A row of outputs, and its winners where the kind selects.
struct TileRow {
  const float* values = nullptr;
  const uint32_t* ids = nullptr;
};
/// Compares n outputs by the whole rule.
void compare_row(const TileRow& base, const TileRow& moved, int64_t n, RowSums& sums);
/// The same of many shifts. `plain`: all values are finite and of a size whose squares fit into a float.
void compare_rows(const TileRow& base, const TileRow* moved, int64_t shifts, int64_t n, bool plain,
                  RowSums* sums);
/// Whether compare_rows() may take them for plain.
bool is_plain(const float* values, int64_t n);
/// from[0], from[step], ... to to[0], to[1], ...: n of them.
void every_nth(const float* from, int64_t step, int64_t n, float* to);
void every_nth(const uint32_t* from, int64_t step, int64_t n, uint32_t* to);
/// to[x] = sum over k of weights[k] * from[k * step + x], in double.
void weighted_rows(const float* from, int64_t step, const std::vector<double>& weights, int64_t n,
                   double* to);
void weighted_columns(const double* from, int64_t step, const std::vector<double>& weights, int64_t n,
                      double* to);
void divided(const double* from, double divisor, int64_t n, float* to);

/// Flat indices in a patch to numbers of cells: windows start in the patch's row that begins at `start`, are
/// `extent` rows high, and that row's first cell has the number `first`, the next row's first + next.
struct WinnerRow {
  uint32_t start = 0, width = 0, first = 0, next = 0;
  int64_t extent = 1;
};
void numbered_winners(const int64_t* from, const WinnerRow& row, int64_t n, uint32_t* to);

}  // namespace poolscope
