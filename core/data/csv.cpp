#include "core/data/csv.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <vector>

#include "core/data/display_name.h"

namespace poolscope {

namespace {

constexpr int64_t kMostRows = 4096;
constexpr int64_t kMostColumns = 4096;
constexpr size_t kMostCells = size_t{4096} * 4096;
constexpr size_t kLongestNumber = 48;
constexpr size_t kShownLength = 24;  ///< of a word that is no number, in the error sentence

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (is_blank(text.back()) || text.back() == '\r'))
    text.remove_suffix(1);
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  return text;
}

/// What separates the numbers of the whole file, as its first line shows: a semicolon before a tab before a
/// comma, else blanks. One kind for a file: "1,5;2,5" written in a country with decimal commas must be
/// refused, not read as four numbers.
char separator_of(std::string_view line) {
  for (const char c : {';', '\t', ','})
    if (line.find(c) != std::string_view::npos) return c;
  return ' ';
}

/// A decimal number, "nan" or "inf" in any case. strtof also reads hexadecimal, which no matrix is written
/// in.
std::optional<float> parse_number(std::string_view text) {
  if (text.empty() || text.size() > kLongestNumber) return {};
  char copy[kLongestNumber + 1] = {};
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == 'x' || c == 'X' || c == '(' || c == 'p' || c == 'P' || is_blank(c)) return {};
    copy[i] = c;
  }
  char* end = nullptr;
  const float value = std::strtof(copy, &end);
  if (end != copy + text.size()) return {};
  const bool says_infinite = text.find_first_of("iI") != std::string_view::npos;
  return std::isinf(value) && !says_infinite ? std::nullopt : std::optional(value);
}

class CsvReader {
 public:
  CsvReader(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  Result<Tensor> read() {
    if (text_.substr(0, 3) == "\xef\xbb\xbf") text_.remove_prefix(3);
    while (!text_.empty()) {
      const size_t end = text_.find('\n');
      const std::string_view line = trimmed(text_.substr(0, end));
      text_.remove_prefix(end == std::string_view::npos ? text_.size() : end + 1);
      ++line_number_;
      if (!line.empty() && line[0] == '#') continue;  // as numpy.savetxt writes a header
      if (Status read = line.empty() ? end_plane() : read_row(line); !read) return read.error();
    }
    if (Status ended = end_plane(); !ended) return ended.error();
    if (planes_ == 0) return error("files.csv_empty");
    Tensor tensor({1, planes_, height_, width_});
    std::copy(cells_.begin(), cells_.end(), tensor.data());
    return tensor;
  }

 private:
  Error error(const char* key) const { return Error(key).with("file", name_); }
  Error error_here(const char* key) const { return error(key).with("line", line_number_); }

  /// An empty line ends a plane; several of them, or those at the beginning and the end, mean nothing.
  Status end_plane() {
    if (rows_ == 0) return {};
    if (planes_ > 0 && rows_ != height_)
      return error_here("files.csv_planes").with("rows", rows_).with("wanted", height_);
    height_ = rows_;
    rows_ = 0;
    ++planes_;
    return {};
  }

  Status read_row(std::string_view line) {
    if (cells_.empty()) separator_ = separator_of(line);
    int64_t columns = 0;
    for (bool more = true; more;) {
      const size_t end = line.find(separator_);
      const std::string_view cell = trimmed(line.substr(0, end));
      more = end != std::string_view::npos;
      if (more) line.remove_prefix(end + 1);
      if (separator_ == ' ') line = trimmed(line);
      if (++columns > kMostColumns || cells_.size() == kMostCells) return error_here("files.csv_too_many");
      const std::optional<float> value = parse_number(cell);
      if (!value) {
        if (cell.empty()) return error_here("files.csv_empty_cell").with("column", columns);
        return error_here("files.csv_not_a_number")
            .with("column", columns)
            .with("text", displayable(cell, kShownLength));
      }
      cells_.push_back(*value);
    }
    if (width_ == 0) width_ = columns;
    if (columns != width_)
      return error_here("files.csv_ragged").with("columns", columns).with("wanted", width_);
    if (++rows_ > kMostRows) return error_here("files.csv_too_many");
    return {};
  }

  std::string_view text_;
  std::string name_;
  std::vector<float> cells_;
  char separator_ = ' ';
  int64_t line_number_ = 0, rows_ = 0, planes_ = 0, width_ = 0, height_ = 0;
};

}  // namespace

Result<Tensor> parse_csv(std::string_view text, const std::string& name) {
  return CsvReader(text, name).read();
}

std::string encode_csv(const Tensor& tensor) {
  const Shape& shape = tensor.shape();
  std::string text;
  for (int64_t plane = 0; plane < shape.planes(); ++plane) {
    if (plane > 0) text += '\n';
    for (int64_t y = 0; y < shape.h; ++y)
      for (int64_t x = 0; x < shape.w; ++x) {
        text += format_exact(tensor.plane(plane)[y * shape.w + x]);
        text += x + 1 < shape.w ? ',' : '\n';
      }
  }
  return text;
}

}  // namespace poolscope
