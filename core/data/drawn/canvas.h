#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>

#include "core/base/random.h"
#include "core/tensor/tensor.h"

// What the drawn pictures share: colours, noise, and the painter's loop. Coordinates are in pixels, x to the
// right, y down; colours run from 0 to 1 and are stored as whole numbers from 0 to 255, as a camera would.
namespace poolscope::drawn {

struct Point {
  double x = 0, y = 0;
  Point operator+(Point o) const { return {x + o.x, y + o.y}; }
  Point operator-(Point o) const { return {x - o.x, y - o.y}; }
  Point operator*(double s) const { return {x * s, y * s}; }
  double length() const { return std::sqrt(x * x + y * y); }
};

struct Colour {
  double r = 0, g = 0, b = 0;
  Colour operator*(double s) const { return {r * s, g * s, b * s}; }
  Colour operator+(Colour o) const { return {r + o.r, g + o.g, b + o.b}; }
};

/// 0xRRGGBB.
constexpr Colour hex(uint32_t rgb) {
  return {(rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0};
}
inline double unit(double x) {
  return std::clamp(x, 0.0, 1.0);
}
/// 0 below `from`, 1 above `to`, with a smooth way between.
inline double smooth(double from, double to, double x) {
  const double t = unit((x - from) / (to - from));
  return t * t * (3 - 2 * t);
}
inline Colour mix(Colour a, Colour b, double t) {
  return a * (1 - t) + b * t;
}

/// Noise in [0, 1): random values on a grid, smoothly joined.
inline double noise(double x, double y, uint64_t seed) {
  const double cell_x = std::floor(x), cell_y = std::floor(y);
  const auto corner = [&](double i, double j) {
    // One mixing for all of the key: pictures ask for millions of these.
    const auto row = static_cast<uint64_t>(static_cast<int64_t>(cell_y + j));
    const auto column = static_cast<uint64_t>(static_cast<int64_t>(cell_x + i));
    const uint64_t key =
        (seed * 0xd6e8feb86659fd93ULL) ^ (row * 0x9e3779b97f4a7c15ULL) ^ (column * 0xc2b2ae3d27d4eb4fULL);
    return static_cast<double>(mix_bits(key) >> 11) * 0x1.0p-53;
  };
  const double u = smooth(0, 1, x - cell_x), v = smooth(0, 1, y - cell_y);
  const double top = corner(0, 0) * (1 - u) + corner(1, 0) * u;
  const double bottom = corner(0, 1) * (1 - u) + corner(1, 1) * u;
  return top * (1 - v) + bottom * v;
}
/// Noise with details at several sizes, in [0, 1).
inline double rough_noise(double x, double y, int octaves, uint64_t seed) {
  double sum = 0, weight = 0.5, total = 0;
  for (int i = 0; i < octaves; ++i, weight /= 2, x *= 2, y *= 2) {
    sum += weight * noise(x, y, seed + static_cast<uint64_t>(i));
    total += weight;
  }
  return sum / total;
}

/// Distance from `p` to the segment from `a` to `b`.
inline double segment_distance(Point p, Point a, Point b) {
  const Point ab = b - a, ap = p - a;
  const double squared = ab.x * ab.x + ab.y * ab.y;
  const double t = squared == 0 ? 0 : unit((ap.x * ab.x + ap.y * ab.y) / squared);
  return (ap - ab * t).length();
}

inline float stored(double value) {
  return static_cast<float>(std::lround(255 * unit(value)));
}

/// Paints every pixel with the mean of samples x samples points inside it.
inline Tensor paint_colour(int64_t height, int64_t width, int samples,
                           const std::function<Colour(Point)>& colour_at) {
  Tensor picture({1, 3, height, width});
  for (int64_t y = 0; y < height; ++y)
    for (int64_t x = 0; x < width; ++x) {
      Colour sum;
      for (int j = 0; j < samples; ++j)
        for (int i = 0; i < samples; ++i)
          sum = sum + colour_at({static_cast<double>(x) + (i + 0.5) / samples,
                                 static_cast<double>(y) + (j + 0.5) / samples});
      const Colour mean = sum * (1.0 / (samples * samples));
      picture.at(0, 0, y, x) = stored(mean.r);
      picture.at(0, 1, y, x) = stored(mean.g);
      picture.at(0, 2, y, x) = stored(mean.b);
    }
  return picture;
}
inline Tensor paint_grey(int64_t height, int64_t width, int samples,
                         const std::function<double(Point)>& value_at) {
  Tensor picture({1, 1, height, width});
  for (int64_t y = 0; y < height; ++y)
    for (int64_t x = 0; x < width; ++x) {
      double sum = 0;
      for (int j = 0; j < samples; ++j)
        for (int i = 0; i < samples; ++i)
          sum += value_at(
              {static_cast<double>(x) + (i + 0.5) / samples, static_cast<double>(y) + (j + 0.5) / samples});
      picture.at(0, 0, y, x) = stored(sum / (samples * samples));
    }
  return picture;
}

Tensor draw_scene();
Tensor draw_lineart();
Tensor draw_stripes();
Tensor draw_digit();
Tensor draw_noise();

}  // namespace poolscope::drawn
