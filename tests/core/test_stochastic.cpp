#include <doctest/doctest.h>

#include <cmath>

#include "core/pooling/pool.h"
#include "core/pooling/trace.h"

using namespace poolscope;

namespace {

constexpr double kLevels[] = {1, 2, 3, 4};  // probabilities 0.1, 0.2, 0.3, 0.4

/// Copies of the window [1 2; 3 4], side by side.
Tensor repeated(int64_t n, int64_t c, int64_t h, int64_t w) {
  Tensor input({n, c, 2 * h, 2 * w});
  for (int64_t plane = 0; plane < n * c; ++plane)
    for (int64_t y = 0; y < 2 * h; ++y)
      for (int64_t x = 0; x < 2 * w; ++x)
        input.plane(plane)[y * 2 * w + x] = static_cast<float>(1 + y % 2 * 2 + x % 2);
  return input;
}

PoolPlan plan_of(const Tensor& input, uint64_t seed) {
  return validate({.kind = Kind::stochastic, .seed = seed}, input.shape()).value();
}

/// Chi-square of how often each value was drawn; 3 degrees of freedom.
double chi_square(const Tensor& drawn) {
  double counts[4] = {}, sum = 0;
  for (const float value : drawn.values())
    ++counts[static_cast<int>(value) - 1];
  const auto total = static_cast<double>(drawn.count());
  for (int i = 0; i < 4; ++i) {
    const double expected = total * kLevels[i] / 10;
    sum += (counts[i] - expected) * (counts[i] - expected) / expected;
  }
  return sum;
}

constexpr double kCritical = 21.1;  // exceeded once in 10,000 by fair draws

}  // namespace

TEST_CASE("draws follow the probabilities, over rows, columns, planes and seeds") {
  const Tensor wide = repeated(1, 1, 200, 200), deep = repeated(100, 100, 2, 2);
  CHECK(chi_square(forward(plan_of(wide, 1), wide).values) < kCritical);
  CHECK(chi_square(forward(plan_of(wide, 2), wide).values) < kCritical);
  CHECK(chi_square(forward(plan_of(deep, 1), deep).values) < kCritical);
  const Tensor single = repeated(1, 1, 1, 1);
  Tensor by_seed({1, 1, 200, 200});
  for (int64_t seed = 0; seed < by_seed.count(); ++seed)
    by_seed.data()[seed] = step_at(plan_of(single, static_cast<uint64_t>(seed)), single, 0, 0, 0).result;
  CHECK(chi_square(by_seed) < kCritical);
}

TEST_CASE("the same step shows the same draw, whichever way it is reached") {
  const Tensor input = repeated(2, 2, 6, 6);
  const PoolPlan plan = plan_of(input, 5);
  const PoolOutput output = forward(plan, input, true);
  CHECK(output.values.same_bits(forward(plan, input).values));
  CHECK(!output.values.same_bits(forward(plan_of(input, 6), input).values));
  int64_t differing_planes = 0;
  for (int64_t step = plan.steps_per_plane(); step-- > 0;) {
    const StepRecord record = step_at(plan, input, 1, 1, step);
    CHECK(record.result == output.values.plane(3)[step]);
    CHECK(record.draw >= 0);
    CHECK(record.draw < 1);
    CHECK(record.total == 10);
    differing_planes += record.draw != step_at(plan, input, 0, 1, step).draw;
  }
  CHECK(differing_planes == plan.steps_per_plane());
}

TEST_CASE("probabilities are shares of the sum, negative values count as 0") {
  const Tensor input = Tensor::matrix({{1, -3}, {3, 0}});
  const StepRecord step = step_at(plan_of(input, 1), input, 0, 0, 0);
  CHECK(step.negatives_as_zero);
  CHECK(step.total == 4);
  CHECK(step.taps[0].weight == 0.25);
  CHECK(step.taps[1].weight == 0);
  CHECK(step.taps[2].weight == 0.75);
  CHECK(step.taps[3].weight == 0);
  for (uint64_t seed = 0; seed < 300; ++seed) {
    const StepRecord drawn = step_at(plan_of(input, seed), input, 0, 0, 0);
    // The first tap whose running sum reaches u * total.
    CHECK(drawn.winner == (drawn.draw * 4 <= 1 ? 0 : 2));
  }
}

TEST_CASE("without a value above 0 the first cell is taken") {
  const Tensor zeros({1, 1, 2, 2});
  CHECK(step_at(plan_of(zeros, 3), zeros, 0, 0, 0).winner == 0);
  const Tensor negative = Tensor::matrix({{-2, -1}, {-3, -4}});
  const StepRecord step = step_at(plan_of(negative, 3), negative, 0, 0, 0);
  CHECK(step.result == -2);
  CHECK(step.taps[0].weight == 1);
}

TEST_CASE("draws average to the expectation") {
  const Tensor input = repeated(1, 1, 200, 200);
  const Tensor drawn = forward(plan_of(input, 9), input).values;
  const PoolPlan expectation = validate({.kind = Kind::stochastic_expectation}, input.shape()).value();
  double sum = 0;
  for (const float value : drawn.values())
    sum += value;
  const float expected = forward(expectation, input).values.data()[0];
  CHECK(expected == 3);
  CHECK(std::fabs(sum / 40000 - expected) < 0.02);  // four standard errors: 4 * 1 / 200
}
