#include <doctest/doctest.h>

#include <string>

#include "tests/common/thoroughness.h"
#include "tests/labs/lab_driver.h"

using namespace poolscope;
using poolscope::test::HeadlessOptions;
using poolscope::test::LabDriver;

namespace {

/// The second window is asked for: 1, 0, 2, 3.
void begin(LabDriver& app) {
  app.frame(3);
  app.click("transport.predict");
  app.frame(60);
  REQUIRE(question_open(app.model));
  REQUIRE(app.model.session.playback.step() == 1);
}

}  // namespace

TEST_CASE("predicting: nothing on screen tells the result before it was guessed") {
  LabDriver app;
  begin(app);
  CHECK(app.value("output.0.1") == "?");
  for (const char* cell : {"input.0.2", "input.0.3", "input.1.2", "input.1.3"})
    CHECK_FALSE(app.item(cell).selected);
  CHECK_FALSE(app.has("predict.verdict"));
  app.click("input.1.3");
  app.frame(60);
  CHECK(app.value("output.0.1") == "3");
  CHECK(app.item("input.1.3").selected);
  CHECK(app.item("predict.verdict").selected);
}

TEST_CASE("predicting: a wrong cell is said calmly and shows the winner; one outside is no guess") {
  LabDriver app;
  begin(app);
  app.click("input.3.1");
  app.frame(2);
  CHECK(question_open(app.model));
  app.click("input.0.2");
  app.frame(60);
  CHECK_FALSE(question_open(app.model));
  CHECK_FALSE(app.item("predict.verdict").selected);
  CHECK(app.item("input.1.3").selected);
  CHECK(app.model.session.prediction.guesses == 1);
}

TEST_CASE("predicting: digits typed anywhere are the answer; words are refused") {
  LabDriver app;
  begin(app);
  app.type("3");
  app.frame(3);
  app.key(ui::Key::enter);
  app.frame(60);
  CHECK(present_answer(app.model)->right);
  app.click("predict.next");
  app.frame(60);
  REQUIRE(question_open(app.model));
  app.click("predict.value");
  app.type("many");
  app.key(ui::Key::enter);
  app.frame(2);
  CHECK(question_open(app.model));
  app.key(ui::Key::a, true);
  app.type("4");
  app.click("predict.check");
  app.frame(60);
  CHECK(present_answer(app.model)->right);
}

TEST_CASE("predicting: reveal skips, P ends it, pictures have no such button") {
  LabDriver app;
  begin(app);
  app.click("predict.reveal");
  app.frame(60);
  CHECK(app.value("output.0.1") == "3");
  CHECK(app.model.session.prediction.guesses == 0);
  app.key(ui::Key::p);
  app.frame(2);
  CHECK_FALSE(app.model.session.prediction.on);
  apply_command(app.model, command::OpenBuiltin{"digit"});
  app.frame(2);
  CHECK_FALSE(app.item("transport.predict").enabled);
}

TEST_CASE("predicting: the card has room for its question at every size and language") {
  for (const char* language : walked_languages()) {
    for (const ImVec2 size : {ImVec2{1024, 640}, ImVec2{1440, 900}, ImVec2{1920, 1080}}) {
      HeadlessOptions options;
      options.screen = size;
      LabDriver app(options, language);
      app.frame(3);
      app.click("transport.predict");
      app.frame(60);
      const ui::ProbeItem& card = app.item("step.card");
      for (const char* key : {"predict.value", "predict.check", "predict.reveal"}) {
        const ui::ProbeItem& item = app.item(key);
        CHECK(item.visible());
        CHECK(item.min.y >= card.min.y);
        CHECK(item.max.y <= card.max.y);
      }
    }
  }
}
