#pragma once

#include <functional>

#include "core/nn/lanes.h"

namespace poolscope::bench {

enum class ConvPass { forward, input_gradient, weight_gradient };

/// One call of oneDNN with everything prepared, in the memory layout that it likes best; nothing where oneDNN
/// is not installed.
std::function<void()> onednn_convolution(const ConvShape& shape, int64_t batch, ConvPass pass);

}  // namespace poolscope::bench
