#include "app/model/study_file.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "core/data/display_name.h"

namespace poolscope {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using nlohmann::ordered_json;

bool ends_in(std::string name, std::string_view ending) {
  for (char& letter : name)
    letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return name.size() > ending.size() && name.ends_with(ending);
}

/// Brackets that are open at the same time at most, those in texts aside.
int depth_of(std::string_view bytes) {
  int depth = 0, deepest = 0;
  bool in_text = false;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (in_text) {
      if (c == '\\') ++i;
      if (c == '"') in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '[' || c == '{') {
      deepest = std::max(deepest, ++depth);
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return deepest;
}

Error in_file(const fs::path& file, Error error) {
  error.with("study", display_name(file)).with("problem", error.key);
  error.key = "study.in_file";
  return error;
}

Result<std::string> read_bytes(const fs::path& file) {
  std::error_code failed;
  const fs::file_status status = fs::status(file, failed);
  if (status.type() == fs::file_type::not_found)
    return Error("files.not_found").with("path", displayable(file.string()));
  if (status.type() == fs::file_type::directory)
    return Error("files.is_folder").with("path", displayable(file.string()));
  if (status.type() != fs::file_type::regular)
    return Error("files.not_regular").with("path", displayable(file.string()));
  const auto size = static_cast<int64_t>(fs::file_size(file, failed));
  if (failed || size > kMaxStudyBytes)
    return Error("study.too_large").with("file", display_name(file)).with("most", kMaxStudyBytes >> 20);
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return Error("files.not_allowed").with("path", displayable(file.string()));
  std::string bytes(static_cast<size_t>(size), '\0');
  stream.read(bytes.data(), size);
  bytes.resize(static_cast<size_t>(stream.gcount()));
  return bytes;
}

bool on_one_line(const ordered_json& value) {
  if (!value.is_structured()) return true;
  if (value.is_object()) return false;
  return std::none_of(value.begin(), value.end(), [](const ordered_json& v) { return v.is_structured(); });
}

void write_line(const ordered_json& value, std::string& out) {
  if (!value.is_array()) {
    out += value.dump();
    return;
  }
  out += '[';
  for (size_t i = 0; i < value.size(); ++i)
    out += (i > 0 ? ", " : "") + value[i].dump();
  out += ']';
}

void write_pretty(const ordered_json& value, size_t indent, std::string& out) {
  if (on_one_line(value) || value.empty()) return write_line(value, out);
  const std::string inner(indent + 2, ' ');
  out += value.is_object() ? "{" : "[";
  bool first = true;
  for (const auto& [name, entry] : value.items()) {
    out += (first ? "\n" : ",\n") + inner;
    if (value.is_object()) out += json(name).dump() + ": ";
    write_pretty(entry, indent + 2, out);
    first = false;
  }
  out += "\n" + std::string(indent, ' ') + (value.is_object() ? "}" : "]");
}

}  // namespace

bool is_study_name(const fs::path& file) {
  return ends_in(file.filename().string(), ".json");
}

fs::path as_study_name(fs::path file) {
  if (!is_study_name(file)) file += kStudyEnding;
  return file;
}

Result<json> parse_study(std::string_view bytes) {
  if (depth_of(bytes) > kDeepestStudy) return Error("study.too_deep").with("most", kDeepestStudy);
  json root;
  try {
    root = json::parse(bytes);
  } catch (const json::parse_error& error) {
    const size_t at = std::min(error.byte, bytes.size());
    const auto line = 1 + std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    return Error("study.not_json").with("line", static_cast<int64_t>(line));
  } catch (const json::exception&) {
    return Error("study.not_finite");  // a number that is too large
  }
  if (!root.is_object()) return Error("study.not_an_object");
  const auto version = root.find("poolscope");
  if (version == root.end()) return Error("study.no_version");
  if (*version != kStudyVersion) return Error("study.other_version").with("version", kStudyVersion);
  root.erase(version);
  return root;
}

Result<StudyState> read_study(const fs::path& file, StudyReading reading) {
  Result<std::string> bytes = read_bytes(file);
  if (!bytes.ok()) return bytes.error();
  const Result<json> root = parse_study(*bytes);
  if (!root.ok()) return in_file(file, root.error());
  if (reading.folder.empty()) reading.folder = file.parent_path();
  StudyState state;
  if (Status read = read_state(*root, state, reading); !read.ok()) return in_file(file, read.error());
  return state;
}

Result<std::string> study_text(const StudyState& state, const fs::path& folder) {
  Result<ordered_json> fields = write_state(state, folder);
  if (!fields.ok()) return fields.error();
  ordered_json root;
  root["poolscope"] = kStudyVersion;
  for (auto& [name, value] : fields->items())
    root[name] = std::move(value);
  std::string text;
  write_pretty(root, 0, text);
  return text + "\n";
}

}  // namespace poolscope
