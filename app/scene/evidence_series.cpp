#include "app/scene/evidence_series.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <utility>

namespace poolscope::scene {

namespace {

/// Colours that a name has wherever it appears; the order is that of the theme's series: vermilion, blue,
/// green, grey, purple, amber.
constexpr std::pair<std::string_view, size_t> kOwn[] = {
    {"max", 0},   {"max-bright", 0}, {"max-dark", 4},   {"pooling", 0},        {"average", 1},
    {"train", 3}, {"test", 1},       {"stochastic", 2}, {"average-bright", 1}, {"average-dark", 2},
    {"none", 3},  {"no-pooling", 3}, {"subsample", 3},  {"strided", 5},        {"max-blur", 4},
    {"min", 5},   {"min-dark", 5},   {"dense", 0},      {"convolutions", 1},   {"values", 1},
};

}  // namespace

std::vector<size_t> series_slots(const EvidencePlot& plot) {
  std::map<std::string, size_t> taken;
  std::array<bool, kSeriesSlots> used{};
  const auto take = [&](const std::string& of, size_t slot) {
    taken[of] = slot;
    used[slot] = true;
  };
  for (const EvidenceSeries& series : plot.series)
    for (const auto& [name, slot] : kOwn)
      if (name == series.of && !taken.contains(series.of) && !used[slot]) take(series.of, slot);
  for (const EvidenceSeries& series : plot.series) {
    if (taken.contains(series.of)) continue;
    const auto free = std::find(used.begin(), used.end(), false);
    take(series.of, free == used.end() ? 0 : static_cast<size_t>(free - used.begin()));
  }
  std::vector<size_t> slots;
  for (const EvidenceSeries& series : plot.series)
    slots.push_back(taken[series.of]);
  return slots;
}

bool has_formula(const EvidencePlot& plot, std::string_view of) {
  return std::any_of(plot.series.begin(), plot.series.end(),
                     [of](const EvidenceSeries& series) { return series.theory && series.of == of; });
}

bool covers_another(const EvidencePlot& plot, const EvidenceSeries& series) {
  double most = 0;
  for (const EvidenceSeries& one : plot.series)
    for (const double y : one.y)
      most = std::max(most, std::fabs(y));
  for (const EvidenceSeries& one : plot.series) {
    if (&one == &series) return false;
    if (one.theory || one.y.size() != series.y.size() || one.x != series.x) continue;
    double farthest = 0;
    for (size_t i = 0; i < one.y.size(); ++i)
      farthest = std::max(farthest, std::fabs(one.y[i] - series.y[i]));
    // Nearer than a line is thick.
    if (farthest < 0.01 * most) return true;
  }
  return false;
}

}  // namespace poolscope::scene
