#pragma once

#include <functional>

#include "app/platform/surface.h"

namespace poolscope {

/// One frame of Dear ImGui into memory, on the OpenGL context and with the fonts of the window or surface
/// that is there: something taller than a screen, for saving. Call between frames. `draw` is called between
/// ImGui's NewFrame and Render. An empty image where there is no such framebuffer.
PixelImage render_sheet(int width, int height, const std::function<void()>& draw);

}  // namespace poolscope
