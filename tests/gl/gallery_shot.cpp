// Renders the gallery off screen, to look at the widgets and to compare two versions of them:
//   gallery_shot OUT.png [paper|night] [en|zh] [scale] [WxH] [action]...
// Actions: tab:N, hover:KEY, press:KEY, click:KEY, key:tab (or right, down ...), type:WORDS, frames:N.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>

#include <imgui.h>
#include "app/gl/picture.h"
#include "app/model/png.h"
#include "app/model/text.h"
#include "app/platform/offscreen.h"
#include "app/platform/paths.h"
#include "app/ui/gallery.h"
#include "tests/ui/driver.h"

using namespace poolscope;

namespace {

TensorPtr sunset() {
  auto tensor = std::make_shared<Tensor>(Shape{1, 3, 64, 64});
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) {
      const float dx = static_cast<float>(x - 40) / 40, dy = static_cast<float>(y - 24) / 40;
      const float glow = std::max(0.0f, 1 - std::sqrt(dx * dx + dy * dy));
      tensor->at(0, 0, y, x) = 55 + 200 * glow;
      tensor->at(0, 1, y, x) = 75 + 140 * glow * glow;
      tensor->at(0, 2, y, x) = 105 - 40 * glow + 120 * glow * glow * glow;
    }
  }
  return tensor;
}

int fail(const Error& error) {
  std::fprintf(stderr, "gallery_shot: %s", error.key.c_str());
  for (const Arg& arg : error.args)
    std::fprintf(stderr, " %s=%s", arg.name.c_str(), arg.value.c_str());
  std::fprintf(stderr, "\n");
  return 1;
}

void act(test::Driver& driver, ui::GalleryState& state, const std::string& action) {
  const size_t colon = action.find(':');
  const std::string verb = action.substr(0, colon), what = action.substr(colon + 1);
  const std::map<std::string, ui::Key> keys = {{"tab", ui::Key::tab},     {"left", ui::Key::left},
                                               {"right", ui::Key::right}, {"up", ui::Key::up},
                                               {"down", ui::Key::down},   {"enter", ui::Key::enter}};
  if (verb == "tab") state.tab = std::atoi(what.c_str());
  if (verb == "hover") driver.hover(what);
  if (verb == "click") driver.click(what);
  if (verb == "type") driver.type(what);
  if (verb == "frames") driver.frame(std::atoi(what.c_str()));
  if (verb == "key") driver.key(keys.at(what));
  if (verb == "press") {
    driver.hover(what);
    driver.press();
  }
  driver.frame();
}

}  // namespace

int main(int argc, char** argv) {
  const auto arg = [&](int i, const char* otherwise) { return std::string(argc > i ? argv[i] : otherwise); };
  int width = 1440, height = 900;
  std::sscanf(arg(5, "1440x900").c_str(), "%dx%d", &width, &height);
  Result<Paths> paths = find_paths();
  if (!paths) return fail(paths.error());
  Result<Texts> texts = Texts::load(paths->assets, arg(3, "en"));
  if (!texts) return fail(texts.error());
  auto surface = Offscreen::open(width, height);
  if (!surface) return fail(surface.error());
  auto renderer = gl::Renderer::create(paths->shaders);
  if (!renderer) return fail(renderer.error());

  ui::Fonts fonts;
  fonts.set_scale(std::strtof(arg(4, "1").c_str(), nullptr));
  std::string characters;
  for (const std::string& key : texts->keys())
    fonts.need_glyphs(texts->get(key));
  ui::Ui ui(fonts);
  ui.theme = &ui::theme_named(arg(2, "paper") == "night" ? ui::ThemeName::night : ui::ThemeName::paper);
  ui::apply_style(*ui.theme, fonts.scale());
  ui::GalleryState state;
  ui::Probe probe;
  ui.probe = &probe;
  const TensorPtr picture = sunset();
  test::prepare_input({static_cast<float>(width), static_cast<float>(height)});
  test::Driver driver(probe, [&] {
    if (fonts.rebuild_if_needed()) (*surface)->upload_fonts();
    (*surface)->begin_frame(1.0 / 60);
    (*renderer)->begin_frame();
    ui.begin_frame(1.0 / 60);
    state.texture = (*renderer)->thumbnail(picture, 64);
    ui::draw_gallery(ui, state, *texts, {{0, 0}, {static_cast<float>(width), static_cast<float>(height)}});
    ui.end_frame();
    (*surface)->end_frame();
  });
  driver.frame(3);
  for (int i = 6; i < argc; ++i)
    act(driver, state, argv[i]);
  const PixelImage image = (*surface)->read_pixels();
  const std::string png = encode_png({image.width, image.height, 4, image.rgba});
  std::ofstream out(arg(1, "gallery.png"), std::ios::binary);
  out.write(png.data(), static_cast<std::streamsize>(png.size()));
  const ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  std::printf("%s: %d x %d, font atlas %d x %d\n", arg(1, "gallery.png").c_str(), image.width, image.height,
              atlas.TexWidth, atlas.TexHeight);
  return out ? 0 : 1;
}
