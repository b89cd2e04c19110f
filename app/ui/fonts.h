#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <imgui.h>

namespace poolscope::ui {

/// The roles that text can have. Sizes at 100 %: caption 12, body 14, heading 15, title 18, display 30.
enum class Role {
  caption,       // 12 regular: sublines, axis labels
  caption_bold,  // 11 semibold: section headings, small marks on the stage
  body,          // 14 regular
  body_bold,     // 14 semibold: values, emphasised words
  heading,       // 15 semibold: names on the stage
  title,         // 18 semibold: dialog titles, verdicts
  display,       // 28 bold: the arithmetic of a step
  mono,          // 13 JetBrains Mono: code, formulas, step counters
  mono_small,    // 11.5 JetBrains Mono
  count
};

/// Where the typefaces are. Empty or broken paths are no error: the next candidate, then another role's
/// typeface, then Dear ImGui's own font takes over.
struct FontFiles {
  std::vector<std::filesystem::path> regular, medium, semibold, bold, chinese, mono, mono_bold;
  /// Where Debian's fonts-inter, fonts-wqy-microhei and fonts-jetbrains-mono put them.
  static FontFiles debian();
};

/// True for a readable regular file that starts like a TrueType or OpenType font or collection, with table
/// offsets that lie inside the file. Debian's Dear ImGui aborts on anything else, so nothing unchecked
/// reaches it.
bool looks_like_font(const std::filesystem::path& file);

/// The font atlas: baked for one scale and one set of characters, rebuilt between frames when either changes.
class Fonts {
 public:
  explicit Fonts(FontFiles files = FontFiles::debian());

  /// Asks for a scale: 1 is 100 % text on a normal screen. Limited to 0.5 to 5.
  void set_scale(float scale);
  float scale() const { return scale_; }
  /// Every character of these texts (UTF-8) can be drawn after the next rebuild. Cheap when all are known.
  void need_glyphs(std::string_view utf8);

  /// Rebuilds the atlas if anything changed since the last time. Call between frames, never inside one.
  /// True when the texture must be uploaded again (platform's Surface::upload_fonts).
  bool rebuild_if_needed();

  ImFont* font(Role role) const;
  /// Height of one em in pixels, at the current scale.
  float size(Role role) const;
  /// Digits and the signs of numbers, baked at many sizes: the best one for text of `size_px` pixels.
  /// Draw with ImDrawList::AddText(font, size_px, ...).
  ImFont* number_font(float size_px, bool bold = false) const;
  /// One sentence for each typeface that could not be used, as file names; empty when all is well.
  const std::vector<std::string>& missing() const { return missing_; }

 private:
  struct Typeface;
  void build();
  ImFont* add(const std::vector<std::filesystem::path>& files, float size_px, const ImWchar* ranges,
              bool with_chinese, const ImWchar* chinese_ranges);

  FontFiles files_;
  float scale_ = 1.0f;
  bool dirty_ = true;
  std::vector<bool> wanted_;  // by code point, basic multilingual plane
  std::vector<ImWchar> latin_ranges_, chinese_ranges_, chinese_floor_ranges_, number_ranges_;
  ImFont* roles_[static_cast<int>(Role::count)] = {};
  struct NumberFont {
    float size_px;
    ImFont* medium;
    ImFont* bold;
  };
  std::vector<NumberFont> numbers_;
  std::vector<std::string> missing_;
};

}  // namespace poolscope::ui
