#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "app/ui/ui.h"

namespace poolscope::test {

/// Acts on widgets as a person would, through Dear ImGui's input and the probe: moves, clicks, drags, types.
/// Works with any frame function, with or without a renderer. Throws with a dump of the probe when a widget
/// is not there.
class Driver {
 public:
  Driver(ui::Probe& probe, std::function<void()> run_frame)
      : probe_(probe), run_frame_(std::move(run_frame)) {}

  /// Draws frames with the input as it is.
  void frame(int count = 1);
  bool has(std::string_view key) const { return probe_.find(key) != nullptr; }
  const ui::ProbeItem& item(std::string_view key) const;
  std::string value(std::string_view key) const { return item(key).value; }

  void move_to(ImVec2 at);
  /// Moves to the middle of the widget; scrolls its panel first when it is out of sight.
  void hover(std::string_view key);
  void press(int button = 0);
  void release(int button = 0);
  void click(std::string_view key, int button = 0);
  void click_at(ImVec2 at, int button = 0);
  void double_click(std::string_view key);
  /// Presses on the widget, moves by so many pixels in small steps, lets go.
  void drag(std::string_view key, float dx, float dy = 0, int steps = 8);
  void drag_from(ImVec2 from, ImVec2 to, int steps = 8);
  void wheel(float notches);

  void type(std::string_view utf8);
  /// Presses and releases the key.
  void key(ui::Key key, bool ctrl = false, bool shift = false);
  void key_down(ui::Key key);
  void key_up(ui::Key key);

 private:
  ui::Probe& probe_;
  std::function<void()> run_frame_;
};

/// What a fresh context needs before its first frame when no window feeds it: a screen size and the key
/// table.
void prepare_input(ImVec2 screen);

}  // namespace poolscope::test
