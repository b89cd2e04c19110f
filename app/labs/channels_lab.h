#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/labs/lab_context.h"
#include "app/model/channels_job.h"
#include "app/scene/channels_stage.h"

namespace poolscope {

// The parts of the Channels lab.
void draw_channels_lab(LabContext& context, ui::Rect stage);
void draw_channels_explanation(LabContext& context);  ///< its right panel

using ChannelsRunPtr = std::shared_ptr<const ChannelsRun>;
/// The run for the document as it is now, or nullptr while it is being computed.
ChannelsRunPtr channels_run(const LabContext& context);
/// The same, or an older one of the same input while the new one is being computed.
ChannelsRunPtr shown_channels_run(const LabContext& context);

/// The stacks in `area`: planes, windows, ribbons; zoom, hover and click.
void draw_channel_stacks(LabContext& context, ui::Rect area, const ChannelsRun& run);
/// Learnable parameters, and what gets smaller, side by side.
void draw_channels_cards(LabContext& context, ui::Rect area, const PoolPlan& plan);
/// The same below each other, where the stage has no room for cards.
void draw_parameters(LabContext& context, const PoolPlan& plan);
void draw_smaller(LabContext& context, const PoolPlan& plan);
bool channels_cards_fit(const LabContext& context, ui::Rect stage);

/// The channel that is looked at: of feature maps the chosen one, else that of the Window lab; nothing where
/// that shows colours.
std::optional<int64_t> chosen_channel(const Document& document);
void choose_channel(const LabContext& context, int64_t channel);
/// "R", "3", or "Edge 45°" of feature maps.
std::string channel_name(const LabContext& context, const ChannelsRun& run, int64_t channel);
/// How a channel's values become colours, the same before and after pooling.
struct ChannelColours {
  Colormap map = Colormap::grey;
  ValueRange range;
};
ChannelColours channel_colours(const Document& document, const ChannelsRun& run, int64_t channel);
/// The step of the run that the transport is at.
scene::ChannelsClock channels_clock(const Model& model, const ChannelsRun& run);

}  // namespace poolscope
