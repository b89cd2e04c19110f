#pragma once

#include <cstdint>
#include <vector>

#include "core/pooling/spec.h"
#include "core/tensor/tensor.h"

/// A second opinion: pooling written again from the definitions, as slow and as plain as possible, sharing no
/// geometry and no formula code with the engine. Windows are lists of positions that are found by walking;
/// blur pooling makes the pictures between; nothing is rearranged for speed or for extreme values.
namespace naive {

using namespace poolscope;

struct Answer {
  Shape out;
  std::vector<double> values;
  std::vector<int64_t> indices;  ///< -1 where there is none
  std::vector<double> gradient;  ///< of the input
};

/// Output cells along one axis in PyTorch's dialect, by walking window after window.
int64_t outputs(int64_t length, int64_t window, int64_t stride, int64_t padding, int64_t dilation,
                Rounding rounding);

/// Forward, and backward of `output_gradient` (one value per output, all planes). For legal poolings only.
Answer pool(const PoolSpec& spec, const Tensor& input, const std::vector<float>& output_gradient);

}  // namespace naive
