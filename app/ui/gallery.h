#pragma once

#include <string>

#include "app/model/text.h"
#include "app/ui/ui.h"

namespace poolscope::ui {

/// What the gallery's own widgets hold while it is open.
struct GalleryState {
  int tab = 0, kind = 0, code = 0, choice = 1, row = 1, preset = 0, thumbnail = 0;
  double window = 2, stride = 2, padding = 0, dilation = 1, rate = 0.01, seek = 0.34;
  bool ceil = false, linked = true, loop = true, dialog = false, playing = true;
  std::string field, name = "campus.jpg";
  uint64_t texture = 0;  // any small picture of the renderer
};

/// Every widget in every state, arranged as in a lab: documentation and screenshot test in one. The words are
/// those of assets/languages/*/ui.toml.
void draw_gallery(Ui& ui, GalleryState& state, const Texts& texts, Rect area);

}  // namespace poolscope::ui
