#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/progress.h"
#include "core/pooling/pool.h"
#include "core/tensor/tensor.h"

/// What a pooling makes of a shifted picture. T(dy, dx) moves the picture x down by dy and right by dx; F is
/// the pooling. Formulas: ../shared/reference/pooling.md, section 5. core/README.md says what the edges mean.
namespace poolscope {

/// What comes in at the edge.
enum class ShiftEdges {
  reveal,     ///< the picture is the middle of a larger one: more of that
  wrap,       ///< what left on the other side
  zero,       ///< zeros
  replicate,  ///< the first or last row and column again
};
struct ShiftEdgesInfo {
  ShiftEdges edges;
  std::string_view name;  ///< command line and text key
};
std::span<const ShiftEdgesInfo> all_shift_edges();

/// Down and right, in cells; negative: up and left.
struct Offset {
  int64_t dy = 0, dx = 0;
  bool operator==(const Offset&) const = default;
};

/// Further than this no shift goes.
inline constexpr int64_t kLargestShift = 64;

/// The picture that is shifted, and where its new cells come from. Refers to the tensor, which must live on.
struct ShiftField {
  const Tensor* source = nullptr;
  ShiftEdges edges = ShiftEdges::wrap;
  Size2 margin{0, 0};  ///< where the picture begins in the source; 0 but for reveal
  Shape shape;         ///< of the picture
  /// Value at (row, column) of the unshifted picture; up to a margin outside of it.
  float at(int64_t plane, int64_t row, int64_t column) const;
};

/// For shifts of up to `range`. With reveal the picture is what is left of the source when `range` cells are
/// cut off on each side. Error "error.shift.no_room" where nothing is left.
Result<ShiftField> shift_field(const Tensor& source, ShiftEdges edges, int64_t range);
/// The largest range (up to `most`) for which the picture that reveal leaves can be pooled so; -1 for none.
int64_t largest_reveal(const Shape& source, const PoolSpec& spec, int64_t most);
/// A built-in matrix with what lies around it, 8 cells on each side; nullptr for all other names.
TensorPtr shift_surroundings(std::string_view builtin);

/// T(by) x.
Tensor shifted(const ShiftField& field, Offset by);
/// F(T(by) x). `plan` is of field.shape. Indices are those in the shifted picture.
PoolOutput pool_shifted(const ShiftField& field, const PoolPlan& plan, Offset by, bool want_indices = false,
                        Progress* progress = nullptr);

/// How F(T x) differs from F(x). NaN is equal to NaN; equal values differ by 0, infinite ones too.
struct ShiftMetrics {
  double unchanged = 1;        ///< share of outputs with F(T x) = F(x), exactly
  double relative_change = 0;  ///< |F(T x) - F(x)| / |F(x)|, Euclidean norms; NaN where that is not finite
  /// Share of outputs whose winner is the same cell of the picture, the shift undone; NaN for kinds that
  /// do not select. A cell that came in at the edge is none of the picture's (with wrap it is).
  double winners_kept = 1;
  /// |F(T x) - T' F(x)| / |F(x)|, where T' moves the output by (dy / stride, dx / stride): around the edge
  /// with wrap where stride and output fill the picture, else over the outputs that both have. NaN where the
  /// stride does not divide the shift or the kind has no stride.
  double equivariance_error = 0;
  bool operator==(const ShiftMetrics&) const = default;
};
/// One way to measure: its name in files and texts.
struct ShiftMeasure {
  std::string_view name;
  double ShiftMetrics::*value;
};
std::span<const ShiftMeasure> shift_measures();

/// One shift, pooled twice and compared value by value.
struct ShiftPair {
  PoolOutput before, after;  ///< with indices where the kind selects
  ShiftMetrics metrics;
  int64_t outputs = 0, outputs_same = 0;
  int64_t winners_same = 0;
  int64_t inputs = 0, inputs_same = 0;
  double mean_difference = 0;  ///< mean |F(T x) - F(x)|
};
ShiftPair shift_pair(const ShiftField& field, const PoolPlan& plan, Offset by, Progress* progress = nullptr);
/// Whether output `at` (counted over all planes) kept its winner.
bool winner_kept(const ShiftField& field, const ShiftPair& pair, const PoolPlan& plan, Offset by, int64_t at);

/// All shifts from -range to range; entry (dy + range) * side + dx + range.
struct ShiftMap {
  int64_t range = 0;
  std::vector<ShiftMetrics> metrics;
  bool selects = false;
  int64_t side() const { return 2 * range + 1; }
  const ShiftMetrics& at(Offset by) const {
    return metrics[static_cast<size_t>((by.dy + range) * side() + by.dx + range)];
  }
};
struct ShiftOptions {
  int threads = 0;         ///< at most so many; 0: as many as pay
  bool winners = true;     ///< find out which winners are kept
  bool axes_only = false;  ///< only shifts along one axis (all others stay NaN)
  Progress* progress = nullptr;
};
/// Dense stride-1 pooling once; a shift is then a comparison of planes. Windows that reach into the padding,
/// and kinds without a dense form, are pooled for each shift. The same for any number of threads.
ShiftMap shift_map(const ShiftField& field, const PoolPlan& plan, int64_t range,
                   const ShiftOptions& options = {});

/// Share of maxima (or minima) that a shift leaves unchanged where all values are independent and differ:
/// the winner of both windows together must lie where they overlap. k x k taps: (k - 1) / (k + 1) for one
/// cell along an axis, (k - 1)^2 / (2 k^2 - (k - 1)^2) for one along the diagonal.
double independent_unchanged(Size2 window, Size2 dilation, Offset by);
/// Relative change of averages of independent values with this mean and standard deviation.
double independent_change(Size2 window, Size2 dilation, Offset by, double mean, double spread);

}  // namespace poolscope
