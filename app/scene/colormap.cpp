#include "app/scene/colormap.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace poolscope {
namespace {

/// A published colour of a map at one of its 256 places; between stops the map is linear to within 2 / 255.
struct Stop {
  int at;
  float r, g, b;
};

constexpr Stop kGrey[] = {{0, 0, 0, 0}, {255, 1, 1, 1}};

/// viridis by van der Walt and Smith (2015, CC0): the sixteen colours of its 16-step version.
constexpr float kOf(int byte) {
  return static_cast<float>(byte) / 255.0f;
}
constexpr Stop stop(int at, int r, int g, int b) {
  return {at, kOf(r), kOf(g), kOf(b)};
}
constexpr Stop kViridis[] = {
    stop(0, 0x44, 0x01, 0x54),   stop(17, 0x48, 0x1a, 0x6c),  stop(34, 0x47, 0x2f, 0x7d),
    stop(51, 0x41, 0x44, 0x87),  stop(68, 0x39, 0x56, 0x8c),  stop(85, 0x31, 0x68, 0x8e),
    stop(102, 0x2a, 0x78, 0x8e), stop(119, 0x23, 0x88, 0x8e), stop(136, 0x1f, 0x98, 0x8b),
    stop(153, 0x22, 0xa8, 0x84), stop(170, 0x35, 0xb7, 0x79), stop(187, 0x54, 0xc5, 0x68),
    stop(204, 0x7a, 0xd1, 0x51), stop(221, 0xa5, 0xdb, 0x36), stop(238, 0xd2, 0xe2, 0x1b),
    stop(255, 0xfd, 0xe7, 0x25)};

/// cividis by Nunez, Anderton and Renslow (2018), made for colour-blind readers.
constexpr Stop kCividis[] = {{0, 0.000000f, 0.135112f, 0.304751f},   {17, 0.000000f, 0.181610f, 0.421859f},
                             {20, 0.000000f, 0.188769f, 0.439563f},  {22, 0.000000f, 0.193366f, 0.441561f},
                             {27, 0.058378f, 0.206629f, 0.439531f},  {34, 0.117612f, 0.225935f, 0.434308f},
                             {51, 0.208926f, 0.272546f, 0.424809f},  {68, 0.279411f, 0.318677f, 0.423031f},
                             {85, 0.342246f, 0.364939f, 0.428559f},  {102, 0.401418f, 0.411790f, 0.440708f},
                             {119, 0.458366f, 0.459552f, 0.460457f}, {136, 0.517920f, 0.508454f, 0.472707f},
                             {153, 0.582087f, 0.558670f, 0.468118f}, {170, 0.648222f, 0.610553f, 0.454801f},
                             {187, 0.716177f, 0.664384f, 0.432386f}, {204, 0.785965f, 0.720438f, 0.399613f},
                             {221, 0.857809f, 0.778969f, 0.353259f}, {238, 0.932180f, 0.840159f, 0.285880f},
                             {251, 0.992218f, 0.888385f, 0.205468f}, {255, 0.995737f, 0.909344f, 0.217772f}};

/// Blue for negative, nearly white for zero, vermilion for positive: ours, in the meaning colours' hues, with
/// lightness falling evenly to both sides. Zero lies between places 127 and 128, which are equal.
constexpr Stop kDiverging[] = {stop(0, 0x00, 0x3f, 0x6b),   stop(32, 0x00, 0x72, 0xb2),
                               stop(80, 0x6f, 0xb3, 0xd9),  stop(127, 0xf6, 0xf5, 0xf2),
                               stop(128, 0xf6, 0xf5, 0xf2), stop(175, 0xf0, 0xa8, 0x6a),
                               stop(223, 0xd5, 0x5e, 0x00), stop(255, 0x8a, 0x36, 0x00)};

/// How much of its light a pixel has: from black, and a little of the other lights so that dark blue can be
/// told from black on a projector.
constexpr Stop kRed[] = {stop(0, 0, 0, 0), stop(255, 0xff, 0x40, 0x38)};
constexpr Stop kGreen[] = {stop(0, 0, 0, 0), stop(255, 0x40, 0xd8, 0x50)};
constexpr Stop kBlue[] = {stop(0, 0, 0, 0), stop(255, 0x50, 0x86, 0xff)};

uint8_t to_byte(float value) {
  return static_cast<uint8_t>(std::lround(std::clamp(value, 0.0f, 1.0f) * 255.0f));
}

std::array<Rgb8, kColormapSize> make_table(std::span<const Stop> stops) {
  std::array<Rgb8, kColormapSize> table{};
  size_t next = 1;
  for (int i = 0; i < kColormapSize; ++i) {
    while (next + 1 < stops.size() && i > stops[next].at)
      ++next;
    const Stop &a = stops[next - 1], &b = stops[next];
    const float t = static_cast<float>(i - a.at) / static_cast<float>(b.at - a.at);
    table[static_cast<size_t>(i)] = {to_byte(a.r + (b.r - a.r) * t), to_byte(a.g + (b.g - a.g) * t),
                                     to_byte(a.b + (b.b - a.b) * t)};
  }
  return table;
}

}  // namespace

const char* colormap_name(Colormap map) {
  constexpr const char* kNames[kColormapCount] = {"grey", "viridis", "cividis", "diverging",
                                                  "red",  "green",   "blue"};
  return kNames[static_cast<size_t>(map)];
}

const std::array<Rgb8, kColormapSize>& colormap_table(Colormap map) {
  static const std::array<std::array<Rgb8, kColormapSize>, kColormapCount> tables = {
      make_table(kGrey), make_table(kViridis), make_table(kCividis), make_table(kDiverging),
      make_table(kRed),  make_table(kGreen),   make_table(kBlue)};
  return tables[static_cast<size_t>(map)];
}

Rgb8 colormap_at(Colormap map, double t) {
  const double place = std::isnan(t) ? 0 : std::clamp(t, 0.0, 1.0) * (kColormapSize - 1);
  return colormap_table(map)[static_cast<size_t>(std::floor(place + 0.5))];
}

double colormap_position(Colormap map, float value, ValueRange range) {
  double low = range.min, high = range.max;
  if (map == Colormap::diverging) {
    high = std::max(std::abs(low), std::abs(high));
    low = -high;
  }
  if (std::isnan(value)) return std::nan("");
  // A flat picture is in the middle of its map; anything else would look like an end.
  if (!(high > low)) return 0.5;
  return std::clamp((static_cast<double>(value) - low) / (high - low), 0.0, 1.0);
}

}  // namespace poolscope
