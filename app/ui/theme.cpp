#include "app/ui/theme.h"

#include <algorithm>
#include <cmath>

namespace poolscope::ui {
namespace {

/// 0xRRGGBB as people write colours, to ImGui's order.
constexpr ImU32 rgb(uint32_t hex, uint32_t alpha = 255) {
  return IM_COL32((hex >> 16) & 255, (hex >> 8) & 255, hex & 255, alpha);
}

Theme make_paper() {
  Theme t;
  t.name = ThemeName::paper;
  t.stage = rgb(0xf6f5f1);
  t.panel = rgb(0xffffff);
  t.control = rgb(0xfaf9f6);
  t.control_hover = rgb(0xf3f1ec);
  t.control_press = rgb(0xebe8e1);
  t.cell = rgb(0xffffff);
  t.hairline = rgb(0xe2dfd7);
  t.track = rgb(0xe2dfd7);
  t.scrim = rgb(0x23262b, 96);
  t.shadow = rgb(0x3a3527, 26);
  t.text = rgb(0x23262b);
  t.text_soft = rgb(0x5d636d);
  t.text_faint = rgb(0x696f79);
  t.text_disabled = rgb(0xadb1b8);
  t.primary = rgb(0x0072b2);
  t.primary_hover = rgb(0x00659f);
  t.primary_press = rgb(0x00578a);
  t.on_primary = rgb(0xffffff);
  t.primary_soft = rgb(0xe5f0f8);
  t.on_primary_soft = rgb(0x00659f);
  t.focus = rgb(0x0072b2);
  t.window = {rgb(0xe69f00), rgb(0xfdf1d8), rgb(0x8a5d00), rgb(0xe69f00), rgb(0x2e2000)};
  t.winner = {rgb(0xd55e00), rgb(0xfbe6d8), rgb(0xb34e00), rgb(0xc25400), rgb(0xffffff)};
  t.output = {rgb(0x0072b2), rgb(0xe5f0f8), rgb(0x00659f), rgb(0x0072b2), rgb(0xffffff)};
  t.unchanged = {rgb(0x009e73), rgb(0xd9f0e8), rgb(0x007353), rgb(0x008060), rgb(0xffffff)};
  t.changed = {rgb(0xcc79a7), rgb(0xf8e4ef), rgb(0xa3417a), rgb(0xb35089), rgb(0xffffff)};
  t.danger = rgb(0xb3261e);
  t.neutral_line = rgb(0x959ba5);
  t.series = {rgb(0xd55e00), rgb(0x0072b2), rgb(0x009e73), rgb(0x959ba5), rgb(0xcc79a7), rgb(0xe69f00)};
  t.heat = rgb(0x9fcbe2);
  return t;
}

Theme make_night() {
  Theme t;
  t.name = ThemeName::night;
  t.stage = rgb(0x15181d);
  t.panel = rgb(0x1d2127);
  t.control = rgb(0x22272e);
  t.control_hover = rgb(0x2a3038);
  t.control_press = rgb(0x323944);
  t.cell = rgb(0x1d2127);
  t.hairline = rgb(0x333a44);
  t.track = rgb(0x333a44);
  t.scrim = rgb(0x05070a, 150);
  t.shadow = rgb(0x000000, 70);
  t.text = rgb(0xeceff3);
  t.text_soft = rgb(0xa7b0bc);
  t.text_faint = rgb(0x8f98a4);
  t.text_disabled = rgb(0x566070);
  t.primary = rgb(0x56b4e9);
  t.primary_hover = rgb(0x74c2ee);
  t.primary_press = rgb(0x42a0d6);
  t.on_primary = rgb(0x0b1f2e);
  t.primary_soft = rgb(0x1f3342);
  t.on_primary_soft = rgb(0x74c2ee);
  t.focus = rgb(0x74c2ee);
  t.window = {rgb(0xf2b233), rgb(0x3a3120), rgb(0xf2b233), rgb(0xf2b233), rgb(0x2b1f00)};
  t.winner = {rgb(0xf07a34), rgb(0x40291c), rgb(0xf28a4c), rgb(0xf07a34), rgb(0x15181d)};
  t.output = {rgb(0x56b4e9), rgb(0x1f3342), rgb(0x56b4e9), rgb(0x56b4e9), rgb(0x0b1f2e)};
  t.unchanged = {rgb(0x2fbf93), rgb(0x1a3830), rgb(0x35c79a), rgb(0x2fbf93), rgb(0x08241b)};
  t.changed = {rgb(0xdc8fbb), rgb(0x3a2632), rgb(0xe39bc4), rgb(0xdc8fbb), rgb(0x2e1023)};
  t.danger = rgb(0xff8a80);
  t.neutral_line = rgb(0x7c8591);
  t.series = {rgb(0xf07a34), rgb(0x56b4e9), rgb(0x2fbf93), rgb(0x9aa3af), rgb(0xdc8fbb), rgb(0xf2b233)};
  t.heat = rgb(0x36607a);
  return t;
}

double channel_to_linear(uint32_t byte) {
  const double c = byte / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

ImVec4 vec(ImU32 color) {
  return ImGui::ColorConvertU32ToFloat4(color);
}

}  // namespace

const Theme& paper_theme() {
  static const Theme theme = make_paper();
  return theme;
}
const Theme& night_theme() {
  static const Theme theme = make_night();
  return theme;
}

double luminance(ImU32 color) {
  return 0.2126 * channel_to_linear((color >> IM_COL32_R_SHIFT) & 255) +
         0.7152 * channel_to_linear((color >> IM_COL32_G_SHIFT) & 255) +
         0.0722 * channel_to_linear((color >> IM_COL32_B_SHIFT) & 255);
}

double contrast(ImU32 a, ImU32 b) {
  const double la = luminance(a), lb = luminance(b);
  return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

ImU32 readable_on(ImU32 background) {
  const ImU32 soft_dark = rgb(0x1c1f24), white = rgb(0xffffff);
  if (contrast(soft_dark, background) >= 4.5) return soft_dark;
  if (contrast(white, background) >= 4.5) return white;
  return rgb(0x000000);  // the narrow band of greys where only black is enough
}

ImU32 mix(ImU32 a, ImU32 b, float t) {
  const float k = std::clamp(t, 0.0f, 1.0f);
  ImU32 out = 0;
  for (int shift = 0; shift < 32; shift += 8) {
    const float x = static_cast<float>((a >> shift) & 255), y = static_cast<float>((b >> shift) & 255);
    out |= static_cast<ImU32>(std::lround(x + (y - x) * k)) << shift;
  }
  return out;
}

ImU32 with_alpha(ImU32 color, float alpha) {
  const auto a = static_cast<ImU32>(std::lround(255.0f * std::clamp(alpha, 0.0f, 1.0f)));
  return (color & ~IM_COL32_A_MASK) | (a << IM_COL32_A_SHIFT);
}

void apply_style(const Theme& theme, float scale) {
  ImGuiStyle style;
  style.WindowPadding = {16, 16};
  style.FramePadding = {10, 7};
  style.ItemSpacing = {8, 8};
  style.ItemInnerSpacing = {6, 6};
  style.ScrollbarSize = 8;
  style.GrabMinSize = 24;
  style.WindowRounding = 0;
  style.ChildRounding = 0;
  style.FrameRounding = style.PopupRounding = style.ScrollbarRounding = style.GrabRounding = 8;
  style.WindowBorderSize = style.ChildBorderSize = 0;
  style.PopupBorderSize = style.FrameBorderSize = 1;
  style.AntiAliasedLines = style.AntiAliasedFill = true;
  style.CircleTessellationMaxError = 0.15f;
  style.CurveTessellationTol = 0.6f;
  style.DisabledAlpha = 1.0f;  // disabled widgets choose their own colours
  style.ScaleAllSizes(scale);
  style.WindowMinSize = {1, 1};
  style.PopupBorderSize = style.FrameBorderSize = std::max(1.0f, std::floor(scale + 0.25f));

  ImVec4* c = style.Colors;
  for (int i = 0; i < ImGuiCol_COUNT; ++i)
    c[i] = vec(theme.control);
  c[ImGuiCol_Text] = vec(theme.text);
  c[ImGuiCol_TextDisabled] = vec(theme.text_faint);
  c[ImGuiCol_WindowBg] = vec(theme.panel);
  c[ImGuiCol_ChildBg] = ImVec4(0, 0, 0, 0);
  c[ImGuiCol_PopupBg] = vec(theme.panel);
  c[ImGuiCol_Border] = vec(theme.hairline);
  c[ImGuiCol_BorderShadow] = ImVec4(0, 0, 0, 0);
  c[ImGuiCol_FrameBg] = c[ImGuiCol_FrameBgHovered] = c[ImGuiCol_FrameBgActive] = vec(theme.panel);
  c[ImGuiCol_ScrollbarBg] = ImVec4(0, 0, 0, 0);
  c[ImGuiCol_ScrollbarGrab] = vec(theme.hairline);
  c[ImGuiCol_ScrollbarGrabHovered] = c[ImGuiCol_ScrollbarGrabActive] = vec(theme.neutral_line);
  c[ImGuiCol_TextSelectedBg] = vec(with_alpha(theme.primary, 0.3f));
  c[ImGuiCol_NavHighlight] = ImVec4(0, 0, 0, 0);  // the focus ring is our own
  c[ImGuiCol_ModalWindowDimBg] = c[ImGuiCol_NavWindowingDimBg] = vec(theme.scrim);
  ImGui::GetStyle() = style;
}

}  // namespace poolscope::ui
