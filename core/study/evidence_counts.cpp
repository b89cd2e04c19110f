#include <cassert>
#include <cmath>

#include "core/nn/templates.h"
#include "core/pooling/kinds.h"
#include "core/study/evidence_run.h"

/// Claims that are counted on networks as they are built: nothing is drawn.
namespace poolscope {

namespace {

enum class Shrink { none, pooling, strided };

/// Two blocks of convolution (3 x 3, padding 1), ReLU and what shrinks, then the head. A strided convolution
/// takes its stride itself, so that it has the parameters of a plain one.
NetworkSpec small_network(const EvidenceRequest& request, Shrink shrink) {
  const int64_t side = request.whole("picture-side"), window = request.whole("window");
  NetworkSpec spec{{1, 1, side, side}, {}};
  for (const int64_t channels : {8, 16}) {
    Conv2d convolution{channels, {3, 3}, {1, 1}, {1, 1}, true};
    if (shrink == Shrink::strided) convolution.stride = {window, window};
    spec.layers.insert(spec.layers.end(), {convolution, Relu{}});
    Pool pool;
    pool.spec.window = pool.spec.stride = {window, window};
    if (shrink == Shrink::pooling) spec.layers.push_back(pool);
  }
  if (request.whole("head") == 0)
    spec.layers.push_back(Flatten{});
  else
    spec.layers.push_back(GlobalAverage{});
  spec.layers.push_back(Dense{10, true, 0});
  return spec;
}

/// What one network amounts to.
struct Count {
  double values = 0;  ///< that the head reads
  double convolution = 0, dense = 0, pooling = 0;
};

Count count_of(const NetworkSpec& spec) {
  const Result<NetworkPlan> plan = plan_network(spec);
  assert(plan.ok() && "the limits of the parameters leave room for two poolings");
  Count count;
  for (const LayerPlan& layer : plan->layers) {
    const auto parameters = static_cast<double>(layer.parameters());
    if (std::holds_alternative<Dense>(layer.layer))
      count.dense += parameters;
    else if (std::holds_alternative<Conv2d>(layer.layer))
      count.convolution += parameters;
    else
      count.pooling += parameters;
    if (std::holds_alternative<Flatten>(layer.layer) || std::holds_alternative<GlobalAverage>(layer.layer))
      count.values = static_cast<double>(layer.in.count());
  }
  return count;
}

}  // namespace

void run_compression(EvidenceRun& run) {
  const Count none = count_of(small_network(run.request, Shrink::none));
  const Count pooled = count_of(small_network(run.request, Shrink::pooling));
  const Count strided = count_of(small_network(run.request, Shrink::strided));
  EvidencePlot bars{"parameters-by-network", PlotForm::bars, Unit::number, Unit::count};
  bars.ticks = {"no-pooling", "pooling", "strided"};
  EvidenceSeries convolution{"convolutions"}, dense{"dense"};
  EvidencePlot values{"values-by-network", PlotForm::bars, Unit::number, Unit::count};
  values.ticks = bars.ticks;
  EvidenceSeries left{"values"};
  double x = 0;
  for (const auto& [of, count] : {std::pair{"no-pooling", none}, {"pooling", pooled}, {"strided", strided}}) {
    run.measure("values", of, counted(count.values), Unit::count);
    run.measure("convolution-parameters", of, counted(count.convolution), Unit::count);
    run.measure("dense-parameters", of, counted(count.dense), Unit::count);
    for (auto& [series, y] : {std::pair{&convolution, count.convolution}, {&dense, count.dense}}) {
      series->x.push_back(x);
      series->y.push_back(y);
    }
    left.x.push_back(x);
    left.y.push_back(count.values);
    ++x;
  }
  bars.series = {convolution, dense};
  values.series = {left};
  run.result.plots = {bars, values};
  run.measure("pooling-parameters", "pooling", counted(pooled.pooling), Unit::count);
  const size_t kept =
      run.measure("values-kept", "pooling", counted(pooled.values / none.values), Unit::share);
  const size_t saved_convolution = run.measure("convolution-parameters", "difference",
                                               counted(pooled.convolution - none.convolution), Unit::count);
  const size_t saved_dense =
      run.measure("dense-parameters", "difference", counted(pooled.dense - none.dense), Unit::count);
  const double ours = pooled.convolution + pooled.dense, theirs = strided.convolution + strided.dense;
  const size_t to_strided =
      run.measure("parameters-to-strided", "difference", counted(ours - theirs), Unit::count);

  run.expect_that("data", kept, Relation::below, 1);
  run.expect_that("convolution", saved_convolution, Relation::below, 0);
  const Answer dense_shrinks = run.expect_that("dense", saved_dense, Relation::below, 0);
  run.result.prediction = dense_shrinks == Answer::yes ? 2 : 3;
  if (pooled.convolution < none.convolution) run.result.prediction = 1;
  run.result.trials = 3;
  run.say("kept", kept);
  run.say("convolution", saved_convolution);
  run.say("dense", saved_dense);
  run.say("strided", to_strided);
}

void run_parameters(EvidenceRun& run) {
  const bool pools = run.request.whole("layer") == 0;
  int64_t counted_layers = 0, counted_kinds = 0;
  double parameters = 0, all = 0, most_change = 0;
  for (const KindInfo& info : all_kinds()) {
    const Result<NetworkPlan> plan =
        plan_network(make_network(pools ? "lenet-small" : "strided", {1, 1, 28, 28}, 10, info.kind));
    // A kind that has no place in this network (one value left is too few for the next convolution).
    if (!plan.ok()) continue;
    ++counted_kinds;
    for (const LayerPlan& layer : plan->layers) {
      all += static_cast<double>(layer.parameters());
      const Conv2d* convolution = std::get_if<Conv2d>(&layer.layer);
      const bool shrinks = std::holds_alternative<Pool>(layer.layer) ||
                           (!pools && convolution != nullptr && convolution->stride.h > 1);
      if (!shrinks) continue;
      ++counted_layers;
      parameters += static_cast<double>(layer.parameters());
      most_change = std::max(most_change, std::fabs(static_cast<double>(layer.out.c - layer.in.c)));
    }
    if (!pools) break;  // all kinds stand for the same network
  }
  const char* of = pools ? "pooling" : "strided";
  const size_t learned = run.measure("layer-parameters", of, counted(parameters), Unit::count, 0);
  const size_t change = run.measure("channel-change", of, counted(most_change), Unit::count, 0);
  run.measure("layers", of, counted(static_cast<double>(counted_layers)), Unit::count);
  run.measure("kinds", of, counted(static_cast<double>(pools ? counted_kinds : 0)), Unit::count);
  run.measure("network-parameters", of, counted(all / static_cast<double>(counted_kinds)), Unit::count);
  const Answer nothing = run.expect_that("learned", learned, Relation::equal, 0);
  run.expect_that("channels", change, Relation::equal, 0);
  run.result.prediction = nothing == Answer::yes ? 1 : 2;
  run.result.trials = counted_layers;
  run.say("learned", learned);
  run.say("change", change);
  run.result.finding.with("layers", counted_layers);
}

}  // namespace poolscope
