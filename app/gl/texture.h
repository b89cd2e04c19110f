#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/tensor/tensor.h"

namespace poolscope::gl {

/// A tensor's planes on the graphics card as 32-bit floats, in tiles where the card's textures are smaller
/// than the picture. Values are the tensor's own; colours, range and channel are chosen while drawing.
class FloatTexture {
 public:
  FloatTexture();
  ~FloatTexture();
  FloatTexture(FloatTexture&&) noexcept;
  FloatTexture& operator=(FloatTexture&&) noexcept;

  /// Uploads image `n` of the tensor (all channels). Needs a current context. Error:
  /// display.picture_too_large {size}.
  Status upload(const Tensor& tensor, int64_t n = 0);
  /// For tests and weak cards: tiles of at most this side. 0: as large as the card allows.
  void set_tile_limit(int side) { tile_limit_ = side; }

  int64_t width() const { return width_; }
  int64_t height() const { return height_; }
  int channels() const { return channels_; }
  bool empty() const { return width_ == 0; }

  struct Tile {
    unsigned id = 0;       // GL_TEXTURE_2D_ARRAY, one layer per channel
    int64_t x = 0, y = 0;  // of its first cell in the picture
    int w = 0, h = 0;
    int first_channel = 0, layers = 0;
  };
  std::span<const Tile> tiles() const { return tiles_; }

 private:
  void release();
  std::vector<Tile> tiles_;
  int64_t width_ = 0, height_ = 0;
  int channels_ = 0;
  int tile_limit_ = 0;
};

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
