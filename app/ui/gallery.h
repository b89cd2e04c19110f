#pragma once

#include <string>

#include "app/ui/ui.h"

namespace poolscope::ui {

/// What the gallery's own widgets hold while it is open.
struct GalleryState {
  int kind = 0, menu = 1, row = 1;
  double window = 2, stride = 2, rate = 0.01, seek = 0.4;
  bool toggle = true, loop = false, dialog = false;
  std::string field = "photo.jpg", empty;
  uint64_t texture = 0;  // any small picture
};

/// Every widget in every state: documentation and screenshot test in one. Texts are given by key.
struct GalleryTexts {
  /// Looks a key of assets/languages/*/ui.toml up.
  const std::string& operator()(const char* key) const { return get(get_context, key); }
  const std::string& (*get)(const void* context, const char* key) = nullptr;
  const void* get_context = nullptr;
};
void draw_gallery(Ui& ui, GalleryState& state, const GalleryTexts& texts, Rect area);

}  // namespace poolscope::ui
