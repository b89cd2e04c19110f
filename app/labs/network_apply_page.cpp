// Step 5 of the Network lab: every layer's values for the picture on the right.

#include <algorithm>
#include <cmath>

#include "app/labs/compare_lab.h"
#include "app/labs/network_lab.h"
#include "app/labs/tensor_box.h"
#include "app/ui/item.h"
#include "app/ui/shapes.h"

namespace poolscope {

namespace {

/// The smallest and largest value, for the ends of the colours.
ValueRange range_of(const Tensor& tensor) {
  ValueRange range{tensor.data()[0], tensor.data()[0]};
  for (const float value : tensor.values()) {
    range.min = std::min(range.min, value);
    range.max = std::max(range.max, value);
  }
  if (range.min == range.max) range.max = range.min + 1;
  return range;
}

/// One channel of a layer's values.
void draw_map(LabContext& context, const TensorPtr& values, int64_t channel, ui::Rect box, ValueRange range,
              bool grey) {
  PictureView view;
  view.tensor = values;
  view.screen_x0 = box.min.x, view.screen_y0 = box.min.y;
  view.screen_x1 = box.max.x, view.screen_y1 = box.max.y;
  view.x1 = static_cast<double>(values->shape().w);
  view.y1 = static_cast<double>(values->shape().h);
  view.channel = static_cast<int>(channel);
  view.map = grey ? Colormap::grey : Colormap::viridis;
  view.range = range;
  view.grid = false;
  context.painter.draw(ImGui::GetWindowDrawList(), view);
}

void note_value(LabContext& context, const Tensor& values, int64_t channel, ui::Rect box) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const Shape& shape = values.shape();
  const auto at = [](float offset, float extent, int64_t cells) {
    return std::clamp<int64_t>(static_cast<int64_t>(offset / extent * static_cast<float>(cells)), 0,
                               cells - 1);
  };
  const int64_t x = at(mouse.x - box.min.x, box.width(), shape.w),
                y = at(mouse.y - box.min.y, box.height(), shape.h);
  draw_pointer_note(
      context,
      context.say(Message("network.value")
                      .with("channel", channel)
                      .with("row", y)
                      .with("column", x)
                      .with("value", format_short(static_cast<double>(values.at(0, channel, y, x)), 4))));
}

/// All channels of spatial values in rows; true where one was clicked.
bool draw_maps(LabContext& context, const std::string& key, const TensorPtr& values, float width, bool grey) {
  ui::Ui& ui = context.ui;
  const Shape& shape = values->shape();
  const float gap = ui.dp(5);
  const float fitting = (width + gap) / static_cast<float>(shape.c) - gap;
  const float side = std::floor(std::clamp(fitting, ui.dp(40), ui.dp(76)));
  const auto columns = std::max<int64_t>(1, static_cast<int64_t>((width + gap) / (side + gap)));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ValueRange range = grey ? ValueRange{0, 1} : range_of(*values);
  bool clicked = false;
  for (int64_t c = 0; c < shape.c; ++c) {
    const ImVec2 corner{at.x + static_cast<float>(c % columns) * (side + gap),
                        at.y + static_cast<float>(c / columns) * (side + gap)};
    const ui::Rect box{corner, {corner.x + side, corner.y + side}};
    draw_map(context, values, c, box, range, grey);
    const ui::HotArea area = ui::hot_area(ui, key + "." + std::to_string(c), box, "map");
    if (area.hovered) {
      ui::outline_outside(ImGui::GetWindowDrawList(), box.min, box.max, ui.theme->primary, 0, ui.dp(2));
      note_value(context, *values, c, box);
    }
    clicked |= area.clicked;
  }
  const auto rows = static_cast<float>((shape.c + columns - 1) / columns);
  ImGui::Dummy({width, rows * (side + gap)});
  return clicked;
}

/// A flat row as cells; scores with the names of their classes.
void draw_row(LabContext& context, const Tensor& values, float width, const std::vector<std::string>* names) {
  ui::Ui& ui = context.ui;
  const auto count = static_cast<int64_t>(values.count());
  const ValueRange range = range_of(values);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float cell =
      std::clamp(std::floor(width / static_cast<float>(count)), ui.dp(3), ui.dp(names ? 44 : 12));
  const auto columns = std::max<int64_t>(1, static_cast<int64_t>(width / cell));
  const float height = names ? ui.dp(30) : std::max(cell, ui.dp(10));
  // More would be a wall: what is left out is said.
  const int64_t shown = std::min(count, columns * 6);
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (int64_t i = 0; i < shown; ++i) {
    const float value = values.data()[i];
    const Rgb8 color = colormap_at(Colormap::viridis, colormap_position(Colormap::viridis, value, range));
    const ImU32 packed = IM_COL32(color.r, color.g, color.b, 255);
    const ImVec2 corner{at.x + static_cast<float>(i % columns) * cell,
                        at.y + static_cast<float>(i / columns) * height};
    list->AddRectFilled(corner, {corner.x + cell - 1, corner.y + height - 1}, packed);
    if (names == nullptr || cell < ui.dp(18)) continue;
    const ui::SizedFont font = ui.fonts.sized(ui::Role::caption_bold);
    ui::put_centered(list, font, {corner, {corner.x + cell - 1, corner.y + height - 1}},
                     ui::readable_on(packed), (*names)[static_cast<size_t>(i)]);
  }
  ImGui::Dummy({width, static_cast<float>((shown + columns - 1) / columns) * height});
  if (shown < count)
    ui::text(ui, ui::Role::caption, ui.theme->text_faint,
             context.say(Message("network.more").with("count", format_count(count - shown))));
}

/// A layer: its name, what comes out, and for pooling the way into the Window lab.
void draw_layer(LabContext& context, const ApplyRun& run, size_t layer, float width) {
  ui::Ui& ui = context.ui;
  const LayerPlan& plan = run.request.plan->layers[layer];
  const bool pools = plan.pool.has_value();
  const std::string key = "network.maps." + std::to_string(layer + 1);
  ui::CardOptions options;
  options.padding = ui.dp(10);
  options.shadow = false;
  if (pools) options.fill = ui.theme->window.fill, options.border = ui.theme->window.line;
  ui::begin_card(ui, key, options);
  const float inside = width - 2 * options.padding;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ui::text(ui, ui::Role::body_bold, ui.theme->text, layer_title(context, plan.layer));
  ui::same_line(ui, 2);
  ui::text(ui, ui::Role::caption, ui.theme->text_faint, shape_short(plan.in) + " → " + shape_short(plan.out));
  bool open = false;
  if (pools) {
    const std::string& words = context.text("network.open_layer");
    const float button = ui::button_width(ui, words);
    const ImVec2 below = ImGui::GetCursorScreenPos();
    ImGui::SetCursorScreenPos({at.x + inside - button, at.y - ui.dp(5)});
    open = ui::button(ui, "network.open." + std::to_string(layer + 1), words, {.height = ui.dp(28)});
    ImGui::SetCursorScreenPos({below.x, std::max(below.y, at.y + ui.dp(26))});
  }
  const TensorPtr& values = run.values[layer + 1];
  const bool last = layer + 1 == run.request.plan->layers.size();
  const NetworkRun* shown = context.model.network.shown();
  if (plan.out.h == 1 && plan.out.w == 1)
    draw_row(context, *values, inside, last ? &shown->classes : nullptr);
  else
    open |= draw_maps(context, key, values, inside, false) && pools;
  ui::end_card(ui);
  ui::gap(ui, 1.5f);
  if (open) order_network(context, NetworkOrder::open_layer, static_cast<int64_t>(layer));
}

}  // namespace

void draw_network_apply(LabContext& context, float) {
  ui::Ui& ui = context.ui;
  const NetworkRun* run = context.model.network.shown();
  const std::shared_ptr<const ApplyRun>& answer = context.model.network.apply.latest();
  if (run == nullptr || !answer || answer->request.plan != run->plan) {
    ui::begin_card(ui, "network.card.none", {});
    if (run == nullptr)
      draw_train_first(context, "network.apply.train");
    else
      ui::paragraph(ui, context.text("network.draw_hint"), ui::Role::body, ui.theme->text_soft);
    ui::end_card(ui);
    return;
  }
  const float width = ui::available_width(ui);
  ui::paragraph(ui, context.text("network.inside.text"), ui::Role::body, ui.theme->text_soft);
  ui::gap(ui, 2);
  ui::CardOptions options;
  options.padding = ui.dp(10);
  options.shadow = false;
  ui::begin_card(ui, "network.maps.0", options);
  ui::text(ui, ui::Role::body_bold, ui.theme->text, context.text("network.layer.input"));
  ui::same_line(ui, 2);
  ui::text(ui, ui::Role::caption, ui.theme->text_faint, shape_short(run->plan->spec.input));
  draw_maps(context, "network.maps.0", answer->values[0], width - 2 * options.padding, true);
  ui::end_card(ui);
  ui::gap(ui, 1.5f);
  for (size_t layer = 0; layer < run->plan->layers.size(); ++layer) {
    // Flatten changes no value, only how they are counted.
    if (std::holds_alternative<Flatten>(run->plan->layers[layer].layer)) continue;
    draw_layer(context, *answer, layer, width);
  }
}

}  // namespace poolscope
