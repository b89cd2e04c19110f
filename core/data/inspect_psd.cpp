#include <algorithm>

#include "core/data/byte_reader.h"
#include "core/data/file_errors.h"
#include "core/data/inspect.h"

namespace poolscope {

namespace {

// The format: https://www.adobe.com/devnet-apps/photoshop/fileformatashtml/
std::string_view mode_name(uint16_t mode) {
  switch (mode) {
    case 0:
      return "bitmap PSD";
    case 1:
      return "grey PSD";
    case 2:
      return "indexed PSD";
    case 4:
      return "CMYK PSD";
    case 7:
      return "multichannel PSD";
    case 8:
      return "duotone PSD";
    case 9:
      return "Lab PSD";
    default:
      return "PSD colour mode";
  }
}

/// Whether every row's packed bytes stand for exactly `width` values (the PackBits scheme of TIFF 6.0,
/// section 9).
bool rows_unpack(ByteReader counts, ByteReader packed, int64_t rows, int64_t width) {
  for (int64_t row = 0; row < rows; ++row) {
    ByteReader line(packed.take(counts.u16be()));
    int64_t values = 0;
    while (!line.at_end()) {
      const uint8_t length = line.u8();
      if (length < 128) {
        line.skip(size_t{length} + 1);
        values += length + 1;
      } else if (length > 128) {
        line.skip(1);
        values += 257 - length;
      }
    }
    if (counts.failed() || packed.failed() || line.failed() || values != width) return false;
  }
  return true;
}

}  // namespace

Result<PictureInfo> inspect_psd(std::span<const uint8_t> bytes, const std::string& name) {
  ByteReader reader(bytes);
  reader.skip(4);
  const uint16_t version = reader.u16be();
  reader.skip(6);
  const uint16_t channels = reader.u16be();
  const uint32_t height = reader.u32be(), width = reader.u32be();
  const uint16_t depth = reader.u16be(), mode = reader.u16be();
  if (reader.failed()) return truncated(name, "PSD");
  if (version == 2) return not_offered(name, "PSB");
  if (version != 1) return damaged(name, "PSD");
  if (Status status = check_sides(name, "PSD", width, height); !status) return status.error();
  if (mode != 3) return not_offered(name, mode_name(mode));
  if (depth != 8 && depth != 16) return not_offered(name, std::to_string(depth) + "-bit PSD");
  if (channels < 3 || channels > 16)
    return not_offered(name, "PSD with " + std::to_string(channels) + " channels");
  for (int section = 0; section < 3; ++section)  // palette, resources, layers
    reader.skip(reader.u32be());
  const uint16_t compression = reader.u16be();
  if (reader.failed()) return truncated(name, "PSD");
  if (compression == 2 || compression == 3) return not_offered(name, "ZIP-compressed PSD");
  if (compression > 3) return damaged(name, "PSD");
  const int64_t read_channels = std::min<int64_t>(channels, 4);
  if (compression == 1) {
    if (depth == 16) return not_offered(name, "RLE-compressed 16-bit PSD");
    const std::span<const uint8_t> counts = reader.take(size_t{2} * height * channels);
    if (reader.failed()) return truncated(name, "PSD");
    if (!rows_unpack(ByteReader(counts), reader, int64_t{height} * read_channels, width))
      return damaged(name, "PSD");
  } else if (static_cast<int64_t>(reader.remaining()) < read_channels * width * height * (depth / 8)) {
    return truncated(name, "PSD");
  }
  PictureInfo info;
  info.width = width;
  info.height = height;
  info.working_bytes = int64_t{8} * width * height + (1 << 20);
  return info;
}

}  // namespace poolscope
