#pragma once

#include <cmath>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <imgui.h>
#include "app/ui/fonts.h"
#include "app/ui/probe.h"
#include "app/ui/theme.h"

namespace poolscope::ui {

struct Rect {
  ImVec2 min, max;
  float width() const { return max.x - min.x; }
  float height() const { return max.y - min.y; }
  ImVec2 center() const { return {(min.x + max.x) / 2, (min.y + max.y) / 2}; }
  bool contains(ImVec2 p) const { return p.x >= min.x && p.x < max.x && p.y >= min.y && p.y < max.y; }
};

/// A short message at the bottom of the stage that leaves by itself.
struct Toast {
  std::string text;
  bool is_error = false;
  double until_seconds = 0;
};

/// The keys that widgets and shortcuts ask for, the same on every version of Dear ImGui.
enum class Key {
  tab,
  left,
  right,
  up,
  down,
  page_up,
  page_down,
  home,
  end,
  insert,
  del,
  backspace,
  space,
  enter,
  escape,
  f1,
  f5,
  f11,
  a,
  b,
  c,
  d,
  e,
  f,
  g,
  h,
  i,
  j,
  k,
  l,
  m,
  n,
  o,
  p,
  q,
  r,
  s,
  t,
  u,
  v,
  w,
  x,
  y,
  z,
  num0,
  num1,
  num2,
  num3,
  num4,
  num5,
  num6,
  num7,
  num8,
  num9,
  plus,
  minus,
  slash,
  comma,
  period,
  left_bracket,
  right_bracket,
  count
};

/// What all widgets share during a frame: tokens, fonts, scale, keyboard focus, the probe. One per window;
/// passed to every widget, never global.
class Ui {
 public:
  explicit Ui(Fonts& fonts_in) : fonts(fonts_in) {}

  Fonts& fonts;
  const Theme* theme = &paper_theme();
  Probe* probe = nullptr;
  bool reduced_motion = false;

  /// After ImGui::NewFrame and before ImGui::Render. `dt_seconds` is the frame's one reading of the clock.
  void begin_frame(double dt_seconds);
  void end_frame();
  double time_seconds() const { return time_; }
  double dt_seconds() const { return dt_; }

  /// Lengths: `sp(n)` is n steps of the 4 px grid, `dp(x)` is x pixels at 100 %, both scaled and rounded.
  float scale() const { return fonts.scale(); }
  float sp(float steps) const { return std::round(steps * 4.0f * scale()); }
  float dp(float pixels) const { return std::round(pixels * scale()); }
  float hairline() const { return std::max(1.0f, std::floor(scale() + 0.25f)); }
  float radius() const { return dp(8); }
  float control_height() const { return dp(32); }

  /// Frames that follow although nothing happens (a toast leaving, the caret blinking). Seconds until the
  /// next one is needed, negative when none is.
  void want_frame_in(double seconds);
  double next_frame_in() const { return next_frame_in_; }

  void toast(std::string text, bool is_error = false);
  const std::deque<Toast>& toasts() const { return toasts_; }

  /// Records a widget for tests; labs record their cells with it too. No cost without a probe.
  void record(std::string_view key, std::string_view kind, std::string_view value, Rect rect,
              bool enabled = true, bool selected = false, bool focused = false);

  // Keyboard focus: every enabled widget is reached with Tab in the order it is drawn; Escape drops it.
  /// True when the widget with this id holds the focus. Called once per frame by every focusable widget.
  bool focus_item(ImGuiID id, bool enabled);
  void set_focus(ImGuiID id) { focus_id_ = id; }
  ImGuiID focused() const { return focus_id_; }
  bool has_focus() const { return focus_id_ != 0; }
  /// Shown only after the keyboard was used, hidden by the next click.
  bool focus_visible() const { return focus_visible_; }
  /// Only items of the topmost dialog take part while one is open.
  void push_focus_scope(ImGuiID id);
  void pop_focus_scope();

  /// True in the frame in which the key goes down (and while it repeats, when asked). Not while a text field
  /// has the keyboard, unless `even_in_text`.
  bool key_pressed(Key key, bool repeat = true, bool even_in_text = false) const;
  bool key_down(Key key) const;
  bool ctrl() const { return ImGui::GetIO().KeyCtrl; }
  bool shift() const { return ImGui::GetIO().KeyShift; }
  /// A text field has the keyboard.
  bool text_active() const { return text_active_; }
  /// A widget took the key this frame (arrow on a focused slider): shortcuts must not act on it as well.
  void take_key(Key key);
  bool key_taken(Key key) const;

 private:
  friend class UiAccess;
  void move_focus();

  double time_ = 0, dt_ = 0, next_frame_in_ = -1;
  std::deque<Toast> toasts_;
  ImGuiID focus_id_ = 0;
  bool focus_visible_ = false;
  bool text_active_ = false, text_active_next_ = false;
  std::vector<ImGuiID> order_;   // focusable ids in this frame, in order of drawing
  std::vector<ImGuiID> scopes_;  // open dialogs, outermost first
  ImGuiID top_scope_ = 0, top_scope_next_ = 0;
  std::vector<ImGuiID> scope_of_order_;
  uint64_t taken_ = 0;
  ImGuiID slider_key_id_ = 0;  // slider that is being moved with the keyboard
};

/// The Dear ImGui key for ours.
int native_key(Key key);

}  // namespace poolscope::ui
