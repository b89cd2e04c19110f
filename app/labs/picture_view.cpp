// A picture as the stage: overview, output filling up, a lens with the values around the window.

#include <algorithm>
#include <cmath>
#include <string>

#include "app/labs/corners.h"
#include "app/labs/stage.h"
#include "app/labs/tensor_box.h"
#include "app/scene/cell_view.h"
#include "app/scene/matrix_stage.h"
#include "app/scene/picture_stage.h"
#include "app/scene/window_cells.h"
#include "app/ui/shapes.h"
#include "core/pooling/gradient.h"
#include "core/pooling/trace.h"

namespace poolscope {

namespace {

using scene::PictureBox;
using scene::PictureStage;

bool backward(const LabContext& context) {
  return context.model.document.direction == Direction::backward;
}

/// The ends of the colour map: 0 to 255 for pictures, the smallest and largest value for matrices. Of a large
/// matrix a sample is looked at until the thread that pools it has found them; whether they are exact.
bool find_range(const Document& document, const PoolRunPtr& run, ValueRange& range) {
  constexpr int64_t kSample = 1 << 16;
  const Tensor& tensor = document.values();
  range = {0, 255};
  if (document.input.is_picture) return true;
  const bool known = run && run->request.input == document.input.tensor;
  const auto [low, high] =
      known ? std::pair{run->input_low, run->input_high} : finite_ends(tensor, 1 + tensor.count() / kSample);
  range = low < high ? ValueRange{low, high} : ValueRange{0, 1};
  return known || tensor.count() < kSample;
}

/// The plane that is stepped through, as n * C + c.
int64_t stepped_plane(const LabContext& context) {
  const StepRecord& record = context.model.record();
  return record.n * context.model.plan().in.c + record.c;
}

/// What is drawn in a box: a tensor with the way its values become colours.
struct Source {
  TensorPtr tensor;
  ValueRange range;
  Colormap map;
  int channel;
};

Source input_source(const LabContext& context) {
  const Document& document = context.model.document;
  return {document.input.tensor, context.state.input_range, document.colormap,
          static_cast<int>(document.channel)};
}

void draw_source(LabContext& context, const PictureBox& box, const Source& source, int64_t revealed) {
  PictureView view;
  view.tensor = source.tensor;
  view.n = context.model.document.batch;
  view.channel = source.channel;
  view.map = source.map;
  view.range = source.range;
  view.screen_x0 = box.box.x0;
  view.screen_y0 = box.box.y0;
  view.screen_x1 = box.box.x1;
  view.screen_y1 = box.box.y1;
  view.x0 = box.cell_x(box.box.x0);
  view.x1 = box.cell_x(box.box.x1);
  view.y0 = box.cell_y(box.box.y0);
  view.y1 = box.cell_y(box.box.y1);
  view.revealed = revealed;
  view.blank = context.ui.theme->cell;
  context.painter.draw(ImGui::GetWindowDrawList(), view);
}

void draw_frame_of(LabContext& context, const scene::Rect& box) {
  const ui::Theme& theme = *context.ui.theme;
  ImGui::GetWindowDrawList()->AddRectFilled(low(box), high(box), theme.cell);
  ui::outline_outside(ImGui::GetWindowDrawList(), low(box), high(box), theme.hairline, 0,
                      context.ui.hairline());
}

/// The colour that a cell has on the screen, to choose readable ink for it.
ImU32 ground_of(const Source& source, int64_t batch, int64_t y, int64_t x) {
  const auto byte = [&](int channel) {
    const float value = source.tensor->at(batch, channel, y, x);
    const float t = (value - source.range.min) / (source.range.max - source.range.min);
    return static_cast<int>(std::clamp(t, 0.0f, 1.0f) * 255);
  };
  if (source.channel < 0) return IM_COL32(byte(0), byte(1), byte(2), 255);
  const float value = source.tensor->at(batch, source.channel, y, x);
  const Rgb8 colour = colormap_at(source.map, colormap_position(source.map, value, source.range));
  return IM_COL32(colour.r, colour.g, colour.b, 255);
}

/// One cell's numbers: one, or red, green and blue below each other.
void draw_cell_numbers(LabContext& context, const Source& source, scene::Point centre, int64_t y, int64_t x,
                       float size, float alpha) {
  const int64_t batch = context.model.document.batch;
  const ImU32 ink = ui::with_alpha(ui::readable_on(ground_of(source, batch, y, x)), alpha);
  const int lines = source.channel < 0 ? 3 : 1;
  const float step = size * 1.05f;
  for (int line = 0; line < lines; ++line) {
    const float value = source.tensor->at(batch, source.channel < 0 ? line : source.channel, y, x);
    const std::string text = format_short(value, 3);
    const float at_y = centre.y + step * (static_cast<float>(line) - static_cast<float>(lines - 1) / 2);
    centred_number(ImGui::GetWindowDrawList(), context.ui.fonts.number_font(size), {centre.x, at_y}, ink,
                   text.c_str());
  }
}

/// Numbers in the cells of a box that is zoomed in far enough to read them; they fade in.
void draw_numbers(LabContext& context, const PictureBox& box, const Source& source, int64_t revealed) {
  const Shape& shape = source.tensor->shape();
  const double from = scene::kNumberZoom * context.ui.scale() * (source.channel < 0 ? 1.6 : 1);
  const auto alpha = static_cast<float>(std::clamp((box.zoom / from - 0.8) / 0.3, 0.0, 1.0));
  if (alpha <= 0) return;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->PushClipRect(low(box.box), high(box.box), true);
  const auto first = [](double cell) { return std::max<int64_t>(0, static_cast<int64_t>(std::floor(cell))); };
  const float share = source.channel < 0 ? 0.24f : 0.34f;
  const float size = std::min(context.ui.dp(18), static_cast<float>(box.zoom) * share);
  for (int64_t y = first(box.cell_y(box.box.y0)); y < std::min(shape.h, first(box.cell_y(box.box.y1)) + 1);
       ++y) {
    for (int64_t x = first(box.cell_x(box.box.x0)); x < std::min(shape.w, first(box.cell_x(box.box.x1)) + 1);
         ++x) {
      if (revealed >= 0 && y * shape.w + x >= revealed) continue;
      const auto left = static_cast<double>(x), top = static_cast<double>(y);
      draw_cell_numbers(context, source, box.screen(left, top, left + 1, top + 1).centre(), y, x, size,
                        alpha);
    }
  }
  list->PopClipRect();
}

/// A mark for a rectangle of cells that stays visible when the cells are smaller than a few pixels.
void draw_mark(LabContext& context, const scene::Rect& box, scene::Rect mark, ImU32 color, float thickness) {
  const float smallest = context.ui.dp(7);
  const auto centre = mark.centre();
  if (mark.width() < smallest) mark.x0 = centre.x - smallest / 2, mark.x1 = centre.x + smallest / 2;
  if (mark.height() < smallest) mark.y0 = centre.y - smallest / 2, mark.y1 = centre.y + smallest / 2;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float outside = thickness + 1;
  list->PushClipRect({box.x0 - outside, box.y0 - outside}, {box.x1 + outside, box.y1 + outside}, true);
  ui::outline_outside(list, low(mark), high(mark), color, context.ui.dp(2), thickness);
  list->PopClipRect();
}

void zoom_and_pan(LabContext& context, const PictureStage& stage, const PictureBox& box,
                  const ui::HotArea& area, bool is_output) {
  ViewTransform& view = context.eye.view;
  const ImGuiIO& io = ImGui::GetIO();
  const auto store = [&](double x, double y, double zoom) {
    if (is_output) {
      const AxisPlan &columns = context.model.plan().columns, &rows = context.model.plan().rows;
      x = scene::input_coordinate(columns, x);
      y = scene::input_coordinate(rows, y);
    }
    view = zoom <= stage.fit_zoom ? ViewTransform{} : ViewTransform{x, y, zoom};
  };
  if (area.hovered && io.MouseWheel != 0) {
    const auto zoomed = scene::zoom_at(box, {io.MousePos.x, io.MousePos.y}, std::pow(1.25, io.MouseWheel),
                                       stage.fit_zoom, scene::kLargestZoom);
    store(zoomed.centre_x, zoomed.centre_y, zoomed.zoom);
  }
  const bool drags = area.held && (io.MouseDelta.x != 0 || io.MouseDelta.y != 0);
  if (drags && view.zoom > 0)
    store(box.centre_x - io.MouseDelta.x / box.zoom, box.centre_y - io.MouseDelta.y / box.zoom, box.zoom);
}

/// The cell under the mouse, with its value beside the pointer.
void draw_readout(LabContext& context, const Source& source, int64_t row, int64_t column) {
  std::string words = "(" + std::to_string(row) + ", " + std::to_string(column) + ")  ";
  const Shape& shape = source.tensor->shape();
  const int64_t batch = context.model.document.batch;
  if (source.channel >= 0) {
    words += format_short(source.tensor->at(batch, source.channel, row, column), 4);
  } else {
    for (int64_t c = 0; c < shape.c; ++c)
      words += (c > 0 ? ", " : "") + format_short(source.tensor->at(batch, c, row, column), 4);
  }
  draw_pointer_note(context, words);
}

void hover_picture(LabContext& context, const PictureBox& box, const Source& source, const ui::HotArea& area,
                   bool is_output) {
  if (!area.hovered || source.tensor == nullptr) return;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const auto column = static_cast<int64_t>(std::floor(box.cell_x(mouse.x)));
  const auto row = static_cast<int64_t>(std::floor(box.cell_y(mouse.y)));
  const Shape& shape = source.tensor->shape();
  if (row < 0 || row >= shape.h || column < 0 || column >= shape.w) return;
  hover_cell(context, is_output, row, column);
  draw_readout(context, source, row, column);
}

void draw_links(LabContext& context, const PictureStage& stage) {
  const auto& hovered = context.eye.hovered;
  if (!hovered) return;
  const PoolPlan& plan = context.model.plan();
  const ImU32 color = context.ui.theme->output.line;
  const auto d = [](int64_t value) { return static_cast<double>(value); };
  if (hovered->in_output) {
    const scene::CellBox cells =
        scene::window_cells(plan, stepped_plane(context), hovered->row * plan.out.w + hovered->column);
    draw_mark(context, stage.input.box,
              stage.input.screen(d(cells.column0), d(cells.row0), d(cells.column1), d(cells.row1)), color,
              context.ui.dp(2));
    return;
  }
  const std::vector<int64_t> steps = steps_reading(plan, hovered->row, hovered->column);
  if (steps.empty()) return;
  // The windows that read a cell are a rectangle of the output (with gaps where windows are dilated).
  const int64_t first = steps.front(), final = steps.back(), width = plan.out.w;
  draw_mark(
      context, stage.output.box,
      stage.output.screen(d(first % width), d(first / width), d(final % width + 1), d(final / width + 1)),
      color, context.ui.dp(2));
}

scene::Rect lens_cell(const scene::Lens& lens, int64_t row, int64_t column) {
  const float x = lens.box.x0 + static_cast<float>(column - lens.column0) * lens.cell_px;
  const float y = lens.box.y0 + static_cast<float>(row - lens.row0) * lens.cell_px;
  return {x, y, x + lens.cell_px, y + lens.cell_px};
}

/// Backwards the lens shows what has arrived at each cell so far.
double lens_value(const LabContext& context, int64_t row, int64_t column) {
  const Document& document = context.model.document;
  const int64_t channel = document.stepped_channel();
  if (!backward(context)) return document.values().at(document.batch, channel, row, column);
  const Playback& playback = context.model.session.playback;
  const int64_t done = playback.phase() >= 1 ? playback.step() : playback.step() - 1;
  return gradient_until(context.model.plan(), document.values(), document.batch, channel, done, row, column);
}

Source lens_source(const LabContext& context) {
  Source source = input_source(context);
  source.channel = static_cast<int>(context.model.document.stepped_channel());
  if (backward(context)) source.map = Colormap::diverging;
  if (backward(context)) source.range = {-1, 1};
  return source;
}

void draw_lens_cells(LabContext& context, const scene::Lens& lens) {
  const Shape& shape = context.model.document.shape();
  const Source source = lens_source(context);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float size = std::min(context.ui.dp(14), lens.cell_px * 0.36f), line = context.ui.hairline();
  for (int64_t row = lens.row0; row < lens.row0 + lens.rows; ++row) {
    for (int64_t column = lens.column0; column < lens.column0 + lens.columns; ++column) {
      const scene::Rect rect = lens_cell(lens, row, column);
      const bool inside = row >= 0 && row < shape.h && column >= 0 && column < shape.w;
      if (!inside) {
        ui::hatch(list, low(rect), high(rect), ui::with_alpha(context.ui.theme->text_faint, 0.28f),
                  context.ui.dp(7), line);
        list->AddRect(low(rect), high(rect), context.ui.theme->hairline);
        continue;
      }
      const auto value = static_cast<float>(lens_value(context, row, column));
      const Rgb8 color = colormap_at(source.map, colormap_position(source.map, value, source.range));
      const ImU32 ground = IM_COL32(color.r, color.g, color.b, 255);
      list->AddRectFilled(low(rect), high(rect), ground);
      list->AddRect(low(rect), {rect.x1 + line, rect.y1 + line}, context.ui.theme->hairline, 0, 0, line);
      if (!lens.numbers) continue;
      const std::string text = format_short(value, 3);
      centred_number(list, context.ui.fonts.number_font(size), to_im(rect.centre()), ui::readable_on(ground),
                     text.c_str());
    }
  }
}

void draw_lens_winner(LabContext& context, const scene::Lens& lens) {
  const StepRecord& record = context.model.record();
  if (record.winner < 0 || context.model.session.playback.phase() < scene::kLightAt) return;
  const Tap& tap = record.taps[static_cast<size_t>(record.winner)];
  const bool shown = tap.row >= lens.row0 && tap.row < lens.row0 + lens.rows && tap.column >= lens.column0 &&
                     tap.column < lens.column0 + lens.columns;
  if (!shown) return;
  const scene::Rect rect = lens_cell(lens, tap.row, tap.column).inset(lens.cell_px * 0.08f);
  const ui::Theme& theme = *context.ui.theme;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(low(rect), high(rect), theme.winner.solid, context.ui.dp(4));
  if (!lens.numbers) return;
  const float size = std::min(context.ui.dp(14), lens.cell_px * 0.36f);
  const std::string text = format_short(lens_value(context, tap.row, tap.column), 3);
  centred_number(list, context.ui.fonts.number_font(size, true), to_im(rect.centre()), theme.winner.on_solid,
                 text.c_str());
}

void draw_lens(LabContext& context, const PictureStage& stage, float heading) {
  const scene::Lens& lens = stage.lens;
  const Message pixels = Message("stage.lens.cells")
                             .with("row0", lens.row0)
                             .with("row1", lens.row0 + lens.rows - 1)
                             .with("column0", lens.column0)
                             .with("column1", lens.column0 + lens.columns - 1);
  std::string where = context.say(pixels);
  const Document& document = context.model.document;
  if (document.shape().c > 1) where += " · " + channel_text(context, document.stepped_channel());
  draw_heading(context, {lens.box.x0, lens.box.y0 - heading},
               context.text(backward(context) ? "stage.lens.gradient" : "stage.lens"), where,
               stage.content.width());
  draw_lens_cells(context, lens);
  draw_lens_winner(context, lens);
  const scene::CellBox cells =
      scene::window_cells(context.model.plan(), stepped_plane(context), context.model.record().step);
  const scene::Rect window = scene::united(lens_cell(lens, cells.row0, cells.column0),
                                           lens_cell(lens, cells.row1 - 1, cells.column1 - 1));
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->PushClipRect({lens.box.x0 - 4, lens.box.y0 - 4}, {lens.box.x1 + 5, lens.box.y1 + 5}, true);
  ui::outline_outside(list, low(window), high(window), context.ui.theme->window.line, context.ui.dp(3),
                      context.ui.dp(3));
  list->PopClipRect();
}

int64_t revealed_outputs(const LabContext& context) {
  const Playback& playback = context.model.session.playback;
  return playback.step() + (playback.phase() >= 1 ? 1 : 0);
}

void draw_input(LabContext& context, const PictureStage& stage, const PoolRunPtr& run) {
  draw_frame_of(context, stage.input.box);
  Source source = input_source(context);
  if (backward(context)) {
    if (!run || !run->input_gradient) return;
    source = {run->input_gradient, context.state.gradient_range, Colormap::diverging,
              static_cast<int>(context.model.document.stepped_channel())};
  }
  draw_source(context, stage.input, source, -1);
  draw_numbers(context, stage.input, source, -1);
  const ui::HotArea area = ui::hot_area(context.ui, "stage.input", to_ui(stage.input.box), "picture");
  hover_picture(context, stage.input, source, area, false);
  zoom_and_pan(context, stage, stage.input, area, false);
  const ui::Theme& theme = *context.ui.theme;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->PushClipRect(low(stage.input.box), high(stage.input.box), true);
  if (stage.with_lens)
    ui::dashed_rect(list, low(stage.lens_frame), high(stage.lens_frame), theme.window.line,
                    context.ui.dp(1.25f));
  list->PopClipRect();
  draw_mark(context, stage.input.box, stage.window, theme.window.line, context.ui.dp(2.5f));
}

void draw_output(LabContext& context, const PictureStage& stage, const PoolRunPtr& run) {
  draw_frame_of(context, stage.output.box);
  const ui::HotArea area = ui::hot_area(context.ui, "stage.output", to_ui(stage.output.box), "picture");
  Source source = input_source(context);
  source.tensor = run ? run->output : nullptr;
  if (run) {
    const int64_t revealed = backward(context) ? -1 : revealed_outputs(context);
    draw_source(context, stage.output, source, revealed);
    draw_numbers(context, stage.output, source, revealed);
  } else {
    const auto centre = stage.output.box.centre();
    const float width = std::min(stage.output.box.width() * 0.7f, context.ui.dp(160));
    ImGui::SetCursorScreenPos({centre.x - width / 2, centre.y});
    ui::progress_bar(context.ui, "stage.progress", context.model.job.progress(), width);
  }
  hover_picture(context, stage.output, source, area, true);
  zoom_and_pan(context, stage, stage.output, area, true);
  draw_mark(context, stage.output.box, stage.current_output, context.ui.theme->output.line,
            context.ui.dp(2.5f));
}

/// The ranges that colours are mapped over, found once per tensor and not once per frame.
void keep_ranges(LabContext& context, const PoolRunPtr& run) {
  FrameState& state = context.state;
  const Document& document = context.model.document;
  if (state.range_of != document.input.tensor && find_range(document, run, state.input_range))
    state.range_of = document.input.tensor;
  if (!run || !run->input_gradient) return;
  const float largest = std::max(run->largest_gradient, 1e-6f);
  state.gradient_range = {-largest, largest};
}

}  // namespace

void draw_picture_view(LabContext& context, ui::Rect area) {
  ui::Ui& ui = context.ui;
  const float heading = ui.dp(26);
  const PoolRunPtr run = context.model.pooled();
  keep_ranges(context, run);
  const PictureStage stage = scene::build_picture_stage(context.model, to_scene(area), ui.scale(), heading);
  const bool back = backward(context);
  const float gap = stage.output.box.x0 - stage.input.box.x0 - ui.dp(12);
  draw_heading(context, {stage.input.box.x0, stage.input.box.y0 - heading},
               context.text(back ? "stage.title.input_gradient" : "stage.title.input"),
               input_subline(context), gap);
  const float right = area.max.x + ui.sp(6) - stage.output.box.x0;
  draw_heading(context, {stage.output.box.x0, stage.output.box.y0 - heading},
               context.text("stage.title.output"), output_subline(context), right);
  draw_input(context, stage, run);
  draw_output(context, stage, run);
  if (!stage.with_lens) return;
  draw_links(context, stage);
  draw_lens(context, stage, heading);
  draw_step_card(context, to_ui(stage.card));
}

}  // namespace poolscope
