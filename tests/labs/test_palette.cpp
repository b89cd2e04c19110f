#include <doctest/doctest.h>

#include "app/labs/palette.h"
#include "tests/labs/lab_driver.h"

using namespace poolscope;
using namespace poolscope::test;

namespace {

std::string best(LabDriver& driver, const char* typed) {
  std::string found;
  driver.draw = [&](ui::Ui& ui) {
    LabContext context{ui,           driver.texts,        driver.model, driver.outbox, driver.painter,
                       driver.state, driver.model.session};
    const auto matches = palette_matches(palette_entries(context), typed);
    found = matches.empty() ? "" : matches.front().key;
  };
  driver.frame();
  return found;
}

}  // namespace

TEST_CASE("words are found at the start, inside and letter by letter") {
  CHECK(palette_score("und", "Undo") > palette_score("und", "Left unde"));
  CHECK(palette_score("max", "Global max") > palette_score("lob", "Global max"));
  CHECK(palette_score("lob", "Global max") > palette_score("gbl", "Global max"));
  CHECK(palette_score("max glo", "Global max") > 0);
  CHECK(palette_score("gbl", "Global max") > 0);
  CHECK(palette_score("xyz", "Global max") == 0);
  CHECK(palette_score("最大", "全局最大池化") > 0);
}

TEST_CASE("the palette finds actions, labs, kinds and inputs") {
  LabDriver driver;
  CHECK(best(driver, "compare") == "lab.compare");
  CHECK(best(driver, "stochastic") == "kind.stochastic");
  CHECK(best(driver, "line art") == "input.lineart");
  CHECK(best(driver, "undo") != "action.undo");  // there is nothing to undo
  CHECK(best(driver, "qqq").empty());
  CHECK(best(driver, "keys") == "action.keys");
}

TEST_CASE("the palette finds presets, dialects, lessons, languages and themes") {
  LabDriver driver;
  std::vector<Error> problems;
  driver.model.lessons = load_lessons(std::filesystem::path(POOLSCOPE_ASSETS) / "lessons", problems);
  CHECK(best(driver, "3x3/2") == "preset.3x3s2");
  CHECK(best(driver, "alexnet") == "preset.3x3s2");
  CHECK(best(driver, "keras same") == "dialect.keras-same");
  CHECK(best(driver, "lesson tiny") == "lesson.shifts");
  CHECK(best(driver, "中文") == "language.zh");
  CHECK(best(driver, "dark") == "theme.night");
  // A window that does not fit is not offered.
  apply_command(driver.model, command::OpenBuiltin{"line8"});
  CHECK(best(driver, "3x3/2").empty());
}

TEST_CASE("what the palette offers is done as it says") {
  LabDriver driver;
  driver.frame(2);
  driver.key(ui::Key::k, true);
  driver.frame(4);
  driver.type("3x3/1");
  driver.frame(2);
  driver.key(ui::Key::enter);
  driver.frame(2);
  CHECK(driver.model.session.dialog == Dialog::none);
  CHECK(driver.model.document.spec.window == Size2{3, 3});
  CHECK(driver.model.document.spec.stride == Size2{1, 1});
  driver.key(ui::Key::k, true);
  driver.frame(4);
  driver.type("night");
  driver.frame(2);
  driver.key(ui::Key::enter);
  driver.frame(2);
  CHECK(driver.model.settings.theme == ThemeName::night);
}

TEST_CASE("in Chinese the English words are found as well") {
  LabDriver driver({}, "zh");
  CHECK(best(driver, "compare") == "lab.compare");
  CHECK(best(driver, driver.texts.get("lab.compare").c_str()) == "lab.compare");
}
