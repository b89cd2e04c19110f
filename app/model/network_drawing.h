#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/tensor/tensor.h"

namespace poolscope {

/// A point of the canvas, 0 to 1 to the right and down.
struct CanvasPoint {
  float x = 0, y = 0;
  bool operator==(const CanvasPoint&) const = default;
};
using CanvasStroke = std::vector<CanvasPoint>;

/// What was drawn with the mouse. Never changed in place: a longer stroke is a new drawing.
struct Drawing {
  std::vector<CanvasStroke> strokes;
  bool operator==(const Drawing&) const = default;
};
using DrawingPtr = std::shared_ptr<const Drawing>;

/// Width of the pen as a part of the canvas: the strokes of MNIST's digits on its 28 pixels.
inline constexpr float kPenWidth = 0.085f;
/// Sides of the picture that a drawing becomes.
inline constexpr int64_t kCanvasPixels = 112;

/// The drawing as a picture 1 x 1 x 112 x 112, 0 to 255, white on black, with soft edges.
Tensor paint(const Drawing& drawing);

}  // namespace poolscope
