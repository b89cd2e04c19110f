#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "core/data/builtin.h"

using namespace poolscope;

TEST_CASE("the textbook matrices are the ones of the textbook") {
  const TensorPtr textbook = make_builtin("textbook");
  CHECK(textbook->same_bits(Tensor::matrix({{1, 2, 1, 0}, {0, 1, 2, 3}, {3, 0, 1, 2}, {2, 4, 0, 1}})));
  const TensorPtr shift = make_builtin("shift6");
  REQUIRE(shift->shape() == Shape{1, 1, 6, 6});
  CHECK(shift->at(0, 0, 1, 1) == 9);
  CHECK(shift->at(0, 0, 5, 4) == 8);
  float sum = 0;
  for (const float value : shift->values())
    sum += value;
  CHECK(sum == 11 + 19 + 9 + 8 + 12 + 16);
}

TEST_CASE("drawn pictures are the same every time, whole numbers from 0 to 255, and not flat") {
  int pictures = 0;
  for (const BuiltinInput& input : builtin_inputs()) {
    CAPTURE(input.name);
    const TensorPtr first = make_builtin(input.name);
    REQUIRE(first != nullptr);
    CHECK(first->same_bits(*make_builtin(input.name)));
    if (!input.is_picture) continue;
    ++pictures;
    CHECK((first->shape().c == 1 || first->shape().c == 3));
    std::set<float> values;
    for (const float value : first->values()) {
      values.insert(value);
      REQUIRE((value == std::floor(value) || input.name == "noise"));
      REQUIRE(value >= 0);
      REQUIRE(value <= 255);
    }
    CHECK(values.size() > 16);
  }
  CHECK(pictures >= 4);
  CHECK(make_builtin("no such picture") == nullptr);
}

TEST_CASE("the finest bars of the stripes alternate from pixel to pixel") {
  const TensorPtr stripes = make_builtin("stripes");
  for (int64_t x = 0; x < 100; ++x)
    CHECK(stripes->at(0, 0, 3, x) == (x % 2 == 0 ? 255 : 0));
}
