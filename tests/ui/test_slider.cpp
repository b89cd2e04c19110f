#include <doctest/doctest.h>

#include "app/ui/widgets.h"
#include "tests/ui/headless.h"

using namespace poolscope;
using namespace poolscope::ui;

namespace {

/// A slider with a value that the test keeps, and a count of what it said.
struct Sliding {
  double value;
  SliderOptions options;
  int started = 0, edited = 0, finished = 0;
  test::HeadlessUi app;

  Sliding(double start, SliderOptions o) : value(start), options(std::move(o)) {
    app.draw = [this](Ui& ui) {
      const SliderChange change = slider(ui, "s", "Value", value, options);
      if (change.started) ++started;
      if (change.finished) ++finished;
      if (change.edited) {
        ++edited;
        value = change.value;
      }
    };
    app.frame(2);
  }
  Rect rect() const { return {app.item("s").min, app.item("s").max}; }
};

}  // namespace

TEST_CASE("dragging a slider is one change, from its start to its end") {
  Sliding s(1, {.min = 1, .max = 6, .step = 1, .width = 500});
  // The clickable strip is 7 px wider than the track at both ends.
  const ImVec2 start{s.rect().min.x + 7, s.rect().center().y};
  s.app.drag_from(start, {start.x + 500, start.y}, 20);
  CHECK(s.value == 6);
  CHECK(s.started == 1);
  CHECK(s.finished == 1);
  CHECK(s.edited == 5);  // 2, 3, 4, 5, 6: only real changes
  s.app.drag_from({start.x + 500, start.y}, {start.x - 300, start.y});
  CHECK(s.value == 1);
  CHECK(s.started == 2);
  CHECK(s.finished == 2);
}

TEST_CASE("a click on the track goes there; the value rests inside its limits and on its steps") {
  Sliding s(0, {.min = 0, .max = 10, .step = 2, .width = 400});
  s.app.click("s");
  CHECK(s.value == 6);  // the middle, 5, rounded up to a step
  CHECK(s.started == 1);
  CHECK(s.finished == 1);
  Sliding continuous(0.2, {.min = 0, .max = 1, .width = 400});
  continuous.app.click("s");
  CHECK(continuous.value == doctest::Approx(0.5).epsilon(0.01));
}

TEST_CASE("arrow keys move the focused slider, a held key is one change") {
  Sliding s(3, {.min = 1, .max = 40, .step = 1});
  s.app.key(Key::right);
  CHECK(s.value == 3);  // no focus, no effect
  s.app.key(Key::tab);
  s.app.key(Key::right);
  CHECK(s.value == 4);
  s.app.key(Key::left);
  s.app.key(Key::down);
  CHECK(s.value == 2);
  s.app.key(Key::up, false, true);
  CHECK(s.value == 12);
  s.app.key(Key::end);
  CHECK(s.value == 40);
  s.app.key(Key::home);
  CHECK(s.value == 1);
  s.app.key(Key::page_up);
  CHECK(s.value == 5);
  CHECK(s.started == s.finished);
  const int before = s.started;
  s.app.key_down(Key::right);
  s.app.frame(60);  // long enough for the key to repeat
  s.app.key_up(Key::right);
  s.app.frame();
  CHECK(s.value > 6);
  CHECK(s.started == before + 1);
  CHECK(s.finished == before + 1);
}

TEST_CASE("a slider takes its keys away from shortcuts") {
  Sliding s(3, {.min = 1, .max = 6, .step = 1});
  int shortcuts = 0;
  auto draw = s.app.draw;
  s.app.draw = [&](Ui& ui) {
    draw(ui);
    if (ui.shortcut(Key::right)) ++shortcuts;
  };
  s.app.key(Key::right);
  CHECK(shortcuts == 1);
  s.app.key(Key::tab);
  s.app.key(Key::right);
  CHECK(shortcuts == 1);
  CHECK(s.value == 4);
}

TEST_CASE("a logarithmic slider has its geometric mean in the middle") {
  Sliding s(0.001, {.min = 0.0001, .max = 1, .logarithmic = true, .width = 400});
  s.app.click("s");
  CHECK(s.value == doctest::Approx(0.01).epsilon(0.05));
  s.app.key(Key::tab);
  const double before = s.value;
  s.app.key(Key::right);
  CHECK(s.value == doctest::Approx(before * std::pow(10000.0, 0.01)).epsilon(0.001));
}

TEST_CASE("detents attract the knob but keys pass through them") {
  const double detents[] = {1.0};
  Sliding s(0.5, {.min = 0, .max = 2, .detents = detents, .width = 400});
  const float middle = s.rect().center().x;
  s.app.click_at({middle + 3, s.rect().center().y});
  CHECK(s.value == 1.0);
  s.app.key(Key::tab);
  s.app.key(Key::right);
  CHECK(s.value == doctest::Approx(1.02));
}

TEST_CASE("a disabled slider does nothing and says so") {
  Sliding s(3, {.min = 1, .max = 6, .step = 1, .enabled = false});
  s.app.drag("s", 300);
  s.app.key(Key::tab);
  s.app.key(Key::right);
  CHECK(s.value == 3);
  CHECK(s.started == 0);
  CHECK_FALSE(s.app.item("s").enabled);
  CHECK(s.app.value("s") == "3");
}
