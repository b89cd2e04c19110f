#pragma once

#include <memory>

#include "app/platform/surface.h"
#include "core/base/result.h"

namespace poolscope {

/// Frames into memory, without X: EGL surfaceless with a framebuffer object of our own. The same frame gives
/// the same bytes every time.
class Offscreen : public Surface {
 public:
  /// Errors: display.no_offscreen {reason}, display.gl_too_old {version}.
  static Result<std::unique_ptr<Offscreen>> open(int width, int height);
  ~Offscreen() override;

  int width() const override { return width_; }
  int height() const override { return height_; }
  float content_scale() const override { return 1.0f; }
  void upload_fonts() override;
  bool begin_frame(double dt_seconds) override;
  void end_frame() override;
  PixelImage read_pixels() override;

 private:
  struct Handles;
  Offscreen(std::unique_ptr<Handles> handles, int width, int height);
  std::unique_ptr<Handles> handles_;
  int width_, height_;
};

}  // namespace poolscope
