#include <doctest/doctest.h>

#include <algorithm>

#include "app/labs/shortcuts.h"
#include "core/base/random.h"
#include "core/data/builtin.h"
#include "core/pooling/kinds.h"
#include "tests/common/thoroughness.h"
#include "tests/labs/lab_driver.h"

using namespace poolscope;
using poolscope::test::HeadlessOptions;
using poolscope::test::LabDriver;

TEST_CASE("kinds, presets and geometry are changed by clicking, and undone") {
  LabDriver app;
  app.frame(3);
  app.click("kind.average");
  CHECK(app.model.document.spec.kind == Kind::average);
  app.click("preset.3x3s1");
  CHECK(app.model.document.spec.window == Size2{3, 3});
  CHECK(app.model.document.spec.stride == Size2{1, 1});
  CHECK_FALSE(app.model.document.stride_linked);
  app.click("stride.link");
  CHECK(app.model.document.spec.stride == Size2{3, 3});
  app.click("preset.global");
  CHECK(app.model.document.spec.window == Size2{4, 4});
  CHECK(app.model.steps() == 1);
  app.click("top.undo");
  app.click("top.undo");
  app.click("top.undo");
  app.click("top.undo");
  CHECK(app.model.document == start_document());
  app.click("top.redo");
  CHECK(app.model.document.spec.kind == Kind::average);
}

TEST_CASE("dragging the window's slider is one undo step") {
  LabDriver app;
  app.frame(3);
  app.drag("window", 90);
  CHECK(app.model.document.spec.window.h > 2);
  CHECK(app.model.history.depth() == 1);
}

TEST_CASE("every setting that a slider can be dragged to is legal") {
  LabDriver app;
  app.frame(3);
  for (const char* key : {"window", "stride", "padding", "dilation"}) {
    for (const float way : {300.0f, -300.0f}) {
      app.drag(key, way);
      CHECK(validate(app.model.document.spec, app.model.document.shape()).ok());
    }
  }
}

TEST_CASE("the transport plays, steps, scrubs and jumps") {
  LabDriver app;
  app.frame(3);
  app.click("transport.forward");
  app.frame(60);
  CHECK(app.model.session.playback.step() == 1);
  app.click("transport.back");
  app.frame(60);
  CHECK(app.model.session.playback.step() == 0);
  app.click("transport.end");
  CHECK(app.model.session.playback.step() == 3);
  app.click("transport.play");
  app.frame(2);
  CHECK(app.model.session.playback.playing);
  app.click("transport.play");
  CHECK_FALSE(app.model.session.playback.playing);
  app.click("output.0.1");
  CHECK(app.model.session.playback.step() == 1);
  CHECK(app.model.record().result == 3);
}

TEST_CASE("keys do what buttons do") {
  LabDriver app;
  app.frame(3);
  app.key(ui::Key::right);
  app.frame(60);
  CHECK(app.model.session.playback.step() == 1);
  app.key(ui::Key::end);
  CHECK(app.model.session.playback.step() == 3);
  app.key(ui::Key::b);
  CHECK(app.model.document.direction == Direction::backward);
  app.key(ui::Key::z, true);
  CHECK(app.model.document.direction == Direction::forward);
  app.key(ui::Key::t);
  CHECK(app.model.settings.theme == ThemeName::night);
  app.key(ui::Key::space);
  CHECK(app.model.session.playback.playing);
  app.key(ui::Key::f1);
  CHECK(app.model.session.dialog == Dialog::keys);
  app.frame(2);
  app.key(ui::Key::escape);
  CHECK(app.model.session.dialog == Dialog::none);
}

TEST_CASE("every action has a shortcut that the program understands") {
  for (const Action& action : all_actions()) {
    std::string_view rest = action.shortcut;
    while (!rest.empty()) {
      const size_t end = rest.find(' ');
      CHECK_MESSAGE(parse_shortcut(rest.substr(0, end)).has_value(), action.id);
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
  }
}

TEST_CASE("a cell is edited in place; words are refused, Escape keeps the number") {
  LabDriver app;
  app.frame(3);
  app.double_click("input.0.0");
  app.frame(2);
  REQUIRE(app.model.session.editing.has_value());
  app.key(ui::Key::a, true);
  app.type("7.5");
  app.key(ui::Key::enter);
  app.frame(2);
  CHECK(app.model.document.values().at(0, 0, 0, 0) == 7.5f);
  CHECK(app.model.record().result == 7.5f);
  app.double_click("input.0.1");
  app.frame(2);
  app.key(ui::Key::a, true);
  app.type("many");
  app.key(ui::Key::enter);
  app.frame(2);
  CHECK(app.model.document.values().at(0, 0, 0, 1) == 2);
  app.double_click("input.0.1");
  app.frame(2);
  app.key(ui::Key::a, true);
  app.type("9");
  app.key(ui::Key::escape);
  app.frame(2);
  CHECK(app.model.document.values().at(0, 0, 0, 1) == 2);
  CHECK(app.model.history.depth() == 1);
}

TEST_CASE("hovering an output cell links it to its window") {
  LabDriver app;
  app.frame(3);
  app.hover("output.1.1");
  app.frame(2);
  REQUIRE(app.model.session.hovered.has_value());
  CHECK(app.model.session.hovered->in_output);
  CHECK(app.model.session.hovered->row == 1);
}

TEST_CASE("the cell that is lit is the engine's winner") {
  LabDriver app;
  app.frame(3);
  for (int64_t step = 0; step < 4; ++step) {
    app.click("output." + std::to_string(step / 2) + "." + std::to_string(step % 2));
    app.frame(2);
    const int64_t winner = app.model.record().winner_index;
    const std::string key = "input." + std::to_string(winner / 4) + "." + std::to_string(winner % 4);
    CHECK(app.item(key).selected);
  }
}

TEST_CASE("a picture is drawn by the painter, revealed up to the present window") {
  LabDriver app;
  apply_command(app.model, command::OpenBuiltin{"digit"});
  apply_command(app.model, command::Seek{50});
  app.frame(3);
  CHECK(app.painter.pictures >= 2);
  CHECK(app.painter.last.tensor->shape() == app.model.plan().out);
  CHECK(app.painter.last.revealed == 51);
}

TEST_CASE("the wheel zooms a picture, and the view stays inside sensible bounds") {
  LabDriver app;
  apply_command(app.model, command::OpenBuiltin{"scene"});
  app.frame(3);
  app.model.job.wait();
  app.hover("stage.input");
  app.wheel(5);
  app.frame(2);
  CHECK(app.model.session.view.zoom > 1);
  for (int i = 0; i < 60; ++i)
    app.wheel(3);
  app.frame(2);
  CHECK(app.model.session.view.zoom <= 160);
  for (int i = 0; i < 90; ++i)
    app.wheel(-3);
  app.frame(2);
  CHECK(app.model.session.view == ViewTransform{});
}

TEST_CASE("every kind is drawn in both languages and directions without a missing text") {
  for (const char* language : walked_languages()) {
    LabDriver app({}, language);
    for (const KindInfo& info : all_kinds()) {
      for (const Direction direction : {Direction::forward, Direction::backward}) {
        for (const char* input : {"shift6", "digit"}) {
          apply_command(app.model, command::OpenBuiltin{input});
          Document document = app.model.document;
          document.spec.kind = info.kind;
          document.spec.output_size = {3, 3};
          document.direction = direction;
          apply_command(app.model, command::Edit{document, 0});
          apply_command(app.model, command::Seek{app.model.steps() / 2});
          app.frame(2);
          CHECK(app.vertices() > 1000);
        }
      }
    }
    apply_command(app.model, command::ShowDialog{static_cast<int>(Dialog::keys)});
    app.frame(2);
    for (const std::string& key : app.texts.missing())
      FAIL_CHECK("missing in " << language << ": " << key);
  }
}

TEST_CASE("no widget leaves the window or its panel, at every size and scale") {
  struct Screen {
    ImVec2 size;
    float scale;
  };
  for (const Screen& screen :
       {Screen{{1024, 640}, 1}, Screen{{1440, 900}, 1}, Screen{{1920, 1080}, 1.5f},
        Screen{{1024, 640}, 0.75f}, Screen{{1440, 900}, 2.5f}, Screen{{1024, 640}, 2.5f}}) {
    HeadlessOptions options;
    options.screen = screen.size;
    options.scale = screen.scale;
    LabDriver app(options);
    for (const char* input : {"textbook", "scene"}) {
      apply_command(app.model, command::OpenBuiltin{input});
      app.frame(4);
      const char* tools = app.has("top.theme") ? "top.theme" : "top.more";
      for (const char* key : {"transport.play", tools, "transport.scrub"}) {
        const ui::ProbeItem& item = app.item(key);
        CHECK(item.visible());
        CHECK(item.min.x >= 0);
        CHECK(item.max.x <= screen.size.x + 0.5f);
        CHECK(item.max.y <= screen.size.y + 0.5f);
      }
    }
  }
}

TEST_CASE("clicking and typing at random never breaks the frame or the document") {
  HeadlessOptions options;
  options.screen = {1100, 700};
  LabDriver app(options);
  app.frame(3);
  Random random(77);
  for (int i = 0; i < 600; ++i) {
    const ImVec2 at{static_cast<float>(random.below(1100)), static_cast<float>(random.below(700))};
    switch (random.below(6)) {
      case 0:
        app.drag_from(at, {static_cast<float>(random.below(1100)), at.y}, 3);
        break;
      case 1:
        app.key(static_cast<ui::Key>(random.below(static_cast<int64_t>(ui::Key::count))));
        break;
      case 2:
        app.move_to(at);
        app.wheel(static_cast<float>(random.below(5) - 2));
        break;
      default:
        app.click_at(at);
        break;
    }
    REQUIRE(validate(app.model.document.spec, app.model.document.shape()).ok());
    REQUIRE(app.model.record().step < app.model.steps());
  }
}
