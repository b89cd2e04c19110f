#pragma once

#include <optional>
#include <string_view>

#include "app/ui/ui.h"

namespace poolscope {

/// "Ctrl+Shift+Z" as keys. `any_shift`: the key's character needs Shift on some keyboards only.
struct Shortcut {
  ui::Key key = ui::Key::space;
  bool ctrl = false, shift = false, any_shift = false;
};

/// Nothing where the words name no key that the program knows.
std::optional<Shortcut> parse_shortcut(std::string_view words);

}  // namespace poolscope
