#pragma once

#include <span>
#include <string>

#include "app/model/network_work.h"

namespace poolscope {

/// 0.98714 is "98.7".
std::string format_percent(double share);

/// "digits, 12000 pictures, seed 1": what a run was trained on, as a model file remembers it.
std::string data_in_words(const NetworkRun& run);

/// What a row of the table says. Numbers are NaN where they were not measured.
struct RunFigures {
  double train = 0, test = 0, gap = 0, shifted = 0;
};
RunFigures run_figures(const NetworkRun& run);

/// All runs as comma separated values (RFC 4180), one heading line, numbers as they are.
std::string runs_as_csv(std::span<const NetworkRun> runs);

}  // namespace poolscope
