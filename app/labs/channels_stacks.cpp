// The stacks of the Channels lab: planes drawn from the farthest to the nearest, so that what is nearer
// covers.

#include <algorithm>
#include <cmath>

#include "app/labs/channels_lab.h"
#include "app/labs/corners.h"
#include "app/labs/stage.h"
#include "app/labs/tensor_box.h"
#include "app/scene/window_cells.h"
#include "app/ui/item.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

using scene::ChannelPlane;
using scene::ChannelsStage;

constexpr float kGlass = 0.1f;
constexpr float kHeading = 36, kCaption = 26;  // above and below the stacks, at 100 %
constexpr size_t kFewPlanes = 8;  // up to so many, every window and ribbon is drawn at full strength

/// Everything that the drawing of one plane needs to know.
struct Stacks {
  LabContext& context;
  const ChannelsRun& run;
  ChannelsStage stage;
  std::optional<int64_t> apart;    ///< taken out of the stack
  std::optional<int64_t> pointed;  ///< under the mouse
  ImU32 ribbon = 0;

  bool glass(int64_t c) const { return apart && c > *apart; }
  /// Many marks at full strength would be one blot.
  float strength(int64_t c) const {
    if (pointed == c || apart == c) return 1;
    if (apart) return 0.25f;
    const auto planes = static_cast<float>(stage.planes.size());
    return std::clamp(2.2f * static_cast<float>(kFewPlanes) / planes, 0.3f, 1.0f);
  }
};

TensorBox shown(const Stacks& stacks, int64_t channel, bool in_output) {
  const ChannelsRun& run = stacks.run;
  const ChannelPlane& plane = stacks.stage.planes[static_cast<size_t>(channel)];
  const scene::CellView& view = in_output ? stacks.stage.output_view : stacks.stage.input_view;
  const ChannelColours colours = channel_colours(stacks.context.model.document, run, channel);
  TensorBox source;
  source.tensor = in_output ? run.output : run.input;
  source.box = in_output ? plane.output : plane.input;
  source.x0 = view.x0, source.y0 = view.y0, source.x1 = view.x1, source.y1 = view.y1;
  source.image = run.image;
  source.channel = static_cast<int>(channel);
  source.map = colours.map;
  source.range = colours.range;
  source.paper = false;
  // Many panes one behind the other must not become a fog.
  const float panes = static_cast<float>(stacks.stage.planes.size()) / static_cast<float>(kFewPlanes);
  source.alpha = stacks.glass(channel) ? kGlass / std::max(1.0f, panes) : 1;
  return source;
}

/// The padding around the input, hatched as in the Window lab.
void draw_padding(const Stacks& stacks, const scene::Rect& box) {
  const PoolPlan& plan = stacks.run.plan;
  if (plan.rows.pad_before + plan.rows.pad_after + plan.columns.pad_before + plan.columns.pad_after == 0)
    return;
  const ui::Ui& ui = stacks.context.ui;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(low(box), high(box), ui.theme->stage);
  ui::hatch(list, low(box), high(box), ui::with_alpha(ui.theme->text_faint, 0.28f), ui.dp(7), ui.hairline());
}

/// The picture of a plane, but not where the next one covers it: without a graphics card every pixel counts,
/// and of 64 planes nearly all are covered.
void draw_seen_part(const Stacks& stacks, int64_t channel, bool in_output, const TensorBox& source) {
  const auto next = static_cast<size_t>(channel) + 1;
  const auto clipped = [&](const scene::Rect& part) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->PushClipRect(low(part), high(part), true);
    draw_tensor_box(stacks.context, source);
    list->PopClipRect();
  };
  if (next == stacks.stage.planes.size() || stacks.glass(static_cast<int64_t>(next)))
    return draw_tensor_box(stacks.context, source);
  const ChannelPlane& nearer = stacks.stage.planes[next];
  const scene::Rect &box = source.box, &cover = in_output ? nearer.output : nearer.input;
  if (cover.x0 < box.x0 || cover.y0 < box.y0 || cover.x1 < box.x1 || cover.y1 < box.y1)
    return draw_tensor_box(stacks.context, source);
  // The border between the two may lie inside of a pixel; the picture's own borders are left as they are.
  constexpr float kPixel = 1, kFar = 2;
  clipped({box.x0 - kFar, box.y0 - kFar, box.x1 + kFar, std::min(cover.y0 + kPixel, box.y1 + kFar)});
  if (cover.y0 < box.y1)
    clipped({box.x0 - kFar, cover.y0, std::min(cover.x0 + kPixel, box.x1 + kFar), box.y1 + kFar});
}

void draw_plane(const Stacks& stacks, int64_t channel, bool in_output) {
  const ui::Ui& ui = stacks.context.ui;
  const TensorBox source = shown(stacks, channel, in_output);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const bool glass = stacks.glass(channel);
  if (!glass) {
    // Of a dense stack the outlines say enough.
    if (channel > 0 && stacks.stage.planes.size() <= 2 * kFewPlanes)
      ui::soft_shadow(list, low(source.box), high(source.box), 0, ui.theme->shadow, ui.dp(9), ui.dp(1));
    list->AddRectFilled(low(source.box), high(source.box), ui.theme->cell);
    if (!in_output) draw_padding(stacks, source.box);
  }
  draw_seen_part(stacks, channel, in_output, source);
  if (!glass) draw_tensor_numbers(stacks.context, source);
  const bool marked = stacks.pointed == channel || stacks.apart == channel;
  const float line = marked ? ui.dp(2) : ui.hairline();
  const bool dense = stacks.stage.planes.size() > 2 * kFewPlanes;
  const ImU32 plain = dense ? ui::with_alpha(ui.theme->text_faint, glass ? 0.15f : 0.4f)
                            : ui::with_alpha(ui.theme->panel, glass ? 0.35f : 0.75f);
  const ImU32 edge = marked ? ui.theme->primary : plain;
  ui::outline_outside(list, low(source.box), high(source.box), edge, 0, line);
}

bool overlaps(const scene::Rect& a, const scene::Rect& b) {
  return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}

/// A mark of cells that stays visible where they are smaller than a few pixels; nothing outside of its plane.
void draw_mark(const ui::Ui& ui, const scene::Rect& plane, scene::Rect mark, ImU32 color, float thickness) {
  if (!overlaps(plane, mark)) return;
  const float smallest = ui.dp(7);
  const auto centre = mark.centre();
  if (mark.width() < smallest) mark.x0 = centre.x - smallest / 2, mark.x1 = centre.x + smallest / 2;
  if (mark.height() < smallest) mark.y0 = centre.y - smallest / 2, mark.y1 = centre.y + smallest / 2;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float out = thickness + 1;
  list->PushClipRect({plane.x0 - out, plane.y0 - out}, {plane.x1 + out, plane.y1 + out}, true);
  ui::outline_outside(list, low(mark), high(mark), color, ui.dp(2), thickness);
  list->PopClipRect();
}

void draw_ribbon(const Stacks& stacks, int64_t channel) {
  const ui::Ui& ui = stacks.context.ui;
  const ChannelPlane& plane = stacks.stage.planes[static_cast<size_t>(channel)];
  const float phase = static_cast<float>(stacks.context.model.session.playback.phase());
  const float travelled = std::clamp((phase - scene::kTravelBegin) / (1 - scene::kTravelBegin), 0.0f, 1.0f);
  if (travelled <= 0 || !overlaps(plane.window, plane.input) || !overlaps(plane.cell, plane.output)) return;
  const ImVec2 from{plane.window.x1 + ui.dp(2), plane.window.centre().y};
  const ImVec2 to{plane.cell.x0 - ui.dp(3), plane.cell.centre().y};
  // Pale where it would cross out numbers.
  const bool numbers = shown(stacks, channel, false).cell_w() >= ui.dp(24);
  const float far = 1e5f, pale = numbers ? 0.35f : 1;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const auto part = [&](float x0, float x1, float strength) {
    list->PushClipRect({x0, -far}, {x1, far}, true);
    ui::curved_arrow(list, ui::make_ribbon(from, to),
                     ui::with_alpha(stacks.ribbon, strength * stacks.strength(channel)), ui.dp(1.6f),
                     ui.dp(9), travelled);
    list->PopClipRect();
  };
  if (!numbers) return part(-far, far, 1);
  part(-far, plane.input.x1, pale);
  part(plane.input.x1, plane.output.x0, 1);
  part(plane.output.x0, far, pale);
}

/// Where a nearer plane covers the window, its outline shows through, dashed.
void draw_covered_windows(const Stacks& stacks) {
  const ui::Ui& ui = stacks.context.ui;
  const auto& planes = stacks.stage.planes;
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (size_t c = 0; c + 1 < planes.size(); ++c) {
    const bool chosen = stacks.pointed == static_cast<int64_t>(c);
    if (planes.size() > kFewPlanes && !chosen) continue;
    if (stacks.apart && !chosen) continue;
    const auto dash = [&](const scene::Rect& mark, const scene::Rect& own, const scene::Rect& next,
                          ImU32 color) {
      if (!overlaps(mark, next) || !overlaps(mark, own)) return;
      const scene::Rect box = mark.width() < ui.dp(7) ? mark.inset((mark.width() - ui.dp(7)) / 2) : mark;
      ui::dashed_rect(list, low(box), high(box), ui::with_alpha(color, chosen ? 1.0f : 0.75f), ui.dp(1.25f));
    };
    dash(planes[c].window, planes[c].input, planes[c + 1].input, ui.theme->window.line);
    dash(planes[c].cell, planes[c].output, planes[c + 1].output, ui.theme->output.line);
  }
}

/// The channel's name on a small tag in the upper left corner of its plane.
void draw_name(const Stacks& stacks, int64_t channel, bool above) {
  const ui::Ui& ui = stacks.context.ui;
  const scene::Rect& box = stacks.stage.planes[static_cast<size_t>(channel)].input;
  const ui::SizedFont font = ui.fonts.sized(ui::Role::caption_bold);
  const std::string name = channel_name(stacks.context, stacks.run, channel);
  const float pad = ui.dp(5), height = font.size_px + ui.dp(2);
  // Beside the place where the first window is.
  const ImVec2 at{box.x0 + ui.dp(above ? 3 : 16), above ? box.y0 - height - ui.dp(3) : box.y0 + ui.dp(3)};
  const ImVec2 end{at.x + ui::text_width(font, name) + 2 * pad, at.y + height};
  ImDrawList* list = ImGui::GetWindowDrawList();
  const bool glass = stacks.glass(channel);
  list->AddRectFilled(at, end, ui::with_alpha(ui.theme->panel, glass ? 0.5f : 0.88f), ui.dp(4));
  ui::put_text(list, font, {at.x + pad, at.y + ui.dp(1)}, glass ? ui.theme->text_faint : ui.theme->text,
               name);
}

void draw_planes(const Stacks& stacks) {
  const ui::Ui& ui = stacks.context.ui;
  const ChannelsStage& stage = stacks.stage;
  const bool named = stage.planes.size() == 1 || stage.input_step_y >= ui.dp(19);
  for (size_t i = 0; i < stage.planes.size(); ++i) {
    const auto c = static_cast<int64_t>(i);
    const ChannelPlane& plane = stage.planes[i];
    draw_plane(stacks, c, false);
    draw_plane(stacks, c, true);
    const float strength = stacks.strength(c);
    draw_mark(ui, plane.input, plane.window, ui::with_alpha(ui.theme->window.line, strength), ui.dp(2.5f));
    draw_mark(ui, plane.output, plane.cell, ui::with_alpha(ui.theme->output.line, strength), ui.dp(2.5f));
    draw_ribbon(stacks, c);
    if (named && stage.planes.size() > 1) draw_name(stacks, c, false);
  }
  draw_covered_windows(stacks);
  const std::optional<int64_t> shown = stacks.pointed ? stacks.pointed : stacks.apart;
  if (shown && !named) draw_name(stacks, *shown, true);
}

/// The view of the document's input in cells of the run's, and back: feature maps may be made of a smaller
/// picture.
double cells_per_cell(const Stacks& stacks) {
  return static_cast<double>(stacks.run.plan.in.w) / static_cast<double>(stacks.context.model.plan().in.w);
}
ViewTransform scaled(const ViewTransform& view, double by) {
  return {view.centre_x * by, view.centre_y * by, view.zoom / by};
}

void zoom_and_pan(Stacks& stacks, const ui::HotArea& area, const scene::Rect& box, bool in_output) {
  const ImGuiIO& io = ImGui::GetIO();
  const ChannelsStage& stage = stacks.stage;
  const double back = 1 / cells_per_cell(stacks);
  if (area.hovered && io.MouseWheel != 0) {
    const scene::Point at =
        in_output ? stage.planes[0].input.centre() : scene::Point{io.MousePos.x, io.MousePos.y};
    const scene::Rect& around = in_output ? stage.planes[0].input : box;
    stacks.context.eye.view =
        scaled(scene::zoomed_view(stage.input_view, around, stage.zoom, stage.fit_zoom, at,
                                  std::pow(1.25, static_cast<double>(io.MouseWheel))),
               back);
  }
  if (area.held && (io.MouseDelta.x != 0 || io.MouseDelta.y != 0))
    stacks.context.eye.view = scaled(
        scene::panned_view(stage.input_view, stage.zoom, stage.fit_zoom, io.MouseDelta.x, io.MouseDelta.y),
        back);
}

/// The cell under the mouse of the plane that is seen there: its value beside the pointer; a click on an
/// output cell goes to its window.
void point_at_cell(Stacks& stacks, const ui::HotArea& area, int64_t channel, bool in_output) {
  LabContext& context = stacks.context;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const TensorBox source = shown(stacks, channel, in_output);
  const Shape& shape = source.tensor->shape();
  const auto column =
      static_cast<int64_t>(std::floor(source.x0 + (mouse.x - source.box.x0) / source.cell_w()));
  const auto row = static_cast<int64_t>(std::floor(source.y0 + (mouse.y - source.box.y0) / source.cell_h()));
  if (row < 0 || column < 0 || row >= shape.h || column >= shape.w) return;
  draw_pointer_note(context, channel_name(context, stacks.run, channel) + "  (" + std::to_string(row) + ", " +
                                 std::to_string(column) + ")  " + tensor_value(source, row, column));
  if (in_output && area.clicked)
    context.outbox.post(command::Seek{
        scene::first_at_place(context.model.plan(), stacks.run.plan, row * shape.w + column), false});
}

/// A click takes the channel out of the stack, and another one puts it back.
void choose(Stacks& stacks, int64_t channel, bool in_output) {
  bool& apart = stacks.context.state.channels.apart;
  const bool same = chosen_channel(stacks.context.model.document) == channel;
  apart = in_output || !(same && apart);
  if (!same) choose_channel(stacks.context, channel);
}

void react_to_mouse(Stacks& stacks) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  for (const bool in_output : {false, true}) {
    const scene::Rect& box = in_output ? stacks.stage.output_stack : stacks.stage.input_stack;
    const ui::HotArea area =
        ui::hot_area(stacks.context.ui, in_output ? "channels.out" : "channels.in", to_ui(box), "stack");
    const auto channel = scene::channel_at(stacks.stage, {mouse.x, mouse.y}, in_output, stacks.apart);
    const auto& planes = stacks.stage.planes;
    const auto& plane = planes[static_cast<size_t>(channel.value_or(0))];
    zoom_and_pan(stacks, area, in_output ? plane.output : plane.input, in_output);
    if (!area.hovered || !channel) continue;
    if (planes.size() > 1) stacks.pointed = channel;
    point_at_cell(stacks, area, *channel, in_output);
    const bool dragged = ImGui::GetIO().MouseDragMaxDistanceSqr[0] >= 16;
    if (area.clicked && !dragged && planes.size() > 1) choose(stacks, *channel, in_output);
  }
}

void record_planes(const Stacks& stacks) {
  ui::Ui& ui = stacks.context.ui;
  if (ui.probe == nullptr) return;
  const std::optional<int64_t> chosen = chosen_channel(stacks.context.model.document);
  for (size_t i = 0; i < stacks.stage.planes.size(); ++i)
    for (const bool in_output : {false, true}) {
      const auto c = static_cast<int64_t>(i);
      const std::string key = std::string(in_output ? "channels.out." : "channels.in.") + std::to_string(c);
      ui.record(key, "plane", channel_name(stacks.context, stacks.run, c),
                to_ui(scene::uncovered(stacks.stage, c, in_output)), true, chosen == c);
    }
}

std::string spaced_shape(const Shape& shape) {
  return std::to_string(shape.c) + " × " + std::to_string(shape.h) + " × " + std::to_string(shape.w);
}

/// Above each stack how many channels it has, and their shape; below the second one the point of it all.
void draw_words(const Stacks& stacks, ui::Rect area) {
  LabContext& context = stacks.context;
  const ChannelsRun& run = stacks.run;
  const ChannelsStage& stage = stacks.stage;
  const int64_t channels = run.plan.in.c;
  const auto title = [&](const char* one, const char* many) {
    return context.say(Message(channels == 1 ? one : many).with("channels", channels));
  };
  std::string source = spaced_shape(run.plan.in);
  if (run.reduced_by > 1)
    source = context.say(Message("channels.reduced").with("shape", source).with("by", run.reduced_by));
  const float gap = context.ui.dp(18), out_x = stage.output_stack.x0;
  const float y = std::min(stage.input_stack.y0, stage.output_stack.y0) - context.ui.dp(kHeading);
  draw_heading(context, {stage.input_stack.x0, y}, title("channels.in.one", "channels.in.many"), source,
               out_x - stage.input_stack.x0 - gap);
  draw_heading(context, {out_x, y}, title("channels.out.one", "channels.out.many"),
               spaced_shape({1, channels, run.plan.out.h, run.plan.out.w}), area.max.x + gap - out_x);
  const ui::SizedFont font = context.ui.fonts.sized(ui::Role::caption);
  const std::string& point = context.text(channels == 1 ? "channels.point.one" : "channels.point");
  const float x = std::max(area.min.x, std::min(out_x, area.max.x - ui::text_width(font, point)));
  // Where it would lie over the first stack it goes below both.
  const bool beside = x >= stage.input_stack.x1 + gap;
  const float below = beside ? stage.output_stack.y1 : std::max(stage.input_stack.y1, stage.output_stack.y1);
  ui::put_text(ImGui::GetWindowDrawList(), font, {x, below + context.ui.dp(10)}, context.ui.theme->text_faint,
               ui::fitted(font, point, area.max.x - x));
}

}  // namespace

void draw_channel_stacks(LabContext& context, ui::Rect area, const ChannelsRun& run) {
  const ui::Ui& ui = context.ui;
  const Document& document = context.model.document;
  Stacks stacks{context, run, {}, std::nullopt, std::nullopt};
  const scene::Rect room{area.min.x, area.min.y + ui.dp(kHeading), area.max.x, area.max.y - ui.dp(kCaption)};
  const ViewTransform view = scaled(context.model.session.view, cells_per_cell(stacks));
  stacks.stage = scene::build_channels_stage(room, run.plan, run.image, document.channels.spread, view,
                                             channels_clock(context.model, run), ui.scale());
  const std::optional<int64_t> chosen = chosen_channel(document);
  if (context.state.channels.apart && chosen && *chosen < run.plan.in.c && run.plan.in.c > 1)
    stacks.apart = chosen;
  stacks.ribbon = kind_info(run.plan.spec.kind).selects ? ui.theme->winner.line : ui.theme->window.line;
  react_to_mouse(stacks);
  draw_planes(stacks);
  draw_words(stacks, area);
  record_planes(stacks);
}

}  // namespace poolscope
