#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <vector>

#include <zlib.h>

#include "app/model/png.h"
#include "core/base/random.h"

using namespace poolscope;

namespace {

uint32_t u32(const std::string& bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i)
    value = value << 8 | static_cast<uint8_t>(bytes[at + i]);
  return value;
}

/// A decoder straight from the specification, for what the encoder writes.
struct Decoded {
  uint32_t width = 0, height = 0;
  int channels = 0;
  std::vector<uint8_t> pixels;
};

int predicted(int filter, int a, int b, int c) {
  if (filter == 1) return a;
  if (filter == 2) return b;
  if (filter == 3) return (a + b) / 2;
  if (filter == 0) return 0;
  const int p = a + b - c, pa = std::abs(p - a), pb = std::abs(p - b), pc = std::abs(p - c);
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

Decoded decode(const std::string& png) {
  REQUIRE(png.substr(0, 8) == "\x89PNG\r\n\x1a\n");
  Decoded out;
  std::string packed;
  size_t at = 8;
  std::string last_type;
  while (at < png.size()) {
    const uint32_t size = u32(png, at);
    const std::string type = png.substr(at + 4, 4);
    const std::string data = png.substr(at + 8, size);
    const auto* checked = reinterpret_cast<const Bytef*>(png.data() + at + 4);
    REQUIRE(u32(png, at + 8 + size) == crc32(0, checked, size + 4));
    if (type == "IHDR") {
      out.width = u32(data, 0);
      out.height = u32(data, 4);
      REQUIRE(data.size() == 13);
      REQUIRE(data[8] == 8);
      out.channels = data[9] == 0 ? 1 : data[9] == 2 ? 3 : data[9] == 6 ? 4 : 0;
    }
    if (type == "IDAT") packed += data;
    last_type = type;
    at += 12 + size;
  }
  REQUIRE(last_type == "IEND");
  const size_t pixel = static_cast<size_t>(out.channels), row = out.width * pixel;
  std::vector<uint8_t> raw((row + 1) * out.height);
  uLongf size = raw.size();
  REQUIRE(uncompress(raw.data(), &size, reinterpret_cast<const Bytef*>(packed.data()), packed.size()) ==
          Z_OK);
  REQUIRE(size == raw.size());
  out.pixels.resize(row * out.height);
  for (size_t y = 0; y < out.height; ++y) {
    const int filter = raw[y * (row + 1)];
    for (size_t x = 0; x < row; ++x) {
      const int a = x >= pixel ? out.pixels[y * row + x - pixel] : 0;
      const int b = y > 0 ? out.pixels[(y - 1) * row + x] : 0;
      const int c = y > 0 && x >= pixel ? out.pixels[(y - 1) * row + x - pixel] : 0;
      out.pixels[y * row + x] = static_cast<uint8_t>(raw[y * (row + 1) + 1 + x] + predicted(filter, a, b, c));
    }
  }
  return out;
}

}  // namespace

TEST_CASE("a PNG holds exactly the pixels that were put in") {
  Random random(5);
  for (const int channels : {1, 3, 4})
    for (const int64_t width : {1, 2, 17, 300})
      for (const int64_t height : {1, 3, 70})
        for (const int style : {0, 1, 2}) {
          std::vector<uint8_t> bytes;
          for (int64_t i = 0; i < width * height * channels; ++i) {
            const int64_t x = i / channels % width, y = i / channels / width;
            const double wave =
                127 + 127 * std::sin(0.05 * static_cast<double>(x * (1 + i % channels) + 2 * y));
            bytes.push_back(style == 0   ? 200
                            : style == 1 ? static_cast<uint8_t>(random.below(256))
                                         : static_cast<uint8_t>(wave));
          }
          const std::string png = encode_png({width, height, channels, bytes});
          const Decoded back = decode(png);
          CHECK(back.width == width);
          CHECK(back.height == height);
          CHECK(back.channels == channels);
          CHECK(back.pixels == bytes);
          CHECK(png == encode_png({width, height, channels, bytes}));
        }
}

TEST_CASE("smooth pictures shrink") {
  std::vector<uint8_t> ramp;
  for (int i = 0; i < 256 * 256; ++i)
    ramp.push_back(static_cast<uint8_t>(i % 256 / 2 + i / 256 / 2));
  CHECK(encode_png({256, 256, 1, ramp}).size() < 4000);
}
