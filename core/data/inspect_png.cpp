#include <array>

#include "core/data/byte_reader.h"
#include "core/data/exif.h"
#include "core/data/file_errors.h"
#include "core/data/inspect.h"

namespace poolscope {

namespace {

// The format: https://www.w3.org/TR/png-3/
constexpr size_t kSignatureBytes = 8;
constexpr uint32_t kLongestChunk = 0x7fffffff;

constexpr uint32_t type_of(const char (&text)[5]) {
  uint32_t type = 0;
  for (size_t i = 0; i < 4; ++i)
    type = type << 8 | static_cast<uint8_t>(text[i]);
  return type;
}

constexpr std::array<uint32_t, 256> crc_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t n = 0; n < 256; ++n) {
    uint32_t c = n;
    for (int bit = 0; bit < 8; ++bit)
      c = c & 1 ? 0xedb88320u ^ c >> 1 : c >> 1;
    table[n] = c;
  }
  return table;
}

/// Of the chunk's type and data, as appendix D of the specification computes it.
uint32_t crc(std::span<const uint8_t> bytes) {
  static constexpr std::array<uint32_t, 256> kTable = crc_table();
  uint32_t c = 0xffffffff;
  for (const uint8_t byte : bytes)
    c = kTable[(c ^ byte) & 255] ^ c >> 8;
  return ~c;
}

class PngInspector {
 public:
  PngInspector(std::span<const uint8_t> bytes, const std::string& name)
      : bytes_(bytes), reader_(bytes), name_(name) {
    reader_.skip(kSignatureBytes);
  }

  Result<PictureInfo> inspect() {
    while (!ended_)
      if (Status status = next_chunk(); !status) return status.error();
    if (!has_header_ || !has_data_) return damaged(name_, "PNG");
    // Bytes that stb_image holds at once: the compressed data (grown by doubling), the inflated rows (also),
    // the picture, a second one when interlaced or with a palette, and the reduction from 16 to 8 bits.
    const int64_t pixels = info_.width * info_.height;
    const int64_t pixel_bytes = (channels_ + 1) * (depth_ == 16 ? 2 : 1);
    info_.working_bytes = 2 * data_bytes_ + (4 * pixel_bytes + 4) * pixels + 16 * info_.height + (1 << 20);
    return info_;
  }

 private:
  Error bad() const { return damaged(name_, "PNG"); }

  Status next_chunk() {
    if (reader_.at_end()) return truncated(name_, "PNG");
    const uint32_t length = reader_.u32be();
    const size_t start = reader_.position();
    const uint32_t type = reader_.u32be();
    if (reader_.failed() || length > kLongestChunk || reader_.remaining() < size_t{length} + 4)
      return truncated(name_, "PNG");
    if (!has_header_ && type == type_of("CgBI")) return not_offered(name_, "Apple CgBI PNG");
    if (!has_header_ && type != type_of("IHDR")) return bad();
    const std::span<const uint8_t> data = reader_.take(length);
    const bool right = reader_.u32be() == crc(bytes_.subspan(start, size_t{length} + 4));
    const bool critical = (type & 1u << 29) == 0;
    // A wrong sum in a text or colour profile does not touch the pixels.
    if (critical && !right) return bad();
    if (type != type_of("IDAT") && has_data_) data_over_ = true;
    return critical ? critical_chunk(type, data) : other_chunk(type, data, right);
  }

  Status critical_chunk(uint32_t type, std::span<const uint8_t> data) {
    switch (type) {
      case type_of("IHDR"):
        return header(data);
      case type_of("PLTE"):
        if (has_data_ || palette_ > 0 || data.size() % 3 != 0 || data.empty() || data.size() > 768)
          return bad();
        palette_ = static_cast<int64_t>(data.size() / 3);
        return {};
      case type_of("IDAT"):
        if (data_over_ || (colour_type_ == 3 && palette_ == 0)) return bad();
        has_data_ = true;
        data_bytes_ += static_cast<int64_t>(data.size());
        return {};
      case type_of("IEND"):
        ended_ = true;
        return {};
      default:
        return bad();
    }
  }

  Status header(std::span<const uint8_t> data) {
    if (has_header_ || data.size() != 13) return bad();
    has_header_ = true;
    ByteReader header(data);
    info_.width = header.u32be();
    info_.height = header.u32be();
    depth_ = header.u8();
    colour_type_ = header.u8();
    const uint8_t compression = header.u8(), filter = header.u8(), interlace = header.u8();
    constexpr std::array<int, 7> kChannels = {1, 0, 3, 1, 2, 0, 4};  // by colour type
    if (colour_type_ > 6 || kChannels[colour_type_] == 0) return bad();
    channels_ = colour_type_ == 3 ? 4 : kChannels[colour_type_];
    const bool small_depth = depth_ == 1 || depth_ == 2 || depth_ == 4;
    const bool depth_fits = depth_ == 8 || (small_depth && (colour_type_ == 0 || colour_type_ == 3)) ||
                            (depth_ == 16 && colour_type_ != 3);
    if (!depth_fits || compression != 0 || filter != 0 || interlace > 1) return bad();
    return check_sides(name_, "PNG", info_.width, info_.height);
  }

  Status other_chunk(uint32_t type, std::span<const uint8_t> data, bool right) {
    if (type == type_of("tRNS") && !has_data_) {
      const size_t wanted = colour_type_ == 0 ? 2 : colour_type_ == 2 ? 6 : 0;
      const bool fits = colour_type_ == 3 ? static_cast<int64_t>(data.size()) <= palette_ && palette_ > 0
                                          : data.size() == wanted && wanted > 0;
      return fits && right ? Status() : bad();
    }
    if (type == type_of("eXIf") && right) info_.orientation = exif_orientation(data);
    return {};
  }

  std::span<const uint8_t> bytes_;
  ByteReader reader_;
  std::string name_;
  PictureInfo info_;
  int depth_ = 0, channels_ = 0;
  uint8_t colour_type_ = 0;
  int64_t palette_ = 0, data_bytes_ = 0;
  bool has_header_ = false, has_data_ = false, data_over_ = false, ended_ = false;
};

}  // namespace

Result<PictureInfo> inspect_png(std::span<const uint8_t> bytes, const std::string& name) {
  return PngInspector(bytes, name).inspect();
}

}  // namespace poolscope
