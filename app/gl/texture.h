#pragma once

#include <cstdint>
#include <span>

namespace poolscope::gl {

/// A small RGBA picture for thumbnails and icons; `handle()` goes to ui::thumbnail.
class ColorTexture {
 public:
  ColorTexture() = default;
  ~ColorTexture();
  ColorTexture(ColorTexture&& other) noexcept;
  ColorTexture& operator=(ColorTexture&& other) noexcept;
  /// `rgba` holds width * height * 4 bytes, from the top row.
  void upload(int width, int height, std::span<const uint8_t> rgba);
  uint64_t handle() const { return id_; }
  int width() const { return width_; }
  int height() const { return height_; }

 private:
  unsigned id_ = 0;
  int width_ = 0, height_ = 0;
};

}  // namespace poolscope::gl
