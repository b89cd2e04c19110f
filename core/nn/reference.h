#pragma once

#include <span>
#include <vector>

#include "core/nn/network.h"

namespace poolscope {

/// What a pass through a network shall do.
struct PassOptions {
  bool training = false;  ///< dropout and random pooling draw
  uint64_t run_seed = 1;  ///< together with the step: what they draw (draws.h)
  int64_t step = 0;
};

/// Everything that one pass computed.
struct ReferencePass {
  /// values[i] goes into layer i, values.back() are the scores: N pictures, C x H x W each.
  std::vector<std::vector<double>> values;
  double loss = 0;                     ///< mean over the pictures of -log softmax(scores)[label]
  std::vector<double> gradient;        ///< of the loss, by parameter
  std::vector<double> input_gradient;  ///< of the loss, by input value
};

/// Forward and backward through the whole network in double, one obvious loop for each formula: what the fast
/// engine is tested against. `images` holds labels.size() pictures. Kinds of pooling other than maximum and
/// averages are computed by core/pooling, whose values are floats.
ReferencePass reference_pass(const NetworkPlan& plan, std::span<const double> parameters,
                             std::span<const double> images, std::span<const int64_t> labels,
                             const PassOptions& options = {});

/// Softmax of one row of scores.
std::vector<double> softmax(std::span<const double> scores);

}  // namespace poolscope
