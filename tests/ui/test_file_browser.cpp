#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "app/ui/file_browser.h"
#include "app/ui/folder_reader.h"
#include "tests/ui/headless.h"

using namespace poolscope;
using namespace poolscope::ui;
namespace fs = std::filesystem;

namespace {

struct Scratch {
  fs::path folder;
  Scratch() {
    static std::atomic<int> count{0};
    folder = fs::temp_directory_path() /
             ("poolscope_browser_" + std::to_string(::getpid()) + "_" + std::to_string(count++));
    fs::create_directories(folder);
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }
  void file(const std::string& name) const {
    fs::create_directories((folder / name).parent_path());
    std::ofstream(folder / name) << name;
  }
};

const std::vector<std::string> kEndings = {"png", "csv"};

BrowserTexts words() {
  return {.title = "Open",
          .open = "Open",
          .cancel = "Cancel",
          .path_hint = "Path",
          .recent = "Recent",
          .home = "Home",
          .up = "Up",
          .empty_folder = "Empty",
          .no_match = "No match",
          .unreadable = "Unreadable",
          .all_supported = "Pictures",
          .loading = "Loading",
          .name = "Name",
          .files_count = "{count} files"};
}

/// The dialog over an empty screen, and what came out of it.
struct Opening {
  std::atomic<int> previews{0};
  int textures = 0, dropped = 0;
  FileBrowser browser;
  std::optional<fs::path> chosen;
  test::HeadlessUi app;

  explicit Opening(const fs::path& folder, std::vector<fs::path> recent = {})
      : browser({.load_preview =
                     [this](const fs::path& file) {
                       ++previews;
                       Preview preview;
                       preview.ok = file.filename().string().find("broken") == std::string::npos;
                       preview.width = preview.height = 1;
                       preview.rgba = {1, 2, 3, 255};
                       preview.detail = "1 × 1";
                       return preview;
                     },
                 .make_texture = [this](const Preview&) { return static_cast<uint64_t>(++textures); },
                 .drop_texture = [this](uint64_t) { ++dropped; },
                 .extensions = kEndings,
                 .wake = {}}) {
    app.draw = [this](Ui& ui) {
      if (auto file = browser.draw(ui, words())) chosen = file;
    };
    browser.open(folder, std::move(recent));
    wait([this] { return !browser.busy(); });
    app.frame(3);
  }
  /// Frames until it is so; background threads need a moment.
  template <class Condition>
  void wait(Condition condition) {
    for (int i = 0; i < 5000 && !condition(); ++i) {
      app.frame();
      std::this_thread::yield();
      ::usleep(1000);
    }
    REQUIRE(condition());
  }
  void settle() {
    wait([this] { return !browser.busy(); });
    app.frame(2);
  }
};

}  // namespace

TEST_CASE("names are ordered as people count, letters of both cases together") {
  std::vector<std::string> names = {"b2.png", "a10.png", "A9.png", "a1.png", "B1.png", "a01.png",
                                    "z",      "Ä.png",   "10",     "9",      "a",      ""};
  std::sort(names.begin(), names.end(), [](const auto& a, const auto& b) { return comes_before(a, b); });
  const auto place = [&](const char* name) {
    return std::find(names.begin(), names.end(), name) - names.begin();
  };
  CHECK(place("9") < place("10"));
  CHECK(place("A9.png") < place("a10.png"));
  CHECK(place("a10.png") < place("B1.png"));
  CHECK(place("B1.png") < place("b2.png"));
  CHECK(place("") == 0);
  // A strict order, or sorting would be undefined.
  for (const auto& a : names) {
    CHECK_FALSE(comes_before(a, a));
    for (const auto& b : names) {
      if (a != b) CHECK(comes_before(a, b) != comes_before(b, a));
    }
  }
}

TEST_CASE("a listing has folders first, wanted endings only, nothing hidden") {
  const Scratch scratch;
  for (const char* name : {"b.png", "A.PNG", "notes.txt", ".hidden.png", "m.csv", "zoo/x.png", "png"})
    scratch.file(name);
  const FolderListing listing = list_folder(scratch.folder, kEndings);
  std::vector<std::string> names;
  for (const FolderEntry& entry : listing.entries)
    names.push_back(entry.name);
  CHECK(names == std::vector<std::string>{"zoo", "A.PNG", "b.png", "m.csv"});
  CHECK(listing.entries[0].is_folder);
  CHECK(listing.other_files == 2);
  CHECK_FALSE(list_folder(scratch.folder / "nowhere", kEndings).is_folder);
  CHECK_FALSE(list_folder(scratch.folder / "b.png", kEndings).is_folder);
}

TEST_CASE("a click selects, a second opens; the button opens what is selected") {
  const Scratch scratch;
  for (const char* name : {"one.png", "two.png", "sub/three.png"})
    scratch.file(name);
  Opening o(scratch.folder);
  CHECK_FALSE(o.app.item("browser.open").enabled);
  o.app.click("browser.file.two.png");
  CHECK_FALSE(o.chosen.has_value());
  CHECK(o.app.item("browser.file.two.png").selected);
  CHECK(o.app.value("browser.path") == (scratch.folder / "two.png").string());
  o.app.click("browser.open");
  CHECK(o.chosen == scratch.folder / "two.png");
  CHECK_FALSE(o.browser.is_open());

  Opening again(scratch.folder);
  again.app.double_click("browser.folder.sub");
  again.settle();
  CHECK(again.browser.folder() == scratch.folder / "sub");
  again.app.frame(30);  // else the clicks would count as three and four of one
  again.app.double_click("browser.file.three.png");
  CHECK(again.chosen == scratch.folder / "sub" / "three.png");
}

TEST_CASE("the keyboard alone opens a file and goes up and down the folders") {
  const Scratch scratch;
  for (const char* name : {"a.png", "b.png", "c.png", "sub/inside.png"})
    scratch.file(name);
  Opening o(scratch.folder);
  o.app.key(Key::right);
  CHECK(o.app.item("browser.folder.sub").selected);
  o.app.key(Key::enter);
  o.settle();
  REQUIRE(o.app.has("browser.file.inside.png"));
  o.app.key(Key::backspace);
  o.settle();
  CHECK(o.app.item("browser.folder.sub").selected);  // where we came from
  o.app.key(Key::right);
  o.app.key(Key::right);
  CHECK(o.app.item("browser.file.b.png").selected);
  o.app.key(Key::end);
  CHECK(o.app.item("browser.file.c.png").selected);
  o.app.key(Key::enter);
  CHECK(o.chosen == scratch.folder / "c.png");
}

TEST_CASE("a typed path leads to a folder or opens a file, relative ones from here") {
  const Scratch scratch;
  for (const char* name : {"a.png", "sub/inside.png"})
    scratch.file(name);
  Opening o(scratch.folder);
  const auto type_path = [&](const std::string& path) {
    o.app.click("browser.path");
    o.app.key(Key::a, true);
    o.app.type(path);
    o.app.key(Key::enter);
    o.settle();
  };
  type_path("sub");
  CHECK(o.browser.folder() == scratch.folder / "sub");
  type_path("../a.png");
  CHECK(o.chosen == scratch.folder / "a.png");

  Opening missing(scratch.folder);
  missing.app.click("browser.path");
  missing.app.key(Key::a, true);
  missing.app.type("/nowhere/at all.png");
  missing.app.key(Key::enter);
  missing.wait([&] { return missing.chosen.has_value(); });
  CHECK(*missing.chosen == "/nowhere/at all.png");  // whoever opens it says that it is not there
}

TEST_CASE("Escape, the cross and cancel leave without a choice; recent files are one click away") {
  const Scratch scratch;
  scratch.file("a.png");
  for (const int way : {0, 1, 2}) {
    Opening o(scratch.folder);
    if (way == 0) o.app.key(Key::escape);
    if (way == 1) o.app.click("browser.close");
    if (way == 2) o.app.click("browser.cancel");
    CHECK_FALSE(o.browser.is_open());
    CHECK_FALSE(o.chosen.has_value());
  }
  Opening o(scratch.folder, {scratch.folder / "a.png", "/elsewhere/b.png"});
  CHECK(o.app.value("browser.recent.1") == "b.png");
  o.app.click("browser.recent.0");
  CHECK(o.chosen == scratch.folder / "a.png");
}

TEST_CASE("a folder that is gone gives way to the nearest one above it") {
  const Scratch scratch;
  scratch.file("a.png");
  Opening o(scratch.folder / "gone" / "too");
  o.settle();
  CHECK(o.browser.folder() == scratch.folder);
  CHECK(o.app.has("browser.file.a.png"));
}

TEST_CASE("five thousand files: all reachable, only those in sight are drawn and previewed") {
  const Scratch scratch;
  for (int i = 0; i < 5000; ++i)
    scratch.file("picture " + std::to_string(i) + ".png");
  Opening o(scratch.folder);
  o.app.frame();
  CHECK(o.app.vertices() < 60000);
  o.wait([&] { return o.textures > 8; });
  CHECK(o.textures < 60);
  CHECK_FALSE(o.app.item("browser.file.picture 4999.png").visible());
  o.app.key(Key::end);
  o.app.frame(3);
  CHECK(o.app.item("browser.file.picture 4999.png").visible());
  o.app.click("browser.file.picture 4998.png");
  CHECK(o.app.item("browser.file.picture 4998.png").selected);
  o.browser.close();
  CHECK(o.dropped == o.textures);
}

TEST_CASE("the reader drops an older request, and goes away in the middle of its work") {
  const Scratch scratch;
  for (int i = 0; i < 2000; ++i)
    scratch.file("a/" + std::to_string(i) + ".png");
  scratch.file("b/x.png");
  for (int round = 0; round < 20; ++round) {
    FolderReader reader(kEndings, [](const fs::path&) { return Preview{}; }, {});
    reader.list(scratch.folder / "a");
    reader.list(scratch.folder / "b");
    if (round % 2) continue;
    std::optional<FolderListing> listing;
    for (int i = 0; i < 5000 && !listing; ++i) {
      listing = reader.take_listing();
      if (!listing) ::usleep(500);
    }
    REQUIRE(listing.has_value());
    CHECK(listing->folder == scratch.folder / "b");
    reader.want_previews({scratch.folder / "b" / "x.png"});
  }
}
