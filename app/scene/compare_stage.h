#pragma once

#include <cstdint>
#include <vector>

#include "app/model/session.h"
#include "app/scene/geometry.h"
#include "core/tensor/tensor.h"

namespace poolscope::scene {

/// One column of the Compare lab: title, picture, and below it what was lost beside the measures.
struct CompareBlock {
  Rect title, picture, caption, difference, measures;
};

/// The Compare lab's pictures: equal sizes, one view for all of them.
struct CompareStage {
  std::vector<CompareBlock> blocks;
  double fit_zoom = 1;  ///< screen pixels per input cell that show the whole picture
  double zoom = 1;
  double x0 = 0, y0 = 0, x1 = 1, y1 = 1;  ///< part of the input that every picture shows, in cells
  float bottom = 0;                       ///< below everything
};

/// Lays `count` blocks out in `area`, in as many rows as make the pictures largest. `input` is what is
/// compared; `unit` the text scale.
CompareStage build_compare_stage(const Rect& area, int count, const Shape& input, const ViewTransform& view,
                                 float unit);

/// The view after a turn of the wheel over a picture box, or a drag by (dx, dy) pixels.
ViewTransform zoomed_view(const CompareStage& stage, const Rect& box, Point at, double factor);
ViewTransform panned_view(const CompareStage& stage, double dx, double dy);

}  // namespace poolscope::scene
