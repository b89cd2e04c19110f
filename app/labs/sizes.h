#pragma once

#include <string>

#include "core/base/message.h"
#include "core/tensor/tensor.h"

namespace poolscope {

/// "2 × 3": height before width, as everywhere in the program.
inline std::string by(int64_t h, int64_t w) {
  return std::to_string(h) + " × " + std::to_string(w);
}

/// "3×96×96", or "16×3×96×96" for a batch: (N,) C, H, W.
inline std::string shape_text(const Shape& shape) {
  const std::string text =
      std::to_string(shape.c) + "×" + std::to_string(shape.h) + "×" + std::to_string(shape.w);
  return shape.n == 1 ? text : std::to_string(shape.n) + "×" + text;
}

/// "26 µs", "7.3 ms", "128 s".
inline std::string time_text(double seconds) {
  if (seconds < 1e-3) return format_short(seconds * 1e6, 2) + " µs";
  if (seconds < 1) return format_short(seconds * 1e3, 2) + " ms";
  return format_short(seconds, 2) + " s";
}

}  // namespace poolscope
