#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/data/input_file.h"

// The refusals that several readers share. `name` is the file's name as it is shown; `format` and `variant`
// are proper names, the same in every language ("PNG", "RLE BMP").
namespace poolscope {

inline Error damaged(const std::string& name, std::string_view format) {
  return Error("files.damaged").with("file", name).with("format", std::string(format));
}
inline Error truncated(const std::string& name, std::string_view format) {
  return Error("files.truncated").with("file", name).with("format", std::string(format));
}
inline Error not_offered(const std::string& name, std::string_view variant) {
  return Error("files.not_offered").with("file", name).with("format", std::string(variant));
}
/// Nothing where both sides are at least 1 and at most kMaxPictureSide.
inline Status check_sides(const std::string& name, std::string_view format, int64_t width, int64_t height) {
  if (width <= 0 || height <= 0)
    return Error("files.no_pixels").with("file", name).with("format", std::string(format));
  if (width <= kMaxPictureSide && height <= kMaxPictureSide) return {};
  return Error("files.too_large")
      .with("file", name)
      .with("width", width)
      .with("height", height)
      .with("limit", kMaxPictureSide);
}

}  // namespace poolscope
