#pragma once

#include <imgui.h>

#include "app/ui/widgets.h"

namespace poolscope::ui {

/// A card between begin and end: its background is drawn last but lies behind, so its content is drawn into
/// the second layer.
struct Ui::OpenCard {
  ImDrawListSplitter layers;
  ImVec2 min;
  float width = 0, min_height = 0, padding = 0;
  CardOptions options;
  std::string key;
};

}  // namespace poolscope::ui
