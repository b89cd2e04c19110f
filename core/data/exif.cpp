#include "core/data/exif.h"

#include "core/data/byte_reader.h"

namespace poolscope {

// The one tag that matters here stands in the first directory of the TIFF structure (TIFF 6.0, section 2;
// Exif 2.32, 4.6.4). Reading it takes these few bounded lines; a library for all of Exif would be another
// decoder to guard.
int exif_orientation(std::span<const uint8_t> tiff) {
  constexpr uint16_t kOrientation = 0x0112, kShort = 3;
  ByteReader header(tiff);
  const bool little = header.next_is("II");
  if (!little && !header.next_is("MM")) return 1;
  const auto u16 = [little](ByteReader& reader) { return little ? reader.u16le() : reader.u16be(); };
  const auto u32 = [little](ByteReader& reader) { return little ? reader.u32le() : reader.u32be(); };
  header.skip(2);
  if (u16(header) != 42) return 1;
  const uint32_t offset = u32(header);
  if (header.failed() || offset > tiff.size()) return 1;
  ByteReader directory(tiff.subspan(offset));
  const uint16_t entries = u16(directory);
  for (uint16_t i = 0; i < entries && !directory.failed(); ++i) {
    const uint16_t tag = u16(directory), type = u16(directory);
    const uint32_t count = u32(directory);
    const uint16_t value = u16(directory);
    directory.skip(2);
    if (tag == kOrientation)
      return type == kShort && count == 1 && value >= 1 && value <= 8 && !directory.failed() ? value : 1;
  }
  return 1;
}

}  // namespace poolscope
