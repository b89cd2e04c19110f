#include <doctest/doctest.h>

#include <algorithm>

#include "core/base/random.h"
#include "core/pooling/kinds.h"
#include "core/pooling/pool.h"

/// Pooling with stride s hands on shifts by multiples of s: F(shift by s d of x) = shift by d of F(x).

using namespace poolscope;

namespace {

/// Shifted down and right, what leaves on one side comes back on the other.
Tensor rolled(const Tensor& input, int64_t down, int64_t right) {
  const Shape s = input.shape();
  Tensor output(s);
  for (int64_t n = 0; n < s.n; ++n)
    for (int64_t c = 0; c < s.c; ++c)
      for (int64_t y = 0; y < s.h; ++y)
        for (int64_t x = 0; x < s.w; ++x)
          output.at(n, c, (y + down) % s.h, (x + right) % s.w) = input.at(n, c, y, x);
  return output;
}

Tensor noise(Shape shape, uint64_t seed) {
  Random random(seed);
  Tensor tensor(shape);
  for (float& value : tensor.values())
    value = static_cast<float>(random.uniform() * 2 - 0.5);
  return tensor;
}

Tensor pooled(const PoolSpec& spec, const Tensor& input) {
  return forward(validate(spec, input.shape()).value(), input).values;
}

}  // namespace

TEST_CASE("a periodic shift by the stride shifts the output") {
  const Tensor input = noise({1, 2, 36, 36}, 3);
  for (const KindInfo& info : all_kinds()) {
    // Draws belong to places, not to values; and without a stride there is nothing to shift by.
    if (info.random || !info.uses(kStride)) continue;
    CAPTURE(info.name);
    for (const int64_t stride : {1, 2, 3, 4})
      for (const int64_t window : {1, 2, 3, 4}) {
        const PoolSpec spec{.kind = info.kind, .window = {window, window}, .stride = {stride, stride}};
        const Tensor still = pooled(spec, input);
        for (const int64_t shift : {1, 2}) {
          const Tensor moved = pooled(spec, rolled(input, stride * shift, stride));
          // Windows at the edge do not reach round: compare where neither of the two touches it.
          const int64_t reach = (window + 3) / stride + 1;
          int64_t compared = 0, different = 0;
          for (int64_t c = 0; c < 2; ++c)
            for (int64_t y = reach; y + shift + reach < still.shape().h; ++y)
              for (int64_t x = reach; x + 1 + reach < still.shape().w; ++x) {
                ++compared;
                different += still.at(0, c, y, x) != moved.at(0, c, y + shift, x + 1);
              }
          CHECK(different == 0);
          CHECK(compared > 0);
        }
      }
  }
}

TEST_CASE("with windows that tile the input the shift is a permutation") {
  const Tensor input = noise({2, 2, 12, 12}, 4);
  for (const KindInfo& info : all_kinds()) {
    if (info.random || info.geometry != Geometry::sliding) continue;
    CAPTURE(info.name);
    for (const int64_t stride : {2, 3, 4}) {
      const PoolSpec spec{.kind = info.kind, .window = {stride, stride}, .stride = {stride, stride}};
      CHECK(pooled(spec, rolled(input, stride, 2 * stride)).same_bits(rolled(pooled(spec, input), 1, 2)));
    }
  }
}

TEST_CASE("adaptive polyphase sampling: any shift permutes the output, plain subsampling changes it") {
  const Tensor input = noise({1, 3, 12, 12}, 5);
  const PoolSpec aps{.kind = Kind::aps}, none{.kind = Kind::none};
  const auto sorted = [](const Tensor& tensor) {
    std::vector<float> values(tensor.values().begin(), tensor.values().end());
    std::sort(values.begin(), values.end());
    return values;
  };
  const std::vector<float> expected = sorted(pooled(aps, input)), plain = sorted(pooled(none, input));
  for (int64_t down = 0; down < 4; ++down)
    for (int64_t right = 0; right < 4; ++right) {
      CHECK(sorted(pooled(aps, rolled(input, down, right))) == expected);
      CHECK((sorted(pooled(none, rolled(input, down, right))) == plain) == (down % 2 == 0 && right % 2 == 0));
    }
}
