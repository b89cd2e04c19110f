#pragma once

#include <string>
#include <vector>

#include "core/pooling/trace.h"

namespace poolscope {

/// Windows with more values than this are shortened where they are written out.
inline constexpr int kListedValues = 16;

/// The taps inside the input that a sentence or a formula writes out, as indices into step.taps; -1 stands
/// for "…". All of a short window; of a long one the first five, the winner and the last two.
std::vector<int> listed_taps(const StepRecord& step);

/// Joins what `write(tap)` says of the listed taps: "1, 0, …, 9".
template <class Write>
std::string list_of(const StepRecord& step, Write write) {
  std::string text;
  for (const int index : listed_taps(step)) {
    if (!text.empty()) text += ", ";
    text += index < 0 ? std::string("…") : write(step.taps[static_cast<size_t>(index)]);
  }
  return text;
}

}  // namespace poolscope
