#pragma once

#include <cstdint>
#include <optional>

#include "app/scene/geometry.h"
#include "core/pooling/plan.h"

namespace poolscope {
struct Model;
}

namespace poolscope::scene {

/// One picture on the stage: its box on the screen, and where its cells are. Continuous cell coordinates:
/// cell i spans i to i + 1.
struct PictureBox {
  Rect box;
  double centre_x = 0, centre_y = 0;  ///< cell coordinates in the middle of the box
  double zoom = 1;                    ///< pixels per cell

  double cell_x(double screen_x) const { return centre_x + (screen_x - box.centre().x) / zoom; }
  double cell_y(double screen_y) const { return centre_y + (screen_y - box.centre().y) / zoom; }
  float screen_x(double x) const { return static_cast<float>(box.centre().x + (x - centre_x) * zoom); }
  float screen_y(double y) const { return static_cast<float>(box.centre().y + (y - centre_y) * zoom); }
  Rect screen(double x0, double y0, double x1, double y1) const {
    return {screen_x(x0), screen_y(y0), screen_x(x1), screen_y(y1)};
  }
};

/// A few cells around the present window, large enough to read.
struct Lens {
  Rect box;
  int64_t row0 = 0, column0 = 0, rows = 0, columns = 0;  ///< input cells shown; may include padding
  float cell_px = 0;
  bool numbers = false;  ///< cells are large enough for their values
};

/// The Window lab's stage for a picture: boxes and transforms, computed from document, view and clock.
struct PictureStage {
  bool with_lens = true;  ///< false: no room for lens and card, in large type on a small screen
  Rect content;           ///< what input, output, lens and card share
  PictureBox input, output;
  double fit_zoom = 1;
  Lens lens;
  Rect card;            ///< room for the step's card, right of the lens
  Rect window;          ///< present window on the screen, gliding
  Rect current_output;  ///< its output cell on the screen
  Rect lens_frame;      ///< the lens's cells on the input
};

/// `unit` is the text scale (1 at 100 %); headings of `heading_px` stand above the pictures and the lens.
PictureStage build_picture_stage(const Model& model, const Rect& area, float unit, float heading_px);

/// The output coordinate whose window lies around input coordinate x on that axis: centre to centre.
double output_coordinate(const AxisPlan& axis, double x);
/// The other way round.
double input_coordinate(const AxisPlan& axis, double o);

/// Zoom around a point of the screen: the cell under it stays under it. Returns the new (centre, zoom).
struct ZoomResult {
  double centre_x, centre_y, zoom;
};
ZoomResult zoom_at(const PictureBox& box, Point at, double factor, double smallest, double largest);

/// From these on (pixels per cell) cells have lines between them, and numbers in them.
inline constexpr double kGridZoom = 8, kNumberZoom = 30;

}  // namespace poolscope::scene
