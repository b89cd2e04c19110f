#pragma once

#include <cstdint>

#include "core/data/samples.h"

namespace poolscope {

/// Six signs (plus, cross, square, diamond, tee, angle), 7 x 7 cells, drawn on 16 x 16: pictures so small
/// that a network learns them in a second, for experiments that train many.
struct SignStyle {
  int64_t wander = 3;  ///< the sign lies up to so far from the middle, in every direction alike
  double noise = 0.3;  ///< of every pixel, deviation in parts of full white
  bool operator==(const SignStyle&) const = default;
};

inline constexpr int64_t kSignSide = 16, kSignClasses = 6, kMostSignShift = 4;

/// `count` pictures; picture i is of class i % 6 and depends on (seed, i) alone. All are moved down and right
/// by (dy, dx), up to kMostSignShift cells: what comes in is more of the same ground, with its noise.
Samples draw_signs(int64_t count, uint64_t seed, const SignStyle& style, int64_t dy = 0, int64_t dx = 0);

}  // namespace poolscope
