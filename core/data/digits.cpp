#include "core/data/digits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "core/base/random.h"

namespace poolscope {

namespace {

constexpr int64_t kSide = 28;
constexpr double kBox = 20;  ///< MNIST's digits fill a box of 20 x 20

struct Point {
  double x = 0, y = 0;
};
using Stroke = std::vector<Point>;  ///< a smooth line through its points
using Strokes = std::vector<Stroke>;

/// The ways to write every digit: x to the right, y down, about 0 to 1. A corner is where a stroke ends and
/// the next begins.
const std::vector<std::vector<Strokes>>& alphabet() {
  static const std::vector<std::vector<Strokes>> digits = {
      {{{{.5, 0}, {.2, .16}, {.08, .5}, {.2, .86}, {.5, 1}, {.8, .86}, {.92, .5}, {.8, .14}, {.5, 0}}},
       {{{.62, .02}, {.25, .1}, {.08, .5}, {.22, .9}, {.55, 1}, {.85, .8}, {.9, .4}, {.72, .1}, {.4, .06}}}},
      {{{{.5, 0}, {.5, .5}, {.5, 1}}},
       {{{.5, 0}, {.5, .5}, {.5, 1}}},
       {{{.28, .22}, {.42, .12}, {.55, 0}}, {{.55, 0}, {.54, .5}, {.52, 1}}},
       {{{.28, .24}, {.42, .13}, {.55, 0}},
        {{.55, 0}, {.54, .5}, {.52, 1}},
        {{.25, 1}, {.52, 1}, {.8, .98}}}},
      {{{{.15, .22}, {.32, .04}, {.6, 0}, {.82, .18}, {.75, .45}, {.45, .76}, {.1, 1}},
        {{.1, 1}, {.5, .96}, {.95, .98}}},
       {{{.15, .2},
         {.45, 0},
         {.8, .16},
         {.72, .5},
         {.4, .84},
         {.16, .96},
         {.08, .86},
         {.24, .78},
         {.5, .9},
         {.98, .98}}},
       {{{.1, .12}, {.4, 0}, {.75, .08}, {.78, .35}, {.5, .7}, {.08, .98}},
        {{.08, .98}, {.5, 1}, {.9, .92}}}},
      {{{{.15, .12}, {.45, 0}, {.78, .12}, {.74, .34}, {.4, .47}},
        {{.4, .47}, {.8, .58}, {.88, .8}, {.6, 1}, {.28, .98}, {.08, .85}}},
       {{{.18, .05},
         {.5, 0},
         {.8, .1},
         {.72, .36},
         {.48, .47},
         {.72, .52},
         {.86, .74},
         {.66, .96},
         {.32, 1},
         {.08, .92}}},
       {{{.15, .03}, {.5, .02}, {.85, .03}},
        {{.85, .03}, {.6, .25}, {.42, .42}},
        {{.42, .42}, {.8, .54}, {.86, .8}, {.55, 1}, {.12, .93}}}},
      {{{{.2, .02}, {.14, .3}, {.1, .54}},
        {{.1, .54}, {.5, .56}, {.92, .5}},
        {{.76, .02}, {.7, .5}, {.66, 1}}},
       {{{.66, 0}, {.35, .36}, {.06, .66}},
        {{.06, .66}, {.5, .67}, {.95, .65}},
        {{.66, 0}, {.66, .5}, {.64, 1}}},
       {{{.12, .05}, {.1, .36}, {.3, .52}, {.6, .48}, {.84, .4}}, {{.88, .0}, {.82, .5}, {.74, 1}}}},
      {{{{.86, .02}, {.55, .03}, {.26, .03}},
        {{.26, .03}, {.2, .24}, {.16, .43}},
        {{.16, .43}, {.5, .35}, {.82, .5}, {.84, .78}, {.54, 1}, {.12, .93}}},
       {{{.95, 0}, {.65, .04}, {.35, .05}},
        {{.35, .05}, {.25, .25}, {.2, .42}},
        {{.2, .42}, {.48, .44}, {.7, .6}, {.62, .86}, {.35, 1}, {.02, .95}}}},
      {{{{.72, 0}, {.36, .22}, {.12, .6}, {.2, .9}, {.5, 1}, {.82, .86}, {.8, .6}, {.5, .5}, {.18, .66}}},
       {{{.5, 0},
         {.25, .3},
         {.12, .66},
         {.24, .95},
         {.55, 1},
         {.8, .84},
         {.68, .64},
         {.4, .64},
         {.16, .82}}}},
      {{{{.1, .05}, {.5, .05}, {.88, .03}}, {{.88, .03}, {.6, .45}, {.42, 1}}},
       {{{.08, .22}, {.12, .06}}, {{.12, .06}, {.5, .05}, {.88, .03}}, {{.88, .03}, {.68, .4}, {.55, 1}}},
       {{{.1, .05}, {.5, .06}, {.86, .02}},
        {{.86, .02}, {.62, .45}, {.4, 1}},
        {{.28, .52}, {.52, .5}, {.78, .48}}}},
      {{{{.5, .48},
         {.2, .28},
         {.28, .06},
         {.55, 0},
         {.8, .14},
         {.74, .34},
         {.5, .48},
         {.22, .66},
         {.14, .88},
         {.46, 1},
         {.8, .9},
         {.8, .66},
         {.5, .48}}},
       {{{.8, .12},
         {.5, 0},
         {.22, .14},
         {.36, .4},
         {.7, .62},
         {.78, .86},
         {.48, 1},
         {.2, .86},
         {.32, .6},
         {.66, .36},
         {.8, .12}}}},
      {{{{.8, .2}, {.52, 0}, {.2, .14}, {.2, .4}, {.5, .5}, {.78, .34}, {.8, .14}},
        {{.8, .14}, {.78, .56}, {.7, 1}}},
       {{{.8, .12}, {.5, 0}, {.2, .18}, {.24, .44}, {.55, .46}, {.8, .2}},
        {{.8, .12}, {.82, .6}, {.6, .94}, {.24, .96}}},
       {{{.78, .22}, {.56, .02}, {.24, .14}, {.22, .38}, {.46, .48}, {.74, .3}},
        {{.8, .08}, {.66, .5}, {.46, 1}}}},
  };
  return digits;
}

/// About normal, deviation 1, never beyond 3.
double bell(Random& random) {
  return (random.uniform() + random.uniform() + random.uniform() - 1.5) * 2;
}

/// The line through the points, in short pieces: Catmull and Rom 1974.
Stroke smooth(const Stroke& points) {
  constexpr int kPieces = 5;
  Stroke line{points.front()};
  const auto at = [&](size_t i, int offset) {
    const auto index = static_cast<std::ptrdiff_t>(i) + offset;
    return points[static_cast<size_t>(
        std::clamp<std::ptrdiff_t>(index, 0, static_cast<std::ptrdiff_t>(points.size()) - 1))];
  };
  for (size_t i = 0; i + 1 < points.size(); ++i) {
    const Point p0 = at(i, -1), p1 = at(i, 0), p2 = at(i, 1), p3 = at(i, 2);
    for (int k = 1; k <= kPieces; ++k) {
      const double t = static_cast<double>(k) / kPieces, t2 = t * t, t3 = t2 * t;
      const auto blend = [&](double a, double b, double c, double d) {
        return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t2 + (3 * b - a - 3 * c + d) * t3);
      };
      line.push_back({blend(p0.x, p1.x, p2.x, p3.x), blend(p0.y, p1.y, p2.y, p3.y)});
    }
  }
  return line;
}

/// Slant, turn and proportions, and a gentle bend of the whole plane: waves of about the digit's size.
class Hand {
 public:
  Hand(Random& random, double variety) {
    slant_ = variety * (0.12 + 0.22 * bell(random));
    const double turn = variety * 0.10 * bell(random);
    cos_ = std::cos(turn);
    sin_ = std::sin(turn);
    width_ = std::max(0.3, 0.78 + variety * 0.15 * bell(random));
    for (Wave& wave : waves_) {
      wave = {variety * 0.035 * bell(random), 2 + 4 * random.uniform(), 2 + 4 * random.uniform(),
              6.28 * random.uniform(), variety * 0.035 * bell(random)};
    }
  }
  Point write(Point p) const {
    double x = p.x, y = p.y;
    for (const Wave& wave : waves_) {
      const double s = std::sin(wave.fx * p.x + wave.fy * p.y + wave.phase);
      x += wave.dx * s;
      y += wave.dy * s;
    }
    x = (x - 0.5) * width_ + slant_ * (0.5 - y);
    y -= 0.5;
    return {cos_ * x - sin_ * y, sin_ * x + cos_ * y};
  }

 private:
  struct Wave {
    double dx = 0, fx = 0, fy = 0, phase = 0, dy = 0;
  };
  double slant_ = 0, cos_ = 1, sin_ = 0, width_ = 1;
  std::array<Wave, 3> waves_;
};

/// Moves and scales the strokes into the box, centred by their mass as far as the box stays inside.
void fit(Strokes& strokes, double pen, Random& random, double variety) {
  Point low{1e9, 1e9}, high{-1e9, -1e9}, centre;
  double length = 0;
  for (const Stroke& stroke : strokes)
    for (size_t i = 0; i < stroke.size(); ++i) {
      low = {std::min(low.x, stroke[i].x), std::min(low.y, stroke[i].y)};
      high = {std::max(high.x, stroke[i].x), std::max(high.y, stroke[i].y)};
      if (i == 0) continue;
      const double part = std::hypot(stroke[i].x - stroke[i - 1].x, stroke[i].y - stroke[i - 1].y);
      centre.x += part * (stroke[i].x + stroke[i - 1].x) / 2;
      centre.y += part * (stroke[i].y + stroke[i - 1].y) / 2;
      length += part;
    }
  const double side = std::max({high.x - low.x, high.y - low.y, 0.1});
  const double scale = (kBox - pen) / side;
  const double jitter_x = variety * 0.35 * bell(random), jitter_y = variety * 0.35 * bell(random);
  const Point move{kSide / 2.0 + jitter_x - scale * centre.x / length,
                   kSide / 2.0 + jitter_y - scale * centre.y / length};
  for (Stroke& stroke : strokes)
    for (Point& p : stroke)
      p = {p.x * scale + move.x, p.y * scale + move.y};
}

/// Lays a round pen of that width along a piece: coverage falls from 1 to 0 over one pixel.
void draw_piece(Point a, Point b, double pen, std::array<float, kSide * kSide>& ink) {
  const double reach = pen / 2 + 0.75;
  const auto first = [&](double v) {
    return std::clamp<int64_t>(static_cast<int64_t>(std::floor(v - reach)), 0, kSide - 1);
  };
  const auto last = [&](double v) {
    return std::clamp<int64_t>(static_cast<int64_t>(std::ceil(v + reach)), 0, kSide - 1);
  };
  const double dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
  for (int64_t y = first(std::min(a.y, b.y)); y <= last(std::max(a.y, b.y)); ++y)
    for (int64_t x = first(std::min(a.x, b.x)); x <= last(std::max(a.x, b.x)); ++x) {
      const double px = static_cast<double>(x) + 0.5 - a.x, py = static_cast<double>(y) + 0.5 - a.y;
      const double t = square > 0 ? std::clamp((px * dx + py * dy) / square, 0.0, 1.0) : 0;
      const double distance = std::hypot(px - t * dx, py - t * dy);
      const auto covered = static_cast<float>(std::clamp((pen / 2 - distance) / 1.2 + 0.5, 0.0, 1.0));
      float& pixel = ink[static_cast<size_t>(y * kSide + x)];
      pixel = std::max(pixel, covered);
    }
}

void draw_digit(int64_t digit, Random& random, const DigitStyle& style, uint8_t* pixels) {
  const std::vector<Strokes>& ways = alphabet()[static_cast<size_t>(digit)];
  const int64_t way = style.variety > 0 ? random.below(static_cast<int64_t>(ways.size())) : 0;
  Strokes strokes = ways[static_cast<size_t>(way)];
  const double pen = std::clamp(2.3 + style.variety * 0.6 * bell(random), 1.2, 4.2);
  // The same place of two strokes stays together: a corner, a crossing.
  const Hand hand(random, style.variety);
  std::vector<std::pair<Point, Point>> moved;
  for (Stroke& stroke : strokes) {
    for (Point& p : stroke) {
      const auto same = std::find_if(moved.begin(), moved.end(), [&](const auto& pair) {
        return pair.first.x == p.x && pair.first.y == p.y;
      });
      if (same != moved.end()) {
        p = same->second;
        continue;
      }
      const Point before = p;
      p.x += style.variety * 0.035 * bell(random);
      p.y += style.variety * 0.035 * bell(random);
      moved.emplace_back(before, p);
    }
    stroke = smooth(stroke);
    for (Point& p : stroke)
      p = hand.write(p);
  }
  fit(strokes, pen, random, style.variety);
  std::array<float, kSide * kSide> ink{};
  for (const Stroke& stroke : strokes)
    for (size_t i = 0; i + 1 < stroke.size(); ++i)
      draw_piece(stroke[i], stroke[i + 1], pen, ink);
  for (size_t i = 0; i < ink.size(); ++i) {
    const double noise = style.noise > 0 && ink[i] > 0 ? style.noise * 3 * (random.uniform() - 0.5) : 0;
    pixels[i] = static_cast<uint8_t>(std::clamp(ink[i] + noise, 0.0, 1.0) * 255 + 0.5);
  }
}

}  // namespace

Samples draw_digits(int64_t count, uint64_t seed, const DigitStyle& style) {
  Samples samples;
  samples.shape = {1, 1, kSide, kSide};
  samples.pixels.resize(static_cast<size_t>(count * kSide * kSide));
  for (int64_t i = 0; i < count; ++i) {
    Random random(mix_bits(seed) ^ static_cast<uint64_t>(i));
    draw_digit(i % 10, random, style, samples.pixels.data() + i * kSide * kSide);
    samples.labels.push_back(static_cast<uint16_t>(i % 10));
  }
  for (int64_t digit = 0; digit < 10; ++digit)
    samples.classes.push_back(std::to_string(digit));
  return samples;
}

}  // namespace poolscope
