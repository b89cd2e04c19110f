#include <array>
#include <vector>

#include "core/data/drawn/canvas.h"

// Three grey pictures: stripes of many periods and directions, a digit as written by hand, and noise.
namespace poolscope::drawn {

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr int64_t kStripesSide = 256, kNoiseSide = 256;
constexpr int64_t kHalf = kStripesSide / 2;

/// Bars of 1, 2, 3, 4, 6 and 8 pixels: hard edges on whole pixels, so that the finest is black, white, black.
double bars(int64_t position, int64_t band) {
  constexpr std::array<int64_t, 6> widths = {1, 2, 3, 4, 6, 8};
  const int64_t width = widths[static_cast<size_t>(std::min<int64_t>(band, 5))];
  return position / width % 2 == 0 ? 1 : 0;
}

/// Rings whose period shrinks with the radius, to two pixels at the middle of the sides: every frequency and
/// direction at once. A phase of pi r^2 / D has the local period D / r.
double zone_plate(double x, double y) {
  const double radius_squared = x * x + y * y;
  return 0.5 + 0.5 * std::cos(kPi * radius_squared / static_cast<double>(kHalf));
}

/// Diagonal waves; the period grows from 3 to 20 pixels down the tile.
double diagonal_waves(double x, double y) {
  const double period = 3 * std::pow(20.0 / 3, y / static_cast<double>(kHalf));
  const double across = (x + 0.6 * y) / std::sqrt(1.36);
  return 0.5 + 0.5 * std::cos(2 * kPi * across / period);
}

/// A smooth line through the points (Catmull and Rom 1974).
std::vector<Point> curve(const std::vector<Point>& points) {
  constexpr int kSteps = 12;
  std::vector<Point> result;
  for (size_t i = 0; i + 1 < points.size(); ++i) {
    const Point p0 = points[i == 0 ? 0 : i - 1], p1 = points[i], p2 = points[i + 1];
    const Point p3 = points[std::min(i + 2, points.size() - 1)];
    for (int step = 0; step < kSteps; ++step) {
      const double t = static_cast<double>(step) / kSteps;
      result.push_back((p1 * 2 + (p2 - p0) * t + (p0 * 2 - p1 * 5 + p2 * 4 - p3) * (t * t) +
                        (p1 * 3 - p0 - p2 * 3 + p3) * (t * t * t)) *
                       0.5);
    }
  }
  result.push_back(points.back());
  return result;
}

}  // namespace

Tensor draw_stripes() {
  Tensor picture({1, 1, kStripesSide, kStripesSide});
  constexpr double kCentre = static_cast<double>(kHalf) / 2 - 0.5;
  for (int64_t y = 0; y < kStripesSide; ++y)
    for (int64_t x = 0; x < kStripesSide; ++x) {
      const int64_t u = x % kHalf, v = y % kHalf;
      const auto fu = static_cast<double>(u), fv = static_cast<double>(v);
      double value = 0;
      if (y < kHalf)
        value = x < kHalf ? bars(u, v / 22) : bars(v, u / 22);
      else
        value = x < kHalf ? diagonal_waves(fu, fv) : zone_plate(fu - kCentre, fv - kCentre);
      picture.at(0, 0, y, x) = stored(value);
    }
  return picture;
}

/// A five in the manner of the digits of MNIST: 28 x 28, bright on dark, the pen pressed harder in the bow.
Tensor draw_digit() {
  const std::vector<Point> bow = curve({{11.3, 6.2},
                                        {10.2, 9.6},
                                        {9.2, 13.0},
                                        {12.4, 11.9},
                                        {16.6, 12.6},
                                        {18.9, 15.8},
                                        {18.0, 19.6},
                                        {14.6, 22.2},
                                        {10.4, 22.4},
                                        {7.4, 20.6}});
  const std::vector<Point> hat = curve({{11.3, 6.3}, {15.0, 6.3}, {20.6, 5.2}});
  const auto ink = [](Point p, const std::vector<Point>& line, double thin, double thick) {
    double most = 0;
    for (size_t i = 0; i + 1 < line.size(); ++i) {
      const double along = static_cast<double>(i) / static_cast<double>(line.size());
      const double radius = thin + (thick - thin) * std::sin(kPi * along);
      most =
          std::max(most, 1 - smooth(radius - 0.55, radius + 0.75, segment_distance(p, line[i], line[i + 1])));
    }
    return most;
  };
  return paint_grey(28, 28, 3,
                    [&](Point p) { return std::max(ink(p, bow, 0.85, 1.5), ink(p, hat, 0.8, 1.2)); });
}

/// Every pixel on its own, and no two alike: not rounded, because equal neighbours would count as unchanged.
Tensor draw_noise() {
  Tensor picture({1, 1, kNoiseSide, kNoiseSide});
  Random random(20);
  for (float& value : picture.values())
    value = static_cast<float>(255 * random.uniform());
  return picture;
}

}  // namespace poolscope::drawn
