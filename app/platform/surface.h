#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace poolscope {

/// RGBA, 8 bits each, row by row from the top.
struct PixelImage {
  int width = 0, height = 0;
  std::vector<uint8_t> rgba;
};

/// Where frames go: a window on a screen or memory. Owns the OpenGL 3.3 core context, the Dear ImGui context
/// and its backends. Order of a frame: begin_frame, draw with ImGui, end_frame. Fonts are added to ImGui's
/// atlas by the caller before the first frame and announced with upload_fonts after each rebuild.
class Surface {
 public:
  virtual ~Surface() = default;
  /// Size in ImGui's units, and framebuffer pixels per unit.
  virtual int width() const = 0;
  virtual int height() const = 0;
  /// Text scale the screen asks for (1 on a normal screen, 2 on a HiDPI one).
  virtual float content_scale() const = 0;
  virtual void upload_fonts() = 0;
  /// False when there is nothing to draw on (minimised): skip the frame.
  virtual bool begin_frame(double dt_seconds) = 0;
  virtual void end_frame() = 0;
  /// The frame just drawn.
  virtual PixelImage read_pixels() = 0;
};

}  // namespace poolscope
