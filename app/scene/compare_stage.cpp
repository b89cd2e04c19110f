#include "app/scene/compare_stage.h"

#include <algorithm>
#include <cmath>

#include "app/scene/cell_view.h"

namespace poolscope::scene {

namespace {

constexpr float kGap = 18, kTitle = 34, kCaption = 26, kRowGap = 14;
constexpr float kLeastMeasures = 64;  // height that two measures need
constexpr float kUsualMeasures = 150;
constexpr float kMostMeasures = 246;  // all of them

struct Arrangement {
  int rows = 1, columns = 1;
  float width = 0, lower = 0;
  double zoom = 0;
};

Arrangement arrange(const Rect& area, int count, const Shape& input, float unit, int rows) {
  Arrangement found;
  found.rows = rows;
  found.columns = (count + rows - 1) / rows;
  const auto n = static_cast<float>(found.columns);
  found.width = (area.width() - (n - 1) * kGap * unit) / n;
  const float height =
      (area.height() - static_cast<float>(rows - 1) * kRowGap * unit) / static_cast<float>(rows);
  const auto w = static_cast<double>(input.w), h = static_cast<double>(input.h);
  const float fixed = (kTitle + kCaption) * unit;
  // The lower part takes about a third of the block, within what the measures need.
  found.lower = std::clamp((height - fixed) * 0.34f, kLeastMeasures * unit, kUsualMeasures * unit);
  const double room = std::max(16.0f, height - fixed - found.lower);
  found.zoom = std::max(std::min(static_cast<double>(found.width) / w, room / h), 1e-4);
  // Where the width is the limit, more measures find room.
  const float left = height - fixed - static_cast<float>(h * found.zoom);
  found.lower = std::clamp(left, found.lower, kMostMeasures * unit);
  return found;
}

CompareBlock place(const Rect& cell, const Arrangement& way, const Shape& input, float unit) {
  CompareBlock block;
  const auto pixels = [&](int64_t cells, double zoom) {
    return std::max(8.0f, static_cast<float>(std::floor(static_cast<double>(cells) * zoom)));
  };
  const float w = pixels(input.w, way.zoom), h = pixels(input.h, way.zoom);
  block.title = {cell.x0, cell.y0, cell.x1, cell.y0 + kTitle * unit};
  block.picture = {cell.x0, block.title.y1, cell.x0 + w, block.title.y1 + h};
  block.caption = {cell.x0, block.picture.y1, cell.x1, block.picture.y1 + kCaption * unit};
  const double small = std::min(static_cast<double>(way.width) * 0.48 / static_cast<double>(input.w),
                                static_cast<double>(way.lower) / static_cast<double>(input.h));
  const float top = block.caption.y1;
  block.difference = {cell.x0, top, cell.x0 + pixels(input.w, small), top + pixels(input.h, small)};
  block.measures = {block.difference.x1 + 12 * unit, top, cell.x1, top + way.lower};
  return block;
}

}  // namespace

CompareStage build_compare_stage(const Rect& area, int count, const Shape& input, const ViewTransform& view,
                                 float unit) {
  Arrangement best = arrange(area, count, input, unit, 1);
  if (count > 2) {
    const Arrangement two = arrange(area, count, input, unit, 2);
    // Two rows only where they gain much: side by side is easier to compare.
    if (two.zoom > best.zoom * 1.15) best = two;
  }
  CompareStage stage;
  stage.fit_zoom = best.zoom;
  stage.zoom = view.zoom > best.zoom ? view.zoom : best.zoom;
  float y = area.y0;
  for (int i = 0; i < count; ++i) {
    const auto column = static_cast<float>(i % best.columns);
    const float x = std::floor(area.x0 + column * (best.width + kGap * unit));
    if (i > 0 && i % best.columns == 0) y = stage.bottom + kRowGap * unit;
    stage.blocks.push_back(place({x, y, x + best.width, y}, best, input, unit));
    const CompareBlock& block = stage.blocks.back();
    stage.bottom = std::max({stage.bottom, block.difference.y1, block.measures.y1});
  }
  const Rect& box = stage.blocks[0].picture;
  const bool whole = stage.zoom <= best.zoom;
  const double half_w = static_cast<double>(box.width()) / stage.zoom / 2,
               half_h = static_cast<double>(box.height()) / stage.zoom / 2;
  const double w = static_cast<double>(input.w), h = static_cast<double>(input.h);
  // The view may come from another picture: it never leaves this one altogether.
  const double x = whole ? w / 2 : std::clamp(view.centre_x, 0.0, w);
  const double yc = whole ? h / 2 : std::clamp(view.centre_y, 0.0, h);
  stage.x0 = whole ? 0 : x - half_w;
  stage.x1 = whole ? w : x + half_w;
  stage.y0 = whole ? 0 : yc - half_h;
  stage.y1 = whole ? h : yc + half_h;
  return stage;
}

ViewTransform zoomed_view(const CompareStage& stage, const Rect& box, Point at, double factor) {
  return zoomed_view({stage.x0, stage.y0, stage.x1, stage.y1}, box, stage.zoom, stage.fit_zoom, at, factor);
}

ViewTransform panned_view(const CompareStage& stage, double dx, double dy) {
  return panned_view({stage.x0, stage.y0, stage.x1, stage.y1}, stage.zoom, stage.fit_zoom, dx, dy);
}

}  // namespace poolscope::scene
