#include "app/labs/presets.h"

namespace poolscope {

namespace {

constexpr Preset kPresets[] = {{"preset.2x2s2", "2×2 / 2", 2, 2},
                               {"preset.3x3s3", "3×3 / 3", 3, 3},
                               {"preset.3x3s2", "3×3 / 2 AlexNet", 3, 2},
                               {"preset.3x3s1", "3×3 / 1", 3, 1},
                               {"preset.global", nullptr, 0, 0}};

}  // namespace

std::span<const Preset> all_presets() {
  return kPresets;
}

Document with_preset(Document document, const Preset& preset) {
  PoolSpec& spec = document.spec;
  spec.padding = {0, 0};
  spec.dilation = {1, 1};
  spec.rounding = Rounding::floor;
  spec.window = {preset.window, preset.window};
  spec.stride = {preset.stride, preset.stride};
  if (preset.window == 0) spec.window = spec.stride = {document.shape().h, document.shape().w};
  document.stride_linked = spec.stride == spec.window;
  document.rectangular = document.rectangular && spec.window.h != spec.window.w;
  return document;
}

}  // namespace poolscope
