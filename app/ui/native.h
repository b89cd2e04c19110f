#pragma once

#include <imgui.h>

#include <cstdint>

#include "app/ui/fonts.h"

namespace poolscope::ui {

// The few places where Dear ImGui's interface differs between the versions that Poolscope builds with (1.86
// to 1.92).

inline void push_font(const SizedFont& font) {
#if IMGUI_VERSION_NUM >= 19200
  ImGui::PushFont(font.font, font.size_px);
#else
  ImGui::PushFont(font.font);
#endif
}

/// A texture of the OpenGL renderer as Dear ImGui's backend expects it.
inline auto native_texture(uint64_t handle) {
#if IMGUI_VERSION_NUM >= 19140
  return static_cast<ImTextureID>(handle);
#else
  return reinterpret_cast<ImTextureID>(static_cast<uintptr_t>(handle));
#endif
}

}  // namespace poolscope::ui
