// The pictures of the Compare lab: equal sizes, one view, and below each what it lost.

#include <algorithm>
#include <cmath>

#include "app/labs/compare_lab.h"
#include "app/labs/corners.h"
#include "app/labs/tensor_box.h"
#include "app/scene/compare_stage.h"
#include "app/scene/picture_stage.h"
#include "app/scene/window_cells.h"
#include "app/ui/item.h"
#include "app/ui/shapes.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

using scene::CompareBlock;
using scene::CompareStage;

double per_cell(int64_t cells, int64_t of) {
  return static_cast<double>(cells) / static_cast<double>(of);
}

/// A tensor stretched over the part of the input that all pictures show, whatever its size.
TensorBox stretched(const CompareStage& stage, const scene::Rect& box, const Shape& grid,
                    const TensorPtr& tensor) {
  TensorBox source;
  source.tensor = tensor;
  source.box = box;
  const double rows = tensor ? per_cell(tensor->shape().h, grid.h) : 1,
               columns = tensor ? per_cell(tensor->shape().w, grid.w) : 1;
  source.x0 = stage.x0 * columns;
  source.x1 = stage.x1 * columns;
  source.y0 = stage.y0 * rows;
  source.y1 = stage.y1 * rows;
  return source;
}

TensorBox shown(const LabContext& context, const CompareStage& stage, const scene::Rect& box,
                const CompareRun& run, const TensorPtr& tensor) {
  const Document& document = context.model.document;
  const Shape& grid = run.input->shape();
  TensorBox source = stretched(stage, box, grid, tensor);
  const int64_t wanted = std::min(document.channel, grid.c - 1);
  source.channel = static_cast<int>(grid.c == 3 ? wanted : std::max<int64_t>(wanted, 0));
  source.map = document.colormap;
  source.range = {run.low, run.high};
  // Lines between the cells belong to matrices; on pictures they would be taken for content.
  source.grid = !document.input.is_picture || stage.zoom > stage.fit_zoom;
  return source;
}

TensorBox shown_difference(const CompareStage& stage, const scene::Rect& box, const CompareRun& run,
                           const CompareResult& column) {
  // One scale for all columns, so that the maps can be compared; 0 is the middle colour.
  float span = 0;
  for (const CompareResult& other : run.columns)
    span = std::max(span, other.difference_span);
  span = std::max(span, 1e-6f);
  const bool whole = stage.zoom <= stage.fit_zoom;
  TensorBox source = stretched(stage, box, run.input->shape(), whole ? column.overview : column.difference);
  source.map = Colormap::diverging;
  source.range = {-span, span};
  source.grid = !run.request.is_picture || !whole;
  return source;
}

/// The window's outline on a pale rim, so that it is seen on every ground. One of a few pixels is drawn
/// larger, and inside the picture even where it lies in a corner.
void draw_window_mark(const ui::Ui& ui, const scene::Rect& box, ImVec2 a, ImVec2 b) {
  const float least = ui.dp(8), line = ui.dp(2), rim = ui.dp(1);
  const auto grow = [&](float& from, float& to, float begin, float end) {
    if (to - from >= least || to < begin || from > end) return;
    const float middle =
        std::clamp((from + to) / 2, begin + least / 2 + line + rim, end - least / 2 - line - rim);
    from = middle - least / 2;
    to = middle + least / 2;
  };
  grow(a.x, b.x, box.x0, box.x1);
  grow(a.y, b.y, box.y0, box.y1);
  ImDrawList* list = ImGui::GetWindowDrawList();
  ui::outline_outside(list, {a.x - line, a.y - line}, {b.x + line, b.y + line},
                      ui::with_alpha(ui.theme->panel, 0.85f), ui.dp(2), rim);
  ui::outline_outside(list, a, b, ui.theme->window.line, ui.dp(2), line);
}

/// The window that the transport is at, and the place under the pointer, in every picture.
void draw_marks(LabContext& context, const CompareStage& stage, const CompareRun& run,
                std::optional<ImVec2> pointed) {
  const PoolPlan& plan = run.columns[0].plan;
  const int64_t step =
      std::clamp<int64_t>(context.model.session.playback.step(), 0, plan.steps_per_plane() - 1);
  const scene::CellBox cells = scene::window_cells(plan, 0, step);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ui::Ui& ui = context.ui;
  for (const CompareBlock& block : stage.blocks) {
    const scene::Rect& box = block.picture;
    const double zoom = static_cast<double>(box.width()) / (stage.x1 - stage.x0);
    const auto px = [&](double x) { return box.x0 + static_cast<float>((x - stage.x0) * zoom); };
    const auto py = [&](double y) { return box.y0 + static_cast<float>((y - stage.y0) * zoom); };
    list->PushClipRect(low(box), high(box), true);
    draw_window_mark(ui, box, {px(static_cast<double>(cells.column0)), py(static_cast<double>(cells.row0))},
                     {px(static_cast<double>(cells.column1)), py(static_cast<double>(cells.row1))});
    if (pointed) {
      const ImVec2 at{px(pointed->x), py(pointed->y)};
      list->AddCircle(at, ui.dp(6), ui.theme->panel, 0, ui.dp(3));
      list->AddCircle(at, ui.dp(6), ui.theme->output.line, 0, ui.dp(1.5f));
    }
    list->PopClipRect();
  }
}

std::string value_at(const CompareStage& stage, const TensorBox& source, double x, double y) {
  if (!source.tensor) return {};
  const Shape& shape = source.tensor->shape();
  const auto inside = [](double at, int64_t n) {
    return std::clamp<int64_t>(static_cast<int64_t>(at), 0, n - 1);
  };
  const double column = source.x0 + (x - stage.x0) * (source.x1 - source.x0) / (stage.x1 - stage.x0),
               row = source.y0 + (y - stage.y0) * (source.y1 - source.y0) / (stage.y1 - stage.y0);
  return tensor_value(source, inside(row, shape.h), inside(column, shape.w));
}

/// Zooms, pans and reads one picture; the place under the pointer in input cells.
std::optional<ImVec2> touch_picture(LabContext& context, const CompareStage& stage, const scene::Rect& box,
                                    const std::string& key, const CompareRun* run, const TensorBox* source) {
  const ui::HotArea area = ui::hot_area(context.ui, key, to_ui(box), "picture");
  const ImGuiIO& io = ImGui::GetIO();
  if (area.hovered && io.MouseWheel != 0)
    context.eye.view = scene::zoomed_view(stage, box, {io.MousePos.x, io.MousePos.y},
                                          std::pow(1.25, static_cast<double>(io.MouseWheel)));
  if (area.held && (io.MouseDelta.x != 0 || io.MouseDelta.y != 0))
    context.eye.view = scene::panned_view(stage, io.MouseDelta.x, io.MouseDelta.y);
  if (!area.hovered || run == nullptr || source == nullptr) return std::nullopt;
  const double x = stage.x0 + (io.MousePos.x - box.x0) / box.width() * (stage.x1 - stage.x0);
  const double y = stage.y0 + (io.MousePos.y - box.y0) / box.height() * (stage.y1 - stage.y0);
  const Shape& grid = run->input->shape();
  if (x < 0 || y < 0 || x >= static_cast<double>(grid.w) || y >= static_cast<double>(grid.h))
    return std::nullopt;
  const TensorBox input = shown(context, stage, box, *run, run->input);
  draw_pointer_note(context, context.say(Message("compare.values")
                                             .with("row", static_cast<int64_t>(y))
                                             .with("column", static_cast<int64_t>(x))
                                             .with("input", value_at(stage, input, x, y))
                                             .with("output", value_at(stage, *source, x, y))));
  const bool click =
      area.clicked && io.MouseDragMaxDistanceSqr[0] < 16 && !context.model.document.compare.striped;
  if (click) {
    const PoolPlan& plan = context.model.plan();
    const auto index = [](const AxisPlan& axis, double at) {
      const double o = scene::output_coordinate(axis, at);
      return std::clamp<int64_t>(static_cast<int64_t>(std::floor(o)), 0, axis.out - 1);
    };
    context.outbox.post(command::Seek{index(plan.rows, y) * plan.out.w + index(plan.columns, x), false});
  }
  return ImVec2{static_cast<float>(x), static_cast<float>(y)};
}

struct OwnGeometry {
  const char* label;
  int64_t window, stride;
};
constexpr OwnGeometry kGeometries[] = {{"2 × 2 / 2", 2, 2}, {"3 × 3 / 2", 3, 2}, {"3 × 3 / 3", 3, 3},
                                       {"4 × 4 / 4", 4, 4}, {"8 × 8 / 8", 8, 8}, {"3 × 3 / 1", 3, 1}};

void choose_in_menu(LabContext& context, size_t column, int chosen) {
  CompareSetup setup = context.model.document.compare;
  const auto geometries = static_cast<int>(std::size(kGeometries));
  CompareColumn& changed = setup.columns[column - 1];
  if (chosen == 0) {
    changed.window.reset();
    changed.stride.reset();
  } else if (chosen <= geometries) {
    const OwnGeometry& own = kGeometries[chosen - 1];
    changed.window = Size2{own.window, own.window};
    changed.stride = Size2{own.stride, own.stride};
  } else {
    remove_column(setup, column);
  }
  edit_compare(context, std::move(setup));
}

void draw_column_menu(LabContext& context, size_t column, const std::string& key) {
  ui::ButtonOptions options;
  options.kind = ui::ButtonKind::ghost;
  options.width = options.height = context.ui.dp(28);
  const bool opened = ui::icon_button(context.ui, key + ".more", ui::Icon::more,
                                      context.text("compare.column.hint"), options);
  const auto& columns = context.model.document.compare.columns;
  std::vector<ui::Choice> entries = {{"linked", context.text("compare.column.linked"), true, {}}};
  int selected = columns[column - 1].window ? -1 : 0;
  for (const OwnGeometry& own : kGeometries) {
    if (columns[column - 1].window == Size2{own.window, own.window} &&
        columns[column - 1].stride == Size2{own.stride, own.stride})
      selected = static_cast<int>(entries.size());
    entries.push_back({std::to_string(own.window) + "s" + std::to_string(own.stride), own.label, true, {}});
  }
  entries.push_back(
      {"remove", context.text("compare.column.remove"), columns.size() + 1 > kFewestColumns, {}});
  if (const auto chosen = ui::menu(context.ui, key + ".menu", entries, opened, selected))
    choose_in_menu(context, column, *chosen);
}

/// The dot of a column's colour is its handle: dragged past the middle of another column it goes there.
void draw_handle(LabContext& context, const CompareStage& stage, const scene::Rect& rect, size_t column,
                 size_t first_block) {
  ui::Ui& ui = context.ui;
  const std::string key = "compare.handle." + std::to_string(column);
  const float dot = ui.dp(5);
  const ui::Rect hot{{rect.x0 - ui.dp(3), rect.y0}, {rect.x0 + 2 * dot + ui.dp(2), rect.y0 + ui.dp(28)}};
  const ui::HotArea area = ui::hot_area(ui, key, hot, "handle");
  const ImVec2 at{rect.x0 + dot, rect.y0 + ui.dp(14)};
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddCircleFilled(at, dot, ui.theme->series[column % ui.theme->series.size()]);
  if (area.hovered || area.held) list->AddCircle(at, dot + ui.dp(3), ui.theme->primary, 0, ui.dp(1.5f));
  if (area.hovered && !area.held)
    ui.offer_tooltip(ImGui::GetID(key.c_str()), hot, true, context.text("compare.handle.hint"));
  if (area.pressed) ++context.state.gesture;
  if (!area.held || ImGui::GetIO().MouseDragMaxDistanceSqr[0] < 16) return;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const CompareSetup& present = context.model.document.compare;
  const std::vector<size_t> order = shown_order(present);
  for (size_t place = 0; place < order.size(); ++place) {
    const CompareBlock& block = stage.blocks[first_block + place];
    const bool inside = mouse.x >= block.title.x0 && mouse.x < block.title.x1 && mouse.y >= block.title.y0 &&
                        mouse.y < std::max(block.difference.y1, block.measures.y1);
    if (!inside || order[place] == column) continue;
    Document document = context.model.document;
    move_column(document.compare, column, place);
    context.outbox.post(command::Edit{std::move(document), context.state.gesture + 1});
  }
}

/// The kind as a list to choose from, with the column's colour before it.
void draw_title(LabContext& context, const scene::Rect& rect, size_t column) {
  ui::Ui& ui = context.ui;
  const Document& document = context.model.document;
  const std::string key = "compare.column." + std::to_string(column);
  const Kind present = column == 0 ? document.spec.kind : document.compare.columns[column - 1].kind;
  std::vector<ui::Choice> choices;
  int selected = -1;
  for (const KindInfo& info : all_kinds()) {
    if (info.kind == present) selected = static_cast<int>(choices.size());
    const std::string name = "kind." + std::string(info.name);
    choices.push_back(
        {std::string(info.name), context.texts.get(name), true, context.texts.get(name + ".hint")});
  }
  const float dot = ui.dp(5), more = column > 0 ? ui.dp(30) : 0;
  const float width = std::min(rect.width() - 3 * dot - more, ui.dp(210));
  ImGui::SetCursorScreenPos({rect.x0 + 3 * dot, rect.y0 - ui.dp(2)});
  if (const auto chosen = ui::dropdown(ui, key, choices, selected, width)) {
    Document edited = document;
    const Kind kind = all_kinds()[static_cast<size_t>(*chosen)].kind;
    (column == 0 ? edited.spec.kind : edited.compare.columns[column - 1].kind) = kind;
    context.edit(std::move(edited));
  }
  if (column == 0) return;
  ImGui::SetCursorScreenPos({rect.x0 + 3 * dot + width + ui.dp(2), rect.y0});
  draw_column_menu(context, column, key);
}

/// Label left, value right; the formula on hover. From the top, as many as there is room for.
void draw_measures(LabContext& context, const scene::Rect& rect, size_t column,
                   const CompareMetrics& metrics) {
  ui::Ui& ui = context.ui;
  const ui::SizedFont label_font = ui.fonts.sized(ui::Role::caption),
                      value_font = ui.fonts.sized(ui::Role::body_bold);
  const auto fits = [&](const CompareMeasure& measure) {
    return ui::text_width(label_font, context.text(measure.label)) +
               ui::text_width(value_font, measure_text(measure, metrics)) + ui.dp(8) <=
           rect.width();
  };
  const auto all = compare_measures();
  const bool wide = std::all_of(all.begin(), all.end(), fits);
  // One line each, or label above value; either way evenly spread over the room there is.
  const auto rows = static_cast<float>(all.size());
  const float line = wide ? std::clamp(rect.height() / rows, ui.dp(20), ui.dp(25)) : ui.dp(40);
  float y = rect.y0;
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (const CompareMeasure& measure : compare_measures()) {
    if (y + line > rect.y1 + ui.dp(4)) break;
    const std::string value = measure_text(measure, metrics);
    const std::string key = "compare." + std::to_string(column) + "." + measure.key;
    const float value_width = ui::text_width(value_font, value);
    const float room = wide ? rect.width() - value_width - ui.dp(6) : rect.width();
    ui::put_text(list, label_font, {rect.x0, y + ui.dp(wide ? 2 : 0)}, ui.theme->text_faint,
                 ui::fitted(label_font, context.text(measure.label), room));
    const ImVec2 at = wide ? ImVec2{rect.x1 - value_width, y} : ImVec2{rect.x0, y + ui.dp(15)};
    ui::put_text(list, value_font, at, ui.theme->text, value);
    const ui::Rect hot{{rect.x0, y}, {rect.x1, y + line}};
    if (ui::hot_area(ui, key, hot, "measure", value).hovered)
      ui.offer_tooltip(ImGui::GetID(key.c_str()), hot, true, context.text(measure.formula));
    y += line;
  }
}

std::string caption_of(const LabContext& context, size_t column, const CompareResult& result) {
  const Document& document = context.model.document;
  if (document.compare.two_steps) return context.text(result.kept ? "compare.step2" : "compare.no_steps");
  const int reference = document.compare.reference;
  const std::string other = reference < 0 ? context.text("compare.the_input")
                                          : compare_column_name(context, static_cast<size_t>(reference));
  return context.say(
      Message("compare.lost").with("reference", other).with("column", compare_column_name(context, column)));
}

/// Click on a difference: take differences to this column, or back to the input.
void choose_reference(LabContext& context, const scene::Rect& box, size_t column) {
  const std::string key = "compare.difference." + std::to_string(column);
  const ui::HotArea area = ui::hot_area(context.ui, key, to_ui(box), "picture");
  const CompareSetup& present = context.model.document.compare;
  const bool is_reference = present.reference == static_cast<int>(column);
  if (area.hovered && !present.two_steps)
    context.ui.offer_tooltip(ImGui::GetID(key.c_str()), to_ui(box), true,
                             context.text(is_reference ? "compare.to_input" : "compare.to_column"));
  if (!area.clicked || present.two_steps) return;
  CompareSetup setup = present;
  setup.reference = is_reference ? -1 : static_cast<int>(column);
  edit_compare(context, std::move(setup));
}

void draw_lower(LabContext& context, const CompareStage& stage, const CompareBlock& block, size_t column,
                const CompareRun& run) {
  ui::Ui& ui = context.ui;
  const CompareResult& result = run.columns[column];
  const ui::SizedFont font = ui.fonts.sized(ui::Role::caption);
  ui::put_text(ImGui::GetWindowDrawList(), font, {block.caption.x0, block.caption.y0 + ui.dp(6)},
               ui.theme->text_faint,
               ui::fitted(font, caption_of(context, column, result), block.caption.width()));
  const bool two_steps = context.model.document.compare.two_steps;
  const TensorBox small = two_steps ? shown(context, stage, block.difference, run, result.kept)
                                    : shown_difference(stage, block.difference, run, result);
  draw_tensor_box(context, small);
  draw_tensor_numbers(context, small);
  choose_reference(context, block.difference, column);
  const size_t depth = std::min(static_cast<size_t>(result.reached), result.metrics.size() - 1);
  draw_measures(context, block.measures, column, result.metrics[depth]);
}

std::optional<ImVec2> draw_block(LabContext& context, const CompareStage& stage, const CompareBlock& block,
                                 size_t column, const CompareRun* run) {
  draw_title(context, block.title, column);
  const bool known = run != nullptr && column < run->columns.size();
  TensorBox source;
  source.box = block.picture;
  if (known) {
    const CompareResult& result = run->columns[column];
    const bool dense = context.model.document.compare.two_steps && result.dense;
    source = shown(context, stage, block.picture, *run, dense ? result.dense : result.output);
  }
  draw_tensor_box(context, source);
  draw_tensor_numbers(context, source);
  const auto pointed =
      touch_picture(context, stage, block.picture, "compare.picture." + std::to_string(column), run,
                    known ? &source : nullptr);
  if (known) draw_lower(context, stage, block, column, *run);
  return pointed;
}

std::optional<ImVec2> draw_input_block(LabContext& context, const CompareStage& stage,
                                       const CompareBlock& block, const CompareRun* run) {
  ui::Ui& ui = context.ui;
  const ui::SizedFont font = ui.fonts.sized(ui::Role::heading);
  ui::put_text(ImGui::GetWindowDrawList(), font, {block.title.x0, block.title.y0 + ui.dp(4)}, ui.theme->text,
               ui::fitted(font, context.text("compare.input"), block.title.width()));
  TensorBox source;
  source.box = block.picture;
  if (run != nullptr) source = shown(context, stage, block.picture, *run, run->input);
  draw_tensor_box(context, source);
  if (run == nullptr) return std::nullopt;
  draw_tensor_numbers(context, source);
  return touch_picture(context, stage, block.picture, "compare.picture.input", run, &source);
}

}  // namespace

void draw_compare_columns(LabContext& context, ui::Rect area, const std::shared_ptr<const CompareRun>& run) {
  const Document& document = context.model.document;
  const bool input = document.compare.show_input;
  const int columns = static_cast<int>(document.compare.columns.size()) + 1;
  Shape shape = document.shape();
  if (document.compare.striped) shape = {1, 1, kStripeSize.h, kStripeSize.w};
  // An older run may still be shown while the new one is computed, but not of another input.
  const CompareRun* usable = run && run->request.input == document.input.tensor &&
                                     run->input->shape().plane() == shape.plane() &&
                                     run->input->shape().h == shape.h
                                 ? run.get()
                                 : nullptr;
  const CompareStage stage = scene::build_compare_stage(to_scene(area), columns + (input ? 1 : 0), shape,
                                                        context.model.session.view, context.ui.scale());
  std::optional<ImVec2> pointed;
  const auto keep = [&](std::optional<ImVec2> found) {
    if (found) pointed = found;
  };
  size_t place = 0;
  if (input) keep(draw_input_block(context, stage, stage.blocks[place++], usable));
  const size_t first_block = place;
  for (const size_t column : shown_order(document.compare)) {
    const CompareBlock& block = stage.blocks[place++];
    draw_handle(context, stage, block.title, column, first_block);
    keep(draw_block(context, stage, block, column, usable));
  }
  if (usable != nullptr && !usable->columns.empty()) draw_marks(context, stage, *usable, pointed);
  ImGui::SetCursorScreenPos({area.min.x, stage.bottom});
  ImGui::Dummy({1, 1});
}

}  // namespace poolscope
