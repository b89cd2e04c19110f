#include "app/export/palette.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <limits>
#include <utility>

namespace poolscope {

namespace {

// How much a difference in red, green and blue is seen.
constexpr float kSeen[3] = {3, 4, 2};
// A colour of this share of the area is flat colour (paper, a panel, a cell): it must stay what it is.
constexpr uint64_t kFlatShare = 2000;
constexpr int kRefinements = 3;
// More colours than this are put together in a grid of 32 x 32 x 32 before they are divided.
constexpr size_t kMostPoints = 32768;

int part(Rgb colour, int channel) {
  return static_cast<int>(colour >> (16 - 8 * channel) & 255);
}

/// A colour with its weight, as the division sees it.
struct Point {
  float value[3];
  double weight;
};

/// Points [first, last) of the list, and how much there is to gain by dividing them.
struct Box {
  size_t first, last;
  double error = 0;
  int axis = 0;
  float middle = 0;
};

Box measured(std::span<const Point> points, size_t first, size_t last) {
  Box box{first, last};
  double weight = 0, sum[3] = {}, squares[3] = {};
  for (const Point& point : points.subspan(first, last - first)) {
    weight += point.weight;
    for (size_t k = 0; k < 3; ++k) {
      sum[k] += point.weight * point.value[k];
      squares[k] += point.weight * point.value[k] * point.value[k];
    }
  }
  double most = -1;
  for (size_t k = 0; k < 3; ++k) {
    const double spread = kSeen[k] * (squares[k] - sum[k] * sum[k] / weight);
    box.error += std::max(0.0, spread);
    if (spread <= most) continue;
    most = spread;
    box.axis = static_cast<int>(k);
    box.middle = static_cast<float>(sum[k] / weight);
  }
  if (last - first < 2) box.error = 0;
  return box;
}

/// Divides the box at the mean of its longest side. False where all its points are one.
bool divide(std::vector<Point>& points, Box& box, Box& rest) {
  const auto begin = points.begin() + static_cast<ptrdiff_t>(box.first);
  const auto end = points.begin() + static_cast<ptrdiff_t>(box.last);
  const auto axis = static_cast<size_t>(box.axis);
  const auto cut =
      std::stable_partition(begin, end, [&](const Point& point) { return point.value[axis] <= box.middle; });
  if (cut == begin || cut == end) return false;
  const auto at = static_cast<size_t>(cut - points.begin());
  rest = measured(points, at, box.last);
  box = measured(points, box.first, at);
  return true;
}

Rgb rounded(const double (&sum)[3], double weight) {
  Rgb colour = 0;
  for (const double channel : sum)
    colour = colour << 8 | static_cast<Rgb>(channel / weight + 0.5);
  return colour;
}

std::vector<Rgb> means_of_boxes(std::vector<Point>& points, size_t most) {
  std::vector<Box> boxes = {measured(points, 0, points.size())};
  while (boxes.size() < most) {
    const auto worst = std::max_element(boxes.begin(), boxes.end(),
                                        [](const Box& a, const Box& b) { return a.error < b.error; });
    if (worst->error <= 0) break;
    Box rest{0, 0};
    if (divide(points, *worst, rest))
      boxes.push_back(rest);
    else
      worst->error = 0;
  }
  std::vector<Rgb> means;
  for (const Box& box : boxes) {
    double weight = 0, sum[3] = {};
    for (size_t i = box.first; i < box.last; ++i) {
      weight += points[i].weight;
      for (size_t k = 0; k < 3; ++k)
        sum[k] += points[i].weight * points[i].value[k];
    }
    means.push_back(rounded(sum, weight));
  }
  return means;
}

/// Moves the colours from `fixed` on to the means of the points that are nearest to them.
void refine(std::vector<Rgb>& palette, size_t fixed, std::span<const Point> points) {
  struct Sum {
    double weight = 0, sum[3] = {};
  };
  for (int round = 0; round < kRefinements; ++round) {
    const NearestColour nearest(palette);
    std::vector<Sum> sums(palette.size());
    for (const Point& point : points) {
      Rgb colour = 0;
      for (const float value : point.value)
        colour = colour << 8 | static_cast<Rgb>(value + 0.5f);
      Sum& sum = sums[nearest(colour)];
      sum.weight += point.weight;
      for (size_t k = 0; k < 3; ++k)
        sum.sum[k] += point.weight * point.value[k];
    }
    for (size_t i = fixed; i < palette.size(); ++i)
      if (sums[i].weight > 0) palette[i] = rounded(sums[i].sum, sums[i].weight);
  }
}

std::vector<Point> points_of(std::span<const ColourTable::Entry> entries) {
  std::vector<Point> points;
  if (entries.size() <= kMostPoints) {
    for (const ColourTable::Entry& entry : entries)
      points.push_back({{static_cast<float>(part(entry.colour, 0)), static_cast<float>(part(entry.colour, 1)),
                         static_cast<float>(part(entry.colour, 2))},
                        static_cast<double>(entry.count)});
    return points;
  }
  std::vector<Point> grid(kMostPoints, Point{{0, 0, 0}, 0});
  for (const ColourTable::Entry& entry : entries) {
    const Rgb c = entry.colour;
    Point& bin = grid[(c >> 19 & 31) << 10 | (c >> 11 & 31) << 5 | (c >> 3 & 31)];
    bin.weight += entry.count;
    for (size_t k = 0; k < 3; ++k) {
      const auto value = static_cast<float>(part(c, static_cast<int>(k)));
      bin.value[k] +=
          static_cast<float>((value - bin.value[k]) * (entry.count / bin.weight));  // running mean
    }
  }
  std::copy_if(grid.begin(), grid.end(), std::back_inserter(points),
               [](const Point& point) { return point.weight > 0; });
  return points;
}

}  // namespace

size_t ColourTable::place_of(Rgb colour) const {
  const size_t mask = places_.size() - 1;
  size_t place = (colour * 0x9e3779b1u >> 8) & mask;
  while (places_[place].count > 0 && places_[place].colour != colour)
    place = (place + 1) & mask;
  return place;
}

void ColourTable::add(Rgb colour, uint32_t count) {
  Entry& entry = places_[place_of(colour)];
  if (entry.count > 0) {
    entry.count += count;
    return;
  }
  entry = {colour, count, 0};
  if (++size_ * 2 > places_.size()) grow();
}

void ColourTable::grow() {
  const std::vector<Entry> old = std::exchange(places_, std::vector<Entry>(places_.size() * 4));
  for (const Entry& entry : old)
    if (entry.count > 0) places_[place_of(entry.colour)] = entry;
}

const ColourTable::Entry* ColourTable::find(Rgb colour) const {
  const Entry& entry = places_[place_of(colour)];
  return entry.count > 0 ? &entry : nullptr;
}

ColourTable::Entry* ColourTable::find(Rgb colour) {
  return const_cast<Entry*>(std::as_const(*this).find(colour));
}

std::vector<ColourTable::Entry> ColourTable::by_frequency() const {
  std::vector<Entry> found;
  found.reserve(size_);
  std::copy_if(places_.begin(), places_.end(), std::back_inserter(found),
               [](const Entry& entry) { return entry.count > 0; });
  std::sort(found.begin(), found.end(), [](const Entry& a, const Entry& b) {
    return a.count != b.count ? a.count > b.count : a.colour < b.colour;
  });
  return found;
}

void ColourTable::clear() {
  std::fill(places_.begin(), places_.end(), Entry{});
  size_ = 0;
}

std::vector<Rgb> choose_palette(const ColourTable& colours, size_t most) {
  assert(most >= 2 && most <= 256);
  const std::vector<ColourTable::Entry> entries = colours.by_frequency();
  std::vector<Rgb> palette;
  if (entries.size() <= most) {
    for (const ColourTable::Entry& entry : entries)
      palette.push_back(entry.colour);
    return palette;
  }
  uint64_t area = 0;
  for (const ColourTable::Entry& entry : entries)
    area += entry.count;
  while (palette.size() < most / 2 && entries[palette.size()].count * kFlatShare >= area)
    palette.push_back(entries[palette.size()].colour);
  const size_t flat = palette.size();
  std::vector<Point> points = points_of(std::span(entries).subspan(flat));
  for (const Rgb mean : means_of_boxes(points, most - flat))
    palette.push_back(mean);
  refine(palette, flat, points);
  return palette;
}

NearestColour::NearestColour(std::span<const Rgb> palette) : count_(palette.size()) {
  // A multiple of the vector's length; the filling is further away than any colour.
  const size_t padded = (count_ + 15) / 16 * 16;
  red_.assign(padded, 1e6f);
  green_.assign(padded, 1e6f);
  blue_.assign(padded, 1e6f);
  for (size_t i = 0; i < count_; ++i) {
    red_[i] = static_cast<float>(part(palette[i], 0));
    green_[i] = static_cast<float>(part(palette[i], 1));
    blue_[i] = static_cast<float>(part(palette[i], 2));
  }
}

size_t NearestColour::operator()(Rgb colour) const {
  const auto r = static_cast<float>(part(colour, 0)), g = static_cast<float>(part(colour, 1)),
             b = static_cast<float>(part(colour, 2));
  float distance[256];
  const size_t padded = red_.size();
  for (size_t i = 0; i < padded; ++i) {
    const float dr = red_[i] - r, dg = green_[i] - g, db = blue_[i] - b;
    distance[i] = kSeen[0] * dr * dr + kSeen[1] * dg * dg + kSeen[2] * db * db;
  }
  // Sixteen minima side by side, which the compiler keeps in vectors.
  float least[16];
  std::fill(std::begin(least), std::end(least), std::numeric_limits<float>::max());
  for (size_t i = 0; i < padded; i += 16)
    for (size_t k = 0; k < 16; ++k)
      least[k] = distance[i + k] < least[k] ? distance[i + k] : least[k];
  const float best = *std::min_element(std::begin(least), std::end(least));
  return static_cast<size_t>(std::find(distance, distance + count_, best) - distance);
}

}  // namespace poolscope
