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
  if (!frame) return;
  const std::vector<std::string_view> all = groups();
  const float bottom = ImGui::GetWindowPos().y + ImGui::GetWindowHeight() - ui.sp(5);
  ui::begin_scroll(ui, "keys.list",
                   {ImGui::GetContentRegionAvail().x, bottom - ImGui::GetCursorScreenPos().y});
  const bool two = ImGui::GetContentRegionAvail().x > ui.dp(560);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float room = ui::available_width(ui);
  const float width = two ? (room - ui.sp(8)) / 2 : room;
  // The first groups (the transport, the pooling) are as long as the others together.
  const size_t split = two ? 2 : all.size();
  const auto column = [&](float x, size_t from, size_t to) {
    ImGui::SetCursorScreenPos({x, at.y});
    ImGui::BeginGroup();
    ui.push_region(x + width);
    for (size_t i = from; i < to; ++i)
      draw_group(context, all[i]);
    ui.pop_region();
    ImGui::EndGroup();
    return ImGui::GetItemRectMax().y;
  };
  float end = column(at.x, 0, split);
  if (two) end = std::max(end, column(at.x + width + ui.sp(8), split, all.size()));
  ImGui::SetCursorScreenPos({at.x, end + ui.sp(5)});
  // Nothing in a window that is drawn by OpenGL can be read aloud: said plainly, with the way that can.
  ui::paragraph(ui, context.text("keys.screen_readers"), ui::Role::body, ui.theme->text_soft);
  constexpr const char* kCommand = "poolscope trace textbook --step 1 --text";
  if (ui::code_box(ui, "keys.trace", kCommand, true)) context.outbox.post(command::CopyText{kCommand});
  ui::end_scroll(ui);
  ui::end_modal(ui);
  if (frame.close_requested || ui.key_pressed(ui::Key::escape))
    context.outbox.post(command::ShowDialog{static_cast<int>(Dialog::none)});
}

}  // namespace poolscope
