#pragma once

#include <memory>

#include "app/platform/framebuffer.h"
#include "app/platform/surface.h"
#include "core/base/result.h"

namespace poolscope {

/// An OpenGL context without X or any other display: EGL surfaceless. Current as long as it lives.
class OffscreenContext {
 public:
  /// Errors: display.no_offscreen {reason}, display.gl_too_old {version}.
  static Result<std::unique_ptr<OffscreenContext>> open();
  ~OffscreenContext();

 private:
  struct Handles;
  explicit OffscreenContext(std::unique_ptr<Handles> handles);
  std::unique_ptr<Handles> handles_;
};

/// Frames into memory, without X: a context of its own with a framebuffer on it.
class Offscreen : public Surface {
 public:
  /// Errors: display.no_offscreen {reason}, display.gl_too_old {version}.
  static Result<std::unique_ptr<Offscreen>> open(int width, int height);

  int width() const override { return framebuffer_->width(); }
  int height() const override { return framebuffer_->height(); }
  float content_scale() const override { return 1.0f; }
  void upload_fonts() override { framebuffer_->upload_fonts(); }
  bool begin_frame(double dt_seconds) override { return framebuffer_->begin_frame(dt_seconds); }
  void end_frame() override { framebuffer_->end_frame(); }
  PixelImage read_pixels() override { return framebuffer_->read_pixels(); }

 private:
  Offscreen(std::unique_ptr<OffscreenContext> context, std::unique_ptr<Framebuffer> framebuffer);
  std::unique_ptr<OffscreenContext> context_;
  std::unique_ptr<Framebuffer> framebuffer_;  // goes before the context
};

}  // namespace poolscope
