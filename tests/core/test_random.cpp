#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "core/base/random.h"
#include "core/pooling/kinds.h"
#include "core/pooling/pool.h"
#include "core/pooling/trace.h"
#include "tests/core/naive.h"

/// Random legal poolings against the second opinion of naive.h. Values and gradients are quarters, so that
/// sums are exact in any order and a difference is a mistake, not rounding.

using namespace poolscope;

namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr int kCases = 300;  // per kind
#else
constexpr int kCases = 4000;
#endif

int64_t between(Random& random, int64_t low, int64_t high) {
  return low + random.below(high - low + 1);
}

Size2 pair(Random& random, int64_t low, int64_t high) {
  const int64_t h = between(random, low, high);
  return {h, random.below(3) == 0 ? h : between(random, low, high)};
}

PoolSpec random_spec(Random& random, const KindInfo& info) {
  PoolSpec spec;
  spec.kind = info.kind;
  spec.window = pair(random, 1, 5);
  spec.stride = pair(random, 1, 5);
  spec.dilation = random.below(3) == 0 ? pair(random, 1, 3) : Size2{1, 1};
  if (info.allows_padding)
    spec.padding = {random.below((spec.dilation.h * (spec.window.h - 1) + 1) / 2 + 1),
                    random.below((spec.dilation.w * (spec.window.w - 1) + 1) / 2 + 1)};
  spec.rounding = random.below(2) == 0 ? Rounding::floor : Rounding::ceil;
  spec.count_padding = random.below(2) == 0;
  if (random.below(8) == 0) spec.divisor = between(random, 1, 9);
  spec.seed = random.next();
  return spec;
}

float random_value(Random& random, bool special) {
  if (special && random.below(12) == 0) {
    constexpr float kInf = std::numeric_limits<float>::infinity();
    const float values[] = {std::numeric_limits<float>::quiet_NaN(), -kInf, kInf};
    return values[random.below(3)];
  }
  return static_cast<float>(between(random, -8, 16)) / 4;
}

bool same(double a, double b, double tolerance) {
  if (a == b || (std::isnan(a) && std::isnan(b))) return true;
  return std::fabs(a - b) <= tolerance * std::fmax(1, std::fabs(b));
}

std::string describe(const PoolSpec& spec, const Shape& in) {
  const auto pair_text = [](Size2 size) { return std::to_string(size.h) + "x" + std::to_string(size.w); };
  return std::string(kind_info(spec.kind).name) + " on " + to_string(in) + ", window " +
         pair_text(spec.window) + ", stride " + pair_text(spec.stride) + ", padding " +
         pair_text(spec.padding) + ", dilation " + pair_text(spec.dilation) +
         (spec.rounding == Rounding::ceil ? ", ceil" : ", floor") +
         (spec.count_padding ? ", padding counts" : ", padding does not count") +
         (spec.divisor ? ", divisor " + std::to_string(*spec.divisor) : "");
}

/// How many values, indices and gradients of one case differ.
int64_t differences(const PoolPlan& plan, const Tensor& input, const Tensor& output_gradient,
                    double tolerance) {
  const naive::Answer expected =
      naive::pool(plan.spec, input, {output_gradient.values().begin(), output_gradient.values().end()});
  if (expected.out != plan.out) return 1;
  const PoolOutput got = forward(plan, input, true);
  int64_t count = 0;
  for (size_t i = 0; i < expected.values.size(); ++i) {
    count += !same(got.values.values()[i], static_cast<float>(expected.values[i]), tolerance);
    if (!got.indices.empty()) count += got.indices[i] != expected.indices[i];
  }
  const Tensor gradient = backward(plan, input, output_gradient).value();
  for (size_t i = 0; i < expected.gradient.size(); ++i)
    count += !same(gradient.values()[i], expected.gradient[i], 1e-5);
  return count;
}

/// A step shows what was computed, and cells know their readers.
int64_t step_differences(const PoolPlan& plan, const Tensor& input, Random& random) {
  const PoolOutput output = forward(plan, input, true);
  const int64_t n = random.below(plan.in.n), c = random.below(plan.in.c);
  const int64_t row = random.below(plan.in.h), column = random.below(plan.in.w);
  std::vector<int64_t> readers;
  int64_t count = 0;
  for (int64_t step = 0; step < plan.steps_per_plane(); ++step) {
    const StepRecord record = step_at(plan, input, n, c, step);
    const auto at = static_cast<size_t>((n * plan.in.c + c) * plan.steps_per_plane() + step);
    count += !same(record.result, output.values.values()[at], 0);
    if (!output.indices.empty()) {
      count += record.winner_index != output.indices[at];
      if (record.winner >= 0) {
        const Tap& winner = record.taps[static_cast<size_t>(record.winner)];
        count += winner.row * plan.in.w + winner.column != record.winner_index || winner.gradient != 1;
      }
    }
    int64_t valid = 0;
    for (const Tap& tap : record.taps) {
      valid += tap.inside;
      count += tap.inside && !same(tap.value, input.at(n, c, tap.row, tap.column), 0);
      if (tap.inside && tap.row == row && tap.column == column) readers.push_back(step);
    }
    count += valid != record.valid;
  }
  count += readers != steps_reading(plan, row, column);
  return count;
}

void check_kind(Kind kind) {
  const KindInfo& info = kind_info(kind);
  Random random(42 + static_cast<uint64_t>(kind));
  // Exact where the definition only selects, or adds quarters and divides once.
  const bool exact = info.selects || kind == Kind::average;
  const bool special = kind == Kind::max || kind == Kind::min || kind == Kind::none;
  int64_t cases = 0, wrong = 0;
  while (cases < kCases) {
    const PoolSpec spec = random_spec(random, info);
    const Shape shape{between(random, 1, 2), between(random, 1, 2), between(random, 1, 9),
                      between(random, 1, 9)};
    const Result<PoolPlan> plan = validate(spec, shape);
    if (!plan.ok()) continue;
    ++cases;
    Tensor input(shape), output_gradient(plan->out);
    for (float& value : input.values())
      value = random_value(random, special);
    for (float& value : output_gradient.values())
      value = random_value(random, false);
    int64_t count = differences(*plan, input, output_gradient, exact ? 0 : 1e-6);
    if (cases % 8 == 0) count += step_differences(*plan, input, random);
    if (count > 0 && ++wrong <= 3) FAIL_CHECK(count << " differences: " << describe(spec, shape));
  }
  CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("random poolings agree with a naive loop: max") {
  check_kind(Kind::max);
}
TEST_CASE("random poolings agree with a naive loop: average") {
  check_kind(Kind::average);
}
TEST_CASE("random poolings agree with a naive loop: stochastic") {
  check_kind(Kind::stochastic);
}
TEST_CASE("random poolings agree with a naive loop: stochastic expectation") {
  check_kind(Kind::stochastic_expectation);
}
TEST_CASE("random poolings agree with a naive loop: min") {
  check_kind(Kind::min);
}
TEST_CASE("random poolings agree with a naive loop: L2") {
  check_kind(Kind::l2);
}
TEST_CASE("random poolings agree with a naive loop: none") {
  check_kind(Kind::none);
}
