#pragma once

#include <memory>

#include "app/platform/surface.h"
#include "core/base/result.h"

struct ImFontAtlas;
struct ImGuiContext;

namespace poolscope {

/// Frames into memory, on whichever OpenGL context is current when it is made: a framebuffer and a Dear ImGui
/// context of its own, beside those of a window. The same frame gives the same bytes every time.
class Framebuffer : public Surface {
 public:
  /// With `band_rows` the picture is rendered in bands of so many rows, one at a time (render_band()): no one
  /// of them takes long, whatever the size of the picture. 0: at once. Error: display.no_offscreen {reason}.
  static Result<std::unique_ptr<Framebuffer>> create(int width, int height, int band_rows = 0);
  /// Without a Dear ImGui context of its own: draws with the present one and its fonts, between two frames of
  /// the surface that it belongs to.
  static Result<std::unique_ptr<Framebuffer>> create_beside(int width, int height);
  ~Framebuffer() override;
  Framebuffer(const Framebuffer&) = delete;
  Framebuffer& operator=(const Framebuffer&) = delete;

  /// Of one with a context of its own: while it lives, Dear ImGui and OpenGL draw here; then where they drew
  /// before. Everything that is called
  /// on this surface, and the fonts and widgets that are drawn on it, belong into one.
  class Turn {
   public:
    explicit Turn(Framebuffer& framebuffer);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    ImGuiContext* before_;
  };

  int width() const override { return width_; }
  int height() const override { return height_; }
  float content_scale() const override { return 1.0f; }
  void upload_fonts() override;
  bool begin_frame(double dt_seconds) override;
  void end_frame() override;
  PixelImage read_pixels() override;

  /// The fonts of its context, before the first frame.
  ImFontAtlas& font_atlas();

  /// In bands: after begin_frame() and drawing, close_frame() instead of end_frame(), then the bands, from
  /// the top: each puts its rows into `rgba` (width * height * 4 bytes).
  void close_frame();
  int bands() const { return (height_ + band_rows_ - 1) / band_rows_; }
  void render_band(int band, std::vector<uint8_t>& rgba);

 private:
  Framebuffer(int width, int height, int band_rows);
  Status make_target();
  ImGuiContext* context_ = nullptr;
  unsigned framebuffer_ = 0, color_ = 0;
  int width_, height_, band_rows_;
};

}  // namespace poolscope
