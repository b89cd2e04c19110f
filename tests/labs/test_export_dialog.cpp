#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/common/thoroughness.h"
#include "tests/labs/lab_driver.h"
#include "tests/model/scratch_folder.h"

using namespace poolscope;
using namespace poolscope::test;

namespace {

/// The dialog, opened, on one of its tabs.
class ExportDriver : public LabDriver {
 public:
  explicit ExportDriver(const char* tab, HeadlessOptions options = {}, const char* language = "en")
      : LabDriver(options, language) {
    frame(2);
    key(ui::Key::e, true);
    frame(3);
    click(std::string("export.tab.") + tab);
    frame(2);
  }
  /// Types over what stands in a field.
  void retype(const char* field, const std::string& words) {
    click(field);
    key(ui::Key::a, true);
    type(words);
    frame(2);
  }
  void write_to(const std::filesystem::path& path) {
    retype("export.path", path.string());
    click("export.save");
    frame(2);
  }
  template <typename Request>
  const Request* asked() const {
    return model.wants_export ? std::get_if<Request>(&*model.wants_export) : nullptr;
  }
};

}  // namespace

TEST_CASE("a film is asked for with what the dialog shows") {
  const ScratchFolder folder;
  ExportDriver app("film");
  app.click("export.format.webp");
  app.frame(2);
  CHECK(app.value("export.path").ends_with(".webp"));  // the name follows the format
  app.retype("export.size", "640 x 480");
  app.write_to(folder.path() / "film.webp");
  const auto* film = app.asked<FilmRequest>();
  REQUIRE(film != nullptr);
  CHECK(film->setup.format == FilmFormat::webp);
  CHECK(film->setup.size_px == Size2{480, 640});
  CHECK(film->path == folder.path() / "film.webp");
  CHECK_FALSE(film->replace);
}

TEST_CASE("a size that cannot be, or a wrong ending, cannot be saved") {
  const ScratchFolder folder;
  ExportDriver app("film");
  app.retype("export.size", "64 x 48");
  CHECK_FALSE(app.item("export.save").enabled);
  app.retype("export.size", "960 x 600");
  CHECK(app.item("export.save").enabled);
  app.write_to(folder.path() / "film.txt");
  CHECK_FALSE(app.item("export.save").enabled);
  CHECK_FALSE(app.model.wants_export);
}

TEST_CASE("what exists is replaced after a yes only") {
  const ScratchFolder folder;
  const auto path = folder.path() / "y.csv";
  std::ofstream(path) << "mine";
  ExportDriver app("numbers");
  app.click("export.matrix.input");
  app.write_to(path);
  CHECK_FALSE(app.model.wants_export);
  REQUIRE(app.has("export.question"));
  app.click("export.keep");
  app.frame(2);
  CHECK_FALSE(app.has("export.question"));
  CHECK_FALSE(app.model.wants_export);
  app.click("export.save");
  app.frame(2);
  app.click("export.replace");
  app.frame(2);
  const auto* numbers = app.asked<CsvRequest>();
  REQUIRE(numbers != nullptr);
  CHECK(numbers->matrix == ExportMatrix::input);
  CHECK(numbers->replace);
}

TEST_CASE("code is shown for each framework and copied") {
  ExportDriver app("code");
  CHECK(app.value("export.code").find("torch") != std::string::npos);
  app.click("export.framework.keras");
  app.frame(2);
  CHECK(app.value("export.code").find("keras") != std::string::npos);
  const std::string code = app.value("export.code");
  app.click("export.copy");
  app.frame(2);
  CHECK(app.model.wants_clipboard == code);
}

TEST_CASE("a practice sheet is asked for by its seed, with and without answers") {
  const ScratchFolder folder;
  ExportDriver app("sheet");
  app.retype("export.seed", "7");
  CHECK(app.value("export.path").ends_with("sheet-7.png"));
  app.click("export.answers.with");
  app.frame(2);
  CHECK(app.value("export.path").ends_with("answers-7.png"));
  app.click("export.next_seed");
  app.frame(2);
  CHECK(app.value("export.path").ends_with("answers-8.png"));
  app.write_to(folder.path() / "sheet.png");
  const auto* practice = app.asked<PracticeRequest>();
  REQUIRE(practice != nullptr);
  CHECK(practice->sheet.seed == 8);
  CHECK(practice->answers);
  CHECK_FALSE(practice->sheet.kind);  // max, average and min in turn
}

TEST_CASE("a practice sheet of what is set, where that fits small grids") {
  const ScratchFolder folder;
  ExportDriver app("sheet");
  app.click("export.ways.as_set");
  app.write_to(folder.path() / "sheet.png");
  const auto* practice = app.asked<PracticeRequest>();
  REQUIRE(practice != nullptr);
  CHECK(practice->sheet.kind == app.model.document.spec.kind);
  REQUIRE(practice->sheet.spec);
  CHECK(practice->sheet.spec->window == app.model.document.spec.window);
  // A window larger than every grid of a sheet, and a seed that is no number.
  app.model.wants_export.reset();
  app.model.document.input = builtin_input("scene");
  app.model.document.spec.window = app.model.document.spec.stride = {32, 32};
  app.model.refresh();
  app.frame(2);
  CHECK_FALSE(app.item("export.save").enabled);
  app.click("export.ways.in_turn");
  app.frame(2);
  CHECK(app.item("export.save").enabled);
  app.retype("export.seed", "x");
  CHECK_FALSE(app.item("export.save").enabled);
}

TEST_CASE("the lessons' list and the palette lead to practice sheets") {
  LabDriver app;
  app.frame(2);
  app.click("top.lessons");
  app.frame(2);
  app.click("lessons.menu.sheet");
  app.frame(3);
  CHECK(app.model.session.dialog == Dialog::take_away);
  CHECK(app.has("export.seed"));
  app.key(ui::Key::escape);
  app.frame(2);
  CHECK(app.model.session.dialog == Dialog::none);
  app.state.take_away.tab = 0;
  app.key(ui::Key::k, true);
  app.frame(4);
  app.type("practice");
  app.frame(2);
  app.key(ui::Key::enter);
  app.frame(3);
  CHECK(app.has("export.seed"));
}

TEST_CASE("the dialog fits a small screen in large type, in both languages") {
  for (const char* language : walked_languages())
    for (const char* tab : {"film", "still", "numbers", "code", "sheet"}) {
      ExportDriver app(tab, {.scale = 1.5f, .screen = {1024, 640}}, language);
      CAPTURE(language);
      CAPTURE(tab);
      for (const char* key : {"export.tab.film", "export.tab.sheet", "export.close"}) {
        const ui::ProbeItem& item = app.item(key);
        CHECK(item.visible());
        CHECK(item.max.x <= 1024);
        CHECK(item.max.y <= 640);
      }
    }
}
