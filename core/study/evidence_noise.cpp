#include <algorithm>
#include <cmath>

#include "core/pooling/pool.h"
#include "core/study/evidence_picture.h"
#include "core/study/evidence_run.h"
#include "core/study/filters.h"

/// Claim 1: errors of a convolution's weights, and noise on its features.
namespace poolscope {

namespace {

constexpr int64_t kMostSide = 64;
constexpr int64_t kFilters = 4;
constexpr double kLevels[] = {0.1, 0.2, 0.3, 0.4, 0.5};
constexpr size_t kLevelCount = std::size(kLevels) + 1;  ///< and that of the settings, last

/// The ways to pool that are compared. The same order everywhere.
constexpr const char* kPoolings[] = {"none", "average", "max", "stochastic"};
constexpr size_t kNone = 0, kAverage = 1, kMax = 2, kStochastic = 3, kPoolingCount = 4;

struct Scene {
  std::vector<Filter> filters;
  Tensor picture;
  Tensor clean;                 ///< feature maps before ReLU
  std::vector<PoolPlan> plans;  ///< of average, max, stochastic
};

Tensor rectified(Tensor maps) {
  for (float& value : maps.values())
    value = std::max(value, 0.0f);
  return maps;
}

Scene make_scene(const EvidenceRequest& request) {
  const int64_t window = request.whole("window");
  Scene scene;
  scene.filters = filter_bank(kFilters);
  scene.picture = GreyInput(request).reduced(kMostSide, window);
  scene.clean = feature_maps(scene.picture, scene.filters);
  for (const Kind kind : {Kind::average, Kind::max, Kind::stochastic})
    scene.plans.push_back(sliding_plan(kind, window, window, scene.clean.shape()));
  return scene;
}

/// Filters whose weights are errors: N(0, 1) times the root mean square of the filter's own weights.
std::vector<Filter> error_filters(const std::vector<Filter>& filters, uint64_t seed) {
  Normal normal(seed);
  std::vector<Filter> errors = filters;
  for (Filter& filter : errors) {
    double squares = 0;
    for (const double weight : filter.weights)
      squares += weight * weight;
    const double rms = std::sqrt(squares / static_cast<double>(filter.weights.size()));
    for (double& weight : filter.weights)
      weight = rms * normal.next();
  }
  return errors;
}

/// The mean of every map, pooled in each way: [pooling][filter].
std::vector<double> pooled_means(const Scene& scene, const Tensor& maps, uint64_t seed) {
  std::vector<double> means;
  const auto add = [&](const Tensor& tensor) {
    for (int64_t f = 0; f < kFilters; ++f)
      means.push_back(spread_of({tensor.plane(f), static_cast<size_t>(tensor.shape().plane())}).mean);
  };
  add(maps);
  for (PoolPlan plan : scene.plans) {
    plan.spec.seed = seed;
    Tensor pooled(plan.out);
    forward_into(plan, maps.data(), pooled.data(), {.threads = 1});
    add(pooled);
  }
  return means;
}

/// What weight errors did: of each repeat, level and pooling the mean |shift| over the filters, in parts of
/// the clean unpooled mean, and in parts of the clean mean of the same pooling.
struct WeightShifts {
  std::vector<double> shift[kLevelCount][kPoolingCount], own[kPoolingCount];
};

WeightShifts shift_weights(EvidenceRun& run, const Scene& scene) {
  const auto repeats = static_cast<size_t>(run.request.repeats);
  WeightShifts shifts;
  for (auto& level : shifts.shift)
    for (std::vector<double>& of : level)
      of.resize(repeats);
  for (std::vector<double>& of : shifts.own)
    of.resize(repeats);
  double levels[kLevelCount];
  std::copy(std::begin(kLevels), std::end(kLevels), levels);
  levels[kLevelCount - 1] = run.request.value("noise");
  const Tensor clean_maps = rectified(scene.clean);
  run.each(run.request.repeats, [&](int64_t r) {
    // Convolution is linear: the map of the errors is made once and scaled to every level. Draws of
    // stochastic pooling are those of the clean map.
    const Tensor errors = feature_maps(scene.picture, error_filters(scene.filters, run.seed_for(0, r)));
    const std::vector<double> clean = pooled_means(scene, clean_maps, run.seed_for(1, r));
    double unpooled = 0, whole[kPoolingCount] = {};
    for (size_t i = 0; i < clean.size(); ++i)
      whole[i / kFilters] += clean[i];
    unpooled = whole[kNone];
    for (size_t level = 0; level < kLevelCount; ++level) {
      Tensor noisy = scene.clean;
      for (int64_t i = 0; i < noisy.count(); ++i)
        noisy.data()[i] += static_cast<float>(levels[level] * errors.data()[i]);
      const std::vector<double> means = pooled_means(scene, rectified(std::move(noisy)), run.seed_for(1, r));
      for (size_t p = 0; p < kPoolingCount; ++p) {
        double moved = 0;
        for (size_t f = p * kFilters; f < (p + 1) * kFilters; ++f)
          moved += std::fabs(means[f] - clean[f]);
        shifts.shift[level][p][static_cast<size_t>(r)] = moved / unpooled;
        if (level == kLevelCount - 1) shifts.own[p][static_cast<size_t>(r)] = moved / whole[p];
      }
    }
  });
  return shifts;
}

/// Errors of pooled noisy features against what is to be estimated, in deviations of the noise.
struct FeatureErrors {
  RepeatSums sums;                   ///< by repeat: sum of average's errors, of max's, and how many
  std::vector<double> average, max;  ///< single ones of the first repeats, for the histogram
};

constexpr int64_t kShownRepeats = 10;

FeatureErrors disturb_features(EvidenceRun& run, const Scene& scene) {
  const bool flat = run.request.whole("surface") == 1, peak = run.request.whole("target") == 1;
  const Tensor features = flat ? Tensor(scene.clean.shape()) : rectified(scene.clean);
  const double sigma = flat ? 1 : run.request.value("noise") * spread_of(features.values()).deviation;
  const PoolPlan &average_plan = scene.plans[0], &max_plan = scene.plans[1];
  const Tensor target = forward(peak ? max_plan : average_plan, features).values;
  const auto outputs = static_cast<size_t>(target.count());
  const int64_t shown = std::min(run.request.repeats, kShownRepeats);
  FeatureErrors errors;
  errors.sums = {3, std::vector<double>(static_cast<size_t>(run.request.repeats) * 3)};
  errors.average.resize(outputs * static_cast<size_t>(shown));
  errors.max.resize(errors.average.size());
  run.each(run.request.repeats, [&](int64_t r) {
    Normal normal(run.seed_for(2, r));
    Tensor noisy = features, pooled(target.shape());
    for (float& value : noisy.values())
      value += static_cast<float>(sigma * normal.next());
    double* sums = errors.sums.sums.data() + r * 3;
    sums[2] = static_cast<double>(outputs);
    for (const bool max : {false, true}) {
      forward_into(max ? max_plan : average_plan, noisy.data(), pooled.data(), {.threads = 1});
      for (size_t i = 0; i < outputs; ++i) {
        const double error = (static_cast<double>(pooled.data()[i]) - target.data()[i]) / sigma;
        sums[max ? 1 : 0] += error;
        if (r < shown) (max ? errors.max : errors.average)[static_cast<size_t>(r) * outputs + i] = error;
      }
    }
  });
  return errors;
}

/// 98 of 100 errors in bins of equal width.
EvidencePlot error_histogram(const FeatureErrors& errors) {
  constexpr size_t kBins = 40;
  std::vector<double> all = errors.average;
  all.insert(all.end(), errors.max.begin(), errors.max.end());
  std::sort(all.begin(), all.end());
  const double low = all[all.size() / 100], high = all[all.size() - 1 - all.size() / 100];
  const double width = std::max((high - low) / static_cast<double>(kBins), 1e-9);
  EvidencePlot plot{"feature-error", PlotForm::histogram, Unit::number, Unit::share};
  for (const bool max : {false, true}) {
    EvidenceSeries series{max ? "max" : "average"};
    const std::vector<double>& values = max ? errors.max : errors.average;
    series.y.resize(kBins);
    for (size_t b = 0; b < kBins; ++b)
      series.x.push_back(low + (static_cast<double>(b) + 0.5) * width);
    for (const double value : values) {
      const double bin = (value - low) / width;
      if (bin >= 0 && bin < static_cast<double>(kBins))
        series.y[static_cast<size_t>(bin)] += 1 / static_cast<double>(values.size());
    }
    plot.series.push_back(series);
  }
  plot.marker_x = 0;
  return plot;
}

void report_weights(EvidenceRun& run, const WeightShifts& shifts) {
  EvidencePlot plot{"weight-shift", PlotForm::lines, Unit::share, Unit::share};
  plot.marker_x = run.request.value("noise");
  for (const size_t p : {kMax, kStochastic, kAverage, kNone}) {
    EvidenceSeries series{kPoolings[p]};
    add_point(series, 0, {0, 0, 0, 0, run.request.repeats});
    for (size_t level = 0; level + 1 < kLevelCount; ++level)
      add_point(series, kLevels[level], mean_of(shifts.shift[level][p]));
    plot.series.push_back(series);
  }
  run.result.plots.push_back(plot);
  const auto& here = shifts.shift[kLevelCount - 1];
  for (size_t p = 0; p < kPoolingCount; ++p) {
    const size_t at = run.measure("weight-shift", kPoolings[p], mean_of(here[p]), Unit::share);
    if (p != kStochastic) run.say(kPoolings[p], at);
  }
  const Estimate against = mean_difference(here[kMax], here[kAverage]);
  run.result.prediction = against.low > 0 ? 1 : against.high < 0 ? 2 : 3;
  const size_t difference =
      run.measure("weight-shift", "difference", mean_difference(here[kMax], here[kNone]), Unit::share);
  run.expect_that("weights", difference, Relation::below, 0);
  for (const size_t p : {kNone, kMax})
    run.say(std::string("own_") + kPoolings[p],
            run.measure("own-shift", kPoolings[p], mean_of(shifts.own[p]), Unit::share));
  run.measure("own-shift", "difference", mean_difference(shifts.own[kMax], shifts.own[kNone]), Unit::share);
}

void report_features(EvidenceRun& run, const FeatureErrors& errors) {
  const bool flat = run.request.whole("surface") == 1;
  const int64_t window = run.request.whole("window");
  const auto theory = [&](bool max) {
    return !flat ? std::nullopt : std::optional(max ? largest_normal(window * window).mean : 0.0);
  };
  const auto bias = [](bool max) {
    return [max](std::span<const double> sums) { return sums[max ? 1 : 0] / sums[2]; };
  };
  run.say("error_average", run.measure("feature-error", "average", jackknife(errors.sums, bias(false)),
                                       Unit::number, theory(false)));
  run.say("error_max", run.measure("feature-error", "max", jackknife(errors.sums, bias(true)), Unit::number,
                                   theory(true)));
  const Estimate difference = jackknife(errors.sums, [](std::span<const double> sums) {
    return (std::fabs(sums[1]) - std::fabs(sums[0])) / sums[2];
  });
  run.expect_that("features", run.measure("feature-error", "difference", difference), Relation::below, 0);
  run.result.plots.push_back(error_histogram(errors));
}

}  // namespace

void run_mean_shift(EvidenceRun& run) {
  run.expect(run.request.repeats * 2);
  const Scene scene = make_scene(run.request);
  const WeightShifts shifts = shift_weights(run, scene);
  const FeatureErrors errors = disturb_features(run, scene);
  if (run.cancelled()) return;
  report_weights(run, shifts);
  report_features(run, errors);
  run.result.trials = run.request.repeats * static_cast<int64_t>(kLevelCount + 1);
}

}  // namespace poolscope
