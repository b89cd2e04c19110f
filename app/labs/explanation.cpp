// The right panel: what is happening, in words; how the picture is shown; facts counted and measured.

#include <string>
#include <vector>

#include "app/labs/frame.h"
#include "app/labs/sizes.h"
#include "core/pooling/dialects.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

Message geometry_words(const LabContext& context, const char* key) {
  const PoolPlan& plan = context.model.plan();
  const Size2& stride = plan.spec.stride;
  return Message(key)
      .with("window", by(plan.rows.window, plan.columns.window))
      .with("stride", stride.h == stride.w ? std::to_string(stride.h) : by(stride.h, stride.w))
      .with("channels", plan.in.c)
      .with("rows", plan.in.h)
      .with("columns", plan.in.w);
}

void draw_happening(LabContext& context) {
  ui::Ui& ui = context.ui;
  const Document& document = context.model.document;
  ui::section(ui, context.text("explain.title"));
  const std::string kind(kind_info(document.spec.kind).name);
  if (document.direction == Direction::backward) {
    ui::paragraph(ui, context.say(geometry_words(context, "explain.backward")));
    ui::gap(ui, 0.5f);
    ui::paragraph(ui, context.texts.get("kind." + kind + ".backward"));
    return;
  }
  ui::paragraph(ui, context.say(geometry_words(context, "explain.slides")));
  ui::gap(ui, 0.5f);
  ui::paragraph(ui, context.texts.get("kind." + kind + ".explain"));
  if (document.shape().c > 1) {
    ui::gap(ui, 0.5f);
    ui::paragraph(ui, context.say(geometry_words(context, "explain.channels")));
  }
  if (context.model.facts().cells_never_read > 0) {
    ui::gap(ui, 0.5f);
    ui::paragraph(
        ui,
        context.say(
            Message("explain.dropped").with("cells", format_count(context.model.facts().cells_never_read))));
  }
}

void draw_direction(LabContext& context) {
  ui::Ui& ui = context.ui;
  ui::section(ui, context.text("explain.direction"));
  const std::vector<ui::Choice> choices = {{"forward", context.text("explain.forward"), true, {}},
                                           {"backward", context.text("explain.gradient"), true, {}}};
  if (ui::segmented(ui, "direction", choices, static_cast<int>(context.model.document.direction)))
    context.act("direction");
}

void draw_channel(LabContext& context) {
  const Document& present = context.model.document;
  const int64_t channels = present.shape().c;
  if (channels == 1) return;
  std::vector<ui::Choice> choices;
  std::vector<int64_t> values;
  if (channels == 3) {
    const char* names[] = {"R", "G", "B"};
    choices.push_back({"colour", context.text("view.colour"), true, {}});
    values.push_back(kColourChannels);
    for (int64_t c = 0; c < 3; ++c) {
      choices.push_back({std::string(names[c]), names[c], true, {}});
      values.push_back(c);
    }
  } else {
    for (int64_t c = 0; c < channels; ++c) {
      choices.push_back(
          {std::to_string(c), context.say(Message("view.channel").with("channel", c)), true, {}});
      values.push_back(c);
    }
  }
  int selected = 0;
  for (size_t i = 0; i < values.size(); ++i)
    if (values[i] == present.channel) selected = static_cast<int>(i);
  const auto chosen = channels == 3 ? ui::segmented(context.ui, "view.channel", choices, selected)
                                    : ui::dropdown(context.ui, "view.channel", choices, selected, -1);
  if (!chosen) return;
  Document document = present;
  document.channel = values[static_cast<size_t>(*chosen)];
  context.edit(std::move(document));
}

void draw_batch(LabContext& context) {
  const Document& present = context.model.document;
  if (present.shape().n == 1) return;
  ui::SliderOptions options;
  options.min = 0;
  options.max = static_cast<double>(present.shape().n - 1);
  options.step = 1;
  const auto change = ui::slider(context.ui, "view.batch", context.text("view.batch"),
                                 static_cast<double>(present.batch), options);
  if (!change.edited) return;
  Document document = present;
  document.batch = change.as_int();
  context.edit(std::move(document), change);
}

void draw_view(LabContext& context) {
  const Document& present = context.model.document;
  const bool picture = !shown_as_matrix(present);
  if (!picture && present.shape().c == 1 && present.shape().n == 1) return;
  ui::Ui& ui = context.ui;
  ui::gap(ui, 2);
  ui::section(ui, context.text("view.title"));
  draw_channel(context);
  draw_batch(context);
  if (!picture || present.channel == kColourChannels) return;
  ui::gap(ui, 0.5f);
  const std::vector<ui::Choice> maps = {{"grey", context.text("view.grey"), true, {}},
                                        {"viridis", "Viridis", true, {}},
                                        {"cividis", "Cividis", true, {}}};
  if (const auto chosen = ui::segmented(ui, "view.colormap", maps, static_cast<int>(present.colormap))) {
    Document document = present;
    document.colormap = static_cast<Colormap>(*chosen);
    context.edit(std::move(document));
  }
}

std::string bytes_text(int64_t bytes) {
  if (bytes < 10'000) return format_count(bytes) + " B";
  if (bytes < 1'000'000) return format_short(static_cast<double>(bytes) / 1e3, 3) + " kB";
  if (bytes < 1'000'000'000) return format_short(static_cast<double>(bytes) / 1e6, 3) + " MB";
  return format_short(static_cast<double>(bytes) / 1e9, 3) + " GB";
}

void draw_time(LabContext& context) {
  ui::Ui& ui = context.ui;
  const PoolRunPtr run = context.model.job.latest();
  if (context.model.job.busy()) {
    ui::text(ui, ui::Role::caption, ui.theme->text_faint, context.text("facts.computing"));
    ui::progress_bar(ui, "facts.progress", context.model.job.progress());
    return;
  }
  const bool current = run && run->plan == context.model.plan();
  // A measured time differs from run to run: pictures that must be the same every time leave it out.
  if (!current || context.state.hide_timings) return;
  ui::FactOptions options;
  options.tooltip = context.text("facts.time.hint");
  ui::fact(ui, "facts.time", context.text("facts.time"), time_text(run->seconds), options);
}

void draw_facts(LabContext& context) {
  ui::Ui& ui = context.ui;
  const PoolPlan& plan = context.model.plan();
  const PoolFacts& facts = context.model.facts();
  ui::gap(ui, 2);
  ui::section(ui, context.text("facts.title"));
  ui::FactOptions mono;
  mono.value_role = ui::Role::mono;
  ui::fact(ui, "facts.shape", context.text("facts.shape"), shape_text(plan.in) + " → " + shape_text(plan.out),
           mono);
  const double kept = 100.0 * static_cast<double>(facts.values_out) / static_cast<double>(facts.values_in);
  ui::fact(ui, "facts.kept", context.text("facts.kept"), format_short(kept, 3) + " %");
  ui::fact(ui, "facts.channels", context.text("facts.channels"),
           std::to_string(plan.in.c) + " → " + std::to_string(plan.out.c));
  ui::FactOptions zero;
  zero.value_color = ui.theme->unchanged.text;
  ui::fact(ui, "facts.parameters", context.text("facts.parameters"), "0", zero);
  ui::FactOptions convolution;
  convolution.tooltip = context.text("facts.convolution.hint");
  ui::fact(ui, "facts.convolution", context.text("facts.convolution"),
           format_count(facts.convolution_weights) + " + " + format_count(facts.convolution_biases),
           convolution);
  const KindInfo& info = kind_info(plan.spec.kind);
  const char* operations =
      info.kind == Kind::max || info.kind == Kind::min ? "facts.comparisons" : "facts.cells_read";
  const bool compares = info.kind == Kind::max || info.kind == Kind::min;
  ui::fact(ui, "facts.operations", context.text(operations),
           format_count(compares ? facts.combinations : facts.cells_read));
  ui::fact(ui, "facts.memory", context.text("facts.memory"),
           bytes_text(facts.bytes_in) + " → " + bytes_text(facts.bytes_out));
  draw_time(context);
}

/// ⌊(4 + 2·0 − 2) / 2⌋ + 1 = 2, with the numbers of one axis.
std::string size_formula(const AxisPlan& axis, Rounding rounding) {
  const bool ceil = rounding == Rounding::ceil;
  std::string text = ceil ? "⌈(" : "⌊(";
  text += std::to_string(axis.in);
  if (axis.pad_before == axis.pad_after)
    text += " + 2·" + std::to_string(axis.pad_before);
  else
    text += " + " + std::to_string(axis.pad_before) + " + " + std::to_string(axis.pad_after);
  if (axis.dilation > 1)
    text += " − " + std::to_string(axis.dilation) + "·(" + std::to_string(axis.window) + " − 1) − 1";
  else
    text += " − " + std::to_string(axis.window);
  text += ") / " + std::to_string(axis.stride) + (ceil ? "⌉" : "⌋") + " + 1";
  // Rounding up can promise a window that would start past the input: it is left out.
  const int64_t room = axis.in + axis.pad_before + axis.pad_after - axis.extent();
  const int64_t plain = (ceil ? (room + axis.stride - 1) : room) / axis.stride + 1;
  if (plain != axis.out) text += " − " + std::to_string(plain - axis.out);
  return text + " = " + std::to_string(axis.out);
}

/// Keras always rounds down (it pads to fit), Caffe always up; the others do as they are told.
Rounding rounding_used(const PoolSpec& spec) {
  if (spec.dialect == Dialect::caffe) return Rounding::ceil;
  return dialect_info(spec.dialect).own_rounding ? Rounding::floor : spec.rounding;
}

void draw_output_size(LabContext& context) {
  ui::Ui& ui = context.ui;
  const PoolPlan& plan = context.model.plan();
  const Geometry geometry = kind_info(plan.spec.kind).geometry;
  if (geometry != Geometry::sliding && geometry != Geometry::sampling) return;  // no such formula there
  ui::gap(ui, 2);
  ui::section(ui, context.text("explain.output_size"));
  const Rounding rounding = rounding_used(plan.spec);
  const std::string rows = size_formula(plan.rows, rounding), columns = size_formula(plan.columns, rounding);
  ui::code_box(ui, "explain.size.rows", rows);
  if (rows != columns) {
    ui::gap(ui, 1);
    ui::code_box(ui, "explain.size.columns", columns);
  }
}

}  // namespace

void draw_explanation(LabContext& context) {
  draw_happening(context);
  ui::gap(context.ui, 2);
  draw_direction(context);
  draw_view(context);
  draw_facts(context);
  draw_output_size(context);
}

}  // namespace poolscope
