// What the shift did, in a sentence; all shifts as a heat map; curves by kind.

#include <algorithm>
#include <cmath>

#include "app/labs/compare_lab.h"
#include "app/labs/shift_lab.h"
#include "app/scene/colormap.h"
#include "app/ui/item.h"
#include "app/ui/plot.h"
#include "app/ui/shapes.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

constexpr int64_t kCountable = 99;  // more outputs than these are a percentage

std::string number(double value) {
  return std::isfinite(value) ? format_short(value, 3) : "–";
}

/// The next shift in the same direction at which an output changes, and what is left then.
std::string what_comes_next(const LabContext& context, Offset by) {
  const auto run = context.model.shift.current(context.model.document);
  const auto sign = [](int64_t n) { return n > 0 ? 1 : n < 0 ? -1 : 0; };
  if (!run || by == Offset{}) return {};
  for (Offset next{by.dy + sign(by.dy), by.dx + sign(by.dx)};
       std::abs(next.dy) <= kShiftRange && std::abs(next.dx) <= kShiftRange;
       next.dy += sign(by.dy), next.dx += sign(by.dx)) {
    const double share = run->map.at(next).unchanged;
    if (share >= 1) continue;
    return " " + context.say(Message("shift.said.next")
                                 .with("shift", shift_words(context, next))
                                 .with("share", share_text(share)));
  }
  return {};
}

std::string what_happened(const LabContext& context, const ShiftPairRun& run) {
  const ShiftPair& pair = run.pair;
  if (run.request.by == Offset{}) return context.text("shift.said.still");
  const int64_t changed = pair.outputs - pair.outputs_same;
  const bool all = changed == 0;
  // The large figure before the sentence is a count or a share.
  const bool counted = pair.outputs <= kCountable;
  const char* key = all       ? counted ? "shift.said.all" : "shift.said.all_share"
                    : counted ? "shift.said.some"
                              : "shift.said.some_share";
  std::string words = context.say(Message(key)
                                      .with("changed", format_count(changed))
                                      .with("inputs", format_count(pair.inputs - pair.inputs_same))
                                      .with("all", format_count(pair.inputs)));
  if (std::isfinite(pair.metrics.winners_kept)) {
    const bool kept = pair.winners_same == pair.outputs;
    words += " " + context.say(Message(kept ? "shift.said.winners" : "shift.said.winners_some")
                                   .with("kept", format_count(pair.winners_same))
                                   .with("all", format_count(pair.outputs)));
  }
  if (std::isfinite(pair.metrics.equivariance_error) && !all)
    return words + " " +
           context.say(Message("shift.said.along").with("error", number(pair.metrics.equivariance_error)));
  return all ? words + what_comes_next(context, run.request.by) : words;
}

ImU32 packed(Rgb8 colour) {
  return IM_COL32(colour.r, colour.g, colour.b, 255);
}

/// 0 to 1 in the colours: shares as they are, changes over the largest of the map.
double full_of(const ShiftMap& map, const ShiftMeasure& measure) {
  if (measure.value != &ShiftMetrics::relative_change) return 1;
  double largest = 0;
  for (const ShiftMetrics& metrics : map.metrics)
    if (metrics.relative_change > largest) largest = metrics.relative_change;
  return largest > 0 ? largest : 1;
}

std::string value_text(const ShiftMeasure& measure, double value) {
  const bool share =
      measure.value == &ShiftMetrics::unchanged || measure.value == &ShiftMetrics::winners_kept;
  return share ? share_text(value) : number(value);
}

void note_shift(LabContext& context, const ShiftMap& map, Offset by) {
  std::string words = shift_words(context, by);
  for (const ShiftMeasure& measure : shift_measures()) {
    const double value = map.at(by).*measure.value;
    if (std::isfinite(value))
      words += "\n" + context.texts.get("shift.measure." + std::string(measure.name)) + "  " +
               value_text(measure, value);
  }
  draw_pointer_note(context, words);
}

void draw_scale(LabContext& context, const scene::Rect& map, const std::string& end) {
  ui::Ui& ui = context.ui;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ui::SizedFont font = ui.fonts.sized(ui::Role::mono_small);
  const float x0 = map.x1 + ui.dp(6), x1 = x0 + ui.dp(5);
  constexpr int kSteps = 32;
  for (int i = 0; i < kSteps; ++i) {
    const float y0 = map.y1 - map.height() * static_cast<float>(i + 1) / kSteps,
                y1 = map.y1 - map.height() * static_cast<float>(i) / kSteps;
    list->AddRectFilled({x0, y0}, {x1, y1}, packed(colormap_at(Colormap::viridis, (i + 0.5) / kSteps)));
  }
  ui::put_text(list, font, {x1 + ui.dp(3), map.y0 - ui.dp(2)}, ui.theme->text_faint, end);
  ui::put_text(list, font, {x1 + ui.dp(3), map.y1 - font.size_px + ui.dp(2)}, ui.theme->text_faint, "0");
}

ui::Curve curve_of(const LabContext& context, const ShiftMapRun& run, const ShiftMeasure& measure) {
  ui::Curve curve;
  curve.name = context.texts.get("kind." + std::string(kind_info(run.plan.spec.kind).name));
  curve.points = true;
  for (int64_t d = 0; d <= kShiftRange; ++d) {
    // Right, left, down and up count the same.
    double sum = 0;
    for (const Offset by : {Offset{0, d}, Offset{0, -d}, Offset{d, 0}, Offset{-d, 0}})
      sum += run.map.at(by).*measure.value;
    curve.x.push_back(static_cast<double>(d));
    curve.y.push_back(sum / 4);
  }
  return curve;
}

/// Each kind keeps its colour, whichever is the one of the controls.
ImU32 colour_of(const LabContext& context, Kind kind) {
  const ui::Theme& theme = *context.ui.theme;
  switch (kind) {
    case Kind::none:
      return theme.neutral_line;
    case Kind::max:
      return theme.winner.line;
    case Kind::average:
      return theme.output.line;
    case Kind::max_blur:
      return theme.changed.line;
    case Kind::stochastic:
      return theme.unchanged.line;
    default:
      return theme.window.line;
  }
}

/// What independent values would do: maxima for shares, averages for changes.
std::optional<ui::Curve> theory_curve(const LabContext& context, const ShiftMapRun& run,
                                      const ShiftMeasure& measure, bool small) {
  const PoolSpec& spec = run.plan.spec;
  if (!kind_info(spec.kind).uses_window || measure.value == &ShiftMetrics::equivariance_error)
    return std::nullopt;
  const bool change = measure.value == &ShiftMetrics::relative_change;
  ui::Curve curve;
  curve.name = context.text(small    ? "shift.theory.short"
                            : change ? "shift.theory.change"
                                     : "shift.theory.share");
  curve.color = context.ui.theme->text_faint;
  curve.dashed = true;
  for (int64_t d = 0; d <= kShiftRange; ++d) {
    double sum = 0;
    for (const Offset by : {Offset{0, d}, Offset{d, 0}})
      sum += change ? independent_change(spec.window, spec.dilation, by, run.mean, run.spread)
                    : independent_unchanged(spec.window, spec.dilation, by);
    curve.x.push_back(static_cast<double>(d));
    curve.y.push_back(sum / 2);
  }
  return curve;
}

void draw_measure_choice(LabContext& context, const scene::Rect& rect) {
  ui::Ui& ui = context.ui;
  std::vector<ui::Choice> choices;
  for (int i = 0; i < 3; ++i) {
    const std::string name = "shift.measure." + std::string(shift_measures()[static_cast<size_t>(i)].name);
    choices.push_back({std::string(shift_measures()[static_cast<size_t>(i)].name), context.texts.get(name),
                       true, context.texts.get(name + ".hint")});
  }
  const float width = std::min(rect.width(), ui.dp(360));
  ImGui::SetCursorScreenPos({rect.x0, rect.y0 - ui.dp(24)});
  if (const auto chosen = ui::segmented(ui, "shift.measure", choices, context.state.shift.measure, width))
    context.state.shift.measure = *chosen;
}

}  // namespace

void draw_shift_card(LabContext& context, const scene::Rect& rect, const ShiftPairRun& run) {
  ui::Ui& ui = context.ui;
  const ShiftPair& pair = run.pair;
  const bool all = pair.outputs_same == pair.outputs;
  const std::string big =
      pair.outputs <= kCountable
          ? context.say(Message("shift.big").with("same", pair.outputs_same).with("all", pair.outputs))
          : share_text(pair.metrics.unchanged);
  ui::soft_shadow(ImGui::GetWindowDrawList(), {rect.x0, rect.y0}, {rect.x1, rect.y1}, ui.dp(10),
                  ui.theme->shadow, ui.dp(10), ui.dp(2));
  ImDrawList* list = ImGui::GetWindowDrawList();
  ui::frame(list, {rect.x0, rect.y0}, {rect.x1, rect.y1}, ui.theme->panel, ui.theme->hairline, ui.dp(10),
            ui.hairline());
  const ui::SizedFont font = ui.fonts.sized(ui::Role::display);
  const float pad = ui.dp(18), width = ui::text_width(font, big);
  ui::put_text(list, font, {rect.x0 + pad, rect.centre().y - font.size_px * 0.56f},
               all ? ui.theme->unchanged.text : ui.theme->changed.text, big);
  const std::string words = what_happened(context, run);
  ui.record("shift.big", "text", big, to_ui(rect), true, all);
  ui.record("shift.said", "text", words, to_ui(rect));
  const float x = rect.x0 + 2 * pad + std::max(width, ui.dp(84)), room = rect.x1 - pad - x;
  // Measured once above the screen, so that it stands in the middle.
  list->PushClipRect({rect.x0, rect.y0}, {rect.x1, rect.y1}, true);
  ImGui::SetCursorScreenPos({x, -4000});
  const float height = ui::paragraph(ui, words, ui::Role::body, 0, room);
  const bool small = height > rect.height() - ui.dp(8);
  const ui::Role role = small ? ui::Role::caption : ui::Role::body;
  ImGui::SetCursorScreenPos({x, -4000});
  const float fits = ui::paragraph(ui, words, role, 0, room);
  ImGui::SetCursorScreenPos({x, std::max(rect.y0 + ui.dp(4), rect.centre().y - fits / 2)});
  ui::paragraph(ui, words, role, 0, room);
  list->PopClipRect();
}

void draw_shift_map(LabContext& context, const scene::Rect& rect) {
  ui::Ui& ui = context.ui;
  const ShiftWork& work = context.model.shift;
  const auto current = work.current(context.model.document);
  const auto& run = current ? current : work.map.latest();
  const ShiftMeasure& measure = shown_shift_measure(context);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ui::HotArea area = ui::hot_area(ui, "shift.map", to_ui(rect), "map");
  list->AddRectFilled({rect.x0, rect.y0}, {rect.x1, rect.y1}, ui.theme->control);
  if (!run) return;
  const double full = full_of(run->map, measure);
  const float line = ui.hairline();
  for (int64_t dy = -kShiftRange; dy <= kShiftRange; ++dy)
    for (int64_t dx = -kShiftRange; dx <= kShiftRange; ++dx) {
      const scene::Rect cell = scene::shift_rect(rect, {dy, dx});
      const double value = run->map.at({dy, dx}).*measure.value;
      const ImVec2 a{cell.x0, cell.y0}, b{cell.x1 - line, cell.y1 - line};
      if (std::isnan(value))
        ui::hatch(list, a, b, ui.theme->hairline, ui.dp(5), line);
      else
        list->AddRectFilled(a, b, packed(colormap_at(Colormap::viridis, value / full)));
    }
  const scene::Rect here = scene::shift_rect(rect, context.model.session.shift.by);
  ui::outline_outside(list, {here.x0, here.y0}, {here.x1 - line, here.y1 - line}, ui.theme->stage, ui.dp(3),
                      ui.dp(3.5f));
  ui::outline_outside(list, {here.x0, here.y0}, {here.x1 - line, here.y1 - line}, ui.theme->winner.line,
                      ui.dp(3), ui.dp(2));
  const bool share = full == 1 && measure.value != &ShiftMetrics::relative_change;
  draw_scale(context, rect, share ? "1" : format_short(full, 2));
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const std::optional<Offset> under = scene::shift_at(rect, {mouse.x, mouse.y});
  if (area.held) {
    const Offset by = scene::shift_at(rect, {std::clamp(mouse.x, rect.x0, rect.x1 - 1),
                                             std::clamp(mouse.y, rect.y0, rect.y1 - 1)})
                          .value();
    if (!(by == context.model.session.shift.by)) context.outbox.post(command::SetShift{by});
  }
  if (area.hovered && under) note_shift(context, run->map, *under);
}

void draw_shift_curves(LabContext& context, const scene::Rect& rect) {
  ui::Ui& ui = context.ui;
  const ShiftWork& work = context.model.shift;
  const ShiftMeasure& measure = shown_shift_measure(context);
  const ui::SizedFont bold = ui.fonts.sized(ui::Role::heading);
  ui::put_text(ImGui::GetWindowDrawList(), bold, {rect.x0, rect.y0 - ui.dp(46)}, ui.theme->text,
               ui::fitted(bold, context.text("shift.curves"), rect.width()));
  draw_measure_choice(context, rect);
  // On a small screen the curves need the room of what can be left out.
  const bool small = rect.height() < ui.dp(220);
  std::vector<ui::Curve> curves;
  const auto add = [&](const ShiftMapRun& run) {
    if (measure.value == &ShiftMetrics::winners_kept && !run.map.selects) return;
    ui::Curve curve = curve_of(context, run, measure);
    curve.color = colour_of(context, run.plan.spec.kind);
    curves.push_back(std::move(curve));
  };
  const auto current = work.current(context.model.document);
  for (const Kind kind : kShiftCurves) {
    if (current && current->plan.spec.kind == kind) add(*current);
    for (const auto& run : work.finished)
      if (run->plan.spec.kind == kind) add(*run);
  }
  const bool among = current && std::find(std::begin(kShiftCurves), std::end(kShiftCurves),
                                          current->plan.spec.kind) != std::end(kShiftCurves);
  if (current && !among) add(*current);
  if (current)
    if (auto theory = theory_curve(context, *current, measure, small)) curves.push_back(std::move(*theory));
  if (curves.empty()) return;
  ui::PlotOptions options;
  const std::string label = context.text("shift.curves.x");
  if (!small) options.x_label = label;
  options.width = rect.width();
  options.height = rect.height() - ui.dp(12);
  options.x_min = 0;
  options.x_max = static_cast<double>(kShiftRange);
  options.y_min = 0;
  if (measure.value != &ShiftMetrics::relative_change) options.y_max = 1;
  const Offset by = context.model.session.shift.by;
  if (by.dx == 0 || by.dy == 0) options.marker_x = static_cast<double>(std::abs(by.dx + by.dy));
  ImGui::SetCursorScreenPos({rect.x0, rect.y0 + ui.dp(12)});
  ui::plot(ui, "shift.curves", curves, options);
}

}  // namespace poolscope
