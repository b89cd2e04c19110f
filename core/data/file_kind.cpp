#include "core/data/file_kind.h"

#include <algorithm>
#include <array>

#include "core/data/byte_reader.h"
#include "core/data/display_name.h"

namespace poolscope {

namespace {

struct Signature {
  size_t offset;
  std::string_view bytes;
  FileType type;
};

using namespace std::string_view_literals;

constexpr FileType not_offered(std::string_view name) {
  return {FileKind::kNotOffered, name};
}

/// Signatures as registered or published by their formats. A longer one stands before a shorter one that it
/// begins with.
constexpr std::array kSignatures = {
    Signature{0, "\x89PNG\r\n\x1a\n"sv, {FileKind::kPng, "PNG"}},
    Signature{0, "\xff\xd8\xff"sv, {FileKind::kJpeg, "JPEG"}},
    Signature{0, "GIF87a"sv, {FileKind::kGif, "GIF"}},
    Signature{0, "GIF89a"sv, {FileKind::kGif, "GIF"}},
    Signature{0, "8BPS"sv, {FileKind::kPsd, "PSD"}},
    Signature{0, "\x93NUMPY"sv, {FileKind::kNpy, "NumPy"}},
    Signature{0, "version https://git-lfs.github.com/"sv, {FileKind::kGitLfs, "Git LFS"}},
    Signature{8, "WEBP"sv, not_offered("WebP")},
    Signature{0, "#?RADIANCE"sv, not_offered("Radiance HDR")},
    Signature{0, "#?RGBE"sv, not_offered("Radiance HDR")},
    Signature{0, "\x53\x80\xf6\x34"sv, not_offered("Softimage PIC")},
    Signature{0, "II*\0"sv, not_offered("TIFF")},
    Signature{0, "MM\0*"sv, not_offered("TIFF")},
    Signature{0, "II+\0"sv, not_offered("TIFF")},
    Signature{0, "MM\0+"sv, not_offered("TIFF")},
    Signature{4, "ftypavif"sv, not_offered("AVIF")},
    Signature{4, "ftypavis"sv, not_offered("AVIF")},
    Signature{4, "ftyphei"sv, not_offered("HEIF")},
    Signature{4, "ftyphev"sv, not_offered("HEIF")},
    Signature{4, "ftypmif1"sv, not_offered("HEIF")},
    Signature{4, "ftyp"sv, not_offered("MP4")},
    Signature{0, "\0\0\0\x0cJXL "sv, not_offered("JPEG XL")},
    Signature{0, "\xff\x0a"sv, not_offered("JPEG XL")},
    Signature{0, "\0\0\0\x0cjP  "sv, not_offered("JPEG 2000")},
    Signature{0, "\xff\x4f\xff\x51"sv, not_offered("JPEG 2000")},
    Signature{0, "v/1\x01"sv, not_offered("OpenEXR")},
    Signature{0, "qoif"sv, not_offered("QOI")},
    Signature{0, "DDS "sv, not_offered("DDS")},
    Signature{0, "gimp xcf"sv, not_offered("XCF")},
    Signature{0, "farbfeld"sv, not_offered("farbfeld")},
    Signature{0, "BA"sv, not_offered("OS/2 bitmap array")},
    Signature{0, "%PDF-"sv, not_offered("PDF")},
    Signature{0, "%!PS"sv, not_offered("PostScript")},
    Signature{0, "PK\x03\x04"sv, not_offered("ZIP")},
    Signature{0, "PK\x05\x06"sv, not_offered("ZIP")},
    Signature{0, "\x1f\x8b"sv, not_offered("gzip")},
    Signature{0, "7z\xbc\xaf\x27\x1c"sv, not_offered("7-Zip")},
    Signature{0, "\x28\xb5\x2f\xfd"sv, not_offered("Zstandard")},
    Signature{0,
              "\xfd"
              "7zXZ\0"sv,
              not_offered("XZ")},
    Signature{0, "\x89HDF\r\n\x1a\n"sv, not_offered("HDF5")},
    Signature{0,
              "\x7f"
              "ELF"sv,
              not_offered("ELF")},
    Signature{0, "MATLAB 5.0 MAT-file"sv, not_offered("MATLAB")},
};

bool matches(std::span<const uint8_t> bytes, const Signature& signature) {
  if (bytes.size() < signature.offset) return false;
  return ByteReader(bytes.subspan(signature.offset)).next_is(signature.bytes);
}

bool is_space(uint8_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// "BM", and then a header of a size that some version of Windows or OS/2 wrote.
bool is_bmp(std::span<const uint8_t> bytes) {
  ByteReader reader(bytes);
  if (!reader.next_is("BM")) return false;
  reader.skip(14);
  const uint32_t header = reader.u32le();
  return !reader.failed() && header >= 12 && header <= 256;
}

/// "P1" to "P7" and then a blank or a comment; "Pf" and "PF" are the floating-point cousins.
FileType pnm_type(std::span<const uint8_t> bytes) {
  if (bytes.size() < 3 || bytes[0] != 'P' || !(is_space(bytes[2]) || bytes[2] == '#')) return {};
  if (bytes[1] >= '1' && bytes[1] <= '7') return {FileKind::kPnm, bytes[1] == '7' ? "PAM" : "PNM"};
  if (bytes[1] == 'f' || bytes[1] == 'F') return not_offered("PFM");
  return {};
}

/// TGA has no signature: its header must make sense instead. Bytes as in the TGA 2.0 specification, 1991.
bool is_tga(std::span<const uint8_t> bytes) {
  if (bytes.size() < 18) return false;
  const uint8_t has_map = bytes[1], type = bytes[2], map_depth = bytes[7], depth = bytes[16];
  const bool mapped = type == 1 || type == 9;
  const bool plain = type == 2 || type == 3 || type == 10 || type == 11;
  if (has_map > 1 || (!mapped && !plain) || (mapped && has_map == 0)) return false;
  const auto known = [](uint8_t bits) {
    return bits == 8 || bits == 15 || bits == 16 || bits == 24 || bits == 32;
  };
  if (!known(depth) || (has_map == 1 && !known(map_depth))) return false;
  return (bytes[12] | bytes[13]) != 0 && (bytes[14] | bytes[15]) != 0;
}

/// The first part of a text, without a byte order mark, blanks and comment lines at its beginning.
std::string_view first_words(std::string_view text) {
  if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);
  while (!text.empty()) {
    if (is_space(static_cast<uint8_t>(text[0]))) {
      text.remove_prefix(1);
    } else if (text[0] == '#') {
      text.remove_prefix(std::min(text.size(), text.find('\n')));
    } else {
      break;
    }
  }
  return text;
}

bool begins_with_number(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  if (!text.empty() && text[0] == '.') text.remove_prefix(1);
  if (text.empty()) return false;
  if (text[0] >= '0' && text[0] <= '9') return true;
  for (const std::string_view word : {"nan", "NaN", "NAN", "inf", "Inf", "INF"})
    if (text.substr(0, word.size()) == word && (text.size() == word.size() || text[word.size()] < 'A'))
      return true;
  return false;
}

FileType text_type(std::span<const uint8_t> bytes) {
  const std::span<const uint8_t> start = bytes.first(std::min<size_t>(bytes.size(), 4096));
  for (const uint8_t c : start)
    if (c == 0 || c == 0x7f || (c < ' ' && !is_space(c) && c != 0x1b)) return {};
  if (!is_utf8({reinterpret_cast<const char*>(start.data()), start.size()})) return {};
  const std::string_view words =
      first_words({reinterpret_cast<const char*>(bytes.data()), bytes.size()}).substr(0, 1024);
  if (begins_with_number(words)) return {FileKind::kMatrixText, "CSV"};
  if (words.find("<svg") != std::string_view::npos) return not_offered("SVG");
  if (words.starts_with("<!DOCTYPE html") || words.starts_with("<html")) return not_offered("HTML");
  if (words.starts_with("<?xml")) return not_offered("XML");
  if (words.starts_with("{") || words.starts_with("[")) return not_offered("JSON");
  return {FileKind::kOtherText, "text"};
}

}  // namespace

FileType recognise(std::span<const uint8_t> bytes) {
  for (const Signature& signature : kSignatures)
    if (matches(bytes, signature)) return signature.type;
  if (is_bmp(bytes)) return {FileKind::kBmp, "BMP"};
  if (const FileType pnm = pnm_type(bytes); pnm.kind != FileKind::kUnknown) return pnm;
  if (is_tga(bytes)) return {FileKind::kTga, "TGA"};
  // After TGA, whose colour pictures begin like a cursor.
  const ByteReader reader(bytes);
  if (reader.next_is("\0\0\x01\0"sv)) return not_offered("ICO");
  if (reader.next_is("\0\0\x02\0"sv)) return not_offered("CUR");
  return text_type(bytes);
}

}  // namespace poolscope
