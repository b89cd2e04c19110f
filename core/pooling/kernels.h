#pragma once

#include "core/pooling/kinds.h"
#include "core/pooling/trace.h"
#include "core/pooling/window.h"

/// What a kind computes on one window: two small functions. The reference kernels and step_at() call the same
/// two, so that what is shown and what is computed cannot disagree. Formulas: ../shared/reference/pooling.md,
/// sections 1 and 2.
namespace poolscope {

/// The result of one window and what it was made from; see StepRecord for the fields.
struct Outcome {
  double value = 0;
  int64_t winner = -1;  ///< tap, -1 without one
  double total = 0;
  double divisor = 0;
  double scale = 1;
  double draw = 0;
  DivisorReason divisor_reason = DivisorReason::none;
  bool negatives_as_zero = false;
};

/// What one value has to do with the result.
struct Share {
  double weight = 0;    ///< its part in the result
  double gradient = 0;  ///< d result / d value
};

struct Kernel {
  Outcome (*evaluate)(const Window&);
  /// For a tap inside the input.
  Share (*share)(const Window&, const Outcome&, int64_t tap, float value);
};

/// One row of the table: all that the engine knows about a kind.
struct KindRow {
  KindInfo info;
  Kernel kernel;
};
const KindRow& kind_row(Kind kind);

}  // namespace poolscope
