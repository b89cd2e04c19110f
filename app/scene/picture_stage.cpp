#include "app/scene/picture_stage.h"

#include <algorithm>
#include <cmath>

#include "app/model/model.h"
#include "app/scene/matrix_stage.h"
#include "app/scene/window_cells.h"

namespace poolscope::scene {

namespace {

constexpr float kGap = 44, kSmallestBox = 72, kLensLow = 120, kLensHigh = 232, kLensShare = 0.36f;
constexpr float kContentWidth = 620;  // narrower pictures still leave the card room for a sentence
constexpr int64_t kLensFewest = 6, kLensMost = 12, kLensReach = 40;
constexpr float kNumberCell = 24;

struct Extent {
  double w, h;
};

Extent padded_input(const PoolPlan& plan) {
  return {static_cast<double>(plan.in.w + plan.columns.pad_before + plan.columns.pad_after),
          static_cast<double>(plan.in.h + plan.rows.pad_before + plan.rows.pad_after)};
}

Rect sized_box(float x, float y, Extent cells, double zoom, float smallest) {
  const auto side = [&](double n) { return std::max(smallest, static_cast<float>(std::floor(n * zoom))); };
  return {x, y, x + side(cells.w), y + side(cells.h)};
}

void place_pictures(PictureStage& stage, const PoolPlan& plan, const Rect& room, float unit) {
  const Extent in = padded_input(plan), out{static_cast<double>(plan.out.w), static_cast<double>(plan.out.h)};
  const double wide = (room.width() - kGap * unit) / (in.w + out.w),
               high = room.height() / std::max(in.h, out.h);
  stage.fit_zoom = std::max(std::min(wide, high), 1e-4);
  const Rect input = sized_box(0, 0, in, stage.fit_zoom, kSmallestBox * unit);
  const Rect output = sized_box(0, 0, out, stage.fit_zoom, kSmallestBox * unit);
  const float total = input.width() + kGap * unit + output.width();
  const float content = std::min(room.width(), std::max(total, kContentWidth * unit));
  const float x = std::floor(room.x0 + (room.width() - content) / 2);
  stage.content = {x, room.y0, x + content, room.y1};
  stage.input.box = input.moved(x, room.y0);
  stage.output.box = output.moved(std::floor(x + input.width() + kGap * unit), room.y0);
}

void look(PictureStage& stage, const PoolPlan& plan, const ViewTransform& view) {
  stage.input.zoom = view.zoom > 0 ? view.zoom : stage.fit_zoom;
  stage.output.zoom = stage.input.zoom;
  if (view.zoom > 0) {
    stage.input.centre_x = view.centre_x;
    stage.input.centre_y = view.centre_y;
    stage.output.centre_x = output_coordinate(plan.columns, view.centre_x);
    stage.output.centre_y = output_coordinate(plan.rows, view.centre_y);
    return;
  }
  stage.input.centre_x =
      static_cast<double>(plan.in.w + plan.columns.pad_after - plan.columns.pad_before) / 2;
  stage.input.centre_y = static_cast<double>(plan.in.h + plan.rows.pad_after - plan.rows.pad_before) / 2;
  stage.output.centre_x = static_cast<double>(plan.out.w) / 2;
  stage.output.centre_y = static_cast<double>(plan.out.h) / 2;
}

/// First cell of `count` around a window that starts at `start`, kept inside [low, high) where it fits.
int64_t lens_start(int64_t start, int64_t extent, int64_t count, int64_t low, int64_t high) {
  const int64_t centred = start - (count - extent) / 2;
  return std::max(low, std::min(centred, high - count));
}

void place_lens(PictureStage& stage, const PoolPlan& plan, const CellBox& window, const Rect& band,
                float unit) {
  Lens& lens = stage.lens;
  const auto cells = [](const AxisPlan& axis) {
    const int64_t all = axis.in + axis.pad_before + axis.pad_after;
    const int64_t wanted = std::clamp(axis.extent() + 4, kLensFewest, std::max(kLensMost, axis.extent() + 2));
    return std::min({wanted, all, kLensReach});
  };
  lens.rows = cells(plan.rows);
  lens.columns = cells(plan.columns);
  const float side = std::min(band.height(), band.width() * 0.45f);
  lens.cell_px = std::max(2.0f, std::floor(side / static_cast<float>(std::max(lens.rows, lens.columns))));
  lens.numbers = lens.cell_px >= kNumberCell * unit;
  lens.box = {band.x0, band.y0, band.x0 + lens.cell_px * static_cast<float>(lens.columns),
              band.y0 + lens.cell_px * static_cast<float>(lens.rows)};
  const auto first = [](const AxisPlan& axis, int64_t from, int64_t to, int64_t count) {
    return lens_start(from, to - from, count, -axis.pad_before, axis.in + axis.pad_after);
  };
  lens.row0 = first(plan.rows, window.row0, window.row1, lens.rows);
  lens.column0 = first(plan.columns, window.column0, window.column1, lens.columns);
  stage.card = {lens.box.x1 + 28 * unit, band.y0, band.x1, band.y1};
}

void place_marks(PictureStage& stage, const PoolPlan& plan, int64_t plane, int64_t step, float phase) {
  const Rect window = gliding_cells(plan, plane, step - 1, step, phase);
  stage.window = stage.input.screen(window.x0, window.y0, window.x1, window.y1);
  const auto row = static_cast<double>(step / plan.out.w), column = static_cast<double>(step % plan.out.w);
  stage.current_output = stage.output.screen(column, row, column + 1, row + 1);
  const Lens& lens = stage.lens;
  stage.lens_frame = stage.input.screen(static_cast<double>(lens.column0), static_cast<double>(lens.row0),
                                        static_cast<double>(lens.column0 + lens.columns),
                                        static_cast<double>(lens.row0 + lens.rows));
}

}  // namespace

double output_coordinate(const AxisPlan& axis, double x) {
  const double middle = static_cast<double>(axis.extent()) / 2;
  return (x + static_cast<double>(axis.pad_before) - middle) / static_cast<double>(axis.stride) + 0.5;
}

double input_coordinate(const AxisPlan& axis, double o) {
  const double middle = static_cast<double>(axis.extent()) / 2;
  return (o - 0.5) * static_cast<double>(axis.stride) - static_cast<double>(axis.pad_before) + middle;
}

ZoomResult zoom_at(const PictureBox& box, Point at, double factor, double smallest, double largest) {
  const double zoom = std::clamp(box.zoom * factor, smallest, largest);
  const double x = box.cell_x(at.x), y = box.cell_y(at.y);
  return {x - (at.x - box.box.centre().x) / zoom, y - (at.y - box.box.centre().y) / zoom, zoom};
}

PictureStage build_picture_stage(const Model& model, const Rect& area, float unit, float heading_px) {
  PictureStage stage;
  const PoolPlan& plan = model.plan();
  const float lens_h = std::clamp(area.height() * kLensShare, kLensLow * unit, kLensHigh * unit);
  Rect room{area.x0, area.y0 + heading_px, area.x1, area.y1 - lens_h - heading_px * 1.5f};
  stage.with_lens = room.height() >= kSmallestBox * unit;
  if (!stage.with_lens) room.y1 = area.y1;
  place_pictures(stage, plan, room, unit);
  look(stage, plan, model.session.view);
  const Rect band{stage.content.x0, area.y1 - lens_h, stage.content.x1, area.y1};
  const StepRecord& record = model.record();
  const int64_t plane = record.n * plan.in.c + record.c;
  place_lens(stage, plan, window_cells(plan, plane, record.step), band, unit);
  place_marks(stage, plan, plane, record.step, static_cast<float>(model.session.playback.phase()));
  return stage;
}

}  // namespace poolscope::scene
