// What there is to count in the Channels lab: parameters of other layers with the same output, and what gets
// smaller.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "app/labs/channels_lab.h"
#include "app/labs/sizes.h"
#include "app/ui/shapes.h"
#include "core/pooling/kinds.h"
#include "core/study/compare_layers.h"

namespace poolscope {

namespace {

/// "2 × 2 / 2": window and stride.
std::string geometry_text(const PoolPlan& plan) {
  const int64_t h = plan.rows.stride, w = plan.columns.stride;
  return by(plan.rows.window, plan.columns.window) + " / " + (h == w ? std::to_string(h) : by(h, w));
}

/// Whole numbers up to 10^15, from there a power of ten.
std::string large_count(const LabContext& context, double count) {
  if (count < 1e15) return format_count(static_cast<int64_t>(count));
  const int power = static_cast<int>(std::floor(std::log10(count)));
  std::string raised;
  const std::string& digits = context.text("channels.superscripts");  // two or three bytes each
  for (const char digit : std::to_string(power)) {
    size_t at = 0;
    for (int skip = digit - '0'; skip > 0; --skip)
      do
        ++at;
      while ((static_cast<unsigned char>(digits[at]) & 0xc0) == 0x80);
    do
      raised += digits[at++];
    while (at < digits.size() && (static_cast<unsigned char>(digits[at]) & 0xc0) == 0x80);
  }
  return format_short(count / std::pow(10, power), 2) + " × 10" + raised;
}

/// One way to turn this input into this shape of output.
struct LayerRow {
  std::string name, sum, count;
};

std::vector<LayerRow> layer_rows(const LabContext& context, const PoolPlan& plan) {
  const LayerParameters count = layer_parameters(plan);
  const std::string c = std::to_string(plan.in.c), taps = std::to_string(count.taps);
  const std::string kind = context.texts.get("kind." + std::string(kind_info(plan.spec.kind).name));
  return {{context.say(Message("channels.pooling").with("kind", kind)), {}, format_count(count.pooling)},
          {context.text("channels.depthwise"), c + "·(" + taps + " + 1) = ", format_count(count.depthwise)},
          {context.say(Message("channels.convolution").with("channels", plan.in.c)),
           c + "·(" + c + "·" + taps + " + 1) = ", format_count(count.convolution)},
          {context.text("channels.dense"), {}, large_count(context, count.dense)}};
}

/// One line of what gets smaller, or stays.
struct SizeRow {
  const char* key;
  double share;
  std::string value;
  bool stays;
};

std::string change(int64_t before, int64_t after) {
  return format_count(before) + " → " + format_count(after);
}

std::vector<SizeRow> size_rows(const PoolPlan& plan) {
  const auto row = [](const char* key, int64_t before, int64_t after) {
    return SizeRow{key, static_cast<double>(after) / static_cast<double>(before), change(before, after),
                   before == after};
  };
  const int64_t c = plan.in.c, next = next_parameters(c);
  const double work = next_work(plan);
  return {row("channels.height", plan.in.h, plan.out.h),
          row("channels.width", plan.in.w, plan.out.w),
          row("channels.values", c * plan.in.plane(), c * plan.out.plane()),
          {"channels.work", work, "× " + format_short(work, 3), work == 1},
          row("channels.channels", c, c),
          row("channels.next", next, next)};
}

/// A convolution shrinks the same, and has to learn for it.
std::string convolution_sentence(const LabContext& context, const PoolPlan& plan) {
  const std::optional<Size2> size = convolution_size(plan);
  if (!size) return context.text("channels.no_convolution");
  const bool same = size->h == plan.out.h && size->w == plan.out.w;
  const int64_t h = plan.rows.stride, w = plan.columns.stride;
  return context.say(Message(same ? "channels.same" : "channels.other")
                         .with("stride", h == w ? std::to_string(h) : by(h, w))
                         .with("size", by(size->h, size->w))
                         .with("parameters", format_count(layer_parameters(plan).convolution)));
}

void draw_layers_note(LabContext& context, const PoolPlan& plan) {
  ui::paragraph(context.ui, context.say(Message("channels.layers").with("geometry", geometry_text(plan))),
                ui::Role::caption, context.ui.theme->text_faint);
}

}  // namespace

void draw_parameters(LabContext& context, const PoolPlan& plan) {
  ui::Ui& ui = context.ui;
  ui::section(ui, context.text("channels.parameters"));
  const float width = ui::available_width(ui);
  const bool narrow = width < ui.dp(330);
  const std::vector<LayerRow> rows = layer_rows(context, plan);
  if (narrow) {
    for (size_t i = 0; i < rows.size(); ++i) {
      ui::FactOptions options;
      if (i == 0) options.value_color = ui.theme->unchanged.text;
      ui::fact(ui, "channels.parameters." + std::to_string(i), rows[i].name, rows[i].sum + rows[i].count,
               options);
    }
    return;
  }
  const std::vector<ui::Column> columns = {
      {shape_text(plan.in) + " → " + shape_text(plan.out), ui::Align::left, 1, ui::Role::body},
      {context.text("channels.count"), ui::Align::right, 0, ui::Role::body}};
  std::vector<std::vector<ui::TableCell>> cells;
  for (size_t i = 0; i < rows.size(); ++i) {
    const ImU32 ink = i == 0 ? ui.theme->unchanged.text : 0;
    cells.push_back({{.text = rows[i].name, .bold = i == 0},
                     {.text = rows[i].sum + rows[i].count, .color = ink, .bold = i == 0}});
  }
  ui::table(ui, "channels.parameters", columns, cells);
  ui::gap(ui, 2);
  draw_layers_note(context, plan);
}

void draw_smaller(LabContext& context, const PoolPlan& plan) {
  ui::Ui& ui = context.ui;
  ui::section(ui, context.text("channels.smaller"));
  const std::vector<SizeRow> rows = size_rows(plan);
  const ui::SizedFont label = ui.fonts.sized(ui::Role::body), value = ui.fonts.sized(ui::Role::body_bold);
  const auto wide = [](const ui::SizedFont& font, const std::string& words) {
    return ui::text_size(font.font, font.size_px, words.c_str()).x;
  };
  ui::BarOptions options;
  for (const SizeRow& row : rows) {
    options.label_width = std::max(options.label_width, wide(label, context.text(row.key)));
    options.value_width = std::max(options.value_width, wide(value, row.value));
  }
  const float least_bar = ui.dp(36);
  const float room = ui::available_width(ui) - options.value_width - least_bar - ui.sp(4);
  options.label_width = std::min(options.label_width, std::max(room, ui.dp(60)));
  for (const SizeRow& row : rows) {
    options.color = row.stays ? ui.theme->unchanged.line : ui.theme->output.line;
    ui::bar_row(ui, row.key, context.text(row.key), row.share, row.value, options);
  }
  ui::paragraph(ui, convolution_sentence(context, plan), ui::Role::caption, ui.theme->text_soft);
}

void draw_channels_cards(LabContext& context, ui::Rect area, const PoolPlan& plan) {
  ui::Ui& ui = context.ui;
  const float gap = ui.sp(4), left = std::floor((area.width() - gap) * 0.5f);
  const auto card = [&](const char* key, float x, float width, void (*draw)(LabContext&, const PoolPlan&)) {
    ImGui::SetCursorScreenPos({x, area.min.y});
    ui::begin_card(ui, key, {.width = width, .height = area.height()});
    draw(context, plan);
    ui::end_card(ui);
  };
  card("channels.card.parameters", area.min.x, left, draw_parameters);
  card("channels.card.smaller", area.min.x + left + gap, area.width() - left - gap, draw_smaller);
}

}  // namespace poolscope
