#pragma once

#include <cstdint>
#include <vector>

#include "core/base/progress.h"
#include "core/tensor/tensor.h"

namespace poolscope {

/// A picture at a half, a quarter, an eighth ... of its size, for looking at it from far away. A cell of
/// level l is the mean of the 2^l x 2^l cells of the picture that it covers; those at the right and the lower
/// edge cover as many as there are. Level 0, the picture itself, is not kept here.
struct Pyramid {
  std::vector<Tensor> levels;  ///< [l - 1] is level l: 1 x C x ceil(H / 2^l) x ceil(W / 2^l)
};

/// Cells that `cells` cells become at a level.
constexpr int64_t cells_at_level(int64_t cells, int level) {
  return (cells + (int64_t{1} << level) - 1) >> level;
}
/// The level at which `cells` cells or fewer are left of the longer side.
int level_with_at_most(int64_t height, int64_t width, int64_t cells);

/// All levels of image `n`, down to a single cell. Means are taken of means, in float; NaN anywhere makes the
/// mean NaN. Incomplete where `progress` was cancelled.
Pyramid make_pyramid(const Tensor& tensor, int64_t n, Progress* progress = nullptr);

}  // namespace poolscope
