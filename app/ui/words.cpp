#include <string>

#include "app/ui/item.h"
#include "app/ui/rich_text.h"
#include "app/ui/shapes.h"
#include "app/ui/widgets.h"

namespace poolscope::ui {
namespace {

/// ASCII letters as capitals; other scripts are left alone.
std::string capitals(std::string_view words) {
  std::string out(words);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

ImU32 or_text(const Ui& ui, ImU32 color) {
  return color ? color : ui.theme->text;
}

}  // namespace

void text(Ui& ui, Role role, ImU32 color, std::string_view words) {
  const SizedFont font = ui.fonts.sized(role);
  const float room = available_width(ui);
  const std::string shown = fitted(font, words, room);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  put_text(ImGui::GetWindowDrawList(), font, at, or_text(ui, color), shown);
  ImGui::Dummy({std::max(1.0f, text_width(font, shown)), font.size_px});
}

void text_right(Ui& ui, Role role, ImU32 color, std::string_view words) {
  const SizedFont font = ui.fonts.sized(role);
  const std::string shown = fitted(font, words, available_width(ui));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  put_text(ImGui::GetWindowDrawList(), font, {ui.right_edge() - text_width(font, shown), at.y},
           or_text(ui, color), shown);
  ImGui::Dummy({available_width(ui), font.size_px});
}

void section(Ui& ui, std::string_view words) {
  // Sections breathe, except the first of a panel or card.
  if (ImGui::GetCursorScreenPos().y > ui.region_top() + 1) gap(ui, 2.5f);
  const SizedFont font = ui.fonts.sized(Role::section);
  put_text(ImGui::GetWindowDrawList(), font, ImGui::GetCursorScreenPos(), ui.theme->text_faint,
           fitted(font, capitals(words), available_width(ui)));
  ImGui::Dummy({available_width(ui), font.size_px + ui.dp(1)});
}

float paragraph(Ui& ui, std::string_view rich, Role role, ImU32 color, float width) {
  const RichLayout layout = layout_rich(ui.fonts, rich, role, fill_width(ui, width));
  draw_rich(ImGui::GetWindowDrawList(), ui, layout, role, ImGui::GetCursorScreenPos(),
            color ? color : ui.theme->text_soft);
  ImGui::Dummy({std::max(1.0f, layout.width), layout.height});
  return layout.height;
}

void fact(Ui& ui, std::string_view key, std::string_view label, std::string_view value, FactOptions options) {
  const SizedFont name = ui.fonts.sized(Role::body), number = ui.fonts.sized(options.value_role);
  const float width = available_width(ui), space = ui.sp(3);
  const float label_px = text_width(name, label), value_px = text_width(number, value);
  // Where both do not fit into one line, the value gets the next one.
  const bool two_lines = label_px + space + value_px > width;
  const float line = name.size_px;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList* list = ImGui::GetWindowDrawList();
  put_text(list, name, at, ui.theme->text_soft, two_lines ? fitted(name, label, width) : std::string(label));
  const std::string shown = fitted(number, value, width);
  const float y = at.y + (two_lines ? line + ui.dp(3) : 0) + (line - number.size_px) / 2;
  put_text(list, number, {at.x + width - text_width(number, shown), y}, or_text(ui, options.value_color),
           shown);
  const ImVec2 size{width, two_lines ? 2 * line + ui.dp(3) : line};
  ImGui::Dummy(size);
  const Rect rect{at, {at.x + size.x, at.y + size.y}};
  if (!options.tooltip.empty()) {
    ui.offer_tooltip(ImGui::GetID(std::string(key).c_str()), rect, ImGui::IsItemHovered(), options.tooltip);
  }
  ui.record(key, "fact", value, rect);
}

bool code_box(Ui& ui, std::string_view key, std::string_view code, bool copyable) {
  const ImVec2 pad{ui.dp(12), ui.dp(10)};
  const float width = available_width(ui);
  const RichLayout layout = layout_rich(ui.fonts, code, Role::mono, width - 2 * pad.x, Markup::none);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const Rect rect{at, {at.x + width, at.y + layout.height + 2 * pad.y}};
  ImDrawList* list = ImGui::GetWindowDrawList();
  frame(list, rect.min, rect.max, ui.theme->control, ui.theme->hairline, ui.radius(), ui.hairline());
  draw_rich(list, ui, layout, Role::mono, {at.x + pad.x, at.y + pad.y}, ui.theme->text);
  ui.record(key, "code", code, rect);
  bool copied = false;
  const bool shown = copyable && (ImGui::IsMouseHoveringRect(rect.min, rect.max) || ui.focus_visible());
  if (shown) {
    const float side = ui.dp(26);
    ImGui::SetCursorScreenPos({rect.max.x - side - ui.dp(4), rect.min.y + ui.dp(4)});
    copied = icon_button(ui, std::string(key) + ".copy", Icon::copy, {},
                         {.kind = ButtonKind::ghost, .width = side, .height = side});
  }
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({rect.width(), rect.height()});
  return copied;
}

float formula(Ui& ui, std::string_view key, std::span<const FormulaPart> parts, Role role) {
  const SizedFont font = ui.fonts.sized(role);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = available_width(ui);
  ImDrawList* list = ImGui::GetWindowDrawList();
  float x = 0, y = 0, widest = 0;
  std::string all;
  for (const FormulaPart& part : parts) {
    const float w = text_width(font, part.text);
    if (x > 0 && x + w > width) {
      x = 0;
      y += font.size_px;
    }
    // A line does not begin with the space that separated it from the last one.
    std::string_view words = part.text;
    if (x == 0 && y > 0) words.remove_prefix(std::min(words.find_first_not_of(' '), words.size()));
    put_text(list, font, {at.x + x, at.y + y}, or_text(ui, part.color), words);
    x += text_width(font, words);
    widest = std::max(widest, x);
    all += part.text;
  }
  const float height = y + font.size_px;
  ImGui::Dummy({std::max(1.0f, widest), height});
  ui.record(key, "formula", all, {at, {at.x + widest, at.y + height}});
  return height;
}

}  // namespace poolscope::ui
