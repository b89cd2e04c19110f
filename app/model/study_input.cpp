// The input of a study: the name of a built-in one, the way to a file, or the values themselves as rows.

#include "app/model/study_input.h"

#include <cmath>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>
#include <system_error>

#include "core/data/builtin.h"
#include "core/data/display_name.h"

namespace poolscope {

namespace {

namespace fs = std::filesystem;
using In = StudyFields::In;
using Out = StudyFields::Out;

// ---- values as nested lists ----

/// Short where that reads back as the same float: 0.1 and not 0.10000000149011612.
Out value_out(float value) {
  if (!std::isfinite(value)) return format_exact(value);
  const double shortest = std::strtod(format_exact(value).c_str(), nullptr);
  return static_cast<float>(shortest) == value ? shortest : static_cast<double>(value);
}

/// [H][W], [C][H][W] where there are several channels, [N][C][H][W] where there are several images.
Out values_out(const Tensor& tensor) {
  const Shape& shape = tensor.shape();
  const float* next = tensor.data();
  Out images = Out::array();
  for (int64_t n = 0; n < shape.n; ++n) {
    Out channels = Out::array();
    for (int64_t c = 0; c < shape.c; ++c) {
      Out rows = Out::array();
      for (int64_t y = 0; y < shape.h; ++y) {
        Out row = Out::array();
        for (int64_t x = 0; x < shape.w; ++x)
          row.push_back(value_out(*next++));
        rows.push_back(std::move(row));
      }
      channels.push_back(std::move(rows));
    }
    images.push_back(std::move(channels));
  }
  if (shape.n > 1) return images;
  return shape.c > 1 ? std::move(images[0]) : std::move(images[0][0]);
}

std::optional<float> value_in(const In& value) {
  if (value.is_number()) {
    const double number = value.get<double>();
    constexpr double kMost = std::numeric_limits<float>::max();
    return std::fabs(number) <= kMost ? std::optional(static_cast<float>(number)) : std::nullopt;
  }
  if (!value.is_string()) return std::nullopt;
  const auto& word = value.get_ref<const std::string&>();
  if (word == "NaN") return std::numeric_limits<float>::quiet_NaN();
  if (word == "inf") return std::numeric_limits<float>::infinity();
  if (word == "-inf") return -std::numeric_limits<float>::infinity();
  return std::nullopt;
}

/// Side lengths of nested lists, from the first element of each: the rest is compared with them.
std::vector<size_t> sides_of(const In& values) {
  std::vector<size_t> sides;
  for (const In* level = &values; level->is_array() && sides.size() < 5; level = &level->front()) {
    sides.push_back(level->size());
    if (level->empty()) break;
  }
  return sides;
}

/// Reads the list of `level` into `out`; the place of the first thing that does not fit, or nothing.
std::optional<std::string> take_values(const In& list, const std::vector<size_t>& sides, size_t level,
                                       float*& out) {
  if (level == sides.size()) {
    const std::optional<float> value = value_in(list);
    if (!value) return "";
    *out++ = *value;
    return std::nullopt;
  }
  if (!list.is_array() || list.size() != sides[level]) return "";
  for (size_t i = 0; i < list.size(); ++i)
    if (auto place = take_values(list[i], sides, level + 1, out))
      return "[" + std::to_string(i) + "]" + *place;
  return std::nullopt;
}

TensorPtr read_values(StudyFields& fields, const In& values) {
  const std::vector<size_t> sides = sides_of(values);
  int64_t count = 1;
  for (const size_t side : sides)
    count *= static_cast<int64_t>(std::min<size_t>(side, size_t{1} << 30));
  if (sides.size() < 2 || sides.size() > 4 || count == 0) {
    fields.fail("values", Message("study.field.values"));
    return nullptr;
  }
  // A list that claims more than it holds is refused before memory is taken for it.
  if (count < 0 || count > kLargestEmbedded) {
    fields.fail("values", Message("study.field.too_many").with("most", kLargestEmbedded));
    return nullptr;
  }
  std::vector<int64_t> shape(4, 1);
  for (size_t i = 0; i < sides.size(); ++i)
    shape[4 - sides.size() + i] = static_cast<int64_t>(sides[i]);
  auto tensor = std::make_shared<Tensor>(Shape{shape[0], shape[1], shape[2], shape[3]});
  float* out = tensor->data();
  if (const auto place = take_values(values, sides, 0, out)) {
    const size_t depth = static_cast<size_t>(std::count(place->begin(), place->end(), '['));
    fields.fail("values" + *place,
                Message(depth == sides.size() ? "study.field.value" : "study.field.ragged"));
    return nullptr;
  }
  return tensor;
}

// ---- paths: JSON is UTF-8, file names are any bytes ----

/// The way from `folder` where the file lies in it or below.
fs::path from_folder(const fs::path& file, const fs::path& folder) {
  std::error_code failed;
  const fs::path whole = fs::absolute(file, failed).lexically_normal();
  if (failed || folder.empty()) return failed ? file : whole;
  const fs::path base = fs::absolute(folder, failed).lexically_normal();
  const fs::path relative = whole.lexically_relative(base);
  const bool inside = !failed && !relative.empty() && *relative.begin() != "..";
  return inside ? relative : whole;
}

std::string hex_of(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    text += kDigits[static_cast<unsigned char>(byte) >> 4];
    text += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

std::optional<std::string> bytes_of(std::string_view hex) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (size_t i = 0; i < hex.size(); i += 2) {
    if (digit(hex[i]) < 0 || digit(hex[i + 1]) < 0) return std::nullopt;
    bytes += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
  }
  return bytes;
}

/// "file", or where the name is not UTF-8 "file_bytes" in hexadecimal.
void write_path(StudyFields& fields, const fs::path& path) {
  const std::string& bytes = path.native();
  if (is_utf8(bytes))
    fields.put("file", bytes);
  else
    fields.put("file_bytes", hex_of(bytes));
}

std::optional<fs::path> read_path(StudyFields& fields) {
  std::string words, hex;
  const bool plain = fields.text("file", words), coded = fields.text("file_bytes", hex);
  if (coded) {
    const std::optional<std::string> bytes = bytes_of(hex);
    if (!bytes) fields.fail("file_bytes", Message("study.field.hex"));
    words = bytes.value_or("");
  }
  if (!plain && !coded) return std::nullopt;
  // A zero byte would cut the name short where the system reads it.
  if (words.empty() || words.find('\0') != std::string::npos)
    fields.fail(plain ? "file" : "file_bytes", Message("study.field.file"));
  return fs::path(words);
}

/// Where the file is: as the study says, or else beside the study, where both were moved together.
fs::path find_file(const fs::path& named, const fs::path& folder) {
  const fs::path path = named.is_absolute() ? named : folder / named;
  std::error_code missing;
  if (fs::exists(path, missing)) return path;
  const fs::path beside = folder / named.filename();
  return !folder.empty() && fs::exists(beside, missing) ? beside : path;
}

void read_file(StudyFields& fields, Input& input, const fs::path& named, const StudyReading& reading) {
  if (!fields.ok()) return;
  if (!reading.load) return fields.fail("file", Message("study.field.no_files"));
  input.path = find_file(named, reading.folder);
  const Result<LoadedInput> loaded = reading.load(input.path);
  if (!loaded.ok()) return fields.fail(loaded.error());
  input.name = loaded->name;
  input.is_picture = loaded->is_picture;
  input.tensor = loaded->tensor;
}

void check_picture(StudyFields& fields, const Input& input) {
  if (!fields.ok() || !input.is_picture) return;
  const int64_t channels = input.tensor->shape().c;
  if (channels != 1 && channels != 3) return fields.fail("values", Message("study.field.picture_channels"));
  for (const float value : input.tensor->values())
    if (!(value >= 0 && value <= 255)) return fields.fail("values", Message("study.field.picture_values"));
}

bool is_builtin(const std::string& name) {
  for (const BuiltinInput& input : builtin_inputs())
    if (input.name == name) return true;
  return false;
}

std::vector<std::pair<std::string_view, std::string>> builtin_choices() {
  std::vector<std::pair<std::string_view, std::string>> names;
  for (const BuiltinInput& input : builtin_inputs())
    names.emplace_back(input.name, std::string(input.name));
  return names;
}

}  // namespace

void read_input_fields(StudyFields& fields, Input& input, const StudyReading& reading) {
  input = {};
  const bool builtin = fields.choice("builtin", input.builtin, builtin_choices());
  const std::optional<fs::path> file = read_path(fields);
  fields.text("name", input.name);
  fields.flag("picture", input.is_picture);
  fields.flag("edited", input.edited);
  const In* values = fields.peek("values");
  if (!fields.ok()) return;
  input.name = displayable(input.name, 200);
  if (file && (builtin || values)) return fields.fail("file", Message("study.field.two_inputs"));
  if (values) {
    input.tensor = read_values(fields, *values);
    return check_picture(fields, input);
  }
  if (file) return read_file(fields, input, *file, reading);
  if (!builtin || !is_builtin(input.builtin)) return fields.fail("builtin", Message("study.field.no_input"));
  const std::string name = input.builtin;
  input = builtin_input(name);
}

bool write_input_fields(StudyFields& fields, const Input& input, const fs::path& folder) {
  const bool from_file = !input.path.empty() && !input.edited;
  const bool whole_builtin = !input.builtin.empty() && !input.edited;
  if (!input.builtin.empty()) fields.put("builtin", input.builtin);
  if (whole_builtin) return true;
  const int64_t count = input.tensor->count();
  if (from_file && count > kSmallInput) return write_path(fields, from_folder(input.path, folder)), true;
  if (count > kLargestEmbedded) return false;
  if (!input.name.empty()) fields.put("name", input.name);
  fields.put("picture", input.is_picture);
  fields.put("edited", input.edited);
  fields.put("values", values_out(*input.tensor));
  return true;
}

}  // namespace poolscope
