// Step 2 of the Network lab: layers are added, removed, moved and changed; shapes and counts follow at once.

#include <algorithm>
#include <cmath>

#include "app/labs/network_lab.h"
#include "app/model/limits.h"
#include "app/ui/item.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

/// Posts the layers as edited by hand.
void set_layers(const LabContext& context, std::vector<Layer> layers) {
  NetworkSetup setup = context.model.document.network;
  setup.layers = std::move(layers);
  edit_network(context, std::move(setup));
}

void set_layer(const LabContext& context, size_t index, Layer layer, const ui::SliderChange& change) {
  NetworkSetup setup = context.model.document.network;
  std::vector<Layer> layers = lab_network(context).layers;
  layers[index] = std::move(layer);
  setup.layers = std::move(layers);
  edit_network(context, std::move(setup), change);
}

/// A slider of a whole number of the chosen layer.
template <class Set>
void draw_number(LabContext& context, const char* key, const char* label, double value, double low,
                 double high, size_t index, Set set) {
  ui::SliderOptions options;
  options.min = low;
  options.max = high;
  options.step = 1;
  const std::string shown = std::to_string(std::llround(value));
  options.value_text = shown;
  const auto change = ui::slider(context.ui, key, context.text(label), value, options);
  if (change.edited) set_layer(context, index, set(std::llround(change.value)), change);
}

void draw_conv(LabContext& context, const Conv2d& conv, size_t index) {
  draw_number(context, "network.edit.channels", "network.edit.channels", static_cast<double>(conv.channels),
              1, 64, index, [conv](int64_t value) {
                Conv2d next = conv;
                next.channels = value;
                return next;
              });
  draw_number(context, "network.edit.window", "network.edit.window", static_cast<double>(conv.window.h), 1,
              11, index, [conv](int64_t value) {
                Conv2d next = conv;
                next.window = {value, value};
                next.padding = {std::min(next.padding.h, value - 1), std::min(next.padding.w, value - 1)};
                return next;
              });
  draw_number(context, "network.edit.stride", "network.edit.stride", static_cast<double>(conv.stride.h), 1, 4,
              index, [conv](int64_t value) {
                Conv2d next = conv;
                next.stride = {value, value};
                return next;
              });
  draw_number(context, "network.edit.padding", "network.edit.padding", static_cast<double>(conv.padding.h), 0,
              std::max(1.0, static_cast<double>(conv.window.h - 1)), index, [conv](int64_t value) {
                Conv2d next = conv;
                next.padding = {std::min(value, conv.window.h - 1), std::min(value, conv.window.w - 1)};
                return next;
              });
}

void draw_pool(LabContext& context, const Pool& pool, size_t index, const Shape& in) {
  ui::Ui& ui = context.ui;
  std::vector<ui::Choice> choices;
  int selected = 0;
  for (const KindInfo& info : all_kinds()) {
    if (info.kind == pool.spec.kind) selected = static_cast<int>(choices.size());
    const std::string name(info.name);
    choices.push_back(
        {name, context.texts.get("kind." + name), true, context.texts.get("kind." + name + ".hint")});
  }
  if (const auto chosen = ui::dropdown(ui, "network.edit.kind", choices, selected, -1)) {
    std::vector<Layer> layers = lab_network(context).layers;
    const std::vector<Layer> changed =
        with_kind({in, {pool}}, all_kinds()[static_cast<size_t>(*chosen)].kind);
    layers[index] = changed[0];
    set_layers(context, std::move(layers));
  }
  ui::gap(ui, 1);
  const KindInfo& info = kind_info(pool.spec.kind);
  const PoolSpec& spec = pool.spec;
  if (info.uses(kWindow))
    draw_number(context, "network.edit.window", "network.edit.window", static_cast<double>(spec.window.h), 1,
                8, index, [pool](int64_t value) {
                  Pool next = pool;
                  next.spec.window = {value, value};
                  next.spec.padding = {std::min(next.spec.padding.h, value / 2),
                                       std::min(next.spec.padding.w, value / 2)};
                  return next;
                });
  if (info.uses(kStride))
    draw_number(context, "network.edit.stride", "network.edit.stride", static_cast<double>(spec.stride.h), 1,
                8, index, [pool](int64_t value) {
                  Pool next = pool;
                  next.spec.stride = {value, value};
                  return next;
                });
  if (info.uses(kPadding))
    draw_number(context, "network.edit.padding", "network.edit.padding", static_cast<double>(spec.padding.h),
                0, 4, index, [pool](int64_t value) {
                  Pool next = pool;
                  const int64_t most = next.spec.window.h / 2;
                  next.spec.padding = {std::min(value, most), std::min(value, most)};
                  return next;
                });
  if (info.uses(kOutputSize))
    draw_number(context, "network.edit.output", "network.edit.output",
                static_cast<double>(spec.output_size.h), 1, 16, index, [pool](int64_t value) {
                  Pool next = pool;
                  next.spec.output_size = {value, value};
                  return next;
                });
}

void draw_dropout(LabContext& context, const Dropout& dropout, size_t index) {
  ui::SliderOptions options;
  options.min = 0;
  options.max = 0.9;
  options.step = 0.05;
  const std::string shown = format_short(dropout.rate, 2);
  options.value_text = shown;
  const auto change =
      ui::slider(context.ui, "network.edit.rate", context.text("network.edit.rate"), dropout.rate, options);
  if (change.edited) set_layer(context, index, Dropout{change.value}, change);
}

/// What can be set about a layer.
void draw_parameters(LabContext& context, const NetworkCheck& check, size_t index) {
  ui::Ui& ui = context.ui;
  const Layer& layer = check.plan.spec.layers[index];
  const bool last = index + 1 == check.plan.spec.layers.size();
  if (const Conv2d* conv = std::get_if<Conv2d>(&layer)) return draw_conv(context, *conv, index);
  if (const Pool* pool = std::get_if<Pool>(&layer)) {
    const Shape in = index == 0                             ? check.plan.spec.input
                     : index - 1 < check.plan.layers.size() ? check.plan.layers[index - 1].out
                                                            : check.plan.spec.input;
    return draw_pool(context, *pool, index, in);
  }
  if (const Dropout* dropout = std::get_if<Dropout>(&layer)) return draw_dropout(context, *dropout, index);
  if (const Dense* dense = std::get_if<Dense>(&layer); dense != nullptr && !last)
    return draw_number(context, "network.edit.units", "network.edit.units", static_cast<double>(dense->units),
                       2, 512, index, [dense = *dense](int64_t value) {
                         Dense next = dense;
                         next.units = value;
                         return next;
                       });
  const std::string name(layer_name(layer));
  ui::paragraph(ui,
                context.texts.get(last && name == "dense" ? "network.about.last" : "network.about." + name),
                ui::Role::body, ui.theme->text_soft);
}

void draw_moves(LabContext& context, const std::vector<Layer>& layers, size_t index) {
  ui::Ui& ui = context.ui;
  int& chosen = context.state.network.layer;
  const auto tool = [&](const char* key, ui::Icon icon, const char* words, bool enabled) {
    ui::ButtonOptions options;
    options.enabled = enabled;
    return ui::icon_button(ui, key, icon, context.text(words), options);
  };
  if (tool("network.edit.left", ui::Icon::chevron_left, "network.edit.left", index > 0)) {
    std::vector<Layer> next = layers;
    std::swap(next[index], next[index - 1]);
    --chosen;
    set_layers(context, std::move(next));
  }
  ui::same_line(ui, 1);
  if (tool("network.edit.right", ui::Icon::chevron_right, "network.edit.right", index + 1 < layers.size())) {
    std::vector<Layer> next = layers;
    std::swap(next[index], next[index + 1]);
    ++chosen;
    set_layers(context, std::move(next));
  }
  ui::same_line(ui, 1);
  ui::ButtonOptions options;
  options.enabled = layers.size() > 1;
  if (ui::button(ui, "network.edit.remove", context.text("network.edit.remove"), options)) {
    std::vector<Layer> next = layers;
    next.erase(next.begin() + static_cast<std::ptrdiff_t>(index));
    set_layers(context, std::move(next));
  }
}

void draw_additions(LabContext& context, const std::vector<Layer>& layers, size_t index) {
  ui::Ui& ui = context.ui;
  ui::section(ui, context.text("network.edit.add"));
  bool first = true;
  const bool full = static_cast<int64_t>(layers.size()) >= kMostLayers;
  for (const std::string_view name : layer_names()) {
    const std::string words = context.texts.get("network.layer." + std::string(name));
    if (!first) ui::flow(ui, ui::chip_width(ui, words));
    first = false;
    ui::ChipOptions options;
    options.enabled = !full;
    if (!ui::chip(ui, "network.add." + std::string(name), words, options)) continue;
    std::vector<Layer> next = layers;
    next.insert(next.begin() + static_cast<std::ptrdiff_t>(std::min(index + 1, layers.size())),
                new_layer(name));
    context.state.network.layer = static_cast<int>(index) + 1;
    set_layers(context, std::move(next));
  }
}

void draw_totals(LabContext& context, const NetworkCheck& check) {
  ui::Ui& ui = context.ui;
  ui::section(ui, context.text("network.totals"));
  ui::fact(ui, "network.total.layers", context.text("network.total.layers"),
           std::to_string(check.plan.spec.layers.size()));
  ui::fact(ui, "network.total.parameters", context.text("network.total.parameters"),
           format_count(check.plan.parameters));
  int64_t pooling = 0, values = 0;
  for (const LayerPlan& layer : check.plan.layers) {
    if (layer.pool) pooling += layer.parameters();
    values += layer.out.count();
  }
  ui::fact(ui, "network.total.pooling", context.text("network.total.pooling"), format_count(pooling));
  ui::fact(ui, "network.total.values", context.text("network.total.values"), format_count(values));
  if (context.model.document.network.layers) {
    ui::gap(ui, 1);
    if (ui::link(ui, "network.edit.reset", context.text("network.edit.reset"), ui::Icon::undo)) {
      NetworkSetup setup = context.model.document.network;
      setup.layers.reset();
      edit_network(context, std::move(setup));
    }
  }
}

}  // namespace

void draw_network_editor(LabContext& context, const NetworkCheck& check) {
  ui::Ui& ui = context.ui;
  const std::vector<Layer>& layers = check.plan.spec.layers;
  int& chosen = context.state.network.layer;
  chosen = std::clamp(chosen, 0, static_cast<int>(layers.size()) - 1);
  const auto index = static_cast<size_t>(std::max(chosen, 0));
  const float width = ui::available_width(ui), gap = ui.sp(3), padding = ui.dp(14);
  const float left = std::floor(width * 0.56f);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = ui.dp(352);
  ui::begin_card(ui, "network.card.layer", {.width = left, .height = height, .padding = padding});
  if (!layers.empty()) {
    ui::text(ui, ui::Role::heading, ui.theme->text,
             std::to_string(index + 1) + "  " + layer_title(context, layers[index]));
    ui::gap(ui, 1);
    draw_parameters(context, check, index);
    ui::gap(ui, 2);
    draw_moves(context, layers, index);
  }
  ui::end_card(ui);
  ImGui::SetCursorScreenPos({at.x + left + gap, at.y});
  ui::begin_card(ui, "network.card.totals",
                 {.width = width - left - gap, .height = height, .padding = padding});
  draw_totals(context, check);
  ui::gap(ui, 2);
  draw_additions(context, layers, index);
  ui::end_card(ui);
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({width, height});
}

}  // namespace poolscope
