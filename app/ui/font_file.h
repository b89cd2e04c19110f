#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace poolscope::ui {

/// A font file in memory whose table directory was checked, and what its header says.
struct FontFile {
  std::vector<unsigned char> bytes;
  /// Line height in ems: (ascender - descender) / units per em of table hhea. Dear ImGui's font size is this
  /// times the em.
  float line_per_em = 1.2f;
};

/// Nothing for files that are missing, not regular, larger than 64 MiB, or whose directory does not describe
/// a TrueType or OpenType font inside the file.
std::optional<FontFile> load_font_file(const std::filesystem::path& file);

}  // namespace poolscope::ui
