#include "core/data/pnm.h"

#include <algorithm>
#include <optional>

#include "core/data/byte_reader.h"
#include "core/data/file_errors.h"

namespace poolscope {

namespace {

// The formats: https://netpbm.sourceforge.net/doc/pnm.html and pam.html
struct Header {
  int64_t width = 0, height = 0, maximum = 1;
  int depth = 1;      ///< values per pixel in the file; 2 and 4 carry transparency
  bool text = false;  ///< P1 to P3
  bool bits = false;  ///< P1 and P4, where 1 is black
  bool alpha() const { return depth == 2 || depth == 4; }
};

bool is_space(uint8_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

class PnmReader {
 public:
  PnmReader(std::span<const uint8_t> bytes, const std::string& name)
      : reader_(bytes), bytes_(bytes), name_(name) {}

  Result<Pixels> read() {
    if (Status status = read_header(); !status) return status.error();
    if (Status status = check_sides(name_, "PNM", header_.width, header_.height); !status)
      return status.error();
    if (header_.maximum < 1 || header_.maximum > 65535) return damaged(name_, "PNM");
    // The least that the values can take: a byte or two each, an eighth for packed bits, a digit in text.
    const int64_t values = header_.width * header_.height * header_.depth;
    const int64_t row_bytes = header_.bits && !header_.text ? (header_.width + 7) / 8 : 0;
    const int64_t least = row_bytes > 0                           ? row_bytes * header_.height
                          : header_.text || header_.maximum < 256 ? values
                                                                  : 2 * values;
    if (static_cast<int64_t>(reader_.remaining()) < least) return truncated(name_, "PNM");
    Pixels pixels{header_.width, header_.height, header_.depth >= 3 ? 3 : 1, {}};
    pixels.bytes.reserve(static_cast<size_t>(header_.width * header_.height * pixels.channels));
    const Status status = row_bytes > 0 ? read_bits(pixels) : read_values(pixels);
    if (!status) return status.error();
    return pixels;
  }

 private:
  uint8_t peek() const { return bytes_[reader_.position()]; }

  void skip_spaces_and_comments() {
    while (!reader_.at_end() && (is_space(peek()) || peek() == '#')) {
      if (peek() == '#')
        while (!reader_.at_end() && peek() != '\n' && peek() != '\r')
          reader_.skip(1);
      else
        reader_.skip(1);
    }
  }
  /// A decimal number of at most nine digits, or nothing. `only_digit`: one digit, as P1 packs them.
  std::optional<int64_t> number(bool only_digit = false) {
    skip_spaces_and_comments();
    int64_t value = 0;
    int digits = 0;
    for (; !reader_.at_end() && peek() >= '0' && peek() <= '9' && !(only_digit && digits == 1); ++digits) {
      if (digits == 9) return {};
      value = value * 10 + (reader_.u8() - '0');
    }
    return digits > 0 ? std::optional(value) : std::nullopt;
  }
  /// "The end came too early" and "this is no number" are different sentences.
  Error bad_number() const { return reader_.at_end() ? truncated(name_, "PNM") : damaged(name_, "PNM"); }

  Status read_header() {
    reader_.skip(1);
    const int type = reader_.u8() - '0';
    if (type == 7) return read_pam_header();
    header_.text = type <= 3;
    header_.bits = type == 1 || type == 4;
    header_.depth = type == 3 || type == 6 ? 3 : 1;
    for (int64_t* value : {&header_.width, &header_.height, &header_.maximum}) {
      if (value == &header_.maximum && header_.bits) break;
      const std::optional<int64_t> found = number();
      if (!found) return bad_number();
      *value = *found;
    }
    if (reader_.at_end()) return truncated(name_, "PNM");
    if (!is_space(peek())) return damaged(name_, "PNM");
    reader_.skip(1);
    return {};
  }

  std::string word() {
    std::string text;
    while (!reader_.at_end() && !is_space(peek()) && text.size() < 64)
      text += static_cast<char>(reader_.u8());
    return text;
  }
  /// Lines of a keyword and a value, up to ENDHDR.
  Status read_pam_header() {
    std::string tuple;
    int64_t depth = 0;
    header_.maximum = 0;
    for (;;) {
      skip_spaces_and_comments();
      const std::string keyword = word();
      if (keyword == "ENDHDR") break;
      if (keyword == "TUPLTYPE") {
        while (!reader_.at_end() && peek() == ' ')
          reader_.skip(1);
        tuple = word();
        continue;
      }
      int64_t* value = keyword == "WIDTH"    ? &header_.width
                       : keyword == "HEIGHT" ? &header_.height
                       : keyword == "DEPTH"  ? &depth
                       : keyword == "MAXVAL" ? &header_.maximum
                                             : nullptr;
      if (value == nullptr) return bad_number();
      const std::optional<int64_t> found = number();
      if (!found) return bad_number();
      *value = *found;
    }
    if (reader_.at_end() || reader_.u8() != '\n') return bad_number();
    if (depth < 1 || depth > 4) return not_offered(name_, "PAM DEPTH " + std::to_string(depth));
    if (!tuple.empty() && tuple != kTuples[depth - 1] && tuple != kBitTuples[depth - 1])
      return not_offered(name_, "PAM " + (tuple == "CMYK" ? tuple : "TUPLTYPE"));
    header_.depth = static_cast<int>(depth);
    return {};
  }

  Status read_bits(Pixels& pixels) {
    for (int64_t y = 0; y < header_.height; ++y) {
      const std::span<const uint8_t> row = reader_.take(static_cast<size_t>((header_.width + 7) / 8));
      for (int64_t x = 0; x < header_.width; ++x)
        pixels.bytes.push_back(row[static_cast<size_t>(x / 8)] >> (7 - x % 8) & 1 ? 0 : 255);
    }
    return {};
  }

  Status read_values(Pixels& pixels) {
    for (int64_t i = 0; i < header_.width * header_.height; ++i) {
      uint8_t pixel[4] = {};
      for (int c = 0; c < header_.depth; ++c) {
        int64_t value = 0;
        if (header_.text) {
          const std::optional<int64_t> found = number(header_.bits);
          if (!found) return bad_number();
          value = *found;
        } else {
          value = header_.maximum < 256 ? reader_.u8() : reader_.u16be();
        }
        // In bytes other readers clip what is too large; in text it is a typing error.
        if (value > header_.maximum && header_.text) return damaged(name_, "PNM");
        value = std::min(value, header_.maximum);
        if (header_.bits) value = 1 - value;
        pixel[c] = static_cast<uint8_t>((value * 255 + header_.maximum / 2) / header_.maximum);
      }
      for (int c = 0; c < pixels.channels; ++c)
        pixels.bytes.push_back(header_.alpha() ? over_white(pixel[c], pixel[header_.depth - 1]) : pixel[c]);
    }
    return {};
  }

  static constexpr std::string_view kTuples[] = {"GRAYSCALE", "GRAYSCALE_ALPHA", "RGB", "RGB_ALPHA"};
  static constexpr std::string_view kBitTuples[] = {"BLACKANDWHITE", "BLACKANDWHITE_ALPHA", "RGB",
                                                    "RGB_ALPHA"};

  ByteReader reader_;
  std::span<const uint8_t> bytes_;
  std::string name_;
  Header header_;
};

}  // namespace

Result<Pixels> parse_pnm(std::span<const uint8_t> bytes, const std::string& name) {
  if (bytes.size() < 3 || bytes[0] != 'P' || bytes[1] < '1' || bytes[1] > '7') return damaged(name, "PNM");
  return PnmReader(bytes, name).read();
}

}  // namespace poolscope
