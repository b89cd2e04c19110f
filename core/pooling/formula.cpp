#include "core/pooling/formula.h"

#include <cmath>
#include <cstdlib>

#include "core/pooling/listing.h"

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

/// How one operand of a list is written.
struct Operand {
  bool as_sum = false;             ///< a negative number after a sign goes into brackets
  bool negatives_as_zero = false;  ///< stochastic pooling's odds
  const char* suffix = "";         ///< "²"
};

/// The values inside the input with `separator` between them, shortened in the middle.
void operands(Spans& spans, const StepRecord& step, const char* separator, Operand style = {}) {
  bool first = true;
  for (const int index : listed_taps(step)) {
    if (!first) plain(spans, separator);
    if (index < 0) {
      spans.push_back({"…", FormulaRole::muted, -1});
    } else {
      const Tap& tap = step.taps[static_cast<size_t>(index)];
      const bool dropped = style.negatives_as_zero && tap.value < 0;
      std::string text = format_value(dropped ? 0 : tap.value);
      const bool squared = style.suffix[0] != 0;
      if (text[0] == '-' && (squared || (style.as_sum && !first))) text = "(" + text + ")";
      const FormulaRole role = index == step.winner ? FormulaRole::winner
                               : dropped            ? FormulaRole::muted
                                                    : FormulaRole::operand;
      spans.push_back({text + style.suffix, role, index});
    }
    first = false;
  }
}

Spans extreme(const StepRecord& step, const char* name) {
  Spans spans;
  plain(spans, std::string(name) + "( ");
  operands(spans, step, ", ");
  plain(spans, step.valid == 0 ? ")" : " )");
  result(spans, step);
  return spans;
}

Spans average(const StepRecord& step) {
  Spans spans;
  if (step.valid == 0) {
    plain(spans, "0");
  } else {
    plain(spans, "(");
    operands(spans, step, " + ", {true});
    plain(spans, ") / " + format_value(step.divisor));
  }
  result(spans, step);
  return spans;
}

Spans root_of_squares(const StepRecord& step) {
  Spans spans;
  const bool scaled = step.scale != 1;
  plain(spans, scaled ? "√((" : "√(");
  if (step.valid == 0) plain(spans, "0");
  operands(spans, step, " + ", {true, false, "²"});
  plain(spans, scaled ? ") · " + format_value(step.scale) + ")" : ")");
  result(spans, step);
  return spans;
}

Spans drawn(const StepRecord& step) {
  Spans spans;
  plain(spans, "u = " + format_short(step.draw, 3) + " → ");
  spans.push_back({format_value(step.result), FormulaRole::winner, step.winner});
  if (step.winner < 0 || step.total == 0 || std::isnan(step.result)) return spans;
  // Infinite values share the probability among themselves: then the total counts them.
  const double part = std::isinf(step.result) ? 1 : step.result;
  plain(spans, " (p = " + format_value(part) + "/" + format_value(step.total) + ")");
  return spans;
}

Spans expected(const StepRecord& step) {
  Spans spans;
  plain(spans, "(");
  operands(spans, step, " + ", {true, true, "²"});
  plain(spans, ") / (");
  operands(spans, step, " + ", {true, true});
  plain(spans, ")");
  if (step.total == 0) plain(spans, " → 0 / 0");
  result(spans, step);
  return spans;
}

Spans sample(const StepRecord& step) {
  Spans spans;
  const Tap& tap = step.taps[0];
  plain(spans, "x[" + std::to_string(tap.row) + ", " + std::to_string(tap.column) + "]");
  result(spans, step);
  return spans;
}

}  // namespace

std::vector<FormulaSpan> formula(const PoolPlan& plan, const StepRecord& step) {
  switch (plan.spec.kind) {
    case Kind::max:
      return extreme(step, "max");
    case Kind::min:
      return extreme(step, "min");
    case Kind::average:
      return average(step);
    case Kind::l2:
      return root_of_squares(step);
    case Kind::stochastic:
      return drawn(step);
    case Kind::stochastic_expectation:
      return expected(step);
    case Kind::none:
      return sample(step);
  }
  return {};
}

std::string formula_text(const PoolPlan& plan, const StepRecord& step) {
  std::string text;
  for (const FormulaSpan& span : formula(plan, step))
    text += span.text;
  return text;
}

std::string format_value(double value) {
  const float narrow = static_cast<float>(value);
  const std::string exact = format_exact(narrow);
  if (exact.size() <= 6 || !std::isfinite(value)) return exact;
  // Keep all digits before the point: 12345.678 is 12346, not 1.235e+04.
  const double magnitude = std::fabs(value);
  const int whole_digits =
      magnitude >= 1e4 && magnitude < 1e9 ? static_cast<int>(std::log10(magnitude)) + 1 : 0;
  return format_short(value, std::max(4, whole_digits));
}

}  // namespace poolscope
