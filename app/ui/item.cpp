#include "app/ui/item.h"

#include <string>

#include "app/ui/utf8.h"
#include "app/ui/widgets.h"

namespace poolscope::ui {

Item make_item(Ui& ui, std::string_view key, const ItemWish& wish) {
  const std::string name(key);
  Item item;
  item.enabled = wish.enabled;
  item.id = ImGui::GetID(name.c_str());
  if (wish.focusable) item.focused = ui.focus_item(item.id, wish.enabled) && ui.focus_visible();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 size{std::max(1.0f, wish.size.x), std::max(1.0f, wish.size.y)};
  item.rect = {at, {at.x + size.x, at.y + size.y}};
  if (!wish.enabled) ImGui::BeginDisabled();
  const bool clicked = ImGui::InvisibleButton(name.c_str(), size);
  if (!wish.enabled) ImGui::EndDisabled();
  // A disabled widget still tells why: its tooltip answers to the mouse.
  const bool touched = ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled);
  if (wish.enabled) {
    item.hovered = touched;
    item.held = ImGui::IsItemActive();
    item.activated = ImGui::IsItemActivated();
    item.pressed = clicked;
    if (item.activated && wish.focusable) ui.set_focus(item.id);
    if (item.focused && ui.focus_arrived(item.id)) ImGui::SetScrollHereY(0.5f);
    if (item.focused && wish.keys_press && ui.in_top_scope() && !ui.text_active()) {
      for (const Key press : {Key::enter, Key::space}) {
        if (!ui.key_pressed(press, false) || ui.key_taken(press)) continue;
        ui.take_key(press);
        item.pressed = true;
      }
    }
  }
  if (item.pressed) ui.note_pressed(key);
  if (ui.seeks(key)) {
    const ImDrawList* list = ImGui::GetWindowDrawList();
    const bool seen =
        item.rect.min.y >= list->GetClipRectMin().y && item.rect.max.y <= list->GetClipRectMax().y;
    if (!seen) ImGui::SetScrollHereY(0.5f);
    ui.found();
  }
  ui.offer_tooltip(item.id, item.rect, touched && !item.held, wish.tooltip);
  ui.record(key, wish.kind, wish.value, item.rect, wish.enabled, wish.selected, item.focused);
  return item;
}

void focus_ring(Ui& ui, const Item& item, float rounding) {
  if (!item.focused) return;
  const float out = ui.dp(3), thickness = std::max(2.0f, ui.dp(2));
  ImGui::GetWindowDrawList()->AddRect({item.rect.min.x - out, item.rect.min.y - out},
                                      {item.rect.max.x + out, item.rect.max.y + out}, ui.theme->focus,
                                      rounding + out, 0, thickness);
}

void put_text(ImDrawList* list, const SizedFont& font, ImVec2 at, ImU32 color, std::string_view words) {
  if (words.empty()) return;
  list->AddText(font.font, font.size_px, {std::round(at.x), std::round(at.y)}, color, words.data(),
                words.data() + words.size());
}

float text_width(const SizedFont& font, std::string_view words) {
  if (words.empty()) return 0;
  return font.font->CalcTextSizeA(font.size_px, FLT_MAX, 0, words.data(), words.data() + words.size()).x;
}

std::string fitted(const SizedFont& font, std::string_view words, float width) {
  if (words.empty() || text_width(font, words) <= width) return std::string(words);
  constexpr std::string_view kDots = "…";
  const float room = width - text_width(font, kDots);
  size_t end = 0;
  for (size_t at = 0; at < words.size();) {
    next_code_point(words, at);
    if (text_width(font, words.substr(0, at)) > room) break;
    end = at;
  }
  return std::string(words.substr(0, end)) + std::string(kDots);
}

std::string fitted_name(const SizedFont& font, std::string_view name, float width) {
  if (text_width(font, name) <= width) return std::string(name);
  // The last characters, from a character's first byte on.
  size_t tail = name.size();
  for (int kept = 0; tail > 0 && kept < 7; ++kept) {
    do
      --tail;
    while (tail > 0 && (static_cast<unsigned char>(name[tail]) & 0xc0) == 0x80);
  }
  const float tail_px = text_width(font, name.substr(tail));
  if (tail_px > width * 0.6f) return fitted(font, name, width);
  return fitted(font, name.substr(0, tail), width - tail_px) + std::string(name.substr(tail));
}

void put_centered(ImDrawList* list, const SizedFont& font, Rect rect, ImU32 color, std::string_view words) {
  const std::string shown = fitted(font, words, rect.width());
  put_text(list, font, {rect.center().x - text_width(font, shown) / 2, rect.center().y - font.size_px / 2},
           color, shown);
}

float fill_width(const Ui& ui, float wish) {
  if (wish > 0) return wish;
  return std::max(1.0f, ui.right_edge() - ImGui::GetCursorScreenPos().x);
}

}  // namespace poolscope::ui
