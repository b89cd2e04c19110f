#include "core/data/safetensors.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>
#include <set>

#include "core/data/display_name.h"

namespace poolscope {

namespace {

constexpr size_t kLongestName = 128;
constexpr size_t kMostDimensions = 8;

/// What the header says of one array.
struct Entry {
  std::string name, type;
  std::vector<uint64_t> shape;
  std::vector<uint64_t> offsets;
};

struct Header {
  std::map<std::string, std::string> metadata;
  std::vector<Entry> entries;
};

/// Reads the JSON of a header and nothing else: an object of objects, whose values are texts and lists of
/// whole numbers. Anything else is no header, so that nothing is nested and nothing is guessed.
class HeaderReader {
 public:
  explicit HeaderReader(std::string_view text) : text_(text) {}

  std::optional<Header> read() {
    Header header;
    std::set<std::string> names;
    const bool fine = object([&](const std::string& name) {
      if (!names.insert(name).second || header.entries.size() > kMostArrays) return false;
      if (name == "__metadata__") return read_metadata(header.metadata);
      header.entries.push_back({name, {}, {}, {}});
      return read_entry(header.entries.back());
    });
    blanks();
    return fine && text_.empty() ? std::optional(std::move(header)) : std::nullopt;
  }

 private:
  void blanks() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\n' || text_[0] == '\t' || text_[0] == '\r'))
      text_.remove_prefix(1);
  }
  bool take(char c) {
    blanks();
    const bool found = !text_.empty() && text_[0] == c;
    if (found) text_.remove_prefix(1);
    return found;
  }
  /// Calls member(name) at the value of every member.
  template <class Member>
  bool object(Member member) {
    if (!take('{')) return false;
    if (take('}')) return true;
    do {
      std::string name;
      if (!string(name) || !take(':') || !member(name)) return false;
    } while (take(','));
    return take('}');
  }
  bool read_metadata(std::map<std::string, std::string>& metadata) {
    return object([&](const std::string& name) {
      std::string value;
      return string(value) && metadata.emplace(name, value).second;
    });
  }
  bool read_entry(Entry& entry) {
    std::set<std::string> seen;
    const bool fine = object([&](const std::string& name) {
      if (!seen.insert(name).second) return false;
      if (name == "dtype") return string(entry.type);
      if (name == "shape") return numbers(entry.shape);
      return name == "data_offsets" && numbers(entry.offsets);
    });
    return fine && seen.size() == 3 && entry.offsets.size() == 2;
  }
  bool numbers(std::vector<uint64_t>& list) {
    if (!take('[')) return false;
    if (take(']')) return true;
    do {
      blanks();
      uint64_t value = 0;
      size_t digits = 0;
      for (; digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9'; ++digits) {
        if (value > (UINT64_MAX >> 1) / 10 - 1) return false;
        value = value * 10 + static_cast<uint64_t>(text_[digits] - '0');
      }
      if (digits == 0 || (digits > 1 && text_[0] == '0') || list.size() >= kMostDimensions) return false;
      text_.remove_prefix(digits);
      list.push_back(value);
    } while (take(','));
    return take(']');
  }
  bool string(std::string& out) {
    if (!take('"')) return false;
    while (!text_.empty()) {
      const char c = text_[0];
      text_.remove_prefix(1);
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c != '\\') {
        out += c;
        continue;
      }
      if (!escape(out)) return false;
    }
    return false;
  }
  bool escape(std::string& out) {
    if (text_.empty()) return false;
    const char c = text_[0];
    text_.remove_prefix(1);
    constexpr std::string_view kFrom = "\"\\/bfnrt", kTo = "\"\\/\b\f\n\r\t";
    if (const size_t at = kFrom.find(c); at != std::string_view::npos) {
      out += kTo[at];
      return true;
    }
    return c == 'u' && unicode(out);
  }
  /// \uXXXX outside of surrogate pairs, which nothing here needs.
  bool unicode(std::string& out) {
    if (text_.size() < 4) return false;
    unsigned code = 0;
    for (const char digit : text_.substr(0, 4)) {
      const std::string_view digits = "0123456789abcdef";
      const size_t value = digits.find(static_cast<char>(digit >= 'A' && digit <= 'F' ? digit + 32 : digit));
      if (value == std::string_view::npos) return false;
      code = code * 16 + static_cast<unsigned>(value);
    }
    text_.remove_prefix(4);
    if (code >= 0xd800 && code < 0xe000) return false;
    if (code < 0x80) {
      out += static_cast<char>(code);
    } else if (code < 0x800) {
      out += {static_cast<char>(0xc0 | code >> 6), static_cast<char>(0x80 | (code & 0x3f))};
    } else {
      out += {static_cast<char>(0xe0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3f)),
              static_cast<char>(0x80 | (code & 0x3f))};
    }
    return true;
  }

  std::string_view text_;
};

bool plain_name(const std::string& name) {
  return !name.empty() && name.size() <= kLongestName && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

/// The bytes that a float32 array of that shape takes; nothing where it would be more than `most`.
std::optional<uint64_t> bytes_of(const std::vector<uint64_t>& shape, uint64_t most) {
  uint64_t bytes = sizeof(float);
  for (const uint64_t size : shape)
    if (size == 0) return std::nullopt;
  for (const uint64_t size : shape) {
    if (size > most / bytes) return std::nullopt;
    bytes *= size;
  }
  return bytes <= most ? std::optional(bytes) : std::nullopt;
}

/// The header and the values behind it.
struct Parts {
  Header header;
  std::span<const uint8_t> values;
};

Result<Parts> split(std::span<const uint8_t> bytes, const std::string& name) {
  const Error broken = Error("nn.model.header").with("file", name);
  if (bytes.size() < 8) return broken;
  uint64_t length = 0;
  for (size_t i = 0; i < 8; ++i)
    length |= uint64_t{bytes[i]} << (8 * i);
  if (length == 0 || length > kMostHeaderBytes || length > bytes.size() - 8) return broken;
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + 8, static_cast<size_t>(length));
  // A character that the end cuts off is no JSON, whatever is_utf8() forgives.
  if (!is_utf8(text)) return broken;
  std::optional<Header> header = HeaderReader(text).read();
  if (!header) return broken;
  return Parts{std::move(*header), bytes.subspan(8 + static_cast<size_t>(length))};
}

Result<NamedArray> read_array(const Entry& entry, std::span<const uint8_t> values, const std::string& file) {
  const std::string shown = displayable(entry.name, 40);
  const auto refuse = [&](const char* key) { return Error(key).with("file", file).with("array", shown); };
  if (!plain_name(entry.name)) return refuse("nn.model.array_name");
  if (entry.type != "F32") return refuse("nn.model.array_type").with("type", displayable(entry.type, 20));
  const uint64_t begin = entry.offsets[0], end = entry.offsets[1];
  if (begin > end || end > values.size()) return refuse("nn.model.array_place");
  const std::optional<uint64_t> bytes = bytes_of(entry.shape, values.size());
  if (!bytes || *bytes != end - begin) return refuse("nn.model.array_size");
  NamedArray array;
  array.name = entry.name;
  for (const uint64_t size : entry.shape)
    array.shape.push_back(static_cast<int64_t>(size));
  array.values.resize(static_cast<size_t>((end - begin) / sizeof(float)));
  std::memcpy(array.values.data(), values.data() + begin, static_cast<size_t>(end - begin));
  for (const float value : array.values)
    if (!std::isfinite(value)) return refuse("nn.model.array_values");
  return array;
}

std::string json_text(std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n')
      out += "\\n";
    else if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (byte < 0x20)
      out += {'\\', 'u', '0', '0', kHex[byte >> 4], kHex[byte & 15]};
    else
      out += c;
  }
  return out + '"';
}

}  // namespace

std::string encode_safetensors(const ArrayFile& file) {
  static_assert(std::endian::native == std::endian::little, "values are written as they are in memory");
  std::string header = "{\"__metadata__\":{";
  for (const auto& [name, value] : file.metadata)
    header += (header.back() == '{' ? "" : ",") + json_text(name) + ":" + json_text(value);
  header += "}";
  std::string values;
  for (const NamedArray& array : file.arrays) {
    const size_t begin = values.size();
    values.append(reinterpret_cast<const char*>(array.values.data()), array.values.size() * sizeof(float));
    std::string shape;
    for (const int64_t size : array.shape)
      shape += (shape.empty() ? "" : ",") + std::to_string(size);
    header += "," + json_text(array.name) + ":{\"dtype\":\"F32\",\"shape\":[" + shape +
              "],\"data_offsets\":[" + std::to_string(begin) + "," + std::to_string(values.size()) + "]}";
  }
  header += "}";
  header.resize((header.size() + 7) / 8 * 8, ' ');  // so that the values are aligned
  std::string bytes;
  for (size_t i = 0; i < 8; ++i)
    bytes += static_cast<char>(header.size() >> (8 * i) & 0xff);
  return bytes + header + values;
}

Result<ArrayFile> parse_safetensors(std::span<const uint8_t> bytes, const std::string& name) {
  Result<Parts> parts = split(bytes, name);
  if (!parts) return parts.error();
  Header& header = parts->header;
  if (header.entries.size() > kMostArrays)
    return Error("nn.model.too_many").with("file", name).with("most", static_cast<int64_t>(kMostArrays));
  std::stable_sort(header.entries.begin(), header.entries.end(),
                   [](const Entry& a, const Entry& b) { return a.offsets < b.offsets; });
  ArrayFile file;
  file.metadata = std::move(header.metadata);
  uint64_t end = 0;
  for (const Entry& entry : header.entries) {
    Result<NamedArray> array = read_array(entry, parts->values, name);
    if (!array) return array.error();
    if (entry.offsets[0] != end)
      return Error("nn.model.array_place").with("file", name).with("array", displayable(entry.name, 40));
    end = entry.offsets[1];
    file.arrays.push_back(std::move(array).value());
  }
  if (end != parts->values.size()) return Error("nn.model.trailing").with("file", name);
  return file;
}

}  // namespace poolscope
