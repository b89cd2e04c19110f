#include <imgui_internal.h>

#include <string>

#include "app/ui/item.h"
#include "app/ui/rich_text.h"
#include "app/ui/shapes.h"
#include "app/ui/widgets.h"

namespace poolscope::ui {

void tooltip(Ui& ui, std::string_view words) {
  const Rect rect{ImGui::GetItemRectMin(), ImGui::GetItemRectMax()};
  ui.offer_tooltip(ImGui::GetItemID(), rect, ImGui::IsItemHovered(), words);
}

void draw_toasts(Ui& ui, Rect area) {
  ImDrawList* list = ImGui::GetForegroundDrawList();
  const Theme& t = *ui.theme;
  float bottom = area.max.y - ui.sp(4);
  for (auto toast = ui.toasts().rbegin(); toast != ui.toasts().rend(); ++toast) {
    const ImVec2 pad{ui.dp(16), ui.dp(11)};
    const float icon = toast->is_error ? ui.dp(24) : 0;
    const float most = std::min(area.width() - ui.sp(8), ui.dp(560)) - 2 * pad.x - icon;
    const RichLayout layout = layout_rich(ui.fonts, toast->text, Role::body, most, Markup::none);
    const ImVec2 size{layout.width + icon + 2 * pad.x, layout.height + 2 * pad.y};
    const ImVec2 min{std::round(area.center().x - size.x / 2), std::round(bottom - size.y)};
    const ImVec2 max{min.x + size.x, min.y + size.y};
    soft_shadow(list, min, max, ui.radius(), t.shadow, ui.dp(16), ui.dp(4));
    frame(list, min, max, t.panel, toast->is_error ? t.danger : t.hairline, ui.radius(), ui.hairline());
    if (toast->is_error) {
      draw_icon(list, Icon::warning, {min.x + pad.x + ui.dp(8), (min.y + max.y) / 2}, ui.dp(16), t.danger);
    }
    draw_rich(list, ui, layout, Role::body, {min.x + pad.x + icon, min.y + pad.y}, t.text);
    if (ui.probe) {
      ui.probe->add({.key = "toast",
                     .kind = toast->is_error ? "error" : "toast",
                     .value = toast->text,
                     .min = min,
                     .max = max});
    }
    bottom = min.y - ui.sp(2);
  }
}

ModalFrame begin_modal(Ui& ui, std::string_view key, ModalOptions options) {
  const std::string name = "##modal." + std::string(key);
  const Theme& t = *ui.theme;
  const ImGuiID popup_id = ImGui::GetID(name.c_str());
  if (!ImGui::IsPopupOpen(name.c_str())) {
    ImGui::OpenPopup(name.c_str());
    ui.want_frame_in(0);
  }
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  const float edge = ui.sp(4);
  const float width = std::min(options.width > 0 ? options.width : ui.dp(420), screen.x - 2 * edge);
  const float height = options.height > 0 ? std::min(options.height, screen.y - 2 * edge) : 0;
  ImGui::SetNextWindowPos({std::round(screen.x / 2), std::round(screen.y * 0.48f)}, ImGuiCond_Always,
                          {0.5f, 0.5f});
  ImGui::SetNextWindowSize({width, height});
  ImGui::SetNextWindowSizeConstraints({width, height}, {width, screen.y - 2 * edge});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(ui.sp(5), ui.sp(5)));
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(ui.sp(2), ui.sp(2)));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, ui.dp(12));
  ImGui::PushStyleVar(ImGuiStyleVar_PopupRounding, ui.dp(12));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, ui.hairline());
  const bool shown = ImGui::BeginPopupModal(name.c_str(), nullptr,
                                            ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                                ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav);
  ImGui::PopStyleVar(5);
  ui.note_modal(popup_id);
  if (!shown) return {};
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(ui.sp(2), ui.sp(2)));
  const ImVec2 at = ImGui::GetWindowPos(), size = ImGui::GetWindowSize();
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->PushClipRectFullScreen();
  soft_shadow(list, at, {at.x + size.x, at.y + size.y}, ui.dp(12), t.shadow, ui.dp(24), ui.dp(8));
  frame(list, at, {at.x + size.x, at.y + size.y}, t.panel, t.hairline, ui.dp(12), ui.hairline());
  list->PopClipRect();
  ui.push_focus_scope(ImGui::GetID("##scope"));
  ui.push_region(at.x + size.x - ui.sp(5));

  ModalFrame frame_result{.visible = true};
  if (ui.in_top_scope() && !ui.text_active() && ui.key_pressed(Key::escape, false) &&
      !ui.key_taken(Key::escape)) {
    ui.take_key(Key::escape);
    frame_result.close_requested = true;
  }
  const Rect rect{at, {at.x + size.x, at.y + size.y}};
  if (ui.in_top_scope() && ImGui::IsMouseClicked(0) && !rect.contains(ImGui::GetIO().MousePos) &&
      !ImGui::IsWindowAppearing()) {
    frame_result.close_requested = true;
  }
  ui.record(key, "modal", options.title, rect);
  if (!options.title.empty()) {
    const float side = ui.dp(28);
    const ImVec2 start = ImGui::GetCursorScreenPos();
    const SizedFont font = ui.fonts.sized(Role::title);
    put_text(ImGui::GetWindowDrawList(), font, {start.x, start.y + (side - font.size_px) / 2}, t.text,
             fitted(font, options.title, available_width(ui) - side - ui.sp(2)));
    ImGui::SetCursorScreenPos({ui.right_edge() - side, start.y});
    if (icon_button(ui, std::string(key) + ".close", Icon::close, {},
                    {.kind = ButtonKind::ghost, .width = side, .height = side})) {
      frame_result.close_requested = true;
    }
    gap(ui, 3);
  }
  return frame_result;
}

void end_modal(Ui& ui) {
  ui.pop_region();
  ui.pop_focus_scope();
  ImGui::PopStyleVar();
  ImGui::EndPopup();
}

}  // namespace poolscope::ui
