// The Channels lab: channels as a stack in space, before and after pooling; what pooling has to learn
// (nothing) and what it makes smaller.

#include "app/labs/channels_lab.h"

#include <algorithm>

#include "app/labs/frame.h"
#include "app/labs/stage.h"

namespace poolscope {

namespace {

constexpr float kCardsHeight = 238, kLeastStacks = 250, kLeastWidth = 690;  // at 100 %

/// While it is being computed: how far it is, with a way out, or the way back in. In a corner where there is
/// something to see already.
void draw_progress(LabContext& context, ui::Rect area, bool in_corner) {
  ui::Ui& ui = context.ui;
  const ChannelsJob& job = context.model.channels.job;
  const bool maps = context.model.document.channels.feature_maps;
  const float width = ui.dp(170), height = ui.control_height();
  const ImVec2 at = in_corner ? ImVec2{area.max.x - width, area.max.y - ui.dp(20) - height}
                              : ImVec2{area.center().x - width / 2, area.center().y - height};
  ImGui::SetCursorScreenPos(at);
  if (maps && job.stopped()) {
    if (ui::button(ui, "channels.resume", context.text("channels.resume"), {.width = width}))
      context.outbox.post(command::ResumeWork{});
    return;
  }
  ui::progress_bar(ui, "channels.progress", maps ? job.progress() : context.model.job.progress(), width);
  if (!maps) return;
  ImGui::SetCursorScreenPos({at.x, at.y + ui.dp(16)});
  if (ui::button(ui, "channels.stop", context.text("channels.stop"), {.width = width}))
    context.outbox.post(command::StopWork{});
}

}  // namespace

ChannelsRunPtr channels_run(const LabContext& context) {
  return context.model.channels.current(context.model.document, context.model.pooled());
}

ChannelsRunPtr shown_channels_run(const LabContext& context) {
  if (ChannelsRunPtr run = channels_run(context)) return run;
  // An older one stays in sight while the new one is computed, but not of another input.
  const ChannelsRunPtr& latest = context.model.channels.job.latest();
  const Document& document = context.model.document;
  const int64_t maps = document.channels.feature_maps ? document.channels.maps : 0;
  const bool similar =
      latest && latest->request.input == document.input.tensor && (latest->request.maps > 0) == (maps > 0);
  return similar ? latest : nullptr;
}

bool channels_cards_fit(const LabContext& context, ui::Rect stage) {
  const float unit = context.ui.scale();
  return stage.width() >= kLeastWidth * unit && stage.height() >= (kCardsHeight + kLeastStacks) * unit;
}

std::optional<int64_t> chosen_channel(const Document& document) {
  if (document.channels.feature_maps) return document.channels.map;
  if (document.channel == kColourChannels) return std::nullopt;
  return document.channel;
}

void choose_channel(const LabContext& context, int64_t channel) {
  Document document = context.model.document;
  (document.channels.feature_maps ? document.channels.map : document.channel) = channel;
  context.edit(std::move(document));
}

std::string channel_name(const LabContext& context, const ChannelsRun& run, int64_t channel) {
  if (run.filters.empty()) return channel_letter(context.model.document, channel);
  constexpr double kDegrees = 180 / 3.14159265358979323846;
  const Filter& filter = run.filters[static_cast<size_t>(channel)];
  constexpr const char* kNames[] = {"channels.filter.edge", "channels.filter.blur", "channels.filter.gabor"};
  return context.say(Message(kNames[static_cast<size_t>(filter.family)])
                         .with("angle", format_short(filter.angle * kDegrees, 4))
                         .with("sigma", format_short(filter.sigma, 3))
                         .with("wavelength", format_short(filter.wavelength, 3)));
}

ChannelColours channel_colours(const Document& document, const ChannelsRun& run, int64_t channel) {
  const auto at = static_cast<size_t>(channel);
  const ValueRange range{run.ends[at].low, run.ends[at].high};
  if (!run.filters.empty()) {
    const bool is_signed = run.filters[at].family != FilterFamily::blur;
    return {is_signed ? Colormap::diverging : document.colormap, range};
  }
  constexpr Colormap kLights[] = {Colormap::red, Colormap::green, Colormap::blue};
  const bool lights = document.input.is_picture && run.plan.in.c == 3 && document.colormap == Colormap::grey;
  return {lights ? kLights[at] : document.colormap, range};
}

scene::ChannelsClock channels_clock(const Model& model, const ChannelsRun& run) {
  const int64_t step = std::clamp<int64_t>(model.session.playback.step(), 0, model.steps() - 1);
  return {step > 0 ? scene::same_place(model.plan(), run.plan, step - 1) : -1,
          scene::same_place(model.plan(), run.plan, step),
          static_cast<float>(model.session.playback.phase())};
}

void draw_channels_lab(LabContext& context, ui::Rect stage) {
  ui::Ui& ui = context.ui;
  ui::PanelOptions options;
  options.background = ui.theme->stage;
  options.padding = {0, 0};
  options.scroll = false;
  ui::begin_panel(ui, "panel.stage", stage, options);
  context.eye.hovered.reset();
  const float margin = std::min(ui.sp(9), stage.width() * 0.045f);
  ui::Rect area{{stage.min.x + margin, stage.min.y + ui.sp(5)},
                {stage.max.x - margin, stage.max.y - ui.sp(6)}};
  const ChannelsRunPtr run = shown_channels_run(context);
  const bool cards = channels_cards_fit(context, stage);
  context.state.channels.cards_on_stage = cards;
  ui::Rect stacks = area;
  if (cards) stacks.max.y -= ui.dp(kCardsHeight) + ui.sp(5);
  if (run) draw_channel_stacks(context, stacks, *run);
  if (!channels_run(context)) draw_progress(context, stacks, run != nullptr);
  if (cards) {
    const PoolPlan& plan = run ? run->plan : context.model.plan();
    draw_channels_cards(context, {{area.min.x, area.max.y - ui.dp(kCardsHeight)}, area.max}, plan);
  }
  ui::end_panel(ui);
}

}  // namespace poolscope
