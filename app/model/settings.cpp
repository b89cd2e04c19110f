#include "app/model/settings.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>

#include "app/model/atomic_file.h"

namespace poolscope {

namespace {

using nlohmann::json;
constexpr size_t kMostRecent = 12;

const char* theme_key(ThemeName theme) {
  return theme == ThemeName::night ? "night" : "paper";
}

Error broken(const std::filesystem::path& file) {
  return Error("settings.broken").with("file", file.string());
}

}  // namespace

int next_text_scale(int percent, int direction) {
  if (direction > 0) {
    const auto* next = std::upper_bound(std::begin(kTextScales), std::end(kTextScales), percent);
    return next == std::end(kTextScales) ? kTextScales[std::size(kTextScales) - 1] : *next;
  }
  const auto* next = std::lower_bound(std::begin(kTextScales), std::end(kTextScales), percent);
  return next == std::begin(kTextScales) ? kTextScales[0] : *(next - 1);
}

void remember_recent(Settings& settings, const std::filesystem::path& path) {
  std::erase(settings.recent, path);
  settings.recent.insert(settings.recent.begin(), path);
  if (settings.recent.size() > kMostRecent) settings.recent.resize(kMostRecent);
}

Result<Settings> load_settings(const std::filesystem::path& file) {
  Settings settings;
  std::error_code none;
  if (!std::filesystem::exists(file, none)) return settings;
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  const json root = json::parse(text, nullptr, false);
  if (!root.is_object()) return broken(file);
  const auto text_of = [&](const char* key) {
    return root.contains(key) && root[key].is_string() ? root[key].get<std::string>() : std::string();
  };
  if (const std::string language = text_of("language"); !language.empty()) settings.language = language;
  if (text_of("theme") == "night") settings.theme = ThemeName::night;
  if (root.contains("text_percent") && root["text_percent"].is_number_integer())
    settings.text_percent =
        static_cast<int>(std::clamp<int64_t>(root["text_percent"].get<int64_t>(), 75, 250));
  if (root.contains("reduced_motion") && root["reduced_motion"].is_boolean())
    settings.reduced_motion = root["reduced_motion"].get<bool>();
  if (root.contains("recent") && root["recent"].is_array())
    for (const json& entry : root["recent"])
      if (entry.is_string() && settings.recent.size() < kMostRecent)
        settings.recent.emplace_back(entry.get<std::string>());
  return settings;
}

Status save_settings(const Settings& settings, const std::filesystem::path& file) {
  json root;
  root["language"] = settings.language;
  root["theme"] = theme_key(settings.theme);
  root["text_percent"] = settings.text_percent;
  root["reduced_motion"] = settings.reduced_motion;
  root["recent"] = json::array();
  for (const auto& path : settings.recent)
    root["recent"].push_back(path.string());
  std::error_code none;
  std::filesystem::create_directories(file.parent_path(), none);
  // File names need not be valid UTF-8; such a name is replaced rather than losing the rest.
  return write_whole(file, root.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

}  // namespace poolscope
