#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "app/ui/fonts.h"
#include "app/ui/widgets.h"
#include "tests/ui/headless.h"

using namespace poolscope;
using namespace poolscope::ui;
namespace fs = std::filesystem;

namespace {

bool has_real_fonts() {
  return fs::exists(FontFiles::debian().regular[0]) && fs::exists(FontFiles::debian().chinese[0]);
}

bool has_glyph(ImFont* font, unsigned c) {
#if IMGUI_VERSION_NUM >= 19200
  return font->IsGlyphInFont(static_cast<ImWchar>(c));
#else
  return font->FindGlyphNoFallback(static_cast<ImWchar>(c)) != nullptr;
#endif
}

/// A folder that goes with the test.
struct Scratch {
  fs::path folder;
  Scratch() : folder(fs::temp_directory_path() / ("poolscope_fonts_" + std::to_string(::getpid()))) {
    fs::create_directories(folder);
  }
  ~Scratch() { fs::remove_all(folder); }
  fs::path write(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder / name, std::ios::binary) << bytes;
    return folder / name;
  }
};

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Draws one frame with these files in all roles; true when it got through.
bool draws_with(const std::vector<fs::path>& files) {
  FontFiles all;
  all.regular = all.medium = all.semibold = all.bold = all.chinese = all.mono = files;
  ImGuiContext* context = ImGui::CreateContext();
  test::prepare_input({1024, 640});
  bool drawn = false;
  {
    Fonts fonts(all);
    Ui ui(fonts);
    apply_style(*ui.theme, 1);
    fonts.rebuild_if_needed();
    ImGui::NewFrame();
    ui.begin_frame(1.0 / 60);
    begin_panel(ui, "p", {{0, 0}, {1024, 640}});
    text(ui, Role::body, 0, "words 池化");
    end_panel(ui);
    ui.end_frame();
    ImGui::Render();
    drawn = ImGui::GetDrawData()->TotalVtxCount > 0;
  }
  ImGui::DestroyContext(context);
  return drawn;
}

}  // namespace

TEST_CASE("every role has its font at 75, 100, 150 and 250 %, with Chinese and the signs of formulas") {
  if (!has_real_fonts()) return;
  for (const float scale : {0.75f, 1.0f, 1.5f, 2.5f}) {
    test::HeadlessUi app({.scale = scale, .glyphs = "池化感受野", .real_fonts = true});
    app.frame();
    CAPTURE(scale);
    CHECK(app.fonts.missing().empty());
    for (int i = 0; i < static_cast<int>(Role::count); ++i) {
      ImFont* font = app.fonts.font(static_cast<Role>(i));
      REQUIRE(font != nullptr);
      CAPTURE(i);
      for (const char32_t c : U"Aé→↔↕×·−≤⌊⌋Σ√池野，（") {
        if (c == 0) continue;
        CAPTURE(static_cast<unsigned>(c));
        CHECK(has_glyph(font, c));
      }
    }
    // Lines grow with the scale; body text is 14 px, its line about 1.2 times that.
    CHECK(app.fonts.size(Role::body) == doctest::Approx(14 * 1.21 * scale).epsilon(0.06));
    CHECK(app.fonts.size(Role::display) > 1.7f * app.fonts.size(Role::body));
    // Everyday Chinese that is in no text table (a file's name) is there too.
    CHECK(has_glyph(app.fonts.font(Role::body), U'猫'));
    // Old graphics cards take textures of 8192.
#if IMGUI_VERSION_NUM < 19200  // later ones bake what is drawn, and grow
    CHECK(ImGui::GetIO().Fonts->TexWidth <= 8192);
    CHECK(ImGui::GetIO().Fonts->TexHeight <= 8192);
#endif
  }
}

TEST_CASE("numbers find a size that is sharp and not larger than asked") {
  if (!has_real_fonts()) return;
  test::HeadlessUi app({.real_fonts = true});
  app.frame();
  for (float wanted = 9; wanted < 140; wanted += 0.7f) {
    const SizedFont font = app.fonts.number_font(wanted, wanted > 40);
    CHECK(font.size_px <= wanted);
    CHECK(font.size_px >= std::min(wanted * 0.9f, 120.0f) - 1);
    for (const char32_t c : U"0123456789+-−.eNaInf") {
      if (c) CHECK(has_glyph(font.font, c));
    }
  }
  CHECK(app.fonts.number_font(2).size_px == 9);  // never nothing
  CHECK(app.fonts.number_font(1000).size_px == 120);
}

TEST_CASE("new characters and a new scale rebuild the atlas once, and only then") {
  test::HeadlessUi app;
  app.frame();
  CHECK_FALSE(app.fonts.rebuild_if_needed());
  app.fonts.set_scale(1.0f);
  app.fonts.need_glyphs("plain words");
  CHECK_FALSE(app.fonts.rebuild_if_needed());
  app.fonts.need_glyphs("㐀");
  CHECK(app.fonts.rebuild_if_needed());
  CHECK_FALSE(app.fonts.rebuild_if_needed());
  app.fonts.set_scale(1.5f);
  CHECK(app.fonts.rebuild_if_needed());
  app.fonts.set_scale(1e9f);
  CHECK(app.fonts.scale() == 5.0f);
  app.fonts.set_scale(std::nanf(""));
  CHECK(app.fonts.scale() == 1.0f);
  app.frame();
}

TEST_CASE("missing, empty, wrong and cut font files are passed over, never an abort") {
  const Scratch scratch;
  std::vector<fs::path> bad = {
      scratch.folder / "not_there.ttf",
      scratch.folder,
      scratch.write("empty.ttf", ""),
      scratch.write("text.ttf", "This is not a font, although its name says so."),
      scratch.write("zeros.otf", std::string(4096, '\0')),
      scratch.write("tag.otf", "OTTO" + std::string(2000, '\xff')),
      scratch.write("one_table.ttf", std::string("\0\1\0\0\0\1\0\0\0\0\0\0headxxxx\0\0\0\1\0\0\1\0", 28) +
                                         std::string(400, 'x'))};
  if (has_real_fonts()) {
    const std::string inter = bytes_of(FontFiles::debian().regular[0]);
    for (const size_t size : {13ul, 100ul, 1000ul, inter.size() / 2, inter.size() - 64}) {
      bad.push_back(scratch.write("cut" + std::to_string(size) + ".otf", inter.substr(0, size)));
    }
    std::string other_count = inter;
    other_count[4] = other_count[5] = '\xff';  // 65,535 tables
    bad.push_back(scratch.write("tables.otf", other_count));
  }
  for (const fs::path& file : bad) {
    CAPTURE(file.string());
    CHECK_FALSE(load_font_file(file).has_value());
    CHECK(draws_with({file}));
  }
  CHECK(draws_with({}));
  CHECK(draws_with(bad));
}

TEST_CASE("the next candidate replaces a font that is missing, and the missing one is named") {
  if (!has_real_fonts()) return;
  ImGuiContext* context = ImGui::CreateContext();
  test::prepare_input({1024, 640});
  FontFiles files = FontFiles::debian();
  files.regular.insert(files.regular.begin(), "/nowhere/Inter-Regular.otf");
  files.mono = {"/nowhere/Mono.ttf"};
  Fonts fonts(files);
  fonts.rebuild_if_needed();
  CHECK(fonts.missing() == std::vector<std::string>{"Inter-Regular.otf", "Mono.ttf"});
  CHECK(has_glyph(fonts.font(Role::body), U'→'));
  CHECK(has_glyph(fonts.font(Role::mono), U'A'));
  ImGui::DestroyContext(context);
}

TEST_CASE("a font file tells the height of its line") {
  if (!has_real_fonts()) return;
  const auto inter = load_font_file(FontFiles::debian().regular[0]);
  REQUIRE(inter.has_value());
  CHECK(inter->line_per_em == doctest::Approx(1.21).epsilon(0.01));
  CHECK(load_font_file(FontFiles::debian().chinese[0]).has_value());
}
