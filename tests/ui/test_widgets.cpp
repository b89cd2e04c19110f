#include <doctest/doctest.h>

#include "app/ui/plot.h"
#include "app/ui/shapes.h"
#include "app/ui/widgets.h"
#include "tests/ui/headless.h"

using namespace poolscope;
using namespace poolscope::ui;

TEST_CASE("a button is pressed by a click that ends on it") {
  test::HeadlessUi app;
  int pressed = 0;
  app.draw = [&](Ui& ui) {
    if (button(ui, "b", "Button")) ++pressed;
    if (button(ui, "off", "Off", {.enabled = false})) pressed += 100;
  };
  app.frame(2);
  app.click("b");
  CHECK(pressed == 1);
  app.hover("b");
  app.press();
  app.move_to({900, 600});
  app.release();
  CHECK(pressed == 1);  // let go elsewhere
  app.click("off");
  CHECK(pressed == 1);
  CHECK(app.value("b") == "Button");
}

TEST_CASE("chips, toggles, links, thumbnails and icon buttons answer to a click") {
  test::HeadlessUi app;
  int chips = 0, links = 0, thumbnails = 0, icons = 0;
  bool on = false;
  app.draw = [&](Ui& ui) {
    if (chip(ui, "chip", "2 × 2", {.selected = true})) ++chips;
    if (toggle(ui, "toggle", "Loop", on)) on = !on;
    if (link(ui, "link", "= window", Icon::link)) ++links;
    if (thumbnail(ui, "thumbnail", 0, {.placeholder = "1 2\n3 4"})) ++thumbnails;
    if (icon_button(ui, "icon", Icon::play, "Play")) ++icons;
  };
  app.frame(2);
  for (const char* key : {"chip", "toggle", "link", "thumbnail", "icon"})
    app.click(key);
  CHECK(chips == 1);
  CHECK(on);
  CHECK(links == 1);
  CHECK(thumbnails == 1);
  CHECK(icons == 1);
  CHECK(app.item("chip").selected);
  CHECK(app.value("toggle") == "on");
  CHECK(app.value("icon") == "play");
}

TEST_CASE("a long label is shortened, never drawn outside its button") {
  test::HeadlessUi app({.real_fonts = true});
  app.draw = [&](Ui& ui) {
    button(ui, "b", "A label that is much too long for its button", {.width = 90});
    fact(ui, "f", "A long label for a fact", "and a value that is rather long, too");
  };
  app.frame(2);
  CHECK(app.item("b").max.x - app.item("b").min.x == 90);
}

TEST_CASE("a table row answers when it is clickable") {
  test::HeadlessUi app;
  int row = -1;
  const Column columns[] = {{"run", Align::left, 1}, {"test", Align::right}};
  const std::vector<TableCell> rows[] = {{{.text = "max"}, {.text = "98"}},
                                         {{.text = "average"}, {.text = "97"}}};
  app.draw = [&](Ui& ui) {
    if (auto clicked = table(ui, "t", columns, rows, row, true)) row = *clicked;
  };
  app.frame(2);
  app.click("t.1");
  CHECK(row == 1);
  CHECK(app.item("t.1").selected);
  CHECK(app.value("t.1") == "average");
}

TEST_CASE("a hot area tells hovering, clicking, dragging and the right button apart") {
  test::HeadlessUi app;
  HotArea last;
  int clicked = 0, pressed = 0, right = 0, twice = 0, held = 0;
  app.draw = [&](Ui& ui) {
    last = hot_area(ui, "cell", {{100, 100}, {200, 200}}, "cell", "3");
    clicked += last.clicked;
    pressed += last.pressed;
    right += last.right_clicked;
    twice += last.double_clicked;
    held += last.held;
  };
  app.frame(2);
  app.hover("cell");
  CHECK(last.hovered);
  app.click("cell");
  CHECK(clicked == 1);
  CHECK(pressed == 1);
  app.drag("cell", 20, 0, 4);
  CHECK(held > 4);
  app.click("cell", 1);
  CHECK(right == 1);
  app.double_click("cell");
  CHECK(twice == 1);
  CHECK(app.item("cell").kind == "cell");
  CHECK(app.value("cell") == "3");
}

TEST_CASE("a tooltip comes after a rest and goes with the mouse") {
  test::HeadlessUi app;
  app.draw = [&](Ui& ui) { icon_button(ui, "b", Icon::play, "Play or pause"); };
  app.frame(2);
  const int plain = app.vertices();
  app.hover("b");
  const int hovered = app.vertices();
  CHECK(app.ui.next_frame_in() > 0);  // asks to be drawn again when it is time
  app.frame(60);
  CHECK(app.vertices() > hovered + 30);
  CHECK(app.ui.next_frame_in() < 0);  // and then rests
  app.move_to({800, 600});
  app.frame();
  CHECK(app.vertices() <= plain);
}

TEST_CASE("a toast can be read and leaves by itself") {
  test::HeadlessUi app({.dt_seconds = 0.1});
  app.draw = [&](Ui& ui) { draw_toasts(ui, {{0, 0}, {1000, 800}}); };
  app.frame(2);
  app.ui.toast("The input was replaced.");
  app.ui.toast("This file is broken.", true);
  app.frame();
  CHECK(app.has("toast"));
  CHECK(app.ui.toasts().size() == 2);
  CHECK(app.ui.next_frame_in() > 0);
  app.frame(150);
  CHECK_FALSE(app.has("toast"));
  CHECK(app.ui.next_frame_in() < 0);
}

TEST_CASE("nothing asks for frames while nothing moves") {
  test::HeadlessUi app;
  double progress = 0.5;
  app.draw = [&](Ui& ui) {
    button(ui, "b", "Button");
    progress_bar(ui, "p", progress);
  };
  app.frame(3);
  CHECK(app.ui.next_frame_in() < 0);
  progress = -1;  // an unknown total wanders
  app.frame();
  CHECK(app.ui.next_frame_in() == 0);
  app.ui.reduced_motion = true;
  app.frame();
  CHECK(app.ui.next_frame_in() < 0);
}

TEST_CASE("without a probe nothing is recorded and everything works") {
  test::HeadlessUi app;
  int pressed = 0;
  app.draw = [&](Ui& ui) { pressed += button(ui, "b", "Button"); };
  app.frame(2);
  const ImVec2 at = app.item("b").center();
  app.ui.probe = nullptr;
  app.click_at(at);
  CHECK(pressed == 1);
}

TEST_CASE("ticks are round and cover the data") {
  CHECK(nice_ticks(0, 1, 5) == std::vector<double>{0, 0.2, 0.4, 0.6000000000000001, 0.8, 1});
  CHECK(nice_ticks(0, 8, 8).size() == 9);
  CHECK(nice_ticks(3, 3, 4) == std::vector<double>{3});
  for (const double scale : {1e-6, 0.3, 1.0, 77.0, 1e9}) {
    const auto ticks = nice_ticks(-scale, 2.7 * scale, 4);
    CHECK(ticks.front() <= -scale * (1 - 1e-9));
    CHECK(ticks.back() >= 2.7 * scale * (1 - 1e-9));
    CHECK(ticks.size() >= 3);
    CHECK(ticks.size() <= 9);
  }
}

TEST_CASE("a plot draws empty, flat, broken and endless data without harm") {
  test::HeadlessUi app;
  std::vector<Curve> curves;
  app.draw = [&](Ui& ui) { plot(ui, "plot", curves, {.title = "Title", .x_label = "x"}); };
  app.frame(2);
  curves = {{.name = "flat", .x = {0, 1, 2}, .y = {3, 3, 3}},
            {.name = "gap", .x = {0, 1, 2}, .y = {1, NAN, 2}, .dashed = true},
            {.name = "endless", .x = {0, 1}, .y = {INFINITY, -INFINITY}},
            {.name = "one point", .x = {1}, .y = {1}, .points = true},
            {.name = "uneven", .x = {0, 1, 2}, .y = {1}}};
  app.frame(2);
  app.hover("plot");
  app.frame(2);
  CHECK(app.item("plot").visible());
}

TEST_CASE("a ribbon begins and ends where it should, its arrow's tip too") {
  const Ribbon r = make_ribbon({10, 20}, {110, 60}, 12);
  CHECK(ribbon_point(r, 0).x == doctest::Approx(10));
  CHECK(ribbon_point(r, 1).y == doctest::Approx(60));
  CHECK(ribbon_point(r, 0.5f).y > 40);
}
