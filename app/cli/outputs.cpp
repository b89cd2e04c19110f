#include "app/cli/outputs.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <limits>
#include <vector>

#include "app/model/png.h"
#include "core/data/csv.h"
#include "core/data/npy.h"

namespace poolscope {

namespace {

/// value -> level, by level = round((value - zero) * scale), limited to 0..255.
struct Levels {
  double zero = 0, scale = 1;

  uint8_t of(float value) const {
    const double level = (static_cast<double>(value) - zero) * scale;
    if (!(level > 0)) return 0;  // also NaN
    return level >= 255 ? 255 : static_cast<uint8_t>(std::floor(level + 0.5));
  }
};

Levels stretch_to_range(const Tensor& tensor) {
  double least = std::numeric_limits<double>::infinity(), most = -least;
  for (const float value : tensor.values()) {
    if (!std::isfinite(value)) continue;
    least = std::min(least, static_cast<double>(value));
    most = std::max(most, static_cast<double>(value));
  }
  // Without two different values the picture is black, and infinities still find their end of the range.
  return most > least ? Levels{least, 255 / (most - least)} : Levels{std::isfinite(most) ? most : 0, 1};
}

std::string to_png(const Tensor& tensor, bool is_picture) {
  const Levels levels = is_picture ? Levels{} : stretch_to_range(tensor);
  const Shape& shape = tensor.shape();
  std::vector<uint8_t> pixels(static_cast<size_t>(shape.count()));
  const auto channels = static_cast<size_t>(shape.c), plane = static_cast<size_t>(shape.plane());
  for (size_t c = 0; c < channels; ++c) {
    const float* values = tensor.plane(static_cast<int64_t>(c));
    for (size_t i = 0; i < plane; ++i)
      pixels[i * channels + c] = levels.of(values[i]);
  }
  return encode_png({shape.w, shape.h, static_cast<int>(shape.c), pixels});
}

}  // namespace

Result<OutputFormat> output_format(std::string_view option, const std::string& path) {
  std::string ending = std::filesystem::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (ending == ".npy") return OutputFormat::npy;
  if (ending == ".png") return OutputFormat::png;
  if (ending == ".csv") return OutputFormat::csv;
  return Error("cli.error.output_format").with("option", std::string(option)).with("value", path);
}

Status check_fits(OutputFormat format, const Shape& shape, const std::string& path) {
  if (format != OutputFormat::png || (shape.n == 1 && (shape.c == 1 || shape.c == 3))) return {};
  return Error("cli.error.png_shape").with("path", path).with("shape", to_string(shape));
}

std::string encode_output(OutputFormat format, const Tensor& tensor, int dimensions, bool is_picture) {
  if (format == OutputFormat::npy) return encode_npy(tensor, dimensions);
  if (format == OutputFormat::csv) return encode_csv(tensor);
  return to_png(tensor, is_picture);
}

}  // namespace poolscope
