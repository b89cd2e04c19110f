#include "app/ui/font_file.h"

#include <cstdint>
#include <cstring>
#include <fstream>
#include <map>
#include <system_error>

namespace poolscope::ui {
namespace {

constexpr uint64_t kLargestFile = 64ull << 20;

/// Big-endian numbers of a file, 0 beyond its end.
struct Reader {
  const std::vector<unsigned char>& bytes;
  bool inside(uint64_t offset, uint64_t size) const {
    return offset <= bytes.size() && size <= bytes.size() - offset;
  }
  uint32_t u16(uint64_t at) const { return inside(at, 2) ? bytes[at] << 8u | bytes[at + 1] : 0u; }
  int32_t i16(uint64_t at) const { return static_cast<int16_t>(u16(at)); }
  uint32_t u32(uint64_t at) const { return u16(at) << 16u | u16(at + 2); }
};

struct Table {
  uint32_t offset, length;
};

constexpr uint32_t tag(const char (&name)[5]) {
  return static_cast<uint32_t>(name[0]) << 24 | static_cast<uint32_t>(name[1]) << 16 |
         static_cast<uint32_t>(name[2]) << 8 | static_cast<uint32_t>(name[3]);
}

std::vector<unsigned char> read_file(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error) || error) return {};
  const uint64_t size = std::filesystem::file_size(file, error);
  if (error || size < 12 || size > kLargestFile) return {};
  std::vector<unsigned char> bytes(size);
  std::ifstream in(file, std::ios::binary);
  if (!in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size))) return {};
  return bytes;
}

/// The tables of the first font of the file; empty when the directory is not that of a font.
std::map<uint32_t, Table> read_directory(const Reader& reader) {
  uint64_t at = 0;
  if (reader.u32(0) == tag("ttcf")) at = reader.u32(12);
  const uint32_t version = reader.u32(at);
  if (version != 0x00010000 && version != tag("OTTO") && version != tag("true")) return {};
  const uint32_t count = reader.u16(at + 4);
  if (count == 0 || !reader.inside(at + 12, 16ull * count)) return {};
  std::map<uint32_t, Table> tables;
  for (uint32_t i = 0; i < count; ++i) {
    const uint64_t entry = at + 12 + 16ull * i;
    const Table table{reader.u32(entry + 8), reader.u32(entry + 12)};
    if (!reader.inside(table.offset, table.length)) return {};
    tables[reader.u32(entry)] = table;
  }
  return tables;
}

bool has(const std::map<uint32_t, Table>& tables, uint32_t name, uint32_t least) {
  const auto found = tables.find(name);
  return found != tables.end() && found->second.length >= least;
}

}  // namespace

std::optional<FontFile> load_font_file(const std::filesystem::path& file) {
  FontFile font;
  font.bytes = read_file(file);
  if (font.bytes.empty()) return std::nullopt;
  const Reader reader{font.bytes};
  const auto tables = read_directory(reader);
  // What the rasteriser reads without asking first, with the sizes of the fixed parts.
  const bool outlines =
      (has(tables, tag("glyf"), 1) && has(tables, tag("loca"), 2)) || has(tables, tag("CFF "), 4);
  if (!outlines || !has(tables, tag("head"), 54) || !has(tables, tag("hhea"), 36) ||
      !has(tables, tag("maxp"), 6) || !has(tables, tag("hmtx"), 4) || !has(tables, tag("cmap"), 4)) {
    return std::nullopt;
  }
  const uint32_t units = reader.u16(tables.at(tag("head")).offset + 18);
  const uint64_t hhea = tables.at(tag("hhea")).offset;
  const int32_t line = reader.i16(hhea + 4) - reader.i16(hhea + 6);
  const uint32_t metrics = reader.u16(hhea + 34), glyphs = reader.u16(tables.at(tag("maxp")).offset + 4);
  if (units < 16 || line <= 0 || glyphs == 0 || metrics == 0 || metrics > glyphs ||
      tables.at(tag("hmtx")).length < 4ull * metrics) {
    return std::nullopt;
  }
  font.line_per_em = static_cast<float>(line) / static_cast<float>(units);
  if (font.line_per_em < 0.5f || font.line_per_em > 4.0f) return std::nullopt;
  return font;
}

}  // namespace poolscope::ui
