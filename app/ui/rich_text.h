#pragma once

#include <string_view>
#include <vector>

#include "app/ui/ui.h"

namespace poolscope::ui {

/// A run of words in one colour and weight.
struct Span {
  std::string_view text;
  bool bold = false;
  std::string_view color;  // name of a token, empty for the paragraph's own
};
/// "keeps **one value** in [winner:red]" gives three spans. A lone ** or [ is shown as it is.
std::vector<Span> parse_rich(std::string_view rich);

/// True when a line may break between these two characters: at spaces, between Chinese characters, but not
/// before closing punctuation (，。、；：！？）」) or after opening punctuation (（「《).
bool may_break(unsigned before, unsigned after);

struct PlacedSpan {
  std::string_view text;
  bool bold;
  std::string_view color;
  float x, y;  // from the top left of the paragraph
};
struct RichLayout {
  std::vector<PlacedSpan> spans;
  float width = 0, height = 0;
  int lines = 0;
};
/// `none`: stars and brackets are shown as they are (code).
enum class Markup { rich, none };
RichLayout layout_rich(const Fonts& fonts, std::string_view rich, Role role, float width_px,
                       Markup markup = Markup::rich);
void draw_rich(ImDrawList* list, const Ui& ui, const RichLayout& layout, Role role, ImVec2 at, ImU32 color);
ImU32 named_color(const Theme& theme, std::string_view name, ImU32 otherwise);

}  // namespace poolscope::ui
