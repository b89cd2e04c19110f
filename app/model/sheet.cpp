#include "app/model/sheet.h"

#include <algorithm>
#include <utility>

#include "core/base/random.h"
#include "core/pooling/kinds.h"
#include "core/pooling/pool.h"
#include "core/pooling/trace.h"

namespace poolscope {

namespace {

/// Sides, windows and strides that come out even and are quick to do by hand.
struct Geometry3 {
  int64_t side, window, stride;
};
constexpr Geometry3 kUsual[] = {{4, 2, 2}, {4, 2, 1}, {5, 3, 1}, {5, 3, 2}, {6, 2, 2}, {6, 3, 3}, {5, 2, 1}};
constexpr Kind kUsualKinds[] = {Kind::max, Kind::average, Kind::min};
constexpr int64_t kSmallest = 4, kLargest = 6;

Tensor digits(Random& random, int64_t side) {
  Tensor input({1, 1, side, side});
  for (int64_t i = 0; i < input.count(); ++i)
    input.data()[i] = static_cast<float>(random.below(10));
  return input;
}

/// The side that was drawn, or the nearest larger one that the pooling fits.
Result<PoolPlan> plan_for(const PoolSpec& spec, int64_t side) {
  Result<PoolPlan> plan = validate(spec, {1, 1, side, side});
  for (int64_t larger = side + 1; !plan.ok() && larger <= kLargest; ++larger)
    plan = validate(spec, {1, 1, larger, larger});
  return plan;
}

std::vector<double> draws_of(const PoolPlan& plan, const Tensor& input) {
  std::vector<double> draws;
  if (plan.spec.kind != Kind::stochastic) return draws;
  for (int64_t step = 0; step < plan.steps_per_plane(); ++step)
    draws.push_back(step_at(plan, input, 0, 0, step).draw);
  return draws;
}

}  // namespace

Result<std::vector<SheetExercise>> make_sheet(const SheetRequest& request) {
  Random random(request.seed);
  std::vector<SheetExercise> exercises;
  for (int64_t i = 0; i < request.count; ++i) {
    PoolSpec spec = request.spec.value_or(PoolSpec{});
    const Geometry3& usual = kUsual[random.below(std::size(kUsual))];
    int64_t side = usual.side;
    if (request.spec) {
      side = kSmallest + random.below(kLargest - kSmallest + 1);
    } else {
      spec.window = {usual.window, usual.window};
      spec.stride = {usual.stride, usual.stride};
      spec.output_size = {2, 2};
    }
    spec.kind = request.kind.value_or(kUsualKinds[static_cast<size_t>(i) % std::size(kUsualKinds)]);
    // Each exercise has draws of its own.
    spec.seed = mix_bits(request.seed + static_cast<uint64_t>(i));
    Result<PoolPlan> plan = plan_for(spec, side);
    if (!plan.ok()) return plan.error();
    SheetExercise exercise{*plan, digits(random, plan->in.h), {}, {}};
    exercise.output = forward(exercise.plan, exercise.input).values;
    exercise.draws = draws_of(exercise.plan, exercise.input);
    exercises.push_back(std::move(exercise));
  }
  return exercises;
}

}  // namespace poolscope
