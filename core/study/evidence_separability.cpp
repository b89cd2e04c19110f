#include <cassert>
#include <cmath>
#include <limits>

#include "core/pooling/pool.h"
#include "core/study/evidence_run.h"

/// Boureau, Ponce and LeCun, "A Theoretical Analysis of Feature Pooling in Visual Recognition", ICML 2010:
/// a feature is present (1) or absent (0) in each of P places, independently, with probability alpha1 in one
/// class and alpha2 in the other. How far apart are the pooled values of the two classes?
namespace poolscope {

namespace {

constexpr int64_t kWindowRows = 10, kWindowColumns = 20, kWindows = kWindowRows * kWindowColumns;

struct Moments {
  double mean = 0, variance = 0;
};

/// Average: mean alpha, variance alpha (1 - alpha) / P. Maximum: present with 1 - (1 - alpha)^P.
Moments pooled_moments(Kind kind, double alpha, int64_t places) {
  const auto p = static_cast<double>(places);
  if (kind == Kind::average) return {alpha, alpha * (1 - alpha) / p};
  const double absent = std::exp(p * std::log1p(-alpha));
  return {1 - absent, (1 - absent) * absent};
}

/// |mu1 - mu2| / (sigma1 + sigma2); 0 where the means are equal, infinite where only they differ.
double separability(const Moments& one, const Moments& other) {
  const double distance = std::fabs(one.mean - other.mean);
  if (distance == 0) return 0;
  return distance / (std::sqrt(std::max(0.0, one.variance)) + std::sqrt(std::max(0.0, other.variance)));
}

double theory(Kind kind, double alpha1, double alpha2, int64_t places) {
  return separability(pooled_moments(kind, alpha1, places), pooled_moments(kind, alpha2, places));
}

/// Of both poolings and both classes: sum and sum of squares of the pooled values; last, how many there are
/// of each.
constexpr size_t kWidth = 9;

double measured(std::span<const double> sums, size_t pooling) {
  const double n = sums[kWidth - 1];
  const auto moments = [&](size_t at) {
    const double mean = sums[at] / n;
    return Moments{mean, (sums[at + 1] - n * mean * mean) / (n - 1)};
  };
  return separability(moments(pooling * 4), moments(pooling * 4 + 2));
}

struct Simulated {
  Estimate max, average, difference;
};

/// Draws features and pools them with the engine.
Simulated simulate(EvidenceRun& run, uint64_t purpose, double alpha1, double alpha2, int64_t side) {
  RepeatSums data{kWidth, std::vector<double>(static_cast<size_t>(run.request.repeats) * kWidth)};
  const Shape shape{1, 1, kWindowRows * side, kWindowColumns * side};
  PoolSpec spec;
  spec.window = spec.stride = {side, side};
  std::vector<PoolPlan> plans;
  for (const Kind kind : {Kind::max, Kind::average}) {
    spec.kind = kind;
    plans.push_back(validate(spec, shape).value());
  }
  run.each(run.request.repeats, [&](int64_t r) {
    Tensor features(shape), pooled(plans[0].out);
    double* sums = data.sums.data() + static_cast<size_t>(r) * kWidth;
    sums[kWidth - 1] = static_cast<double>(kWindows);
    for (const size_t of_class : {0, 1}) {
      Random random(run.seed_for(purpose * 2 + of_class, r));
      const double alpha = of_class == 0 ? alpha1 : alpha2;
      for (float& value : features.values())
        value = random.uniform() < alpha ? 1.0f : 0.0f;
      for (size_t pooling = 0; pooling < plans.size(); ++pooling) {
        forward_into(plans[pooling], features.data(), pooled.data(), {.threads = 1});
        double* here = sums + pooling * 4 + of_class * 2;
        for (const float value : pooled.values()) {
          here[0] += value;
          here[1] += static_cast<double>(value) * value;
        }
      }
    }
  });
  return {jackknife(data, [](auto sums) { return measured(sums, 0); }),
          jackknife(data, [](auto sums) { return measured(sums, 1); }),
          jackknife(data, [](auto sums) { return measured(sums, 0) - measured(sums, 1); })};
}

/// Curves over the size of the pool: the formula at every side, draws at some.
EvidencePlot plot_over_sizes(EvidenceRun& run, double alpha1, double alpha2, int64_t most_side,
                             std::span<const int64_t> sides) {
  EvidencePlot plot{"separability-by-places", PlotForm::lines, Unit::count};
  plot.logarithmic_x = true;
  EvidenceSeries max{"max"}, average{"average"}, max_theory{"max", true}, average_theory{"average", true};
  for (int64_t side = 1; side <= most_side; ++side) {
    const auto places = static_cast<double>(side * side);
    max_theory.x.push_back(places);
    max_theory.y.push_back(theory(Kind::max, alpha1, alpha2, side * side));
    average_theory.x.push_back(places);
    average_theory.y.push_back(theory(Kind::average, alpha1, alpha2, side * side));
  }
  for (size_t i = 0; i < sides.size(); ++i) {
    const Simulated point = simulate(run, 2 + i, alpha1, alpha2, sides[i]);
    add_point(max, static_cast<double>(sides[i] * sides[i]), point.max);
    add_point(average, static_cast<double>(sides[i] * sides[i]), point.average);
  }
  plot.series = {max, average, max_theory, average_theory};
  return plot;
}

}  // namespace

void run_separability(EvidenceRun& run) {
  const double alpha1 = run.request.value("alpha1"), alpha2 = run.request.value("alpha2");
  const int64_t side = run.request.whole("pool-side"), places = side * side;
  constexpr int64_t kSides[] = {1, 2, 4, 8, 16, 32};
  run.expect(run.request.repeats * (2 + static_cast<int64_t>(std::size(kSides))));
  const Simulated rare = simulate(run, 0, alpha1, alpha2, side);
  const Simulated common = simulate(run, 1, 1 - alpha1, 1 - alpha2, side);
  EvidencePlot plot = plot_over_sizes(run, alpha1, alpha2, 32, kSides);
  plot.marker_x = static_cast<double>(places);
  run.result.plots = {plot};

  const double max = theory(Kind::max, alpha1, alpha2, places);
  const double average = theory(Kind::average, alpha1, alpha2, places);
  run.say("max", run.measure("separability", "max", rare.max, Unit::number, max));
  run.say("average", run.measure("separability", "average", rare.average, Unit::number, average));
  const size_t difference =
      run.measure("separability", "difference", rare.difference, Unit::number, max - average);
  const double max_common = theory(Kind::max, 1 - alpha1, 1 - alpha2, places);
  const double average_common = theory(Kind::average, 1 - alpha1, 1 - alpha2, places);
  run.say("max_inverted", run.measure("separability-inverted", "max", common.max, Unit::number, max_common));
  run.say("average_inverted",
          run.measure("separability-inverted", "average", common.average, Unit::number, average_common));
  const size_t difference_common = run.measure("separability-inverted", "difference", common.difference,
                                               Unit::number, max_common - average_common);
  run.expect_that("as-set", difference, Relation::above, 0);
  run.expect_that("inverted", difference_common, Relation::above, 0);
  run.result.prediction = rare.difference.low > 0 ? 1 : rare.difference.high < 0 ? 2 : 0;
  run.result.trials = run.request.repeats * kWindows * 2 * (2 + static_cast<int64_t>(std::size(kSides)));
}

}  // namespace poolscope
