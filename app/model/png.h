#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace poolscope {

/// Rows of 8-bit pixels without gaps: 1 (grey), 3 (RGB) or 4 (RGBA) bytes per pixel.
struct PixelView {
  int64_t width = 0, height = 0;
  int channels = 1;
  std::span<const uint8_t> bytes;  ///< height * width * channels of them
};

/// The picture as a PNG file (PNG specification, third edition): 8 bits per channel, no ancillary chunks but
/// the description (iTXt, UTF-8) where there is one, so that the same pixels give the same bytes every time.
/// Width and height from 1 to 2^31 - 1.
std::string encode_png(const PixelView& pixels, std::string_view description = {});

}  // namespace poolscope
