// The right panel of the Shift lab: what is happening, the shift, what comes in at the edge, what is
// measured.

#include <algorithm>
#include <cmath>

#include "app/labs/frame.h"
#include "app/labs/shift_lab.h"
#include "app/labs/sizes.h"
#include "core/data/builtin.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

std::string pixels(LabContext& context, int64_t n) {
  const std::string sign = n > 0 ? "+" : n < 0 ? "−" : "";
  return context.say(Message("shift.pixels").with("n", sign + std::to_string(std::abs(n))));
}

void draw_slider(LabContext& context, const char* key, const char* label, int64_t Offset::*axis) {
  const Offset present = context.model.session.shift.by;
  ui::SliderOptions options;
  options.min = -static_cast<double>(kShiftRange);
  options.max = static_cast<double>(kShiftRange);
  options.step = 1;
  const double detents[] = {0};
  options.detents = detents;
  const std::string value = pixels(context, present.*axis);
  options.value_text = value;
  const auto change =
      ui::slider(context.ui, key, context.text(label), static_cast<double>(present.*axis), options);
  if (!change.edited) return;
  Offset by = present;
  by.*axis = change.as_int();
  context.outbox.post(command::SetShift{by});
}

void draw_edges(LabContext& context, const ShiftSubject& subject) {
  ui::Ui& ui = context.ui;
  ui::text(ui, ui::Role::body, ui.theme->text, context.text("shift.edges"));
  std::vector<ui::Choice> choices;
  int selected = 0;
  for (const ShiftEdgesInfo& info : all_shift_edges()) {
    const std::string name(info.name), key = "shift.edges." + name;
    const bool reveal = info.edges == ShiftEdges::reveal, can = !reveal || subject.can_reveal;
    if (info.edges == subject.edges) selected = static_cast<int>(choices.size());
    choices.push_back({name, context.texts.get(key), can,
                       can ? context.texts.get(key + ".hint") : context.text("shift.edges.no_reveal")});
  }
  const auto chosen = ui::segmented(ui, "shift.edges", choices, selected);
  if (!chosen) return;
  Document document = context.model.document;
  document.shift.edges = all_shift_edges()[static_cast<size_t>(*chosen)].edges;
  context.edit(std::move(document));
}

void measured(LabContext& context, const char* key, const std::string& value, ImU32 color = 0) {
  ui::FactOptions options;
  options.value_color = color;
  const std::string name = std::string("shift.fact.") + key;
  const std::string& hint = context.texts.get(name + ".hint");
  options.tooltip = hint;
  ui::fact(context.ui, name, context.texts.get(name), value, options);
}

std::string number(double value) {
  return std::isfinite(value) ? format_short(value, 3) : "–";
}

void draw_measured(LabContext& context) {
  ui::Ui& ui = context.ui;
  ui::gap(ui, 1);
  ui::section(ui, context.text("shift.measured"));
  const auto& run = context.model.shift.pair.latest();
  if (!run) return;
  const ShiftPair& pair = run->pair;
  const bool all = pair.outputs_same == pair.outputs;
  measured(context, "unchanged", share_text(pair.metrics.unchanged),
           all ? ui.theme->unchanged.text : ui.theme->changed.text);
  measured(context, "winners", share_text(pair.metrics.winners_kept));
  measured(context, "inputs",
           share_text(static_cast<double>(pair.inputs_same) / static_cast<double>(pair.inputs)));
  measured(context, "change", number(pair.metrics.relative_change));
  measured(context, "difference", number(pair.mean_difference));
  measured(context, "equivariance", number(pair.metrics.equivariance_error));
  const auto map = context.model.shift.current(context.model.document);
  if (!map || context.state.hide_timings) return;
  const std::string time = time_text(map->seconds);
  measured(context, "time", time);
}

/// One click to something worth seeing.
struct Try {
  const char* key;
  const char* label;
  void (*go)(LabContext&);
};

void show(LabContext& context, const char* builtin, PoolSpec spec, Offset by,
          std::optional<ShiftEdges> edges) {
  Document document = context.model.document;
  document.input = builtin_input(builtin);
  if (document.shape().c == 1) document.channel = 0;
  document.batch = 0;
  document.spec = spec;
  document.stride_linked = spec.stride == spec.window;
  document.rectangular = spec.window.h != spec.window.w;
  document.shift.edges = edges;
  context.edit(std::move(document));
  context.outbox.post(command::SetShift{by});
}

void change_spec(LabContext& context, void (*change)(Document&)) {
  Document document = context.model.document;
  change(document);
  context.edit(std::move(document));
}

constexpr Try kTries[] = {
    {"shift.try.textbook", "shift.try.textbook",
     [](LabContext& context) {
       show(context, "shift6", {.window = {3, 3}, .stride = {3, 3}}, {0, 1}, std::nullopt);
     }},
    {"shift.try.line", "shift.try.line",
     [](LabContext& context) {
       show(context, "line8", {.window = {1, 2}, .stride = {1, 2}}, {0, 1}, ShiftEdges::wrap);
     }},
    {"shift.try.noise", "shift.try.noise",
     [](LabContext& context) {
       show(context, "noise", {.window = {3, 3}, .stride = {3, 3}}, {0, 1}, std::nullopt);
     }},
    {"shift.try.stride", "shift.try.stride",
     [](LabContext& context) {
       const Size2 stride = context.model.document.spec.stride;
       context.outbox.post(command::SetShift{{0, std::min(stride.w, kShiftRange)}});
     }},
    {"shift.try.average", "shift.try.average",
     [](LabContext& context) {
       change_spec(context, [](Document& document) { document.spec.kind = Kind::average; });
     }},
    {"shift.try.dense", "shift.try.dense",
     [](LabContext& context) {
       change_spec(context, [](Document& document) {
         document.spec.stride = {1, 1};
         document.stride_linked = false;
       });
     }},
};

void draw_tries(LabContext& context) {
  ui::Ui& ui = context.ui;
  ui::gap(ui, 1);
  ui::section(ui, context.text("shift.try"));
  bool first = true;
  for (const Try& one : kTries) {
    const std::string& label = context.texts.get(one.label);
    if (!first) ui::flow(ui, ui::chip_width(ui, label));
    first = false;
    if (ui::chip(ui, one.key, label)) one.go(context);
  }
}

}  // namespace

void draw_shift_panel(LabContext& context) {
  ui::Ui& ui = context.ui;
  const ShiftSubject subject = shift_subject(context.model.document);
  ui::section(ui, context.text("explain.title"));
  const KindInfo& kind = kind_info(subject.spec.kind);
  ui::paragraph(ui, context.text(kind.selects ? "shift.explain.selects" : "shift.explain.mixes"));
  ui::gap(ui, 0.5f);
  ui::paragraph(ui, context.text("shift.explain.limits"));
  ui::gap(ui, 1);
  ui::section(ui, context.text("shift.title"));
  draw_slider(context, "shift.right", "shift.right", &Offset::dx);
  draw_slider(context, "shift.down", "shift.down", &Offset::dy);
  draw_edges(context, subject);
  draw_measured(context);
  draw_tries(context);
}

}  // namespace poolscope
