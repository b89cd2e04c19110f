#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <imgui.h>

#include "app/ui/font_file.h"

namespace poolscope::ui {

/// The roles that text can have. Sizes at 100 %: caption 12, body 14, heading 15, title 18, display 30.
enum class Role {
  caption,       // 12 regular: sublines, axis labels
  caption_bold,  // 12 semibold: emphasis in captions, small marks on the stage
  section,       // 11 semibold, letter-spaced: section headings
  body,          // 14 regular
  body_bold,     // 14 semibold: values, emphasised words
  control,       // 13 regular: buttons, chips, fields
  control_bold,  // 13 semibold: the selected one of them
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

/// A font and the size it is sharp at, for ImDrawList::AddText(font, size_px, ...).
struct SizedFont {
  ImFont* font = nullptr;
  float size_px = 0;
};

/// The font atlas: baked for one scale and one set of characters, rebuilt between frames when either changes.
class Fonts {
 public:
  explicit Fonts(FontFiles files = FontFiles::debian());

  /// Asks for a scale: 1 is 100 % text on a normal screen. Limited to 0.5 to 5.
  void set_scale(float scale);
  float scale() const { return scale_; }
  /// Every character of these texts (UTF-8) can be drawn after the next rebuild. Cheap when all are known.
  void need_glyphs(std::string_view utf8);

  /// Only the characters that were asked for, without the few thousand of Chinese and the accents that a user
  /// may type: for pictures that nobody types into. Before need_glyphs().
  void leave_out_floor();

  /// Bakes everything now into the atlas of a context that is not drawn with yet, which takes longer than a
  /// frame may: in another thread than the one that draws. Then use_baked() with that context current, before
  /// its first frame, instead of rebuild_if_needed().
  void bake_apart(ImFontAtlas& atlas);
  void use_baked();

  /// Rebuilds the atlas if anything changed since the last time. Call between frames, never inside one.
  /// True when the texture must be uploaded again (platform's Surface::upload_fonts).
  bool rebuild_if_needed();

  ImFont* font(Role role) const { return roles_[static_cast<size_t>(role)].font; }
  /// The height of a line of text in pixels at the current scale (about 1.2 em): what ImDrawList::AddText
  /// takes.
  float size(Role role) const { return roles_[static_cast<size_t>(role)].size_px; }
  SizedFont sized(Role role) const { return roles_[static_cast<size_t>(role)]; }
  /// Digits and the signs of numbers (Inter medium or bold): the largest size that is no higher than
  /// `size_px` pixels, so that grid numbers stay sharp at every zoom. Not scaled: sizes are pixels.
  SizedFont number_font(float size_px, bool bold = false) const;
  /// One file name for each typeface that could not be used; empty when all is well.
  const std::vector<std::string>& missing() const { return missing_; }

 private:
  struct Wish;
  const FontFile* load(const std::vector<std::filesystem::path>& candidates);
  SizedFont add(const Wish& wish);
  bool build();
  void build_from_default();
  void collect_ranges();

  FontFiles files_;
  float scale_ = 1.0f;
  ImFontAtlas* apart_ = nullptr;  ///< baked into, instead of the current context's
  bool dirty_ = true, with_floor_ = true;
  std::vector<bool> wanted_;  // by code point, basic multilingual plane
  std::vector<ImWchar> word_ranges_, floor_ranges_, number_ranges_;
  std::array<SizedFont, static_cast<size_t>(Role::count)> roles_{};
  std::vector<SizedFont> numbers_, bold_numbers_;  // smallest first
  std::map<std::filesystem::path, std::optional<FontFile>> loaded_;
  std::vector<std::string> missing_;
};

}  // namespace poolscope::ui
