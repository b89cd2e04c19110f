#pragma once

#include <string>

#include "core/base/random.h"
#include "core/pooling/kinds.h"
#include "core/pooling/plan.h"

/// Random poolings and values for tests.
namespace poolscope {

inline int64_t between(Random& random, int64_t low, int64_t high) {
  return low + random.below(high - low + 1);
}

/// Any combination of what the kind uses, in any dialect; most of them are legal on a few cells.
PoolSpec random_spec(Random& random, const KindInfo& info);
/// For messages: "max on 1 × 1 × 5 × 5, window 2x2, ...".
std::string describe(const PoolSpec& spec, const Shape& in);

}  // namespace poolscope
