// The cards of the Compare lab: pooling again and again, and what there is to read: findings in words, all
// measures, many draws of one window, the spectrum of stripes.

#include <algorithm>
#include <array>
#include <cmath>

#include "app/labs/compare_lab.h"
#include "app/ui/plot.h"
#include "app/ui/shapes.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

using Run = std::shared_ptr<const CompareRun>;

size_t shown_columns(const LabContext& context, const Run& run) {
  return run ? std::min(run->columns.size(), context.model.document.compare.columns.size() + 1) : 0;
}

const CompareMetrics& shown_metrics(const CompareResult& column) {
  return column.metrics[std::min(static_cast<size_t>(column.reached), column.metrics.size() - 1)];
}

void draw_curves(LabContext& context, const Run& run, float height) {
  ui::Ui& ui = context.ui;
  const ImVec2 start = ImGui::GetCursorScreenPos();
  const float all = ui::available_width(ui);
  ui::section(ui, context.text("compare.again"));
  int& metric = context.state.compare.metric;
  std::vector<ui::Choice> choices;
  for (const CompareMeasure& measure : compare_measures())
    if (measure.value != nullptr)
      choices.push_back({measure.key, context.text(measure.label), true, context.text(measure.formula)});
  const float width = std::min(ui.dp(170), all * 0.5f);
  ImGui::SetCursorScreenPos({start.x + all - width, start.y - ui.dp(4)});
  if (const auto chosen = ui::dropdown(ui, "compare.metric", choices, metric, width)) metric = *chosen;
  const CompareMeasure& measure = compare_measures()[static_cast<size_t>(metric)];
  std::vector<ui::Curve> curves;
  for (size_t i = 0; i < shown_columns(context, run); ++i) {
    ui::Curve curve;
    curve.name = compare_column_name(context, i);
    curve.color = ui.theme->series[i % ui.theme->series.size()];
    curve.points = true;
    // The input against itself has no finite PSNR.
    for (size_t depth = 0; depth < run->columns[i].metrics.size(); ++depth) {
      const double value = run->columns[i].metrics[depth].*measure.value;
      curve.x.push_back(static_cast<double>(depth));
      curve.y.push_back(std::isfinite(value) ? value : NAN);
    }
    curves.push_back(std::move(curve));
  }
  ui::PlotOptions options;
  options.x_label = context.text("compare.poolings");
  options.height = height - ui.dp(46);
  options.x_min = 0;
  options.x_max = kDeepest;
  options.marker_x = context.model.document.compare.depth;
  ui::plot(ui, "compare.curves", curves, options);
}

std::string percent(double share) {
  if (!std::isfinite(share)) return "–";
  const double whole = std::round(100 * share);
  return (whole < 0 ? "−" : "") + format_short(std::fabs(whole), 4) + " %";
}

/// One sentence per column, with its numbers.
void draw_reading(LabContext& context, const Run& run) {
  ui::Ui& ui = context.ui;
  for (const size_t i : shown_order(context.model.document.compare)) {
    if (i >= shown_columns(context, run)) continue;
    const CompareMetrics& metrics = shown_metrics(run->columns[i]);
    const std::string words = context.say(Message("compare.finding")
                                              .with("kind", compare_column_name(context, i))
                                              .with("edges", percent(metrics.edges_kept))
                                              .with("bright", percent(metrics.bright_kept))
                                              .with("dark", percent(metrics.dark_kept))
                                              .with("mean", measure_text(compare_measures()[1], metrics)));
    ui::paragraph(ui, words);
    const Kind kind = run->columns[i].plan.spec.kind;
    ui.record("compare.finding." + std::to_string(i), "text", words, {});
    if (kind == Kind::max || kind == Kind::min || kind == Kind::average || kind == Kind::none ||
        kind == Kind::stochastic)
      ui::paragraph(ui, context.texts.get("compare.why." + std::string(kind_info(kind).name)),
                    ui::Role::caption, ui.theme->text_faint);
    ui::gap(ui, 1);
  }
}

void draw_table(LabContext& context, const Run& run) {
  std::vector<ui::Column> columns = {{context.text("compare.measure"), ui::Align::left, 0, ui::Role::body}};
  std::vector<size_t> order = shown_order(context.model.document.compare);
  std::erase_if(order, [&](size_t column) { return column >= shown_columns(context, run); });
  for (const size_t i : order)
    columns.push_back({compare_column_name(context, i), ui::Align::right, 1, ui::Role::body});
  std::vector<std::vector<ui::TableCell>> rows;
  for (const CompareMeasure& measure : compare_measures()) {
    std::vector<ui::TableCell> row = {{context.text(measure.label)}};
    for (const size_t i : order)
      row.push_back({measure_text(measure, shown_metrics(run->columns[i]))});
    rows.push_back(std::move(row));
  }
  ui::table(context.ui, "compare.table", columns, rows);
}

/// Bars where their values lie; a dark line where chance says that they should end; the mean of all draws
/// and the expectation as marks below.
void draw_histogram(LabContext& context, const DrawCounts& counts, float height) {
  ui::Ui& ui = context.ui;
  const ui::Theme& theme = *ui.theme;
  const float width = ui::available_width(ui);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::Dummy({width, height});
  const float base = at.y + height - ui.dp(34), bars = height - ui.dp(40);
  double least = counts.outcomes.front().value, most = counts.outcomes.back().value, tallest = 0;
  if (least == most) least -= 1, most += 1;
  for (const auto& outcome : counts.outcomes)
    tallest = std::max(
        {tallest, outcome.chance, static_cast<double>(outcome.count) / static_cast<double>(counts.draws)});
  const float side = ui.dp(26);
  const auto px = [&](double value) {
    return at.x + side + static_cast<float>((value - least) / (most - least)) * (width - 2 * side);
  };
  const float half = std::clamp((width - 2 * side) / static_cast<float>(counts.outcomes.size()) * 0.35f,
                                ui.dp(1.5f), ui.dp(16));
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddLine({at.x, base}, {at.x + width, base}, theme.hairline, ui.hairline());
  for (const auto& outcome : counts.outcomes) {
    const double share = static_cast<double>(outcome.count) / static_cast<double>(counts.draws);
    const float x = px(outcome.value), top = base - static_cast<float>(share / tallest) * bars,
                expected = base - static_cast<float>(outcome.chance / tallest) * bars;
    list->AddRectFilled({x - half, top}, {x + half, base}, theme.output.fill);
    ui::outline_inside(list, {x - half, top}, {x + half, base}, theme.output.line, 0, ui.hairline());
    list->AddLine({x - half - ui.dp(3), expected}, {x + half + ui.dp(3), expected}, theme.winner.line,
                  ui.dp(2));
  }
  const float x = px(counts.expectation);
  ui::dashed_line(list, {x, at.y}, {x, base + ui.dp(4)}, theme.text, ui.dp(1.25f));
  ImFont* font = ui.fonts.font(ui::Role::mono_small);
  const float size = ui.fonts.size(ui::Role::mono_small);
  float free_from = at.x;
  for (const auto& outcome : counts.outcomes) {
    const std::string words = format_short(outcome.value, 3);
    const float w = ui::text_size(font, size, words.c_str()).x, left = px(outcome.value) - w / 2;
    if (left < free_from) continue;
    free_from = left + w + ui.dp(6);
    list->AddText(font, size, {left, base + ui.dp(6)}, theme.text_faint, words.c_str());
  }
}

void draw_draws(LabContext& context, const Run& run, float height) {
  ui::Ui& ui = context.ui;
  const std::shared_ptr<const DrawRun>& draws = context.model.compare.draws.latest();
  const bool there = draws && run && draws->request.input == run->input && !draws->counts.outcomes.empty();
  if (!there) {
    ui::text(ui, ui::Role::body, ui.theme->text_faint, context.text("compare.draws.none"));
    return;
  }
  const DrawCounts& counts = draws->counts;
  ui::paragraph(ui, context.say(Message("compare.draws.said")
                                    .with("draws", counts.draws)
                                    .with("window", draws->request.step + 1)
                                    .with("mean", format_short(counts.mean, 4))
                                    .with("expectation", format_short(counts.expectation, 4))));
  draw_histogram(context, counts, std::max(height - ui.dp(48), ui.dp(90)));
}

ui::Curve spectrum_curve(const std::vector<double>& amplitudes, int64_t width) {
  ui::Curve curve;
  // The mean (entry 0) would dwarf the waves.
  for (size_t j = 1; j < amplitudes.size(); ++j) {
    curve.x.push_back(static_cast<double>(j) / static_cast<double>(width));
    curve.y.push_back(amplitudes[j]);
  }
  return curve;
}

void draw_spectrum(LabContext& context, const Run& run, float height) {
  ui::Ui& ui = context.ui;
  if (!run || run->spectrum.empty()) {
    ui::paragraph(ui, context.text("compare.spectrum.none"));
    return;
  }
  const int64_t width = run->input->shape().w;
  std::vector<ui::Curve> curves = {spectrum_curve(run->spectrum, width)};
  curves[0].name = context.text("compare.spectrum.before");
  curves[0].color = ui.theme->text_faint;
  curves[0].dashed = true;
  for (size_t i = 0; i < shown_columns(context, run); ++i) {
    ui::Curve curve = spectrum_curve(run->columns[i].spectrum, width);
    curve.name = compare_column_name(context, i);
    curve.color = ui.theme->series[i % ui.theme->series.size()];
    curves.push_back(std::move(curve));
  }
  ui::PlotOptions options;
  options.x_label = context.text("compare.spectrum.x");
  options.height = height;
  options.x_min = 0;
  options.x_max = 0.5;
  ui::plot(ui, "compare.spectrum", curves, options);
}

void draw_tabs(LabContext& context, const Run& run, float height) {
  ui::Ui& ui = context.ui;
  const std::vector<ui::Choice> tabs = {{"reading", context.text("compare.tab.reading"), true, {}},
                                        {"table", context.text("compare.tab.table"), true, {}},
                                        {"draws", context.text("compare.tab.draws"), true, {}},
                                        {"spectrum", context.text("compare.tab.spectrum"), true, {}}};
  int& tab = context.state.compare.tab;
  if (const auto chosen = ui::segmented(ui, "compare.tab", tabs, tab)) tab = *chosen;
  ui::gap(ui, 1);
  const float room = height - ui.dp(42);
  ui::begin_scroll(ui, "compare.tab.content", {ui::available_width(ui), room});
  switch (tab) {
    case 0:
      draw_reading(context, run);
      break;
    case 1:
      draw_table(context, run);
      break;
    case 2:
      draw_draws(context, run, room);
      break;
    default:
      draw_spectrum(context, run, room);
      break;
  }
  ui::end_scroll(ui);
}

}  // namespace

void draw_compare_cards(LabContext& context, ui::Rect area, const std::shared_ptr<const CompareRun>& run) {
  ui::Ui& ui = context.ui;
  const float gap = ui.sp(4), width = std::floor((area.width() - gap) / 2), padding = ui.dp(14);
  const auto card = [&](const char* key, float x, auto&& content) {
    ImGui::SetCursorScreenPos({x, area.min.y});
    ui::begin_card(ui, key, {.width = width, .height = area.height(), .padding = padding});
    content(area.height() - 2 * padding);
    ui::end_card(ui);
  };
  card("compare.card.again", area.min.x, [&](float room) { draw_curves(context, run, room); });
  card("compare.card.read", area.min.x + width + gap, [&](float room) { draw_tabs(context, run, room); });
}

}  // namespace poolscope
