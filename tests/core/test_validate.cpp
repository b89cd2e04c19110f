#include <doctest/doctest.h>

#include <limits>

#include "core/pooling/kinds.h"
#include "core/pooling/plan.h"
#include "core/pooling/trace.h"
#include "tests/core/naive.h"

using namespace poolscope;

namespace {

std::string refusal(const PoolSpec& spec, const Shape& shape = {1, 1, 6, 6}) {
  const Result<PoolPlan> plan = validate(spec, shape);
  if (plan.ok()) return "accepted";
  std::string text = plan.error().key;
  for (const Arg& arg : plan.error().args)
    text += " " + arg.name + "=" + arg.value;
  return text;
}

/// Output size along the columns.
int64_t width(int64_t length, int64_t k, int64_t s, int64_t p, int64_t d, Rounding rounding) {
  const PoolSpec spec{
      .window = {1, k}, .stride = {1, s}, .padding = {0, p}, .dilation = {1, d}, .rounding = rounding};
  const Result<PoolPlan> plan = validate(spec, {1, 1, 1, length});
  return plan.ok() ? plan->out.w : 0;
}

}  // namespace

TEST_CASE("every refusal names the numbers") {
  CHECK(refusal({.padding = {3, 3}}) == "error.pool.padding-half.both padding=3 window=2 limit=1");
  CHECK(refusal({.window = {4, 2}, .padding = {2, 2}}) ==
        "error.pool.padding-half.columns padding=2 window=2 limit=1");
  CHECK(refusal({.window = {2, 4}, .padding = {2, 2}}) ==
        "error.pool.padding-half.rows padding=2 window=2 limit=1");
  CHECK(refusal({.window = {3, 3}, .padding = {3, 3}, .dilation = {2, 2}}) ==
        "error.pool.padding-half-dilated.both padding=3 window=5 limit=2");
  CHECK(refusal({.window = {3, 3}, .padding = {2, 2}, .dilation = {2, 2}}) == "accepted");
  CHECK(refusal({.window = {0, 0}}) == "error.pool.window.both value=0 limit=2147483647");
  CHECK(refusal({.window = {2, -1}}) == "error.pool.window.columns value=-1 limit=2147483647");
  CHECK(refusal({.stride = {0, 1}}) == "error.pool.stride.rows value=0 limit=2147483647");
  CHECK(refusal({.padding = {0, -1}}) == "error.pool.padding.columns value=-1 limit=2147483647");
  CHECK(refusal({.dilation = {0, 0}}) == "error.pool.dilation.both value=0 limit=2147483647");
  CHECK(refusal({.kind = Kind::average, .divisor = 0}) == "error.pool.divisor");
  CHECK(refusal({.kind = Kind::max, .divisor = 0}) == "error.pool.divisor");
  CHECK(refusal({.kind = Kind::average, .divisor = -2}) == "accepted");
  CHECK(refusal({.kind = Kind::stochastic, .padding = {1, 1}}) ==
        "error.pool.padding-kind kind=kind.stochastic padding=1");
  CHECK(refusal({.kind = Kind::none, .padding = {0, 1}}) ==
        "error.pool.padding-kind kind=kind.none padding=1");
  CHECK(refusal({.window = {7, 7}}) == "error.pool.no-output.both window=7 cells=6 padded=6");
  CHECK(refusal({.window = {7, 2}}) == "error.pool.no-output.rows window=7 cells=6 padded=6");
  CHECK(refusal({.window = {3, 3}, .padding = {0, 1}, .dilation = {1, 4}}) ==
        "error.pool.no-output.columns window=9 cells=6 padded=8");
  CHECK(refusal({}, {1, 1, 0, 6}) == "error.pool.empty shape=1 × 1 × 0 × 6");
  CHECK(refusal({}, {0, 1, 6, 6}) == "error.pool.empty shape=0 × 1 × 6 × 6");
  CHECK(refusal({}, {1, 1, 6, -6}) == "error.pool.empty shape=1 × 1 × 6 × -6");
  CHECK(refusal({}, {1, 1, int64_t{1} << 31, 6}).rfind("error.pool.too-large", 0) == 0);
  CHECK(refusal({}, {1 << 20, 1 << 20, 1 << 20, 1 << 20}).rfind("error.pool.too-large", 0) == 0);
}

TEST_CASE("what a kind does not use is ignored, not clamped") {
  const PoolSpec spec{.kind = Kind::none, .window = {100, 100}, .stride = {4, 5}, .dilation = {9, 9}};
  const PoolPlan plan = validate(spec, {1, 1, 6, 6}).value();
  CHECK(plan.rows.window == 1);
  CHECK(plan.columns.dilation == 1);
  CHECK(plan.out == Shape{1, 1, 2, 2});
  CHECK(plan.spec == spec);
}

TEST_CASE("no number of the command line can overflow") {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max(), kMin = std::numeric_limits<int64_t>::min();
  const int64_t wild[] = {kMin,
                          kMin + 1,
                          -(int64_t{1} << 31),
                          -1,
                          0,
                          1,
                          2,
                          5,
                          (int64_t{1} << 31) - 1,
                          int64_t{1} << 31,
                          int64_t{1} << 32,
                          int64_t{1} << 62,
                          kMax - 1,
                          kMax};
  const int64_t sides[] = {1, 7, (int64_t{1} << 31) - 1, kMax};
  int64_t accepted = 0, refused = 0;
  for (const int64_t window : wild)
    for (const int64_t stride : wild)
      for (const int64_t padding : wild)
        for (const int64_t dilation : wild)
          for (const int64_t side : sides)
            for (const Rounding rounding : {Rounding::floor, Rounding::ceil}) {
              const PoolSpec spec{.window = {1, window},
                                  .stride = {1, stride},
                                  .padding = {0, padding},
                                  .dilation = {1, dilation},
                                  .rounding = rounding};
              const Result<PoolPlan> plan = validate(spec, {1, 1, 1, side});
              ++(plan.ok() ? accepted : refused);
              if (!plan.ok()) continue;
              REQUIRE(plan->out.w >= 1);
              REQUIRE(plan->columns.start(plan->out.w - 1) < side);
              REQUIRE(plan->columns.tap(plan->out.w - 1, window - 1) >= -padding);
            }
  CHECK(accepted > 100);
  CHECK(refused > 100);
}

TEST_CASE("a window of two thousand million cells is one small step") {
  const int64_t huge = (int64_t{1} << 31) - 1;
  const PoolSpec spec{
      .kind = Kind::average, .window = {huge, huge}, .stride = {huge, huge}, .rounding = Rounding::ceil};
  const Tensor input = Tensor::matrix({{1, 2}, {3, 4}});
  const PoolPlan plan = validate(spec, input.shape()).value();
  const StepRecord step = step_at(plan, input, 0, 0, 0);
  CHECK(step.result == 2.5f);
  CHECK(step.valid == 4);
  CHECK(step.tap_count == huge * huge);
  CHECK(static_cast<int64_t>(step.taps.size()) == kTraceTaps);
}

TEST_CASE("output sizes of the corner table") {
  struct Row {
    int64_t length, k, s, p, d, floor, ceil;
  };
  const Row rows[] = {{4, 3, 2, 0, 1, 1, 2}, {4, 3, 2, 1, 1, 2, 3}, {6, 4, 4, 0, 1, 1, 2},
                      {9, 4, 4, 2, 1, 3, 3}, {2, 3, 3, 1, 1, 1, 1}, {5, 3, 3, 1, 1, 2, 2},
                      {3, 1, 4, 0, 1, 1, 1}, {6, 2, 5, 0, 1, 1, 2}, {1, 2, 1, 1, 2, 1, 1}};
  for (const Row& row : rows) {
    CHECK(width(row.length, row.k, row.s, row.p, row.d, Rounding::floor) == row.floor);
    CHECK(width(row.length, row.k, row.s, row.p, row.d, Rounding::ceil) == row.ceil);
  }
}

TEST_CASE("output sizes against walking window after window") {
  int64_t legal = 0, with_empty_window = 0;
  for (int64_t length = 1; length <= 13; ++length)
    for (int64_t k = 1; k <= 5; ++k)
      for (int64_t s = 1; s <= 6; ++s)
        for (int64_t d = 1; d <= 3; ++d)
          for (int64_t p = 0; p <= 6; ++p)
            for (const Rounding rounding : {Rounding::floor, Rounding::ceil}) {
              const bool padding_fits = p <= (d * (k - 1) + 1) / 2;
              const int64_t expected = padding_fits ? naive::outputs(length, k, s, p, d, rounding) : 0;
              REQUIRE(width(length, k, s, p, d, rounding) == expected);
              if (expected == 0) continue;
              ++legal;
              bool empty = false;
              for (int64_t o = 0; o < expected; ++o) {
                bool any = false;
                for (int64_t tap = 0; tap < k; ++tap) {
                  const int64_t cell = o * s - p + tap * d;
                  any = any || (cell >= 0 && cell < length);
                }
                empty = empty || !any;
                REQUIRE(o * s - p < length);
              }
              if (empty) {
                ++with_empty_window;
                REQUIRE(d > 1);
              }
            }
  // The counts that ../shared/reference/pooling.md states.
  CHECK(legal == 6077);
  CHECK(with_empty_window == 119);
}
