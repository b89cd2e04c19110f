#include <algorithm>
#include <cmath>

#include "core/pooling/kernels.h"
#include "core/pooling/listing.h"

/// How each kind tells a step: which sentence, and the arithmetic with its numbers.
namespace poolscope {

namespace {

using Spans = std::vector<FormulaSpan>;

void plain(Spans& spans, std::string text) {
  spans.push_back({std::move(text), FormulaRole::plain, -1});
}

void result(Spans& spans, const StepRecord& step) {
  plain(spans, " = ");
  spans.push_back({format_value(step.result), FormulaRole::result, -1});
}

/// The listed taps with `separator` between them, each written by `write(tap, first)`; empty: muted "0".
template <class Write>
void operands(Spans& spans, const StepRecord& step, const char* separator, Write write) {
  bool first = true;
  for (const int index : listed_taps(step)) {
    if (!first) plain(spans, separator);
    if (index < 0) {
      spans.push_back({"…", FormulaRole::muted, -1});
    } else {
      const FormulaRole role = index == step.winner ? FormulaRole::winner : FormulaRole::operand;
      spans.push_back({write(step.taps[static_cast<size_t>(index)], first), role, index});
    }
    first = false;
  }
}

std::string value(const Tap& tap, bool) {
  return format_value(tap.value);
}

std::string bracketed(const std::string& number) {
  return number[0] == '-' ? "(" + number + ")" : number;
}

std::string summand(const Tap& tap, bool first) {
  return first ? format_value(tap.value) : bracketed(format_value(tap.value));
}

std::string weighted(const Tap& tap, bool) {
  return format_short(tap.weight, 3) + " · " + bracketed(format_value(tap.value));
}

Spans weighted_sum(const PoolPlan&, const StepRecord& step) {
  Spans spans;
  operands(spans, step, " + ", weighted);
  if (step.valid == 0) plain(spans, "0");
  result(spans, step);
  return spans;
}

/// How often the result occurs; 1 where not all values are listed.
int64_t times(const StepRecord& step) {
  if (step.tap_count > kTraceTaps) return 1;
  return std::count_if(step.taps.begin(), step.taps.end(),
                       [&](const Tap& tap) { return tap.inside && tap.value == step.result; });
}

// --- max, min ---

Spans extreme(const StepRecord& step, const char* name) {
  Spans spans;
  plain(spans, std::string(name) + "( ");
  operands(spans, step, ", ", value);
  plain(spans, step.valid == 0 ? ")" : " )");
  result(spans, step);
  return spans;
}

const char* max_key(const PoolPlan&, const StepRecord& step) {
  if (step.valid == 0) return "step.max.empty";
  if (std::isnan(step.result)) return "step.max.nan";
  return times(step) > 1 ? "step.max.tie" : "step.max.one";
}

Spans max_formula(const PoolPlan&, const StepRecord& step) {
  return extreme(step, "max");
}

const char* min_key(const PoolPlan&, const StepRecord& step) {
  if (step.valid == 0) return "step.min.empty";
  if (std::isnan(step.result)) return "step.min.nan";
  return times(step) > 1 ? "step.min.tie" : "step.min.one";
}

Spans min_formula(const PoolPlan&, const StepRecord& step) {
  return extreme(step, "min");
}

// --- average, mixed ---

const char* average_key(const PoolPlan&, const StepRecord& step) {
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

Spans average_formula(const PoolPlan&, const StepRecord& step) {
  Spans spans;
  if (step.valid == 0) {
    plain(spans, "0");
  } else {
    plain(spans, "(");
    operands(spans, step, " + ", summand);
    plain(spans, ") / " + format_value(step.divisor));
  }
  result(spans, step);
  return spans;
}

const char* mixed_key(const PoolPlan&, const StepRecord& step) {
  return step.valid == 0 ? "step.mixed.empty" : "step.mixed.one";
}

Spans mixed_formula(const PoolPlan& plan, const StepRecord& step) {
  Spans spans;
  const double average = step.valid == 0 ? 0 : step.total / step.divisor;
  plain(spans, format_value(plan.spec.mix) + " · ");
  spans.push_back({bracketed(format_value(step.peak)), FormulaRole::winner, step.winner});
  plain(spans, " + " + format_value(1 - plan.spec.mix) + " · " + bracketed(format_value(average)));
  result(spans, step);
  return spans;
}

// --- stochastic ---

const char* draw_key(const PoolPlan&, const StepRecord& step) {
  if (step.valid == 0) return "step.stochastic.empty";
  if (std::isnan(step.result)) return "step.stochastic.nan";
  if (step.total == 0) return "step.stochastic.zero";
  return step.negatives_as_zero ? "step.stochastic.negative" : "step.stochastic.draw";
}

Spans draw_formula(const PoolPlan&, const StepRecord& step) {
  Spans spans;
  plain(spans, "u = " + format_short(step.draw, 3) + " → ");
  spans.push_back({format_value(step.result), FormulaRole::winner, step.winner});
  if (step.winner < 0 || step.total == 0 || std::isnan(step.result)) return spans;
  // Infinite values share the probability among themselves: then the total counts them.
  const double part = std::isinf(step.result) ? 1 : step.result;
  plain(spans, " (p = " + format_value(part) + "/" + format_value(step.total) + ")");
  return spans;
}

const char* expectation_key(const PoolPlan&, const StepRecord& step) {
  if (step.valid == 0) return "step.stochastic-expectation.empty";
  if (std::isnan(step.result)) return "step.stochastic-expectation.nan";
  if (step.total == 0) return "step.stochastic-expectation.zero";
  return step.negatives_as_zero ? "step.stochastic-expectation.negative" : "step.stochastic-expectation.one";
}

/// "(1² + 3²) / (1 + 3)": negative values count as 0.
Spans expectation_formula(const PoolPlan&, const StepRecord& step) {
  Spans spans;
  const auto part = [](const Tap& tap) { return format_value(std::max(tap.value, 0.0f)); };
  if (step.total == 0) {
    plain(spans, "0");
  } else {
    plain(spans, "(");
    operands(spans, step, " + ", [&](const Tap& tap, bool) { return part(tap) + "²"; });
    plain(spans, ") / (");
    operands(spans, step, " + ", [&](const Tap& tap, bool) { return part(tap); });
    plain(spans, ")");
  }
  result(spans, step);
  return spans;
}

// --- L2, Lp ---

const char* l2_key(const PoolPlan& plan, const StepRecord& step) {
  if (step.valid == 0) return "step.l2.empty";
  if (plan.spec.normalise == Normalise::mean) return "step.l2.mean";
  return step.scale != 1 ? "step.l2.scaled" : "step.l2.one";
}

const char* lp_key(const PoolPlan& plan, const StepRecord& step) {
  if (step.valid == 0) return "step.lp.empty";
  if (std::isnan(step.result)) return "step.lp.nan";
  if (plan.spec.normalise == Normalise::mean) return "step.lp.mean";
  return step.scale != 1 ? "step.lp.scaled" : "step.lp.one";
}

/// What the sum of powers is multiplied by: "", " · 1.5" or " / 4".
std::string factor(const PoolPlan& plan, const StepRecord& step) {
  if (step.valid == 0 || step.scale == 1) return "";
  if (plan.spec.normalise == Normalise::mean) return " / " + std::to_string(step.valid);
  return " · " + format_value(step.scale);
}

Spans l2_formula(const PoolPlan& plan, const StepRecord& step) {
  Spans spans;
  const std::string scaled = factor(plan, step);
  plain(spans, scaled.empty() ? "√(" : "√((");
  if (step.valid == 0) plain(spans, "0");
  operands(spans, step, " + ", [](const Tap& tap, bool) { return bracketed(format_value(tap.value)) + "²"; });
  plain(spans, scaled.empty() ? ")" : ")" + scaled + ")");
  result(spans, step);
  return spans;
}

Spans lp_formula(const PoolPlan& plan, const StepRecord& step) {
  Spans spans;
  const std::string scaled = factor(plan, step), p = format_value(plan.spec.norm);
  const bool signs = plan.spec.dialect == Dialect::pytorch;
  plain(spans, scaled.empty() ? "(" : "((");
  if (step.valid == 0) plain(spans, "0");
  operands(spans, step, " + ", [&](const Tap& tap, bool) {
    const std::string number = format_value(tap.value);
    return (signs ? bracketed(number) : "|" + number + "|") + "^" + p;
  });
  plain(spans, (scaled.empty() ? ")" : ")" + scaled + ")") + "^(1/" + p + ")");
  result(spans, step);
  return spans;
}

// --- log-sum-exp, SoftPool ---

const char* log_sum_exp_key(const PoolPlan&, const StepRecord& step) {
  return step.valid == 0 ? "step.log-sum-exp.empty" : "step.log-sum-exp.one";
}

Spans log_sum_exp_formula(const PoolPlan& plan, const StepRecord& step) {
  const double r = plan.spec.sharpness;
  const std::string sharpness = bracketed(format_value(r));
  if (r == 0) return weighted_sum(plan, step);
  Spans spans;
  plain(spans, "log((");
  operands(spans, step, " + ", [&](const Tap& tap, bool) {
    const std::string number = format_value(tap.value);
    if (r == 1) return "e^" + bracketed(number);
    return "e^(" + sharpness + "·" + bracketed(number) + ")";
  });
  plain(spans, ") / " + std::to_string(step.valid) + ")");
  if (r != 1) plain(spans, " / " + sharpness);
  result(spans, step);
  return spans;
}

const char* softpool_key(const PoolPlan&, const StepRecord& step) {
  return step.valid == 0 ? "step.softpool.empty" : "step.softpool.one";
}

// --- one cell, blur ---

Spans cell(const StepRecord& step, size_t index) {
  Spans spans;
  const Tap& tap = step.taps[index];
  plain(spans, "x[" + std::to_string(tap.row) + ", " + std::to_string(tap.column) + "]");
  result(spans, step);
  return spans;
}

const char* sample_key(const PoolPlan&, const StepRecord&) {
  return "step.none.one";
}
const char* phase_key(const PoolPlan&, const StepRecord&) {
  return "step.aps.one";
}
Spans winner_formula(const PoolPlan&, const StepRecord& step) {
  return cell(step, static_cast<size_t>(step.winner));
}

const char* blur_key(const PoolPlan&, const StepRecord&) {
  return "step.blur.one";
}
const char* max_blur_key(const PoolPlan&, const StepRecord&) {
  return "step.max-blur.one";
}

/// Cells that won no maximum have no part in it.
Spans max_blur_formula(const PoolPlan& plan, const StepRecord& step) {
  StepRecord winners = step;
  std::vector<Tap> kept;
  for (const Tap& tap : step.taps)
    if (tap.inside && tap.weight > 0) kept.push_back(tap);
  winners.taps = std::move(kept);
  Spans spans = weighted_sum(plan, winners);
  // The pieces point at cells of the record that was given.
  for (FormulaSpan& span : spans) {
    if (span.tap < 0) continue;
    const Tap& tap = winners.taps[static_cast<size_t>(span.tap)];
    for (size_t i = 0; i < step.taps.size(); ++i)
      if (step.taps[i].row == tap.row && step.taps[i].column == tap.column) span.tap = static_cast<int>(i);
  }
  return spans;
}

}  // namespace

const Words kMaxWords{max_key, max_formula}, kMinWords{min_key, min_formula},
    kAverageWords{average_key, average_formula}, kStochasticWords{draw_key, draw_formula},
    kExpectationWords{expectation_key, expectation_formula}, kL2Words{l2_key, l2_formula},
    kLpWords{lp_key, lp_formula}, kLogSumExpWords{log_sum_exp_key, log_sum_exp_formula},
    kSoftpoolWords{softpool_key, weighted_sum}, kMixedWords{mixed_key, mixed_formula},
    kSampleWords{sample_key, winner_formula}, kBlurWords{blur_key, weighted_sum},
    kMaxBlurWords{max_blur_key, max_blur_formula}, kPhaseWords{phase_key, winner_formula};

}  // namespace poolscope
