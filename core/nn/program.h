#pragma once

#include <cstdint>
#include <vector>

#include "core/nn/lanes.h"
#include "core/nn/network.h"

namespace poolscope {

/// One step of the fast engine: one layer, or several that are computed in one go.
struct Op {
  enum class Kind {
    conv,       ///< with ReLU where one follows
    conv_pool,  ///< convolution, ReLU where there is one, maximum of 2 x 2
    dense,      ///< with ReLU where one follows
    taps,       ///< maxima and averages
    any_pool,   ///< every other kind: core/pooling, picture by picture
    relu,
    dropout
  };
  Kind kind = Kind::relu;
  int64_t layer = 0;  ///< index of the (first) layer
  bool relu = false;
  Shape in, out;
  ConvShape conv;
  Size2 padding{0, 0};
  DenseShape dense;
  std::vector<int32_t> tap_first, taps;
  std::vector<float> tap_weight;  ///< empty for maxima
  double dropout = 0;
  int64_t conv_gradient_at = 0;  ///< in a group's row of convolution gradients

  bool padded() const { return padding.h > 0 || padding.w > 0; }
  TapTable table() const {
    return {in.plane(), out.plane(), tap_first.data(), taps.data(),
            tap_weight.empty() ? nullptr : tap_weight.data()};
  }
};

/// What the engine does for a network, in order. Flatten is nothing: the values lie as they should.
struct Program {
  std::vector<Op> ops;
  int64_t conv_parameters = 0;  ///< of all convolutions
};
Program make_program(const NetworkPlan& plan);

}  // namespace poolscope
