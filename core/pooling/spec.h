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
  none,
};

enum class Rounding { floor, ceil };

struct Size2 {
  int64_t h = 1, w = 1;
  bool operator==(const Size2&) const = default;
};

/// What was asked: a plain value, saved, undone, compared. What it means on a given input, or why it means
/// nothing, is said by validate() (plan.h).
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
  uint64_t seed = 1;  ///< keys the draws of stochastic pooling
  bool operator==(const PoolSpec&) const = default;
};

}  // namespace poolscope
