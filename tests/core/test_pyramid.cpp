#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "core/base/random.h"
#include "core/tensor/pyramid.h"

using namespace poolscope;

namespace {

Tensor noise(Shape shape) {
  Tensor tensor(shape);
  Random random(static_cast<uint64_t>(shape.h * 1000 + shape.w));
  for (float& value : tensor.values())
    value = static_cast<float>(random.uniform() * 255);
  return tensor;
}

/// The mean of the cells that cell (y, x) of a level covers, by the definition.
double block_mean(const Tensor& tensor, int64_t n, int64_t c, int64_t size, int64_t y, int64_t x) {
  const Shape& shape = tensor.shape();
  double sum = 0, count = 0;
  for (int64_t i = y * size; i < std::min((y + 1) * size, shape.h); ++i)
    for (int64_t j = x * size; j < std::min((x + 1) * size, shape.w); ++j, ++count)
      sum += tensor.at(n, c, i, j);
  return sum / count;
}

}  // namespace

TEST_CASE("a pyramid's cells are the means of the blocks that they cover, at odd edges too") {
  for (const Shape shape : {Shape{1, 1, 1, 1}, Shape{1, 1, 1, 9}, Shape{2, 3, 7, 5}, Shape{1, 2, 37, 64},
                            Shape{1, 1, 33, 17}, Shape{1, 1, 6, 11}}) {
    const Tensor tensor = noise(shape);
    for (int64_t n = 0; n < shape.n; ++n) {
      const Pyramid pyramid = make_pyramid(tensor, n);
      CAPTURE(shape.h);
      CAPTURE(shape.w);
      REQUIRE(pyramid.levels.size() == static_cast<size_t>(level_with_at_most(shape.h, shape.w, 1)));
      for (size_t l = 0; l < pyramid.levels.size(); ++l) {
        const Tensor& level = pyramid.levels[l];
        const int64_t size = int64_t{2} << l;
        REQUIRE(level.shape() == Shape{1, shape.c, (shape.h + size - 1) / size, (shape.w + size - 1) / size});
        for (int64_t c = 0; c < shape.c; ++c)
          for (int64_t y = 0; y < level.shape().h; ++y)
            for (int64_t x = 0; x < level.shape().w; ++x)
              REQUIRE(level.at(0, c, y, x) ==
                      doctest::Approx(block_mean(tensor, n, c, size, y, x)).epsilon(1e-5));
      }
    }
  }
}

TEST_CASE("not-a-number stays in its blocks of a pyramid") {
  Tensor tensor = noise({1, 1, 8, 8});
  tensor.at(0, 0, 5, 2) = std::numeric_limits<float>::quiet_NaN();
  const Pyramid pyramid = make_pyramid(tensor, 0);
  for (int64_t y = 0; y < 4; ++y)
    for (int64_t x = 0; x < 4; ++x)
      CHECK(std::isnan(pyramid.levels[0].at(0, 0, y, x)) == (y == 2 && x == 1));
  CHECK(std::isnan(pyramid.levels[2].at(0, 0, 0, 0)));
}

TEST_CASE("levels of a pyramid: how many cells, and the first with few enough") {
  CHECK(cells_at_level(4096, 3) == 512);
  CHECK(cells_at_level(4097, 3) == 513);
  CHECK(level_with_at_most(1, 1, 1) == 0);
  CHECK(level_with_at_most(300, 1024, 1024) == 0);
  CHECK(level_with_at_most(300, 1025, 1024) == 1);
  CHECK(level_with_at_most(4097, 10, 1024) == 3);
}

TEST_CASE("a cancelled pyramid ends early") {
  Progress progress;
  progress.cancelled = true;
  CHECK(make_pyramid(noise({1, 1, 64, 64}), 0, &progress).levels.size() <= 1);
}
