#include "app/scene/evidence_series.h"

#include <doctest/doctest.h>

#include <set>

using namespace poolscope;

namespace {

EvidencePlot plot_of(std::vector<EvidenceSeries> series) {
  EvidencePlot plot{"weight-shift"};
  plot.series = std::move(series);
  return plot;
}

}  // namespace

TEST_CASE("a pooling has its own colour in every plot, and no two things of one plot share one") {
  const EvidencePlot one = plot_of({{"max"}, {"average"}, {"none"}, {"stochastic"}});
  const EvidencePlot other = plot_of({{"subsample"}, {"average"}, {"max-blur"}, {"max"}});
  const std::vector<size_t> first = scene::series_slots(one), second = scene::series_slots(other);
  CHECK(first[0] == second[3]);
  CHECK(first[1] == second[1]);
  for (const std::vector<size_t>& slots : {first, second})
    CHECK(std::set<size_t>(slots.begin(), slots.end()).size() == slots.size());
  // A formula has the colour of what it is about; a name that is not known gets what is left.
  const std::vector<size_t> mixed = scene::series_slots(plot_of({{"max"}, {"max", true}, {"unheard-of"}}));
  CHECK(mixed[0] == mixed[1]);
  CHECK(mixed[2] != mixed[0]);
}

TEST_CASE("a curve on top of an earlier one is found, so that both can be drawn") {
  const EvidenceSeries average{"average", false, {0, 1, 2}, {0, 0.5, 1}};
  EvidenceSeries none = average;
  none.of = "none";
  none.y[1] += 1e-6;  // rounding
  EvidenceSeries max = average;
  max.of = "max";
  max.y = {0, 0.6, 1.2};
  EvidenceSeries elsewhere = average;
  elsewhere.of = "stochastic";
  elsewhere.x = {0, 1, 3};
  EvidenceSeries formula = average;
  formula.theory = true;
  const EvidencePlot plot = plot_of({formula, max, average, none, elsewhere});
  CHECK_FALSE(scene::covers_another(plot, plot.series[1]));
  CHECK_FALSE(scene::covers_another(plot, plot.series[2]));  // of the formula, points are wanted
  CHECK(scene::covers_another(plot, plot.series[3]));
  CHECK_FALSE(scene::covers_another(plot, plot.series[4]));
  CHECK(scene::has_formula(plot, "average"));
  CHECK_FALSE(scene::has_formula(plot, "max"));
}
