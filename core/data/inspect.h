#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/file_kind.h"

namespace poolscope {

/// What a picture file says about itself, after its structure was checked: everything that has to be known
/// before a decoder may see it.
struct PictureInfo {
  int64_t width = 0, height = 0;  ///< as stored, before the orientation
  int orientation = 1;            ///< Exif, 1 to 8; also used for formats that store rows from right to left
  bool opaque = false;            ///< the fourth channel is no transparency and is left out
  int64_t working_bytes = 0;      ///< the most that the decoder needs besides the file
  /// The file said differently, where the decoder is known to misread it as it stands; else empty.
  std::vector<uint8_t> rewritten;
};

/// Checks what stb_image does not, or does unsafely: that the file is whole, that its tables are in range,
/// that the variant is one that is read correctly, that its sides are within limits. Formats: PNG, JPEG, BMP,
/// GIF, PSD and TGA.
Result<PictureInfo> inspect_picture(FileKind kind, std::span<const uint8_t> bytes, const std::string& name);

Result<PictureInfo> inspect_png(std::span<const uint8_t> bytes, const std::string& name);
Result<PictureInfo> inspect_jpeg(std::span<const uint8_t> bytes, const std::string& name);
Result<PictureInfo> inspect_bmp(std::span<const uint8_t> bytes, const std::string& name);
Result<PictureInfo> inspect_gif(std::span<const uint8_t> bytes, const std::string& name);
Result<PictureInfo> inspect_psd(std::span<const uint8_t> bytes, const std::string& name);
Result<PictureInfo> inspect_tga(std::span<const uint8_t> bytes, const std::string& name);

}  // namespace poolscope
