#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "app/export/palette.h"
#include "core/base/random.h"

using namespace poolscope;

namespace {

int64_t distance(Rgb a, Rgb b) {
  const auto part = [](Rgb c, int shift) { return static_cast<int64_t>(c >> shift & 255); };
  const int64_t r = part(a, 16) - part(b, 16), g = part(a, 8) - part(b, 8), blue = part(a, 0) - part(b, 0);
  return 3 * r * r + 4 * g * g + 2 * blue * blue;
}

}  // namespace

TEST_CASE("the table counts every colour, however many there are") {
  ColourTable table;
  for (Rgb c = 0; c < 20000; ++c)
    table.add(c * 839 % 0x1000000, c % 7 + 1);
  table.add(0, 5);
  CHECK(table.size() == 20000);
  CHECK(table.find(0)->count == 6);
  CHECK(table.find(839 * 3)->count == 4);
  CHECK(table.find(1) == nullptr);
  const auto entries = table.by_frequency();
  CHECK(entries.size() == 20000);
  CHECK(std::is_sorted(entries.begin(), entries.end(),
                       [](const auto& a, const auto& b) { return a.count > b.count; }));
  table.clear();
  CHECK(table.size() == 0);
  CHECK(table.find(0) == nullptr);
}

TEST_CASE("as many colours as there is room for are kept exactly") {
  ColourTable table;
  std::set<Rgb> all;
  for (Rgb c = 0; c < 255; ++c) {
    table.add(c * 65793 ^ 0x5a5a5a, 1 + c);
    all.insert(c * 65793 ^ 0x5a5a5a);
  }
  const auto palette = choose_palette(table, 255);
  CHECK(std::set<Rgb>(palette.begin(), palette.end()) == all);
}

TEST_CASE("flat colours stay exact beside thousands of others") {
  ColourTable table;
  Random random(3);
  for (int i = 0; i < 60000; ++i)
    table.add(static_cast<Rgb>(random.below(0x1000000)));
  const Rgb flat[] = {0xf6f5f1, 0xffffff, 0xd55e00, 0x0072b2, 0x1b1d1f};
  for (const Rgb colour : flat)
    table.add(colour, 2000);
  const auto palette = choose_palette(table, 255);
  CHECK(palette.size() == 255);
  for (const Rgb colour : flat)
    CHECK(std::count(palette.begin(), palette.end(), colour) >= 1);
}

TEST_CASE("a ramp of one colour is divided evenly") {
  ColourTable table;
  for (Rgb level = 0; level < 256; ++level)
    table.add(level << 16 | level << 8 | level, 10);
  const auto palette = choose_palette(table, 64);
  const NearestColour nearest(palette);
  for (Rgb level = 0; level < 256; ++level) {
    const Rgb found = palette[nearest(level << 16 | level << 8 | level)];
    CHECK(std::abs(static_cast<int>(found & 255) - static_cast<int>(level)) <= 4);
  }
}

TEST_CASE("the nearest colour is the nearest") {
  Random random(11);
  for (const size_t count : {size_t{1}, size_t{2}, size_t{16}, size_t{17}, size_t{255}, size_t{256}}) {
    std::vector<Rgb> palette;
    for (size_t i = 0; i < count; ++i)
      palette.push_back(static_cast<Rgb>(random.below(0x1000000)));
    const NearestColour nearest(palette);
    for (int i = 0; i < 500; ++i) {
      const auto colour = static_cast<Rgb>(random.below(0x1000000));
      const auto best = std::min_element(palette.begin(), palette.end(), [&](Rgb a, Rgb b) {
        return distance(a, colour) < distance(b, colour);
      });
      const size_t found = nearest(colour);
      REQUIRE(found < count);
      CHECK(distance(palette[found], colour) == distance(*best, colour));
    }
  }
}
