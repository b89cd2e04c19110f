#include "app/gl/thumbnail.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace poolscope::gl {
namespace {

constexpr int64_t kSamples = 8;

/// Mean of up to 8 x 8 cells spread over [y0, y1) x [x0, x1), without those that are not finite.
float block_mean(const Tensor& tensor, int64_t channel, int64_t y0, int64_t y1, int64_t x0, int64_t x1) {
  const float* plane = tensor.plane(channel);
  const int64_t step_y = std::max<int64_t>(1, (y1 - y0) / kSamples),
                step_x = std::max<int64_t>(1, (x1 - x0) / kSamples);
  double sum = 0;
  int count = 0;
  for (int64_t y = y0; y < y1; y += step_y) {
    for (int64_t x = x0; x < x1; x += step_x) {
      const float v = plane[y * tensor.shape().w + x];
      if (!std::isfinite(v)) continue;
      sum += v;
      ++count;
    }
  }
  return count ? static_cast<float>(sum / count) : std::numeric_limits<float>::quiet_NaN();
}

}  // namespace

Thumbnail make_thumbnail(const Tensor& tensor, int side) {
  const Shape& shape = tensor.shape();
  if (shape.plane() == 0 || side <= 0) return {};
  const int64_t square = std::min(shape.h, shape.w);
  const int64_t top = (shape.h - square) / 2, left = (shape.w - square) / 2;
  const int64_t channels = shape.c >= 3 ? 3 : 1;
  const auto pixels = static_cast<size_t>(side) * static_cast<size_t>(side);
  std::vector<float> values(pixels * static_cast<size_t>(channels));
  float low = std::numeric_limits<float>::infinity(), high = -low;
  for (int y = 0; y < side; ++y) {
    const int64_t y0 = top + square * y / side, y1 = std::max(y0 + 1, top + square * (y + 1) / side);
    for (int x = 0; x < side; ++x) {
      const int64_t x0 = left + square * x / side, x1 = std::max(x0 + 1, left + square * (x + 1) / side);
      const size_t at = static_cast<size_t>(y) * static_cast<size_t>(side) + static_cast<size_t>(x);
      for (int64_t c = 0; c < channels; ++c) {
        const float v = block_mean(tensor, c, y0, y1, x0, x1);
        values[at * static_cast<size_t>(channels) + static_cast<size_t>(c)] = v;
        if (std::isnan(v)) continue;
        low = std::min(low, v);
        high = std::max(high, v);
      }
    }
  }
  if (low >= 0 && high <= 255) {
    low = 0;
    high = high <= 1                    ? 1.0f
           : channels == 3 || high > 16 ? 255.0f
                                        : high;  // a small matrix over its own values
  }
  const float scale = high > low ? 255.0f / (high - low) : 0.0f;
  Thumbnail out{side, side, std::vector<uint8_t>(pixels * 4, 255)};
  for (size_t i = 0; i < pixels; ++i) {
    for (size_t c = 0; c < 3; ++c) {
      const float v = values[i * static_cast<size_t>(channels) + (channels == 3 ? c : 0)];
      const float byte = std::isnan(v) ? 128.0f : scale > 0 ? (v - low) * scale : 128.0f;
      out.rgba[i * 4 + c] = static_cast<uint8_t>(std::lround(std::clamp(byte, 0.0f, 255.0f)));
    }
  }
  return out;
}

}  // namespace poolscope::gl
