#include "app/scene/shift_stage.h"

#include <algorithm>
#include <cmath>

#include "app/model/shift_setup.h"
#include "app/scene/window_cells.h"
#include "core/base/message.h"
#include "core/pooling/kinds.h"

namespace poolscope::scene {

namespace {

constexpr float kArrow = 44, kBetween = 40, kRowGap = 18;
constexpr float kLeastMap = 136, kMostMap = 330, kLeastGrid = 84, kLargestCell = 64;

double shade_of(float value, float low, float high) {
  return std::isfinite(value) ? std::clamp((value - low) / (high - low), 0.0f, 1.0f) : 0.0;
}

ShiftGrid cells_of(const ShiftStage& stage, const Rect& box, const Tensor& values, int64_t channel, float low,
                   float high) {
  ShiftGrid grid{box, {}};
  const Shape& shape = values.shape();
  for (int64_t y = 0; y < shape.h; ++y)
    for (int64_t x = 0; x < shape.w; ++x) {
      ShiftCell cell;
      cell.row = y;
      cell.column = x;
      const auto r = static_cast<double>(y), c = static_cast<double>(x);
      cell.rect = grid_rect(box, stage.zoom, r, c, r + 1, c + 1);
      cell.text = format_short(values.at(0, channel, y, x), 3);
      cell.shade = shade_of(values.at(0, channel, y, x), low, high);
      grid.cells.push_back(std::move(cell));
    }
  return grid;
}

/// Marks the winners of a channel; `kept` says of which output the winner is the one that it was.
void mark_winners(ShiftGrid& grid, const std::vector<int64_t>& indices, int64_t first, int64_t count,
                  const std::vector<bool>& kept) {
  for (int64_t at = 0; at < count; ++at) {
    const int64_t index = indices[static_cast<size_t>(first + at)];
    if (index < 0) continue;
    ShiftCell& cell = grid.cells[static_cast<size_t>(index)];
    cell.winner = true;
    cell.kept |= kept[static_cast<size_t>(at)];
  }
}

std::vector<Rect> window_frames(const ShiftStage& stage, const Rect& box, const PoolPlan& plan) {
  std::vector<Rect> frames;
  const bool apart = plan.rows.stride >= plan.rows.extent() && plan.columns.stride >= plan.columns.extent();
  if (!apart) return frames;
  for (int64_t step = 0; step < plan.steps_per_plane(); ++step) {
    const CellBox cells = window_cells(plan, 0, step);
    frames.push_back(grid_rect(box, stage.zoom, static_cast<double>(cells.row0),
                               static_cast<double>(cells.column0), static_cast<double>(cells.row1),
                               static_cast<double>(cells.column1)));
  }
  return frames;
}

}  // namespace

Rect grid_rect(const Rect& box, double zoom, double row0, double column0, double row1, double column1) {
  const auto x = [&](double column) { return box.x0 + static_cast<float>(column * zoom); };
  const auto y = [&](double row) { return box.y0 + static_cast<float>(row * zoom); };
  return {x(column0), y(row0), x(column1), y(row1)};
}

ShiftStage lay_out_shift(const Rect& area, const Shape& in, const Shape& out, bool cells, float unit,
                         float heading_px, float card_px) {
  ShiftStage stage;
  const float gap = kRowGap * unit, headings = 2 * heading_px + card_px + 2 * gap;
  float map = std::clamp(area.height() * 0.33f, kLeastMap * unit, kMostMap * unit);
  const float room = std::max(area.height() - headings - map, kLeastGrid * unit);
  const float between = std::min(kBetween * unit, area.width() * 0.05f),
              arrow = std::min(kArrow * unit, area.width() * 0.06f);
  const auto columns = static_cast<double>(2 * (in.w + out.w)),
             rows = static_cast<double>(std::max(in.h, out.h));
  stage.zoom = std::min(static_cast<double>(area.width() - between - 2 * arrow) / columns, room / rows);
  if (cells) stage.zoom = std::max(std::floor(std::min<double>(stage.zoom, kLargestCell * unit)), 6.0);
  const auto size = [&](int64_t n) {
    return std::max(4.0f, static_cast<float>(static_cast<double>(n) * stage.zoom));
  };
  const float w = size(in.w), h = size(in.h), ow = size(out.w), oh = size(out.h);
  const float spare = std::max(0.0f, area.height() - headings - std::max(h, oh) - map);
  map = std::min(map + spare * 0.6f, kMostMap * unit);
  const float left = std::max(0.0f, area.height() - headings - std::max(h, oh) - map);
  // Both halves are equally wide, and the grids begin where they begin.
  const float half = std::floor((area.width() - between) / 2);
  float y = area.y0 + std::floor(left * 0.3f) + heading_px;
  const auto place = [&](float x, ShiftGrid& input, ShiftGrid& output) {
    input.box = {x, y, x + w, y + h};
    const float middle = y + h / 2;
    const float space = std::clamp((half - w - ow) * 0.4f, arrow, arrow * 2.2f);
    output.box = {input.box.x1 + space, middle - oh / 2, input.box.x1 + space + ow, middle + oh / 2};
  };
  place(area.x0, stage.input, stage.before);
  place(area.x0 + half + between, stage.moved, stage.after);
  y += std::max(h, oh) + gap;
  stage.card = {area.x0, y, area.x1, y + card_px};
  y += card_px + gap + heading_px;
  stage.map = {area.x0, y, area.x0 + map, y + map};
  stage.curves = {stage.map.x1 + 54 * unit, y, area.x1, y + map};
  stage.bottom = y + map;
  return stage;
}

void fill_shift_cells(ShiftStage& stage, const ShiftPairRun& run) {
  const int64_t channel = std::max<int64_t>(run.request.channel, 0);
  stage.input = cells_of(stage, stage.input.box, *run.picture, channel, run.low, run.high);
  stage.moved = cells_of(stage, stage.moved.box, *run.moved, channel, run.low, run.high);
  stage.before = cells_of(stage, stage.before.box, *run.before, channel, run.low, run.high);
  stage.after = cells_of(stage, stage.after.box, *run.after, channel, run.low, run.high);
  const Offset by = run.request.by;
  const Shape& shape = run.plan.in;
  for (ShiftCell& cell : stage.moved.cells) {
    const int64_t y = cell.row - by.dy, x = cell.column - by.dx;
    cell.came_in = y < 0 || y >= shape.h || x < 0 || x >= shape.w;
  }
  const int64_t count = run.plan.out.plane(), first = channel * count;
  for (int64_t at = 0; at < count; ++at) {
    const float a = run.before->data()[first + at], b = run.after->data()[first + at];
    stage.after.cells[static_cast<size_t>(at)].changed = !(a == b || (std::isnan(a) && std::isnan(b)));
  }
  if (!run.pair.before.indices.empty()) {
    ShiftField field{run.picture.get(), run.request.edges, {0, 0}, shape};
    std::vector<bool> kept, all(static_cast<size_t>(count), true);
    for (int64_t at = 0; at < count; ++at)
      kept.push_back(winner_kept(field, run.pair, run.plan, by, first + at));
    mark_winners(stage.input, run.pair.before.indices, first, count, all);
    mark_winners(stage.moved, run.pair.after.indices, first, count, kept);
  }
  stage.windows = window_frames(stage, stage.input.box, run.plan);
  stage.windows_moved = window_frames(stage, stage.moved.box, run.plan);
}

std::optional<Offset> shift_at(const Rect& map, Point at) {
  if (!map.contains(at)) return std::nullopt;
  const auto index = [](float from, float size, float value) {
    return std::clamp<int64_t>(static_cast<int64_t>((value - from) / size * kShiftStops), 0,
                               kShiftStops - 1) -
           kShiftRange;
  };
  return Offset{index(map.y0, map.height(), at.y), index(map.x0, map.width(), at.x)};
}

Rect shift_rect(const Rect& map, Offset by) {
  const float side = map.width() / static_cast<float>(kShiftStops);
  const float x = map.x0 + static_cast<float>(by.dx + kShiftRange) * side,
              y = map.y0 + static_cast<float>(by.dy + kShiftRange) * side;
  return {std::round(x), std::round(y), std::round(x + side), std::round(y + side)};
}

}  // namespace poolscope::scene
