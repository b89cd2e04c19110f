// The Compare lab: one input, pooled in two to six ways, side by side.

#include "app/labs/compare_lab.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "app/labs/frame.h"
#include "app/ui/shapes.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

constexpr float kCardsFrom = 640;  // height of the stage, at 100 %, from which cards fit below the pictures

constexpr CompareMeasure kMeasures[] = {
    {"edges", "compare.edges", "compare.edges.formula", &CompareMetrics::edges_kept},
    {"mean", "compare.mean", "compare.mean.formula", &CompareMetrics::mean_kept},
    {"spread", "compare.spread", "compare.spread.formula", &CompareMetrics::spread_kept},
    {"bright", "compare.bright", "compare.bright.formula", &CompareMetrics::bright_kept},
    {"dark", "compare.dark", "compare.dark.formula", &CompareMetrics::dark_kept},
    {"psnr", "compare.psnr", "compare.psnr.formula", &CompareMetrics::psnr},
    {"bytes", "compare.bytes", "compare.bytes.formula", nullptr},
};

std::string bytes_text(int64_t bytes) {
  if (bytes < 10'000) return format_count(bytes) + " B";
  if (bytes < 1'000'000) return format_short(static_cast<double>(bytes) / 1e3, 3) + " kB";
  return format_short(static_cast<double>(bytes) / 1e6, 3) + " MB";
}

/// A chip that is on or off.
bool switch_chip(LabContext& context, const char* key, const char* label, const char* hint, bool on,
                 bool enabled = true) {
  const std::string& words = context.text(label);
  ui::flow(context.ui, ui::chip_width(context.ui, words));
  ui::ChipOptions options;
  options.selected = on;
  options.enabled = enabled;
  options.tooltip = context.text(hint);
  return ui::chip(context.ui, key, words, options);
}

void draw_heading_line(LabContext& context) {
  ui::Ui& ui = context.ui;
  const PoolPlan& plan = context.model.plan();
  const Size2 stride = plan.spec.stride;
  const std::string title = context.say(
      Message("compare.title")
          .with("count", static_cast<int64_t>(context.model.document.compare.columns.size() + 1)));
  const std::string subline = context.say(Message("compare.subline")
                                              .with("rows", plan.rows.window)
                                              .with("columns", plan.columns.window)
                                              .with("stride", std::max(stride.h, stride.w)));
  const float room = ui::available_width(ui);
  const auto width = [&](ui::Role role, const std::string& words) {
    return ui.fonts.font(role)->CalcTextSizeA(ui.fonts.size(role), 1e6f, 0, words.c_str()).x;
  };
  ui::text(ui, ui::Role::heading, ui.theme->text, title);
  if (width(ui::Role::heading, title) + width(ui::Role::caption, subline) + ui.sp(4) > room) return;
  ui::same_line(ui, 4);
  ui::text(ui, ui::Role::caption, ui.theme->text_faint, subline);
}

void draw_depths(LabContext& context) {
  ui::Ui& ui = context.ui;
  const CompareSetup& present = context.model.document.compare;
  for (int depth = 1; depth <= kDeepest; ++depth) {
    const std::string label =
        depth == 1 ? context.say(Message("compare.depth").with("depth", int64_t{1})) : std::to_string(depth);
    if (depth > 1) ui::flow(ui, ui::chip_width(ui, label), 1);
    ui::ChipOptions options;
    options.selected = present.depth == depth;
    options.tooltip = context.text("compare.depth.hint");
    if (!ui::chip(ui, "compare.depth." + std::to_string(depth), label, options)) continue;
    CompareSetup setup = present;
    setup.depth = depth;
    edit_compare(context, std::move(setup));
  }
}

void draw_switches(LabContext& context) {
  const CompareSetup& present = context.model.document.compare;
  const auto flip = [&](bool CompareSetup::*field) {
    CompareSetup setup = present;
    setup.*field = !(setup.*field);
    edit_compare(context, std::move(setup));
  };
  if (switch_chip(context, "compare.input", "compare.show_input", "compare.show_input.hint",
                  present.show_input))
    flip(&CompareSetup::show_input);
  if (switch_chip(context, "compare.invert", "compare.invert", "compare.invert.hint", present.inverted))
    flip(&CompareSetup::inverted);
  if (switch_chip(context, "compare.two_steps", "compare.two_steps", "compare.two_steps.hint",
                  present.two_steps))
    flip(&CompareSetup::two_steps);
  if (switch_chip(context, "compare.stripes", "compare.stripes", "compare.stripes.hint", present.striped)) {
    context.state.compare.tab = present.striped ? 0 : 3;
    flip(&CompareSetup::striped);
  }
}

void draw_period(LabContext& context) {
  if (!context.model.document.compare.striped) return;
  ui::Ui& ui = context.ui;
  const float width = ui.dp(190);
  ui::flow(ui, width, 3);
  ui::SliderOptions options;
  options.min = 2;
  options.max = 16;
  options.step = 0.5;
  options.width = width;
  const double period = context.model.document.compare.period;
  const std::string value =
      context.say(Message("compare.period.value").with("period", format_short(period, 3)));
  options.value_text = value;
  options.tooltip = context.text("compare.period.hint");
  const auto change = ui::slider(ui, "compare.period", context.text("compare.period"), period, options);
  if (!change.edited) return;
  Document document = context.model.document;
  document.compare.period = change.value;
  context.edit(std::move(document), change);
}

/// A kind that is not among the columns yet.
Kind next_kind(const Document& document) {
  constexpr Kind kWanted[] = {Kind::max,  Kind::average,  Kind::stochastic, Kind::none,
                              Kind::blur, Kind::max_blur, Kind::min,        Kind::l2};
  for (const Kind kind : kWanted) {
    const auto& columns = document.compare.columns;
    const bool there = document.spec.kind == kind ||
                       std::any_of(columns.begin(), columns.end(),
                                   [kind](const CompareColumn& column) { return column.kind == kind; });
    if (!there) return kind;
  }
  return Kind::max;
}

void draw_column_buttons(LabContext& context) {
  ui::Ui& ui = context.ui;
  const Document& document = context.model.document;
  const bool random = [&] {
    for (const PoolSpec& spec : compare_specs(document))
      if (kind_info(spec.kind).random) return true;
    return false;
  }();
  if (random) {
    const std::string label =
        context.say(Message("compare.redraw").with("seed", static_cast<int64_t>(document.spec.seed)));
    ui::flow(ui, ui::chip_width(ui, label));
    ui::ChipOptions options;
    options.tooltip = context.text("compare.redraw.hint");
    if (ui::chip(ui, "compare.redraw", label, options)) {
      Document redrawn = document;
      ++redrawn.spec.seed;
      context.edit(std::move(redrawn));
    }
  }
  const bool full = document.compare.columns.size() + 1 >= kMostColumns;
  if (switch_chip(context, "compare.add", "compare.add", "compare.add.hint", false, !full)) {
    CompareSetup setup = document.compare;
    setup.columns.push_back({next_kind(document)});
    edit_compare(context, std::move(setup));
  }
}

/// "Measuring …" with the way out, or the way back in.
void draw_progress(LabContext& context, bool current) {
  ui::Ui& ui = context.ui;
  const CompareJob& job = context.model.compare.columns;
  if (!current && job.busy()) {
    const float width = ui.dp(90);
    ui::flow(ui, width + ui::chip_width(ui, context.text("compare.stop")) + ui.sp(2), 3);
    ui::progress_bar(ui, "compare.progress", job.progress(), width);
    ui::same_line(ui, 2);
    if (ui::chip(ui, "compare.stop", context.text("compare.stop"))) context.outbox.post(command::StopWork{});
  } else if (job.stopped()) {
    ui::flow(ui, ui::chip_width(ui, context.text("compare.resume")), 3);
    if (ui::chip(ui, "compare.resume", context.text("compare.resume")))
      context.outbox.post(command::ResumeWork{});
  }
}

}  // namespace

std::span<const CompareMeasure> compare_measures() {
  return kMeasures;
}

std::string measure_text(const CompareMeasure& measure, const CompareMetrics& metrics) {
  if (measure.value == nullptr) return bytes_text(metrics.bytes);
  const double value = metrics.*measure.value;
  if (std::isnan(value)) return "–";
  if (std::isinf(value)) return "∞";
  if (measure.value == &CompareMetrics::psnr) return format_short(value, 3) + " dB";
  if (measure.value == &CompareMetrics::mean_kept) {
    const double percent = std::round(1000 * (value - 1)) / 10;
    if (percent == 0) return "0 %";
    return (percent > 0 ? "+" : "−") + format_short(std::fabs(percent), 3) + " %";
  }
  const double rounded = std::round(value * 100) / 100;
  return (rounded < 0 ? "−" : "") + format_short(std::fabs(rounded), 3);
}

std::string compare_column_name(const LabContext& context, size_t column) {
  const Document& document = context.model.document;
  const Kind kind = column == 0 ? document.spec.kind : document.compare.columns[column - 1].kind;
  std::string name = context.texts.get("kind." + std::string(kind_info(kind).name));
  if (column == 0 || !document.compare.columns[column - 1].window) return name;
  const CompareColumn& own = document.compare.columns[column - 1];
  return name + " " + std::to_string(own.window->h) + "×" + std::to_string(own.window->w) + " / " +
         std::to_string(own.stride.value_or(*own.window).h);
}

void edit_compare(const LabContext& context, CompareSetup setup) {
  Document document = context.model.document;
  document.compare = std::move(setup);
  context.edit(std::move(document));
}

void draw_compare_lab(LabContext& context, ui::Rect stage) {
  ui::Ui& ui = context.ui;
  const float margin = std::min(ui.sp(7), stage.width() * 0.04f);
  ui::PanelOptions options;
  options.background = ui.theme->stage;
  options.padding = {margin, ui.sp(5)};
  ui::begin_panel(ui, "panel.stage", stage, options);
  context.eye.hovered.reset();
  const Document& document = context.model.document;
  std::shared_ptr<const CompareRun> run = context.model.compare.current(document);
  const bool current = run != nullptr;
  if (!run) run = context.model.compare.columns.latest();
  draw_heading_line(context);
  draw_depths(context);
  draw_switches(context);
  draw_column_buttons(context);
  const bool cards_below = stage.height() >= kCardsFrom * ui.scale();
  if (!cards_below && switch_chip(context, "compare.cards", "compare.cards", "compare.cards.hint",
                                  context.state.compare.cards))
    context.state.compare.cards = !context.state.compare.cards;
  draw_period(context);
  draw_progress(context, current);
  ui::gap(ui, 2);
  const float top = ImGui::GetCursorScreenPos().y, low = stage.max.y - ui.sp(8);
  const float least = ui.dp(210);  // below this the panel scrolls
  const ui::Rect area{{stage.min.x + margin, top}, {stage.max.x - margin, std::max(low, top + least)}};
  if (!cards_below && context.state.compare.cards) {
    draw_compare_cards(context, area, run);
  } else if (!cards_below) {
    draw_compare_columns(context, area, run);
  } else {
    const float cards = std::clamp(stage.height() * 0.29f, ui.dp(216), ui.dp(330));
    draw_compare_columns(context, {area.min, {area.max.x, area.max.y - cards - ui.sp(4)}}, run);
    draw_compare_cards(context, {{area.min.x, area.max.y - cards}, area.max}, run);
  }
  ui::end_panel(ui);
}

}  // namespace poolscope
