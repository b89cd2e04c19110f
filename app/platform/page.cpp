#include "app/platform/page.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <system_error>

#define STB_TRUETYPE_IMPLEMENTATION
#define STBTT_STATIC
#include <stb_truetype.h>

namespace poolscope {

/// A typeface in memory.
struct Page::Face {
  std::vector<unsigned char> bytes;
  stbtt_fontinfo info{};
};

namespace {

namespace fs = std::filesystem;
constexpr std::uintmax_t kLargestFont = 64u << 20;

/// The first of the files that is a font; POOLSCOPE_FONTS names another folder for all of them.
template <class Face>
std::unique_ptr<Face> load_face(std::initializer_list<const char*> files) {
  const char* folder = std::getenv("POOLSCOPE_FONTS");
  for (const char* name : files) {
    fs::path file = name;
    if (folder != nullptr && *folder != '\0') file = fs::path(folder) / file.filename();
    std::error_code problem;
    const std::uintmax_t size = fs::file_size(file, problem);
    if (problem || size < 12 || size > kLargestFont) continue;
    std::ifstream in(file, std::ios::binary);
    auto face = std::make_unique<Face>();
    face->bytes.assign(std::istreambuf_iterator<char>(in), {});
    const int offset = stbtt_GetFontOffsetForIndex(face->bytes.data(), 0);
    if (offset >= 0 && stbtt_InitFont(&face->info, face->bytes.data(), offset)) return face;
  }
  return nullptr;
}

/// The next character of well-formed UTF-8; a stray byte is taken as it is.
char32_t next_letter(std::string_view text, size_t& at) {
  const auto first = static_cast<unsigned char>(text[at++]);
  const int following = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
  char32_t code = following > 0 ? first & (0x3Fu >> following) : first;
  for (int i = 0; i < following && at < text.size(); ++i)
    code = code << 6 | (static_cast<unsigned char>(text[at++]) & 0x3F);
  return code;
}

float scale_of(const stbtt_fontinfo& info, double em_px) {
  return stbtt_ScaleForMappingEmToPixels(&info, static_cast<float>(em_px));
}

double advance_of(const stbtt_fontinfo& info, int glyph, double em_px) {
  int advance = 0, bearing = 0;
  stbtt_GetGlyphHMetrics(&info, glyph, &advance, &bearing);
  return advance * static_cast<double>(scale_of(info, em_px));
}

}  // namespace

Page::Page(int64_t width, int64_t height)
    : width_(width), height_(height), pixels_(static_cast<size_t>(width * height), 255) {
  const auto* inter = "/usr/share/fonts/opentype/inter/Inter-Regular.otf";
  const auto* inter_bold = "/usr/share/fonts/opentype/inter/Inter-SemiBold.otf";
  const auto* plain = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";
  const auto* plain_bold = "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf";
  regular_ = load_face<Face>({inter, plain});
  bold_ = load_face<Face>({inter_bold, plain_bold, inter, plain});
  chinese_ = load_face<Face>({"/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"});
}

Page::~Page() = default;

bool Page::has_fonts(bool chinese) const {
  return regular_ && bold_ && (!chinese || chinese_);
}

void Page::fill(double x0, double y0, double x1, double y1, uint8_t grey) {
  const auto inside = [](double at, int64_t most) {
    return static_cast<int64_t>(std::clamp(std::round(at), 0.0, static_cast<double>(most)));
  };
  const int64_t left = inside(x0, width_), right = inside(x1, width_);
  for (int64_t y = inside(y0, height_); y < inside(y1, height_); ++y)
    for (int64_t x = left; x < right; ++x)
      pixels_[static_cast<size_t>(y * width_ + x)] = grey;
}

void Page::frame(double x0, double y0, double x1, double y1, double thickness, uint8_t grey) {
  fill(x0, y0, x1, y0 + thickness, grey);
  fill(x0, y1 - thickness, x1, y1, grey);
  fill(x0, y0, x0 + thickness, y1, grey);
  fill(x1 - thickness, y0, x1, y1, grey);
}

const Page::Face* Page::face_of(char32_t letter, Weight weight, int& glyph) const {
  const Face* first = (weight == Weight::bold ? bold_ : regular_).get();
  for (const Face* face : {first, static_cast<const Face*>(chinese_.get())}) {
    if (face == nullptr) continue;
    glyph = stbtt_FindGlyphIndex(&face->info, static_cast<int>(letter));
    if (glyph != 0) return face;
  }
  return first;
}

double Page::text(double x, double y, double em_px, std::string_view utf8, Weight weight, uint8_t grey) {
  std::vector<unsigned char> bitmap;
  for (size_t at = 0; at < utf8.size();) {
    int glyph = 0;
    const Face* face = face_of(next_letter(utf8, at), weight, glyph);
    if (face == nullptr) return x;
    const float scale = scale_of(face->info, em_px), shift = static_cast<float>(x - std::floor(x));
    int x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    stbtt_GetGlyphBitmapBoxSubpixel(&face->info, glyph, scale, scale, shift, 0, &x0, &y0, &x1, &y1);
    const int w = x1 - x0, h = y1 - y0;
    bitmap.assign(static_cast<size_t>(std::max(0, w) * std::max(0, h)), 0);
    if (!bitmap.empty())
      stbtt_MakeGlyphBitmapSubpixel(&face->info, bitmap.data(), w, h, w, scale, scale, shift, 0, glyph);
    for (int row = 0; row < h; ++row) {
      for (int column = 0; column < w; ++column) {
        const auto px = static_cast<int64_t>(std::floor(x)) + x0 + column;
        const auto py = static_cast<int64_t>(std::round(y)) + y0 + row;
        if (px < 0 || py < 0 || px >= width_ || py >= height_) continue;
        const int ink = bitmap[static_cast<size_t>(row * w + column)];
        uint8_t& paper = pixels_[static_cast<size_t>(py * width_ + px)];
        paper = static_cast<uint8_t>((paper * (255 - ink) + grey * ink) / 255);
      }
    }
    x += advance_of(face->info, glyph, em_px);
  }
  return x;
}

double Page::text_width(double em_px, std::string_view utf8, Weight weight) const {
  double width = 0;
  for (size_t at = 0; at < utf8.size();) {
    int glyph = 0;
    const Face* face = face_of(next_letter(utf8, at), weight, glyph);
    if (face != nullptr) width += advance_of(face->info, glyph, em_px);
  }
  return width;
}

void Page::text_centred(double x, double y, double em_px, std::string_view utf8, Weight weight,
                        uint8_t grey) {
  text(x - text_width(em_px, utf8, weight) / 2, y, em_px, utf8, weight, grey);
}

}  // namespace poolscope
