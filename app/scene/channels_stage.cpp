#include "app/scene/channels_stage.h"

#include <algorithm>
#include <cmath>

#include "app/scene/picture_stage.h"
#include "app/scene/window_cells.h"

namespace poolscope::scene {

namespace {

constexpr float kGap = 64, kMostGap = 150;        // between the stacks: room for ribbons
constexpr double kStep = 0.47, kMostDepth = 1.4;  // of a plane's side: between two planes, and of all of them
constexpr double kLeastOutputDepth = 0.35;        // of the input's: small outputs are still told apart
constexpr float kLeastPlane = 12, kLargestCell = 76;

struct Sizes {
  float in_w, in_h, out_w, out_h;      // planes
  float in_dx, in_dy, out_dx, out_dy;  // all steps of a stack together
  double zoom;
};

double padded(const AxisPlan& axis) {
  return static_cast<double>(axis.in + axis.pad_before + axis.pad_after);
}

Sizes measure(const Rect& area, const PoolPlan& plan, double spread, float unit) {
  const auto behind = static_cast<double>(plan.in.c - 1);
  const double depth = spread * std::min(kStep * behind, kMostDepth);
  const double w = padded(plan.columns), h = padded(plan.rows);
  const auto out_w = static_cast<double>(plan.out.w), out_h = static_cast<double>(plan.out.h);
  const double out_dx = depth * std::max(out_w, kLeastOutputDepth * w),
               out_dy = depth * std::max(out_h, kLeastOutputDepth * h);
  const double room = std::max(40.0f, area.width() - kGap * unit);
  Sizes sizes{};
  sizes.zoom = std::min({room / (w * (1 + depth) + out_w + out_dx),
                         static_cast<double>(area.height()) / std::max(h * (1 + depth), out_h + out_dy),
                         static_cast<double>(kLargestCell * unit)});
  sizes.zoom = std::max(sizes.zoom, 1e-4);
  const auto px = [&](double cells) { return static_cast<float>(std::floor(cells * sizes.zoom)); };
  const auto side = [&](double cells) { return std::max(kLeastPlane * unit, px(cells)); };
  sizes.in_w = side(w), sizes.in_h = side(h), sizes.out_w = side(out_w), sizes.out_h = side(out_h);
  sizes.in_dx = px(w * depth), sizes.in_dy = px(h * depth);
  sizes.out_dx = px(out_dx), sizes.out_dy = px(out_dy);
  return sizes;
}

/// Both stacks in the middle of the area, the output's middle as high as the input's.
void place_stacks(ChannelsStage& stage, const Rect& area, const Sizes& sizes, float unit) {
  const float in_w = sizes.in_w + sizes.in_dx, in_h = sizes.in_h + sizes.in_dy;
  const float out_w = sizes.out_w + sizes.out_dx, out_h = sizes.out_h + sizes.out_dy;
  const float spare = std::max(0.0f, area.width() - in_w - out_w);
  const float gap = std::min(spare, kMostGap * unit);
  const float height = std::max(in_h, out_h);
  const float x = std::floor(area.x0 + (spare - gap) / 2);
  const float y = std::floor(area.y0 + std::max(0.0f, area.height() - height) * 0.4f);
  const float in_y = y + std::floor((height - in_h) / 2), out_y = y + std::floor((height - out_h) / 2);
  stage.input_stack = {x, in_y, x + in_w, in_y + in_h};
  stage.output_stack = Rect{0, 0, out_w, out_h}.moved(std::floor(x + in_w + gap), out_y);
}

void place_planes(ChannelsStage& stage, const Sizes& sizes, int64_t channels) {
  const auto last = static_cast<float>(std::max<int64_t>(1, channels - 1));
  stage.input_step_x = sizes.in_dx / last;
  stage.input_step_y = sizes.in_dy / last;
  for (int64_t c = 0; c < channels; ++c) {
    const float t = static_cast<float>(c) / last;
    ChannelPlane plane;
    plane.input =
        Rect{0, 0, sizes.in_w, sizes.in_h}.moved(std::floor(stage.input_stack.x0 + sizes.in_dx * t),
                                                 std::floor(stage.input_stack.y0 + sizes.in_dy * t));
    plane.output =
        Rect{0, 0, sizes.out_w, sizes.out_h}.moved(std::floor(stage.output_stack.x0 + sizes.out_dx * t),
                                                   std::floor(stage.output_stack.y0 + sizes.out_dy * t));
    stage.planes.push_back(plane);
  }
}

void look(ChannelsStage& stage, const PoolPlan& plan, const ViewTransform& view) {
  const auto d = [](int64_t n) { return static_cast<double>(n); };
  stage.zoom = std::max(view.zoom, stage.fit_zoom);
  if (view.zoom <= stage.fit_zoom) {
    const AxisPlan &rows = plan.rows, &columns = plan.columns;
    stage.input_view = {-d(columns.pad_before), -d(rows.pad_before), d(columns.in + columns.pad_after),
                        d(rows.in + rows.pad_after)};
    stage.output_view = {0, 0, d(plan.out.w), d(plan.out.h)};
    return;
  }
  const auto around = [&](const Rect& box, double x, double y) {
    const double w = box.width() / stage.zoom / 2, h = box.height() / stage.zoom / 2;
    return CellView{x - w, y - h, x + w, y + h};
  };
  const double x = std::clamp(view.centre_x, 0.0, d(plan.in.w)),
               y = std::clamp(view.centre_y, 0.0, d(plan.in.h));
  stage.input_view = around(stage.planes[0].input, x, y);
  stage.output_view =
      around(stage.planes[0].output, output_coordinate(plan.columns, x), output_coordinate(plan.rows, y));
}

void place_marks(ChannelsStage& stage, const PoolPlan& plan, int64_t image, const ChannelsClock& clock) {
  const auto row = static_cast<float>(clock.to / plan.out.w),
             column = static_cast<float>(clock.to % plan.out.w);
  for (size_t c = 0; c < stage.planes.size(); ++c) {
    ChannelPlane& plane = stage.planes[c];
    const Rect cells =
        gliding_cells(plan, image * plan.in.c + static_cast<int64_t>(c), clock.from, clock.to, clock.phase);
    plane.window = on_screen(plane.input, stage.input_view, cells);
    plane.cell = on_screen(plane.output, stage.output_view, {column, row, column + 1, row + 1});
  }
}

}  // namespace

ChannelsStage build_channels_stage(const Rect& area, const PoolPlan& plan, int64_t image, double spread,
                                   const ViewTransform& view, const ChannelsClock& clock, float unit) {
  ChannelsStage stage;
  const Sizes sizes = measure(area, plan, spread, unit);
  stage.fit_zoom = sizes.zoom;
  place_stacks(stage, area, sizes, unit);
  place_planes(stage, sizes, plan.in.c);
  look(stage, plan, view);
  place_marks(stage, plan, image, clock);
  return stage;
}

std::optional<int64_t> channel_at(const ChannelsStage& stage, Point point, bool in_output,
                                  std::optional<int64_t> apart) {
  const auto box = [&](int64_t c) -> const Rect& {
    const ChannelPlane& plane = stage.planes[static_cast<size_t>(c)];
    return in_output ? plane.output : plane.input;
  };
  const auto channels = static_cast<int64_t>(stage.planes.size());
  if (apart && *apart < channels && box(*apart).contains(point)) return apart;
  for (int64_t c = channels - 1; c >= 0; --c)
    if (box(c).contains(point)) return c;
  return std::nullopt;
}

Rect uncovered(const ChannelsStage& stage, int64_t channel, bool in_output) {
  const auto at = static_cast<size_t>(channel);
  Rect box = in_output ? stage.planes[at].output : stage.planes[at].input;
  if (at + 1 == stage.planes.size()) return box;
  const ChannelPlane& next = stage.planes[at + 1];
  box.y1 = std::max(box.y0 + 1, in_output ? next.output.y0 : next.input.y0);
  return box;
}

int64_t same_place(const PoolPlan& whole, const PoolPlan& plan, int64_t step) {
  const int64_t row = step / whole.out.w, column = step % whole.out.w;
  return std::min(row * plan.out.h / whole.out.h, plan.out.h - 1) * plan.out.w +
         std::min(column * plan.out.w / whole.out.w, plan.out.w - 1);
}

int64_t first_at_place(const PoolPlan& whole, const PoolPlan& plan, int64_t step) {
  const auto first = [](int64_t at, int64_t all, int64_t of) {
    return std::min((at * all + of - 1) / of, all - 1);
  };
  return first(step / plan.out.w, whole.out.h, plan.out.h) * whole.out.w +
         first(step % plan.out.w, whole.out.w, plan.out.w);
}

}  // namespace poolscope::scene
