#include <string>

#include "app/ui/item.h"
#include "app/ui/shapes.h"
#include "app/ui/widgets.h"

namespace poolscope::ui {
namespace {

float row_height(const Ui& ui) {
  return ui.dp(30);
}

/// The list that hangs below `anchor`. Mouse, arrow keys and Enter choose; Escape and a click elsewhere close
/// it. The popup's own id is `name`; call every frame.
std::optional<int> draw_list(Ui& ui, const std::string& key, const std::string& name,
                             std::span<const Choice> entries, int selected, Rect anchor) {
  if (!ImGui::IsPopupOpen(name.c_str())) return std::nullopt;
  float widest = anchor.width();
  const SizedFont font = ui.fonts.sized(Role::control);
  for (const Choice& entry : entries)
    widest = std::max(widest, text_width(font, entry.label) + ui.dp(52));
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  const float pad = ui.dp(5), margin = ui.dp(4), edge = ui.dp(8);
  const float wanted = row_height(ui) * static_cast<float>(entries.size()) + 2 * pad;
  const float below = screen.y - anchor.max.y - margin - edge, above = anchor.min.y - margin - edge;
  const bool upwards = wanted > below && above > below;
  const float height = std::min(wanted, upwards ? above : below);
  const float x = std::clamp(anchor.min.x, edge, std::max(edge, screen.x - widest - edge));
  ImGui::SetNextWindowPos({x, upwards ? anchor.min.y - margin - height : anchor.max.y + margin});
  ImGui::SetNextWindowSize({widest, height});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(pad, pad));
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  std::optional<int> chosen;
  const bool open =
      ImGui::BeginPopup(name.c_str(), ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoMove |
                                          ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoResize);
  if (!open) {
    ImGui::PopStyleVar(2);
    return std::nullopt;
  }

  const Theme& t = *ui.theme;
  const ImVec2 at = ImGui::GetWindowPos(), size = ImGui::GetWindowSize();
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->PushClipRectFullScreen();
  soft_shadow(list, at, {at.x + size.x, at.y + size.y}, ui.radius(), t.shadow, ui.dp(14), ui.dp(4));
  frame(list, at, {at.x + size.x, at.y + size.y}, t.panel, t.hairline, ui.radius(), ui.hairline());
  list->PopClipRect();
  ui.push_focus_scope(ImGui::GetID("##scope"));
  ui.push_region(at.x + size.x - pad);
  const int count = static_cast<int>(entries.size());
  // The keyboard's place in the list lives as long as the popup.
  Ui::Memory& cursor = ui.memory(ImGui::GetID("##cursor"));
  if (ImGui::IsWindowAppearing()) cursor = {static_cast<double>(std::max(0, selected)), false};
  int current = std::clamp(static_cast<int>(cursor.number), 0, std::max(0, count - 1));
  const auto step = [&](int by) {
    for (int i = current + by; i >= 0 && i < count; i += by) {
      if (entries[static_cast<size_t>(i)].enabled) {
        current = i;
        break;
      }
    }
    cursor.flag = true;
  };
  if (ui.key_pressed(Key::down)) step(1);
  if (ui.key_pressed(Key::up)) step(-1);
  const bool enter = ui.key_pressed(Key::enter, false) || ui.key_pressed(Key::space, false);
  if (enter && cursor.flag && current < count && entries[static_cast<size_t>(current)].enabled)
    chosen = current;
  for (int i = 0; i < count; ++i) {
    const Choice& entry = entries[static_cast<size_t>(i)];
    const Item item = make_item(ui, key + "." + entry.key,
                                {.size = {available_width(ui), row_height(ui)},
                                 .kind = "entry",
                                 .value = entry.label,
                                 .enabled = entry.enabled,
                                 .selected = i == selected,
                                 .focusable = false,
                                 .keys_press = false,
                                 .tooltip = entry.tooltip});
    if (item.hovered && (ImGui::GetIO().MouseDelta.x != 0 || ImGui::GetIO().MouseDelta.y != 0)) {
      current = i;
      cursor.flag = false;
    }
    const bool lit = item.hovered || (cursor.flag && i == current);
    if (lit) list->AddRectFilled(item.rect.min, item.rect.max, t.control_hover, ui.dp(6));
    if (lit && cursor.flag && i == current) ImGui::SetScrollHereY(0.5f);
    if (i == selected) {
      draw_icon(list, Icon::check, {item.rect.min.x + ui.dp(15), item.rect.center().y}, ui.dp(12),
                t.on_primary_soft);
    }
    put_text(list, ui.fonts.sized(i == selected ? Role::control_bold : Role::control),
             {item.rect.min.x + ui.dp(30), item.rect.center().y - font.size_px / 2},
             entry.enabled ? t.text : t.text_disabled,
             fitted(font, entry.label, item.rect.width() - ui.dp(38)));
    if (item.pressed) chosen = i;
  }
  cursor.number = current;
  for (const Key key_of_list : {Key::down, Key::up, Key::enter, Key::space})
    ui.take_key(key_of_list);
  const bool escape = ui.key_pressed(Key::escape, false);
  if (escape) ui.take_key(Key::escape);
  if (chosen || escape || ui.key_pressed(Key::tab)) ImGui::CloseCurrentPopup();
  ui.pop_region();
  ui.pop_focus_scope();
  ImGui::EndPopup();
  ImGui::PopStyleVar(2);
  return chosen;
}

}  // namespace

std::optional<int> dropdown(Ui& ui, std::string_view key, std::span<const Choice> choices, int selected,
                            float width, bool enabled) {
  enabled = enabled && !ui.is_locked(key);
  const std::string name(key), popup = name + ".list";
  const bool known = selected >= 0 && selected < static_cast<int>(choices.size());
  const std::string_view shown = known ? std::string_view(choices[static_cast<size_t>(selected)].label) : "";
  const Item item = make_item(ui, key,
                              {.size = {fill_width(ui, width), ui.control_height()},
                               .kind = "dropdown",
                               .value = shown,
                               .enabled = enabled});
  const Theme& t = *ui.theme;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const bool open = ImGui::IsPopupOpen(popup.c_str());
  frame(list, item.rect.min, item.rect.max,
        item.held      ? t.control_press
        : item.hovered ? t.control_hover
                       : t.control,
        open ? t.primary : t.hairline, ui.radius(), ui.hairline());
  const SizedFont font = ui.fonts.sized(Role::control);
  const ImU32 ink = enabled ? t.text : t.text_disabled;
  put_text(list, font, {item.rect.min.x + ui.dp(11), item.rect.center().y - font.size_px / 2}, ink,
           fitted(font, shown, item.rect.width() - ui.dp(38)));
  draw_icon(list, Icon::chevron_down, {item.rect.max.x - ui.dp(15), item.rect.center().y}, ui.dp(11),
            enabled ? t.text_faint : t.text_disabled);
  focus_ring(ui, item, ui.radius());
  if (item.pressed) ImGui::OpenPopup(popup.c_str());
  if (item.pressed) ui.want_frame_in(0);
  return draw_list(ui, name, popup, choices, selected, item.rect);
}

std::optional<int> menu(Ui& ui, std::string_view key, std::span<const Choice> entries, bool open,
                        int selected) {
  const std::string name(key), popup = name + ".list";
  const Rect anchor{ImGui::GetItemRectMin(), ImGui::GetItemRectMax()};
  if (open) {
    ImGui::OpenPopup(popup.c_str());
    ui.want_frame_in(0);
  }
  return draw_list(ui, name, popup, entries, selected, anchor);
}

}  // namespace poolscope::ui
