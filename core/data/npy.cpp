#include "core/data/npy.h"

#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>
#include <optional>

#include "core/data/display_name.h"

namespace poolscope {

namespace {

// The format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
constexpr std::string_view kMagic = "\x93NUMPY";
constexpr size_t kHeaderAlignment = 64;
constexpr int64_t kMostValues = int64_t{1} << 28;

struct Header {
  std::string type;  ///< "<f4"
  bool fortran_order = false;
  std::vector<int64_t> shape;
};

/// Reads the dictionary of the header: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }. Only what
/// numpy writes is understood; anything else is no header.
class HeaderReader {
 public:
  explicit HeaderReader(std::string_view text) : text_(text) {}

  std::optional<Header> read() {
    Header header;
    bool has_type = false, has_order = false, has_shape = false;
    if (!take('{')) return {};
    while (!take('}')) {
      const std::optional<std::string> key = quoted();
      if (!key || !take(':')) return {};
      bool fine = false;
      if (*key == "descr")
        fine = has_type = read_type(header.type);
      else if (*key == "fortran_order")
        fine = has_order = read_bool(header.fortran_order);
      else if (*key == "shape")
        fine = has_shape = read_shape(header.shape);
      if (!fine) return {};
      if (!take(',') && !peek('}')) return {};
    }
    skip_blanks();
    return has_type && has_order && has_shape && text_.empty() ? std::optional(header) : std::nullopt;
  }

 private:
  void skip_blanks() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\n' || text_[0] == '\t'))
      text_.remove_prefix(1);
  }
  bool peek(char c) {
    skip_blanks();
    return !text_.empty() && text_[0] == c;
  }
  bool take(char c) {
    const bool found = peek(c);
    if (found) text_.remove_prefix(1);
    return found;
  }
  bool take_word(std::string_view word) {
    skip_blanks();
    const bool found = text_.substr(0, word.size()) == word;
    if (found) text_.remove_prefix(word.size());
    return found;
  }
  std::optional<std::string> quoted() {
    const char quote = peek('"') ? '"' : '\'';
    if (!take(quote)) return {};
    const size_t end = text_.find(quote);
    if (end == std::string_view::npos) return {};
    std::string inside(text_.substr(0, end));
    text_.remove_prefix(end + 1);
    return inside;
  }
  bool read_type(std::string& type) {
    if (peek('[')) {  // a structured type: taken whole, to be refused by name
      const size_t end = text_.find(']');
      if (end == std::string_view::npos) return false;
      type = std::string(text_.substr(0, end + 1));
      text_.remove_prefix(end + 1);
      return true;
    }
    const std::optional<std::string> text = quoted();
    if (text) type = *text;
    return text.has_value();
  }
  bool read_bool(bool& value) {
    value = take_word("True");
    return value || take_word("False");
  }
  bool read_shape(std::vector<int64_t>& shape) {
    if (!take('(')) return false;
    while (!take(')')) {
      skip_blanks();
      int64_t size = 0;
      size_t digits = 0;
      for (; digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9'; ++digits) {
        if (size > (INT64_MAX - 9) / 10) return false;
        size = size * 10 + (text_[digits] - '0');
      }
      if (digits == 0 || shape.size() == 32) return false;
      text_.remove_prefix(digits);
      shape.push_back(size);
      if (!take(',') && !peek(')')) return false;
    }
    return true;
  }

  std::string_view text_;
};

std::string shape_text(const std::vector<int64_t>& shape) {
  std::string text;
  for (const int64_t size : shape)
    text += (text.empty() ? "" : " × ") + std::to_string(size);
  return text;
}

template <class T>
T load(const uint8_t* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

/// nullopt: the index of a double that float32 cannot hold is in `bad_index`.
bool convert(std::span<const uint8_t> bytes, const std::string& type, std::span<float> values,
             size_t& bad_index) {
  if (type == "u1") {
    for (size_t i = 0; i < values.size(); ++i)
      values[i] = bytes[i];
  } else if (type == "f4") {
    std::memcpy(values.data(), bytes.data(), bytes.size());
  } else {
    for (size_t i = 0; i < values.size(); ++i) {
      const double value = load<double>(bytes.data() + i * sizeof(double));
      values[i] = static_cast<float>(value);
      if (std::isinf(values[i]) && !std::isinf(value)) return bad_index = i, false;
    }
  }
  return true;
}

/// The bytes after the header and what they mean, or why not.
struct Body {
  Header header;
  std::span<const uint8_t> bytes;
};

Result<Body> split(std::span<const uint8_t> bytes, const std::string& name) {
  const Error truncated = Error("files.npy_truncated").with("file", name);
  if (bytes.size() < 10) return truncated;
  if (std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) != 0)
    return Error("files.npy_header").with("file", name);
  const int version = bytes[6];
  if (version < 1 || version > 3)
    return Error("files.npy_version").with("file", name).with("version", version);
  const size_t start = version == 1 ? 10 : 12;
  if (bytes.size() < start) return truncated;
  size_t length = bytes[8] | size_t{bytes[9]} << 8;
  if (version > 1) length |= size_t{bytes[10]} << 16 | size_t{bytes[11]} << 24;
  if (length > bytes.size() - start) return truncated;
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + start, length);
  std::optional<Header> header = HeaderReader(text).read();
  if (!header) return Error("files.npy_header").with("file", name);
  return Body{*header, bytes.subspan(start + length)};
}

/// "f4", "f8" or "u1", or empty for types that are not offered. One byte has no order of bytes.
std::string offered_type(const std::string& descr) {
  if (descr == "|u1" || descr == "<u1" || descr == "=u1" || descr == ">u1") return "u1";
  if (descr == "<f4" || descr == "=f4") return "f4";
  if (descr == "<f8" || descr == "=f8") return "f8";
  return {};
}

std::string npy_header(std::string_view type, const Shape& shape, int dimensions) {
  static_assert(std::endian::native == std::endian::little, "values are written as they are in memory");
  assert(dimensions >= 2 && dimensions <= 4);
  assert((dimensions == 4 || shape.n == 1) && (dimensions > 2 || shape.c == 1));
  const std::array<int64_t, 4> sizes = {shape.n, shape.c, shape.h, shape.w};
  std::string dict = "{'descr': '" + std::string(type) + "', 'fortran_order': False, 'shape': (";
  for (size_t i = sizes.size() - static_cast<size_t>(dimensions); i < sizes.size(); ++i)
    dict += std::to_string(sizes[i]) + (i + 1 < sizes.size() ? ", " : "");
  dict += "), }";
  const size_t before = kMagic.size() + 4;
  while ((before + dict.size() + 1) % kHeaderAlignment != 0)
    dict += ' ';
  dict += '\n';
  std::string header(kMagic);
  header += {'\x01', '\x00', static_cast<char>(dict.size() & 0xff), static_cast<char>(dict.size() >> 8)};
  return header + dict;
}

}  // namespace

Result<NpyArray> parse_npy(std::span<const uint8_t> bytes, const std::string& name) {
  Result<Body> body = split(bytes, name);
  if (!body) return body.error();
  const Header& header = body->header;
  const std::string type = offered_type(header.type);
  if (type.empty())
    return Error("files.npy_type").with("file", name).with("type", displayable(header.type, 40));
  const size_t dimensions = header.shape.size();
  if (dimensions < 2 || dimensions > 4)
    return Error("files.npy_dimensions").with("file", name).with("count", static_cast<int64_t>(dimensions));
  if (header.fortran_order) return Error("files.npy_fortran").with("file", name);
  int64_t count = 1;
  for (const int64_t size : header.shape) {
    if (size == 0) return Error("files.npy_empty").with("file", name).with("shape", shape_text(header.shape));
    if (size > kMostValues / count)
      return Error("files.npy_too_many").with("file", name).with("shape", shape_text(header.shape));
    count *= size;
  }
  const size_t value_bytes = type == "u1" ? 1 : type == "f4" ? sizeof(float) : sizeof(double);
  const size_t wanted = static_cast<size_t>(count) * value_bytes;
  if (body->bytes.size() != wanted)
    return Error("files.npy_size")
        .with("file", name)
        .with("shape", shape_text(header.shape))
        .with("wanted", static_cast<int64_t>(wanted))
        .with("found", static_cast<int64_t>(body->bytes.size()));

  Shape shape;
  shape.w = header.shape[dimensions - 1];
  shape.h = header.shape[dimensions - 2];
  shape.c = dimensions > 2 ? header.shape[dimensions - 3] : 1;
  shape.n = dimensions > 3 ? header.shape[0] : 1;
  NpyArray array{Tensor(shape), static_cast<int>(dimensions)};
  size_t bad_index = 0;
  if (!convert(body->bytes, type, array.tensor.values(), bad_index))
    return Error("files.npy_range").with("file", name).with("index", static_cast<int64_t>(bad_index));
  return array;
}

std::string encode_npy(const Tensor& tensor, int dimensions) {
  std::string file = npy_header("<f4", tensor.shape(), dimensions);
  const std::span<const float> values = tensor.values();
  file.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  return file;
}

std::string encode_npy(std::span<const int64_t> values, const Shape& shape, int dimensions) {
  assert(static_cast<int64_t>(values.size()) == shape.count());
  std::string file = npy_header("<i8", shape, dimensions);
  file.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  return file;
}

}  // namespace poolscope
