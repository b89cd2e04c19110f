#include <doctest/doctest.h>

#include "app/ui/widgets.h"
#include "tests/ui/headless.h"

using namespace poolscope;
using namespace poolscope::ui;

TEST_CASE("Tab walks all enabled widgets in the order they are drawn, Shift+Tab back") {
  test::HeadlessUi app;
  std::string name = "x";
  app.draw = [&](Ui& ui) {
    button(ui, "one", "One");
    button(ui, "off", "Off", {.enabled = false});
    chip(ui, "two", "Two");
    text_field(ui, "three", name);
    toggle(ui, "four", "Four", true);
  };
  app.frame(2);
  const char* order[] = {"one", "two", "three", "four", "one"};
  for (const char* key : order) {
    app.key(Key::tab);
    CAPTURE(key);
    CHECK(app.item(key).focused);
  }
  app.key(Key::tab, false, true);
  CHECK(app.item("four").focused);
}

TEST_CASE("Enter and Space press the focused widget; after a click they are shortcuts again") {
  test::HeadlessUi app;
  int pressed = 0, plays = 0;
  app.draw = [&](Ui& ui) {
    if (button(ui, "b", "Button")) ++pressed;
    if (ui.shortcut(Key::space)) ++plays;
  };
  app.frame(2);
  app.key(Key::tab);
  app.key(Key::enter);
  app.key(Key::space);
  CHECK(pressed == 2);
  CHECK(plays == 0);
  app.click("b");
  CHECK(pressed == 3);
  app.key(Key::space);
  CHECK(pressed == 3);
  CHECK(plays == 1);
  app.key(Key::tab);
  app.key(Key::escape);  // the ring goes
  app.key(Key::space);
  CHECK(plays == 2);
}

TEST_CASE("the ring shows with the keyboard and goes with the mouse") {
  test::HeadlessUi app;
  app.draw = [&](Ui& ui) {
    button(ui, "a", "A");
    button(ui, "b", "B");
  };
  app.frame(2);
  app.key(Key::tab);
  CHECK(app.item("a").focused);
  app.click("b");
  CHECK_FALSE(app.item("a").focused);
  CHECK_FALSE(app.item("b").focused);
  app.key(Key::tab);  // goes on from where the mouse was
  CHECK(app.item("a").focused);
}

TEST_CASE("a widget that goes away takes the focus with it") {
  test::HeadlessUi app;
  bool there = true;
  app.draw = [&](Ui& ui) {
    if (there) button(ui, "a", "A");
    button(ui, "b", "B");
  };
  app.frame(2);
  app.key(Key::tab);
  there = false;
  app.frame();
  CHECK(app.ui.focused() == 0);
  app.key(Key::tab);
  CHECK(app.item("b").focused);
}

TEST_CASE("a widget out of sight is scrolled into view when the focus comes to it") {
  test::HeadlessUi app({.screen = {1024, 640}});
  app.draw = [&](Ui& ui) {
    for (int i = 0; i < 60; ++i)
      button(ui, "b" + std::to_string(i), "Button");
  };
  app.frame(2);
  CHECK_FALSE(app.item("b40").visible());
  for (int i = 0; i <= 40; ++i)
    app.key(Key::tab);
  app.frame(2);
  CHECK(app.item("b40").focused);
  CHECK(app.item("b40").visible());
  app.click("b0");  // scrolls back
  CHECK(app.item("b0").visible());
}

TEST_CASE("a dialog keeps Tab, Enter, Escape and the mouse to itself") {
  test::HeadlessUi app;
  bool open = false;
  int below = 0, inside = 0;
  app.draw = [&](Ui& ui) {
    if (button(ui, "open", "Open")) open = true;
    if (button(ui, "below", "Below")) ++below;
    if (!open) return;
    if (ModalFrame dialog = begin_modal(ui, "dialog", {.title = "Title"})) {
      if (button(ui, "inside", "Inside")) ++inside;
      end_modal(ui);
      if (dialog.close_requested) open = false;
    }
  };
  app.frame(2);
  app.click("open");
  app.frame(2);
  REQUIRE(app.has("inside"));
  app.key(Key::tab);
  CHECK(app.item("dialog.close").focused);
  app.key(Key::tab);
  CHECK(app.item("inside").focused);
  app.key(Key::enter);
  CHECK(inside == 1);
  app.key(Key::tab);
  CHECK(app.item("dialog.close").focused);
  app.key(Key::escape);
  app.frame(2);
  CHECK_FALSE(open);
  CHECK_FALSE(app.has("dialog"));
  app.click("below");  // the mouse is free again
  CHECK(below == 1);

  app.click("open");
  app.frame(2);
  app.click("dialog.close");
  app.frame(2);
  CHECK_FALSE(open);

  app.click("open");
  app.frame(2);
  app.click_at({5, 880});  // outside
  app.frame(2);
  CHECK_FALSE(open);
  app.click("below");
  CHECK(below == 2);
}

TEST_CASE("typing goes to the text field, not to shortcuts") {
  test::HeadlessUi app;
  std::string value;
  int shortcuts = 0, help = 0, submitted = 0;
  app.draw = [&](Ui& ui) {
    if (text_field(ui, "field", value).submitted) ++submitted;
    if (ui.shortcut(Key::space)) ++shortcuts;
    if (ui.char_typed('?')) ++help;
  };
  app.frame(2);
  app.type("?");
  CHECK(help == 1);
  app.click("field");
  app.type("池化 a?");
  app.key(Key::space);
  CHECK(value == "池化 a?");
  CHECK(help == 1);
  CHECK(shortcuts == 0);
  app.key(Key::backspace);
  CHECK(value == "池化 a");
  app.key(Key::enter);
  CHECK(submitted == 1);
  app.key(Key::space);
  CHECK(shortcuts == 1);  // Enter has left the field
}

TEST_CASE("Tab leaves a text field and keeps what was typed") {
  test::HeadlessUi app;
  std::string value = "a";
  app.draw = [&](Ui& ui) {
    text_field(ui, "field", value);
    button(ui, "next", "Next");
  };
  app.frame(2);
  app.key(Key::tab);
  app.type("b");
  app.key(Key::tab);
  CHECK(app.item("next").focused);
  CHECK_FALSE(app.ui.text_active());
  app.type("c");
  CHECK(value == "b");  // the first Tab selected everything, as fields do
}
