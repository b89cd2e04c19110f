#pragma once

#include "core/pooling/plan.h"

namespace poolscope {

struct Range {
  int64_t low = 1, high = 1;
  bool operator==(const Range&) const = default;
};

/// What each control may be set to while the others stay as they are, so that every reachable setting is
/// legal.
struct SpecLimits {
  Range window_h, window_w, stride_h, stride_w, padding_h, padding_w, dilation_h, dilation_w;
};

SpecLimits spec_limits(const PoolSpec& spec, const Shape& input);

/// The nearest legal setting: `spec` itself where validate() accepts it, else with dilation, padding and
/// window brought down to what the input allows. Used where a new input or a larger window makes others
/// impossible; the controls show the new values.
PoolSpec fit_spec(PoolSpec spec, const Shape& input);

/// Height and width of everything are equal: one slider is enough for each.
bool is_square(const PoolSpec& spec);

}  // namespace poolscope
