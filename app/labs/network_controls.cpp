// The Network lab's left panel: data, network, training; and its transport.

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "app/labs/network_lab.h"
#include "app/model/network_runs.h"
#include "app/ui/item.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

void draw_source(LabContext& context) {
  ui::Ui& ui = context.ui;
  const NetworkSetup& present = context.model.document.network;
  ui::section(ui, context.text("network.data"));
  const std::vector<ui::Choice> sources = {
      {"digits", context.text("network.source.digits"), true, context.text("network.source.digits.hint")},
      {"mnist", context.text("network.source.mnist"), true, context.text("network.source.mnist.hint")},
      {"folder", context.text("network.source.folder"), true, context.text("network.source.folder.hint")}};
  if (const auto chosen =
          ui::segmented(ui, "network.source", sources, static_cast<int>(present.data.source))) {
    NetworkSetup setup = present;
    setup.data.source = static_cast<DataSource>(*chosen);
    edit_network(context, std::move(setup));
    if (*chosen > 0) show_network_page(context, NetworkPage::data);
  }
  ui::gap(ui, 1);
  std::string counts = "–";
  if (const auto data = context.model.network.data_for(context.model.document))
    counts = format_count(data->train->count()) + " / " + format_count(data->test->count());
  ui::fact(ui, "network.counts", context.text("network.train_test"), counts);
}

/// A slider of a whole number of the setup.
struct NumberControl {
  const char* key;
  const char* label;
  const char* hint;
  double low, high;
};

void draw_number(LabContext& context, const NumberControl& control, double present, const std::string& shown,
                 const std::function<void(NetworkSetup&, double)>& set) {
  ui::SliderOptions options;
  options.min = control.low;
  options.max = control.high;
  options.step = 1;
  options.value_text = shown;
  options.tooltip = context.text(control.hint);
  const auto change = ui::slider(context.ui, control.key, context.text(control.label), present, options);
  if (!change.edited) return;
  NetworkSetup setup = context.model.document.network;
  set(setup, std::round(change.value));
  edit_network(context, std::move(setup), change);
}

void draw_random_shift(LabContext& context) {
  const int64_t shift = context.model.document.network.recipe.shift;
  const std::string shown = shift == 0 ? context.text("network.none") : "±" + std::to_string(shift) + " px";
  draw_number(context, {"network.shift", "network.random_shift", "network.random_shift.hint", 0, 4},
              static_cast<double>(shift), shown,
              [](NetworkSetup& setup, double value) { setup.recipe.shift = static_cast<int64_t>(value); });
}

void draw_template(LabContext& context) {
  ui::Ui& ui = context.ui;
  const NetworkSetup& present = context.model.document.network;
  ui::section(ui, context.text("network.network"));
  std::vector<ui::Choice> choices;
  int selected = -1;
  for (const NetworkTemplate& entry : network_templates()) {
    const std::string name(entry.name);
    if (entry.name == present.base && !present.layers) selected = static_cast<int>(choices.size());
    choices.push_back({name, context.texts.get("network.template." + name), true,
                       context.texts.get("network.template." + name + ".hint")});
  }
  if (present.layers) {
    selected = static_cast<int>(choices.size());
    choices.push_back({"edited", context.text("network.template.edited"), true, {}});
  }
  const auto chosen = ui::dropdown(ui, "network.template", choices, selected, -1);
  if (!chosen || static_cast<size_t>(*chosen) >= network_templates().size()) return;
  NetworkSetup setup = present;
  setup.base = choices[static_cast<size_t>(*chosen)].key;
  setup.layers.reset();
  // The tuned template is its recipe; coming from it, the usual one returns.
  if (setup.base == "tuned" || present.base == "tuned") {
    const uint64_t seed = setup.recipe.seed;
    setup.recipe = recipe_of(setup.base);
    setup.recipe.seed = seed;
  }
  edit_network(context, std::move(setup));
}

void draw_pooling(LabContext& context) {
  ui::Ui& ui = context.ui;
  const NetworkSetup& present = context.model.document.network;
  const NetworkSpec spec = lab_network(context);
  const std::optional<Kind> kind = pooling_kind(spec.layers);
  std::vector<ui::Choice> choices;
  int selected = -1;
  for (const KindInfo& info : all_kinds()) {
    if (kind == info.kind) selected = static_cast<int>(choices.size());
    const std::string name(info.name);
    choices.push_back(
        {name, context.texts.get("kind." + name), true, context.texts.get("kind." + name + ".hint")});
  }
  if (!kind) {
    selected = static_cast<int>(choices.size());
    choices.push_back({"none_here", context.text("network.no_pooling"), false, {}});
  }
  ui::gap(ui, 1);
  const auto chosen = ui::dropdown(ui, "network.pooling", choices, selected, -1, kind.has_value());
  if (chosen && static_cast<size_t>(*chosen) < all_kinds().size()) {
    NetworkSetup setup = present;
    setup.kind = all_kinds()[static_cast<size_t>(*chosen)].kind;
    if (setup.layers) setup.layers = with_kind(spec, setup.kind);
    edit_network(context, std::move(setup));
  }
  ui::gap(ui, 1);
  ui::ButtonOptions options;
  options.width = -1;
  if (ui::button(ui, "network.edit", context.text("network.edit"), options))
    show_network_page(context, NetworkPage::network);
}

void draw_rate(LabContext& context) {
  ui::SliderOptions options;
  options.min = 1e-5;
  options.max = 10;
  options.logarithmic = true;
  const double rate = context.model.document.network.recipe.rate;
  const std::string shown = format_short(rate, 2);
  options.value_text = shown;
  options.tooltip = context.text("network.rate.hint");
  const double detents[] = {1e-4, 1e-3, 3e-3, 1e-2};
  options.detents = detents;
  const auto change = ui::slider(context.ui, "network.rate", context.text("network.rate"), rate, options);
  if (!change.edited) return;
  NetworkSetup setup = context.model.document.network;
  // Two digits, as shown.
  const double power = std::pow(10.0, std::floor(std::log10(change.value)) - 1);
  setup.recipe.rate = std::round(change.value / power) * power;
  edit_network(context, std::move(setup), change);
}

void draw_recipe(LabContext& context) {
  ui::Ui& ui = context.ui;
  const TrainingRecipe& recipe = context.model.document.network.recipe;
  ui::section(ui, context.text(recipe.schedule == Schedule::cosine ? "network.training.falling"
                                                                   : "network.training"));
  draw_rate(context);
  draw_number(
      context, {"network.batch", "network.batch", "network.batch.hint", 3, 10},
      std::log2(static_cast<double>(recipe.batch)), std::to_string(recipe.batch),
      [](NetworkSetup& setup, double value) { setup.recipe.batch = int64_t{1} << static_cast<int>(value); });
  draw_number(context, {"network.epochs", "network.epochs", "network.epochs.hint", 1, 30},
              static_cast<double>(recipe.epochs), std::to_string(recipe.epochs),
              [](NetworkSetup& setup, double value) { setup.recipe.epochs = static_cast<int64_t>(value); });
  draw_number(context, {"network.seed", "network.seed", "network.seed.hint", 1, 20},
              static_cast<double>(recipe.seed), std::to_string(recipe.seed),
              [](NetworkSetup& setup, double value) { setup.recipe.seed = static_cast<uint64_t>(value); });
}

/// "off", or the number with its unit.
std::string or_off(const LabContext& context, double value, const std::string& words) {
  return value > 0 ? words : context.text("network.off");
}

void draw_stop_rule(LabContext& context) {
  ui::Ui& ui = context.ui;
  const StopRule& stop = context.model.document.network.stop;
  ui::section(ui, context.text("network.stop_early"));
  // 79 stands for off, so that the rest of the slider is fine enough.
  const double percent = stop.accuracy > 0 ? std::round(1000 * stop.accuracy) / 10 : 79;
  ui::SliderOptions options;
  options.min = 79;
  options.max = 99.9;
  options.step = 0.1;
  const std::string shown = or_off(context, stop.accuracy, format_percent(stop.accuracy) + " %");
  options.value_text = shown;
  options.tooltip = context.text("network.stop.accuracy.hint");
  const auto change =
      ui::slider(ui, "network.stop.accuracy", context.text("network.stop.accuracy"), percent, options);
  if (change.edited) {
    NetworkSetup setup = context.model.document.network;
    setup.stop.accuracy = change.value < 79.95 ? 0 : change.value / 100;
    edit_network(context, std::move(setup), change);
  }
  draw_number(context,
              {"network.stop.patience", "network.stop.patience", "network.stop.patience.hint", 0, 10},
              static_cast<double>(stop.patience),
              or_off(context, static_cast<double>(stop.patience),
                     context.say(Message("network.epochs.count").with("epochs", stop.patience))),
              [](NetworkSetup& setup, double value) { setup.stop.patience = static_cast<int64_t>(value); });
  draw_number(context, {"network.stop.seconds", "network.stop.seconds", "network.stop.seconds.hint", 0, 120},
              stop.seconds, or_off(context, stop.seconds, format_short(stop.seconds, 3) + " s"),
              [](NetworkSetup& setup, double value) { setup.stop.seconds = value; });
}

void draw_train_button(LabContext& context) {
  ui::Ui& ui = context.ui;
  const NetworkWork& work = context.model.network;
  ui::gap(ui, 2);
  ui::ButtonOptions options;
  options.kind = ui::ButtonKind::primary;
  options.width = -1;
  options.enabled = check_network(lab_network(context)).ok() && !work.waits_for_data();
  const bool running = work.running();
  const char* words = running ? "network.pause" : work.training() ? "network.resume" : "network.train";
  if (ui::button(ui, "network.train", context.text(words), options)) {
    order_network(context, running ? NetworkOrder::pause : NetworkOrder::train);
    if (!running) show_network_page(context, NetworkPage::train);
  }
  ui::gap(ui, 1);
  ui::ButtonOptions all;
  all.width = -1;
  all.enabled = !work.training() && !work.waits_for_data() && work.queued() == 0;
  all.tooltip = context.text("network.compare.hint");
  if (ui::button(ui, "network.compare", context.text("network.compare"), all)) {
    order_network(context, NetworkOrder::compare_kinds);
    show_network_page(context, NetworkPage::train);
  }
  ui::gap(ui, 1);
  const float width = ui::column_width(ui, 2);
  const NetworkRun* shown = work.shown();
  ui::ButtonOptions save;
  save.width = width;
  save.enabled = shown != nullptr && shown->weights() != nullptr;
  save.tooltip = context.text("network.save.hint");
  if (ui::button(ui, "network.save", context.text("network.save"), save))
    context.outbox.post(command::ShowDialog{static_cast<int>(Dialog::save_model)});
  ui::same_line(ui, 2);
  ui::ButtonOptions open;
  open.width = width;
  open.tooltip = context.text("network.open.hint");
  if (ui::button(ui, "network.open", context.text("network.open"), open))
    context.outbox.post(command::ShowDialog{static_cast<int>(Dialog::open_file)});
}

/// Places the transport's controls from the left.
struct Row {
  LabContext& context;
  ui::Rect bar;
  float x;
  void at(float width, float height) {
    ImGui::SetCursorScreenPos({x, bar.center().y - height / 2});
    x += width + context.ui.sp(2);
  }
};

void draw_buttons(Row& row) {
  LabContext& context = row.context;
  const NetworkWork& work = context.model.network;
  const float side = context.ui.dp(36);
  ui::ButtonOptions play;
  play.kind = ui::ButtonKind::primary;
  play.width = context.ui.dp(44);
  play.height = side;
  play.enabled = check_network(lab_network(context)).ok() && !work.waits_for_data();
  const bool running = work.running();
  const std::string hint = context.text(running ? "network.pause" : "network.train") + " (Space)";
  row.at(play.width, side);
  if (ui::icon_button(context.ui, "transport.play", running ? ui::Icon::pause : ui::Icon::play, hint, play))
    context.act("play");
  ui::ButtonOptions options;
  options.width = options.height = side;
  options.enabled = play.enabled && !running;
  row.at(side, side);
  const std::string step_hint = context.text("network.step") + " (Right)";
  if (ui::icon_button(context.ui, "transport.forward", ui::Icon::step_forward, step_hint, options))
    context.act("step_forward");
  const std::string& words = context.text("network.stop");
  ui::ButtonOptions stop;
  stop.enabled = work.training() || work.waits_for_data() || work.queued() > 0;
  stop.tooltip = context.text("network.stop.hint");
  row.at(ui::button_width(context.ui, words, stop), context.ui.control_height());
  if (ui::button(context.ui, "network.stop", words, stop)) order_network(context, NetworkOrder::stop);
}

}  // namespace

void draw_network_controls(LabContext& context) {
  draw_source(context);
  draw_random_shift(context);
  ui::gap(context.ui, 2);
  draw_template(context);
  draw_pooling(context);
  ui::gap(context.ui, 2);
  draw_recipe(context);
  draw_train_button(context);
  ui::gap(context.ui, 2);
  draw_stop_rule(context);
}

void draw_network_transport(LabContext& context, ui::Rect rect) {
  ui::Ui& ui = context.ui;
  ui::PanelOptions options;
  options.hairline = ui::Edge::top;
  options.padding = {0, 0};
  options.scroll = false;
  ui::begin_panel(ui, "panel.transport", rect, options);
  Row row{context, rect, rect.min.x + ui.sp(5)};
  draw_buttons(row);
  row.x += ui.sp(2);
  const float end = rect.max.x - ui.sp(5);
  const NetworkWork& work = context.model.network;
  const NetworkRun* run = work.training() ? &work.runs.back() : work.shown();
  const Snapshot* now = run != nullptr && run->snapshot->steps > 0 ? run->snapshot.get() : nullptr;
  const int64_t done = now ? now->step : 0, all = now ? now->steps : 0;
  const std::string counter = now ? context.say(Message("network.batches")
                                                    .with("batch", format_count(done))
                                                    .with("batches", format_count(all)))
                                  : context.text(work.waits_for_data() ? "network.waits" : "network.idle");
  const ui::SizedFont mono = ui.fonts.sized(ui::Role::mono), body = ui.fonts.sized(ui::Role::body);
  const float counter_width = ui::text_width(mono, counter);
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (row.x + counter_width < end) {
    ui::put_text(list, mono, {row.x, rect.center().y - mono.size_px / 2}, ui.theme->text, counter);
    row.x += counter_width + ui.sp(4);
  }
  const std::string& note = context.text("network.background");
  const float note_width = ui::text_width(body, note);
  float bar_end = end;
  if (row.x + ui.dp(160) + ui.sp(4) + note_width < end) {
    bar_end = end - note_width - ui.sp(4);
    ui::put_text(list, body, {end - note_width, rect.center().y - body.size_px / 2}, ui.theme->text_faint,
                 note);
  }
  if (now != nullptr && bar_end - row.x > ui.dp(60)) {
    ImGui::SetCursorScreenPos({row.x, rect.center().y - ui.dp(4)});
    ui::progress_bar(ui, "network.progress.bar",
                     all > 0 ? static_cast<double>(done) / static_cast<double>(all) : 0, bar_end - row.x,
                     ui.theme->window.line);
  }
  ui::end_panel(ui);
  if (context.model.session.lab == "network" && work.going()) ui.want_frame_in(0.08);
}

}  // namespace poolscope
