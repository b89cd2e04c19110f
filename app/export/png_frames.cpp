// PNG files: all pictures of a film, numbered, or the last one alone.

#include <cstdio>
#include <utility>

#include "app/export/film.h"
#include "app/model/png.h"

namespace poolscope {

namespace {

/// Films are opaque: three bytes for each pixel say everything.
std::string png_of(const FilmPicture& picture, const std::string& caption) {
  std::vector<uint8_t> rgb;
  rgb.reserve(picture.rgba.size() / 4 * 3);
  for (size_t i = 0; i + 3 < picture.rgba.size(); i += 4)
    rgb.insert(rgb.end(), picture.rgba.begin() + static_cast<ptrdiff_t>(i),
               picture.rgba.begin() + static_cast<ptrdiff_t>(i) + 3);
  return encode_png({picture.width, picture.height, 3, rgb}, caption);
}

class PngFrames : public FilmEncoder {
 public:
  PngFrames(std::filesystem::path path, FilmFacts facts) : path_(std::move(path)), facts_(std::move(facts)) {}
  Status add(const FilmPicture& picture) override {
    files_.push_back(
        {numbered_path(path_, static_cast<int>(files_.size())), png_of(picture, facts_.caption)});
    return {};
  }
  Result<std::vector<EncodedFile>> finish() override { return std::move(files_); }

 private:
  std::filesystem::path path_;
  FilmFacts facts_;
  std::vector<EncodedFile> files_;
};

class PngStill : public FilmEncoder {
 public:
  PngStill(std::filesystem::path path, FilmFacts facts) : path_(std::move(path)), facts_(std::move(facts)) {}
  Status add(const FilmPicture& picture) override {
    last_ = picture;
    return {};
  }
  Result<std::vector<EncodedFile>> finish() override {
    std::vector<EncodedFile> files;
    files.push_back({path_, png_of(last_, facts_.caption)});
    return files;
  }

 private:
  std::filesystem::path path_;
  FilmFacts facts_;
  FilmPicture last_;
};

}  // namespace

std::filesystem::path numbered_path(const std::filesystem::path& path, int index) {
  char number[16];
  std::snprintf(number, sizeof number, "-%04d", index + 1);
  return path.parent_path() / (path.stem().string() + number + path.extension().string());
}

std::unique_ptr<FilmEncoder> make_png_encoder(const std::filesystem::path& path, const FilmFacts& facts) {
  return std::make_unique<PngFrames>(path, facts);
}

std::unique_ptr<FilmEncoder> make_still_encoder(const std::filesystem::path& path, const FilmFacts& facts) {
  return std::make_unique<PngStill>(path, facts);
}

std::unique_ptr<FilmEncoder> make_encoder(FilmFormat format, const std::filesystem::path& path,
                                          const FilmFacts& facts) {
  switch (format) {
    case FilmFormat::gif:
      return make_gif_encoder(path, facts);
    case FilmFormat::webp:
      return make_webp_encoder(path, facts);
    case FilmFormat::png_frames:
      return make_png_encoder(path, facts);
    case FilmFormat::png_still:
      break;
  }
  return make_still_encoder(path, facts);
}

}  // namespace poolscope
