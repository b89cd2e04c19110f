// Original and shifted, each beside its output: as cells with numbers, or as pictures.

#include <algorithm>
#include <cmath>

#include "app/labs/corners.h"
#include "app/labs/shift_lab.h"
#include "app/labs/stage.h"
#include "app/scene/picture_stage.h"
#include "app/scene/window_cells.h"
#include "app/ui/shapes.h"
#include "core/pooling/trace.h"

namespace poolscope {

namespace {

using scene::ShiftCell;
using scene::ShiftGrid;
using scene::ShiftStage;

float number_size(const LabContext& context, const ShiftGrid& grid, double zoom) {
  size_t longest = 1;
  for (const ShiftCell& cell : grid.cells)
    longest = std::max(longest, cell.text.size());
  const auto cell = static_cast<float>(zoom);
  return std::clamp(std::min(cell * 0.42f, cell * 1.5f / static_cast<float>(longest)), 8.0f,
                    context.ui.dp(28));
}

enum class Role { input, moved, before, after };

ImU32 fill_of(const ui::Theme& theme, const ShiftCell& cell, Role role) {
  switch (role) {
    case Role::before:
      return theme.output.fill;
    case Role::after:
      return cell.changed ? theme.changed.fill : theme.unchanged.fill;
    default:
      return ui::mix(theme.cell, theme.heat, static_cast<float>(cell.shade));
  }
}

/// A winner on its chip; one that is not the winner it was is hollow.
void draw_winner(LabContext& context, const ShiftCell& cell) {
  const ui::Theme& theme = *context.ui.theme;
  const scene::Rect chip = cell.rect.inset(std::max(1.0f, cell.rect.width() * 0.1f));
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (cell.kept)
    list->AddRectFilled(low(chip), high(chip), theme.winner.line, context.ui.dp(5));
  else
    ui::outline_inside(list, low(chip), high(chip), theme.winner.line, context.ui.dp(5), context.ui.dp(2));
}

void draw_grid(LabContext& context, const ShiftGrid& grid, double zoom, Role role) {
  ui::Ui& ui = context.ui;
  const ui::Theme& theme = *ui.theme;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float line = ui.hairline(), size = number_size(context, grid, zoom);
  for (const ShiftCell& cell : grid.cells) {
    list->AddRectFilled(low(cell.rect), high(cell.rect), fill_of(theme, cell, role));
    if (cell.came_in)
      ui::hatch(list, low(cell.rect), high(cell.rect), ui::with_alpha(theme.text_faint, 0.30f), ui.dp(7),
                line);
    list->AddRect(low(cell.rect), {cell.rect.x1 + line, cell.rect.y1 + line}, theme.hairline, 0, 0, line);
    if (cell.winner) draw_winner(context, cell);
    if (role == Role::after && cell.changed) draw_changed_mark(context, cell.rect);
    const bool solid = cell.winner && cell.kept;
    const ImU32 color = solid ? theme.winner.on_solid : theme.text;
    const bool output = role == Role::before || role == Role::after;
    centred_number(list, ui.fonts.number_font(size, solid || output), to_im(cell.rect.centre()), color,
                   cell.text.c_str());
    const char* prefix = role == Role::input    ? "shift.input."
                         : role == Role::moved  ? "shift.moved."
                         : role == Role::before ? "shift.before."
                                                : "shift.after.";
    if (ui.probe != nullptr)
      ui.record(prefix + std::to_string(cell.row) + "." + std::to_string(cell.column), "cell", cell.text,
                to_ui(cell.rect), true, role == Role::after ? !cell.changed : cell.winner && cell.kept);
  }
  ui::outline_outside(list, low(grid.box), high(grid.box), theme.hairline, 0, line);
}

/// The window of an output under the mouse, in both grids; the outputs that read an input under the mouse.
void draw_links(LabContext& context, const ShiftStage& stage, const PoolPlan& plan, const ShiftGrid& input,
                const ShiftGrid& output, const char* key) {
  ui::Ui& ui = context.ui;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImU32 color = ui.theme->output.line;
  const auto cell_under = [&](const ShiftGrid& grid) -> const ShiftCell* {
    if (!ImGui::IsWindowHovered() || context.state.shift.dragging) return nullptr;
    for (const ShiftCell& cell : grid.cells)
      if (cell.rect.contains({mouse.x, mouse.y})) return &cell;
    return nullptr;
  };
  ui::hot_area(ui, key, to_ui(output.box), "grid");
  if (const ShiftCell* cell = cell_under(output)) {
    const scene::CellBox window = scene::window_cells(plan, 0, cell->row * plan.out.w + cell->column);
    for (const ShiftGrid* grid : {&stage.input, &stage.moved}) {
      const scene::Rect rect = scene::grid_rect(
          grid->box, stage.zoom, static_cast<double>(window.row0), static_cast<double>(window.column0),
          static_cast<double>(window.row1), static_cast<double>(window.column1));
      ui::outline_outside(list, low(rect), high(rect), color, ui.dp(4), ui.dp(2.5f));
    }
    for (const ShiftGrid* grid : {&stage.before, &stage.after}) {
      const scene::Rect& rect = grid->cells[static_cast<size_t>(cell->row * plan.out.w + cell->column)].rect;
      ui::outline_outside(list, low(rect), high(rect), color, ui.dp(3), ui.dp(2));
    }
  }
  if (const ShiftCell* cell = cell_under(input))
    for (const int64_t step : steps_reading(plan, cell->row, cell->column)) {
      const scene::Rect& rect = output.cells[static_cast<size_t>(step)].rect;
      ui::outline_outside(list, low(rect), high(rect), color, ui.dp(3), ui.dp(2));
    }
}

// --- pictures ---

/// A stretch of an axis of the shifted picture and the cells of the source that it shows. Of a repeated edge
/// one cell is stretched.
struct Stretch {
  double to0, to1, from0, from1;
};

std::vector<Stretch> stretches(ShiftEdges edges, int64_t length, int64_t by, double x0, double x1) {
  const auto n = static_cast<double>(length), d = static_cast<double>(by);
  std::vector<Stretch> found;
  const auto add = [&](double a, double b, double from) {
    a = std::max(a, x0), b = std::min(b, x1);
    if (a < b) found.push_back({a, b, a + from, b + from});
  };
  if (edges == ShiftEdges::reveal) {
    add(0, n, static_cast<double>(kShiftRange) - d);
    return found;
  }
  add(std::max(0.0, d), std::min(n, n + d), -d);
  if (edges == ShiftEdges::wrap) {
    // A picture smaller than the shift goes round more than once.
    for (double lap = 1; lap * n < static_cast<double>(kShiftRange) + n; ++lap) {
      add(std::max(0.0, d - lap * n), std::min(n, d - (lap - 1) * n), lap * n - d);
      add(std::max(0.0, d + lap * n), std::min(n, n + d + lap * n), -d - lap * n);
    }
  } else if (edges == ShiftEdges::replicate) {
    const auto edge = [&](double a, double b, double cell) {
      a = std::max(a, x0), b = std::min(b, x1);
      if (a < b) found.push_back({a, b, cell, cell + 1});
    };
    if (d > 0) edge(0, std::min(d, n), 0);
    if (d < 0) edge(std::max(0.0, n + d), n, n - 1);
  }
  return found;
}

/// The part of the picture that all boxes show, in cells of the input.
struct Part {
  double x0, y0, x1, y1, zoom;
};

Part shown_part(const LabContext& context, const ShiftStage& stage, const Shape& shape) {
  const auto w = static_cast<double>(shape.w), h = static_cast<double>(shape.h);
  const ViewTransform& view = context.model.session.view;
  if (view.zoom <= stage.zoom) return {0, 0, w, h, stage.zoom};
  const double half_w = stage.input.box.width() / view.zoom / 2,
               half_h = stage.input.box.height() / view.zoom / 2;
  const double x = std::clamp(view.centre_x, half_w, std::max(half_w, w - half_w)),
               y = std::clamp(view.centre_y, half_h, std::max(half_h, h - half_h));
  return {x - half_w, y - half_h, x + half_w, y + half_h, view.zoom};
}

PictureView base_view(const LabContext& context, const ShiftPairRun& run, const TensorPtr& tensor,
                      int64_t n) {
  PictureView view;
  view.tensor = tensor;
  view.n = n;
  const int64_t channel = run.request.channel;
  view.channel = static_cast<int>(tensor->shape().c == 3 ? channel : std::max<int64_t>(channel, 0));
  view.map = context.model.document.colormap;
  view.range = {run.low, run.high};
  return view;
}

/// T x, drawn from the source's one texture.
void draw_field(LabContext& context, const scene::Rect& box, const Part& part, const ShiftPairRun& run,
                Offset by) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ShiftPairRequest& request = run.request;
  // What is nowhere in the source is zero, and zero is black.
  if (request.edges == ShiftEdges::zero) list->AddRectFilled(low(box), high(box), IM_COL32(0, 0, 0, 255));
  const auto px = [&](double x) {
    return box.x0 + static_cast<float>((x - part.x0) / (part.x1 - part.x0)) * box.width();
  };
  const auto py = [&](double y) {
    return box.y0 + static_cast<float>((y - part.y0) / (part.y1 - part.y0)) * box.height();
  };
  list->PushClipRect(low(box), high(box), true);
  for (const Stretch& down : stretches(request.edges, run.plan.in.h, by.dy, part.y0, part.y1))
    for (const Stretch& across : stretches(request.edges, run.plan.in.w, by.dx, part.x0, part.x1)) {
      PictureView view = base_view(context, run, request.source, request.batch);
      view.screen_x0 = px(across.to0), view.screen_x1 = px(across.to1);
      view.screen_y0 = py(down.to0), view.screen_y1 = py(down.to1);
      view.x0 = across.from0, view.x1 = across.from1;
      view.y0 = down.from0, view.y1 = down.from1;
      view.grid = part.zoom >= scene::kGridZoom;
      context.painter.draw(list, view);
    }
  list->PopClipRect();
  ui::outline_outside(list, low(box), high(box), context.ui.theme->hairline, 0, context.ui.hairline());
}

/// An output, or its marks: `cells` of them make one cell of the tensor.
void draw_output(LabContext& context, const scene::Rect& box, const Part& part, const ShiftPairRun& run,
                 PictureView view, double cells) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const bool whole = part.x0 <= 0 && part.x1 >= static_cast<double>(run.plan.in.w);
  const auto along = [&](const AxisPlan& axis, double at) {
    return whole ? 0.0 : scene::output_coordinate(axis, at);
  };
  view.x0 = along(run.plan.columns, part.x0);
  view.y0 = along(run.plan.rows, part.y0);
  view.x1 = whole ? static_cast<double>(run.plan.out.w) : view.x0 + box.width() / part.zoom;
  view.y1 = whole ? static_cast<double>(run.plan.out.h) : view.y0 + box.height() / part.zoom;
  view.x0 /= cells, view.x1 /= cells, view.y0 /= cells, view.y1 /= cells;
  view.screen_x0 = box.x0, view.screen_x1 = box.x1, view.screen_y0 = box.y0, view.screen_y1 = box.y1;
  view.grid = part.zoom >= scene::kGridZoom;
  view.outside = context.ui.theme->stage;
  context.painter.draw(list, view);
  ui::outline_outside(list, low(box), high(box), context.ui.theme->hairline, 0, context.ui.hairline());
}

/// Where cells are large enough: the second cue of those that changed.
void draw_changed_marks(LabContext& context, const scene::Rect& box, const Part& part,
                        const ShiftPairRun& run) {
  if (part.zoom < scene::kGridZoom * context.ui.scale()) return;
  const PoolPlan& plan = run.plan;
  const bool whole = part.x0 <= 0 && part.x1 >= static_cast<double>(plan.in.w);
  const double x0 = whole ? 0 : scene::output_coordinate(plan.columns, part.x0),
               y0 = whole ? 0 : scene::output_coordinate(plan.rows, part.y0);
  const auto first = [](double at) { return std::max<int64_t>(0, static_cast<int64_t>(std::floor(at))); };
  const int64_t row1 = std::min(plan.out.h, first(y0 + box.height() / part.zoom) + 1),
                column1 = std::min(plan.out.w, first(x0 + box.width() / part.zoom) + 1);
  const int64_t c0 = std::max<int64_t>(run.request.channel, 0),
                c1 = run.request.channel < 0 ? plan.out.c : c0 + 1;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->PushClipRect(low(box), high(box), true);
  for (int64_t y = first(y0); y < row1; ++y)
    for (int64_t x = first(x0); x < column1; ++x) {
      bool changed = false;
      for (int64_t c = c0; c < c1; ++c)
        changed |= run.before->at(0, c, y, x) != run.after->at(0, c, y, x);
      const auto r = static_cast<double>(y) - y0, q = static_cast<double>(x) - x0;
      if (changed) draw_changed_mark(context, scene::grid_rect(box, part.zoom, r, q, r + 1, q + 1));
    }
  list->PopClipRect();
}

void zoom_with_wheel(LabContext& context, const scene::Rect& box, const Part& part, const ShiftStage& stage,
                     const char* key, bool pans) {
  // The shifted picture is dragged to shift it: it only zooms here.
  ui::HotArea area;
  if (pans) area = ui::hot_area(context.ui, key, to_ui(box), "picture");
  const ImGuiIO& io = ImGui::GetIO();
  ViewTransform view{(part.x0 + part.x1) / 2, (part.y0 + part.y1) / 2, part.zoom};
  const bool inside = ImGui::IsWindowHovered() && box.contains({io.MousePos.x, io.MousePos.y});
  if (inside && io.MouseWheel != 0) {
    const double zoom = std::clamp(part.zoom * std::pow(1.25, static_cast<double>(io.MouseWheel)), stage.zoom,
                                   std::max(160.0, stage.zoom));
    const double x = part.x0 + (io.MousePos.x - box.x0) / part.zoom,
                 y = part.y0 + (io.MousePos.y - box.y0) / part.zoom;
    view.centre_x = x + (box.centre().x - io.MousePos.x) / zoom;
    view.centre_y = y + (box.centre().y - io.MousePos.y) / zoom;
    view.zoom = zoom;
    context.eye.view = zoom <= stage.zoom ? ViewTransform{} : view;
  } else if (pans && area.held && part.zoom > stage.zoom && (io.MouseDelta.x != 0 || io.MouseDelta.y != 0)) {
    view.centre_x -= io.MouseDelta.x / part.zoom;
    view.centre_y -= io.MouseDelta.y / part.zoom;
    context.eye.view = view;
  }
}

}  // namespace

void draw_changed_mark(LabContext& context, const scene::Rect& cell) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImU32 color = context.ui.theme->changed.line;
  ui::outline_inside(list, low(cell), high(cell), color, context.ui.dp(3), context.ui.dp(2));
  const float side = std::min(context.ui.dp(11), cell.width() * 0.28f);
  list->AddTriangleFilled({cell.x1 - side, cell.y0}, {cell.x1, cell.y0}, {cell.x1, cell.y0 + side}, color);
}

void draw_shift_cells(LabContext& context, const ShiftStage& stage, const ShiftPairRun& run) {
  ui::Ui& ui = context.ui;
  drag_shift(context, stage.moved.box, stage.zoom);
  draw_grid(context, stage.input, stage.zoom, Role::input);
  draw_grid(context, stage.moved, stage.zoom, Role::moved);
  draw_grid(context, stage.before, stage.zoom, Role::before);
  draw_grid(context, stage.after, stage.zoom, Role::after);
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (const auto* frames : {&stage.windows, &stage.windows_moved})
    for (const scene::Rect& frame : *frames)
      list->AddRect(low(frame), high(frame), ui.theme->window.line, 0, 0, ui.dp(2));
  ui::hot_area(ui, "shift.input", to_ui(stage.input.box), "grid");
  draw_links(context, stage, run.plan, stage.input, stage.before, "shift.before");
  draw_links(context, stage, run.plan, stage.moved, stage.after, "shift.after");
}

void draw_shift_pictures(LabContext& context, const ShiftStage& stage, const ShiftPairRun& run) {
  const Part part = shown_part(context, stage, run.plan.in);
  draw_field(context, stage.input.box, part, run, {});
  draw_field(context, stage.moved.box, part, run, context.model.session.shift.by);
  draw_output(context, stage.before.box, part, run, base_view(context, run, run.before, 0), 1);
  PictureView marks;
  marks.tensor = run.marks;
  marks.channel = -1;
  marks.range = {0, 255};
  draw_output(context, stage.after.box, part, run, marks, static_cast<double>(run.block));
  draw_changed_marks(context, stage.after.box, part, run);
  drag_shift(context, stage.moved.box, part.zoom);
  zoom_with_wheel(context, stage.input.box, part, stage, "shift.input", true);
  zoom_with_wheel(context, stage.moved.box, part, stage, "", false);
  ui::hot_area(context.ui, "shift.before", to_ui(stage.before.box), "picture");
  ui::hot_area(context.ui, "shift.after", to_ui(stage.after.box), "picture");
}

}  // namespace poolscope
