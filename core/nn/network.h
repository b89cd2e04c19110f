#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/result.h"
#include "core/pooling/plan.h"
#include "core/pooling/spec.h"
#include "core/tensor/tensor.h"

namespace poolscope {

// Layers as they are asked for: plain values, saved, edited, undone and compared. What they mean on an input,
// or why they mean nothing, is said by check_network().

/// out[o][y][x] = bias[o] + sum over i, a, b of weight[o][i][a][b] * in[i][y * stride + a - padding][...]:
/// cross-correlation, as every framework computes it. Padding is zero.
struct Conv2d {
  int64_t channels = 8;
  Size2 window{5, 5};
  Size2 stride{1, 1};
  Size2 padding{0, 0};
  bool bias = true;
  bool operator==(const Conv2d&) const = default;
};

/// max(x, 0); the gradient at 0 is 0.
struct Relu {
  bool operator==(const Relu&) const = default;
};

/// Any kind of the engine. Stochastic pooling draws anew for every picture in training and takes its
/// expectation in use; fractional pooling lays new windows for every picture in training.
struct Pool {
  PoolSpec spec;
  bool operator==(const Pool&) const = default;
};

/// The mean of every channel.
struct GlobalAverage {
  bool operator==(const GlobalAverage&) const = default;
};

/// C x H x W as one row of values, channel by channel.
struct Flatten {
  bool operator==(const Flatten&) const = default;
};

/// out[o] = bias[o] + sum over i of weight[o][i] * in[i].
struct Dense {
  int64_t units = 10;
  bool bias = true;
  /// How many values it was made for, where that is fixed (its weights are there); 0 takes what comes.
  int64_t inputs = 0;
  bool operator==(const Dense&) const = default;
};

/// In training sets each value to 0 with probability `rate` and multiplies the others by 1 / (1 - rate)
/// (Srivastava et al. 2014, inverted); in use changes nothing.
struct Dropout {
  double rate = 0.5;
  bool operator==(const Dropout&) const = default;
};

using Layer = std::variant<Conv2d, Relu, Pool, GlobalAverage, Flatten, Dense, Dropout>;

/// "conv2d", "relu", "pool", "global-average", "flatten", "dense", "dropout": in files and text keys
/// ("nn.layer.conv2d").
std::string_view layer_name(const Layer& layer);

/// A network: layers after one another. Its outputs are scores; the loss is the cross-entropy of their
/// softmax.
struct NetworkSpec {
  Shape input{1, 1, 28, 28};  ///< of one picture: n is 1
  std::vector<Layer> layers;
  bool operator==(const NetworkSpec&) const = default;
};

/// One checked layer.
struct LayerPlan {
  Layer layer;
  Shape in, out;                          ///< of one picture: n is 1. A flat row of F values is 1 x F x 1 x 1
  int64_t weights = 0, biases = 0;        ///< how many
  int64_t weights_at = 0, biases_at = 0;  ///< where they begin in the row of all parameters
  int64_t fan_in = 0;                     ///< values that one output of it reads, for the initialisation
  std::optional<PoolPlan> pool;           ///< pool: for one picture, as used after training

  int64_t parameters() const { return weights + biases; }
};

/// A checked network. All its parameters are one row of floats: layer by layer, weights then biases, in
/// PyTorch's order ([out][in][row][column], [out][in]).
struct NetworkPlan {
  NetworkSpec spec;
  std::vector<LayerPlan> layers;
  int64_t parameters = 0;
  int64_t classes() const { return layers.back().out.count(); }
};

/// What can be said about a network before it runs. Where it is wrong, the layers before the mistake are
/// still planned, so that an editor shows their shapes.
struct NetworkCheck {
  NetworkPlan plan;
  std::optional<int64_t> wrong_layer;  ///< the index of the layer that does not fit; -1 for the input
  Error error;                         ///< "nn.error.*" or a pooling's own, where wrong_layer is set
  bool ok() const { return !wrong_layer.has_value(); }
};
NetworkCheck check_network(const NetworkSpec& spec);

/// The same as a value or an error.
Result<NetworkPlan> plan_network(const NetworkSpec& spec);

/// Limits, so that no description makes sizes overflow or memory run out unasked.
inline constexpr int64_t kMostLayers = 64;
inline constexpr int64_t kMostParameters = int64_t{1} << 26;
inline constexpr int64_t kMostActivations = int64_t{1} << 24;  ///< of one layer, for one picture
inline constexpr int64_t kMostChannels = 4096;
inline constexpr int64_t kLargestWindow = 64;

/// The pooling that stands in for `spec` where a network is used instead of trained: the expectation for
/// stochastic pooling, itself for all others.
PoolSpec pooling_in_use(const PoolSpec& spec);

/// "16 × 5 × 5", or "256" for a flat row.
std::string shape_in_words(const Shape& shape);

}  // namespace poolscope
