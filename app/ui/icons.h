#pragma once

#include <imgui.h>

namespace poolscope::ui {

/// Drawn as shapes, so that they are crisp at every scale and need no font.
enum class Icon {
  none,
  play,
  pause,
  step_back,
  step_forward,
  jump_start,
  jump_end,
  loop,
  sun,
  moon,
  open,
  save,
  undo,
  redo,
  eye,
  link,
  unlink,
  close,
  plus,
  minus,
  help,
  keyboard,
  chevron_down,
  chevron_right,
  chevron_left,
  chevron_up,
  pencil,
  flip,
  check,
  search,
  folder,
  file,
  image,
  copy,
  panel_left,
  panel_right,
  more,
  globe,
  text_size,
  refresh,
  warning,
  count
};

const char* icon_name(Icon icon);
/// Fills a square of `size_px` pixels around `center`.
void draw_icon(ImDrawList* list, Icon icon, ImVec2 center, float size_px, ImU32 color);
/// Poolscope's mark: four squares, one lit.
void draw_logo(ImDrawList* list, ImVec2 min, float size_px, ImU32 neutral, ImU32 lit);

}  // namespace poolscope::ui
