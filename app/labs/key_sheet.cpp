// Every action with its keys, from the one table of actions.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "app/labs/frame.h"

namespace poolscope {

namespace {

std::string shortcut_text(std::string_view shortcut) {
  std::string text;
  for (const char letter : shortcut)
    text += letter == ' ' ? std::string(" · ") : std::string(1, letter);
  return text;
}

std::vector<std::string_view> groups() {
  std::vector<std::string_view> found;
  for (const Action& action : all_actions())
    if (std::find(found.begin(), found.end(), action.group) == found.end()) found.push_back(action.group);
  return found;
}

void draw_group(LabContext& context, std::string_view group) {
  ui::Ui& ui = context.ui;
  ui::gap(ui, 2);
  ui::section(ui, context.texts.get("keys." + std::string(group)));
  for (const Action& action : all_actions()) {
    if (action.group != group) continue;
    ui::FactOptions options;
    options.value_role = ui::Role::mono;
    const std::string id(action.id);
    ui::fact(ui, "keys." + id, context.texts.get("action." + id), shortcut_text(action.shortcut), options);
  }
}

}  // namespace

void draw_key_sheet(LabContext& context) {
  ui::Ui& ui = context.ui;
  ui::ModalOptions options;
  options.title = context.text("keys.title");
  options.width = std::min(ui.dp(760), ImGui::GetIO().DisplaySize.x * 0.94f);
  options.height = std::min(ui.dp(600), ImGui::GetIO().DisplaySize.y * 0.94f);
  const ui::ModalFrame frame = ui::begin_modal(ui, "keys.sheet", options);
  const std::vector<std::string_view> all = groups();
  const bool two = ImGui::GetContentRegionAvail().x > ui.dp(560);
  const ImVec2 at = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
  const float width = two ? (room.x - ui.sp(8)) / 2 : room.x;
  ui::PanelOptions column;
  column.padding = {0, 0};
  // The first group (the transport) is as long as the second column has room for.
  const size_t split = two ? 2 : all.size();
  ui::begin_panel(ui, "keys.first", {at, {at.x + width, at.y + room.y}}, column);
  for (size_t i = 0; i < split; ++i)
    draw_group(context, all[i]);
  ui::end_panel(ui);
  if (two) {
    ui::begin_panel(ui, "keys.second", {{at.x + width + ui.sp(8), at.y}, {at.x + room.x, at.y + room.y}},
                    column);
    for (size_t i = split; i < all.size(); ++i)
      draw_group(context, all[i]);
    ui::end_panel(ui);
  }
  ui::end_modal(ui);
  if (frame.close_requested || ui.key_pressed(ui::Key::escape))
    context.outbox.post(command::ShowDialog{static_cast<int>(Dialog::none)});
}

}  // namespace poolscope
