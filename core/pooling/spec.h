#pragma once

#include <cstdint>
#include <optional>

namespace poolscope {

/// The ways to pool. The table of what each one is and does: kinds.h.
enum class Kind {
  max,
  average,
  stochastic,
  stochastic_expectation,
  min,
  l2,
  lp,
  log_sum_exp,
  softpool,
  mixed,
  none,
  blur,
  max_blur,
  global_max,
  global_average,
  adaptive_max,
  adaptive_average,
  fractional_max,
  aps,
};

enum class Rounding { floor, ceil };

/// Whose rules hold where frameworks differ: output size, where windows start, what an average divides by,
/// what Lp does with signs. The table of what each one decides: dialects.h.
enum class Dialect { pytorch, onnx, keras_valid, keras_same, caffe };

/// ONNX's auto_pad. `same` pads so that the output has input / stride cells, rounded up; where the padding is
/// odd, the extra cell is after (upper) or before (lower) the input.
enum class AutoPad { none, same_upper, same_lower, valid };

/// Lp: the root of the sum (PyTorch's LPPool, ONNX's LpPool) or of the mean of the powers.
enum class Normalise { sum, mean };

struct Size2 {
  int64_t h = 1, w = 1;
  bool operator==(const Size2&) const = default;
};

/// Padding that differs from side to side.
struct Pads {
  int64_t top = 0, left = 0, bottom = 0, right = 0;
  bool operator==(const Pads&) const = default;
};

/// What was asked: a plain value, saved, undone, compared. What it means on a given input, or why it means
/// nothing, is said by validate() (plan.h). Which fields a kind uses: KindInfo::parameters.
struct PoolSpec {
  Kind kind = Kind::max;
  Size2 window{2, 2};
  Size2 stride{2, 2};
  Size2 padding{0, 0};  ///< on each side
  Size2 dilation{1, 1};
  Rounding rounding = Rounding::floor;
  bool count_padding = true;  ///< an average's divisor counts padding cells (PyTorch's count_include_pad)
  /// An average's divisor, whatever the window holds (PyTorch's divisor_override).
  std::optional<int64_t> divisor = std::nullopt;
  uint64_t seed = 1;  ///< keys the draws of stochastic pooling and the windows of fractional pooling

  double norm = 2;                       ///< Lp: p, above 0
  Normalise normalise = Normalise::sum;  ///< Lp and L2
  double sharpness = 1;                  ///< log-sum-exp: r; 0 is the mean, large is the maximum
  double mix = 0.5;                      ///< mixed: lambda, the share of the maximum, 0 to 1
  int64_t taps = 3;                      ///< blur: length of the binomial filter, 2 to 7
  Size2 output_size{1, 1};               ///< adaptive and fractional pooling

  Dialect dialect = Dialect::pytorch;
  int64_t opset = 22;                       ///< ONNX: version of the operator set, from 11 on
  AutoPad auto_pad = AutoPad::none;         ///< ONNX only
  std::optional<Pads> pads = std::nullopt;  ///< ONNX only: instead of `padding`
  bool operator==(const PoolSpec&) const = default;
};

}  // namespace poolscope
