#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/pooling/spec.h"

namespace poolscope {

/// What an average divides by, leaving PoolSpec::divisor aside.
enum class DivisorRule {
  valid,   ///< the cells inside the input
  framed,  ///< padding too, but not what sticks out past it where sizes are rounded up
  whole,   ///< the whole window
};

/// One row per dialect: what it decides for itself. Texts: "dialect.onnx", "dialect.onnx.hint".
struct DialectInfo {
  Dialect dialect;
  std::string_view name;       ///< command line and text key: "keras-same"
  bool own_padding;            ///< computes its padding: PoolSpec::padding must be 0
  bool own_rounding;           ///< PoolSpec::rounding is ignored
  bool chooses_count_padding;  ///< PoolSpec::count_padding matters
  bool count_padding;          ///< the framework's default
  bool allows_divisor;         ///< PoolSpec::divisor
  bool allows_dilation;
  bool allows_pads;  ///< PoolSpec::pads and auto_pad
};

std::span<const DialectInfo> all_dialects();
const DialectInfo& dialect_info(Dialect dialect);
/// nullptr where no dialect has that name.
const DialectInfo* find_dialect(std::string_view name);

/// The same pooling as somebody would write it in `dialect`: with its default for counting padding, without
/// what it does not have.
PoolSpec in_dialect(PoolSpec spec, Dialect dialect);

/// PyTorch: framed if padding counts, else valid. ONNX: the same from opset 19 on (ONNX Runtime #16752),
/// before that the whole window. Keras: valid. Caffe: framed.
DivisorRule divisor_rule(const PoolSpec& spec);

/// Padding of one axis, before and after.
struct AxisPads {
  int64_t before = 0, after = 0;
};

/// `given` unless the dialect (or auto_pad) computes its own. `extent` is the dilated window.
AxisPads axis_pads(const PoolSpec& spec, int64_t in, int64_t extent, int64_t stride, AxisPads given);

/// Output size of one axis; below 1 where no window fits. `any_padding`: on either axis (Caffe asks).
int64_t axis_outputs(const PoolSpec& spec, int64_t in, int64_t extent, int64_t stride, AxisPads pads,
                     bool any_padding);

/// The most padding that the dialect allows on a side: half of the dilated window in PyTorch, less than the
/// window elsewhere, where every window still starts or ends on a cell of the input.
int64_t largest_padding(Dialect dialect, int64_t extent);

}  // namespace poolscope
