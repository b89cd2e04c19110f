#include <cctype>
#include <optional>
#include <string_view>

#include "app/labs/frame.h"
#include "app/labs/shortcuts.h"

namespace poolscope {

namespace {

struct NamedKey {
  std::string_view name;
  ui::Key key;
  bool shifted = false;  ///< the character is typed with Shift on most keyboards
};

constexpr NamedKey kKeys[] = {
    {"Space", ui::Key::space},   {"Left", ui::Key::left},      {"Right", ui::Key::right},
    {"Up", ui::Key::up},         {"Down", ui::Key::down},      {"Home", ui::Key::home},
    {"End", ui::Key::end},       {"PageUp", ui::Key::page_up}, {"PageDown", ui::Key::page_down},
    {"F1", ui::Key::f1},         {"F5", ui::Key::f5},          {"F11", ui::Key::f11},
    {"?", ui::Key::slash, true}, {"[", ui::Key::left_bracket}, {"]", ui::Key::right_bracket},
    {"+", ui::Key::plus},        {"-", ui::Key::minus},        {",", ui::Key::comma},
    {".", ui::Key::period},      {"0", ui::Key::num0},
};

std::optional<NamedKey> key_named(std::string_view name) {
  for (const NamedKey& key : kKeys)
    if (key.name == name) return key;
  if (name.size() == 1 && std::isupper(static_cast<unsigned char>(name[0])))
    return NamedKey{name, static_cast<ui::Key>(static_cast<int>(ui::Key::a) + name[0] - 'A')};
  return std::nullopt;
}

bool pressed(const ui::Ui& ui, std::string_view words, bool repeats) {
  // These characters are on other keys, with or without Shift, on other keyboards: what counts is the
  // character.
  if (words == "?") return ui.char_typed('?');
  if (words == "+") return ui.char_typed('+');
  const std::optional<Shortcut> shortcut = parse_shortcut(words);
  if (!shortcut) return false;
  if (ui.shortcut(shortcut->key, shortcut->ctrl, shortcut->shift, repeats)) return true;
  return shortcut->any_shift && ui.shortcut(shortcut->key, shortcut->ctrl, !shortcut->shift, repeats);
}

}  // namespace

std::optional<Shortcut> parse_shortcut(std::string_view words) {
  Shortcut shortcut;
  const auto strip = [&](std::string_view prefix, bool& flag) {
    if (!words.starts_with(prefix)) return;
    flag = true;
    words.remove_prefix(prefix.size());
  };
  strip("Ctrl+", shortcut.ctrl);
  strip("Shift+", shortcut.shift);
  const std::optional<NamedKey> key = key_named(words);
  if (!key) return std::nullopt;
  shortcut.key = key->key;
  shortcut.any_shift = key->key == ui::Key::plus || key->shifted;
  shortcut.shift |= key->shifted;
  return shortcut;
}

void handle_shortcuts(LabContext& context) {
  if (context.ui.text_active() || context.model.session.dialog != Dialog::none || context.ui.scope_open())
    return;
  if (context.model.session.presenting && context.ui.shortcut(ui::Key::escape))
    context.outbox.post(command::TogglePresenting{});
  for (const Action& action : all_actions()) {
    std::string_view rest = action.shortcut;
    while (!rest.empty()) {
      const size_t end = rest.find(' ');
      const std::string_view one = rest.substr(0, end);
      // Several keys may go down between two frames: none of them is lost.
      if (pressed(context.ui, one, action.repeats) && action.enabled(context.model) &&
          !lesson_locks(context.model, action.id))
        context.outbox.post(action.command(context.model));
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
  }
}

}  // namespace poolscope
