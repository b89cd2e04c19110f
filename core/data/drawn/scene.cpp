#include <array>
#include <vector>

#include "core/data/drawn/canvas.h"

// A lake at dusk: smooth sky, a bright disc, mountains with fine relief, dark trees, water with thin bright
// lines, a meadow with small flowers. Large quiet areas beside fine texture, so that poolings differ visibly.
namespace poolscope::drawn {

namespace {

constexpr int64_t kWidth = 480, kHeight = 360;
constexpr Point kSun = {322, 112};
constexpr double kSunRadius = 40;
constexpr double kShore = 248;  ///< y of the far shore, where the water begins

/// Height of a ridge at x, as y: peaks from noise over broad waves, so that no two ridges look alike.
double ridge(double x, double base, double height, double width, uint64_t seed) {
  const double broad = noise(x / width, 0.5, seed);
  const double detail = rough_noise(x / (width * 0.45), 7.5, 6, seed + 10) - 0.5;
  return base - height * (0.75 * broad + 0.55 * detail);
}

Colour sky(Point p) {
  const std::array<Colour, 4> bands = {hex(0x23406b), hex(0x5b7fa6), hex(0xe7b48c), hex(0xf6dcb0)};
  const double t = unit(p.y / kShore) * 2.999;
  const auto band = static_cast<size_t>(t);
  Colour colour = mix(bands[band], bands[band + 1], smooth(0, 1, t - static_cast<double>(band)));
  const double streak = rough_noise(p.x / 120 + 3, p.y / 13, 4, 40);
  const double clouds = smooth(0.56, 0.78, streak) * smooth(20, 70, p.y) * (1 - smooth(150, 190, p.y));
  colour = mix(colour, hex(0xffe9d2), 0.55 * clouds);
  const double distance = (p - kSun).length();
  colour = mix(colour, hex(0xffe2b0), 0.75 * std::exp(-distance / 75));
  return distance < kSunRadius ? mix(hex(0xfffbe9), hex(0xffeec4), smooth(-30, 40, p.y - kSun.y)) : colour;
}

/// Rock lit from the right, where the sun stands, with snow on the heights.
Colour rock(Point p, double top, Colour lit, Colour shade, double snow_line, uint64_t seed) {
  const double x = p.x / 26 + p.y / 60, y = p.y / 34;
  const double slope = rough_noise(x + 0.12, y, 5, seed) - rough_noise(x - 0.12, y, 5, seed);
  const double light = unit(0.5 + 3.2 * slope);
  Colour colour = mix(shade, lit, light);
  const double grain = rough_noise(p.x / 3, p.y / 3, 3, seed + 20) - 0.5;
  colour = colour * (1 + 0.22 * grain);
  const double depth = p.y - top;
  const double edge = snow_line + 26 * (rough_noise(p.x / 16, p.y / 20, 4, seed + 30) - 0.5);
  const double snow = (1 - smooth(edge - 4, edge + 10, p.y)) * smooth(-1, 3, depth);
  return mix(colour, mix(hex(0x9fb2cf), hex(0xfff6ea), light), 0.92 * snow);
}

/// A fir: a narrow triangle whose outline is toothed by its branches. Positive inside.
double fir(Point p, double foot_x, double foot_y, double height) {
  const double up = (foot_y - p.y) / height;
  if (up < 0 || up > 1) return -1;
  const double branches = up * 9 - std::floor(up * 9);
  const double half_width = height * 0.2 * (1 - up) * (0.65 + 0.55 * (1 - branches));
  return half_width - std::fabs(p.x - foot_x);
}

bool in_forest(Point p, double foot_y, double spacing, double tallest, uint64_t seed) {
  if (p.y < foot_y - tallest || p.y > foot_y + 3) return false;
  const auto middle = static_cast<int64_t>(std::floor(p.x / spacing));
  for (int64_t i = middle - 3; i <= middle + 3; ++i) {
    const auto key = static_cast<uint64_t>(i + 1000);
    const double x = (static_cast<double>(i) + 0.2 + 0.6 * keyed_uniform(seed, 1, 0, key)) * spacing;
    const double height = tallest * (0.45 + 0.55 * keyed_uniform(seed, 2, 0, key));
    if (fir(p, x, foot_y + 3 * keyed_uniform(seed, 3, 0, key), height) > 0) return true;
  }
  return false;
}

/// The main range: two peaks made by hand, roughened by noise.
double main_ridge(double x) {
  const double first = 142 * std::exp(-std::pow((x - 168) / 74, 2));
  const double second = 84 * std::exp(-std::pow((x - 290) / 62, 2));
  const double third = 62 * std::exp(-std::pow((x - 455) / 60, 2));
  const double rough = rough_noise(x / 38, 7.5, 6, 22) - 0.5;
  return 250 - std::max({first, second, third}) * (1 + 0.42 * rough) - 26 * rough;
}

/// A line over the width of the picture, computed once: every sample asks for it.
class Profile {
 public:
  explicit Profile(double (*height_at)(double)) {
    for (int64_t i = 0; i < kCount; ++i)
      heights_.push_back(height_at((static_cast<double>(i) + 0.5) / kPerPixel - kMargin));
  }
  double at(double x) const {
    const auto i = static_cast<int64_t>((x + kMargin) * kPerPixel);
    return heights_[static_cast<size_t>(std::clamp<int64_t>(i, 0, kCount - 1))];
  }

 private:
  static constexpr int64_t kPerPixel = 3, kMargin = 30, kCount = (kWidth + 2 * kMargin) * kPerPixel;
  std::vector<double> heights_;
};

struct Skyline {
  Profile far{[](double x) { return ridge(x, 232, 70, 90, 3); }};
  Profile main{main_ridge};
  Profile hill{[](double x) { return ridge(x, 262, 62, 150, 25); }};
};

/// Everything above the water line.
Colour land(Point p, const Skyline& skyline) {
  Colour colour = sky(p);
  const double far_top = skyline.far.at(p.x);
  if (p.y > far_top) colour = mix(hex(0x8e9cb8), hex(0xc9b3a6), smooth(170, kShore, p.y));
  const double main_top = skyline.main.at(p.x);
  if (p.y > main_top) {
    colour = rock(p, main_top, hex(0xc09684), hex(0x333d5c), 152, 60);
    colour = mix(colour, hex(0xc3a99d), 0.5 * smooth(205, kShore + 6, p.y));  // haze above the water
  }
  const double hill_top = skyline.hill.at(p.x);
  if (p.y > hill_top) {
    const double canopy = rough_noise(p.x / 5, p.y / 4, 3, 70);
    colour = mix(hex(0x22382f), hex(0x5d7348), smooth(0.3, 0.8, canopy));
  }
  if (in_forest(p, kShore + 1, 9, 30, 80)) colour = hex(0x182a2a);
  return colour;
}

Colour water(Point p, const Skyline& skyline) {
  const double below = p.y - kShore;
  const double wave = rough_noise(p.x / 18, p.y / 1.9, 3, 90) - 0.5;
  Colour colour = land({p.x + 9 * wave * (0.3 + below / 40), kShore - 1 - below * 1.75}, skyline);
  colour = mix(colour, hex(0x2b4a66), 0.34 + 0.12 * unit(below / 60));
  const double glitter = noise(p.x / 9, p.y / 1.6, 95);
  const double path = std::exp(-std::pow((p.x - kSun.x) / (14 + 0.75 * below), 2));
  colour = mix(colour, hex(0xfff0c8), 0.95 * path * smooth(0.42, 0.6, glitter));
  return mix(colour, hex(0xe9d8c4), 0.35 * smooth(0.74, 0.82, noise(p.x / 30, p.y / 1.4, 97)));
}

/// Mown rows that run to a vanishing point, and flowers the size of a pixel or three.
Colour meadow(Point p, double top) {
  const double depth = p.y - top;
  const double away = 1 / (0.35 + unit((p.y - 285) / 90));
  const double across = (p.x - 120) * away / 30;
  const double row = 0.5 + 0.5 * std::sin(across * 6.28318530718);
  Colour colour = mix(hex(0x2f4a30), hex(0x8a9350), smooth(0.2, 0.8, row));
  colour = colour * (0.78 + 0.44 * rough_noise(p.x / 2.2, p.y / 4.5, 3, 110));
  colour = colour * (0.8 + 0.35 * smooth(0, 60, depth));
  const double cell = 9;
  const auto column = static_cast<int64_t>(std::floor(p.x / cell)), line = static_cast<int64_t>(p.y / cell);
  const auto key_x = static_cast<uint64_t>(column), key_y = static_cast<uint64_t>(line);
  if (depth > 8 && keyed_uniform(120, 0, key_y, key_x) < 0.42) {
    const Point centre = {
        (static_cast<double>(column) + 0.25 + 0.5 * keyed_uniform(120, 1, key_y, key_x)) * cell,
        (static_cast<double>(line) + 0.25 + 0.5 * keyed_uniform(120, 2, key_y, key_x)) * cell};
    const double radius = 0.7 + 1.5 * keyed_uniform(120, 3, key_y, key_x) * unit(depth / 70);
    const std::array<Colour, 3> flowers = {hex(0xfdf3dc), hex(0xe8b93c), hex(0xd7604b)};
    const auto kind = static_cast<size_t>(3 * keyed_uniform(120, 4, key_y, key_x));
    if ((p - centre).length() < radius) colour = flowers[kind];
  }
  return colour;
}

Colour scene_at(Point p, const Skyline& skyline) {
  const double bank = 306 + 16 * std::sin(p.x / 90 + 2.2) - 30 * smooth(330, 480, p.x) +
                      5 * (rough_noise(p.x / 14, 3.5, 4, 130) - 0.5);
  Colour colour = p.y < kShore ? land(p, skyline) : water(p, skyline);
  if (p.y > bank) colour = meadow(p, bank);
  // Three tall firs in front frame the view; each stands in its own shadow.
  for (const Point foot : {Point{36, 342}, Point{84, 350}, Point{452, 330}}) {
    const Point away = {(p.x - foot.x + 10) / 50, (p.y - foot.y) / 9};
    if (p.y > bank) colour = colour * (1 - 0.55 * (1 - smooth(0.5, 1.1, away.length())));
  }
  if (fir(p, 36, 342, 236) > 0 || fir(p, 84, 350, 150) > 0 || fir(p, 452, 330, 120) > 0) {
    const double light = rough_noise(p.x / 3, p.y / 2.5, 3, 140);
    colour = mix(hex(0x0f1d1e), hex(0x2f4a3a), smooth(0.45, 0.85, light));
  }
  return colour;
}

}  // namespace

Tensor draw_scene() {
  const Skyline skyline;
  return paint_colour(kHeight, kWidth, 2, [&](Point p) { return scene_at(p, skyline); });
}

}  // namespace poolscope::drawn
