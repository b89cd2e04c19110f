#pragma once

#include <algorithm>

#include "app/model/session.h"
#include "app/scene/geometry.h"

namespace poolscope::scene {

/// A part of a plane, in cells: [x0, x1) x [y0, y1).
struct CellView {
  double x0 = 0, y0 = 0, x1 = 1, y1 = 1;
};

inline constexpr double kLargestZoom = 160;  ///< pixels per cell

/// Cells to pixels, where `view` fills `box`.
inline Rect on_screen(const Rect& box, const CellView& view, const Rect& cells) {
  const double sx = box.width() / (view.x1 - view.x0), sy = box.height() / (view.y1 - view.y0);
  const auto x = [&](float cell) { return box.x0 + static_cast<float>((cell - view.x0) * sx); };
  const auto y = [&](float cell) { return box.y0 + static_cast<float>((cell - view.y0) * sy); };
  return {x(cells.x0), y(cells.y0), x(cells.x1), y(cells.y1)};
}

/// The view after a turn of the wheel over `box`: the cell under the pointer stays there. `zoom` and
/// `fit_zoom` are pixels per cell, now and where everything is seen.
inline ViewTransform zoomed_view(const CellView& view, const Rect& box, double zoom, double fit_zoom,
                                 Point at, double factor) {
  const double next = std::clamp(zoom * factor, fit_zoom, std::max(kLargestZoom, fit_zoom));
  if (next <= fit_zoom) return {};
  const double fx = static_cast<double>(at.x - box.x0) / box.width(),
               fy = static_cast<double>(at.y - box.y0) / box.height();
  const double x = view.x0 + fx * (view.x1 - view.x0), y = view.y0 + fy * (view.y1 - view.y0);
  return {x + (0.5 - fx) * box.width() / next, y + (0.5 - fy) * box.height() / next, next};
}

/// The view after a drag by (dx, dy) pixels.
inline ViewTransform panned_view(const CellView& view, double zoom, double fit_zoom, double dx, double dy) {
  if (zoom <= fit_zoom) return {};
  return {(view.x0 + view.x1) / 2 - dx / zoom, (view.y0 + view.y1) / 2 - dy / zoom, zoom};
}

}  // namespace poolscope::scene
