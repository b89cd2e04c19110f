#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "app/labs/frame.h"

namespace poolscope {

namespace {

/// Places controls from the left, all on the middle line of the bar.
struct Row {
  LabContext& context;
  ui::Rect bar;
  float x, end;

  void at(float width, float height) {
    ImGui::SetCursorScreenPos({x, bar.center().y - height / 2});
    x += width + context.ui.sp(2);
  }
};

void draw_buttons(Row& row) {
  LabContext& context = row.context;
  const Playback& playback = context.model.clock();
  const float side = context.ui.dp(36);
  const auto tool = [&](const char* key, ui::Icon icon, const char* action, bool enabled) {
    ui::ButtonOptions options;
    options.width = options.height = side;
    options.enabled = enabled;
    row.at(side, side);
    const std::string hint = context.action_hint(action);
    if (ui::icon_button(context.ui, key, icon, hint, options)) context.act(action);
  };
  const int64_t step = playback.step(), last = context.model.clock_steps() - 1;
  tool("transport.start", ui::Icon::jump_start, "jump_start", step > 0 || playback.phase() < 1);
  tool("transport.back", ui::Icon::step_back, "step_back", step > 0);
  ui::ButtonOptions options;
  options.kind = ui::ButtonKind::primary;
  options.width = context.ui.dp(44);
  options.height = side;
  row.at(options.width, side);
  const std::string hint = context.action_hint("play");
  if (ui::icon_button(context.ui, "transport.play", playback.playing ? ui::Icon::pause : ui::Icon::play, hint,
                      options))
    context.act("play");
  tool("transport.forward", ui::Icon::step_forward, "step_forward", step < last);
  tool("transport.end", ui::Icon::jump_end, "jump_end", step < last || playback.phase() < 1);
}

float text_width(const ui::Ui& ui, ui::Role role, const std::string& words) {
  return ui.fonts.font(role)->CalcTextSizeA(ui.fonts.size(role), 1e6f, 0, words.c_str()).x;
}

std::string signed_text(int64_t value) {
  if (value == 0) return " 0";
  return (value > 0 ? "+" : "−") + std::to_string(std::abs(value));
}

void draw_counter(Row& row) {
  LabContext& context = row.context;
  const bool shifts = context.model.session.lab == "shift";
  const auto counter = [&](int64_t step) {
    if (shifts)
      return context.say(Message("shift.counter").with("shift", signed_text(step - 1 - kShiftRange)));
    return context.say(Message("transport.counter")
                           .with("step", format_count(step))
                           .with("steps", format_count(context.model.clock_steps())));
  };
  // As wide as the last step's text, so that nothing moves while it counts.
  const float width =
      text_width(context.ui, ui::Role::mono, counter(shifts ? 1 : context.model.clock_steps()));
  row.x += context.ui.sp(1);
  row.at(width, context.ui.fonts.size(ui::Role::mono) * 1.25f);
  const std::string words = counter(context.model.clock().step() + 1);
  ui::text(context.ui, ui::Role::mono, context.ui.theme->text, words);
  row.x += context.ui.sp(2);
}

std::string speed_text(double speed) {
  return format_short(speed, speed < 1 ? 1 : speed < 10 ? 2 : speed < 100 ? 2 : 3) + "×";
}

void draw_speed(Row& row, float width) {
  LabContext& context = row.context;
  ui::SliderOptions options;
  options.min = kSlowest;
  options.max = kFastest;
  options.logarithmic = true;
  const double detents[] = {1, 10, 100};
  options.detents = detents;
  const std::string value = speed_text(context.model.clock().speed);
  options.value_text = value;
  options.width = width;
  const std::string hint = context.action_hint("faster") + " · " + context.action_hint("slower");
  options.tooltip = hint;
  row.at(width, context.ui.dp(34));
  const auto change = ui::slider(context.ui, "transport.speed", context.text("transport.speed"),
                                 context.model.clock().speed, options);
  if (change.edited) context.outbox.post(command::SetSpeed{change.value});
}

/// Where a sweep over shifts moves along.
void draw_way(Row& row, float width) {
  LabContext& context = row.context;
  const std::vector<ui::Choice> ways = {{"right", context.text("shift.way.right"), true, {}},
                                        {"down", context.text("shift.way.down"), true, {}},
                                        {"diagonal", context.text("shift.way.diagonal"), true, {}}};
  row.at(width, context.ui.control_height());
  const int selected = static_cast<int>(context.model.session.shift.way);
  if (const auto chosen = ui::dropdown(context.ui, "transport.way", ways, selected, width))
    context.outbox.post(command::SetSweepWay{static_cast<SweepWay>(*chosen)});
}

void draw_unit(Row& row, float width) {
  LabContext& context = row.context;
  if (context.model.session.lab == "shift") return draw_way(row, width);
  const std::vector<ui::Choice> units = {{"window", context.text("transport.unit.window"), true, {}},
                                         {"row", context.text("transport.unit.row"), true, {}},
                                         {"sweep", context.text("transport.unit.sweep"), true, {}}};
  row.at(width, context.ui.control_height());
  const int selected = static_cast<int>(context.model.clock().unit);
  if (const auto chosen = ui::dropdown(context.ui, "transport.unit", units, selected, width))
    context.outbox.post(command::SetUnit{static_cast<PlayUnit>(*chosen)});
}

void draw_loop(Row& row, float width) {
  LabContext& context = row.context;
  ui::ButtonOptions options;
  options.selected = context.model.clock().loop;
  options.width = width;
  const std::string hint = context.action_hint("loop");
  options.tooltip = hint;
  row.at(width, context.ui.control_height());
  if (ui::button(context.ui, "transport.loop", context.text("transport.loop"), options)) context.act("loop");
}

void draw_predict(Row& row, float width) {
  LabContext& context = row.context;
  ui::ButtonOptions options;
  options.enabled = can_predict(context.model.document);
  options.selected = context.model.session.prediction.on && options.enabled;
  options.width = width;
  const std::string hint =
      options.enabled ? context.action_hint("predict") : context.text("predict.matrix_only");
  options.tooltip = hint;
  row.at(width, context.ui.control_height());
  if (ui::button(context.ui, "transport.predict", context.text("transport.predict"), options))
    context.act("predict");
}

void draw_scrubber(Row& row, float width) {
  LabContext& context = row.context;
  const int64_t steps = context.model.clock_steps();
  ui::SliderOptions options;
  options.min = 0;
  options.max = static_cast<double>(std::max<int64_t>(steps - 1, 1));
  options.step = 1;
  options.label_row = false;
  options.color = context.ui.theme->window.line;
  options.width = width;
  options.enabled = steps > 1;
  const std::string value = std::to_string(context.model.clock().step() + 1);
  options.value_text = value;
  row.at(width, context.ui.dp(18));
  const auto shown = static_cast<double>(context.model.clock().step());
  const auto change = ui::slider(context.ui, "transport.scrub", {}, shown, options);
  if (change.edited) context.outbox.post(command::Seek{std::llround(change.value), false});
  row.x += context.ui.sp(2);
}

}  // namespace

void draw_transport(LabContext& context, ui::Rect rect) {
  ui::Ui& ui = context.ui;
  ui::PanelOptions options;
  options.hairline = ui::Edge::top;
  options.padding = {0, 0};
  options.scroll = false;
  ui::begin_panel(ui, "panel.transport", rect, options);
  Row row{context, rect, rect.min.x + ui.sp(5), rect.max.x - ui.sp(5)};
  draw_buttons(row);
  const float speed = ui.dp(118), unit = ui.dp(112);
  const float loop = ui::button_width(ui, context.text("transport.loop"));
  const float predict = ui::button_width(ui, context.text("transport.predict"));
  // What does not fit is left out from the least needed: everything has a key as well.
  float rest = row.end - row.x;
  const float counter = text_width(ui, ui::Role::mono, "000 000 / 000 000") + ui.sp(6);
  const bool with_predict = context.model.session.lab == "window" && rest > predict + ui.dp(90);
  rest -= with_predict ? predict + ui.sp(2) : 0;
  const bool with_counter = rest > counter + ui.dp(120);
  rest -= with_counter ? counter : 0;
  const bool with_speed = rest > speed + ui.dp(150);
  rest -= with_speed ? speed + ui.sp(2) : 0;
  const bool with_unit = rest > unit + ui.dp(150);
  rest -= with_unit ? unit + ui.sp(2) : 0;
  const bool with_loop = rest > loop + ui.dp(140);
  if (with_counter) draw_counter(row);
  float after = ui.sp(4);
  for (const float width :
       {with_speed ? speed : 0, with_unit ? unit : 0, with_loop ? loop : 0, with_predict ? predict : 0})
    after += width > 0 ? width + ui.sp(2) : 0;
  draw_scrubber(row, std::max(ui.dp(60), row.end - row.x - after));
  if (with_speed) draw_speed(row, speed);
  if (with_unit) draw_unit(row, unit);
  if (with_loop) draw_loop(row, loop);
  if (with_predict) draw_predict(row, predict);
  ui::end_panel(ui);
}

}  // namespace poolscope
