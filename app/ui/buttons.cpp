#include <string>

#include "app/ui/item.h"
#include "app/ui/shapes.h"
#include "app/ui/widgets.h"

namespace poolscope::ui {
namespace {

/// Colours of a control in its present state.
struct Look {
  ImU32 fill, border, ink;
};

ImU32 by_state(const Item& item, ImU32 rest, ImU32 hover, ImU32 press) {
  return item.held && item.hovered ? press : item.hovered ? hover : rest;
}

Look look_of(const Theme& t, const Item& item, const ButtonOptions& options) {
  const ImU32 none = with_alpha(t.panel, 0);
  switch (options.kind) {
    case ButtonKind::primary:
      if (!item.enabled) return {t.track, none, t.text_disabled};
      return {by_state(item, t.primary, t.primary_hover, t.primary_press), none, t.on_primary};
    case ButtonKind::ghost:
    case ButtonKind::tab:
      if (!item.enabled) return {none, none, t.text_disabled};
      if (options.selected) return {t.primary_soft, none, t.on_primary_soft};
      return {by_state(item, none, t.control_hover, t.control_press), none,
              item.hovered ? t.text : t.text_soft};
    case ButtonKind::normal:
      break;
  }
  if (!item.enabled) return {t.control, t.hairline, t.text_disabled};
  if (options.selected) {
    return {by_state(item, t.primary_soft, t.primary_soft, t.control_press), t.primary, t.on_primary_soft};
  }
  return {by_state(item, t.control, t.control_hover, t.control_press), t.hairline, t.text};
}

SizedFont button_font(const Ui& ui, const ButtonOptions& options) {
  const bool strong = options.kind == ButtonKind::primary || options.selected;
  return ui.fonts.sized(strong ? Role::control_bold : Role::control);
}

float icon_px(const Ui& ui) {
  return ui.dp(15);
}

void draw_button(Ui& ui, const Item& item, std::string_view label, const ButtonOptions& options) {
  const Look look = look_of(*ui.theme, item, options);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float rounding = ui.radius();
  frame(list, item.rect.min, item.rect.max, look.fill, look.border, rounding, ui.hairline());
  const SizedFont font = button_font(ui, options);
  const float icon = icon_px(ui), space = ui.dp(7);
  const float before = options.icon != Icon::none ? icon + (label.empty() ? 0 : space) : 0;
  const float after = options.icon_after != Icon::none ? icon * 0.7f + space : 0;
  const float room = item.rect.width() - ui.dp(12) - before - after;
  const std::string shown = fitted(font, label, room);
  const float width = before + text_width(font, shown) + after;
  float x = std::round(item.rect.center().x - width / 2);
  const float y = item.rect.center().y;
  if (options.icon != Icon::none) draw_icon(list, options.icon, {x + icon / 2, y}, icon, look.ink);
  x += before;
  put_text(list, font, {x, y - font.size_px / 2}, look.ink, shown);
  if (options.icon_after != Icon::none) {
    draw_icon(list, options.icon_after, {x + text_width(font, shown) + space + icon * 0.35f, y}, icon * 0.7f,
              look.ink);
  }
  focus_ring(ui, item, rounding);
}

}  // namespace

float button_width(const Ui& ui, std::string_view label, ButtonOptions options) {
  // Room for the bold form, so that a tab does not jump when it is selected.
  const float words = std::max(text_width(ui.fonts.sized(Role::control), label),
                               text_width(ui.fonts.sized(Role::control_bold), label));
  const float icon = icon_px(ui), space = ui.dp(7);
  const float icons = (options.icon != Icon::none ? icon + (label.empty() ? 0 : space) : 0) +
                      (options.icon_after != Icon::none ? icon * 0.7f + space : 0);
  const float pad = options.kind == ButtonKind::tab ? ui.dp(14) : ui.dp(11);
  return std::ceil(words + icons) + 2 * pad;
}

bool button(Ui& ui, std::string_view key, std::string_view label, ButtonOptions options) {
  options.enabled = options.enabled && !ui.is_locked(key);
  const float width = options.width > 0   ? options.width
                      : options.width < 0 ? fill_width(ui, -1)
                                          : button_width(ui, label, options);
  const float height = options.height > 0 ? options.height : ui.control_height();
  const Item item = make_item(ui, key,
                              {.size = {width, height},
                               .kind = "button",
                               .value = label,
                               .enabled = options.enabled,
                               .selected = options.selected,
                               .tooltip = options.tooltip});
  draw_button(ui, item, label, options);
  return item.pressed;
}

bool icon_button(Ui& ui, std::string_view key, Icon icon, std::string_view tooltip, ButtonOptions options) {
  options.enabled = options.enabled && !ui.is_locked(key);
  options.icon = icon;
  const float height = options.height > 0 ? options.height : ui.control_height();
  const float width = options.width > 0 ? options.width : height;
  const Item item = make_item(ui, key,
                              {.size = {width, height},
                               .kind = "button",
                               .value = icon_name(icon),
                               .enabled = options.enabled,
                               .selected = options.selected,
                               .tooltip = tooltip});
  draw_button(ui, item, {}, options);
  return item.pressed;
}

bool link(Ui& ui, std::string_view key, std::string_view label, Icon icon, bool enabled,
          std::string_view tooltip) {
  enabled = enabled && !ui.is_locked(key);
  const SizedFont font = ui.fonts.sized(Role::caption);
  const float sign = icon == Icon::none ? 0 : ui.dp(12), space = icon == Icon::none ? 0 : ui.dp(4);
  const Item item = make_item(ui, key,
                              {.size = {sign + space + text_width(font, label), font.size_px},
                               .kind = "link",
                               .value = label,
                               .enabled = enabled,
                               .tooltip = tooltip});
  const Theme& t = *ui.theme;
  const ImU32 ink = !enabled ? t.text_disabled : item.held ? t.primary_press : t.on_primary_soft;
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (sign > 0) draw_icon(list, icon, {item.rect.min.x + sign / 2, item.rect.center().y}, sign, ink);
  put_text(list, font, {item.rect.min.x + sign + space, item.rect.min.y}, ink, label);
  if (item.hovered) {
    const float y = item.rect.max.y - ui.dp(1);
    list->AddLine({item.rect.min.x + sign + space, y}, {item.rect.max.x, y}, ink, ui.hairline());
  }
  focus_ring(ui, item, ui.dp(3));
  return item.pressed;
}

bool list_row(Ui& ui, std::string_view key, std::string_view label, RowOptions options) {
  const Theme& t = *ui.theme;
  const Item item = make_item(ui, key,
                              {.size = {available_width(ui), ui.dp(30)},
                               .kind = "row",
                               .value = label,
                               .enabled = options.enabled,
                               .selected = options.selected,
                               .focusable = options.focusable,
                               .tooltip = options.tooltip});
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float rounding = ui.dp(6);
  if (options.selected || item.hovered) {
    const ImU32 wash = options.selected ? t.primary_soft : item.held ? t.control_press : t.control_hover;
    list->AddRectFilled(item.rect.min, item.rect.max, wash, rounding);
  }
  const SizedFont font = ui.fonts.sized(Role::control), small = ui.fonts.sized(Role::caption);
  const ImU32 ink = !options.enabled ? t.text_disabled : options.selected ? t.on_primary_soft : t.text;
  const float middle = item.rect.center().y, pad = ui.dp(8);
  float x = item.rect.min.x + pad;
  if (options.icon != Icon::none) {
    const float side = ui.dp(14);
    draw_icon(list, options.icon, {x + side / 2, middle}, side, options.selected ? ink : t.text_faint);
    x += side + pad;
  }
  const float note = options.note.empty() ? 0 : text_width(small, options.note) + pad;
  put_text(list, font, {x, middle - font.size_px / 2}, ink,
           fitted(font, label, item.rect.max.x - pad - note - x));
  if (note > 0) {
    put_text(list, small, {item.rect.max.x - note, middle - small.size_px / 2}, t.text_faint, options.note);
  }
  focus_ring(ui, item, rounding);
  return item.pressed;
}

float chip_width(const Ui& ui, std::string_view label) {
  return std::ceil(text_width(ui.fonts.sized(Role::control), label)) + 2 * ui.dp(11);
}

bool chip(Ui& ui, std::string_view key, std::string_view label, ChipOptions options) {
  options.enabled = options.enabled && !ui.is_locked(key);
  const float height = ui.dp(26);
  const float width = std::min(chip_width(ui, label), available_width(ui));
  const Item item = make_item(ui, key,
                              {.size = {width, height},
                               .kind = "chip",
                               .value = label,
                               .enabled = options.enabled,
                               .selected = options.selected,
                               .tooltip = options.tooltip});
  const Theme& t = *ui.theme;
  Look look{by_state(item, t.control, t.control_hover, t.control_press), t.hairline,
            item.hovered ? t.text : t.text_soft};
  if (options.selected) look = {t.primary_soft, t.primary, t.on_primary_soft};
  if (!options.enabled) look = {t.control, t.hairline, t.text_disabled};
  ImDrawList* list = ImGui::GetWindowDrawList();
  frame(list, item.rect.min, item.rect.max, look.fill, look.border, height / 2, ui.hairline());
  const float pad = ui.dp(8);
  put_centered(list, ui.fonts.sized(Role::control),
               {{item.rect.min.x + pad, item.rect.min.y}, {item.rect.max.x - pad, item.rect.max.y}}, look.ink,
               label);
  focus_ring(ui, item, height / 2);
  return item.pressed;
}

namespace {

/// The rectangle of part `i`, widths by content so that no word is cut before the others have air.
std::vector<float> part_widths(const Ui& ui, std::span<const Choice> choices, float width) {
  std::vector<float> natural;
  float sum = 0;
  const SizedFont font = ui.fonts.sized(Role::control_bold);
  for (const Choice& choice : choices) {
    natural.push_back(text_width(font, choice.label) + 2 * ui.dp(4));
    sum += natural.back();
  }
  const float equal = width / static_cast<float>(choices.size());
  const bool equal_fits = std::all_of(natural.begin(), natural.end(), [&](float w) { return w <= equal; });
  const float spare = (width - sum) / static_cast<float>(choices.size());
  for (float& w : natural)
    w = equal_fits ? equal : spare >= 0 ? w + spare : w * width / sum;
  return natural;
}

/// Arrow keys on a focused row of choices: the next enabled one, or nothing.
std::optional<int> moved_by_keys(Ui& ui, std::span<const Choice> choices, int selected, Key back,
                                 Key forward) {
  const auto taken = [&](Key key) {
    if (ui.key_taken(key) || !ui.key_pressed(key)) return false;
    ui.take_key(key);
    return true;
  };
  const int step = taken(back) ? -1 : taken(forward) ? 1 : 0;
  if (step == 0) return std::nullopt;
  const int count = static_cast<int>(choices.size());
  for (int i = selected + step; i >= 0 && i < count; i += step) {
    if (choices[static_cast<size_t>(i)].enabled) return i;
  }
  return std::nullopt;
}

}  // namespace

std::optional<int> segmented(Ui& ui, std::string_view key, std::span<const Choice> choices, int selected,
                             float width, bool enabled) {
  enabled = enabled && !ui.is_locked(key);
  if (choices.empty()) return std::nullopt;
  const float all = std::round(fill_width(ui, width)), height = ui.control_height();
  const std::vector<float> widths = part_widths(ui, choices, all);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 end{at.x + all, at.y + height};
  const Theme& t = *ui.theme;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float line = ui.hairline(), rounding = ui.radius();
  frame(list, at, end, t.panel, t.hairline, rounding, line);

  std::optional<int> chosen;
  Item whole;  // for the focus ring, which goes around all parts
  float x = at.x;
  const int count = static_cast<int>(choices.size());
  for (int i = 0; i < count; ++i) {
    const Choice& choice = choices[static_cast<size_t>(i)];
    const float next = i + 1 == count ? end.x : std::round(x + widths[static_cast<size_t>(i)]);
    ImGui::SetCursorScreenPos({x, at.y});
    const bool on = i == selected;
    // One stop for Tab: the selected part stands for the control.
    const Item item =
        make_item(ui, std::string(key) + "." + choice.key,
                  {.size = {next - x, height},
                   .kind = "segment",
                   .value = choice.label,
                   .enabled = enabled && choice.enabled && !ui.is_locked(std::string(key) + "." + choice.key),
                   .selected = on,
                   .focusable = on || (selected < 0 && i == 0),
                   .keys_press = false,
                   .tooltip = choice.tooltip});
    const ImDrawFlags corners = count == 1       ? ImDrawFlags_RoundCornersAll
                                : i == 0         ? ImDrawFlags_RoundCornersLeft
                                : i + 1 == count ? ImDrawFlags_RoundCornersRight
                                                 : ImDrawFlags_RoundCornersNone;
    ImU32 ink = item.hovered ? t.text : t.text_soft;
    if (on) {
      const ImU32 fill = enabled ? t.primary : t.track;
      list->AddRectFilled({x, at.y}, {next, end.y}, fill, rounding, corners);
      ink = enabled ? t.on_primary : t.text_disabled;
    } else if (item.hovered) {
      list->AddRectFilled({x + line, at.y + line}, {next - line, end.y - line},
                          item.held ? t.control_press : t.control_hover, rounding - line, corners);
    }
    if (!item.enabled && !on) ink = t.text_disabled;
    // A divider between two parts that are both pale.
    if (i > 0 && !on && i - 1 != selected)
      list->AddRectFilled({x, at.y + line}, {x + line, end.y - line}, t.hairline);
    put_centered(list, ui.fonts.sized(on ? Role::control_bold : Role::control),
                 {{x + line, at.y}, {next - line, end.y}}, ink, choice.label);
    if (item.pressed && !on) chosen = i;
    if (item.focused) {
      whole = item;
      if (const auto moved = moved_by_keys(ui, choices, selected, Key::left, Key::right)) chosen = moved;
    }
    x = next;
  }
  if (chosen && whole.focused) {
    const std::string next_key = std::string(key) + "." + choices[static_cast<size_t>(*chosen)].key;
    ui.set_focus(ImGui::GetID(next_key.c_str()), true);
  }
  whole.rect = {at, end};
  focus_ring(ui, whole, rounding);
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({all, height});
  return chosen;
}

bool toggle(Ui& ui, std::string_view key, std::string_view label, bool on, bool enabled,
            std::string_view tooltip) {
  enabled = enabled && !ui.is_locked(key);
  const SizedFont font = ui.fonts.sized(Role::body);
  const float track_w = ui.dp(34), track_h = ui.dp(20), height = ui.dp(24);
  const Item item = make_item(ui, key,
                              {.size = {available_width(ui), height},
                               .kind = "toggle",
                               .value = on ? "on" : "off",
                               .enabled = enabled,
                               .selected = on,
                               .tooltip = tooltip});
  const Theme& t = *ui.theme;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float y = item.rect.center().y;
  put_text(list, font, {item.rect.min.x, y - font.size_px / 2},
           !enabled       ? t.text_disabled
           : item.hovered ? t.text
                          : t.text_soft,
           fitted(font, label, item.rect.width() - track_w - ui.sp(2)));
  const Rect track{{item.rect.max.x - track_w, std::round(y - track_h / 2)},
                   {item.rect.max.x, std::round(y - track_h / 2) + track_h}};
  const ImU32 lit = item.hovered ? t.primary_hover : t.primary;
  const ImU32 dark = item.hovered ? t.neutral_line : mix(t.track, t.neutral_line, 0.45f);
  list->AddRectFilled(track.min, track.max, !enabled ? t.track : on ? lit : dark, track_h / 2);
  const float r = track_h / 2 - ui.dp(3);
  const float x = on ? track.max.x - track_h / 2 : track.min.x + track_h / 2;
  // The knob has two cues, side and colour; the label's own text never changes.
  list->AddCircleFilled({x, track.center().y}, r, on && enabled ? t.on_primary : t.panel, 24);
  Item ring = item;
  ring.rect = track;
  focus_ring(ui, ring, track_h / 2);
  return item.pressed;
}

}  // namespace poolscope::ui
