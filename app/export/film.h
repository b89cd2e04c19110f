#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "app/model/export_setup.h"
#include "core/base/result.h"

namespace poolscope {

/// One picture of a film: RGBA, opaque, rows from the top, and how long it stands.
struct FilmPicture {
  int width = 0, height = 0;
  std::vector<uint8_t> rgba;
  int milliseconds = 50;
};

/// What a film is, beside its pictures.
struct FilmFacts {
  int width = 0, height = 0;
  std::string caption;  ///< kept in the file as its comment or description
};

/// A file as it shall be written.
struct EncodedFile {
  std::filesystem::path path;
  std::string bytes;
};

/// Writes them whole or not at all. Without `replace` one that exists already is an error. Errors: those of
/// write_whole(), "export.error.exists" {path}.
Status write_files(std::span<const EncodedFile> files, bool replace);

/// Turns pictures into files, one after the other. The same pictures give the same bytes every time.
class FilmEncoder {
 public:
  virtual ~FilmEncoder() = default;
  virtual Status add(const FilmPicture& picture) = 0;
  /// After the last picture; once.
  virtual Result<std::vector<EncodedFile>> finish() = 0;
};

/// An animated GIF that goes on for ever (GIF89a, giflib): of each picture the rectangle that has changed,
/// what has not changed in it transparent. Exact where the changed part has at most 255 colours; otherwise
/// the nearest of 255 chosen ones, without dithering. Sides up to 65535.
std::unique_ptr<FilmEncoder> make_gif_encoder(const std::filesystem::path& path, const FilmFacts& facts);
/// An animated lossless WebP that goes on for ever (libwebp): exact. Sides up to 16383.
std::unique_ptr<FilmEncoder> make_webp_encoder(const std::filesystem::path& path, const FilmFacts& facts);
/// Numbered PNG files: film.png becomes film-0001.png, film-0002.png ...
std::unique_ptr<FilmEncoder> make_png_encoder(const std::filesystem::path& path, const FilmFacts& facts);
/// One PNG: the last picture.
std::unique_ptr<FilmEncoder> make_still_encoder(const std::filesystem::path& path, const FilmFacts& facts);

std::unique_ptr<FilmEncoder> make_encoder(FilmFormat format, const std::filesystem::path& path,
                                          const FilmFacts& facts);
/// The name of picture `index` (from 0) among numbered PNG files.
std::filesystem::path numbered_path(const std::filesystem::path& path, int index);

}  // namespace poolscope
