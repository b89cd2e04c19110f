#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "app/scene/cell_view.h"
#include "core/pooling/plan.h"

namespace poolscope::scene {

/// One channel of the stacks: its plane before and after pooling, the window on it and the cell it makes.
/// Windows and cells may lie outside of their planes where the view is zoomed in.
struct ChannelPlane {
  Rect input, output;
  Rect window;  ///< gliding
  Rect cell;    ///< of the output
};

/// The Channels lab's stacks in space: every channel a plane, the first one farthest away, the others in
/// front of it, each a little to the right and below (an oblique projection: planes keep their shape).
struct ChannelsStage {
  std::vector<ChannelPlane> planes;
  Rect input_stack, output_stack;
  CellView input_view, output_view;  ///< what every plane shows; the input's whole view includes its padding
  double fit_zoom = 1, zoom = 1;     ///< pixels per cell of the input
  /// How much of a plane's width and height is left uncovered by the next one, in pixels.
  float input_step_x = 0, input_step_y = 0;
};

/// Where the transport is: windows `from` and `to` of a plane, and how far the present one is on its way.
struct ChannelsClock {
  int64_t from = 0, to = 0;
  float phase = 1;
};

/// Lays the stacks of plan.in.c channels out in `area`. `spread` is how far apart they stand, 0 to 1; `unit`
/// the text scale; `view` in cells of plan.in. `image` is which image of a batch is shown.
ChannelsStage build_channels_stage(const Rect& area, const PoolPlan& plan, int64_t image, double spread,
                                   const ViewTransform& view, const ChannelsClock& clock, float unit);

/// The channel whose plane is seen at `point`: the nearest one there, or `apart` where that one has been
/// taken out of the stack.
std::optional<int64_t> channel_at(const ChannelsStage& stage, Point point, bool in_output,
                                  std::optional<int64_t> apart);

/// The part of a plane that no nearer plane covers: a strip along its upper edge, or all of the nearest one.
Rect uncovered(const ChannelsStage& stage, int64_t channel, bool in_output);

/// Step of `plan` at the place where step `step` of `whole` is: the same where both have the same output.
/// Feature maps of a large picture are made of a smaller one.
int64_t same_place(const PoolPlan& whole, const PoolPlan& plan, int64_t step);
/// The other way round: the first step of `whole` that lies where `step` of `plan` does.
int64_t first_at_place(const PoolPlan& whole, const PoolPlan& plan, int64_t step);

}  // namespace poolscope::scene
