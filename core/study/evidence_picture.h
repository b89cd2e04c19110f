#pragma once

#include "core/pooling/plan.h"
#include "core/study/evidence.h"

/// The user's picture as experiments see it. Inner vocabulary of core/study/evidence.
namespace poolscope {

/// The mean of the channels of the first batch item, from 0 to 1: picture values over 255, all else from its
/// smallest to its largest value.
class GreyInput {
 public:
  explicit GreyInput(const EvidenceRequest& request);
  int64_t height() const { return input_->shape().h; }
  int64_t width() const { return input_->shape().w; }
  /// Cells from (row, column) on: 1 x 1 x h x w.
  Tensor crop(int64_t row, int64_t column, int64_t h, int64_t w) const;
  /// The whole, made smaller by averaging so that no side is longer than `most_side`, then cut at the end so
  /// that both sides are multiples of `multiple`.
  Tensor reduced(int64_t most_side, int64_t multiple) const;

 private:
  TensorPtr input_;
  double low_ = 0, scale_ = 1;
};

/// Mean and standard deviation of all values.
struct Spread {
  double mean = 0, deviation = 0;
};
Spread spread_of(std::span<const float> values);

/// A sliding pooling of one kind; the shape must have room for it.
PoolPlan sliding_plan(Kind kind, int64_t window, int64_t stride, const Shape& shape);

}  // namespace poolscope
