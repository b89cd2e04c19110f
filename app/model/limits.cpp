#include "app/model/limits.h"

#include <algorithm>

namespace poolscope {

namespace {

// Sliders stay usable on a photo: larger windows are reached by the presets ("global").
constexpr int64_t kSliderWindow = 32, kSliderStride = 32, kSliderDilation = 8;

bool legal(const PoolSpec& spec, const Shape& input) {
  return validate(spec, input).ok();
}

/// The largest value in [low, most] up to which, counting from low, the gate lets everything pass.
template <class Set>
Range reach(PoolSpec spec, const Shape& input, int64_t low, int64_t most, Set set) {
  Range range{low, low};
  for (int64_t value = low; value <= most; ++value) {
    set(spec, value);
    if (!legal(spec, input)) break;
    range.high = value;
  }
  return range;
}

}  // namespace

SpecLimits spec_limits(const PoolSpec& spec, const Shape& input) {
  SpecLimits limits;
  // Padding is bound by the window, so a window may grow as if there were none; fit_spec() brings it back.
  const auto window = [&](int64_t side, auto set) {
    PoolSpec bare = spec;
    bare.padding = {0, 0};
    Range range = reach(bare, input, 1, std::min(side, kSliderWindow), set);
    return range;
  };
  limits.window_h = window(input.h, [](PoolSpec& s, int64_t v) { s.window.h = v; });
  limits.window_w = window(input.w, [](PoolSpec& s, int64_t v) { s.window.w = v; });
  limits.window_h.high = std::max(limits.window_h.high, spec.window.h);
  limits.window_w.high = std::max(limits.window_w.high, spec.window.w);
  limits.stride_h =
      reach(spec, input, 1, std::min(input.h, kSliderStride), [](PoolSpec& s, int64_t v) { s.stride.h = v; });
  limits.stride_w =
      reach(spec, input, 1, std::min(input.w, kSliderStride), [](PoolSpec& s, int64_t v) { s.stride.w = v; });
  limits.stride_h.high = std::max(limits.stride_h.high, spec.stride.h);
  limits.stride_w.high = std::max(limits.stride_w.high, spec.stride.w);
  limits.padding_h = reach(spec, input, 0, spec.window.h, [](PoolSpec& s, int64_t v) { s.padding.h = v; });
  limits.padding_w = reach(spec, input, 0, spec.window.w, [](PoolSpec& s, int64_t v) { s.padding.w = v; });
  limits.dilation_h =
      reach(spec, input, 1, kSliderDilation, [](PoolSpec& s, int64_t v) { s.dilation.h = v; });
  limits.dilation_w =
      reach(spec, input, 1, kSliderDilation, [](PoolSpec& s, int64_t v) { s.dilation.w = v; });
  return limits;
}

PoolSpec fit_spec(PoolSpec spec, const Shape& input) {
  if (legal(spec, input)) return spec;
  const auto shrink = [&](int64_t& value, int64_t low) {
    while (value > low && !legal(spec, input))
      --value;
  };
  // First what depends on the window, then the window itself.
  spec.window = {std::min(spec.window.h, input.h), std::min(spec.window.w, input.w)};
  spec.padding = {std::min(spec.padding.h, spec.window.h), std::min(spec.padding.w, spec.window.w)};
  spec.dilation = {std::min<int64_t>(spec.dilation.h, kSliderDilation),
                   std::min<int64_t>(spec.dilation.w, kSliderDilation)};
  for (int64_t* value : {&spec.padding.h, &spec.padding.w})
    shrink(*value, 0);
  for (int64_t* value : {&spec.dilation.h, &spec.dilation.w, &spec.window.h, &spec.window.w})
    shrink(*value, 1);
  return spec;
}

}  // namespace poolscope
