#include <doctest/doctest.h>

#include "app/ui/widgets.h"
#include "tests/ui/headless.h"

using namespace poolscope;
using namespace poolscope::ui;

namespace {
bool overlap(const ProbeItem& a, const ProbeItem& b) {
  return a.min.x < b.max.x - 0.5f && b.min.x < a.max.x - 0.5f && a.min.y < b.max.y - 0.5f &&
         b.min.y < a.max.y - 0.5f;
}
}  // namespace

TEST_CASE("a card is as high as its content and what follows lies below it") {
  test::HeadlessUi app;
  app.draw = [&](Ui& ui) {
    begin_card(ui, "card", {.width = 300});
    button(ui, "in1", "One");
    button(ui, "in2", "Two", {.width = -1});
    end_card(ui);
    button(ui, "after", "After");
  };
  app.frame(2);
  const ProbeItem card = app.item("card");
  CHECK(card.max.x - card.min.x == 300);
  CHECK(app.item("in1").min.y - card.min.y == 16);
  CHECK(card.max.y - app.item("in2").max.y == 16);
  CHECK(app.item("in2").max.x == card.max.x - 16);  // filled to the padding
  CHECK(app.item("after").min.y == card.max.y + 8);
}

TEST_CASE("cards lie in cards and beside each other") {
  test::HeadlessUi app;
  app.draw = [&](Ui& ui) {
    const float half = column_width(ui, 2, 4);
    begin_card(ui, "left", {.width = half});
    begin_card(ui, "inner");
    button(ui, "deep", "Deep");
    end_card(ui);
    end_card(ui);
    same_line(ui, 4);
    begin_card(ui, "right", {.width = half, .height = 200});
    end_card(ui);
  };
  app.frame(2);
  CHECK_FALSE(overlap(app.item("left"), app.item("right")));
  CHECK(app.item("right").min.x - app.item("left").max.x == doctest::Approx(16).epsilon(0.1));
  CHECK(app.item("right").max.y - app.item("right").min.y == 200);
  CHECK(overlap(app.item("inner"), app.item("deep")));
  CHECK(app.item("inner").max.x == app.item("left").max.x - 16);
}

TEST_CASE("chips flow into new rows and never over each other or over the edge") {
  for (const float scale : {0.75f, 1.0f, 1.5f, 2.5f}) {
    test::HeadlessUi app({.scale = scale, .screen = {360, 900}});
    app.draw = [&](Ui& ui) {
      for (int i = 0; i < 9; ++i) {
        const std::string label(static_cast<size_t>(3 + 2 * i), 'x');
        if (i > 0) flow(ui, chip_width(ui, label));
        chip(ui, "chip" + std::to_string(i), label);
      }
    };
    app.frame(2);
    for (int i = 0; i < 9; ++i) {
      const ProbeItem a = app.item("chip" + std::to_string(i));
      CHECK(a.max.x <= 360 - app.ui.sp(4) + 0.5f);
      for (int j = 0; j < i; ++j)
        CHECK_FALSE(overlap(a, app.item("chip" + std::to_string(j))));
    }
  }
}

TEST_CASE("equal columns and their gaps use exactly what is left") {
  test::HeadlessUi app;
  app.draw = [&](Ui& ui) {
    const float third = column_width(ui, 3);
    for (int i = 0; i < 3; ++i) {
      if (i > 0) same_line(ui);
      button(ui, "b" + std::to_string(i), "B", {.width = third});
    }
  };
  app.frame(2);
  CHECK(app.item("b2").max.x <= 1440 - 16);
  CHECK(app.item("b2").max.x > 1440 - 16 - 3);
  CHECK(app.item("b0").max.x + 8 == app.item("b1").min.x);
}

TEST_CASE("a panel scrolls with the wheel and by its thumb") {
  test::HeadlessUi app({.screen = {400, 640}});
  app.draw = [&](Ui& ui) {
    for (int i = 0; i < 40; ++i)
      button(ui, "b" + std::to_string(i), "Button");
  };
  app.frame(3);
  CHECK_FALSE(app.item("b39").visible());
  app.hover("b39");
  CHECK(app.item("b39").visible());
  CHECK_FALSE(app.item("b0").visible());
  app.drag_from({400 - 4, 600}, {400 - 4, -200});
  CHECK(app.item("b0").visible());
}

TEST_CASE("all lengths follow the scale and stay whole pixels") {
  for (const float scale : {0.75f, 1.0f, 1.25f, 1.5f, 2.5f}) {
    test::HeadlessUi app({.scale = scale});
    app.draw = [&](Ui& ui) { button(ui, "b", "Button"); };
    app.frame(2);
    const float height = app.item("b").max.y - app.item("b").min.y;
    CHECK(height == std::round(32 * scale));
    CHECK(app.ui.hairline() >= 1);
    CHECK(app.ui.sp(1) == std::round(4 * scale));
  }
}
