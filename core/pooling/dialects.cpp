#include "core/pooling/dialects.h"

#include <algorithm>
#include <cassert>

namespace poolscope {

namespace {

// Columns: dialect, name, own_padding, own_rounding, chooses_count_padding, count_padding, allows_divisor,
// allows_dilation, allows_pads.
constexpr DialectInfo kDialects[] = {
    {Dialect::pytorch, "pytorch", false, false, true, true, true, true, false},
    {Dialect::onnx, "onnx", false, false, true, false, false, true, true},
    {Dialect::keras_valid, "keras-valid", true, true, false, false, false, true, false},
    {Dialect::keras_same, "keras-same", true, true, false, false, false, true, false},
    {Dialect::caffe, "caffe", false, true, false, true, false, false, false},
};

/// a / b rounded towards minus infinity: numerators of output sizes are negative where a window does not fit.
int64_t floor_divide(int64_t a, int64_t b) {
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

int64_t ceil_divide(int64_t a, int64_t b) {
  return floor_divide(a + b - 1, b);
}

/// How padding is found.
enum class Padding { given, same, none };

Padding padding_rule(const PoolSpec& spec) {
  if (spec.dialect == Dialect::keras_same) return Padding::same;
  if (spec.dialect == Dialect::keras_valid) return Padding::none;
  if (spec.dialect != Dialect::onnx || spec.auto_pad == AutoPad::none) return Padding::given;
  return spec.auto_pad == AutoPad::valid ? Padding::none : Padding::same;
}

bool rounds_up(const PoolSpec& spec) {
  if (padding_rule(spec) != Padding::given) return false;
  return spec.dialect == Dialect::caffe || spec.rounding == Rounding::ceil;
}

/// Whether a last window that would start in the padding after the input is dropped. ONNX says so since
/// opset 22; Caffe does it only where there is padding, and then on both axes.
bool drops_late_window(const PoolSpec& spec, bool any_padding) {
  if (spec.dialect == Dialect::onnx) return spec.opset >= 22;
  return spec.dialect != Dialect::caffe || any_padding;
}

}  // namespace

std::span<const DialectInfo> all_dialects() {
  return kDialects;
}

const DialectInfo& dialect_info(Dialect dialect) {
  for (const DialectInfo& info : kDialects)
    if (info.dialect == dialect) return info;
  assert(false && "every Dialect has a row in the table");
  return kDialects[0];
}

const DialectInfo* find_dialect(std::string_view name) {
  for (const DialectInfo& info : kDialects)
    if (info.name == name) return &info;
  return nullptr;
}

PoolSpec in_dialect(PoolSpec spec, Dialect dialect) {
  const DialectInfo& info = dialect_info(dialect);
  spec.dialect = dialect;
  spec.count_padding = info.count_padding;
  if (info.own_padding) spec.padding = {0, 0};
  if (!info.allows_divisor) spec.divisor.reset();
  if (!info.allows_dilation) spec.dilation = {1, 1};
  if (!info.allows_pads) {
    spec.auto_pad = AutoPad::none;
    spec.pads.reset();
  }
  return spec;
}

DivisorRule divisor_rule(const PoolSpec& spec) {
  const DialectInfo& info = dialect_info(spec.dialect);
  const bool counts = info.chooses_count_padding ? spec.count_padding : info.count_padding;
  if (!counts) return DivisorRule::valid;
  return spec.dialect == Dialect::onnx && spec.opset < 19 ? DivisorRule::whole : DivisorRule::framed;
}

AxisPads axis_pads(const PoolSpec& spec, int64_t in, int64_t extent, int64_t stride, AxisPads given) {
  switch (padding_rule(spec)) {
    case Padding::given:
      return given;
    case Padding::none:
      return {};
    case Padding::same:
      break;
  }
  const int64_t out = ceil_divide(in, stride);
  const int64_t total = std::max((out - 1) * stride + extent - in, int64_t{0});
  const int64_t less = total / 2, more = total - less;
  return spec.dialect == Dialect::onnx && spec.auto_pad == AutoPad::same_lower ? AxisPads{more, less}
                                                                               : AxisPads{less, more};
}

int64_t axis_outputs(const PoolSpec& spec, int64_t in, int64_t extent, int64_t stride, AxisPads pads,
                     bool any_padding) {
  if (padding_rule(spec) == Padding::same) return ceil_divide(in, stride);
  const int64_t room = in + pads.before + pads.after - extent;
  if (!rounds_up(spec)) return floor_divide(room, stride) + 1;
  const int64_t out = ceil_divide(room, stride) + 1;
  const bool late = (out - 1) * stride >= in + pads.before;
  return late && drops_late_window(spec, any_padding) ? out - 1 : out;
}

int64_t largest_padding(Dialect dialect, int64_t extent) {
  return dialect == Dialect::pytorch ? extent / 2 : extent - 1;
}

}  // namespace poolscope
