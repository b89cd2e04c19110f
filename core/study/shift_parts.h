#pragma once

#include <cstdint>
#include <optional>

#include "core/study/shift.h"

/// Inner vocabulary of core/study/shift*. Callers use shift.h.
namespace poolscope {

/// i modulo n, from 0 to n - 1.
inline int64_t wrapped(int64_t i, int64_t n) {
  i %= n;
  return i < 0 ? i + n : i;
}

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
/// Compares n values, and where `base_ids` is given n winners. `plain`: all values are finite and of a size
/// whose squares fit into a float.
void compare_rows(const float* base, const float* moved, const uint32_t* base_ids, const uint32_t* moved_ids,
                  int64_t n, bool plain, RowSums& sums);
/// from[0], from[step], ... to to[0], to[1], ...: n of them.
void every_nth(const float* from, int64_t step, int64_t n, float* to);
/// Whether compare_rows() may take them for plain.
bool is_plain(const float* values, int64_t n);

}  // namespace poolscope
