#include "core/data/pixels.h"

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

/// Where a pixel of the upright picture stands in the stored one, by the Exif orientation (Exif 2.32, 4.6.4).
struct Placing {
  bool transposed, from_right, from_bottom;
};
constexpr Placing placing(int orientation) {
  switch (orientation) {
    case 2:
      return {false, true, false};
    case 3:
      return {false, true, true};
    case 4:
      return {false, false, true};
    case 5:
      return {true, false, false};
    case 6:
      return {true, false, true};
    case 7:
      return {true, true, true};
    case 8:
      return {true, true, false};
    default:
      return {false, false, false};
  }
}

/// Means over boxes, in the stored orientation. The edges of the boxes are whole pixels.
Pixels shrink(const PixelView& pixels, int64_t width, int64_t height) {
  Pixels small{width, height, pixels.channels, {}};
  const auto channels = static_cast<int64_t>(pixels.channels);
  small.bytes.resize(static_cast<size_t>(width * height * channels));
  for (int64_t y = 0; y < height; ++y) {
    const int64_t top = y * pixels.height / height, bottom = (y + 1) * pixels.height / height;
    for (int64_t x = 0; x < width; ++x) {
      const int64_t left = x * pixels.width / width, right = (x + 1) * pixels.width / width;
      const int64_t count = (bottom - top) * (right - left);
      for (int64_t c = 0; c < channels; ++c) {
        int64_t sum = 0;
        for (int64_t v = top; v < bottom; ++v)
          for (int64_t u = left; u < right; ++u)
            sum += pixels.bytes[(v * pixels.width + u) * channels + c];
        small.bytes[static_cast<size_t>((y * width + x) * channels + c)] =
            static_cast<uint8_t>((sum + count / 2) / count);
      }
    }
  }
  return small;
}

Tensor upright(const PixelView& pixels, int orientation) {
  const Placing place = placing(orientation);
  const auto channels = static_cast<int64_t>(pixels.channels);
  const int64_t width = place.transposed ? pixels.height : pixels.width;
  const int64_t height = place.transposed ? pixels.width : pixels.height;
  Tensor tensor({1, channels, height, width});
  for (int64_t c = 0; c < channels; ++c) {
    float* row = tensor.plane(c);
    for (int64_t y = 0; y < height; ++y, row += width)
      for (int64_t x = 0; x < width; ++x) {
        int64_t u = place.transposed ? y : x, v = place.transposed ? x : y;
        if (place.from_right) u = pixels.width - 1 - u;
        if (place.from_bottom) v = pixels.height - 1 - v;
        row[x] = pixels.bytes[(v * pixels.width + u) * channels + c];
      }
  }
  return tensor;
}

}  // namespace

Tensor tensor_from_pixels(const PixelView& pixels, int orientation, int64_t max_side) {
  const int64_t longer = std::max(pixels.width, pixels.height);
  if (max_side <= 0 || longer <= max_side) return upright(pixels, orientation);
  const auto scaled = [&](int64_t side) {
    return std::max<int64_t>(1, (side * max_side + longer / 2) / longer);
  };
  const Pixels small = shrink(pixels, scaled(pixels.width), scaled(pixels.height));
  return upright({small.width, small.height, small.channels, small.bytes.data()}, orientation);
}

}  // namespace poolscope
