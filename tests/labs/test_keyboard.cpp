// Everything from the keyboard: Tab comes to every widget and shows a ring, Enter presses it, Escape leaves
// dialogs.

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "app/labs/labs.h"
#include "tests/labs/lab_driver.h"

using namespace poolscope;
using namespace poolscope::test;

namespace {

/// What a person can press, set or type into. Cells and planes are for the mouse as well: the arrow keys step
/// to them.
bool is_control(const ui::ProbeItem& item) {
  static const std::set<std::string> kKinds{"button", "link",  "chip",     "segment",  "toggle",
                                            "slider", "field", "dropdown", "thumbnail"};
  return item.enabled && kKinds.contains(item.kind);
}

std::set<std::string> controls_of(const LabDriver& app) {
  std::set<std::string> keys;
  for (const ui::ProbeItem& item : app.probe().items())
    if (is_control(item)) keys.insert(item.key);
  return keys;
}

/// Where Tab goes until it comes to the first widget again. Each has a ring, and is in sight.
std::set<std::string> walk(LabDriver& app) {
  std::set<std::string> seen;
  std::string first;
  for (int i = 0; i < 400; ++i) {
    app.key(ui::Key::tab);
    app.frame(2);
    const auto& items = app.probe().items();
    const auto ring = std::find_if(items.begin(), items.end(), [](const auto& item) { return item.focused; });
    if (ring == items.end()) {
      FAIL_CHECK("Tab went to something without a ring after "
                 << (seen.empty() ? "nothing" : *seen.rbegin()));
      continue;
    }
    if (!ring->visible()) FAIL_CHECK(ring->key << " has the ring out of sight");
    if (first.empty())
      first = ring->key;
    else if (ring->key == first)
      return seen;
    seen.insert(ring->key);
    if (i == 0) seen.insert(first);
  }
  FAIL_CHECK("Tab finds no end");
  return seen;
}

/// Of a group of segments Tab comes to one, and the arrow keys go on from there (tests/ui/test_choices.cpp).
bool reached(const LabDriver& app, const std::set<std::string>& seen, const std::string& key) {
  if (seen.contains(key)) return true;
  if (app.item(key).kind != "segment") return false;
  const std::string group = key.substr(0, key.rfind('.') + 1);
  const auto next = seen.lower_bound(group);
  return next != seen.end() && next->starts_with(group);
}

void check_walk(LabDriver& app) {
  app.frame(3);
  const std::set<std::string> wanted = controls_of(app);
  const std::set<std::string> seen = walk(app);
  for (const std::string& key : wanted)
    if (app.has(key) && !reached(app, seen, key)) FAIL_CHECK("Tab never comes to " << key);
}

}  // namespace

TEST_CASE("in every lab Tab comes to every widget, with a ring around it") {
  for (const LabInfo& lab : all_labs()) {
    CAPTURE(std::string(lab.name));
    LabDriver app;
    app.model.session.lab = std::string(lab.name);
    app.model.finish_work();
    check_walk(app);
  }
}

TEST_CASE("on a picture, too, and in large type with folded panels") {
  LabDriver app;
  apply_command(app.model, command::OpenBuiltin{"scene"});
  app.model.finish_work();
  check_walk(app);
  LabDriver large({.scale = 2.5f, .screen = {1024, 640}});
  check_walk(large);
}

TEST_CASE("in every page of the Network lab") {
  for (int page = 0; page < 5; ++page) {
    CAPTURE(page);
    LabDriver app;
    apply_command(app.model, command::SetLab{"network"});
    apply_command(app.model, command::Network{NetworkOrder::page, page, {}});
    app.model.finish_work();
    check_walk(app);
  }
}

TEST_CASE("in every dialog, and Escape leaves it") {
  for (const Dialog dialog : {Dialog::keys, Dialog::palette, Dialog::take_away}) {
    CAPTURE(static_cast<int>(dialog));
    const int tabs = dialog == Dialog::take_away ? 5 : 1;
    for (int tab = 0; tab < tabs; ++tab) {
      CAPTURE(tab);
      LabDriver app;
      app.state.take_away.tab = tab;
      app.frame(2);
      apply_command(app.model, command::ShowDialog{static_cast<int>(dialog)});
      app.frame(5);
      // The dialog keeps the keyboard to itself: what lies below is not visited.
      const std::set<std::string> seen = walk(app);
      const std::string mine = dialog == Dialog::keys      ? "keys."
                               : dialog == Dialog::palette ? "palette."
                                                           : "export.";
      for (const std::string& key : controls_of(app))
        if (key.starts_with(mine) && !reached(app, seen, key)) FAIL_CHECK("Tab never comes to " << key);
      for (const std::string& key : seen)
        CHECK(key.starts_with(mine));
      app.key(ui::Key::escape);
      app.frame(2);
      if (app.model.session.dialog != Dialog::none) {  // the first Escape has left a text field
        app.key(ui::Key::escape);
        app.frame(2);
      }
      CHECK(app.model.session.dialog == Dialog::none);
    }
  }
}

TEST_CASE("the keyboard alone opens a lesson, answers and leaves it") {
  LabDriver app;
  std::vector<Error> problems;
  app.model.lessons = load_lessons(std::filesystem::path(POOLSCOPE_ASSETS) / "lessons", problems);
  keep_possible(app.model.lessons, lab_names());
  app.frame(2);
  app.key(ui::Key::l, true);
  app.frame(3);
  app.key(ui::Key::down);
  app.key(ui::Key::enter);
  app.frame(3);
  REQUIRE(present_lesson(app.model) != nullptr);
  check_walk(app);
  app.key(ui::Key::escape);  // the ring goes
  const size_t before = present_lesson(app.model)->step;
  app.key(ui::Key::page_down);
  app.frame(2);
  CHECK(present_lesson(app.model)->step == before + 1);
}

TEST_CASE("Enter and Space press what has the ring") {
  for (const ui::Key key : {ui::Key::enter, ui::Key::space}) {
    LabDriver app;
    app.frame(2);
    for (int i = 0; i < 200 && !app.item("preset.3x3s1").focused; ++i)
      app.key(ui::Key::tab);
    REQUIRE(app.item("preset.3x3s1").focused);
    app.key(key);
    app.frame(2);
    CHECK(app.model.document.spec.window == Size2{3, 3});
  }
  LabDriver app;  // and the arrows choose within a group
  app.frame(2);
  for (int i = 0; i < 200 && !app.item("kind.max").focused; ++i)
    app.key(ui::Key::tab);
  app.key(ui::Key::right);
  app.frame(2);
  CHECK(app.model.document.spec.kind == Kind::average);
}

TEST_CASE("a presenter reads the lesson beside the stage, in its own place") {
  LabDriver app({.screen = {1920, 1080}});
  std::vector<Error> problems;
  app.model.lessons = load_lessons(std::filesystem::path(POOLSCOPE_ASSETS) / "lessons", problems);
  keep_possible(app.model.lessons, lab_names());
  apply_command(app.model, command::StartLesson{app.model.lessons.front(), 0});
  apply_command(app.model, command::TogglePresenting{});
  app.frame(3);
  CHECK(app.has("lesson.next"));
  CHECK_FALSE(app.has("top.export"));
  CHECK_FALSE(app.has("kind.max"));
  // No cell lies below the words.
  const float left = app.item("lesson.progress").min.x;
  for (const ui::ProbeItem& item : app.probe().items())
    if (item.kind == "cell") CHECK(item.max.x <= left);
  app.key(ui::Key::page_down);
  app.frame(2);
  CHECK(present_lesson(app.model)->step == 1);
  app.key(ui::Key::escape);
  app.frame(2);
  CHECK_FALSE(app.model.session.presenting);
  CHECK(app.has("lesson.next"));
}
