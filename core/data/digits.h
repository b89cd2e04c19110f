#pragma once

#include <cstdint>

#include "core/data/samples.h"

namespace poolscope {

/// How drawn digits differ from one another; 0 draws the same digits again and again.
struct DigitStyle {
  double variety = 1;   ///< slant, turn, proportions, bends and pen width; 1 is like handwriting
  double noise = 0.02;  ///< of every pixel, deviation in parts of full white
  bool operator==(const DigitStyle&) const = default;
};

/// Handwritten-looking digits, drawn by pen strokes: 28 x 28, white on black, in a box of 20 x 20 and centred
/// by their mass as MNIST's are. Picture i is digit i % 10 and depends on (seed, i) alone; `count` of them.
Samples draw_digits(int64_t count, uint64_t seed, const DigitStyle& style = {});

}  // namespace poolscope
