#include "app/ui/card.h"
#include "app/ui/item.h"
#include "app/ui/shapes.h"
#include "app/ui/widgets.h"

namespace poolscope::ui {
namespace {

ImU32 or_else(ImU32 color, ImU32 otherwise) {
  return color ? color : otherwise;
}

/// A slim thumb over the content at the right edge, only while there is something to scroll. Lies over the
/// panel, so that nothing moves when it appears.
void scroll_thumb(Ui& ui) {
  const float most = ImGui::GetScrollMaxY();
  if (most <= 0) return;
  const ImVec2 at = ImGui::GetWindowPos(), size = ImGui::GetWindowSize();
  const float margin = ui.dp(3), width = ui.dp(4);
  const float track = size.y - 2 * margin;
  const float thumb = std::max(ui.dp(28), track * size.y / (size.y + most));
  const float y = at.y + margin + (track - thumb) * ImGui::GetScrollY() / most;
  const Rect grab{{at.x + size.x - 4 * margin, y}, {at.x + size.x, y + thumb}};
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  Ui::Memory& drag = ui.memory(ImGui::GetID("##scroll_thumb"));
  const bool hovered = grab.contains(mouse) && ImGui::IsWindowHovered();
  if (hovered && ImGui::IsMouseClicked(0)) {
    drag.flag = true;
    drag.number = mouse.y - y;
  }
  if (!ImGui::IsMouseDown(0)) drag.flag = false;
  if (drag.flag && track > thumb) {
    const float top = mouse.y - static_cast<float>(drag.number) - at.y - margin;
    ImGui::SetScrollY(std::clamp(top / (track - thumb), 0.0f, 1.0f) * most);
  }
  const ImU32 color = hovered || drag.flag ? ui.theme->neutral_line : ui.theme->hairline;
  ImGui::GetWindowDrawList()->AddRectFilled({at.x + size.x - margin - width, y},
                                            {at.x + size.x - margin, y + thumb}, color, width / 2);
}

void draw_edge(const Ui& ui, ImDrawList* list, Rect r, Edge edge) {
  const float t = ui.hairline();
  const ImU32 color = ui.theme->hairline;
  switch (edge) {
    case Edge::none:
      return;
    case Edge::left:
      return list->AddRectFilled(r.min, {r.min.x + t, r.max.y}, color);
    case Edge::right:
      return list->AddRectFilled({r.max.x - t, r.min.y}, r.max, color);
    case Edge::top:
      return list->AddRectFilled(r.min, {r.max.x, r.min.y + t}, color);
    case Edge::bottom:
      return list->AddRectFilled({r.min.x, r.max.y - t}, r.max, color);
  }
}

}  // namespace

void begin_panel(Ui& ui, std::string_view key, Rect rect, PanelOptions options) {
  const ImVec2 padding{options.padding.x < 0 ? ui.sp(4) : options.padding.x,
                       options.padding.y < 0 ? ui.sp(4) : options.padding.y};
  ImGui::SetNextWindowPos(rect.min);
  ImGui::SetNextWindowSize({std::max(1.0f, rect.width()), std::max(1.0f, rect.height())});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, padding);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowMinSize, ImVec2(1, 1));
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(ui.sp(2), ui.sp(2)));
  ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                           ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav |
                           ImGuiWindowFlags_NoBackground;
  flags |= options.floating ? ImGuiWindowFlags_NoFocusOnAppearing : ImGuiWindowFlags_NoBringToFrontOnFocus;
  if (!options.scroll) flags |= ImGuiWindowFlags_NoScrollWithMouse;
  ImGui::Begin(("##panel." + std::string(key)).c_str(), nullptr, flags);
  ImGui::PopStyleVar(2);
  ImDrawList* list = ImGui::GetWindowDrawList();
  // Dear ImGui clips to half the padding; shadows and knobs may use all of the panel.
  ImGui::PushClipRect(rect.min, rect.max, false);
  if (!options.floating)
    list->AddRectFilled(rect.min, rect.max, or_else(options.background, ui.theme->panel));
  draw_edge(ui, list, rect, options.hairline);
  ui.push_region(rect.max.x - padding.x);
}

void end_panel(Ui& ui) {
  ui.pop_region();
  scroll_thumb(ui);
  ImGui::PopClipRect();
  ImGui::End();
  ImGui::PopStyleVar();
}

void begin_scroll(Ui& ui, std::string_view key, ImVec2 size) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::BeginChild(("##scroll." + std::string(key)).c_str(), size, false,
                    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoBackground |
                        ImGuiWindowFlags_NoMove);
  ImGui::PopStyleVar();
  // Room for the thumb, so that it never lies over content that fills the width.
  ui.push_region(at.x + size.x - ui.dp(10));
}

void end_scroll(Ui& ui) {
  ui.pop_region();
  scroll_thumb(ui);
  ImGui::EndChild();
}

void begin_card(Ui& ui, std::string_view key, CardOptions options) {
  auto card = std::make_unique<Ui::OpenCard>();
  card->min = ImGui::GetCursorScreenPos();
  card->width = fill_width(ui, options.width);
  card->padding = options.padding < 0 ? ui.sp(4) : options.padding;
  card->min_height = options.height;
  card->options = options;
  card->key = key;
  card->layers.Split(ImGui::GetWindowDrawList(), 2);
  card->layers.SetCurrentChannel(ImGui::GetWindowDrawList(), 1);
  ImGui::BeginGroup();
  ImGui::SetCursorScreenPos({card->min.x + card->padding, card->min.y + card->padding});
  ImGui::BeginGroup();
  ui.push_region(card->min.x + card->width - card->padding);
  ui.open_cards().push_back(std::move(card));
}

void end_card(Ui& ui) {
  const auto card = std::move(ui.open_cards().back());
  ui.open_cards().pop_back();
  ui.pop_region();
  ImGui::EndGroup();
  const float content = ImGui::GetItemRectMax().y - card->min.y + card->padding;
  const float height = std::max(card->min_height, std::round(content));
  const ImVec2 max{card->min.x + card->width, card->min.y + height};
  ImGui::SetCursorScreenPos(card->min);
  ImGui::Dummy({card->width, height});
  ImGui::EndGroup();
  ImDrawList* list = ImGui::GetWindowDrawList();
  card->layers.SetCurrentChannel(list, 0);
  const Theme& theme = *ui.theme;
  const float rounding = ui.dp(10);
  if (card->options.shadow) soft_shadow(list, card->min, max, rounding, theme.shadow, ui.dp(10), ui.dp(2));
  frame(list, card->min, max, or_else(card->options.fill, theme.panel),
        or_else(card->options.border, theme.hairline), rounding, ui.hairline());
  card->layers.Merge(list);
  ui.record(card->key, "card", "", {card->min, max});
}

void begin_region(Ui& ui, float width) {
  ImGui::BeginGroup();
  ui.push_region(ImGui::GetCursorScreenPos().x + width);
}

void end_region(Ui& ui) {
  ui.pop_region();
  ImGui::EndGroup();
}

void gap(Ui& ui, float steps) {
  // One gap, not a gap and two item spacings.
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::SetCursorScreenPos({at.x, at.y + ui.sp(steps) - ImGui::GetStyle().ItemSpacing.y});
  ImGui::Dummy({1, 0});
}

void same_line(Ui& ui, float steps) {
  ImGui::SameLine(0, ui.sp(steps));
}

float column_width(const Ui& ui, int count, float steps) {
  const float all = available_width(ui), between = ui.sp(steps);
  return std::floor((all - between * static_cast<float>(count - 1)) / static_cast<float>(count));
}

void flow(Ui& ui, float width_px, float steps) {
  const float space = ui.sp(steps);
  if (ImGui::GetItemRectMax().x + space + width_px <= ui.right_edge()) return ImGui::SameLine(0, space);
  // A new row as close as the columns are.
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::SetCursorScreenPos({at.x, at.y + space - ImGui::GetStyle().ItemSpacing.y});
}

float available_width(const Ui& ui) {
  return std::max(1.0f, ui.right_edge() - ImGui::GetCursorScreenPos().x);
}

void divider(Ui& ui) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::GetWindowDrawList()->AddRectFilled(at, {ui.right_edge(), at.y + ui.hairline()}, ui.theme->hairline);
  ImGui::Dummy({available_width(ui), ui.hairline()});
}

}  // namespace poolscope::ui
