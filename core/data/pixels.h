#pragma once

#include <cstdint>
#include <vector>

#include "core/tensor/tensor.h"

namespace poolscope {

/// A picture in bytes as decoders give it: rows from the top, channels interleaved, 1 (grey) or 3 (RGB).
struct Pixels {
  int64_t width = 0, height = 0;
  int channels = 1;
  std::vector<uint8_t> bytes;
};
struct PixelView {
  int64_t width = 0, height = 0;
  int channels = 1;
  const uint8_t* bytes = nullptr;
};

/// The picture upright, as 1 x C x H x W with values 0 to 255. `orientation` is the Exif tag (1 to 8).
/// `max_side` > 0 makes a preview whose longer side is at most that: every pixel is the mean of the box of
/// pixels that it covers.
Tensor tensor_from_pixels(const PixelView& pixels, int orientation = 1, int64_t max_side = 0);

/// Lays `colour` (0 to 255) with `alpha` over white, rounded.
constexpr uint8_t over_white(uint8_t colour, uint8_t alpha) {
  return static_cast<uint8_t>((colour * alpha + 255 * (255 - alpha) + 127) / 255);
}

}  // namespace poolscope
