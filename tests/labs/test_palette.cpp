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

TEST_CASE("in Chinese the English words are found as well") {
  LabDriver driver({}, "zh");
  CHECK(best(driver, "compare") == "lab.compare");
  CHECK(best(driver, driver.texts.get("lab.compare").c_str()) == "lab.compare");
}
