#include "app/model/limits.h"

#include <algorithm>

#include "core/pooling/dialects.h"

namespace poolscope {

namespace {

// Sliders stay usable on a photo: larger windows are reached by the presets ("global").
constexpr int64_t kSliderWindow = 16, kSliderStride = 16, kSliderDilation = 8;

bool legal(const PoolSpec& spec, const Shape& input) {
  return validate(spec, input).ok();
}

/// The run of legal values around `present` inside [low, most]. A limit can bind from below as well: less
/// dilation makes a window too small for its padding.
template <class Set>
Range reach(PoolSpec spec, const Shape& input, int64_t present, int64_t low, int64_t most, Set set) {
  const auto allowed = [&](int64_t value) {
    set(spec, value);
    return legal(spec, input);
  };
  Range range{present, present};
  while (range.high < most && allowed(range.high + 1))
    ++range.high;
  while (range.low > low && allowed(range.low - 1))
    --range.low;
  return range;
}

}  // namespace

SpecLimits spec_limits(const PoolSpec& spec, const Shape& input) {
  SpecLimits limits;
  // Padding is bound by the window, so a window may change as if there were none; fit_spec() brings it back.
  PoolSpec bare = spec;
  bare.padding = {0, 0};
  bare = fit_spec(bare, input);
  const auto most = [](int64_t side, int64_t usual, int64_t present) {
    return std::max(std::min(side, usual), present);
  };
  limits.window_h = reach(bare, input, bare.window.h, 1, most(input.h, kSliderWindow, bare.window.h),
                          [](PoolSpec& s, int64_t v) { s.window.h = v; });
  limits.window_w = reach(bare, input, bare.window.w, 1, most(input.w, kSliderWindow, bare.window.w),
                          [](PoolSpec& s, int64_t v) { s.window.w = v; });
  limits.stride_h = reach(spec, input, spec.stride.h, 1, most(input.h, kSliderStride, spec.stride.h),
                          [](PoolSpec& s, int64_t v) { s.stride.h = v; });
  limits.stride_w = reach(spec, input, spec.stride.w, 1, most(input.w, kSliderStride, spec.stride.w),
                          [](PoolSpec& s, int64_t v) { s.stride.w = v; });
  limits.padding_h = reach(spec, input, spec.padding.h, 0, spec.window.h * spec.dilation.h,
                           [](PoolSpec& s, int64_t v) { s.padding.h = v; });
  limits.padding_w = reach(spec, input, spec.padding.w, 0, spec.window.w * spec.dilation.w,
                           [](PoolSpec& s, int64_t v) { s.padding.w = v; });
  limits.dilation_h = reach(spec, input, spec.dilation.h, 1, kSliderDilation,
                            [](PoolSpec& s, int64_t v) { s.dilation.h = v; });
  limits.dilation_w = reach(spec, input, spec.dilation.w, 1, kSliderDilation,
                            [](PoolSpec& s, int64_t v) { s.dilation.w = v; });
  return limits;
}

PoolSpec fit_spec(PoolSpec spec, const Shape& input) {
  if (legal(spec, input)) return spec;
  const auto shrink = [&](int64_t& value, int64_t low, int64_t most) {
    value = std::clamp(value, low, std::max(low, most));
    while (value > low && !legal(spec, input))
      --value;
  };
  // First what depends on the window, then the window itself. Each stops as soon as the gate lets it pass.
  if (!dialect_info(spec.dialect).allows_pads) spec.pads.reset();
  if (!dialect_info(spec.dialect).allows_dilation) spec.dilation = {1, 1};
  if (dialect_info(spec.dialect).own_padding) spec.padding = {0, 0};
  spec.window = {std::min(spec.window.h, input.h), std::min(spec.window.w, input.w)};
  shrink(spec.padding.h, 0, spec.window.h);
  shrink(spec.padding.w, 0, spec.window.w);
  shrink(spec.dilation.h, 1, kSliderDilation);
  shrink(spec.dilation.w, 1, kSliderDilation);
  shrink(spec.output_size.h, 1, input.h);
  shrink(spec.output_size.w, 1, input.w);
  shrink(spec.window.h, 1, input.h);
  shrink(spec.window.w, 1, input.w);
  shrink(spec.stride.h, 1, input.h);
  shrink(spec.stride.w, 1, input.w);
  shrink(spec.taps, 2, 7);
  if (legal(spec, input)) return spec;
  // A parameter of another kind or dialect is in the way: keep the kind, and what is always possible.
  PoolSpec plain;
  plain.kind = spec.kind;
  plain.seed = spec.seed;
  plain.window = plain.stride = {1, 1};
  plain.taps = 2;
  // A blur needs neighbours to mirror: on a single row or column there is none, and only a maximum is left.
  if (!legal(plain, input)) plain.kind = Kind::max;
  return plain;
}

bool is_square(const PoolSpec& spec) {
  const auto square = [](const Size2& size) { return size.h == size.w; };
  return square(spec.window) && square(spec.stride) && square(spec.padding) && square(spec.dilation);
}

}  // namespace poolscope
