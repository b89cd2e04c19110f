#include "core/study/evidence_networks.h"

/// Claim 6: five networks, the same pictures.
namespace poolscope {

namespace {

constexpr size_t kNone = 0, kStrided = 1, kAverage = 2, kMax = 3;

std::vector<double> gaps(const NetworkStudy& study) {
  std::vector<double> gap(study.train.size());
  for (size_t i = 0; i < gap.size(); ++i)
    gap[i] = study.train[i] - study.test[i];
  return gap;
}

void report_network(EvidenceRun& run, const NetworkStudy& study) {
  const char* of = network_name(study.kind);
  run.measure("network-parameters", of, counted(static_cast<double>(study.parameters)), Unit::count);
  run.measure("train-accuracy", of, mean_of(study.train), Unit::share);
  const size_t test = run.measure("test-accuracy", of, mean_of(study.test), Unit::share);
  const size_t gap = run.measure("gap", of, mean_of(gaps(study)), Unit::share);
  switch (study.kind) {
    case NetworkKind::none:
      run.say("none", test);
      run.say("gap_none", gap);
      break;
    case NetworkKind::strided:
      run.say("strided", test);
      break;
    case NetworkKind::average:
      run.say("average", test);
      break;
    case NetworkKind::max:
      run.say("max", test);
      run.say("gap_max", gap);
      break;
    default:
      break;
  }
}

/// The best in the test, where it is better than what the other answers stand for, seed by seed.
int best_network(const std::vector<NetworkStudy>& all) {
  const auto better = [&](size_t a, size_t b) { return mean_difference(all[a].test, all[b].test).low > 0; };
  for (const size_t pooling : {kMax, kAverage})
    if (better(pooling, kNone) && better(pooling, kStrided)) return 1;
  const auto beats_poolings = [&](size_t a) { return better(a, kMax) && better(a, kAverage); };
  if (beats_poolings(kNone) && better(kNone, kStrided)) return 2;
  if (beats_poolings(kStrided) && better(kStrided, kNone)) return 3;
  return 0;
}

}  // namespace

void run_overfitting(EvidenceRun& run) {
  NetworkTraining training;
  training.style.wander = run.request.whole("position") == 0 ? 3 : 0;
  training.style.noise = run.request.value("picture-noise");
  training.pictures = run.request.whole("pictures");
  training.epochs = run.request.whole("epochs");
  training.seeds = run.request.repeats;
  const std::vector<NetworkKind> kinds = {NetworkKind::none, NetworkKind::strided, NetworkKind::average,
                                          NetworkKind::max, NetworkKind::stochastic};
  run.expect(network_steps(kinds.size(), training));
  const std::vector<NetworkStudy> all = train_networks(run, kinds, training);
  if (run.cancelled()) return;

  EvidencePlot plot{"accuracy-by-network", PlotForm::bars, Unit::number, Unit::share};
  EvidenceSeries train{"train"}, test{"test"};
  for (size_t i = 0; i < all.size(); ++i) {
    report_network(run, all[i]);
    plot.ticks.push_back(network_name(all[i].kind));
    add_point(train, static_cast<double>(i), mean_of(all[i].train));
    add_point(test, static_cast<double>(i), mean_of(all[i].test));
  }
  plot.series = {train, test};
  run.result.plots = {plot};
  for (const auto& [id, pooling] : {std::pair{"gap-max", kMax}, {"gap-average", kAverage}}) {
    const Estimate change = mean_difference(gaps(all[pooling]), gaps(all[kNone]));
    run.expect_that(id, run.measure(id, "difference", change, Unit::share), Relation::below, 0);
  }
  for (const auto& [id, pooling] : {std::pair{"test-max", kMax}, {"test-average", kAverage}}) {
    const Estimate change = mean_difference(all[pooling].test, all[kNone].test);
    run.expect_that(id, run.measure(id, "difference", change, Unit::share), Relation::above, 0);
  }
  run.measure("test-strided", "difference", mean_difference(all[kMax].test, all[kStrided].test), Unit::share);
  run.result.prediction = best_network(all);
  run.result.trials = training.seeds * static_cast<int64_t>(kinds.size());
}

}  // namespace poolscope
