#include "tests/ui/driver.h"

#include <cmath>
#include <stdexcept>

#include <imgui.h>

namespace poolscope::test {
namespace {

void set_mouse(ImVec2 at) {
#if IMGUI_VERSION_NUM >= 18700
  ImGui::GetIO().AddMousePosEvent(at.x, at.y);
#else
  ImGui::GetIO().MousePos = at;
#endif
}

void set_button(int button, bool down) {
#if IMGUI_VERSION_NUM >= 18700
  ImGui::GetIO().AddMouseButtonEvent(button, down);
#else
  ImGui::GetIO().MouseDown[button] = down;
#endif
}

void set_key(ui::Key key, bool down) {
#if IMGUI_VERSION_NUM >= 18700
  ImGui::GetIO().AddKeyEvent(static_cast<ImGuiKey>(ui::native_key(key)), down);
#else
  ImGui::GetIO().KeysDown[ui::native_key(key)] = down;
#endif
}

void set_modifiers(bool ctrl, bool shift) {
#if IMGUI_VERSION_NUM >= 18700
  ImGui::GetIO().AddKeyEvent(ImGuiMod_Ctrl, ctrl);
  ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, shift);
#else
  ImGui::GetIO().KeyCtrl = ctrl;
  ImGui::GetIO().KeyShift = shift;
#endif
}

}  // namespace

void prepare_input(ImVec2 screen) {
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.DisplaySize = screen;
#if IMGUI_VERSION_NUM >= 19200  // nobody uploads the textures, but they may grow
  io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
#endif
#if IMGUI_VERSION_NUM < 18700
  using ui::Key;
  const struct {
    ImGuiKey_ name;
    Key key;
  } table[] = {{ImGuiKey_Tab, Key::tab},
               {ImGuiKey_LeftArrow, Key::left},
               {ImGuiKey_RightArrow, Key::right},
               {ImGuiKey_UpArrow, Key::up},
               {ImGuiKey_DownArrow, Key::down},
               {ImGuiKey_PageUp, Key::page_up},
               {ImGuiKey_PageDown, Key::page_down},
               {ImGuiKey_Home, Key::home},
               {ImGuiKey_End, Key::end},
               {ImGuiKey_Insert, Key::insert},
               {ImGuiKey_Delete, Key::del},
               {ImGuiKey_Backspace, Key::backspace},
               {ImGuiKey_Space, Key::space},
               {ImGuiKey_Enter, Key::enter},
               {ImGuiKey_Escape, Key::escape},
               {ImGuiKey_A, Key::a},
               {ImGuiKey_C, Key::c},
               {ImGuiKey_V, Key::v},
               {ImGuiKey_X, Key::x},
               {ImGuiKey_Y, Key::y},
               {ImGuiKey_Z, Key::z}};
  for (const auto& entry : table)
    io.KeyMap[entry.name] = ui::native_key(entry.key);
#endif
}

void Driver::frame(int count) {
  for (int i = 0; i < count; ++i)
    run_frame_();
}

const ui::ProbeItem& Driver::item(std::string_view key) const {
  if (const ui::ProbeItem* found = probe_.find(key)) return *found;
  throw std::runtime_error("no widget \"" + std::string(key) + "\" in this frame:\n" + probe_.dump());
}

void Driver::move_to(ImVec2 at) {
  set_mouse(at);
  frame();
}

void Driver::hover(std::string_view key) {
  for (int tries = 0; tries < 200 && !item(key).visible(); ++tries) {
    // Out of sight: turn the wheel over the middle of its panel, wherever that ended up clipped.
    const ui::ProbeItem& hidden = item(key);
    const bool below = hidden.min.y >= hidden.max.y && hidden.min.y > ImGui::GetIO().DisplaySize.y / 3;
    set_mouse({hidden.center().x, ImGui::GetIO().DisplaySize.y / 2});
    frame();
    wheel(below ? -1.0f : 1.0f);
  }
  if (!item(key).visible())
    throw std::runtime_error("\"" + std::string(key) + "\" cannot be scrolled into sight");
  move_to(item(key).center());
  frame();  // what is hovered is known one frame later
}

void Driver::press(int button) {
  set_button(button, true);
  frame();
}

void Driver::release(int button) {
  set_button(button, false);
  frame();
}

void Driver::click(std::string_view key, int button) {
  hover(key);
  press(button);
  release(button);
  frame();
}

void Driver::click_at(ImVec2 at, int button) {
  move_to(at);
  frame();
  press(button);
  release(button);
  frame();
}

void Driver::double_click(std::string_view key) {
  hover(key);
  for (int i = 0; i < 2; ++i) {
    press();
    release();
  }
  frame();
}

void Driver::drag(std::string_view key, float dx, float dy, int steps) {
  hover(key);
  const ImVec2 from = item(key).center();
  drag_from(from, {from.x + dx, from.y + dy}, steps);
}

void Driver::drag_from(ImVec2 from, ImVec2 to, int steps) {
  move_to(from);
  frame();
  press();
  for (int i = 1; i <= steps; ++i) {
    const float t = static_cast<float>(i) / static_cast<float>(steps);
    move_to({from.x + (to.x - from.x) * t, from.y + (to.y - from.y) * t});
  }
  release();
  frame();
}

void Driver::wheel(float notches) {
#if IMGUI_VERSION_NUM >= 18700
  ImGui::GetIO().AddMouseWheelEvent(0, notches);
#else
  ImGui::GetIO().MouseWheel = notches;
#endif
  frame();
#if IMGUI_VERSION_NUM < 18700
  ImGui::GetIO().MouseWheel = 0;
#endif
  frame();
}

void Driver::type(std::string_view utf8) {
  ImGui::GetIO().AddInputCharactersUTF8(std::string(utf8).c_str());
  frame(2);
}

void Driver::key_down(ui::Key key) {
  set_key(key, true);
  frame();
}

void Driver::key_up(ui::Key key) {
  set_key(key, false);
  frame();
}

void Driver::key(ui::Key key, bool ctrl, bool shift) {
  set_modifiers(ctrl, shift);
  key_down(key);
  key_up(key);
  set_modifiers(false, false);
  frame();
}

}  // namespace poolscope::test
