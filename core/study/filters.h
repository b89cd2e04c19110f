#pragma once

#include <cstdint>
#include <vector>

#include "core/base/progress.h"
#include "core/tensor/tensor.h"

namespace poolscope {

enum class FilterFamily { edge, blur, gabor };

/// One small filter, side x side weights row by row (side is odd). Edges: derivative of a Gaussian in
/// direction `angle`, its absolute weights sum to 1. Blurs: a Gaussian of deviation `sigma`, weights sum
/// to 1. Gabor: a wave of wavelength `wavelength` in direction `angle` under a Gaussian, zero mean, absolute
/// weights sum to 1.
struct Filter {
  FilterFamily family = FilterFamily::edge;
  double angle = 0;  ///< radians, 0 looks along the rows
  double sigma = 1, wavelength = 0;
  int64_t side = 3;
  std::vector<double> weights;
};

inline constexpr int64_t kMostFeatureMaps = 64;

/// The first `count` (1 to 64) filters of the bank: edges in four directions, blurs, then Gabor filters of
/// growing wavelength and all directions; no two are alike.
std::vector<Filter> filter_bank(int64_t count);

/// Feature maps of the mean of the input's channels, one per filter: cross-correlation as convolution layers
/// compute it, the edge cells repeated outwards. 1 x C x H x W -> 1 x filters x H x W.
Tensor feature_maps(const Tensor& input, const std::vector<Filter>& filters, Progress* progress = nullptr);

}  // namespace poolscope
