#include "app/scene/matrix_stage.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "app/model/model.h"
#include "app/scene/window_cells.h"
#include "core/pooling/dialects.h"
#include "core/pooling/facts.h"
#include "core/pooling/gradient.h"
#include "core/pooling/kinds.h"
#include "core/pooling/pool.h"

namespace poolscope::scene {

namespace {

constexpr float kGapCells = 2;  // between input and output

/// Everything that the small builders below share.
struct Builder {
  const Model& model;
  const PoolPlan& plan;
  const StepRecord& record;
  float phase;
  bool asked;  ///< the result of the present window is hidden
  MatrixStage stage;

  bool backward() const { return model.document.direction == Direction::backward; }
  int64_t step() const { return record.step; }

  Rect input_cell(int64_t row, int64_t column) const {
    const float x = stage.input_box.x0 + static_cast<float>(column + plan.columns.pad_before) * stage.cell_px;
    const float y = stage.input_box.y0 + static_cast<float>(row + plan.rows.pad_before) * stage.cell_px;
    return {x, y, x + stage.cell_px, y + stage.cell_px};
  }
  Rect output_cell(int64_t row, int64_t column) const {
    const float x = stage.output_box.x0 + static_cast<float>(column) * stage.cell_px;
    const float y = stage.output_box.y0 + static_cast<float>(row) * stage.cell_px;
    return {x, y, x + stage.cell_px, y + stage.cell_px};
  }
  Rect window_at(int64_t window_step) const {
    const int64_t plane = record.n * plan.in.c + record.c;
    const CellBox cells = window_cells(plan, plane, window_step);
    return united(input_cell(cells.row0, cells.column0), input_cell(cells.row1 - 1, cells.column1 - 1));
  }
};

struct ValueRange {
  float low = 0, high = 0;
  float shade(float value) const {
    if (!std::isfinite(value) || high <= low) return 0;
    return std::clamp((value - low) / (high - low), 0.0f, 1.0f);
  }
};

ValueRange range_of(const float* values, int64_t count) {
  ValueRange range{std::numeric_limits<float>::max(), std::numeric_limits<float>::lowest()};
  for (int64_t i = 0; i < count; ++i) {
    if (!std::isfinite(values[i])) continue;
    range.low = std::min(range.low, values[i]);
    range.high = std::max(range.high, values[i]);
  }
  return range;
}

Cell cell_of(const Rect& rect, int64_t row, int64_t column) {
  Cell cell;
  cell.rect = rect;
  cell.row = row;
  cell.column = column;
  return cell;
}

std::string number(double value) {
  return format_short(value, 3);
}

void lay_out(Builder& b, const Rect& area, float largest_cell_px) {
  MatrixStage& stage = b.stage;
  stage.cell_px = matrix_cell_px(b.plan, area.width(), area.height(), largest_cell_px);
  const auto cells = [&](int64_t n) { return static_cast<float>(n) * stage.cell_px; };
  const float in_w = cells(b.plan.in.w + b.plan.columns.pad_before + b.plan.columns.pad_after);
  const float in_h = cells(b.plan.in.h + b.plan.rows.pad_before + b.plan.rows.pad_after);
  const float out_w = cells(b.plan.out.w), out_h = cells(b.plan.out.h);
  const float total = in_w + out_w + kGapCells * stage.cell_px;
  const float x = std::floor(area.x0 + (area.width() - total) / 2);
  const float middle = area.y0 + area.height() / 2;
  stage.input_box = {x, std::floor(middle - in_h / 2), x + in_w, std::floor(middle - in_h / 2) + in_h};
  const float out_x = std::floor(x + total - out_w);
  stage.output_box = {out_x, std::floor(middle - out_h / 2), out_x + out_w,
                      std::floor(middle - out_h / 2) + out_h};
}

/// Values shown in the input's cells: the input itself, or the gradient that has arrived so far.
Tensor input_values(const Builder& b) {
  const Document& document = b.model.document;
  if (b.backward()) {
    const int64_t done = b.phase >= 1 ? b.step() : b.step() - 1;
    return gradient_until(b.plan, document.values(), document.batch, document.stepped_channel(), done);
  }
  Tensor plane({1, 1, b.plan.in.h, b.plan.in.w});
  const float* from = document.values().plane(document.batch * b.plan.in.c + document.stepped_channel());
  std::copy_n(from, plane.count(), plane.data());
  return plane;
}

void add_input_cells(Builder& b) {
  const Tensor values = input_values(b);
  const ValueRange range = range_of(values.data(), values.count());
  const std::vector<bool> rows_read = covered_cells(b.plan.rows),
                          columns_read = covered_cells(b.plan.columns);
  for (int64_t row = -b.plan.rows.pad_before; row < b.plan.in.h + b.plan.rows.pad_after; ++row) {
    for (int64_t column = -b.plan.columns.pad_before; column < b.plan.in.w + b.plan.columns.pad_after;
         ++column) {
      Cell cell = cell_of(b.input_cell(row, column), row, column);
      if (row < 0 || row >= b.plan.in.h || column < 0 || column >= b.plan.in.w) {
        cell.state = CellState::padding;
      } else {
        const float value = values.at(0, 0, row, column);
        const bool read = rows_read[static_cast<size_t>(row)] && columns_read[static_cast<size_t>(column)];
        cell.state = read ? CellState::plain : CellState::unread;
        cell.shade = range.shade(value);
        cell.text = number(value);
      }
      b.stage.input.push_back(std::move(cell));
    }
  }
}

Cell* find_input(Builder& b, int64_t row, int64_t column) {
  const int64_t width = b.plan.in.w + b.plan.columns.pad_before + b.plan.columns.pad_after;
  const int64_t y = row + b.plan.rows.pad_before, x = column + b.plan.columns.pad_before;
  const int64_t height = b.plan.in.h + b.plan.rows.pad_before + b.plan.rows.pad_after;
  if (y < 0 || y >= height || x < 0 || x >= width)
    return nullptr;  // a ceil overhang reaches past the padding
  return &b.stage.input[static_cast<size_t>(y * width + x)];
}

void mark_window(Builder& b) {
  if (b.phase < kGlideEnd) return;
  for (size_t i = 0; i < b.record.taps.size(); ++i) {
    const Tap& tap = b.record.taps[i];
    Cell* cell = find_input(b, tap.row, tap.column);
    if (cell == nullptr || !tap.inside) continue;
    const bool wins = static_cast<int>(i) == b.record.winner && b.phase >= kLightAt;
    cell->state = wins ? CellState::winner : CellState::in_window;
    // The chances of a draw would tell what is asked.
    const bool tells = b.asked && kind_info(b.plan.spec.kind).selects;
    cell->share = tells ? 0 : tap.weight;
  }
}

void mark_guess(Builder& b) {
  const WindowAnswer* answer = predicting(b.model) ? present_answer(b.model) : nullptr;
  if (answer == nullptr || !answer->by_cell || answer->right) return;
  if (Cell* cell = find_input(b, answer->row, answer->column)) cell->guessed = true;
}

void mark_earlier_winners(Builder& b) {
  const Document& document = b.model.document;
  if (!kind_info(b.plan.spec.kind).selects || b.backward()) return;
  for (int64_t step = 0; step < b.step(); ++step) {
    const StepRecord earlier =
        step_at(b.plan, document.values(), document.batch, document.stepped_channel(), step);
    if (earlier.winner < 0) continue;
    const Tap& tap = earlier.taps[static_cast<size_t>(earlier.winner)];
    if (Cell* cell = find_input(b, tap.row, tap.column)) cell->earlier_winner = true;
  }
}

void add_output_cells(Builder& b) {
  const Document& document = b.model.document;
  const PoolRunPtr run = b.model.job.latest();
  const int64_t plane = document.batch * b.plan.out.c + document.stepped_channel();
  const bool known = run && run->plan == b.plan && run->request.input == document.input.tensor;
  const float* values = known ? run->output->plane(plane) : nullptr;
  const ValueRange range = values ? range_of(values, b.plan.out.plane()) : ValueRange{};
  for (int64_t row = 0; row < b.plan.out.h; ++row) {
    for (int64_t column = 0; column < b.plan.out.w; ++column) {
      const int64_t step = row * b.plan.out.w + column;
      Cell cell = cell_of(b.output_cell(row, column), row, column);
      cell.state = step == b.step()  ? CellState::current
                   : step < b.step() ? CellState::filled
                                     : CellState::pending;
      const bool there = b.backward() || step < b.step() || (step == b.step() && b.phase >= 1);
      cell.asked = b.asked && step == b.step();
      if (cell.asked) {
        cell.text = "?";
      } else if (there && values) {
        // Backwards the output's cells hold the gradient that is sent back: one for every output.
        cell.text = b.backward() ? "1" : number(values[step]);
        cell.shade = b.backward() ? 0 : range.shade(values[step]);
      }
      b.stage.output.push_back(std::move(cell));
    }
  }
}

/// Marks the outputs that the compared dialect would give differently, cell by cell from the top left.
void mark_differences(Builder& b) {
  const Document& document = b.model.document;
  if (!document.compared || b.backward()) return;
  const Result<PoolPlan> plan = validate(in_dialect(document.spec, *document.compared), document.shape());
  const PoolRunPtr run = b.model.job.latest();
  if (!run || run->plan != b.plan) return;
  const int64_t plane = document.batch * b.plan.out.c + document.stepped_channel();
  const std::optional<Tensor> other =
      plan.ok() ? std::optional(forward(*plan, document.values()).values) : std::nullopt;
  for (Cell& cell : b.stage.output) {
    const bool there = other && cell.row < plan->out.h && cell.column < plan->out.w;
    const float mine = run->output->plane(plane)[cell.row * b.plan.out.w + cell.column];
    const float theirs = there ? other->plane(plane)[cell.row * plan->out.w + cell.column] : 0;
    cell.differs = !there || !(mine == theirs || (std::isnan(mine) && std::isnan(theirs)));
  }
}

void add_windows(Builder& b) {
  const Rect here = b.window_at(b.step());
  const int64_t before = b.step() - 1;
  const bool glides = b.phase < kGlideEnd && before >= 0;
  b.stage.window = glides ? between(b.window_at(before), here, eased(b.phase / kGlideEnd)) : here;
  if (b.step() + 1 < b.model.steps()) b.stage.next_window = b.window_at(b.step() + 1);
}

void add_stride_arrow(Builder& b) {
  if (b.plan.out.w < 2) return;
  const int64_t column = std::max<int64_t>(1, b.step() % b.plan.out.w), row = b.step() / b.plan.out.w;
  const Rect from = b.window_at(row * b.plan.out.w + column - 1),
             to = b.window_at(row * b.plan.out.w + column);
  const float y = b.stage.input_box.y0;
  b.stage.stride_arrow = {Point{from.centre().x, y}, Point{to.centre().x, y}};
}

void add_ribbon(Builder& b) {
  const Rect output = b.output_cell(b.record.out_row, b.record.out_column);
  b.stage.reveal = std::clamp((b.phase - kTravelBegin) / (1 - kTravelBegin), 0.0f, 1.0f);
  if (b.phase < kTravelBegin || b.record.valid == 0) return;
  const Rect window = b.window_at(b.step());
  Point input_end{window.x1, window.centre().y};
  if (b.record.winner >= 0) {
    const Tap& tap = b.record.taps[static_cast<size_t>(b.record.winner)];
    const Rect cell = b.input_cell(tap.row, tap.column);
    input_end = {cell.x1 - cell.width() * 0.1f, cell.centre().y};
  }
  const Point output_end{b.stage.output_box.x0 - b.stage.cell_px * 0.12f, output.centre().y};
  const float travelled = eased(b.stage.reveal);
  if (b.backward()) {
    b.stage.ribbons.push_back({output_end, input_end, output.centre(), travelled, "1", true});
  } else {
    b.stage.ribbons.push_back(
        {input_end, output_end, output.centre(), travelled, number(b.record.result), false});
  }
}

void link_hovered(Builder& b) {
  const auto& hovered = b.model.session.hovered;
  if (!hovered) return;
  if (hovered->in_output) {
    if (hovered->row >= b.plan.out.h || hovered->column >= b.plan.out.w) return;
    b.stage.linked_window = b.window_at(hovered->row * b.plan.out.w + hovered->column);
    return;
  }
  for (const int64_t step : steps_reading(b.plan, hovered->row, hovered->column)) {
    b.stage.linked_windows.push_back(b.window_at(step));
    b.stage.output[static_cast<size_t>(step)].linked = true;
  }
}

}  // namespace

float matrix_cell_px(const PoolPlan& plan, float width, float height, float largest_cell_px) {
  const int64_t columns = plan.in.w + plan.columns.pad_before + plan.columns.pad_after + plan.out.w;
  const int64_t rows = std::max(plan.in.h + plan.rows.pad_before + plan.rows.pad_after, plan.out.h);
  const float fits =
      std::min(width / (static_cast<float>(columns) + kGapCells), height / static_cast<float>(rows));
  return std::max(4.0f, std::floor(std::min(fits, largest_cell_px)));
}

MatrixStage build_matrix_stage(const Model& model, const Rect& area, float largest_cell_px) {
  const bool asked = question_open(model);
  const double phase = model.session.playback.phase(), shown = asked ? std::min(phase, kHeldPhase) : phase;
  Builder b{model, model.plan(), model.record(), static_cast<float>(shown), asked, {}};
  lay_out(b, area, largest_cell_px);
  add_input_cells(b);
  mark_earlier_winners(b);
  mark_window(b);
  mark_guess(b);
  add_output_cells(b);
  mark_differences(b);
  add_windows(b);
  add_stride_arrow(b);
  add_ribbon(b);
  link_hovered(b);
  return std::move(b.stage);
}

const Cell* cell_at(const std::vector<Cell>& cells, Point point) {
  for (const Cell& cell : cells)
    if (cell.rect.contains(point)) return &cell;
  return nullptr;
}

}  // namespace poolscope::scene
