#include "core/study/signs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "core/base/random.h"
#include "core/study/statistics.h"

namespace poolscope {

namespace {

constexpr int64_t kSize = 7;
using Sign = std::array<std::string_view, kSize>;
constexpr std::array<Sign, kSignClasses> kSigns = {{
    {"...#...", "...#...", "...#...", "#######", "...#...", "...#...", "...#..."},
    {"#.....#", ".#...#.", "..#.#..", "...#...", "..#.#..", ".#...#.", "#.....#"},
    {"#######", "#.....#", "#.....#", "#.....#", "#.....#", "#.....#", "#######"},
    {"...#...", "..#.#..", ".#...#.", "#.....#", ".#...#.", "..#.#..", "...#..."},
    {"#######", "...#...", "...#...", "...#...", "...#...", "...#...", "...#..."},
    {"#......", "#......", "#......", "#......", "#......", "#......", "#######"},
}};
constexpr const char* kNames[] = {"plus", "cross", "square", "diamond", "tee", "angle"};

/// Brightness of the ground and of a sign, in parts of full white: noise has room on both sides.
constexpr double kGround = 0.3, kLeastSign = 0.6, kSignRange = 0.2;
/// The drawing reaches past the picture on all sides, as far as it may be moved.
constexpr int64_t kCanvas = kSignSide + 2 * kMostSignShift;

std::array<double, kCanvas * kCanvas> draw_one(int64_t label, uint64_t seed, const SignStyle& style) {
  Random random(seed);
  const auto wander = [&] { return random.below(2 * style.wander + 1) - style.wander; };
  const int64_t top = (kCanvas - kSize) / 2 + wander(), left = (kCanvas - kSize) / 2 + wander();
  const double bright = kLeastSign + kSignRange * random.uniform();
  std::array<double, kCanvas * kCanvas> canvas;
  canvas.fill(kGround);
  const Sign& sign = kSigns[static_cast<size_t>(label)];
  for (int64_t y = 0; y < kSize; ++y)
    for (int64_t x = 0; x < kSize; ++x)
      if (sign[static_cast<size_t>(y)][static_cast<size_t>(x)] == '#')
        canvas[static_cast<size_t>((top + y) * kCanvas + left + x)] = bright;
  Normal normal(random.next());
  for (double& value : canvas)
    value += style.noise * normal.next();
  return canvas;
}

}  // namespace

Samples draw_signs(int64_t count, uint64_t seed, const SignStyle& style, int64_t dy, int64_t dx) {
  Samples samples;
  samples.shape = {1, 1, kSignSide, kSignSide};
  samples.classes.assign(std::begin(kNames), std::end(kNames));
  for (int64_t i = 0; i < count; ++i) {
    const int64_t label = i % kSignClasses;
    samples.labels.push_back(static_cast<uint16_t>(label));
    const auto canvas = draw_one(label, mix_bits(seed) + static_cast<uint64_t>(i), style);
    for (int64_t y = 0; y < kSignSide; ++y)
      for (int64_t x = 0; x < kSignSide; ++x) {
        const int64_t from = (y + kMostSignShift - dy) * kCanvas + x + kMostSignShift - dx;
        const double level = std::clamp(canvas[static_cast<size_t>(from)], 0.0, 1.0);
        samples.pixels.push_back(static_cast<uint8_t>(std::lround(255 * level)));
      }
  }
  return samples;
}

}  // namespace poolscope
