#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <vector>

#include "app/gl/colormap.h"
#include "app/gl/texture.h"
#include "imgui.h"

namespace poolscope::gl {

/// A tinted rectangle of cells (the window, a hovered cell's windows), in cells: [x0, x1) x [y0, y1).
struct CellTint {
  float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  ImU32 color = 0;
};

/// How a picture is shown: a rectangle of its cells on a rectangle of the screen.
struct PictureView {
  const FloatTexture* texture = nullptr;
  ImVec2 screen_min, screen_max;          // pixels
  double x0 = 0, y0 = 0, x1 = 0, y1 = 0;  // cells; may reach beyond the picture (shown as `outside`)
  int channel = 0;                        // -1: the first three as red, green, blue
  Colormap map = Colormap::grey;          // for one channel
  ValueRange range{0, 1};
  /// Lines between cells: appear from 8 pixels a cell, fully there at 16.
  bool grid = true;
  ImU32 grid_color = IM_COL32(128, 128, 128, 120);
  /// Only the first `revealed` cells in row order are shown, the rest is `blank`. Negative: all.
  int64_t revealed = -1;
  ImU32 blank = IM_COL32_WHITE;
  ImU32 outside = IM_COL32(0, 0, 0, 0);
  ImU32 not_a_number = IM_COL32(204, 121, 167, 255);
  std::array<CellTint, 4> tints{};
  float alpha = 1.0f;
};

/// Compiles shaders/picture.{vert,frag} and draws pictures inside ImGui's draw lists. One per context.
class Renderer {
 public:
  /// Errors: gl.shader_missing {file}, gl.shader_broken {file, reason}.
  static Result<std::unique_ptr<Renderer>> create(const std::filesystem::path& shaders);
  ~Renderer();

  /// Forgets the views of the last frame. Call once per frame before drawing.
  void begin_frame();
  /// Adds the picture to the list, clipped like everything else there. Its cost does not depend on the size
  /// of the picture. The texture must live until the frame was rendered.
  void draw_picture(ImDrawList* list, const PictureView& view);

  struct State;

 private:
  explicit Renderer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace poolscope::gl
