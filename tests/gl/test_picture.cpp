#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include <imgui.h>

#include "app/gl/picture.h"
#include "app/gl/thumbnail.h"
#include "app/gl/tiled_texture.h"
#include "app/platform/offscreen.h"
#include "core/base/random.h"

using namespace poolscope;

namespace {

constexpr int kSide = 256;

struct Rgb {
  int r, g, b;
  bool operator==(const Rgb&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Rgb& c) {
  return out << c.r << ' ' << c.g << ' ' << c.b;
}
bool near(Rgb a, Rgb b, int tolerance) {
  return std::abs(a.r - b.r) <= tolerance && std::abs(a.g - b.g) <= tolerance &&
         std::abs(a.b - b.b) <= tolerance;
}
Rgb rgb(Rgb8 c) {
  return {c.r, c.g, c.b};
}

/// One off-screen context for all cases, with Dear ImGui's own font.
struct Screen {
  std::unique_ptr<Offscreen> surface;
  std::unique_ptr<gl::Renderer> renderer;
  Screen() {
    auto opened = Offscreen::open(kSide, kSide);
    REQUIRE(opened.ok());
    surface = std::move(opened).value();
    ImGui::GetIO().Fonts->AddFontDefault();
    ImGui::GetIO().Fonts->Build();
    surface->upload_fonts();
    auto made = gl::Renderer::create(POOLSCOPE_SOURCE_DIR "/shaders");
    REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().args.back().value));
    renderer = std::move(made).value();
  }
  ~Screen() {
    renderer.reset();
    surface.reset();
  }

  PixelImage draw(const PictureView& view, ImVec2 clip_min = {0, 0}, ImVec2 clip_max = {kSide, kSide}) {
    surface->begin_frame(1.0 / 60);
    renderer->begin_frame();
    ImDrawList* list = ImGui::GetBackgroundDrawList();
    list->AddRectFilled({0, 0}, {kSide, kSide}, IM_COL32(10, 20, 30, 255));
    list->PushClipRect(clip_min, clip_max, true);
    renderer->draw(list, view);
    list->PopClipRect();
    // Drawn after the picture: must not be disturbed by it.
    list->AddRectFilled({0, 0}, {4, 4}, IM_COL32(200, 100, 50, 255));
    surface->end_frame();
    return surface->read_pixels();
  }
};

Screen& screen() {
  static Screen one;
  return one;
}

Rgb at(const PixelImage& image, int x, int y) {
  const size_t i = (static_cast<size_t>(y) * static_cast<size_t>(image.width) + static_cast<size_t>(x)) * 4;
  return {image.rgba[i], image.rgba[i + 1], image.rgba[i + 2]};
}

constexpr Rgb kGround{10, 20, 30};

/// The whole tensor over the whole screen, no grid.
PictureView whole(TensorPtr tensor) {
  PictureView v;
  v.x1 = static_cast<double>(tensor->shape().w);
  v.y1 = static_cast<double>(tensor->shape().h);
  v.tensor = std::move(tensor);
  v.screen_x1 = v.screen_y1 = kSide;
  v.grid = false;
  return v;
}

TensorPtr random_tensor(int64_t c, int64_t h, int64_t w, float low, float high) {
  auto t = std::make_shared<Tensor>(Shape{1, c, h, w});
  Random random(static_cast<uint64_t>(c * 100 + h * 10 + w));
  for (float& v : t->values())
    v = low + (high - low) * static_cast<float>(random.uniform());
  return t;
}

}  // namespace

TEST_CASE("every cell has exactly the colour that the table gives its value, in every map") {
  const TensorPtr t = random_tensor(1, 8, 8, -3, 2);
  for (const Colormap map : {Colormap::grey, Colormap::viridis, Colormap::cividis, Colormap::diverging}) {
    PictureView v = whole(t);
    v.map = map;
    v.range = {-3, 2};
    const PixelImage image = screen().draw(v);
    for (int y = 0; y < 8; ++y) {
      for (int x = 0; x < 8; ++x) {
        const Rgb expected = rgb(colormap_at(map, colormap_position(map, t->at(0, 0, y, x), v.range)));
        CHECK(at(image, x * 32 + 16, y * 32 + 16) == expected);
        CHECK(at(image, x * 32 + 31, y * 32 + 31) == expected);  // sharp up to the edge of the cell
        if (x + y > 0) CHECK(at(image, x * 32, y * 32) == expected);
      }
    }
  }
}

TEST_CASE("zero is the middle of the diverging map whatever the range; a flat range is the middle of any") {
  auto t = std::make_shared<Tensor>(Tensor::matrix({{0.0f, 5.0f}}));
  PictureView v = whole(t);
  v.map = Colormap::diverging;
  v.range = {-1, 5};
  PixelImage image = screen().draw(v);
  CHECK(at(image, 40, 128) == rgb(colormap_table(Colormap::diverging)[128]));
  CHECK(at(image, 200, 128) == rgb(colormap_table(Colormap::diverging)[255]));
  v.map = Colormap::grey;
  v.range = {5, 5};
  image = screen().draw(v);
  CHECK(at(image, 40, 128) == Rgb{128, 128, 128});
}

TEST_CASE("a channel alone, or three as colours") {
  auto t = std::make_shared<Tensor>(Shape{1, 3, 1, 1});
  t->at(0, 0, 0, 0) = 255;
  t->at(0, 1, 0, 0) = 51;
  t->at(0, 2, 0, 0) = 0;
  PictureView v = whole(t);
  v.range = {0, 255};
  v.channel = -1;
  CHECK(at(screen().draw(v), 100, 100) == Rgb{255, 51, 0});
  const int expected[] = {255, 51, 0};
  for (int c = 0; c < 3; ++c) {
    v.channel = c;
    CHECK(at(screen().draw(v), 100, 100) == Rgb{expected[c], expected[c], expected[c]});
  }
}

TEST_CASE("not-a-number has its own colour, infinities are the ends") {
  const float inf = std::numeric_limits<float>::infinity();
  auto t = std::make_shared<Tensor>(Tensor::matrix({{std::nanf(""), -inf}, {inf, 0.5f}}));
  PictureView v = whole(t);
  v.not_a_number = IM_COL32(1, 2, 3, 255);
  const PixelImage image = screen().draw(v);
  CHECK(at(image, 64, 64) == Rgb{1, 2, 3});
  CHECK(at(image, 192, 64) == Rgb{0, 0, 0});
  CHECK(at(image, 64, 192) == Rgb{255, 255, 255});
  CHECK(at(image, 192, 192) == Rgb{128, 128, 128});
}

TEST_CASE("only the revealed cells are shown, in row order") {
  const TensorPtr t = random_tensor(1, 4, 4, 0, 1);
  PictureView v = whole(t);
  v.blank = IM_COL32(250, 240, 230, 255);
  for (const int64_t shown : {0, 1, 5, 8, 15, 16, 99}) {
    v.revealed = shown;
    const PixelImage image = screen().draw(v);
    for (int i = 0; i < 16; ++i) {
      const Rgb value = rgb(colormap_at(Colormap::grey, t->at(0, 0, i / 4, i % 4)));
      CAPTURE(shown);
      CAPTURE(i);
      CHECK(at(image, (i % 4) * 64 + 32, (i / 4) * 64 + 32) == (i < shown ? value : Rgb{250, 240, 230}));
    }
  }
}

TEST_CASE("below one pixel a cell the picture shows means, not single cells") {
  auto t = std::make_shared<Tensor>(Shape{1, 1, 1024, 1024});
  for (int64_t y = 0; y < 1024; ++y) {
    for (int64_t x = 0; x < 1024; ++x)
      t->at(0, 0, y, x) = static_cast<float>((x + y) % 2);  // a fine chessboard
  }
  const PixelImage image = screen().draw(whole(t));
  for (int i = 10; i < 250; i += 17)
    CHECK(near(at(image, i, 255 - i), {128, 128, 128}, 2));
}

TEST_CASE("tiles are seamless: the same pixels with one texture and with many") {
  const TensorPtr t = random_tensor(2, 37, 53, 0, 1);
  PictureView v = whole(t);
  v.channel = 1;
  v.x0 = 3.25;
  v.y0 = 1.5;
  v.x1 = 50;
  v.y1 = 36;
  const PixelImage whole_image = screen().draw(v);
  screen().renderer->set_tile_limit(16);
  auto copy = std::make_shared<Tensor>(*t);  // another tensor: uploaded anew
  v.tensor = copy;
  const PixelImage tiled = screen().draw(v);
  screen().renderer->set_tile_limit(0);
  int different = 0;
  for (size_t i = 0; i < tiled.rgba.size(); ++i)
    different += tiled.rgba[i] != whole_image.rgba[i];
  CHECK(different == 0);
}

TEST_CASE("seen from afar tiles leave no seams: every pixel is near the one without tiles") {
  const TensorPtr t = random_tensor(3, 700, 900, 0, 255);
  PictureView v = whole(t);
  v.channel = -1;
  v.range = {0, 255};
  for (const double cells : {300.0, 460.0, 640.0}) {  // 1.2 to 2.5 cells a pixel: two levels
    v.x0 = 31.5;
    v.y0 = 17.25;
    v.x1 = v.x0 + cells;
    v.y1 = v.y0 + cells;
    v.tensor = t;
    const PixelImage one = screen().draw(v);
    screen().renderer->set_tile_limit(64);
    v.tensor = std::make_shared<Tensor>(*t);
    const PixelImage tiled = screen().draw(v);
    screen().renderer->set_tile_limit(0);
    int worst = 0;
    for (size_t i = 0; i < tiled.rgba.size(); ++i)
      worst = std::max(worst, std::abs(tiled.rgba[i] - one.rgba[i]));
    CAPTURE(cells);
    CHECK(worst <= 2);
  }
}

TEST_CASE("a picture of many tiles shows each cell's own value where it is near, and its mean from afar") {
  const TensorPtr t = random_tensor(1, 2300, 3100, 0, 1);
  PictureView v = whole(t);
  v.x0 = 1020;  // over the edges of tiles of 512 cells
  v.y0 = 1021;
  v.x1 = v.x0 + 8;
  v.y1 = v.y0 + 8;
  const PixelImage near_by = screen().draw(v);
  for (int y = 0; y < 8; ++y)
    for (int x = 0; x < 8; ++x)
      CHECK(at(near_by, x * 32 + 16, y * 32 + 16) ==
            rgb(colormap_at(Colormap::grey, t->at(0, 0, 1021 + y, 1020 + x))));
  // 8 cells a pixel: the middle of a pixel is the corner of four cells of level 3, all of them near the mean.
  v.x0 = v.y0 = 0;
  v.x1 = v.y1 = 2048;
  const PixelImage far = screen().draw(v);
  for (int i = 4; i < 250; i += 21) {
    double sum = 0;
    for (int64_t y = 0; y < 8; ++y)
      for (int64_t x = 0; x < 8; ++x)
        sum += t->at(0, 0, i * 8 + y, (255 - i) * 8 + x);
    CHECK(near(at(far, 255 - i, i), rgb(colormap_at(Colormap::grey, static_cast<float>(sum / 64))), 2));
  }
}

namespace {

/// A renderer that works as in a window: in pieces, beside the frames.
struct Window {
  std::unique_ptr<gl::Renderer> renderer;
  explicit Window(int64_t bytes) {
    (void)screen();
    renderer = std::move(gl::Renderer::create(POOLSCOPE_SOURCE_DIR "/shaders")).value();
    renderer->work_in_pieces(bytes);
  }
  PixelImage draw(const PictureView& view) {
    std::swap(renderer, screen().renderer);
    PixelImage image = screen().draw(view);
    std::swap(renderer, screen().renderer);
    return image;
  }
  /// Frames until all is there.
  PixelImage settle(const PictureView& view, int& frames) {
    PixelImage image = draw(view);
    for (frames = 1; renderer->pending(); ++frames) {
      REQUIRE(frames < 100'000);
      image = draw(view);
    }
    return image;
  }
};

}  // namespace

TEST_CASE("in pieces a large picture takes several frames and then is what it is at once") {
  const TensorPtr t = random_tensor(3, 1500, 1400, 0, 255);
  Window window(1 << 20);
  PictureView v = whole(t);
  v.channel = -1;
  v.range = {0, 255};
  int frames = 0;
  CHECK(window.settle(v, frames).rgba == screen().draw(v).rgba);
  CHECK(frames > 3);
  v.x0 = 900;
  v.x1 = 1100;
  v.y0 = 950;
  v.y1 = 1150;
  // Nearer than before: something coarser shows in the first frame, nothing stays blank.
  const PixelImage first = window.draw(v);
  CHECK(window.renderer->pending());
  for (int i = 10; i < 250; i += 20)
    CHECK(near(at(first, i, i), {128, 128, 128}, 110));
  CHECK(window.settle(v, frames).rgba == screen().draw(v).rgba);
}

TEST_CASE("in pieces what follows a picture at its place takes over when it is there, and not before") {
  auto dark = std::make_shared<Tensor>(Shape{1, 3, 1500, 1400}, 20.0f);
  auto light = std::make_shared<Tensor>(Shape{1, 3, 1500, 1400}, 220.0f);
  Window window(1 << 20);
  PictureView v = whole(dark);
  v.channel = -1;
  v.range = {0, 255};
  int frames = 0;
  CHECK(at(window.settle(v, frames), 100, 100) == Rgb{20, 20, 20});
  v.tensor = light;
  dark.reset();  // the renderer holds what it still shows
  bool changed = false;
  for (frames = 0; frames == 0 || window.renderer->pending(); ++frames) {
    REQUIRE(frames < 100'000);
    const Rgb shown = at(window.draw(v), 100, 100);
    const bool is_light = shown == Rgb{220, 220, 220};
    CHECK((is_light || shown == Rgb{20, 20, 20}));
    CHECK((is_light || !changed));
    changed |= is_light;
  }
  CHECK(changed);
  CHECK(frames > 1);
}

TEST_CASE("pictures are clipped, beyond their edge the ground shows, and what follows is undisturbed") {
  const TensorPtr t = random_tensor(1, 4, 4, 0.9f, 1);
  PictureView v = whole(t);
  v.x0 = -2;
  v.x1 = 6;
  PixelImage image = screen().draw(v);
  CHECK(at(image, 40, 128) == kGround);
  CHECK(at(image, 240, 128) == kGround);
  CHECK(at(image, 128, 128).r > 200);
  CHECK(at(image, 1, 1) == Rgb{200, 100, 50});
  v.outside = IM_COL32(7, 8, 9, 255);
  CHECK(at(screen().draw(v), 40, 128) == Rgb{7, 8, 9});
  image = screen().draw(whole(t), {50, 60}, {100, 110});
  CHECK(at(image, 49, 80) == kGround);
  CHECK(at(image, 100, 80) == kGround);
  CHECK(at(image, 80, 59) == kGround);
  CHECK(at(image, 80, 110) == kGround);
  CHECK(at(image, 50, 60).r > 200);
  CHECK(at(image, 99, 109).r > 200);
}

TEST_CASE("grid lines appear with the zoom; tints lie over their cells") {
  auto t = std::make_shared<Tensor>(Shape{1, 1, 64, 64});
  PictureView v = whole(t);
  v.grid = true;
  v.grid_color = IM_COL32(255, 255, 255, 255);
  CHECK(at(screen().draw(v), 128, 130) == Rgb{0, 0, 0});  // 4 pixels a cell: none
  v.x1 = v.y1 = 8;                                        // 32 pixels a cell: whole
  PixelImage image = screen().draw(v);
  CHECK(at(image, 128, 130) == Rgb{255, 255, 255});
  CHECK(at(image, 130, 130) == Rgb{0, 0, 0});
  v.grid = false;
  v.tints[0] = {1, 1, 3, 2, IM_COL32(255, 0, 0, 255)};
  image = screen().draw(v);
  CHECK(at(image, 40, 40) == Rgb{255, 0, 0});
  CHECK(at(image, 90, 60) == Rgb{255, 0, 0});
  CHECK(at(image, 97, 40) == Rgb{0, 0, 0});
  CHECK(at(image, 40, 70) == Rgb{0, 0, 0});
}

TEST_CASE("the same frame gives the same bytes") {
  const PictureView v = whole(random_tensor(3, 100, 90, 0, 1));
  const PixelImage a = screen().draw(v), b = screen().draw(v);
  CHECK(a.rgba == b.rgba);
}

TEST_CASE("a missing shader is a sentence") {
  (void)screen();
  const auto made = gl::Renderer::create("/nowhere");
  REQUIRE_FALSE(made.ok());
  CHECK(made.error().key == "display.shader_missing");
}

TEST_CASE("thumbnails: square from the middle, means when smaller, blocks when larger") {
  const gl::Thumbnail small = gl::make_thumbnail(Tensor::matrix({{0, 255}, {255, 0}}), 4);
  CHECK(small.width == 4);
  CHECK(small.rgba[0] == 0);
  CHECK(small.rgba[4] == 0);
  CHECK(small.rgba[8] == 255);
  Tensor wide(Shape{1, 3, 10, 30});
  for (int64_t y = 0; y < 10; ++y) {
    for (int64_t x = 10; x < 20; ++x)
      wide.at(0, 1, y, x) = 255;  // green in the middle only
  }
  const gl::Thumbnail middle = gl::make_thumbnail(wide, 5);
  for (size_t i = 0; i < 25; ++i) {
    CHECK(middle.rgba[4 * i] == 0);
    CHECK(middle.rgba[4 * i + 1] == 255);
  }
  Tensor chess(Shape{1, 1, 400, 400});
  for (int64_t y = 0; y < 400; ++y) {
    for (int64_t x = 0; x < 400; ++x)
      chess.at(0, 0, y, x) = (x + y) % 2 ? 255.0f : 0.0f;
  }
  const gl::Thumbnail grey = gl::make_thumbnail(chess, 50);
  CHECK(std::abs(grey.rgba[400] - 128) < 3);
  Tensor broken(Shape{1, 1, 2, 2}, std::nanf(""));
  CHECK(gl::make_thumbnail(broken, 2).rgba[0] == 128);
  CHECK(gl::make_thumbnail(Tensor(Shape{1, 1, 0, 0}), 8).rgba.empty());
}

TEST_CASE("the tables of the maps are the published colours") {
  CHECK(colormap_table(Colormap::viridis)[0] == Rgb8{0x44, 0x01, 0x54});
  CHECK(colormap_table(Colormap::viridis)[255] == Rgb8{0xfd, 0xe7, 0x25});
  CHECK(near(rgb(colormap_table(Colormap::viridis)[128]), {33, 145, 140},
             2));  // 0.128, 0.567, 0.551 in matplotlib
  CHECK(near(rgb(colormap_table(Colormap::cividis)[10]), {0, 42, 95}, 3));
  CHECK(near(rgb(colormap_table(Colormap::cividis)[145]), {141, 136, 120}, 2));
  CHECK(colormap_table(Colormap::grey)[77] == Rgb8{77, 77, 77});
  CHECK(colormap_table(Colormap::diverging)[127] == colormap_table(Colormap::diverging)[128]);
  CHECK(std::isnan(colormap_position(Colormap::grey, std::nanf(""), {0, 1})));
  // Perceptual maps grow lighter throughout.
  for (const Colormap map : {Colormap::viridis, Colormap::cividis, Colormap::grey}) {
    double last = -1;
    for (const Rgb8 c : colormap_table(map)) {
      const double light =
          0.2126 * std::pow(c.r, 2.2) + 0.7152 * std::pow(c.g, 2.2) + 0.0722 * std::pow(c.b, 2.2);
      CHECK(light >= last * 0.99);
      last = light;
    }
  }
}
