#pragma once

#include <span>
#include <string_view>

#include "app/model/model.h"

namespace poolscope {

/// One thing that can be done: feeds buttons' tooltips, shortcuts and the key sheet. Its name is the text
/// "action.<id>".
struct Action {
  std::string_view id;
  std::string_view group;     ///< text key "keys.<group>": a heading of the key sheet
  std::string_view shortcut;  ///< "Ctrl+O", "Space", "Shift+Left"; several are separated by a blank
  bool (*enabled)(const Model&);
  Command (*command)(const Model&);
  bool repeats = false;  ///< goes on while the key is held
};

std::span<const Action> all_actions();
const Action* find_action(std::string_view id);

}  // namespace poolscope
