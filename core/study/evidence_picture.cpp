#include "core/study/evidence_picture.h"

#include <algorithm>
#include <cmath>

#include "core/pooling/pool.h"

namespace poolscope {

GreyInput::GreyInput(const EvidenceRequest& request) : input_(request.input) {
  if (request.is_picture) {
    scale_ = 1.0 / 255;
    return;
  }
  const auto values = input_->values().first(static_cast<size_t>(input_->count() / input_->shape().n));
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  low_ = *least;
  if (*most > *least) scale_ = 1 / (static_cast<double>(*most) - low_);
}

Tensor GreyInput::crop(int64_t row, int64_t column, int64_t h, int64_t w) const {
  const Shape& shape = input_->shape();
  Tensor grey(Shape{1, 1, h, w});
  for (int64_t y = 0; y < h; ++y)
    for (int64_t x = 0; x < w; ++x) {
      double sum = 0;
      for (int64_t c = 0; c < shape.c; ++c)
        sum += input_->at(0, c, row + y, column + x);
      grey.at(0, 0, y, x) = static_cast<float>((sum / static_cast<double>(shape.c) - low_) * scale_);
    }
  return grey;
}

Tensor GreyInput::reduced(int64_t most_side, int64_t multiple) const {
  Tensor grey = crop(0, 0, height(), width());
  const int64_t longest = std::max(height(), width());
  if (longest > most_side) {
    PoolSpec spec;
    spec.kind = Kind::adaptive_average;
    const auto shrunk = [&](int64_t side) {
      return std::max(side * most_side / longest, std::min(side, multiple));
    };
    spec.output_size = {shrunk(height()), shrunk(width())};
    grey = forward(validate(spec, grey.shape()).value(), grey).values;
  }
  const int64_t h = grey.shape().h / multiple * multiple, w = grey.shape().w / multiple * multiple;
  Tensor cut(Shape{1, 1, h, w});
  for (int64_t y = 0; y < h; ++y)
    std::copy_n(&grey.at(0, 0, y, 0), w, &cut.at(0, 0, y, 0));
  return cut;
}

Spread spread_of(std::span<const float> values) {
  const auto n = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  for (const float value : values)
    sum += value;
  const double mean = sum / n;
  for (const float value : values)
    squares += (value - mean) * (value - mean);
  return {mean, std::sqrt(squares / n)};
}

PoolPlan sliding_plan(Kind kind, int64_t window, int64_t stride, const Shape& shape) {
  PoolSpec spec;
  spec.kind = kind;
  spec.window = {window, window};
  spec.stride = {stride, stride};
  return validate(spec, shape).value();
}

}  // namespace poolscope
