#pragma once

#include <cstdint>

#include "core/base/result.h"

struct ImGuiContext;

namespace poolscope {

/// What window and off-screen surface share: the ImGui context on a current OpenGL context.

/// Loads OpenGL's functions with the given loader. Error: display.gl_too_old {version} below 3.3.
Status load_gl(void (*(*get_address)(const char* name))());
/// Creates an ImGui context without a settings file and makes it the current one. Fonts come later.
ImGuiContext* create_imgui_context();
/// Creates the GL backend's objects and its copy of the font atlas.
void upload_imgui_fonts();
/// Renders ImGui's draw data into the bound framebuffer of this size, on an opaque black background.
void render_imgui(int framebuffer_width, int framebuffer_height);
/// Reads the bound framebuffer's lower left part of this size into `rgba`, top row first, alpha 255.
void read_framebuffer(int width, int height, uint8_t* rgba);

}  // namespace poolscope
