#pragma once

#include <string_view>

#include "app/ui/ui.h"

namespace poolscope::ui {

/// What every clickable widget starts with: space, id, mouse, focus, probe.
struct Item {
  ImGuiID id = 0;
  Rect rect{};
  bool enabled = true, hovered = false, held = false, pressed = false;
  bool activated = false;  // the mouse went down on it in this frame
  bool focused = false;    // holds the keyboard and shows it
};

struct ItemWish {
  ImVec2 size;
  std::string_view kind, value;
  bool enabled = true, selected = false, focusable = true;
  /// Enter and Space press it (sliders do not).
  bool keys_press = true;
  std::string_view tooltip = {};
};

/// Takes the space at the cursor. `pressed` is a click released on it, or Enter or Space with visible focus.
Item make_item(Ui& ui, std::string_view key, const ItemWish& wish);
/// The ring around a widget with the keyboard focus; draw after the widget.
void focus_ring(Ui& ui, const Item& item, float rounding);

// Text in one role. Positions are the top left of the line, snapped to whole pixels.
void put_text(ImDrawList* list, const SizedFont& font, ImVec2 at, ImU32 color, std::string_view words);
float text_width(const SizedFont& font, std::string_view words);
/// `words`, or its beginning and "…" where it is wider than `width`.
std::string fitted(const SizedFont& font, std::string_view words, float width);
/// The same for file names: the end with the ending stays, "a_long…02.png".
std::string fitted_name(const SizedFont& font, std::string_view name, float width);
/// In the middle of a rectangle, shortened where it does not fit.
void put_centered(ImDrawList* list, const SizedFont& font, Rect rect, ImU32 color, std::string_view words);

/// The width a widget gets: `wish` 0 or -1 is all that is left.
float fill_width(const Ui& ui, float wish);

}  // namespace poolscope::ui
