#include <cmath>

#include "core/pooling/pool.h"
#include "core/study/evidence_picture.h"
#include "core/study/evidence_run.h"

/// Claim 2: how far pooled values scatter.
namespace poolscope {

namespace {

constexpr int64_t kMostSide = 64;
/// Averaging must take at least a twentieth off the deviation: below that, rounding could be meant.
constexpr double kLeastGain = 0.95;

/// N(0, 1) in every cell; the cells of one window x window block have this correlation with each other:
/// sqrt(rho) z_block + sqrt(1 - rho) z_cell.
Tensor correlated_noise(const Shape& shape, int64_t window, double correlation, uint64_t seed) {
  Normal normal(seed);
  const int64_t columns = shape.w / window;
  std::vector<double> blocks(static_cast<size_t>(shape.h / window * columns));
  for (double& block : blocks)
    block = normal.next();
  const double common = std::sqrt(correlation), own = std::sqrt(1 - correlation);
  Tensor noise(shape);
  for (int64_t y = 0; y < shape.h; ++y)
    for (int64_t x = 0; x < shape.w; ++x)
      noise.at(0, 0, y, x) = static_cast<float>(
          common * blocks[static_cast<size_t>(y / window * columns + x / window)] + own * normal.next());
  return noise;
}

/// By repeat: sums of the variances of a single cell, of averages and of maxima, and how many of each.
constexpr size_t kSingle = 0, kAverage = 1, kMax = 2, kSingles = 3, kPooled = 4, kWidth = 5;

/// What two independent noises on the same picture differ by, squared and halved, is the variance that noise
/// causes, whatever lies underneath.
RepeatSums scatter(EvidenceRun& run, uint64_t purpose, const Tensor& picture, double sigma, int64_t window,
                   double correlation) {
  RepeatSums data{kWidth, std::vector<double>(static_cast<size_t>(run.request.repeats) * kWidth)};
  const PoolPlan average = sliding_plan(Kind::average, window, window, picture.shape());
  const PoolPlan max = sliding_plan(Kind::max, window, window, picture.shape());
  run.each(run.request.repeats, [&](int64_t r) {
    double* sums = data.sums.data() + static_cast<size_t>(r) * kWidth;
    Tensor noisy[2], pooled[2] = {Tensor(average.out), Tensor(average.out)};
    for (const size_t i : {0, 1}) {
      noisy[i] = correlated_noise(picture.shape(), window, correlation, run.seed_for(purpose * 2 + i, r));
      for (int64_t at = 0; at < picture.count(); ++at)
        noisy[i].data()[at] = static_cast<float>(picture.data()[at] + sigma * noisy[i].data()[at]);
    }
    const auto add = [&](const Tensor& a, const Tensor& b, size_t to) {
      for (int64_t at = 0; at < a.count(); ++at) {
        const double d = (static_cast<double>(a.data()[at]) - b.data()[at]) / sigma;
        sums[to] += d * d / 2;
      }
    };
    add(noisy[0], noisy[1], kSingle);
    for (const auto& [plan, to] : {std::pair{&average, kAverage}, {&max, kMax}}) {
      for (const size_t i : {0, 1})
        forward_into(*plan, noisy[i].data(), pooled[i].data(), {.threads = 1});
      add(pooled[0], pooled[1], to);
    }
    sums[kSingles] = static_cast<double>(picture.count());
    sums[kPooled] = static_cast<double>(average.out.count());
  });
  return data;
}

double deviation(std::span<const double> sums, size_t of) {
  return std::sqrt(sums[of] / sums[of == kSingle ? kSingles : kPooled]);
}

Estimate deviation_of(const RepeatSums& data, size_t of) {
  return jackknife(data, [of](std::span<const double> sums) { return deviation(sums, of); });
}

/// sigma sqrt((1 + (N - 1) rho) / N).
double average_theory(int64_t window, double correlation) {
  const auto n = static_cast<double>(window * window);
  return std::sqrt((1 + (n - 1) * correlation) / n);
}

/// The common part scatters as it is, the rest as the largest of N.
double max_theory(int64_t window, double correlation) {
  const double own = largest_normal(window * window).deviation;
  return std::sqrt(correlation + (1 - correlation) * own * own);
}

struct Ground {
  Tensor picture;
  double sigma = 1;
};

/// The picture, cut to whole windows, or nothing at all.
Ground make_ground(const EvidenceRequest& request, int64_t window) {
  Ground ground{GreyInput(request).reduced(kMostSide, window)};
  if (request.whole("surface") == 1)
    ground.picture = Tensor(ground.picture.shape());
  else
    ground.sigma = request.value("noise") * spread_of(ground.picture.values()).deviation;
  return ground;
}

/// Points and formulas along one setting.
struct Curves {
  EvidenceSeries average{"average"}, max{"max"}, average_formula{"average", true}, max_formula{"max", true};
  void add(double x, const RepeatSums& data, int64_t window, double correlation) {
    add_point(average, x, deviation_of(data, kAverage));
    add_point(max, x, deviation_of(data, kMax));
    average_formula.x.push_back(x);
    average_formula.y.push_back(average_theory(window, correlation));
    max_formula.x.push_back(x);
    max_formula.y.push_back(max_theory(window, correlation));
  }
  /// Maxima have a formula only where nothing lies underneath.
  std::vector<EvidenceSeries> all(bool flat) const {
    return flat ? std::vector{average, max, average_formula, max_formula}
                : std::vector{average, max, average_formula};
  }
};

/// Which of the foretold numbers came true, to a tenth: 1/N, 1/sqrt(N), 1; 0 for none.
int nearest_answer(double left, double cells) {
  const double foretold[] = {1 / cells, 1 / std::sqrt(cells), 1};
  for (int i = 0; i < 3; ++i)
    if (std::fabs(left / foretold[i] - 1) < 0.1) return i + 1;
  return 0;
}

}  // namespace

void run_variance(EvidenceRun& run) {
  const int64_t window = run.request.whole("window");
  const double correlation = run.request.value("correlation");
  const bool flat = run.request.whole("surface") == 1;
  constexpr int64_t kWindows[] = {1, 2, 3, 4, 6, 8};
  constexpr double kCorrelations[] = {0, 0.25, 0.5, 0.75, 1};
  run.expect(run.request.repeats * static_cast<int64_t>(1 + std::size(kWindows) + std::size(kCorrelations)));

  const Ground ground = make_ground(run.request, window);
  const RepeatSums data = scatter(run, 0, ground.picture, ground.sigma, window, correlation);
  Curves by_window, by_correlation;
  uint64_t purpose = 1;
  for (const int64_t other : kWindows) {
    const Ground under = make_ground(run.request, other);
    by_window.add(static_cast<double>(other),
                  scatter(run, purpose++, under.picture, under.sigma, other, correlation), other,
                  correlation);
  }
  for (const double other : kCorrelations)
    by_correlation.add(other, scatter(run, purpose++, ground.picture, ground.sigma, window, other), window,
                       other);
  if (run.cancelled()) return;
  EvidencePlot windows{"deviation-by-window"}, correlations{"deviation-by-correlation"};
  windows.series = by_window.all(flat);
  windows.marker_x = static_cast<double>(window);
  correlations.series = by_correlation.all(flat);
  correlations.marker_x = correlation;
  run.result.plots = {windows, correlations};

  const double average = average_theory(window, correlation);
  const auto max = flat ? std::optional(max_theory(window, correlation)) : std::nullopt;
  run.measure("deviation", "none", deviation_of(data, kSingle), Unit::number, 1);
  run.say("average",
          run.measure("deviation", "average", deviation_of(data, kAverage), Unit::number, average));
  run.say("max", run.measure("deviation", "max", deviation_of(data, kMax), Unit::number, max));
  const Estimate left =
      jackknife(data, [](auto sums) { return deviation(sums, kAverage) / deviation(sums, kSingle); });
  const Estimate than_max =
      jackknife(data, [](auto sums) { return deviation(sums, kAverage) / deviation(sums, kMax); });
  const Estimate effective = jackknife(
      data, [](auto sums) { return std::pow(deviation(sums, kSingle) / deviation(sums, kAverage), 2); });
  const size_t smaller = run.measure("deviation-left", "average", left, Unit::share, average);
  const size_t beside = run.measure("deviation-left", "average-to-max", than_max, Unit::share,
                                    max ? std::optional(average / *max) : std::nullopt);
  run.say("effective",
          run.measure("effective-cells", "average", effective, Unit::number, 1 / (average * average)));
  run.result.finding.with("cells", window * window);
  run.expect_that("smaller", smaller, Relation::below, kLeastGain);
  run.expect_that("than-max", beside, Relation::below, kLeastGain);
  run.result.prediction = nearest_answer(left.value, static_cast<double>(window * window));
  run.result.trials =
      run.request.repeats * 2 * static_cast<int64_t>(1 + std::size(kWindows) + std::size(kCorrelations));
}

}  // namespace poolscope
