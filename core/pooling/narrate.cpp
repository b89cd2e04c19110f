#include <algorithm>

#include "core/pooling/kernels.h"
#include "core/pooling/listing.h"

namespace poolscope {

std::vector<int> listed_taps(const StepRecord& step) {
  std::vector<int> inside;
  for (size_t i = 0; i < step.taps.size(); ++i)
    if (step.taps[i].inside) inside.push_back(static_cast<int>(i));
  if (static_cast<int>(inside.size()) <= kListedValues && step.tap_count <= kTraceTaps) return inside;

  constexpr int kHead = 5, kTail = 2;
  const int count = static_cast<int>(inside.size());
  std::vector<int> listed;
  int previous = -1;
  for (int i = 0; i < count; ++i) {
    const int tap = inside[static_cast<size_t>(i)];
    if (i >= kHead && i < count - kTail && tap != step.winner) continue;
    if (i != previous + 1) listed.push_back(-1);
    listed.push_back(tap);
    previous = i;
  }
  return listed;
}

namespace {

/// The cells inside the input: "0–1"; with dilation "0, 2, 4" while that is short, else "0, 2, …, 8".
std::string cells_of(const AxisWindow& window) {
  if (window.valid() == 0) return "";
  const auto name = [&](int64_t tap) { return std::to_string(window.cell(tap)); };
  const int64_t first = window.first, last = window.last - 1;
  if (window.dilation == 1 || first == last) return name(first) + "–" + name(last);
  std::string text = name(first) + ", " + name(first + 1);
  if (window.valid() == 3) text += ", " + name(last);
  if (window.valid() > 3) text += ", …, " + name(last);
  return text;
}

Message placed(const PoolPlan& plan, const StepRecord& step, const char* key) {
  const int64_t plane = step.n * plan.in.c + step.c;
  return Message(key)
      .with("step", step.step + 1)
      .with("count", plan.steps_per_plane())
      .with("rows", cells_of(axis_window(plan.rows, step.out_row, plane)))
      .with("columns", cells_of(axis_window(plan.columns, step.out_column, plane)));
}

int64_t times_of_result(const StepRecord& step) {
  return std::count_if(step.taps.begin(), step.taps.end(),
                       [&](const Tap& tap) { return tap.inside && tap.value == step.result; });
}

}  // namespace

Message locate(const PoolPlan& plan, const StepRecord& step) {
  return placed(plan, step, step.valid == 0 ? "step.where.empty" : "step.where.cells");
}

Message narrate(const PoolPlan& plan, const StepRecord& step) {
  const PoolSpec& spec = plan.spec;
  Message message = placed(plan, step, kind_row(spec.kind).words->key(plan, step));
  message.with("values", list_of(step, [](const Tap& tap) { return format_value(tap.value); }))
      .with("weights", list_of(step, [](const Tap& tap) { return format_short(tap.weight, 3); }))
      .with("result", format_value(step.result))
      .with("total", format_value(step.total))
      .with("divisor", format_value(step.divisor))
      .with("valid", step.valid)
      .with("padding", step.tap_count - step.valid)
      .with("scale", format_value(step.scale))
      .with("times", times_of_result(step))
      .with("draw", format_short(step.draw, 3))
      .with("norm", format_value(spec.norm))
      .with("sharpness", format_value(spec.sharpness))
      .with("peak", format_value(step.peak))
      .with("average", format_value(step.divisor == 0 ? 0 : step.total / step.divisor))
      .with("mix", format_value(spec.mix))
      .with("rest", format_value(1 - spec.mix))
      .with("taps", spec.taps);
  if (step.winner >= 0) {
    const Tap& winner = step.taps[static_cast<size_t>(step.winner)];
    message.with("row", winner.row).with("column", winner.column);
  }
  return message;
}

}  // namespace poolscope
