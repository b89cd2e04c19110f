#pragma once

#include <cstdint>
#include <span>

#include "app/model/document.h"

namespace poolscope {

/// A usual window and stride, offered by the left panel and the command palette.
struct Preset {
  const char* key;         ///< of its widget: "preset.2x2s2"
  const char* label;       ///< nullptr: the text "controls.global"
  int64_t window, stride;  ///< window 0: the whole input
};

std::span<const Preset> all_presets();
/// The document with that window and stride, without padding, dilation and rounding up.
Document with_preset(Document document, const Preset& preset);

}  // namespace poolscope
