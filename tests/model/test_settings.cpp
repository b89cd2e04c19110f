#include <doctest/doctest.h>

#include <fstream>

#include "app/model/settings.h"
#include "tests/model/scratch_folder.h"

using namespace poolscope;

TEST_CASE("settings come back as they were saved") {
  const ScratchFolder scratch;
  const auto file = scratch.path() / "new folder" / "settings.json";
  Settings settings;
  settings.language = "zh";
  settings.theme = ThemeName::night;
  settings.text_percent = 150;
  settings.reduced_motion = true;
  remember_recent(settings, "/tmp/a.png");
  remember_recent(settings, "/tmp/图.png");
  remember_recent(settings, "/tmp/a.png");
  CHECK(settings.recent.size() == 2);
  CHECK(settings.recent[0] == "/tmp/a.png");
  REQUIRE(save_settings(settings, file).ok());
  const Result<Settings> loaded = load_settings(file);
  REQUIRE(loaded.ok());
  CHECK(*loaded == settings);
}

TEST_CASE("no settings file means the defaults, a broken one is said") {
  const ScratchFolder scratch;
  CHECK(*load_settings(scratch.path() / "none.json") == Settings{});
  for (const char* text : {"", "[]", "{", "nonsense", "\xff\xfe"}) {
    const auto file = scratch.path() / "broken.json";
    std::ofstream(file, std::ios::trunc) << text;
    CHECK_FALSE(load_settings(file).ok());
  }
}

TEST_CASE("values out of range or of the wrong type are not taken over") {
  const ScratchFolder scratch;
  const auto file = scratch.path() / "odd.json";
  std::ofstream(file)
      << R"({"language": 7, "theme": ["night"], "text_percent": 100000, "recent": [1, "/a", null]})";
  const Result<Settings> loaded = load_settings(file);
  REQUIRE(loaded.ok());
  CHECK(loaded->language == "en");
  CHECK(loaded->theme == ThemeName::paper);
  CHECK(loaded->text_percent == 250);
  CHECK(loaded->recent.size() == 1);
}

TEST_CASE("text sizes step through the list and stop at its ends") {
  CHECK(next_text_scale(100, 1) == 110);
  CHECK(next_text_scale(100, -1) == 90);
  CHECK(next_text_scale(250, 1) == 250);
  CHECK(next_text_scale(75, -1) == 75);
  CHECK(next_text_scale(105, 1) == 110);
}
