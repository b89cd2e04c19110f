#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
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
  explicit Ui(Fonts& fonts_in);
  ~Ui();
  Ui(const Ui&) = delete;
  Ui& operator=(const Ui&) = delete;

  Fonts& fonts;
  const Theme* theme = &paper_theme();
  Probe* probe = nullptr;
  bool reduced_motion = false;
  /// Widgets that a lesson locks are drawn as disabled ones; nullptr: none.
  std::function<bool(std::string_view key)> locked;
  bool is_locked(std::string_view key) const { return locked && locked(key); }

  /// After ImGui::NewFrame and before ImGui::Render. `dt_seconds` is the frame's one reading of the clock.
  void begin_frame(double dt_seconds);
  /// Moves the keyboard focus, draws the tooltip.
  void end_frame();
  double time_seconds() const { return time_; }
  double dt_seconds() const { return dt_; }

  /// Lengths: `sp(n)` is n steps of the 4 px grid, `dp(x)` is x pixels at 100 %; both scaled and rounded.
  float scale() const { return fonts.scale(); }
  float sp(float steps) const { return std::round(steps * 4.0f * scale()); }
  float dp(float pixels) const { return std::round(pixels * scale()); }
  float hairline() const { return std::max(1.0f, std::floor(scale() + 0.25f)); }
  float radius() const { return dp(8); }
  float control_height() const { return dp(32); }

  /// A frame is needed in so many seconds although nothing happens (a toast leaves, the caret blinks); 0: the
  /// next one. `next_frame_in` is what the frame just drawn asked for, negative for nothing.
  void want_frame_in(double seconds);
  double next_frame_in() const { return next_frame_in_; }

  void toast(std::string words, bool is_error = false);
  std::deque<Toast>& toasts() { return toasts_; }

  /// Records a widget for tests; labs record their cells with it too. No cost without a probe.
  void record(std::string_view key, std::string_view kind, std::string_view value, Rect rect,
              bool enabled = true, bool selected = false, bool focused = false);

  // Keyboard focus: every enabled widget is reached with Tab in the order it is drawn; Escape drops it.
  /// Called once per frame by every focusable widget, before it is drawn; true when it holds the focus.
  bool focus_item(ImGuiID id, bool enabled);
  /// True in the frame after the focus came to this widget by keyboard: scroll it into view.
  bool focus_arrived(ImGuiID id) const { return id == arrived_id_; }
  void set_focus(ImGuiID id, bool by_keyboard = false);
  ImGuiID focused() const { return focus_id_; }
  /// Shown only after the keyboard was used, hidden by the next click. Keys act on the focused widget only
  /// then, so that Space after a click still means play.
  bool focus_visible() const { return focus_visible_ && focus_id_ != 0; }
  /// Between push and pop the widgets of a dialog or an open list are drawn. Only the innermost open one's
  /// take part.
  void push_focus_scope(ImGuiID id);
  void pop_focus_scope();
  /// A dialog or list was open in the last frame: shortcuts of what lies below should rest.
  bool scope_open() const { return top_scope_ != 0; }
  bool in_top_scope() const { return scopes_.empty() ? top_scope_ == 0 : scopes_.back() == top_scope_; }

  /// True in the frame in which the key goes down (and while it repeats, when asked).
  bool key_pressed(Key key, bool repeat = true) const;
  bool key_down(Key key) const;
  /// The same for a shortcut of the whole program, asked after all widgets were drawn: not while a text field
  /// has the keyboard, not when a widget took the key, and only with exactly these modifiers.
  bool shortcut(Key key, bool ctrl = false, bool shift = false, bool repeat = false) const;
  /// A character was typed, wherever it is on this keyboard ("?"). Not while a text field has the keyboard.
  bool char_typed(unsigned code_point) const;
  bool ctrl() const;
  bool shift() const;
  bool text_active() const { return ImGui::GetIO().WantTextInput; }
  /// A widget used the key in this frame: shortcuts must not.
  void take_key(Key key) { taken_ |= uint64_t{1} << static_cast<int>(key); }
  bool key_taken(Key key) const { return (taken_ >> static_cast<int>(key)) & 1; }

  /// The innermost region (panel, card, column): right edge (x on screen) that widgets fill to, and where it
  /// began.
  float right_edge() const;
  float region_top() const;
  void push_region(float right_x);
  void pop_region() { regions_.pop_back(); }

  /// For widgets: the tooltip of this item, shown after a rest of the mouse or with the focus ring.
  void offer_tooltip(ImGuiID id, Rect rect, bool hovered, std::string_view words);

  /// For begin_modal: dialogs that are no longer drawn are closed at the end of the frame.
  void note_modal(ImGuiID popup) { modals_now_.push_back(popup); }

  /// Keys of the widgets that were pressed since the last call.
  std::vector<std::string> take_pressed() { return std::exchange(pressed_, {}); }
  void note_pressed(std::string_view key) { pressed_.emplace_back(key); }
  /// The next time that this widget is drawn it is scrolled into sight.
  void bring_into_sight(std::string key) { sought_ = std::move(key); }
  bool seeks(std::string_view key) const { return !sought_.empty() && sought_ == key; }
  void found() { sought_.clear(); }

  /// State that some widgets keep from one frame to the next, by id.
  struct Memory {
    double number = 0;
    bool flag = false;
  };
  Memory& memory(ImGuiID id) { return memory_[id]; }

  /// Open cards, innermost last.
  struct OpenCard;
  std::vector<std::unique_ptr<OpenCard>>& open_cards() { return cards_; }

 private:
  void move_focus();
  void draw_tooltip();
  void close_left_modals();

  struct Focusable {
    ImGuiID id, scope;
  };
  double time_ = 0, dt_ = 0, next_frame_in_ = -1, asked_ = -1;
  std::deque<Toast> toasts_;
  ImGuiID focus_id_ = 0, arrived_id_ = 0;
  bool focus_visible_ = false;
  bool focus_fresh_ = false;      // set in this frame: the widget may be drawn from the next one on
  std::vector<Focusable> order_;  // of this frame, in order of drawing
  std::vector<ImGuiID> scopes_;   // being drawn now
  ImGuiID top_scope_ = 0, next_top_scope_ = 0;
  uint64_t taken_ = 0;
  struct Region {
    float right, top;
  };
  std::vector<Region> regions_;
  std::map<ImGuiID, Memory> memory_;
  std::vector<ImGuiID> modals_now_, modals_before_;
  std::vector<std::string> pressed_;
  std::string sought_;
  std::vector<std::unique_ptr<OpenCard>> cards_;

  struct Tip {
    ImGuiID id = 0;
    Rect rect{};
    std::string words;
    double since = 0;
    bool by_mouse = false, alive = false;
  } tip_;
};

/// The number by which Dear ImGui knows the key: ImGuiKey since 1.87, the backend's (GLFW's) code before.
int native_key(Key key);

}  // namespace poolscope::ui
