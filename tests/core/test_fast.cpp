#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/pooling/fast/fast.h"
#include "core/pooling/kinds.h"
#include "core/pooling/pool.h"
#include "tests/common/thoroughness.h"
#include "tests/core/random_spec.h"

/// The fast kernels against the reference, with every set of vectors that this processor has.

using namespace poolscope;

namespace {

constexpr int kCases = kSanitized ? 300 : 8000;  // per test and set of vectors

constexpr float kInf = std::numeric_limits<float>::infinity();

/// Runs a test once per set of vectors and goes back to the best one.
template <class Test>
void with_each_set(Test test) {
  for (const std::string_view name : fast::vector_sets()) {
    CAPTURE(std::string(name));
    fast::use_vector_set(name);
    test();
  }
  fast::use_vector_set("");
}

/// What inputs are made of: from ordinary values to ones in which everything is special.
enum class Mood { numbers, ties, zeros, sprinkled, special };

float draw(Random& random, Mood mood) {
  const float specials[] = {std::bit_cast<float>(0x7fc00000u + static_cast<uint32_t>(random.below(1000))),
                            std::bit_cast<float>(0xffc01234u),
                            std::bit_cast<float>(0x7f801234u),  // signalling
                            -kInf,
                            kInf,
                            -0.0f,
                            0.0f,
                            std::numeric_limits<float>::denorm_min(),
                            std::numeric_limits<float>::max(),
                            -std::numeric_limits<float>::max()};
  switch (mood) {
    case Mood::numbers:
      return static_cast<float>(random.uniform() * 20 - 10);
    case Mood::ties:
      return static_cast<float>(random.below(3)) - 1;
    case Mood::zeros:
      return random.below(2) == 0 ? 0.0f : random.below(3) == 0 ? -1.0f : -0.0f;
    case Mood::sprinkled:
      return random.below(60) == 0 ? specials[random.below(10)] : static_cast<float>(random.uniform());
    case Mood::special:
      return specials[random.below(10)];
  }
  return 0;
}

struct Case {
  PoolPlan plan;
  Tensor input;
  Mood mood;
};

/// Widths of 1 to 70 and the settings that have kernels of their own more often than chance would.
Case random_case(Random& random, Kind kind) {
  const KindInfo& info = kind_info(kind);
  while (true) {
    PoolSpec spec = random_spec(random, info);
    const Size2 favourites[][2] = {{{2, 2}, {2, 2}}, {{3, 3}, {2, 2}}, {{3, 3}, {1, 1}},
                                   {{4, 4}, {4, 4}}, {{8, 8}, {8, 8}}, {{3, 2}, {1, 2}}};
    const int64_t choice = random.below(10);
    if (choice < 6 && kind != Kind::none) {
      spec.window = favourites[choice][0];
      spec.stride = favourites[choice][1];
      if (random.below(4) != 0) spec.dilation = {1, 1};
    } else if (choice == 6) {
      spec.window = {between(random, 1, 12), between(random, 1, 20)};
    }
    Shape shape{between(random, 1, 2), between(random, 1, 3), between(random, 1, 24), between(random, 1, 70)};
    // Small planes in large batches have kernels of their own, for groups of up to 16 planes and the rest.
    if (random.below(8) == 0)
      shape = {between(random, 2, 5), between(random, 4, 9), between(random, 1, 14), between(random, 1, 36)};
    const Result<PoolPlan> plan = validate(spec, shape);
    if (!plan.ok()) continue;
    Case one{*plan, Tensor(shape), static_cast<Mood>(random.below(5))};
    for (float& value : one.input.values())
      value = draw(random, one.mood);
    return one;
  }
}

PoolOutput fast_forward(const Case& one, bool indices, int threads) {
  PoolOutput output{Tensor(one.plan.out, 77), {}};
  if (indices) output.indices.assign(static_cast<size_t>(one.plan.out.count()), -77);
  REQUIRE(fast::forward(one.plan, one.input.data(), output.values.data(),
                        indices ? output.indices.data() : nullptr, threads, nullptr));
  return output;
}

void check_exact(Kind kind, uint64_t seed) {
  with_each_set([&] {
    Random random(seed);
    int wrong = 0;
    for (int i = 0; i < kCases; ++i) {
      const Case one = random_case(random, kind);
      const PoolOutput expected = reference_forward(one.plan, one.input, true);
      const PoolOutput values = fast_forward(one, false, 1), both = fast_forward(one, true, 3);
      const bool same = values.values.same_bits(expected.values) && both.values.same_bits(expected.values) &&
                        both.indices == expected.indices;
      if (!same && ++wrong <= 3)
        FAIL_CHECK("mood " << static_cast<int>(one.mood) << ": " << describe(one.plan.spec, one.plan.in));
    }
    CHECK(wrong == 0);
  });
}

}  // namespace

TEST_CASE("fast maxima and their indices are those of the reference, bit for bit") {
  check_exact(Kind::max, 1);
}

TEST_CASE("fast minima and their indices are those of the reference, bit for bit") {
  check_exact(Kind::min, 2);
}

TEST_CASE("fast samples and their indices are those of the reference, bit for bit") {
  check_exact(Kind::none, 3);
  check_exact(Kind::global_max, 4);
}

TEST_CASE("fast averages keep within their bound of the exact one") {
  with_each_set([&] {
    Random random(5);
    int wrong = 0;
    for (int i = 0; i < kCases; ++i) {
      const Case one = random_case(random, i % 16 == 0 ? Kind::global_average : Kind::average);
      const Tensor expected = reference_forward(one.plan, one.input).values;
      const Tensor got = fast_forward(one, false, 1).values;
      CHECK(fast_forward(one, false, 3).values.same_bits(got));
      Tensor sizes = one.input;
      for (float& value : sizes.values())
        value = std::fabs(value);
      const Tensor scale = reference_forward(one.plan, sizes).values;
      const double eps = static_cast<double>(one.plan.rows.window + one.plan.columns.window + 2) * 0x1p-24;
      bool good = true;
      for (size_t k = 0; k < got.values().size(); ++k) {
        const double a = got.values()[k], b = expected.values()[k];
        // Denormal results may be half of the smallest step away.
        const double bound = eps * scale.values()[k] + 0x1p-149;
        good = good && (a == b || (std::isnan(a) && std::isnan(b)) || std::fabs(a - b) <= bound);
      }
      if (!good && ++wrong <= 3)
        FAIL_CHECK("mood " << static_cast<int>(one.mood) << ": " << describe(one.plan.spec, one.plan.in));
    }
    CHECK(wrong == 0);
  });
}

TEST_CASE("fast gradients keep within their bound of the exact one") {
  with_each_set([&] {
    Random random(8);
    int wrong = 0;
    const Kind kinds[] = {Kind::max,  Kind::min,        Kind::average,
                          Kind::none, Kind::global_max, Kind::global_average};
    for (int i = 0; i < kCases; ++i) {
      const Case one = random_case(random, kinds[i % 6]);
      Tensor output_gradient(one.plan.out), sizes(one.plan.out);
      for (size_t k = 0; k < sizes.values().size(); ++k) {
        output_gradient.values()[k] = draw(random, i % 3 == 0 ? Mood::ties : Mood::numbers);
        sizes.values()[k] = std::fabs(output_gradient.values()[k]);
      }
      const Tensor expected = reference_backward(one.plan, one.input, output_gradient);
      const Tensor scale = reference_backward(one.plan, one.input, sizes);
      Tensor got(one.plan.in, 77), many(one.plan.in, 77);
      REQUIRE(fast::backward(one.plan, one.input.data(), output_gradient.data(), got.data(), 1, nullptr));
      REQUIRE(fast::backward(one.plan, one.input.data(), output_gradient.data(), many.data(), 3, nullptr));
      CHECK(many.same_bits(got));
      // No cell is read by more windows than there are.
      const double eps = static_cast<double>(one.plan.rows.window * one.plan.columns.window + 2) * 0x1p-24;
      bool good = true;
      for (size_t k = 0; k < got.values().size(); ++k) {
        const double a = got.values()[k], b = expected.values()[k];
        good = good && std::fabs(a - b) <= eps * scale.values()[k] + 0x1p-149;
      }
      if (!good && ++wrong <= 3)
        FAIL_CHECK("mood " << static_cast<int>(one.mood) << ": " << describe(one.plan.spec, one.plan.in));
    }
    CHECK(wrong == 0);
  });
}

TEST_CASE("windows that reach far past small planes need no more memory than others") {
  with_each_set([&] {
    Random random(9);
    const Shape shape{4, 9, 5, 6};
    for (const Kind kind : {Kind::max, Kind::average}) {
      const PoolSpec spec{.kind = kind,
                          .window = {3, 3},
                          .stride = {2, 1},
                          .padding = {500'000'000, 500'000'000},
                          .dilation = {500'000'000, 500'000'000}};
      const Result<PoolPlan> plan = validate(spec, shape);
      REQUIRE(plan.ok());
      Case one{*plan, Tensor(shape), Mood::numbers};
      for (float& value : one.input.values())
        value = draw(random, one.mood);
      const PoolOutput expected = reference_forward(one.plan, one.input, true);
      const PoolOutput got = fast_forward(one, kind == Kind::max, 1);
      CHECK(got.values.same_bits(expected.values));
      CHECK((kind != Kind::max || got.indices == expected.indices));
      const Tensor ones(one.plan.out, 1);
      Tensor gradient(shape, 77);
      REQUIRE(fast::backward(one.plan, one.input.data(), ones.data(), gradient.data(), 1, nullptr));
      CHECK(gradient.same_bits(reference_backward(one.plan, one.input, ones)));
    }
  });
}

TEST_CASE("averages of whole numbers that have a short answer are exact") {
  with_each_set([&] {
    for (const Size2 window : {Size2{3, 3}, Size2{1, 5}, Size2{2, 2}, Size2{7, 3}}) {
      const PoolSpec spec{.kind = Kind::average, .window = window, .stride = {1, 1}};
      const Shape shape{1, 1, 12, 40};
      const Case one{validate(spec, shape).value(), Tensor(shape, 3), Mood::numbers};
      CHECK(fast_forward(one, false, 1).values.same_bits(Tensor(one.plan.out, 3)));
    }
  });
}

TEST_CASE("a large pooling is the same for any number of threads") {
  Random random(6);
  for (const Kind kind : {Kind::max, Kind::average}) {
    for (const auto& [stride, shape] : {std::pair<int64_t, Shape>{1, {2, 3, 301, 299}},
                                        {2, {2, 3, 301, 299}},
                                        {1, {20, 15, 20, 31}},
                                        {2, {20, 15, 20, 31}}}) {
      const PoolSpec spec{.kind = kind, .window = {3, 3}, .stride = {stride, stride}, .padding = {1, 1}};
      Case one{validate(spec, shape).value(), Tensor(shape), Mood::sprinkled};
      for (float& value : one.input.values())
        value = draw(random, one.mood);
      const PoolOutput alone = fast_forward(one, kind == Kind::max, 1);
      for (const int threads : {2, 3, 7}) {
        const PoolOutput many = fast_forward(one, kind == Kind::max, threads);
        CHECK(many.values.same_bits(alone.values));
        CHECK(many.indices == alone.indices);
      }
    }
  }
}

TEST_CASE("a pooling into memory of the caller writes there and nowhere else") {
  const Shape shape{2, 2, 28, 28};
  for (const Kind kind : {Kind::max, Kind::softpool}) {
    const PoolPlan plan = validate({.kind = kind}, shape).value();
    Tensor input(shape);
    Random random(7);
    for (float& value : input.values())
      value = draw(random, Mood::numbers);
    const auto count = static_cast<size_t>(plan.out.count());
    std::vector<float> output(count + 2, 7);
    std::vector<int64_t> indices(count + 2, 7);
    forward_into(plan, input.data(), output.data() + 1,
                 {.indices = kind == Kind::max ? indices.data() + 1 : nullptr});
    const PoolOutput expected = reference_forward(plan, input, true);
    CHECK(output.front() == 7);
    CHECK(output.back() == 7);
    CHECK(std::equal(output.begin() + 1, output.end() - 1, expected.values.data()));
    if (kind == Kind::max) {
      CHECK(indices.front() == 7);
      CHECK(indices.back() == 7);
      CHECK(std::equal(indices.begin() + 1, indices.end() - 1, expected.indices.begin()));
    }
  }
}
