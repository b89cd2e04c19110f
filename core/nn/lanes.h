#pragma once

#include <cstdint>
#include <span>

#include "core/nn/optimizer.h"

namespace poolscope {

// The kernels of the fast engine. They work on a group of `lanes` pictures side by side: values are
// [channel][row][column][lane], so that one vector holds the same place of all pictures of the group, nothing
// has to be gathered, and every layer is plain vector code. Weights are plain floats in PyTorch's order.
// All pointers to values are aligned to a vector.

/// A convolution of stride 1 or more over a map that is already padded.
struct ConvShape {
  int64_t in_c = 0, in_h = 0, in_w = 0;
  int64_t out_c = 0, out_h = 0, out_w = 0;
  int64_t kh = 0, kw = 0, sh = 1, sw = 1;
};

struct DenseShape {
  int64_t in = 0, out = 0;
};

/// Pooling of one plane as a list: output `o` reads the cells taps[first[o]] to taps[first[o + 1] - 1], and
/// an average multiplies each by weight[o].
struct TapTable {
  int64_t in = 0, out = 0;
  const int32_t* first = nullptr;
  const int32_t* taps = nullptr;
  const float* weight = nullptr;  ///< nullptr: the maximum
};

/// Kernels for one kind of processor.
struct LaneKernels {
  const char* name;
  int64_t lanes;

  /// values[p][lane] = pictures[lane][p] / 255; a missing picture (nullptr) is 0.
  void (*load_pictures)(const uint8_t* const* pictures, int64_t count, float* values);

  /// out = in * weights + biases, with ReLU where asked. `biases` may be nullptr.
  void (*conv_forward)(const ConvShape&, const float* in, const float* weights, const float* biases,
                       bool relu, float* out);
  /// The same followed by the maximum of 2 x 2 with stride 2, rounded down. `codes` (same shape as `out`):
  /// which cell won, 0 to 3 in row order; 4 where ReLU leaves nothing. `rows` is room for 2 * 2 rows of the
  /// map.
  void (*conv_pool_forward)(const ConvShape&, const float* in, const float* weights, const float* biases,
                            bool relu, float* out, float* codes, float* rows);
  /// The gradient of the map before a 2 x 2 maximum, whose size is h x w, from codes.
  void (*unpool)(int64_t channels, int64_t h, int64_t w, const float* gradient, const float* codes,
                 float* out);
  /// weight_gradient and bias_gradient (may be nullptr) are overwritten, summed over the lanes. `sums` is
  /// room for 4 * in_c * kh * kw vectors.
  void (*conv_weight_gradient)(const ConvShape&, const float* in, const float* out_gradient,
                               float* weight_gradient, float* bias_gradient, float* sums);
  /// in_gradient is overwritten.
  void (*conv_input_gradient)(const ConvShape&, const float* out_gradient, const float* weights,
                              float* in_gradient);

  void (*dense_forward)(const DenseShape&, const float* in, const float* weights, const float* biases,
                        bool relu, float* out);
  void (*dense_input_gradient)(const DenseShape&, const float* out_gradient, const float* weights,
                               float* in_gradient);
  /// Rows first to last of weight_gradient: the sum over pictures of out_gradient[n][o] * in[n][i]. Here one
  /// picture follows the other: in is [pictures][in_stride].
  void (*dense_weight_gradient)(const DenseShape&, int64_t pictures, const float* in,
                                const float* out_gradient, int64_t first, int64_t last,
                                float* weight_gradient);

  /// `winners` (channels x out): which tap won, for maxima.
  void (*taps_forward)(const TapTable&, int64_t channels, const float* in, float* out, float* winners);
  void (*taps_backward)(const TapTable&, int64_t channels, const float* out_gradient, const float* winners,
                        float* in_gradient);

  /// `count` vectors each.
  void (*relu_forward)(int64_t count, const float* in, float* out);
  /// gradient = out > 0 ? gradient : 0, in place.
  void (*relu_backward)(int64_t count, const float* out, float* gradient);
  void (*multiply)(int64_t count, const float* a, const float* b, float* out);

  /// take_step() of optimizer.h.
  void (*take_step)(const StepNumbers&, int64_t count, float* weights, const float* gradient, float* first,
                    float* second);
};

/// The best that this processor can run.
const LaneKernels& lane_kernels();
/// All that this processor can run, the portable ones last: tests compare them.
std::span<const LaneKernels* const> all_lane_kernels();
/// Kernels in plain C++, for any processor.
const LaneKernels& portable_lane_kernels();

}  // namespace poolscope
