#pragma once

#include <string>
#include <vector>

#include "core/pooling/plan.h"
#include "core/pooling/trace.h"

namespace poolscope {

/// What a piece of a formula is, so that it can be coloured as the cell that it stands for.
enum class FormulaRole { plain, operand, winner, result, muted };

struct FormulaSpan {
  std::string text;
  FormulaRole role = FormulaRole::plain;
  int tap = -1;  ///< index into StepRecord::taps of the cell that this number comes from
  bool operator==(const FormulaSpan&) const = default;
};

/// The arithmetic of one step with its numbers plugged in, in pieces that follow each other without anything
/// between: "max( 1, 0, 2, 3 ) = 3", "(1 + 0 + 2 + 3) / 4 = 1.5". Long windows are shortened with "…" and
/// keep the winner. Numbers and signs only: the same in every language.
std::vector<FormulaSpan> formula(const PoolPlan& plan, const StepRecord& step);

/// The same as one string.
std::string formula_text(const PoolPlan& plan, const StepRecord& step);

/// A value as narration and formulas write it: exact while that is short, else four digits.
std::string format_value(double value);

}  // namespace poolscope
