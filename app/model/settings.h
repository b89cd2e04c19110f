#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace poolscope {

enum class ThemeName { paper, night };

inline constexpr int kTextScales[] = {75, 90, 100, 110, 125, 150, 175, 200, 250};

/// How the program looks and speaks: kept between runs, not part of undo.
struct Settings {
  std::string language = "en";
  ThemeName theme = ThemeName::paper;
  int text_percent = 100;  ///< 75 to 250
  bool reduced_motion = false;
  std::vector<std::filesystem::path> recent;  ///< files opened, newest first
  bool operator==(const Settings&) const = default;
};

/// The next larger or smaller entry of kTextScales.
int next_text_scale(int percent, int direction);
/// Puts `path` first in the list of recent files.
void remember_recent(Settings& settings, const std::filesystem::path& path);

/// Reads the settings file. No file is no error; broken content is, and the defaults stay.
Result<Settings> load_settings(const std::filesystem::path& file);
/// Written whole or not at all; makes the folder where it is missing.
Status save_settings(const Settings& settings, const std::filesystem::path& file);

}  // namespace poolscope
