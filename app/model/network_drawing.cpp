#include "app/model/network_drawing.h"

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

/// How far `p` is from the line a b.
float distance(CanvasPoint p, CanvasPoint a, CanvasPoint b) {
  const float dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
  const float t = length > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0f, 1.0f) : 0.0f;
  return std::hypot(p.x - (a.x + t * dx), p.y - (a.y + t * dy));
}

void paint_line(Tensor& picture, CanvasPoint a, CanvasPoint b) {
  constexpr float kSide = static_cast<float>(kCanvasPixels);
  const float reach = kPenWidth * kSide / 2 + 1;
  const auto cell = [](float at) { return static_cast<int64_t>(std::clamp(at, 0.0f, kSide - 1)); };
  for (int64_t y = cell(std::min(a.y, b.y) * kSide - reach); y <= cell(std::max(a.y, b.y) * kSide + reach);
       ++y)
    for (int64_t x = cell(std::min(a.x, b.x) * kSide - reach); x <= cell(std::max(a.x, b.x) * kSide + reach);
         ++x) {
      const CanvasPoint middle{(static_cast<float>(x) + 0.5f) / kSide,
                               (static_cast<float>(y) + 0.5f) / kSide};
      // Full inside the pen, fading out over one pixel at its edge.
      const float ink = std::clamp(reach - 0.5f - distance(middle, a, b) * kSide, 0.0f, 1.0f);
      float& pixel = picture.at(0, 0, y, x);
      pixel = std::max(pixel, 255 * ink);
    }
}

}  // namespace

Tensor paint(const Drawing& drawing) {
  Tensor picture(Shape{1, 1, kCanvasPixels, kCanvasPixels});
  for (const CanvasStroke& stroke : drawing.strokes)
    for (size_t i = 0; i < stroke.size(); ++i)
      paint_line(picture, stroke[i > 0 ? i - 1 : 0], stroke[i]);
  return picture;
}

}  // namespace poolscope
