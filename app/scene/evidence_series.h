#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/study/evidence.h"

namespace poolscope::scene {

/// Which of the theme's six series colours each series of a plot has: the same pooling has the same one in
/// every plot of every claim (max the first, average the second ...), a formula that of what it is about, and
/// no two things of one plot share one.
std::vector<size_t> series_slots(const EvidencePlot& plot);
inline constexpr size_t kSeriesSlots = 6;

/// A formula for this is in the plot: what was measured is drawn as points on it.
bool has_formula(const EvidencePlot& plot, std::string_view of);

/// The same numbers as an earlier curve of the plot (average pooling and none, where nothing moves the mean):
/// it is drawn with gaps, so that both can be seen.
bool covers_another(const EvidencePlot& plot, const EvidenceSeries& series);

}  // namespace poolscope::scene
