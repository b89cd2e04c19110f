#include <doctest/doctest.h>

#include "app/ui/widgets.h"
#include "tests/ui/headless.h"

using namespace poolscope;
using namespace poolscope::ui;

namespace {

const std::vector<Choice> kKinds = {{"max", "Max", true, ""},
                                    {"average", "Average", true, ""},
                                    {"broken", "Broken", false, ""},
                                    {"min", "Min", true, ""}};

}  // namespace

TEST_CASE("segmented: a click chooses, a click on the chosen one says nothing") {
  test::HeadlessUi app;
  int kind = 0, chosen = 0;
  app.draw = [&](Ui& ui) {
    if (auto next = segmented(ui, "kind", kKinds, kind)) {
      kind = *next;
      ++chosen;
    }
  };
  app.frame(2);
  app.click("kind.average");
  CHECK(kind == 1);
  CHECK(app.item("kind.average").selected);
  CHECK_FALSE(app.item("kind.max").selected);
  app.click("kind.average");
  CHECK(chosen == 1);
  app.click("kind.broken");
  CHECK(kind == 1);
}

TEST_CASE("segmented: one Tab stop, arrows skip what is disabled and stop at the ends") {
  test::HeadlessUi app;
  int kind = 1;
  app.draw = [&](Ui& ui) {
    button(ui, "before", "Before");
    if (auto next = segmented(ui, "kind", kKinds, kind)) kind = *next;
    button(ui, "after", "After");
  };
  app.frame(2);
  app.key(Key::tab);
  CHECK(app.item("before").focused);
  app.key(Key::tab);
  CHECK(app.item("kind.average").focused);
  app.key(Key::right);
  CHECK(kind == 3);
  CHECK(app.item("kind.min").focused);
  app.key(Key::right);
  CHECK(kind == 3);
  app.key(Key::left);
  app.key(Key::left);
  app.key(Key::left);
  CHECK(kind == 0);
  app.key(Key::tab);
  CHECK(app.item("after").focused);
}

TEST_CASE("dropdown: opens, chooses by mouse and by keys, closes by Escape and by a click elsewhere") {
  test::HeadlessUi app;
  int kind = 0;
  app.draw = [&](Ui& ui) {
    if (auto next = dropdown(ui, "kind", kKinds, kind, 200)) kind = *next;
    gap(ui, 60);
    button(ui, "far", "Far away");
  };
  app.frame(2);
  CHECK_FALSE(app.has("kind.average"));
  app.click("kind");
  REQUIRE(app.has("kind.average"));
  CHECK(app.item("kind.max").selected);
  app.click("kind.average");
  CHECK(kind == 1);
  CHECK_FALSE(app.has("kind.average"));
  CHECK(app.value("kind") == "Average");

  app.click("kind");
  app.click("kind.broken");
  CHECK(kind == 1);
  app.key(Key::escape);
  app.frame();
  CHECK_FALSE(app.has("kind.max"));

  app.click("kind");
  app.key(Key::down);
  app.key(Key::enter);
  app.frame();
  CHECK(kind == 3);

  app.click("kind");
  app.click_at(app.item("far").center());
  app.frame();
  CHECK_FALSE(app.has("kind.max"));
  CHECK(kind == 3);
}

TEST_CASE("dropdown: an open list keeps the keys from shortcuts and from what lies below") {
  test::HeadlessUi app;
  int kind = 0, space = 0, pressed = 0;
  app.draw = [&](Ui& ui) {
    if (button(ui, "below", "Below")) ++pressed;
    if (auto next = dropdown(ui, "kind", kKinds, kind, 200)) kind = *next;
    if (ui.shortcut(Key::space)) ++space;
  };
  app.frame(2);
  app.key(Key::tab);
  app.key(Key::tab);
  CHECK(app.item("kind").focused);
  app.key(Key::enter);
  REQUIRE(app.has("kind.max"));
  app.key(Key::down);
  app.key(Key::space);
  app.frame();
  CHECK(kind == 1);
  CHECK(space == 0);
  CHECK(pressed == 0);
  CHECK_FALSE(app.has("kind.max"));
}

TEST_CASE("a list near the lower edge opens upwards and stays on the screen") {
  test::HeadlessUi app({.screen = {1024, 640}});
  std::vector<Choice> many;
  for (int i = 0; i < 12; ++i)
    many.push_back({std::to_string(i), "Entry " + std::to_string(i), true, ""});
  app.draw = [&](Ui& ui) {
    gap(ui, 140);
    dropdown(ui, "many", many, 3, 200);
  };
  app.frame(2);
  app.click("many");
  app.frame();
  CHECK(app.item("many.0").max.y <= app.item("many").min.y);
  CHECK(app.item("many.0").min.y >= 0);
  CHECK(app.item("many.11").max.y <= app.item("many").min.y);
}

TEST_CASE("menu: hangs below the button that opens it") {
  test::HeadlessUi app;
  int chosen = -1;
  app.draw = [&](Ui& ui) {
    const bool open = button(ui, "export", "Export");
    if (auto entry = menu(ui, "export_menu", kKinds, open)) chosen = *entry;
  };
  app.frame(2);
  app.click("export");
  REQUIRE(app.has("export_menu.average"));
  CHECK(app.item("export_menu.max").min.y >= app.item("export").max.y);
  app.click("export_menu.min");
  CHECK(chosen == 3);
  CHECK_FALSE(app.has("export_menu.average"));
}
