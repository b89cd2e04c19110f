// Films, decoded again by the libraries' own decoders, are the pictures that went in.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "app/export/film.h"
#include "core/base/random.h"
#include "tests/export/decoders.h"

using namespace poolscope;
using test::Decoded;

namespace {

constexpr int kWidth = 67, kHeight = 45;

FilmPicture blank(int milliseconds) {
  FilmPicture picture{kWidth, kHeight, std::vector<uint8_t>(kWidth * kHeight * 4, 255), milliseconds};
  return picture;
}

void paint(FilmPicture& picture, int x0, int y0, int x1, int y1, uint32_t rgb) {
  for (int y = std::max(0, y0); y < std::min(y1, kHeight); ++y)
    for (int x = std::max(0, x0); x < std::min(x1, kWidth); ++x) {
      uint8_t* pixel = picture.rgba.data() + 4 * (y * kWidth + x);
      pixel[0] = static_cast<uint8_t>(rgb >> 16);
      pixel[1] = static_cast<uint8_t>(rgb >> 8);
      pixel[2] = static_cast<uint8_t>(rgb);
    }
}

/// Something like our films: a still ground, a frame that moves over it, cells that fill up, and a picture
/// in which nothing changes. Few colours.
std::vector<FilmPicture> drawn_film() {
  std::vector<FilmPicture> film;
  FilmPicture ground = blank(50);
  for (int i = 0; i < 40; ++i)
    paint(ground, i, i, i + 9, i + 3, 0x102030u + static_cast<uint32_t>(i) * 0x050301u);
  for (int k = 0; k < 24; ++k) {
    if (k % 5 == 0) paint(ground, 3 * k, 30, 3 * k + 7, 44, 0xd55e00u + static_cast<uint32_t>(k));
    FilmPicture picture = ground;
    const int at = k == 12 ? 11 : k;
    paint(picture, 2 * at, at, 2 * at + 10, at + 10, 0xe69f00);
    paint(picture, 2 * at + 2, at + 2, 2 * at + 8, at + 8, 0xffffff);
    picture.milliseconds = k == 23 ? 1500 : 83 + k % 2;
    film.push_back(std::move(picture));
  }
  return film;
}

/// Every pixel has another colour in every picture: more than a GIF can hold.
std::vector<FilmPicture> colourful_film() {
  std::vector<FilmPicture> film;
  Random random(7);
  for (int k = 0; k < 5; ++k) {
    FilmPicture picture = blank(100);
    for (int y = 0; y < kHeight; ++y)
      for (int x = 0; x < kWidth; ++x)
        paint(picture, x, y, x + 1, y + 1,
              static_cast<uint32_t>(x * 255 / kWidth) << 16 | static_cast<uint32_t>(y * 255 / kHeight) << 8 |
                  static_cast<uint32_t>(40 * k + random.below(32)));
    film.push_back(std::move(picture));
  }
  return film;
}

std::string encoded(FilmFormat format, const std::vector<FilmPicture>& film) {
  const auto encoder = make_encoder(format, "film", {kWidth, kHeight, "Max · 2 × 2 <最大>"});
  for (const FilmPicture& picture : film)
    REQUIRE(encoder->add(picture).ok());
  const auto files = encoder->finish();
  REQUIRE(files.ok());
  REQUIRE(files->size() == 1);
  return files->front().bytes;
}

int total_ms(const std::vector<FilmPicture>& film) {
  int sum = 0;
  for (const FilmPicture& picture : film)
    sum += picture.milliseconds;
  return sum;
}

/// At every moment the decoded film shows the picture that belongs there.
void check_same(const std::vector<FilmPicture>& film, const Decoded& decoded) {
  CHECK(decoded.width == kWidth);
  CHECK(decoded.height == kHeight);
  // A WebP in which nothing moves is one picture, which does not go on for ever.
  if (decoded.pictures.size() > 1) CHECK(decoded.loops == 0);
  int begin = 0;
  for (size_t k = 0; k < film.size(); ++k) {
    CAPTURE(k);
    CHECK((decoded.at(begin + film[k].milliseconds / 2).rgba == film[k].rgba));
    begin += film[k].milliseconds;
  }
}

}  // namespace

TEST_CASE("a GIF of few colours decodes to the very pictures, at their times") {
  const auto film = drawn_film();
  const Decoded decoded = test::decode_gif(encoded(FilmFormat::gif, film));
  check_same(film, decoded);
  CHECK(decoded.pictures.size() == film.size());
  CHECK(decoded.comment == "Max · 2 × 2 <最大>");
  // Hundredths of a second: never off by more than half of one.
  CHECK(std::abs(decoded.pictures.back().until_ms - total_ms(film)) <= 5);
}

TEST_CASE("a WebP decodes to the very pictures, at their times, whatever their colours") {
  for (const auto& film : {drawn_film(), colourful_film()}) {
    const Decoded decoded = test::decode_webp(encoded(FilmFormat::webp, film));
    check_same(film, decoded);
    CHECK(decoded.comment.find(">Max · 2 × 2 &lt;最大&gt;<") != std::string::npos);
    CHECK(decoded.pictures.back().until_ms == total_ms(film));
  }
}

TEST_CASE("a GIF of many colours comes close, without noise, and what does not change stays as it was") {
  auto film = colourful_film();
  // The second picture differs from the first in a corner only.
  film[1] = film[0];
  paint(film[1], 0, 0, 9, 9, 0x009e73);
  const Decoded decoded = test::decode_gif(encoded(FilmFormat::gif, film));
  REQUIRE(decoded.pictures.size() == film.size());
  for (size_t k = 0; k < film.size(); ++k) {
    double squares = 0;
    int worst = 0;
    for (size_t i = 0; i < film[k].rgba.size(); ++i) {
      const int error = std::abs(film[k].rgba[i] - decoded.pictures[k].rgba[i]);
      squares += error * error;
      worst = std::max(worst, error);
    }
    CAPTURE(k);
    CHECK(squares / (kWidth * kHeight * 3) < 64);  // 30 dB
    CHECK(worst < 48);
  }
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x) {
      const size_t at = 4 * static_cast<size_t>(y * kWidth + x);
      if (x < 9 && y < 9)
        CHECK(decoded.pictures[1].rgba[at] == 0);
      else if (decoded.pictures[1].rgba[at] != decoded.pictures[0].rgba[at])
        FAIL("a pixel that did not change flickers");
    }
}

TEST_CASE("the same pictures give the same bytes every time") {
  for (const auto& film : {drawn_film(), colourful_film()})
    for (const FilmFormat format : {FilmFormat::gif, FilmFormat::webp, FilmFormat::png_still})
      CHECK((encoded(format, film) == encoded(format, film)));
}

TEST_CASE("a film of one picture, and one in which nothing moves") {
  std::vector<FilmPicture> one = {drawn_film().front()};
  check_same(one, test::decode_gif(encoded(FilmFormat::gif, one)));
  check_same(one, test::decode_webp(encoded(FilmFormat::webp, one)));
  const std::vector<FilmPicture> still(4, one.front());
  const Decoded gif = test::decode_gif(encoded(FilmFormat::gif, still));
  check_same(still, gif);
  CHECK(gif.pictures.size() == 4);
  check_same(still, test::decode_webp(encoded(FilmFormat::webp, still)));
}

TEST_CASE("numbered pictures keep folder, name and ending") {
  CHECK(numbered_path("a/film.png", 0) == "a/film-0001.png");
  CHECK(numbered_path("film.v2.PNG", 11) == "film.v2-0012.PNG");
  CHECK(numbered_path("film.png", 12345) == "film-12346.png");
}
