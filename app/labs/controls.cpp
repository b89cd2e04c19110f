// The left panel: what goes in, how it is pooled, with which geometry.

#include <algorithm>
#include <string>
#include <vector>

#include "app/labs/frame.h"
#include "app/labs/presets.h"
#include "app/labs/sizes.h"
#include "app/model/lesson_run.h"
#include "app/model/limits.h"
#include "core/data/builtin.h"
#include "core/pooling/dialects.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

/// The three kinds of every textbook; all of them are in the list below.
constexpr Kind kMainKinds[] = {Kind::max, Kind::average, Kind::stochastic};

std::string kind_name(const LabContext& context, const KindInfo& info) {
  return context.texts.get("kind." + std::string(info.name));
}

std::string kind_hint(const LabContext& context, const KindInfo& info) {
  return context.texts.get("kind." + std::string(info.name) + ".hint");
}

/// The corner of a matrix as rows of digits: a thumbnail that says "numbers".
std::string digit_rows(const Tensor& tensor) {
  constexpr int64_t kMost = 3;  // what fits into the smallest thumbnail
  std::string text;
  for (int64_t y = 0; y < std::min(tensor.shape().h, kMost); ++y) {
    if (y > 0) text += '\n';
    for (int64_t x = 0; x < std::min(tensor.shape().w, kMost); ++x)
      text += (x > 0 ? " " : "") + format_short(tensor.at(0, 0, y, x), 1);
  }
  return text;
}

/// One picture to click on. A matrix is shown as digits, a picture that is still being drawn as an empty
/// frame.
struct InputChoice {
  std::string key, name;
  TensorPtr tensor;
  bool as_digits = false, selected = false;
};

bool draw_input_choice(LabContext& context, const InputChoice& choice, float side) {
  ui::ThumbnailOptions options;
  options.size = side;
  options.selected = choice.selected;
  options.tooltip = choice.name;
  const std::string digits = choice.as_digits && choice.tensor ? digit_rows(*choice.tensor) : std::string();
  options.placeholder = digits;
  const bool drawn = choice.tensor && !choice.as_digits;
  const uint64_t texture = drawn ? context.painter.thumbnail(choice.tensor, static_cast<int>(side)) : 0;
  return ui::thumbnail(context.ui, choice.key, texture, options);
}

void draw_inputs(LabContext& context) {
  ui::Ui& ui = context.ui;
  const Input& present = context.model.document.input;
  ui::section(ui, context.text("controls.input"));
  constexpr int kInRow = 4;
  const float side = std::floor((ui::available_width(ui) - (kInRow - 1) * ui.sp(2)) / kInRow);
  int placed = 0;
  if (present.builtin.empty()) {
    draw_input_choice(
        context, {"input.file", present.name, present.tensor, shown_as_matrix(context.model.document), true},
        side);
    ++placed;
  }
  for (const BuiltinInput& builtin : builtin_inputs()) {
    const std::string name(builtin.name);
    if (placed++ % kInRow != 0) ui::same_line(ui, 2);
    const TensorPtr tensor = builtin_is_made(name) ? make_builtin(name) : nullptr;
    const InputChoice choice{"input." + name, context.texts.get("input." + name), tensor, !builtin.is_picture,
                             name == present.builtin};
    if (draw_input_choice(context, choice, side)) context.outbox.post(command::OpenBuiltin{name});
  }
}

void draw_open(LabContext& context) {
  ui::Ui& ui = context.ui;
  ui::gap(ui, 2);
  const bool matrix =
      shown_as_matrix(context.model.document) && context.model.document.direction == Direction::forward;
  const float edit = ui::button_width(ui, context.text("controls.edit"));
  ui::ButtonOptions open;
  open.width = ui::available_width(ui) - edit - ui.sp(2);
  const std::string hint = context.action_hint("open");
  open.tooltip = hint;
  if (ui::button(ui, "input.open", context.text("controls.open"), open)) context.act("open");
  ui::same_line(ui, 2);
  ui::ButtonOptions options;
  options.enabled = matrix;
  options.selected = context.model.session.editing.has_value();
  options.tooltip = context.text("controls.edit.hint");
  if (!ui::button(ui, "input.edit", context.text("controls.edit"), options)) return;
  if (context.eye.editing) {
    context.eye.editing.reset();
  } else if (!context.model.record().taps.empty()) {
    const Tap& tap = context.model.record().taps.front();
    context.eye.editing = CellEditor{std::max<int64_t>(tap.row, 0), std::max<int64_t>(tap.column, 0)};
  }
}

void set_kind(LabContext& context, Kind kind) {
  Document document = context.model.document;
  document.spec.kind = kind;
  context.edit(std::move(document));
}

void draw_all_kinds(LabContext& context) {
  std::vector<ui::Choice> choices;
  int selected = -1;
  for (const KindInfo& info : all_kinds()) {
    if (info.kind == context.model.document.spec.kind) selected = static_cast<int>(choices.size());
    choices.push_back({std::string(info.name), kind_name(context, info), true, kind_hint(context, info)});
  }
  ui::Ui& ui = context.ui;
  ui::gap(ui, 1);
  if (const auto chosen = ui::dropdown(ui, "kind.all", choices, selected, -1))
    set_kind(context, all_kinds()[static_cast<size_t>(*chosen)].kind);
}

void draw_seed(LabContext& context) {
  ui::Ui& ui = context.ui;
  ui::gap(ui, 1);
  ui::ButtonOptions options;
  options.icon = ui::Icon::refresh;
  const std::string hint = context.action_hint("redraw");
  options.tooltip = hint;
  const std::string label = context.say(
      Message("controls.redraw").with("seed", static_cast<int64_t>(context.model.document.spec.seed)));
  options.width = -1;
  if (ui::button(ui, "kind.redraw", label, options)) context.act("redraw");
}

/// A number of the spec that only some kinds have.
struct KindNumber {
  Parameter parameter;
  const char* key;
  const char* label;
  double PoolSpec::*field;
  double low, high, step;
};

constexpr KindNumber kNumbers[] = {
    {kNorm, "kind.norm", "controls.norm", &PoolSpec::norm, 1, 12, 0.5},
    {kSharpness, "kind.sharpness", "controls.sharpness", &PoolSpec::sharpness, 0, 10, 0.1},
    {kMix, "kind.mix", "controls.mix", &PoolSpec::mix, 0, 1, 0.05},
};

void draw_kind_numbers(LabContext& context, const KindInfo& info) {
  for (const KindNumber& number : kNumbers) {
    if (!info.uses(number.parameter)) continue;
    ui::SliderOptions options;
    options.min = number.low;
    options.max = number.high;
    options.step = number.step;
    const double present = context.model.document.spec.*number.field;
    const std::string value = format_short(present, 3);
    options.value_text = value;
    const auto change = ui::slider(context.ui, number.key, context.text(number.label), present, options);
    if (!change.edited) continue;
    Document document = context.model.document;
    document.spec.*number.field = change.value;
    context.edit(std::move(document), change);
  }
}

void draw_taps(LabContext& context) {
  ui::SliderOptions options;
  options.min = 2;
  options.max = 7;
  options.step = 1;
  const auto change = ui::slider(context.ui, "kind.taps", context.text("controls.taps"),
                                 static_cast<double>(context.model.document.spec.taps), options);
  if (!change.edited) return;
  Document document = context.model.document;
  document.spec.taps = change.as_int();
  context.edit(std::move(document), change);
}

void draw_normalise(LabContext& context) {
  const bool mean = context.model.document.spec.normalise == Normalise::mean;
  if (!ui::toggle(context.ui, "kind.normalise", context.text("controls.normalise"), mean)) return;
  Document document = context.model.document;
  document.spec.normalise = mean ? Normalise::sum : Normalise::mean;
  context.edit(std::move(document));
}

void draw_count_padding(LabContext& context) {
  const PoolSpec& spec = context.model.document.spec;
  const bool padded = spec.padding.h > 0 || spec.padding.w > 0;
  const bool chooses = dialect_info(spec.dialect).chooses_count_padding;
  if (!ui::toggle(context.ui, "kind.count_padding", context.text("controls.count_padding"),
                  spec.count_padding, padded && chooses, context.text("controls.count_padding.hint")))
    return;
  Document document = context.model.document;
  document.spec.count_padding = !document.spec.count_padding;
  context.edit(std::move(document));
}

void draw_kind(LabContext& context) {
  ui::Ui& ui = context.ui;
  const Kind present = context.model.document.spec.kind;
  ui::section(ui, context.text("controls.pooling"));
  std::vector<ui::Choice> choices;
  int selected = -1;
  for (const Kind kind : kMainKinds) {
    const KindInfo& info = kind_info(kind);
    if (kind == present) selected = static_cast<int>(choices.size());
    choices.push_back({std::string(info.name), kind_name(context, info), true, kind_hint(context, info)});
  }
  if (const auto chosen = ui::segmented(ui, "kind", choices, selected))
    set_kind(context, kMainKinds[*chosen]);
  draw_all_kinds(context);
  const KindInfo& info = kind_info(present);
  if (info.random) draw_seed(context);
  draw_kind_numbers(context, info);
  if (info.uses(kTaps)) draw_taps(context);
  if (info.uses(kNormalise)) draw_normalise(context);
  if (info.uses_divisor) draw_count_padding(context);
}

/// One pair of numbers of the spec (window, stride ...) and what it may be.
struct SizeControl {
  const char* key;
  const char* label;
  Size2 PoolSpec::*field;
  Range h, w;
};

void draw_geometry_slider(LabContext& context, const SizeControl& geometry, bool height, bool both,
                          const ui::SliderOptions& base) {
  const Document& present = context.model.document;
  const Size2& size = present.spec.*geometry.field;
  const Range range =
      both     ? Range{std::max(geometry.h.low, geometry.w.low), std::min(geometry.h.high, geometry.w.high)}
      : height ? geometry.h
               : geometry.w;
  ui::SliderOptions options = base;
  options.min = static_cast<double>(range.low);
  options.max = static_cast<double>(std::max(range.high, range.low));
  options.step = 1;
  options.enabled = base.enabled && range.high > range.low;
  const bool window = geometry.field == &PoolSpec::window;
  const std::string value =
      both && (window || size.h != size.w) ? by(size.h, size.w) : std::to_string(height ? size.h : size.w);
  options.value_text = value;
  const std::string key = std::string(geometry.key) + (both ? "" : height ? ".h" : ".w");
  std::string label = context.text(geometry.label);
  if (!both) label += height ? " ↕" : " ↔";
  const auto change =
      ui::slider(context.ui, key, label, static_cast<double>(height ? size.h : size.w), options);
  if (!change.edited && !change.started) return;
  Document document = present;
  Size2& set = document.spec.*geometry.field;
  if (both || height) set.h = change.as_int();
  if (both || !height) set.w = change.as_int();
  if (geometry.field == &PoolSpec::stride) document.stride_linked = false;
  context.edit(std::move(document), change);
}

void draw_geometry_rows(LabContext& context, const SizeControl& geometry, const ui::SliderOptions& base) {
  if (!context.model.document.rectangular) {
    draw_geometry_slider(context, geometry, true, true, base);
    return;
  }
  draw_geometry_slider(context, geometry, true, false, base);
  ui::SliderOptions second = base;
  second.middle = {};
  draw_geometry_slider(context, geometry, false, false, second);
}

void draw_stride(LabContext& context, const SpecLimits& limits) {
  const bool linked = context.model.document.stride_linked;
  ui::SliderOptions options;
  options.middle = [&context, linked] {
    const char* words = linked ? "controls.stride.linked" : "controls.stride.free";
    if (!ui::link(context.ui, "stride.link", context.text(words), linked ? ui::Icon::link : ui::Icon::unlink,
                  true, context.text("controls.stride.hint")))
      return;
    Document document = context.model.document;
    document.stride_linked = !linked;
    context.edit(std::move(document));
  };
  options.middle_width = context.ui.dp(110);
  draw_geometry_rows(
      context, {"stride", "controls.stride", &PoolSpec::stride, limits.stride_h, limits.stride_w}, options);
}

void draw_output_size(LabContext& context) {
  const Shape& shape = context.model.document.shape();
  const int64_t most = std::min<int64_t>(16, std::min(shape.h, shape.w));
  draw_geometry_rows(
      context, {"output_size", "controls.output_size", &PoolSpec::output_size, {1, most}, {1, most}}, {});
}

void draw_switch(LabContext& context, const char* key, const char* label, bool on, bool enabled,
                 const char* hint, void (*flip)(Document&)) {
  if (!ui::toggle(context.ui, key, context.text(label), on, enabled, context.text(hint))) return;
  Document document = context.model.document;
  flip(document);
  context.edit(std::move(document));
}

/// What the frameworks do differently: the rules of one of them, and where another one would give other
/// values.
void draw_dialect(LabContext& context) {
  ui::Ui& ui = context.ui;
  const Document& present = context.model.document;
  if (kind_info(present.spec.kind).geometry != Geometry::sliding) return;
  const auto choices_of = [&](bool with_none) {
    std::vector<ui::Choice> choices;
    if (with_none) choices.push_back({"none", context.text("controls.compare.none"), true, {}});
    for (const DialectInfo& info : all_dialects()) {
      const std::string name(info.name);
      choices.push_back(
          {name, context.texts.get("dialect." + name), true, context.texts.get("dialect." + name + ".hint")});
    }
    return choices;
  };
  const auto index_of = [](Dialect dialect) {
    return static_cast<int>(&dialect_info(dialect) - all_dialects().data());
  };
  ui::gap(ui, 1);
  ui::section(ui, context.text("controls.dialect"));
  if (const auto chosen =
          ui::dropdown(ui, "dialect", choices_of(false), index_of(present.spec.dialect), -1)) {
    Document document = present;
    document.spec = in_dialect(present.spec, all_dialects()[static_cast<size_t>(*chosen)].dialect);
    context.edit(std::move(document));
  }
  if (!shown_as_matrix(present)) return;
  ui::text(ui, ui::Role::caption, ui.theme->text_faint, context.text("controls.compare"));
  const int other = present.compared ? index_of(*present.compared) + 1 : 0;
  if (const auto chosen = ui::dropdown(ui, "compare_dialect", choices_of(true), other, -1)) {
    Document document = present;
    document.compared.reset();
    if (*chosen > 0) document.compared = all_dialects()[static_cast<size_t>(*chosen - 1)].dialect;
    context.edit(std::move(document));
  }
}

void draw_geometry(LabContext& context) {
  ui::Ui& ui = context.ui;
  const Document& present = context.model.document;
  const KindInfo& info = kind_info(present.spec.kind);
  const SpecLimits limits = spec_limits(present.spec, present.shape());
  ui::section(ui, context.text("controls.geometry"));
  const auto rows = [&](Parameter parameter, const SizeControl& geometry, const char* hint) {
    if (!info.uses(parameter)) return;
    ui::SliderOptions options;
    if (hint != nullptr) options.tooltip = context.text(hint);
    draw_geometry_rows(context, geometry, options);
  };
  rows(kWindow, {"window", "controls.window", &PoolSpec::window, limits.window_h, limits.window_w}, nullptr);
  if (info.uses(kStride)) draw_stride(context, limits);
  if (info.uses(kOutputSize)) draw_output_size(context);
  if (!dialect_info(present.spec.dialect).own_padding)
    rows(kPadding, {"padding", "controls.padding", &PoolSpec::padding, limits.padding_h, limits.padding_w},
         "controls.padding.hint");
  rows(kDilation,
       {"dilation", "controls.dilation", &PoolSpec::dilation, limits.dilation_h, limits.dilation_w},
       "controls.dilation.hint");
  if (info.uses(kRounding))
    draw_switch(context, "ceil", "controls.ceil", present.spec.rounding == Rounding::ceil,
                !dialect_info(present.spec.dialect).own_rounding, "controls.ceil.hint",
                [](Document& document) {
                  Rounding& rounding = document.spec.rounding;
                  rounding = rounding == Rounding::ceil ? Rounding::floor : Rounding::ceil;
                });
  draw_switch(context, "rectangular", "controls.rectangular", present.rectangular, true,
              "controls.rectangular.hint",
              [](Document& document) { document.rectangular = !document.rectangular; });
}

void draw_presets(LabContext& context) {
  ui::Ui& ui = context.ui;
  const Document& present = context.model.document;
  ui::section(ui, context.text("controls.presets"));
  bool first = true;
  for (const Preset& preset : all_presets()) {
    const std::string label = preset.label ? preset.label : context.text("controls.global");
    if (!first) ui::flow(ui, ui::chip_width(ui, label));
    first = false;
    Document document = with_preset(present, preset);
    ui::ChipOptions options;
    options.selected = document.spec == present.spec;
    options.enabled = validate(document.spec, present.shape()).ok();
    if (ui::chip(ui, preset.key, label, options)) context.edit(std::move(document));
  }
}

}  // namespace

void draw_input_choices(LabContext& context) {
  draw_inputs(context);
  draw_open(context);
}

void draw_controls(LabContext& context) {
  // A lesson may leave out what it is not about.
  struct Section {
    const char* name;
    void (*draw)(LabContext&);
  };
  constexpr Section kSections[] = {{"input", draw_input_choices},
                                   {"pooling", draw_kind},
                                   {"geometry", draw_geometry},
                                   {"presets", draw_presets},
                                   {"dialect", draw_dialect}};
  bool first = true;
  for (const Section& section : kSections) {
    if (lesson_hides(context.model, section.name)) continue;
    if (!first) ui::gap(context.ui, 1);
    first = false;
    section.draw(context);
  }
}

}  // namespace poolscope
