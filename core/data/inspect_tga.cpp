#include "core/data/byte_reader.h"
#include "core/data/file_errors.h"
#include "core/data/inspect.h"

namespace poolscope {

namespace {

// The format: Truevision TGA, version 2.0, 1991.
constexpr int64_t kHeaderBytes = 18;

struct TgaHeader {
  uint8_t id_length = 0;
  bool has_map = false;
  int type = 0;  ///< 1 palette, 2 colour, 3 grey; 9, 10 and 11 the same in run-length packets
  int64_t map_start = 0, map_length = 0;
  int map_bits = 0;
  int64_t width = 0, height = 0;
  int bits = 0;
  uint8_t descriptor = 0;

  bool mapped() const { return type == 1 || type == 9; }
  bool packed() const { return type >= 9; }
  int64_t map_bytes() const { return has_map ? map_length * ((map_bits + 7) / 8) : 0; }
  int64_t pixel_bytes() const { return (bits + 7) / 8; }
  int64_t data_at() const { return kHeaderBytes + id_length + map_bytes(); }
};

/// Whether the packets hold as many pixels as the picture needs. A last packet may hold more.
bool packets_suffice(ByteReader reader, int64_t wanted, int64_t pixel_bytes) {
  for (int64_t pixels = 0; pixels < wanted;) {
    const uint8_t packet = reader.u8();
    const int64_t count = (packet & 127) + 1;
    reader.skip(static_cast<size_t>(packet & 128 ? pixel_bytes : count * pixel_bytes));
    if (reader.failed()) return false;
    pixels += count;
  }
  return true;
}

TgaHeader read_header(std::span<const uint8_t> bytes) {
  ByteReader reader(bytes);
  TgaHeader header;
  header.id_length = reader.u8();
  header.has_map = reader.u8() == 1;
  header.type = reader.u8();
  header.map_start = reader.u16le();
  header.map_length = reader.u16le();
  header.map_bits = reader.u8();
  reader.skip(4);
  header.width = reader.u16le();
  header.height = reader.u16le();
  header.bits = reader.u8();
  header.descriptor = reader.u8();
  return header;
}

/// stb_image takes the first palette index for a number of bytes to skip, and refuses a palette that the
/// picture does not use: such files are given to it without an offset or without the palette.
std::vector<uint8_t> rewrite(std::span<const uint8_t> bytes, const TgaHeader& header) {
  std::vector<uint8_t> file(bytes.begin(), bytes.begin() + kHeaderBytes);
  const auto map = bytes.subspan(static_cast<size_t>(kHeaderBytes + header.id_length),
                                 static_cast<size_t>(header.map_bytes()));
  const auto data = bytes.subspan(static_cast<size_t>(header.data_at()));
  file[0] = 0;
  file[3] = file[4] = 0;
  const int64_t entries = header.mapped() ? header.map_start + header.map_length : 0;
  file[1] = header.mapped() ? 1 : 0;
  file[5] = static_cast<uint8_t>(entries & 255);
  file[6] = static_cast<uint8_t>(entries >> 8);
  if (header.mapped()) {
    file.resize(file.size() + static_cast<size_t>(header.map_start * ((header.map_bits + 7) / 8)));
    file.insert(file.end(), map.begin(), map.end());
  } else {
    file[7] = 0;
  }
  file.insert(file.end(), data.begin(), data.end());
  return file;
}

}  // namespace

Result<PictureInfo> inspect_tga(std::span<const uint8_t> bytes, const std::string& name) {
  const TgaHeader header = read_header(bytes);
  if (Status status = check_sides(name, "TGA", header.width, header.height); !status) return status.error();
  if (header.mapped() && (header.map_length == 0 || header.map_start + header.map_length > 65535))
    return damaged(name, "TGA");
  if (header.mapped() && header.bits != 8 && header.bits != 16)
    return not_offered(name, "TGA with " + std::to_string(header.bits) + "-bit palette indices");
  if (header.mapped() && header.map_bits == 8) return not_offered(name, "TGA with a grey palette");
  const bool grey = header.type == 3 || header.type == 11;
  if (grey && header.bits != 8 && header.bits != 16)
    return not_offered(name, std::to_string(header.bits) + "-bit grey TGA");
  if (!grey && !header.mapped() && header.bits == 8) return not_offered(name, "8-bit colour TGA");
  const auto file_bytes = static_cast<int64_t>(bytes.size());
  if (header.data_at() > file_bytes) return truncated(name, "TGA");
  const int64_t pixels = header.width * header.height;
  const bool whole = header.packed()
                         ? packets_suffice(ByteReader(bytes.subspan(static_cast<size_t>(header.data_at()))),
                                           pixels, header.pixel_bytes())
                         : header.data_at() + pixels * header.pixel_bytes() <= file_bytes;
  if (!whole) return truncated(name, "TGA");

  PictureInfo info;
  info.width = header.width;
  info.height = header.height;
  info.orientation = header.descriptor & 0x10 ? 2 : 1;  // columns from right to left
  info.opaque = (header.descriptor & 15) == 0;  // no bits of transparency, whatever the fourth byte holds
  info.working_bytes = 8 * pixels + (1 << 20);
  if ((header.mapped() && header.map_start > 0) || (header.has_map && !header.mapped()))
    info.rewritten = rewrite(bytes, header);
  return info;
}

}  // namespace poolscope
