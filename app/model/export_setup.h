#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include "app/model/settings.h"
#include "app/model/sheet.h"
#include "core/pooling/spec.h"

namespace poolscope {

enum class FilmFormat { gif, webp, png_frames, png_still };

/// How a film of a lab, or a still, is made.
struct FilmSetup {
  FilmFormat format = FilmFormat::gif;
  Size2 size_px{600, 960};
  double fps = 20;                               ///< 1 to 50
  std::optional<double> seconds = std::nullopt;  ///< without: as long as it takes to read
  int64_t from = 0;                              ///< first window
  std::optional<int64_t> to = std::nullopt;      ///< last one; without: the last of all
  ThemeName theme = ThemeName::paper;
  std::string language = "en";
  int text_percent = 100;
  bool whole_window = false;  ///< with bar, panels and transport, instead of the stage alone
  bool operator==(const FilmSetup&) const = default;
};

/// A film that was asked for, and where it goes.
struct FilmRequest {
  FilmSetup setup;
  std::filesystem::path path;
  bool replace = true;  ///< false: an existing file is an error
};

inline constexpr int64_t kFewestFps = 1,
                         kMostFps = 50;  // a GIF counts hundredths; browsers slow 1 of them down
inline constexpr int64_t kMostFrames = 5000;
inline constexpr int64_t kLeastFilmSide = 320, kMostFilmSide = 16384;

/// The numbers of a matrix, as poolscope pool writes them: the whole input, the whole output, or the gradient
/// of the input for a gradient of ones.
enum class ExportMatrix { input, output, gradient };
struct CsvRequest {
  ExportMatrix matrix = ExportMatrix::output;
  std::filesystem::path path;
  bool replace = true;
};
/// A page of exercises to print, as poolscope sheet makes it.
struct PracticeRequest {
  SheetRequest sheet;
  bool answers = false;
  std::filesystem::path path;
  bool replace = true;
};
using ExportRequest = std::variant<FilmRequest, CsvRequest, PracticeRequest>;

/// What has been done of an export that runs.
struct ExportProgress {
  int64_t done = 0, total = 0;  ///< pictures; total 0 where nothing is counted
};

/// The longest side that each format has room for.
constexpr int64_t most_side(FilmFormat format) {
  return format == FilmFormat::webp ? 16383 : kMostFilmSide;
}

}  // namespace poolscope
