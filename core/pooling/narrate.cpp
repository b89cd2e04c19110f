#include <algorithm>
#include <cmath>

#include "core/pooling/formula.h"
#include "core/pooling/kinds.h"
#include "core/pooling/listing.h"
#include "core/pooling/trace.h"
#include "core/pooling/window.h"

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

int64_t times_of_winner(const StepRecord& step) {
  return std::count_if(step.taps.begin(), step.taps.end(),
                       [&](const Tap& tap) { return tap.inside && tap.value == step.result; });
}

const char* extreme_key(const StepRecord& step, const char* one, const char* tie, const char* nan,
                        const char* empty) {
  if (step.valid == 0) return empty;
  if (std::isnan(step.result)) return nan;
  const bool all_listed = step.tap_count <= kTraceTaps;
  return all_listed && times_of_winner(step) > 1 ? tie : one;
}

const char* average_key(const StepRecord& step) {
  if (step.valid == 0) return "step.average.empty";
  switch (step.divisor_reason) {
    case DivisorReason::given:
      return "step.average.given";
    case DivisorReason::valid_cells:
      return "step.average.valid";
    case DivisorReason::clipped_window:
      return "step.average.clipped";
    default:
      return step.valid < step.tap_count ? "step.average.padded" : "step.average.whole";
  }
}

const char* draw_key(const StepRecord& step) {
  if (std::isnan(step.result)) return "step.stochastic.nan";
  if (step.total == 0) return "step.stochastic.zero";
  return step.negatives_as_zero ? "step.stochastic.negative" : "step.stochastic.draw";
}

const char* expectation_key(const StepRecord& step) {
  if (std::isnan(step.result)) return "step.stochastic-expectation.nan";
  if (step.total == 0) return "step.stochastic-expectation.zero";
  return step.negatives_as_zero ? "step.stochastic-expectation.negative" : "step.stochastic-expectation.one";
}

const char* key_of(const PoolPlan& plan, const StepRecord& step) {
  switch (plan.spec.kind) {
    case Kind::max:
      return extreme_key(step, "step.max.one", "step.max.tie", "step.max.nan", "step.max.empty");
    case Kind::min:
      return extreme_key(step, "step.min.one", "step.min.tie", "step.min.nan", "step.min.empty");
    case Kind::average:
      return average_key(step);
    case Kind::stochastic:
      return draw_key(step);
    case Kind::stochastic_expectation:
      return expectation_key(step);
    case Kind::l2:
      if (step.valid == 0) return "step.l2.empty";
      return step.scale != 1 ? "step.l2.scaled" : "step.l2.one";
    case Kind::none:
      break;
  }
  return "";
}

Message placed(const PoolPlan& plan, const StepRecord& step, const char* key) {
  return Message(key)
      .with("step", step.step + 1)
      .with("count", plan.steps_per_plane())
      .with("rows", cells_of(axis_window(plan.rows, step.out_row)))
      .with("columns", cells_of(axis_window(plan.columns, step.out_column)));
}

}  // namespace

Message locate(const PoolPlan& plan, const StepRecord& step) {
  return placed(plan, step, step.valid == 0 ? "step.where.empty" : "step.where.cells");
}

Message narrate(const PoolPlan& plan, const StepRecord& step) {
  if (!kind_info(plan.spec.kind).uses_window)
    return Message("step.none.one")
        .with("step", step.step + 1)
        .with("count", plan.steps_per_plane())
        .with("row", step.taps[0].row)
        .with("column", step.taps[0].column)
        .with("result", format_value(step.result));
  Message message = placed(plan, step, key_of(plan, step));
  message.with("values", list_of(step, [](const Tap& tap) { return format_value(tap.value); }))
      .with("result", format_value(step.result))
      .with("total", format_value(step.total))
      .with("divisor", format_value(step.divisor))
      .with("padding", step.tap_count - step.valid)
      .with("scale", format_value(step.scale))
      .with("times", times_of_winner(step))
      .with("draw", format_short(step.draw, 3))
      .with("probabilities", list_of(step, [](const Tap& tap) { return format_short(tap.weight, 3); }));
  return message;
}

}  // namespace poolscope
