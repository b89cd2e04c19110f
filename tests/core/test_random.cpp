#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

#include "core/base/random.h"
#include "core/pooling/gradient.h"
#include "core/pooling/kinds.h"
#include "core/pooling/pool.h"
#include "core/pooling/trace.h"
#include "tests/core/naive.h"
#include "tests/core/random_spec.h"

/// Random legal poolings against the second opinion of naive.h. Values and gradients are quarters, so that
/// plain sums are exact in any order and a difference is a mistake, not rounding.

using namespace poolscope;

namespace {

#if defined(POOLSCOPE_RANDOM_CASES)
constexpr int kCases = POOLSCOPE_RANDOM_CASES;
#elif defined(__SANITIZE_ADDRESS__)
constexpr int kCases = 400;  // per kind
#else
constexpr int kCases = 5500;  // 104,500 in all
#endif

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

/// How many values, indices and gradients of one answer differ from the naive one.
int64_t differences(const naive::Answer& expected, const PoolOutput& got, const Tensor& gradient,
                    double tolerance) {
  int64_t count = 0;
  for (size_t i = 0; i < expected.values.size(); ++i) {
    count += !same(got.values.values()[i], static_cast<float>(expected.values[i]), tolerance);
    if (!got.indices.empty()) count += got.indices[i] != expected.indices[i];
  }
  for (size_t i = 0; i < expected.gradient.size(); ++i)
    count += !same(gradient.values()[i], expected.gradient[i], 1e-5);
  return count;
}

/// The same of one case: of the reference, and of what forward() and backward() choose.
int64_t differences(const PoolPlan& plan, const Tensor& input, const Tensor& output_gradient,
                    double tolerance) {
  const naive::Answer expected =
      naive::pool(plan.spec, input, {output_gradient.values().begin(), output_gradient.values().end()});
  if (expected.out != plan.out) return 1;
  const PoolOutput truth = reference_forward(plan, input, true), chosen = forward(plan, input, true);
  const Tensor gradient = reference_backward(plan, input, output_gradient);
  int64_t count = differences(expected, truth, gradient, tolerance);
  count += differences(expected, chosen, backward(plan, input, output_gradient).value(), tolerance);
  if (truth.indices.empty()) return count;
  count += !backward_from_indices(plan, truth.indices, output_gradient)->same_bits(gradient);
  // What was there before does not matter, and sums in float are as good as those of backward().
  Tensor scattered(plan.in, 7);
  count += !backward_from_indices_into(plan, truth.indices.data(), output_gradient.data(), scattered.data());
  for (size_t i = 0; i < expected.gradient.size(); ++i)
    count += !same(scattered.values()[i], expected.gradient[i], 1e-5);
  return count;
}

/// A step shows what was computed, and cells know their readers.
int64_t step_differences(const PoolPlan& plan, const Tensor& input, Random& random) {
  const PoolOutput output = forward(plan, input, true);
  const int64_t n = random.below(plan.in.n), c = random.below(plan.in.c), plane = n * plan.in.c + c;
  const int64_t row = random.below(plan.in.h), column = random.below(plan.in.w);
  std::vector<int64_t> readers;
  std::vector<double> sums(static_cast<size_t>(plan.in.plane()));
  int64_t count = 0;
  for (int64_t step = 0; step < plan.steps_per_plane(); ++step) {
    const StepRecord record = step_at(plan, input, n, c, step);
    const auto at = static_cast<size_t>(plane * plan.steps_per_plane() + step);
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
      if (!tap.inside) continue;
      ++valid;
      count += !same(tap.value, input.at(n, c, tap.row, tap.column), 0);
      sums[static_cast<size_t>(tap.row * plan.in.w + tap.column)] += tap.gradient;
      if (tap.row == row && tap.column == column) readers.push_back(step);
    }
    count += valid != record.valid || record.tap_count != static_cast<int64_t>(record.taps.size());
  }
  const Tensor gradient = backward(plan, input, Tensor(plan.out, 1)).value();
  const Tensor until = gradient_until(plan, input, n, c, plan.steps_per_plane() - 1);
  for (size_t i = 0; i < sums.size(); ++i) {
    count += !same(gradient.plane(plane)[i], sums[i], 1e-5);
    count += !same(until.data()[i], sums[i], 1e-5);
  }
  const auto here = static_cast<size_t>(row * plan.in.w + column);
  count +=
      !same(gradient_until(plan, input, n, c, plan.steps_per_plane() - 1, row, column), sums[here], 1e-9);
  return count + (readers != steps_reading(plan, row, column, plane));
}

void check_kind(Kind kind) {
  const KindInfo& info = kind_info(kind);
  Random random(42 + static_cast<uint64_t>(kind));
  // Exact where the definition only selects, or adds quarters and divides once.
  const bool exact = info.selects || kind == Kind::average || kind == Kind::global_average;
  const bool special = info.selects && !info.random && kind != Kind::aps;
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

TEST_CASE("random poolings of every kind agree with a naive loop") {
  for (const KindInfo& info : all_kinds())
    check_kind(info.kind);
}
