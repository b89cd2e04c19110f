#pragma once

#include "app/platform/surface.h"
#include "core/base/result.h"

namespace poolscope {

/// What window and off-screen surface share: the ImGui context on a current OpenGL context.

/// Loads OpenGL's functions with the given loader. Error: display.gl_too_old {version} below 3.3.
Status load_gl(void (*(*get_address)(const char* name))());
/// Creates the ImGui context without a settings file. Fonts come later.
void create_imgui_context();
/// Creates the GL backend's objects and its copy of the font atlas.
void upload_imgui_fonts();
/// Renders ImGui's draw data into the bound framebuffer of this size, on an opaque black background.
void render_imgui(int framebuffer_width, int framebuffer_height);
/// Reads the bound framebuffer, top row first, alpha 255.
PixelImage read_framebuffer(int width, int height);

}  // namespace poolscope
