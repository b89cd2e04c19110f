#pragma once

#include <cstdint>
#include <span>

namespace poolscope {

/// The orientation that a camera wrote, 1 to 8, from Exif data as they stand in a PNG's eXIf chunk or, after
/// "Exif\0\0", in a JPEG's APP1 segment. 1 (upright) where there is none or it makes no sense.
int exif_orientation(std::span<const uint8_t> tiff);

}  // namespace poolscope
