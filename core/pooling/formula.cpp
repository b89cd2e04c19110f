#include "core/pooling/formula.h"

#include <algorithm>
#include <cmath>

#include "core/pooling/kernels.h"

namespace poolscope {

std::vector<FormulaSpan> formula(const PoolPlan& plan, const StepRecord& step) {
  return kind_row(plan.spec.kind).words->formula(plan, step);
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
