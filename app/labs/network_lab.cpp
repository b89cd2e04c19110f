// The Network lab: pictures in, a trained network out, and every pooling layer in it to look at.

#include "app/labs/network_lab.h"

#include <algorithm>

#include "app/labs/frame.h"
#include "app/scene/network_stage.h"
#include "app/ui/item.h"
#include "app/ui/shapes.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

constexpr const char* kPages[] = {"data", "network", "train", "evaluate", "apply"};

void draw_pages(LabContext& context) {
  ui::Ui& ui = context.ui;
  const auto present = static_cast<int>(context.model.session.network_page);
  const float width = ui::column_width(ui, 5, 2.5f);
  for (int i = 0; i < 5; ++i) {
    if (i > 0) ui::same_line(ui, 2.5f);
    const std::string name = kPages[i];
    ui::ButtonOptions options;
    options.width = width;
    options.kind = i == present ? ui::ButtonKind::primary : ui::ButtonKind::normal;
    const std::string hint = context.texts.get("network.page." + name + ".hint");
    options.tooltip = hint;
    std::string words = std::to_string(i + 1) + " " + context.texts.get("network.page." + name);
    if (ui::text_width(ui.fonts.sized(ui::Role::control_bold), words) + ui.sp(4) > width)
      words = context.texts.get("network.page." + name);
    if (ui::button(ui, "network.page." + name, words, options))
      show_network_page(context, static_cast<NetworkPage>(i));
  }
}

/// One card of the strip.
struct LayerCard {
  std::string title, shape, parameters;
  bool pools = false, wrong = false, selected = false;
  float width(const ui::Ui& ui) const {
    const float widest = std::max({ui::text_width(ui.fonts.sized(ui::Role::control_bold), title),
                                   ui::text_width(ui.fonts.sized(ui::Role::caption), shape),
                                   ui::text_width(ui.fonts.sized(ui::Role::caption), parameters)});
    return std::ceil(widest) + ui.dp(9);
  }
};

std::vector<LayerCard> layer_cards(const LabContext& context, const NetworkCheck& check) {
  std::vector<LayerCard> cards;
  cards.push_back({context.text("network.layer.input"), shape_short(check.plan.spec.input), {}});
  for (size_t i = 0; i < check.plan.spec.layers.size(); ++i) {
    LayerCard card;
    const Layer& layer = check.plan.spec.layers[i];
    card.title = layer_title(context, layer);
    card.pools = std::holds_alternative<Pool>(layer) || std::holds_alternative<GlobalAverage>(layer);
    card.wrong = check.wrong_layer == static_cast<int64_t>(i);
    if (i < check.plan.layers.size()) {
      const LayerPlan& plan = check.plan.layers[i];
      card.shape = shape_short(plan.out);
      if (plan.parameters() > 0 || card.pools)
        card.parameters =
            context.say(Message("network.parameters").with("count", format_count(plan.parameters())));
    } else {
      card.shape = "?";
    }
    cards.push_back(std::move(card));
  }
  return cards;
}

/// True where it was clicked.
bool draw_card(LabContext& context, const LayerCard& card, size_t index, ui::Rect rect) {
  ui::Ui& ui = context.ui;
  const ui::Theme& theme = *ui.theme;
  const std::string key = "network.layer." + std::to_string(index);
  const ui::HotArea area =
      ui::hot_area(ui, key, rect, "layer", card.title + " " + card.shape, index > 0, true);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImU32 fill = card.pools ? theme.window.fill : area.hovered ? theme.control_hover : theme.panel;
  const ImU32 border = card.wrong      ? theme.danger
                       : card.selected ? theme.primary
                       : card.pools    ? theme.window.line
                                       : theme.hairline;
  const bool thick = card.wrong || card.selected || card.pools;
  ui::frame(list, rect.min, rect.max, fill, border, ui.dp(6), thick ? ui.dp(2) : ui.hairline());
  if (area.focused) ui::outline_outside(list, rect.min, rect.max, theme.focus, ui.dp(8), ui.dp(2));
  const auto line = [&](const std::string& words, ui::Role role, ImU32 color, float y) {
    const ui::SizedFont font = ui.fonts.sized(role);
    const std::string fits = ui::fitted(font, words, rect.width() - ui.dp(4));
    ui::put_text(list, font, {std::round(rect.center().x - ui::text_width(font, fits) / 2), rect.min.y + y},
                 color, fits);
  };
  line(card.title, ui::Role::control_bold, card.wrong ? theme.danger : theme.text, ui.dp(6));
  line(card.shape, ui::Role::caption, theme.text_soft, ui.dp(24));
  line(card.parameters, ui::Role::caption, theme.text_faint, ui.dp(40));
  return area.clicked;
}

/// What a click on a layer of the strip means: on the editor's page it is chosen, elsewhere its values are
/// shown; those of a pooling layer in the Window lab.
void use_layer(LabContext& context, size_t layer, const LayerCard& card) {
  if (context.model.session.network_page == NetworkPage::network) {
    context.state.network.layer = static_cast<int>(layer);
    return;
  }
  const NetworkRun* run = context.model.network.shown();
  const std::shared_ptr<const ApplyRun>& values = context.model.network.apply.latest();
  const bool there = run != nullptr && values && values->request.plan == run->plan &&
                     run->plan->spec == lab_network(context);
  if (there && card.pools)
    return order_network(context, NetworkOrder::open_layer, static_cast<int64_t>(layer));
  if (there) return show_network_page(context, NetworkPage::apply);
  context.state.network.layer = static_cast<int>(layer);
  show_network_page(context, NetworkPage::network);
}

void draw_strip(LabContext& context, const NetworkCheck& check) {
  ui::Ui& ui = context.ui;
  std::vector<LayerCard> cards = layer_cards(context, check);
  const bool editing = context.model.session.network_page == NetworkPage::network;
  const auto chosen = static_cast<size_t>(context.state.network.layer + 1);
  if (editing && chosen > 0 && chosen < cards.size()) cards[chosen].selected = true;
  std::vector<float> widths;
  for (const LayerCard& card : cards)
    widths.push_back(card.width(ui));
  const float gap = ui.dp(4), room = ui::available_width(ui), height = ui.dp(60);
  const std::vector<size_t> rows = scene::rows_of_cards(widths, room, gap);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  float y = at.y;
  size_t next = 0;
  for (const size_t count : rows) {
    float used = gap * static_cast<float>(count - 1);
    for (size_t i = next; i < next + count; ++i)
      used += widths[i];
    // Spare room is shared, but few cards do not become bars.
    const float spare = std::clamp((room - used) / static_cast<float>(count), 0.0f, ui.dp(64));
    float x = at.x;
    for (size_t i = next; i < next + count; ++i) {
      const float width = std::floor(std::min(widths[i] + spare, room));
      const ui::Rect rect{{std::round(x), y}, {std::round(x) + width, y + height}};
      if (draw_card(context, cards[i], i, rect) && i > 0) use_layer(context, i - 1, cards[i]);
      x += width + gap;
    }
    next += count;
    y += height + gap;
  }
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({room, y - gap - at.y});
}

/// The engine's sentence about a network that cannot be.
void draw_problem(LabContext& context, const NetworkCheck& check) {
  if (check.ok()) return;
  ui::Ui& ui = context.ui;
  ui::gap(ui, 1);
  const std::string words = context.say(check.error);
  ui::paragraph(ui, words, ui::Role::body, ui.theme->danger);
  ui.record("network.problem", "text", words, {});
}

}  // namespace

std::string shape_short(const Shape& shape) {
  if (shape.h == 1 && shape.w == 1) return std::to_string(shape.c);
  return std::to_string(shape.c) + "×" + std::to_string(shape.h) + "×" + std::to_string(shape.w);
}

std::string layer_title(const LabContext& context, const Layer& layer) {
  const auto by = [](Size2 size) { return std::to_string(size.h) + "×" + std::to_string(size.w); };
  if (const Conv2d* conv = std::get_if<Conv2d>(&layer)) {
    const std::string title = context.text("network.layer.conv2d") + " " + by(conv->window);
    return conv->stride == Size2{1, 1} ? title : title + " /" + std::to_string(conv->stride.h);
  }
  if (const Pool* pool = std::get_if<Pool>(&layer)) {
    const KindInfo& info = kind_info(pool->spec.kind);
    const std::string name = context.texts.get("kind." + std::string(info.name));
    return info.uses(kWindow) ? name + " " + by(pool->spec.window) : name;
  }
  if (const Dropout* dropout = std::get_if<Dropout>(&layer))
    return context.text("network.layer.dropout") + " " + format_short(dropout->rate, 2);
  return context.texts.get("network.layer." + std::string(layer_name(layer)));
}

NetworkSpec lab_network(const LabContext& context) {
  const Document& document = context.model.document;
  const NetworkSetup& setup = document.network;
  Shape shape{1, 1, 28, 28};
  int64_t classes = 10;
  if (setup.data.source == DataSource::folder)
    shape = {1, setup.data.colour ? 3 : 1, setup.data.side, setup.data.side};
  if (const auto data = context.model.network.data_for(document)) {
    shape = data->train->shape;
    classes = static_cast<int64_t>(data->train->classes.size());
  }
  return network_of(setup, shape, classes);
}

void edit_network(const LabContext& context, NetworkSetup setup) {
  Document document = context.model.document;
  document.network = std::move(setup);
  context.edit(std::move(document));
}

void edit_network(const LabContext& context, NetworkSetup setup, const ui::SliderChange& change) {
  Document document = context.model.document;
  document.network = std::move(setup);
  context.edit(std::move(document), change);
}

void draw_train_first(LabContext& context, const char* key) {
  ui::Ui& ui = context.ui;
  ui::paragraph(ui, context.text("network.train_first"), ui::Role::body, ui.theme->text_soft);
  ui::gap(ui, 2);
  ui::ButtonOptions options;
  options.kind = ui::ButtonKind::primary;
  options.enabled = !context.model.network.training() && !context.model.network.waits_for_data();
  if (ui::button(ui, key, context.text("network.train"), options))
    order_network(context, NetworkOrder::train);
}

void draw_network_lab(LabContext& context, ui::Rect stage) {
  ui::Ui& ui = context.ui;
  const float margin = std::min(ui.sp(7), stage.width() * 0.04f);
  ui::PanelOptions options;
  options.background = ui.theme->stage;
  options.padding = {margin, ui.sp(5)};
  ui::begin_panel(ui, "panel.stage", stage, options);
  context.eye.hovered.reset();
  draw_pages(context);
  ui::gap(ui, 3);
  const float bottom = stage.max.y - ui.sp(5);
  const NetworkPage page = context.model.session.network_page;
  if (page == NetworkPage::network || page == NetworkPage::train) {
    const NetworkCheck check = check_network(lab_network(context));
    draw_strip(context, check);
    draw_problem(context, check);
    ui::gap(ui, 3);
    if (page == NetworkPage::network)
      draw_network_editor(context, check);
    else
      draw_network_training(context, bottom);
  } else if (page == NetworkPage::data) {
    draw_network_data(context, bottom);
  } else if (page == NetworkPage::evaluate) {
    draw_network_evaluation(context, bottom);
  } else {
    draw_network_apply(context, bottom);
  }
  ui::end_panel(ui);
  // While something comes from other threads, a few frames a second are enough.
  if (context.model.network.busy()) ui.want_frame_in(0.08);
}

ui::Rect draw_network_return(LabContext& context, ui::Rect stage) {
  const int64_t layer = context.model.document.input.network_layer;
  if (layer == 0) return stage;
  ui::Ui& ui = context.ui;
  const float height = ui.control_height() + ui.sp(4);
  ui::PanelOptions panel;
  panel.background = ui.theme->window.fill;
  panel.hairline = ui::Edge::bottom;
  panel.padding = {ui.sp(5), ui.sp(2)};
  panel.scroll = false;
  ui::begin_panel(ui, "panel.network_return", {stage.min, {stage.max.x, stage.min.y + height}}, panel);
  ui::ButtonOptions options;
  options.icon = ui::Icon::chevron_left;
  if (ui::button(ui, "network.back", context.text("network.back"), options))
    context.outbox.post(command::SetLab{"network"});
  ui::same_line(ui, 3);
  const std::string words = context.say(Message("input.network").with("layer", layer));
  const ui::SizedFont font = ui.fonts.sized(ui::Role::body);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ui::put_text(ImGui::GetWindowDrawList(), font, {at.x, at.y + (ui.control_height() - font.size_px) / 2},
               ui.theme->window.text, ui::fitted(font, words, ui.right_edge() - at.x));
  ui::end_panel(ui);
  return {{stage.min.x, stage.min.y + height}, stage.max};
}

}  // namespace poolscope
