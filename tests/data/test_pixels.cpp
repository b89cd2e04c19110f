#include <doctest/doctest.h>

#include "core/data/exif.h"
#include "core/data/pixels.h"
#include "tests/data/sample_files.h"

using namespace poolscope;

namespace {

/// 2 wide, 3 high:  1 2 / 3 4 / 5 6
constexpr uint8_t kStored[] = {1, 2, 3, 4, 5, 6};
constexpr PixelView kView{2, 3, 1, kStored};

}  // namespace

TEST_CASE("all eight orientations of a camera") {
  const std::vector<std::vector<float>> rows[] = {
      {{1, 2}, {3, 4}, {5, 6}}, {{2, 1}, {4, 3}, {6, 5}}, {{6, 5}, {4, 3}, {2, 1}}, {{5, 6}, {3, 4}, {1, 2}},
      {{1, 3, 5}, {2, 4, 6}},   {{5, 3, 1}, {6, 4, 2}},   {{6, 4, 2}, {5, 3, 1}},   {{2, 4, 6}, {1, 3, 5}}};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    CAPTURE(orientation);
    CHECK(tensor_from_pixels(kView, orientation).same_bits(Tensor::matrix(rows[orientation - 1])));
  }
}

TEST_CASE("channels become planes") {
  const uint8_t rgb[] = {1, 2, 3, 4, 5, 6};
  const Tensor tensor = tensor_from_pixels({2, 1, 3, rgb});
  CHECK(tensor.shape() == Shape{1, 3, 1, 2});
  CHECK(tensor.at(0, 0, 0, 1) == 4);
  CHECK(tensor.at(0, 2, 0, 0) == 3);
}

TEST_CASE("a preview keeps the proportions and the mean of each box") {
  std::vector<uint8_t> bytes(8 * 4);
  for (size_t i = 0; i < bytes.size(); ++i)
    bytes[i] =
        static_cast<uint8_t>(i % 8 / 2 * 10 + i / 8 / 2 * 100 + i % 2);  // two values in every 2 x 2 box
  const Tensor small = tensor_from_pixels({8, 4, 1, bytes.data()}, 1, 4);
  CHECK(small.same_bits(Tensor::matrix({{1, 11, 21, 31}, {101, 111, 121, 131}})));
  CHECK(tensor_from_pixels({8, 4, 1, bytes.data()}, 6, 4).shape() == Shape{1, 1, 4, 2});
  CHECK(tensor_from_pixels({8, 4, 1, bytes.data()}, 1, 3).shape() == Shape{1, 1, 2, 3});
  CHECK(tensor_from_pixels({8, 4, 1, bytes.data()}, 1, 8).shape() == Shape{1, 1, 4, 8});
  const std::vector<uint8_t> line(1000, 7);
  const Tensor thin = tensor_from_pixels({1000, 1, 1, line.data()}, 1, 10);
  CHECK(thin.shape() == Shape{1, 1, 1, 10});
  CHECK(thin.at(0, 0, 0, 9) == 7);
}

TEST_CASE("transparency over white") {
  CHECK(over_white(100, 255) == 100);
  CHECK(over_white(100, 0) == 255);
  CHECK(over_white(0, 128) == 127);
  CHECK(over_white(255, 77) == 255);
}

TEST_CASE("the orientation in Exif data") {
  for (int orientation = 1; orientation <= 8; ++orientation) {
    CHECK(exif_orientation(sample::exif(orientation, true)) == orientation);
    CHECK(exif_orientation(sample::exif(orientation, false)) == orientation);
  }
  CHECK(exif_orientation(sample::exif(0)) == 1);
  CHECK(exif_orientation(sample::exif(9)) == 1);
  CHECK(exif_orientation({}) == 1);
  const sample::Bytes whole = sample::exif(6);
  for (size_t length = 0; length < 20; ++length)
    CHECK(exif_orientation(std::span(whole).first(length)) == 1);
  sample::Bytes far = whole;
  far[4] = 0xff;
  CHECK(exif_orientation(far) == 1);
  far[7] = 0xff;
  CHECK(exif_orientation(far) == 1);
}
