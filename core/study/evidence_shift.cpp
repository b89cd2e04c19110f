#include <array>
#include <cmath>

#include "core/pooling/pool.h"
#include "core/study/evidence_networks.h"
#include "core/study/evidence_picture.h"
#include "core/study/evidence_run.h"
#include "core/study/shift.h"

/// Claims 4 and 8: places of the picture, pooled before and after a shift.
namespace poolscope {

namespace {

constexpr int64_t kMostCrop = 48;

/// One place cut out with what lies around it, and the way it is moved: what comes in is what lies there.
struct Place {
  Tensor source;
  Offset by;
};

/// How two outputs differ.
struct Difference {
  double unchanged = 0;  ///< share of outputs that are exactly equal
  double squares = 0;    ///< sum of squared differences
  double spread = 0;     ///< sum of squared deviations of the output from its mean
};

/// A pooling that is looked at.
struct Pooling {
  const char* name;
  PoolSpec spec;
};

Pooling sliding(const char* name, Kind kind, int64_t window, int64_t stride) {
  Pooling pooling{name, {}};
  pooling.spec.kind = kind;
  pooling.spec.window = {window, window};
  pooling.spec.stride = {stride, stride};
  return pooling;
}

/// The same places for every pooling: as large as the picture allows, in a random direction.
class Places {
 public:
  Places(const EvidenceRequest& request, int64_t distance) : input_(request), distance_(distance) {
    h_ = std::min(input_.height() - 2 * distance, kMostCrop);
    w_ = std::min(input_.width() - 2 * distance, kMostCrop);
  }
  Shape shape() const { return {1, 1, h_, w_}; }
  Place cut(uint64_t seed) const {
    Random random(seed);
    const int64_t h = h_ + 2 * distance_, w = w_ + 2 * distance_;
    const int64_t row = random.below(input_.height() - h + 1), column = random.below(input_.width() - w + 1);
    const int64_t way = random.below(2) == 0 ? distance_ : -distance_;
    const bool along_rows = random.below(2) == 0;
    return {input_.crop(row, column, h, w), along_rows ? Offset{way, 0} : Offset{0, way}};
  }
  /// The picture in the middle of the place.
  ShiftField field(const Place& place) const {
    return shift_field(place.source, ShiftEdges::reveal, distance_).value();
  }

 private:
  GreyInput input_;
  int64_t distance_, h_ = 0, w_ = 0;
};

Difference compare(const ShiftField& field, const PoolPlan& plan, Offset by) {
  const ShiftPair pair = shift_pair(field, plan, by);
  Difference difference;
  difference.unchanged = pair.metrics.unchanged;
  for (int64_t i = 0; i < plan.out.count(); ++i) {
    const double d = static_cast<double>(pair.after.values.data()[i]) - pair.before.values.data()[i];
    difference.squares += d * d;
  }
  const double deviation = spread_of(pair.before.values.values()).deviation;
  difference.spread = static_cast<double>(plan.out.count()) * deviation * deviation;
  return difference;
}

/// What all repeats came to, of every pooling.
struct Differences {
  std::vector<std::vector<double>> unchanged;  ///< [pooling][repeat]
  RepeatSums sums;                             ///< squares and spread of pooling p at 2 p and 2 p + 1

  /// Root mean square change, in deviations of the output.
  Estimate change(size_t p) const {
    return jackknife(sums, [p](std::span<const double> s) { return ratio(s, p); });
  }
  Estimate change_difference(size_t p, size_t q) const {
    return jackknife(sums, [p, q](std::span<const double> s) { return ratio(s, p) - ratio(s, q); });
  }

 private:
  static double ratio(std::span<const double> s, size_t p) {
    return s[2 * p + 1] > 0 ? std::sqrt(s[2 * p] / s[2 * p + 1]) : 0;
  }
};

Differences shift_places(EvidenceRun& run, const std::vector<Pooling>& poolings, int64_t distance) {
  const Places places(run.request, distance);
  std::vector<PoolPlan> plans;
  for (const Pooling& pooling : poolings)
    plans.push_back(validate(pooling.spec, places.shape()).value());
  const auto repeats = static_cast<size_t>(run.request.repeats);
  Differences all;
  all.unchanged.assign(plans.size(), std::vector<double>(repeats));
  all.sums = {2 * plans.size(), std::vector<double>(repeats * 2 * plans.size())};
  run.each(run.request.repeats, [&](int64_t r) {
    const Place place = places.cut(run.seed_for(1, r));
    const ShiftField field = places.field(place);
    const auto at = static_cast<size_t>(r);
    for (size_t p = 0; p < plans.size(); ++p) {
      const Difference one = compare(field, plans[p], place.by);
      all.unchanged[p][at] = one.unchanged;
      all.sums.sums[at * all.sums.width + 2 * p] = one.squares;
      all.sums.sums[at * all.sums.width + 2 * p + 1] = one.spread;
    }
  });
  return all;
}

constexpr size_t kMax = 0, kAverage = 1, kSubsample = 2, kBlurred = 3;

std::vector<Pooling> four_poolings(int64_t window) {
  return {sliding("max", Kind::max, window, window), sliding("average", Kind::average, window, window),
          sliding("subsample", Kind::none, window, window),
          sliding("max-blur", Kind::max_blur, window, window)};
}

double independent_share(int64_t window, int64_t distance) {
  return independent_unchanged({window, window}, {1, 1}, {0, distance});
}

constexpr int64_t kWindows[] = {2, 3, 4, 5, 6, 8};

/// Exactly equal outputs by window, with the formula; and equality against size of change, a point for every
/// window.
void plot_windows(EvidenceRun& run, int64_t distance) {
  EvidencePlot by_window{"unchanged-by-window", PlotForm::lines, Unit::count, Unit::share};
  by_window.marker_x = run.request.value("window");
  EvidencePlot by_change{"unchanged-by-change", PlotForm::lines, Unit::share, Unit::share};
  EvidenceSeries shares[] = {{"max"}, {"average"}, {"subsample"}, {"max-blur"}};
  EvidenceSeries changes[] = {{"max"}, {"average"}, {"subsample"}, {"max-blur"}};
  EvidenceSeries formula{"theory", true};
  for (const int64_t window : kWindows) {
    const Differences all = shift_places(run, four_poolings(window), distance);
    for (size_t p = 0; p < std::size(shares); ++p) {
      const Estimate unchanged = mean_of(all.unchanged[p]);
      add_point(shares[p], static_cast<double>(window), unchanged);
      add_point(changes[p], all.change(p).value, unchanged);
    }
    formula.x.push_back(static_cast<double>(window));
    formula.y.push_back(independent_share(window, distance));
  }
  by_window.series.assign(std::begin(shares), std::end(shares));
  by_window.series.push_back(formula);
  by_change.series.assign(std::begin(changes), std::end(changes));
  run.result.plots.push_back(by_window);
  run.result.plots.push_back(by_change);
}

void show_place(EvidenceRun& run, int64_t window, int64_t distance) {
  const Places places(run.request, distance);
  const Place place = places.cut(run.seed_for(1, 0));
  const ShiftField field = places.field(place);
  const Tensor before = shifted(field, {0, 0}), after = shifted(field, place.by);
  const PoolPlan plan = sliding_plan(Kind::max, window, window, places.shape());
  const auto keep = [&](const char* id, const Tensor& tensor) {
    run.result.pictures.push_back({id, std::make_shared<const Tensor>(tensor)});
  };
  keep("before", before);
  keep("shifted", after);
  keep("max-before", forward(plan, before).values);
  keep("max-shifted", forward(plan, after).values);
}

std::vector<NetworkKind> asked_networks() {
  return {NetworkKind::strided, NetworkKind::average, NetworkKind::max, NetworkKind::global_average};
}

/// Signs in the middle, so that what a network knows of shifts it has from its layers, not from its pictures.
NetworkTraining shift_training(const EvidenceRequest& request) {
  NetworkTraining training;
  training.style = {0, 0.1};
  training.pictures = 240;
  training.epochs = 20;
  training.seeds = request.whole("networks");
  training.most_shift = kMostSignShift;
  return training;
}

/// Inside trained networks: answers that stay the same when the picture moves.
void ask_networks(EvidenceRun& run, int64_t distance) {
  const std::vector<NetworkStudy> all = train_networks(run, asked_networks(), shift_training(run.request));
  if (run.cancelled()) return;
  EvidencePlot plot{"answers-by-distance", PlotForm::lines, Unit::count, Unit::share};
  plot.marker_x = static_cast<double>(distance);
  const std::vector<double>* strided = nullptr;
  const std::vector<double>* max = nullptr;
  for (const NetworkStudy& study : all) {
    EvidenceSeries series{network_name(study.kind)};
    for (size_t d = 0; d < study.same_answers.size(); ++d)
      add_point(series, static_cast<double>(d), mean_of(study.same_answers[d]));
    plot.series.push_back(series);
    const std::vector<double>& here = study.same_answers[static_cast<size_t>(distance)];
    const size_t same = run.measure("same-answer", network_name(study.kind), mean_of(here), Unit::share);
    run.measure("accuracy", network_name(study.kind), mean_of(study.test), Unit::share);
    if (study.kind == NetworkKind::strided) strided = &here;
    if (study.kind == NetworkKind::max) max = &here;
    if (study.kind == NetworkKind::strided) run.say("same_strided", same);
    if (study.kind == NetworkKind::max) run.say("same_max", same);
  }
  run.result.plots.push_back(plot);
  run.expect_that("answers",
                  run.measure("same-answer", "difference", mean_difference(*max, *strided), Unit::share),
                  Relation::above, 0);
}

}  // namespace

void run_shift(EvidenceRun& run) {
  const int64_t window = run.request.whole("window"), distance = run.request.whole("distance");
  const int64_t networks = run.request.whole("networks");
  run.expect(run.request.repeats * static_cast<int64_t>(1 + std::size(kWindows)) +
             network_steps(asked_networks().size(), shift_training(run.request)));
  const std::vector<Pooling> poolings = four_poolings(window);
  const Differences all = shift_places(run, poolings, distance);
  plot_windows(run, distance);
  if (run.cancelled()) return;
  show_place(run, window, distance);
  for (size_t p = 0; p < poolings.size(); ++p) {
    const size_t at =
        run.measure("unchanged", poolings[p].name, mean_of(all.unchanged[p]), Unit::share,
                    p == kMax ? std::optional(independent_share(window, distance)) : std::nullopt);
    if (p == kMax) {
      run.say("unchanged", at);
      run.expect_that("exact", at, Relation::above, 0.5);
      const Estimate& share = run.result.measurements[at].estimate;
      run.result.prediction = share.low > 0.9                       ? 1
                              : share.low > 0.5 && share.high < 0.9 ? 2
                              : share.high < 0.5                    ? 3
                                                                    : 0;
    }
  }
  const char* said[] = {"change_max", "change_average", "change_none", nullptr};
  for (size_t p = 0; p < poolings.size(); ++p) {
    const size_t at = run.measure("change", poolings[p].name, all.change(p), Unit::share);
    if (said[p] != nullptr) run.say(said[p], at);
  }
  run.expect_that("smaller",
                  run.measure("change", "difference", all.change_difference(kMax, kSubsample), Unit::share),
                  Relation::below, 0);
  if (networks > 0) {
    run.result.finding.key = "evidence.shift.finding.networks";
    ask_networks(run, distance);
  }
  run.result.trials = run.request.repeats * static_cast<int64_t>(1 + std::size(kWindows)) + networks * 4;
}

namespace {

/// How often the cells of an axis are read: least, mean, most over all cells that any window could reach
/// without leaving the axis.
struct Reads {
  double least = 0, mean = 0, most = 0;
};

Reads count_reads(int64_t window, int64_t stride) {
  // A long axis without its ends, where the first and the last windows have no neighbours.
  constexpr int64_t kPeriods = 64;
  const int64_t length = kPeriods * stride + 2 * window;
  std::vector<double> axis(static_cast<size_t>(length));
  for (int64_t start = 0; start + window <= length; start += stride)
    for (int64_t i = start; i < start + window; ++i)
      ++axis[static_cast<size_t>(i)];
  const int64_t first = window / stride * stride + stride;
  Reads reads{1e9, 0, 0};
  for (int64_t i = first; i < first + 16 * stride; ++i) {
    const double once = axis[static_cast<size_t>(i)];
    reads.least = std::min(reads.least, once);
    reads.most = std::max(reads.most, once);
    reads.mean += once;
  }
  reads.mean /= static_cast<double>(16 * stride);
  return {reads.least * reads.least, reads.mean * reads.mean, reads.most * reads.most};
}

/// Share of horizontal neighbours in the output that took the same cell.
double shared_winners(const PoolPlan& plan, const Tensor& input) {
  const PoolOutput out = forward(plan, input, true);
  int64_t shared = 0, pairs = 0;
  for (int64_t y = 0; y < plan.out.h; ++y)
    for (int64_t x = 0; x + 1 < plan.out.w; ++x, ++pairs) {
      const auto at = static_cast<size_t>(y * plan.out.w + x);
      shared += out.indices[at] == out.indices[at + 1] ? 1 : 0;
    }
  return pairs > 0 ? static_cast<double>(shared) / static_cast<double>(pairs) : 0;
}

}  // namespace

void run_window_stride(EvidenceRun& run) {
  const int64_t window = run.request.whole("window"), stride = run.request.whole("stride"),
                distance = run.request.whole("distance");
  run.expect(run.request.repeats * 2);
  const std::vector<Pooling> poolings = {sliding("as-set", Kind::max, window, stride),
                                         sliding("equal-stride", Kind::max, stride, stride),
                                         sliding("equal-window", Kind::max, window, window)};
  const Differences all = shift_places(run, poolings, distance);
  const Places places(run.request, distance);
  std::vector<std::vector<double>> shared(poolings.size(),
                                          std::vector<double>(static_cast<size_t>(run.request.repeats)));
  run.each(run.request.repeats, [&](int64_t r) {
    const Place place = places.cut(run.seed_for(1, r));
    const Tensor picture = shifted(places.field(place), {0, 0});
    for (size_t p = 0; p < poolings.size(); ++p)
      shared[p][static_cast<size_t>(r)] =
          shared_winners(validate(poolings[p].spec, places.shape()).value(), picture);
  });
  if (run.cancelled()) return;
  EvidencePlot bars{"change-by-stride", PlotForm::bars, Unit::number, Unit::share};
  EvidenceSeries changes{"change"}, same{"unchanged"};
  const char* said[] = {"change_set", "change_stride", "change_window"};
  for (size_t p = 0; p < poolings.size(); ++p) {
    const char* of = poolings[p].name;
    const Size2 size = poolings[p].spec.window, step = poolings[p].spec.stride;
    const Reads reads = count_reads(size.h, step.h);
    run.measure("reads-least", of, counted(reads.least), Unit::count);
    const size_t mean = run.measure("reads", of, counted(reads.mean));
    run.measure("reads-most", of, counted(reads.most), Unit::count);
    if (p == 0) run.say("reads", mean);
    run.measure("outputs", of,
                counted(static_cast<double>(
                    validate(poolings[p].spec, run.request.input->shape()).value().out.plane())),
                Unit::count);
    run.measure("shared-winners", of, mean_of(shared[p]), Unit::share);
    run.measure("unchanged", of, mean_of(all.unchanged[p]), Unit::share);
    run.say(said[p], run.measure("change", of, all.change(p), Unit::share));
    bars.ticks.push_back(of);
    add_point(changes, static_cast<double>(p), all.change(p));
    add_point(same, static_cast<double>(p), mean_of(all.unchanged[p]));
  }
  bars.series = {changes, same};
  run.result.plots = {bars};
  const Reads equal = count_reads(stride, stride);
  const size_t spread =
      run.measure("reads-spread", "equal-stride",
                  counted(equal.most - equal.least + std::fabs(equal.mean - 1)), Unit::count);
  run.expect_that("once", spread, Relation::equal, 0);
  // Of the setting's own stride: the same number of outputs, so that nothing else differs.
  const Estimate calmer = all.change_difference(1, 0);
  run.expect_that("calmer", run.measure("change", "difference", calmer, Unit::share), Relation::below, 0);
  run.result.prediction = calmer.low > 0 ? 1 : calmer.high < 0 ? 2 : 3;
  run.result.trials = run.request.repeats * 2;
}

}  // namespace poolscope
