// The right panel of the Channels lab: what is happening, where the channels come from, and the same window
// on each of them.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "app/labs/channels_lab.h"
#include "app/labs/frame.h"
#include "app/labs/tensor_box.h"
#include "app/ui/item.h"
#include "core/pooling/trace.h"
#include "core/study/filters.h"

namespace poolscope {

namespace {

constexpr int64_t kMostTapsSaid = 1024;  // above, a sentence about the window would cost too much per frame

void draw_happening(LabContext& context, const PoolPlan& plan) {
  ui::Ui& ui = context.ui;
  ui::section(ui, context.text("explain.title"));
  const bool smaller = plan.out.plane() < plan.in.plane();
  ui::paragraph(ui, context.text(smaller ? "channels.explain.smaller" : "channels.explain.same"));
  ui::gap(ui, 0.5f);
  ui::paragraph(ui, context.text("channels.explain.nothing"));
}

void edit_channels(const LabContext& context, ChannelsSetup setup) {
  Document document = context.model.document;
  document.channels = setup;
  context.edit(std::move(document));
}

void draw_source(LabContext& context) {
  ui::Ui& ui = context.ui;
  const Document& present = context.model.document;
  ui::gap(ui, 2);
  ui::section(ui, context.text("channels.source"));
  const bool colour = present.input.is_picture && present.shape().c == 3;
  const std::vector<ui::Choice> choices = {
      {"own", context.text(colour ? "channels.own.rgb" : "channels.own"), true,
       context.text("channels.own.hint")},
      {"maps", context.text("channels.maps"), true, context.text("channels.maps.hint")}};
  const bool maps = present.channels.feature_maps;
  if (const auto chosen = ui::segmented(ui, "channels.source", choices, maps ? 1 : 0)) {
    ChannelsSetup setup = present.channels;
    setup.feature_maps = *chosen == 1;
    edit_channels(context, setup);
  }
  ui::gap(ui, 1);
  if (!maps) {
    ui::fact(ui, "channels.count", context.text("channels.channels"), format_count(present.shape().c));
    return;
  }
  ui::SliderOptions options;
  options.min = 1;
  options.max = static_cast<double>(kMostFeatureMaps);
  options.step = 1;
  options.tooltip = context.text("channels.maps.hint");
  const auto change = ui::slider(ui, "channels.maps", context.text("channels.channels"),
                                 static_cast<double>(present.channels.maps), options);
  if (!change.edited) return;
  Document document = present;
  document.channels.maps = change.as_int();
  context.edit(std::move(document), change);
}

void draw_spread(LabContext& context) {
  const Document& present = context.model.document;
  ui::SliderOptions options;
  options.step = 0.05;
  options.tooltip = context.text("channels.spread.hint");
  const std::string value = format_short(present.channels.spread, 2);
  options.value_text = value;
  const auto change = ui::slider(context.ui, "channels.spread", context.text("channels.spread"),
                                 present.channels.spread, options);
  if (!change.edited) return;
  Document document = present;
  document.channels.spread = change.value;
  context.edit(std::move(document), change);
}

/// A switch that pooling does not have.
void draw_across(LabContext& context) {
  ui::Ui& ui = context.ui;
  ui::gap(ui, 1);
  ui::toggle(ui, "channels.across", context.text("channels.across"), false, false,
             context.text("channels.across.not"));
  ui::gap(ui, 1);
  ui::paragraph(ui, context.text("channels.across.not"), ui::Role::caption, ui.theme->text_faint);
}

/// A small picture in a row: the filter of a feature map, or the colour of a channel's light.
void draw_icon(LabContext& context, const ChannelsRun& run, int64_t channel, scene::Rect box) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ui::Theme& theme = *context.ui.theme;
  if (run.weights) {
    TensorBox source;
    source.tensor = run.weights;
    source.box = box;
    source.x1 = static_cast<double>(run.weights->shape().w);
    source.y1 = static_cast<double>(run.weights->shape().h);
    source.channel = static_cast<int>(channel);
    source.map = Colormap::diverging;
    float most = 1e-6f;
    for (const double weight : run.filters[static_cast<size_t>(channel)].weights)
      most = std::max(most, static_cast<float>(std::fabs(weight)));
    source.range = {-most, most};
    source.grid = false;
    draw_tensor_box(context, source);
    return;
  }
  const Rgb8 ink = colormap_at(channel_colours(context.model.document, run, channel).map, 0.9);
  const ImVec2 centre{(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2};
  list->AddCircleFilled(centre, box.width() * 0.28f, IM_COL32(ink.r, ink.g, ink.b, 255));
  list->AddCircle(centre, box.width() * 0.28f, theme.hairline);
}

/// One channel: its picture, its name, and what its window gives. A click chooses it.
void draw_channel_row(LabContext& context, const ChannelsRun& run, int64_t channel, int64_t step) {
  ui::Ui& ui = context.ui;
  const float line = ui.dp(run.weights ? 28 : 24), side = ui.dp(20), bleed = ui.dp(6);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ui::available_width(ui);
  const bool chosen = chosen_channel(context.model.document) == channel;
  const float value = run.output->at(run.image, channel, step / run.plan.out.w, step % run.plan.out.w);
  const std::string words = format_short(value, 4);
  const ui::Rect rect{{at.x - bleed, at.y}, {at.x + width + bleed, at.y + line}};
  const ui::HotArea area =
      ui::hot_area(ui, "channels.row." + std::to_string(channel), rect, "row", words, true);
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (chosen || area.hovered)
    list->AddRectFilled(rect.min, rect.max, chosen ? ui.theme->primary_soft : ui.theme->control_hover,
                        ui.dp(6));
  const float y = at.y + (line - side) / 2;
  draw_icon(context, run, channel, {at.x, y, at.x + side, y + side});
  const ui::SizedFont name = ui.fonts.sized(ui::Role::body), number = ui.fonts.sized(ui::Role::body_bold);
  std::string label = channel_name(context, run, channel);
  if (run.filters.empty()) label = context.say(Message("view.channel").with("channel", label));
  const float value_width = ui::text_width(number, words), left = side + ui.sp(2);
  ui::put_text(list, name, {at.x + left, at.y + (line - name.size_px) / 2}, ui.theme->text_soft,
               ui::fitted(name, label, width - left - value_width - ui.sp(2)));
  ui::put_text(list, number, {at.x + width - value_width, at.y + (line - number.size_px) / 2},
               ui.theme->output.text, words);
  if (area.focused) list->AddRect(rect.min, rect.max, ui.theme->focus, ui.dp(6), 0, ui.dp(2));
  ImGui::Dummy({width, line - ImGui::GetStyle().ItemSpacing.y});
  if (!area.clicked || run.plan.in.c == 1) return;
  context.state.channels.apart = !(chosen && context.state.channels.apart);
  if (!chosen) choose_channel(context, channel);
}

void draw_windows(LabContext& context, const ChannelsRun& run) {
  ui::Ui& ui = context.ui;
  ui::gap(ui, 2);
  const int64_t step = channels_clock(context.model, run).to;
  const int64_t channel = std::min(chosen_channel(context.model.document).value_or(0), run.plan.in.c - 1);
  ui::section(ui, context.text("channels.windows"));
  if (run.plan.rows.window * run.plan.columns.window <= kMostTapsSaid) {
    const StepRecord record = step_at(run.plan, *run.input, run.image, channel, step);
    ui::paragraph(ui, context.say(locate(run.plan, record)), ui::Role::caption, ui.theme->text_faint);
  }
  ui::gap(ui, 1);
  for (int64_t c = 0; c < run.plan.in.c; ++c)
    draw_channel_row(context, run, c, step);
}

}  // namespace

void draw_channels_explanation(LabContext& context) {
  const ChannelsRunPtr run = shown_channels_run(context);
  const PoolPlan& plan = run ? run->plan : context.model.plan();
  draw_happening(context, plan);
  draw_source(context);
  draw_spread(context);
  draw_across(context);
  if (!context.state.channels.cards_on_stage) {
    ui::gap(context.ui, 2);
    draw_parameters(context, plan);
    ui::gap(context.ui, 2);
    draw_smaller(context, plan);
  }
  if (run) draw_windows(context, *run);
}

}  // namespace poolscope
