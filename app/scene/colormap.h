#pragma once

#include <array>
#include <cstdint>

#include "app/model/colormap.h"

namespace poolscope {

inline constexpr int kColormapCount = 7;
inline constexpr int kColormapSize = 256;

struct Rgb8 {
  uint8_t r, g, b;
  bool operator==(const Rgb8&) const = default;
};

const char* colormap_name(Colormap map);
/// The one table that both the processor and the shader read (the shader as a texture).
const std::array<Rgb8, kColormapSize>& colormap_table(Colormap map);
/// `t` in 0..1, clamped.
Rgb8 colormap_at(Colormap map, double t);

/// What is mapped to the ends of the map. The diverging map is pinned at 0: zero is its middle, and the
/// larger of |min| and |max| is its end on both sides.
struct ValueRange {
  float min = 0, max = 1;
  bool operator==(const ValueRange&) const = default;
};
/// Position of a value in the map, 0..1; NaN stays NaN.
double colormap_position(Colormap map, float value, ValueRange range);

}  // namespace poolscope
