#include <imgui_internal.h>

#include <string>
#include <utility>

#include "app/ui/item.h"
#include "app/ui/native.h"
#include "app/ui/shapes.h"
#include "app/ui/widgets.h"

namespace poolscope::ui {
namespace {

/// Lets Dear ImGui write into a std::string of any length.
int grow(ImGuiInputTextCallbackData* data) {
  if (data->EventFlag != ImGuiInputTextFlags_CallbackResize) return 0;
  auto* value = static_cast<std::string*>(data->UserData);
  value->resize(static_cast<size_t>(data->BufTextLen));
  data->Buf = value->data();
  return 0;
}

}  // namespace

FieldChange text_field(Ui& ui, std::string_view key, std::string& value, FieldOptions options) {
  const std::string name = "##" + std::string(key);
  const Theme& t = *ui.theme;
  const SizedFont font = ui.fonts.sized(options.mono ? Role::mono : Role::body);
  const float width = std::round(fill_width(ui, options.width)), height = ui.control_height();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const Rect rect{at, {at.x + width, at.y + height}};
  const ImGuiID id = ImGui::GetID(name.c_str());
  const bool has_focus = ui.focus_item(id, options.enabled);
  const bool arrived = has_focus && ui.focus_arrived(id);
  const float icon = options.icon == Icon::none ? 0 : ui.dp(14) + ui.dp(8);
  const bool active = ImGui::GetActiveID() == id;
  const bool hovered =
      options.enabled && ImGui::IsMouseHoveringRect(rect.min, rect.max) && ImGui::IsWindowHovered();

  ImDrawList* list = ImGui::GetWindowDrawList();
  const bool wrong = !options.error.empty();
  const ImU32 border = wrong ? t.danger : active ? t.primary : hovered ? t.neutral_line : t.hairline;
  const float line = active || wrong ? std::max(ui.hairline(), ui.dp(1.5f)) : ui.hairline();
  frame(list, rect.min, rect.max, options.enabled ? t.panel : t.control, border, ui.radius(), line);
  if (icon > 0) {
    draw_icon(list, options.icon, {at.x + ui.dp(10) + ui.dp(7), rect.center().y}, ui.dp(14), t.text_faint);
  }

  if (options.focus || arrived) ImGui::SetKeyboardFocusHere();
  // The frame is drawn above; Dear ImGui adds the text, the caret and the selection only.
  const float pad_y = std::floor((height - font.size_px) / 2);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(icon > 0 ? 0 : ui.dp(10), pad_y));
  ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 0.0f);
  for (const ImGuiCol part : {ImGuiCol_FrameBg, ImGuiCol_FrameBgHovered, ImGuiCol_FrameBgActive}) {
    ImGui::PushStyleColor(part, IM_COL32(0, 0, 0, 0));
  }
  ImGui::PushStyleColor(ImGuiCol_Text, options.enabled ? t.text : t.text_disabled);
  push_font(font);
  if (!options.enabled) ImGui::BeginDisabled();
  ImGui::SetCursorScreenPos({at.x + (icon > 0 ? ui.dp(10) + icon : 0), at.y});
  ImGui::SetNextItemWidth(rect.max.x - ImGui::GetCursorScreenPos().x - (icon > 0 ? ui.dp(8) : 0));
  FieldChange change;
  const std::string hint(options.hint);
  change.submitted = ImGui::InputTextWithHint(
      name.c_str(), hint.c_str(), value.data(), value.capacity() + 1,
      ImGuiInputTextFlags_CallbackResize | ImGuiInputTextFlags_EnterReturnsTrue, grow, &value);
  change.edited = ImGui::IsItemEdited();
  change.left = ImGui::IsItemDeactivated();
  const bool activated = ImGui::IsItemActivated();
  Ui::Memory& memory = ui.memory(id);
  memory.flag |= options.caret_at_end;
  if (activated && std::exchange(memory.flag, false))
    if (ImGuiInputTextState* state = ImGui::GetInputTextState(id)) state->ClearSelection();
  if (!options.enabled) ImGui::EndDisabled();
  ImGui::PopFont();
  ImGui::PopStyleColor(4);
  ImGui::PopStyleVar(2);
  if (activated && ui.focused() != id) ui.set_focus(id);
  if (arrived) ImGui::SetScrollHereY(0.5f);
  if (ImGui::IsItemActive()) {
    ui.want_frame_in(0.4);  // the caret blinks
    for (const Key key_of_text : {Key::escape, Key::enter}) {
      if (ui.key_pressed(key_of_text)) ui.take_key(key_of_text);
    }
  }
  if (change.edited) ui.fonts.need_glyphs(value);
  ui.record(key, "field", value, rect, options.enabled, active, has_focus && ui.focus_visible());
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({width, height});
  if (wrong) paragraph(ui, options.error, Role::caption, t.danger, width);
  return change;
}

}  // namespace poolscope::ui
