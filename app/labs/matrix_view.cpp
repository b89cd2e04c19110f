// A small matrix as cells with numbers: the window glides, the winner lights up and travels to its output
// cell.

#include <algorithm>
#include <cstdlib>
#include <string>

#include "app/labs/corners.h"
#include "app/labs/stage.h"
#include "app/scene/matrix_stage.h"
#include "app/ui/shapes.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

using scene::Cell;
using scene::CellState;
using scene::MatrixStage;

/// Numbers are as large as the longest of their grid allows, the same for all of its cells.
float number_size(const LabContext& context, const std::vector<Cell>& cells, float cell_px) {
  size_t longest = 1;
  for (const Cell& cell : cells)
    longest = std::max(longest, cell.text.size());
  const float fits = cell_px * 1.5f / static_cast<float>(longest);
  return std::clamp(std::min(cell_px * 0.42f, fits), 8.0f, context.ui.dp(36));
}

void draw_tray(LabContext& context, const scene::Rect& box) {
  const ui::Theme& theme = *context.ui.theme;
  const float around = context.ui.dp(7);
  const scene::Rect tray = box.inset(-around);
  ImDrawList* list = ImGui::GetWindowDrawList();
  ui::frame(list, low(tray), high(tray), theme.panel, theme.hairline, context.ui.radius(),
            context.ui.hairline());
}

ImU32 cell_fill(const ui::Theme& theme, const Cell& cell) {
  switch (cell.state) {
    case CellState::in_window:
    case CellState::winner:
      return ui::mix(theme.cell, theme.window.fill, 1.0f);
    case CellState::current:
      return theme.output.fill;
    case CellState::padding:
      return theme.stage;
    case CellState::pending:
      return theme.cell;
    default:
      return ui::mix(theme.cell, theme.heat, cell.shade);
  }
}

void draw_cell_ground(LabContext& context, const Cell& cell) {
  const ui::Theme& theme = *context.ui.theme;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(low(cell.rect), high(cell.rect), cell_fill(theme, cell));
  const float line = context.ui.hairline();
  if (cell.state == CellState::padding || cell.state == CellState::unread)
    ui::hatch(list, low(cell.rect), high(cell.rect), ui::with_alpha(theme.text_faint, 0.28f),
              context.ui.dp(7), line);
  list->AddRect(low(cell.rect), {cell.rect.x1 + line, cell.rect.y1 + line}, theme.hairline, 0, 0, line);
  if (cell.linked)
    list->AddRectFilled(low(cell.rect), high(cell.rect), ui::with_alpha(theme.output.line, 0.16f));
}

/// How much a value counts, as a bar that rises from the foot of its cell: averages share, draws have
/// chances.
void draw_share(LabContext& context, const Cell& cell) {
  if (cell.state != CellState::in_window && cell.state != CellState::winner) return;
  if (cell.share <= 0 || cell.share >= 1) return;
  const float inset = std::max(2.0f, cell.rect.width() * 0.06f);
  const scene::Rect inner = cell.rect.inset(inset);
  const float height = std::max(2.0f, inner.height() * static_cast<float>(cell.share));
  ImGui::GetWindowDrawList()->AddRectFilled({inner.x0, inner.y1 - height}, {inner.x1, inner.y1},
                                            ui::with_alpha(context.ui.theme->window.line, 0.30f),
                                            context.ui.dp(3));
}

void draw_winner_ground(LabContext& context, const Cell& cell) {
  if (cell.state != CellState::winner) return;
  const float inset = cell.rect.width() * 0.1f;
  const scene::Rect chip = cell.rect.inset(inset);
  ImGui::GetWindowDrawList()->AddRectFilled(low(chip), high(chip), context.ui.theme->winner.line,
                                            context.ui.dp(6));
}

/// What was guessed, where it was another cell that counted.
void draw_guess(LabContext& context, const Cell& cell) {
  if (!cell.guessed) return;
  const scene::Rect inner = cell.rect.inset(cell.rect.width() * 0.1f);
  ui::dashed_rect(ImGui::GetWindowDrawList(), low(inner), high(inner), context.ui.theme->text_soft,
                  context.ui.dp(1.75f));
}

void draw_number(LabContext& context, const Cell& cell, float size) {
  const ui::Theme& theme = *context.ui.theme;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const auto centre = cell.rect.centre();
  if (cell.earlier_winner && cell.state != CellState::winner)
    ui::dotted_circle(list, to_im(centre), cell.rect.width() * 0.31f, theme.winner.line,
                      context.ui.dp(1.75f));
  if (cell.text.empty()) return;
  const bool wins = cell.state == CellState::winner, strong = wins || cell.state == CellState::current;
  const ImU32 color = wins                              ? theme.winner.on_solid
                      : cell.asked                      ? theme.output.text
                      : cell.state == CellState::unread ? theme.text_disabled
                                                        : theme.text;
  centred_number(list, context.ui.fonts.number_font(size, strong), to_im(centre), color, cell.text.c_str());
}

void draw_frames(LabContext& context, const MatrixStage& stage) {
  const ui::Theme& theme = *context.ui.theme;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float thick = std::max(2.0f, std::min(context.ui.dp(4), stage.cell_px * 0.08f)),
              thin = context.ui.dp(1.5f);
  for (const scene::Rect& rect : stage.linked_windows)
    ui::dashed_rect(list, low(rect), high(rect), theme.output.line, thin);
  if (stage.next_window)
    ui::dashed_rect(list, low(*stage.next_window), high(*stage.next_window), theme.window.line, thin);
  if (stage.linked_window)
    ui::outline_outside(list, low(*stage.linked_window), high(*stage.linked_window), theme.output.line,
                        context.ui.dp(4), context.ui.dp(2));
  ui::outline_outside(list, low(stage.window), high(stage.window), theme.window.line, context.ui.dp(5),
                      thick);
}

void draw_stride_arrow(LabContext& context, const MatrixStage& stage) {
  if (!stage.stride_arrow) return;
  ui::Ui& ui = context.ui;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float up = ui.dp(19);
  const ImVec2 from{stage.stride_arrow->first.x, stage.stride_arrow->first.y - up};
  const ImVec2 to{stage.stride_arrow->second.x, from.y};
  ui::arrow(list, from, to, ui.theme->window.line, ui.dp(1.75f), std::min(ui.dp(11), (to.x - from.x) * 0.5f));
  const std::string words =
      context.say(Message("stage.stride").with("stride", context.model.document.spec.stride.w));
  const float size = ui.fonts.size(ui::Role::caption_bold);
  ui::text_centered(list, ui.fonts.font(ui::Role::caption_bold), size,
                    {(from.x + to.x) / 2, from.y - ui.dp(11)}, ui.theme->window.text, words.c_str());
}

ui::Ribbon curve_of(const MatrixStage& stage, const scene::Ribbon& ribbon) {
  return ui::make_ribbon(to_im(ribbon.from), to_im(ribbon.to), stage.cell_px * 0.16f);
}

/// Strong between the grids, pale where it passes under numbers.
void draw_ribbons(LabContext& context, const MatrixStage& stage) {
  ui::Ui& ui = context.ui;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const bool selects = context.model.record().winner >= 0;
  const ImU32 color = selects ? ui.theme->winner.line : ui.theme->window.line;
  const float edge = std::max(stage.window.x1, stage.input_box.x1), far = 1e5f;
  for (const scene::Ribbon& ribbon : stage.ribbons) {
    const auto part = [&](float x0, float x1, ImU32 shade) {
      list->PushClipRect({x0, -far}, {x1, far}, true);
      ui::curved_arrow(list, curve_of(stage, ribbon), shade, ui.dp(2), ui.dp(13), ribbon.travelled);
      list->PopClipRect();
    };
    part(-far, edge, ui::with_alpha(color, 0.38f));
    part(edge, far, color);
  }
}

/// The value on its way, as a chip: along the ribbon, and on to its own cell.
void draw_travellers(LabContext& context, const MatrixStage& stage, float size) {
  ui::Ui& ui = context.ui;
  constexpr float kRibbonShare = 0.75f;
  for (const scene::Ribbon& ribbon : stage.ribbons) {
    if (ribbon.travelled >= 1) continue;
    const float way = ribbon.to_input ? 1 - ribbon.travelled : ribbon.travelled;
    ui::Ribbon curve = curve_of(stage, ribbon);
    if (ribbon.to_input) curve = {curve.to, curve.c2, curve.c1, curve.from};
    ImVec2 at = ui::ribbon_point(curve, std::min(1.0f, way / kRibbonShare));
    if (way > kRibbonShare) {
      const float rest = (way - kRibbonShare) / (1 - kRibbonShare);
      at = {at.x + (ribbon.target.x - at.x) * rest, at.y + (ribbon.target.y - at.y) * rest};
    }
    const float half = stage.cell_px * 0.3f;
    const ui::Accent& accent = context.model.record().winner >= 0 ? ui.theme->winner : ui.theme->output;
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled({at.x - half, at.y - half}, {at.x + half, at.y + half}, accent.solid, ui.dp(6));
    centred_number(list, ui.fonts.number_font(size * 0.85f, true), at, accent.on_solid, ribbon.text.c_str());
  }
}

void draw_current_output(LabContext& context, const MatrixStage& stage) {
  const ui::Theme& theme = *context.ui.theme;
  for (const Cell& cell : stage.output)
    if (cell.state == CellState::current)
      ui::outline_outside(ImGui::GetWindowDrawList(), low(cell.rect), high(cell.rect), theme.output.line,
                          context.ui.dp(5),
                          std::max(2.0f, std::min(context.ui.dp(3), stage.cell_px * 0.06f)));
}

/// Purple, with a corner mark as the second cue.
void draw_differences(LabContext& context, const MatrixStage& stage) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImU32 color = context.ui.theme->changed.line;
  for (const Cell& cell : stage.output) {
    if (!cell.differs) continue;
    ui::outline_inside(list, low(cell.rect), high(cell.rect), color, context.ui.dp(3), context.ui.dp(2.5f));
    const float side = std::min(context.ui.dp(12), stage.cell_px * 0.25f);
    list->AddTriangleFilled({cell.rect.x1 - side, cell.rect.y0}, {cell.rect.x1, cell.rect.y0},
                            {cell.rect.x1, cell.rect.y0 + side}, color);
  }
}

void edit_in_place(LabContext& context, const MatrixStage& stage) {
  FrameState& state = context.state;
  const auto& editing = context.eye.editing;
  if (!editing || context.model.document.direction == Direction::backward) {
    state.editing_shown.reset();
    return;
  }
  const Cell* cell = nullptr;
  for (const Cell& candidate : stage.input)
    if (candidate.row == editing->row && candidate.column == editing->column) cell = &candidate;
  if (cell == nullptr || cell->state == CellState::padding) {
    context.eye.editing.reset();
    return;
  }
  const Document& document = context.model.document;
  const bool fresh = state.editing_shown != editing;
  if (fresh) {
    state.cell_text = format_exact(
        document.values().at(document.batch, document.stepped_channel(), editing->row, editing->column));
    state.editing_shown = editing;
  }
  const float width = std::max(stage.cell_px - context.ui.dp(6), context.ui.dp(58));
  const auto centre = cell->rect.centre();
  ImGui::SetCursorScreenPos({centre.x - width / 2, centre.y - context.ui.control_height() / 2});
  ui::FieldOptions options;
  options.width = width;
  options.focus = fresh;
  options.mono = true;
  const ui::FieldChange change = ui::text_field(context.ui, "cell.editor", state.cell_text, options);
  const bool cancelled = context.ui.key_pressed(ui::Key::escape, false);
  if (!change.submitted && !change.left && !cancelled) return;
  char* end = nullptr;
  const float value = std::strtof(state.cell_text.c_str(), &end);
  while (end != nullptr && *end == ' ')
    ++end;
  const bool number = end != state.cell_text.c_str() && end != nullptr && *end == '\0';
  if (number && !cancelled) context.outbox.post(command::SetCell{editing->row, editing->column, value});
  if (!number && !cancelled && change.submitted)
    context.ui.toast(context.say(Message("edit.not_a_number").with("text", state.cell_text)), true);
  context.eye.editing.reset();
  state.editing_shown.reset();
}

void react_to_mouse(LabContext& context, const MatrixStage& stage) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const auto area = [&](const char* key, const scene::Rect& box) {
    return ui::hot_area(context.ui, key, to_ui(box), "grid");
  };
  const ui::HotArea input = area("stage.input", stage.input_box),
                    output = area("stage.output", stage.output_box);
  if (input.hovered) {
    const Cell* cell = scene::cell_at(stage.input, {mouse.x, mouse.y});
    if (cell != nullptr && cell->state != CellState::padding) {
      hover_cell(context, false, cell->row, cell->column);
      if (input.clicked && question_open(context.model))
        context.outbox.post(command::GuessCell{cell->row, cell->column});
      const bool editable = context.model.document.direction == Direction::forward;
      if (input.double_clicked && editable && !predicting(context.model))
        context.eye.editing = CellEditor{cell->row, cell->column};
    }
  }
  if (output.hovered)
    if (const Cell* cell = scene::cell_at(stage.output, {mouse.x, mouse.y}))
      hover_cell(context, true, cell->row, cell->column);
}

void record_cells(LabContext& context, const MatrixStage& stage) {
  if (context.ui.probe == nullptr) return;
  context.ui.record("stage.window", "frame", "", to_ui(stage.window));
  for (const auto* cells : {&stage.input, &stage.output}) {
    const std::string prefix = cells == &stage.input ? "input." : "output.";
    for (const Cell& cell : *cells)
      context.ui.record(prefix + std::to_string(cell.row) + "." + std::to_string(cell.column), "cell",
                        cell.text, to_ui(cell.rect), cell.state != CellState::padding,
                        cell.state == CellState::winner);
  }
}

void draw_headings(LabContext& context, const MatrixStage& stage) {
  const bool backward = context.model.document.direction == Direction::backward;
  const float up = context.ui.dp(58), out_up = context.ui.dp(34);
  const float room = stage.output_box.x0 - stage.input_box.x0 - context.ui.dp(16);
  draw_heading(context, {stage.input_box.x0, stage.input_box.y0 - up},
               context.text(backward ? "stage.title.input_gradient" : "stage.title.input"),
               input_subline(context), room);
  const float right = ImGui::GetWindowPos().x + ImGui::GetWindowSize().x - context.ui.sp(2);
  draw_heading(context, {stage.output_box.x0, stage.output_box.y0 - out_up},
               context.text(backward ? "stage.title.output_gradient" : "stage.title.output"),
               output_subline(context), right - stage.output_box.x0);
}

/// Headings, grids, gap and card as one group in the middle of the stage.
struct GroupLayout {
  scene::Rect grids;
  float card_width = 0, card_height = 0, card_y = 0, largest_cell = 0;
  bool bare = false;  ///< no room for headings: large type on a small screen
};

GroupLayout lay_out_group(const LabContext& context, ui::Rect area) {
  const ui::Ui& ui = context.ui;
  GroupLayout group;
  group.bare = area.height() < ui.dp(300);
  const float top = ui.dp(group.bare ? 12 : 64), gap = ui.dp(group.bare ? 16 : 26);
  // Larger screens show larger cells, within reason.
  group.largest_cell = std::clamp(area.height() * 0.13f, ui.dp(88), ui.dp(150));
  group.card_width = std::min(area.width(), std::max(ui.dp(720), area.width() * 0.72f));
  const CardHeights card = step_card_heights(context, group.card_width);
  const float least_grid = std::min(ui.dp(190), area.height() * (group.bare ? 0.42f : 0.55f));
  const float for_card = area.height() - top - gap - least_grid;
  group.card_height = for_card >= card.full    ? card.full
                      : for_card >= card.small ? card.small
                      : for_card >= card.least ? card.least
                                               : 0.0f;
  const float room = area.height() - top - (group.card_height > 0 ? gap + group.card_height : 0);
  const PoolPlan& plan = context.model.plan();
  const int64_t rows = std::max(plan.in.h + plan.rows.pad_before + plan.rows.pad_after, plan.out.h);
  const float cell = scene::matrix_cell_px(plan, area.width(), room, group.largest_cell);
  const float height = std::min(room, cell * static_cast<float>(rows));
  const float spare = std::max(0.0f, room - height);
  const float y = area.min.y + spare * 0.42f + top;
  group.grids = {area.min.x, y, area.max.x, y + height};
  group.card_y = y + height + gap;
  return group;
}

}  // namespace

void draw_matrix_view(LabContext& context, ui::Rect area) {
  const GroupLayout group = lay_out_group(context, area);
  const MatrixStage stage = scene::build_matrix_stage(context.model, group.grids, group.largest_cell);
  react_to_mouse(context, stage);
  draw_tray(context, stage.input_box);
  draw_tray(context, stage.output_box);
  for (const auto* cells : {&stage.input, &stage.output})
    for (const Cell& cell : *cells)
      draw_cell_ground(context, cell);
  const float in_size = number_size(context, stage.input, stage.cell_px);
  const float out_size = number_size(context, stage.output, stage.cell_px);
  for (const Cell& cell : stage.input) {
    draw_share(context, cell);
    draw_winner_ground(context, cell);
    draw_guess(context, cell);
  }
  draw_frames(context, stage);
  for (const Cell& cell : stage.input)
    draw_number(context, cell, in_size);
  draw_ribbons(context, stage);
  for (const Cell& cell : stage.output)
    draw_number(context, cell, out_size);
  draw_differences(context, stage);
  draw_current_output(context, stage);
  draw_travellers(context, stage, std::min(in_size, out_size));
  if (!group.bare) {
    draw_stride_arrow(context, stage);
    draw_headings(context, stage);
  }
  edit_in_place(context, stage);
  record_cells(context, stage);
  const float x = area.center().x - group.card_width / 2;
  draw_step_card(context, {{x, group.card_y}, {x + group.card_width, group.card_y + group.card_height}});
}

}  // namespace poolscope
