// Animated GIF with giflib: of each picture the rectangle that has changed.

#include <gif_lib.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "app/export/film.h"
#include "app/export/palette.h"

namespace poolscope {

namespace {

/// One place of the palette is left for "as before".
constexpr size_t kMostColours = 255;

/// A rectangle of pixels, [x0, x1) x [y0, y1).
struct Area {
  int x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  int width() const { return x1 - x0; }
};

/// A picture without gaps, seen as one number for each pixel.
class Pixels {
 public:
  explicit Pixels(const FilmPicture& picture) : bytes_(picture.rgba.data()), width_(picture.width) {}
  const uint8_t* row(int y) const {
    return bytes_ + static_cast<size_t>(y) * static_cast<size_t>(width_) * 4;
  }
  static Rgb colour(const uint8_t* pixel) {
    return static_cast<Rgb>(pixel[0]) << 16 | static_cast<Rgb>(pixel[1]) << 8 | pixel[2];
  }

 private:
  const uint8_t* bytes_;
  int width_;
};

bool same_pixel(const uint8_t* a, const uint8_t* b) {
  return std::memcmp(a, b, 3) == 0;
}

/// What differs between two pictures of the same size; empty where nothing does.
Area changed_area(const FilmPicture& before, const FilmPicture& after) {
  const Pixels old(before), now(after);
  const auto row_bytes = static_cast<size_t>(after.width) * 4;
  Area area{after.width, 0, 0, 0};
  bool found = false;
  for (int y = 0; y < after.height; ++y) {
    const uint8_t *a = old.row(y), *b = now.row(y);
    if (std::memcmp(a, b, row_bytes) == 0) continue;
    if (!std::exchange(found, true)) area.y0 = y;
    area.y1 = y + 1;
    int left = 0, right = after.width;
    while (left < area.x0 && same_pixel(a + 4 * left, b + 4 * left))
      ++left;
    while (right > area.x1 && same_pixel(a + 4 * (right - 1), b + 4 * (right - 1)))
      --right;
    area.x0 = std::min(area.x0, left);
    area.x1 = std::max(area.x1, right);
  }
  return found ? area : Area{};
}

/// A palette as giflib wants it: a power of two of colours.
class ColourMap {
 public:
  explicit ColourMap(std::span<const Rgb> palette) {
    int size = 4;
    while (size < static_cast<int>(palette.size()) + 1)
      size *= 2;
    map_ = GifMakeMapObject(size, nullptr);
    if (map_ == nullptr) return;
    for (int i = 0; i < size; ++i) {
      const Rgb c = i < static_cast<int>(palette.size()) ? palette[static_cast<size_t>(i)] : 0;
      map_->Colors[i] = {static_cast<GifByteType>(c >> 16), static_cast<GifByteType>(c >> 8),
                         static_cast<GifByteType>(c)};
    }
  }
  ~ColourMap() { GifFreeMapObject(map_); }
  ColourMap(const ColourMap&) = delete;
  ColourMap& operator=(const ColourMap&) = delete;
  const ColorMapObject* get() const { return map_; }

 private:
  ColorMapObject* map_;
};

class GifEncoder : public FilmEncoder {
 public:
  GifEncoder(std::filesystem::path path, FilmFacts facts)
      : path_(std::move(path)), facts_(std::move(facts)) {}
  ~GifEncoder() override {
    if (gif_ != nullptr) EGifCloseFile(gif_, nullptr);
  }

  Status add(const FilmPicture& picture) override {
    const bool first = gif_ == nullptr;
    const Area area = first ? Area{0, 0, picture.width, picture.height} : changed_area(before_, picture);
    count_colours(picture, area);
    const std::vector<Rgb> palette = first || !known_to_all() ? choose_palette(colours_, kMostColours) : all_;
    if (first) {
      all_ = palette;
      if (!begin()) return broken();
    }
    if (!put_picture(picture, area, palette)) return broken();
    before_ = picture;
    return {};
  }

  Result<std::vector<EncodedFile>> finish() override {
    int error = 0;
    if (EGifCloseFile(std::exchange(gif_, nullptr), &error) != GIF_OK) return broken();
    std::vector<EncodedFile> files;
    files.push_back({path_, std::move(bytes_)});
    return files;
  }

 private:
  static int take_bytes(GifFileType* gif, const GifByteType* bytes, int count) {
    auto& out = *static_cast<std::string*>(gif->UserData);
    out.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(count));
    return count;
  }

  /// giflib writes into memory, so only memory can run out.
  Error broken() const { return Error("export.error.encoder").with("format", "GIF"); }

  bool begin() {
    int error = 0;
    gif_ = EGifOpen(&bytes_, take_bytes, &error);
    if (gif_ == nullptr) return false;
    EGifSetGifVersion(gif_, true);
    const ColourMap map(all_);
    if (map.get() == nullptr) return false;
    if (EGifPutScreenDesc(gif_, facts_.width, facts_.height, 8, 0, map.get()) != GIF_OK) return false;
    // Netscape's extension, which all viewers know: sub-block 1, for ever.
    const GifByteType forever[] = {1, 0, 0};
    const bool looping = EGifPutExtensionLeader(gif_, APPLICATION_EXT_FUNC_CODE) == GIF_OK &&
                         EGifPutExtensionBlock(gif_, 11, "NETSCAPE2.0") == GIF_OK &&
                         EGifPutExtensionBlock(gif_, 3, forever) == GIF_OK &&
                         EGifPutExtensionTrailer(gif_) == GIF_OK;
    return looping && (facts_.caption.empty() || EGifPutComment(gif_, facts_.caption.c_str()) == GIF_OK);
  }

  void count_colours(const FilmPicture& picture, const Area& area) {
    colours_.clear();
    const Pixels now(picture), old(before_);
    for (int y = area.y0; y < area.y1; ++y) {
      const uint8_t* pixel = now.row(y) + 4 * area.x0;
      const uint8_t* earlier = gif_ == nullptr ? nullptr : old.row(y) + 4 * area.x0;
      // Most pixels are like their neighbour: counted together.
      Rgb last = 0;
      uint32_t run = 0;
      for (int x = area.x0; x < area.x1; ++x, pixel += 4) {
        const bool skipped = earlier != nullptr && same_pixel(pixel, earlier);
        if (earlier != nullptr) earlier += 4;
        if (skipped) continue;
        const Rgb colour = Pixels::colour(pixel);
        if (colour != last && run > 0) colours_.add(last, std::exchange(run, 0));
        last = colour;
        ++run;
      }
      if (run > 0) colours_.add(last, run);
    }
  }

  /// Whether the palette of the whole film has every colour that is needed.
  bool known_to_all() const {
    const std::vector<ColourTable::Entry> needed = colours_.by_frequency();
    return needed.size() <= all_.size() &&
           std::all_of(needed.begin(), needed.end(), [&](const ColourTable::Entry& entry) {
             return std::find(all_.begin(), all_.end(), entry.colour) != all_.end();
           });
  }

  /// Gives each counted colour its place in the palette.
  void number_colours(std::span<const Rgb> palette) {
    const NearestColour nearest(palette);
    for (const ColourTable::Entry& entry : colours_.by_frequency())
      colours_.find(entry.colour)->number = static_cast<uint32_t>(nearest(entry.colour));
  }

  /// Hundredths of a second; what rounding takes from one picture it gives to the next.
  int delay_of(const FilmPicture& picture) {
    const int64_t begin = (milliseconds_ + 5) / 10;
    milliseconds_ += picture.milliseconds;
    return static_cast<int>(std::clamp<int64_t>((milliseconds_ + 5) / 10 - begin, 1, 65535));
  }

  bool put_picture(const FilmPicture& picture, Area area, const std::vector<Rgb>& palette) {
    const bool first = before_.rgba.empty();
    const bool nothing = area.x1 <= area.x0;
    if (nothing) area = {0, 0, 1, 1};  // a picture must have a pixel: an invisible one
    const auto clear = static_cast<GifByteType>(palette.size());
    GraphicsControlBlock control{DISPOSE_DO_NOT, false, delay_of(picture),
                                 first ? NO_TRANSPARENT_COLOR : clear};
    GifByteType block[4];
    const size_t size = EGifGCBToExtension(&control, block);
    if (EGifPutExtension(gif_, GRAPHICS_EXT_FUNC_CODE, static_cast<int>(size), block) != GIF_OK) return false;
    const ColourMap own(palette);
    const ColorMapObject* map = palette == all_ ? nullptr : own.get();
    // giflib forgets the last picture's own colours where this one has none, without freeing them.
    if (map == nullptr) GifFreeMapObject(std::exchange(gif_->Image.ColorMap, nullptr));
    if (EGifPutImageDesc(gif_, area.x0, area.y0, area.width(), area.y1 - area.y0, false, map) != GIF_OK)
      return false;
    if (nothing) {
      GifPixelType pixel = clear;
      return EGifPutLine(gif_, &pixel, 1) == GIF_OK;
    }
    number_colours(palette);
    return put_rows(picture, area, clear, first);
  }

  bool put_rows(const FilmPicture& picture, const Area& area, GifByteType clear, bool first) {
    const Pixels now(picture), old(before_);
    line_.resize(static_cast<size_t>(area.width()));
    for (int y = area.y0; y < area.y1; ++y) {
      const uint8_t* pixel = now.row(y) + 4 * area.x0;
      const uint8_t* earlier = first ? nullptr : old.row(y) + 4 * area.x0;
      Rgb last = 0x1000000;
      GifByteType number = 0;
      for (size_t i = 0; i < line_.size(); ++i) {
        if (earlier != nullptr && same_pixel(pixel + 4 * i, earlier + 4 * i)) {
          line_[i] = clear;
          continue;
        }
        const Rgb colour = Pixels::colour(pixel + 4 * i);
        if (colour != last) number = static_cast<GifByteType>(colours_.find(colour)->number);
        last = colour;
        line_[i] = number;
      }
      if (EGifPutLine(gif_, line_.data(), area.width()) != GIF_OK) return false;
    }
    return true;
  }

  std::filesystem::path path_;
  FilmFacts facts_;
  std::string bytes_;
  GifFileType* gif_ = nullptr;
  FilmPicture before_;
  std::vector<Rgb> all_;  ///< palette of the first picture, which later ones may share
  ColourTable colours_;   ///< of what has changed in the present picture
  std::vector<GifPixelType> line_;
  int64_t milliseconds_ = 0;
};

}  // namespace

std::unique_ptr<FilmEncoder> make_gif_encoder(const std::filesystem::path& path, const FilmFacts& facts) {
  return std::make_unique<GifEncoder>(path, facts);
}

}  // namespace poolscope
