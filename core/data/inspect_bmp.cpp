#include <array>
#include <bit>
#include <cstdlib>

#include "core/data/byte_reader.h"
#include "core/data/file_errors.h"
#include "core/data/inspect.h"

namespace poolscope {

namespace {

// The format: https://learn.microsoft.com/windows/win32/gdi/bitmap-header-types
constexpr uint32_t kFileHeader = 14;
constexpr uint32_t kCoreHeader = 12, kInfoHeader = 40, kV4Header = 108;

struct BmpHeader {
  uint32_t offset = 0;  ///< of the pixels
  uint32_t size = 0;    ///< of the header that follows the file header
  int64_t width = 0, height = 0;
  bool top_down = false;
  int planes = 0, bits = 0;
  uint32_t compression = 0;
  uint32_t colours = 0;             ///< in the palette, as the file says; 0 stands for all
  std::array<uint32_t, 4> masks{};  ///< red, green, blue, alpha
  int64_t palette_at = 0, palette_entries = 0, palette_entry_bytes = 4;

  int64_t row_bytes() const { return (width * bits + 31) / 32 * 4; }
};

void put16(std::vector<uint8_t>& bytes, uint32_t value) {
  bytes.push_back(static_cast<uint8_t>(value & 255));
  bytes.push_back(static_cast<uint8_t>(value >> 8 & 255));
}
void put32(std::vector<uint8_t>& bytes, uint32_t value) {
  put16(bytes, value & 0xffff);
  put16(bytes, value >> 16);
}

class BmpInspector {
 public:
  BmpInspector(std::span<const uint8_t> bytes, const std::string& name) : bytes_(bytes), name_(name) {}

  Result<PictureInfo> inspect() {
    if (Status status = read_header(); !status) return status.error();
    if (Status status = check_variant(); !status) return status.error();
    if (Status status = check_sides(name_, "BMP", header_.width, header_.height); !status)
      return status.error();
    if (Status status = check_layout(); !status) return status.error();
    PictureInfo info;
    info.width = header_.width;
    info.height = header_.height;
    info.working_bytes = 4 * info.width * info.height + (1 << 20);
    if (misread_as_it_stands()) info.rewritten = rewrite();
    return info;
  }

 private:
  Error bad() const { return damaged(name_, "BMP"); }

  Status read_header() {
    ByteReader reader(bytes_);
    reader.skip(10);
    header_.offset = reader.u32le();
    header_.size = reader.u32le();
    if (header_.size == kCoreHeader) {
      header_.width = reader.u16le();
      header_.height = reader.u16le();
      header_.palette_entry_bytes = 3;
    } else {
      header_.width = static_cast<int32_t>(reader.u32le());
      header_.height = static_cast<int32_t>(reader.u32le());
      header_.top_down = header_.height < 0;
      header_.height = std::abs(header_.height);
    }
    header_.planes = reader.u16le();
    header_.bits = reader.u16le();
    if (header_.size >= kInfoHeader) {
      header_.compression = reader.u32le();
      reader.skip(12);
      header_.colours = reader.u32le();
      reader.skip(4);
      const bool has_masks = header_.size > kInfoHeader || header_.compression == 3;
      for (size_t i = 0; has_masks && i < (header_.size == kInfoHeader || header_.size == 52 ? 3 : 4); ++i)
        header_.masks[i] = reader.u32le();
    }
    return reader.failed() ? truncated(name_, "BMP") : Status();
  }

  Status check_variant() const {
    constexpr std::array<uint32_t, 6> kSizes = {kCoreHeader, kInfoHeader, 52, 56, kV4Header, 124};
    bool known = false;
    for (const uint32_t size : kSizes)
      known = known || header_.size == size;
    if (!known) return not_offered(name_, "BMP with a header of " + std::to_string(header_.size) + " bytes");
    const uint32_t compression = header_.compression;
    if (compression == 1 || compression == 2) return not_offered(name_, "RLE BMP");
    if (compression == 4 || compression == 5) return not_offered(name_, "BMP with JPEG or PNG inside");
    if (compression != 0 && compression != 3)
      return not_offered(name_, "BMP compression " + std::to_string(compression));
    if (header_.planes != 1) return bad();
    constexpr std::array<int, 6> kBits = {1, 4, 8, 16, 24, 32};
    known = false;
    for (const int bits : kBits)
      known = known || header_.bits == bits;
    if (!known || (header_.size == kCoreHeader && (header_.bits == 16 || header_.bits == 32)))
      return not_offered(name_, std::to_string(header_.bits) + "-bit BMP");
    if (compression != 3) return {};
    if (header_.bits != 16 && header_.bits != 32) return bad();
    for (size_t i = 0; i < header_.masks.size(); ++i) {
      const int bits = std::popcount(header_.masks[i]);
      if (bits > 8 || (bits == 0 && i < 3)) return not_offered(name_, "BMP with unusual colour masks");
    }
    return {};
  }

  /// Where palette and pixels lie, and that they lie inside the file.
  Status check_layout() {
    header_.palette_at = kFileHeader + header_.size;
    if (header_.size == kInfoHeader && header_.compression == 3) header_.palette_at += 12;
    const auto file_bytes = static_cast<int64_t>(bytes_.size());
    if (header_.offset < header_.palette_at) return bad();
    const int64_t row_bytes_of_last = (header_.width * header_.bits + 7) / 8;
    const int64_t pixel_bytes = header_.row_bytes() * (header_.height - 1) + row_bytes_of_last;
    if (header_.offset + pixel_bytes > file_bytes) return truncated(name_, "BMP");
    if (header_.bits > 8) return {};
    const int64_t most = int64_t{1} << header_.bits;
    const int64_t room = (header_.offset - header_.palette_at) / header_.palette_entry_bytes;
    header_.palette_entries = header_.colours == 0 ? most : header_.colours;
    if (header_.palette_entries > most) return bad();
    header_.palette_entries = std::min(header_.palette_entries, room);
    return header_.palette_entries == 0 ? bad() : Status();
  }

  /// stb_image 2.27 miscounts the palette after a 12-byte header, reads the masks of 52 and 56 byte headers
  /// twice, refuses more than 256 entries' room before the pixels of a palette picture, and any room before
  /// those of others.
  bool misread_as_it_stands() const {
    const int64_t gap = header_.offset - header_.palette_at;
    if (header_.size == kCoreHeader || header_.size == 52 || header_.size == 56) return true;
    return header_.bits > 8 ? gap > 0 : gap / 4 != header_.palette_entries;
  }

  /// The same picture with the header, palette and place that stb_image reads rightly.
  std::vector<uint8_t> rewrite() const {
    const bool masks = header_.compression == 3;
    const uint32_t header_size = masks ? kV4Header : kInfoHeader;
    const auto palette_bytes = static_cast<uint32_t>(4 * header_.palette_entries);
    std::vector<uint8_t> file = {'B', 'M'};
    const auto from = bytes_.begin() + header_.offset;
    const int64_t pixel_bytes =
        std::min(header_.row_bytes() * header_.height, static_cast<int64_t>(bytes_.end() - from));
    const uint32_t offset = kFileHeader + header_size + palette_bytes;
    put32(file, offset + static_cast<uint32_t>(pixel_bytes));
    put32(file, 0);
    put32(file, offset);
    put32(file, header_size);
    put32(file, static_cast<uint32_t>(header_.width));
    put32(file, static_cast<uint32_t>(header_.top_down ? -header_.height : header_.height));
    put16(file, 1);
    put16(file, static_cast<uint32_t>(header_.bits));
    put32(file, masks ? 3 : 0);
    for (int i = 0; i < 3; ++i)
      put32(file, 0);
    put32(file, static_cast<uint32_t>(header_.palette_entries));
    put32(file, 0);
    if (masks)
      for (const uint32_t mask : header_.masks)
        put32(file, mask);
    file.resize(kFileHeader + header_size);
    for (int64_t i = 0; i < header_.palette_entries; ++i)
      for (int64_t c = 0; c < 4; ++c)
        file.push_back(
            c == 3 ? 0
                   : bytes_[static_cast<size_t>(header_.palette_at + i * header_.palette_entry_bytes + c)]);
    file.insert(file.end(), from, from + pixel_bytes);
    return file;
  }

  std::span<const uint8_t> bytes_;
  std::string name_;
  BmpHeader header_;
};

}  // namespace

Result<PictureInfo> inspect_bmp(std::span<const uint8_t> bytes, const std::string& name) {
  return BmpInspector(bytes, name).inspect();
}

}  // namespace poolscope
