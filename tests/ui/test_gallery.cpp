#include <doctest/doctest.h>

#include "app/ui/gallery.h"
#include "core/base/random.h"
#include "tests/ui/headless.h"

using namespace poolscope;
using namespace poolscope::ui;

namespace {

Texts load_texts(const char* language) {
  Result<Texts> texts = Texts::load(std::string(POOLSCOPE_SOURCE_DIR) + "/assets", language);
  REQUIRE(texts.ok());
  return std::move(texts).value();
}

struct GalleryApp {
  Texts texts;
  GalleryState state;
  test::HeadlessUi app;
  GalleryApp(const char* language, test::HeadlessOptions options)
      : texts(load_texts(language)), app(std::move(options)) {
    app.draw = [this](Ui& ui) { draw_gallery(ui, state, texts, {{0, 0}, ImGui::GetIO().DisplaySize}); };
    app.frame(3);
  }
};

}  // namespace

TEST_CASE("the gallery finds all its words in both languages") {
  for (const char* language : {"en", "zh"}) {
    GalleryApp g(language, {.panel = false});
    for (const int tab : {0, 1, 2}) {
      g.state.tab = tab;
      g.app.frame(2);
    }
    g.state.dialog = true;
    g.app.frame(2);
    CHECK(g.texts.missing().empty());
  }
}

TEST_CASE("every widget of the gallery is in sight or can be scrolled to, at every scale") {
  for (const float scale : {0.75f, 1.0f, 1.5f, 2.5f}) {
    GalleryApp g(
        "en", {.scale = scale,
               .screen = {std::round(1440 * std::max(1.0f, scale)), std::round(900 * std::max(1.0f, scale))},
               .panel = false});
    for (const char* key : {"gallery.kind.stochastic", "gallery.rate", "gallery.preset.4", "gallery.save",
                            "gallery.seek", "gallery.chip.row"}) {
      CAPTURE(key);
      CAPTURE(scale);
      g.app.hover(key);
      CHECK(g.app.item(key).visible());
    }
  }
}

TEST_CASE("the gallery's widgets do what they show") {
  GalleryApp g("en", {.panel = false});
  g.app.click("gallery.kind.average");
  CHECK(g.state.kind == 1);
  g.app.drag("gallery.window", 200);
  CHECK(g.state.window == 6);
  CHECK(g.state.stride == 6);  // linked
  g.app.click("gallery.link");
  CHECK_FALSE(g.state.linked);
  g.app.click("gallery.open");
  REQUIRE(g.app.has("gallery.dialog"));
  g.app.click("gallery.dialog.ok");
  CHECK_FALSE(g.state.dialog);
  CHECK(g.app.has("toast"));
  g.app.click("gallery.tab_data");
  g.app.click("gallery.table.2");
  CHECK(g.state.row == 2);
}

TEST_CASE("clicking and typing at random does no harm") {
  GalleryApp g("zh", {.panel = false});
  Random random(7);
  const Key keys[] = {Key::tab,   Key::enter, Key::space, Key::escape, Key::left,
                      Key::right, Key::up,    Key::down,  Key::home,   Key::a};
  for (int i = 0; i < 400; ++i) {
    const ImVec2 at{static_cast<float>(random.below(1440)), static_cast<float>(random.below(900))};
    switch (random.below(4)) {
      case 0:
        g.app.click_at(at);
        break;
      case 1:
        g.app.drag_from(at, {static_cast<float>(random.below(1440)), static_cast<float>(random.below(900))},
                        3);
        break;
      case 2:
        g.app.key(keys[random.below(std::size(keys))], false, random.below(2) == 0);
        break;
      default:
        g.app.type("7池");
    }
  }
  CHECK(g.app.vertices() > 0);
}
