#pragma once

#include <imgui.h>

#include "app/scene/geometry.h"

namespace poolscope {

/// The corners of a scene's rectangle, in screen pixels, as Dear ImGui's draw lists want them.
inline ImVec2 low(const scene::Rect& rect) {
  return {rect.x0, rect.y0};
}
inline ImVec2 high(const scene::Rect& rect) {
  return {rect.x1, rect.y1};
}

}  // namespace poolscope
