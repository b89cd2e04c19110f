#include "app/gl/texture.h"

#include <glad/gl.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace poolscope::gl {
namespace {

int gl_limit(GLenum name) {
  GLint value = 0;
  glGetIntegerv(name, &value);
  return std::max(1, static_cast<int>(value));
}

void forget_errors() {
  for (int i = 0; i < 16 && glGetError() != GL_NO_ERROR; ++i) {
  }
}

int level_count(int w, int h) {
  return 1 + static_cast<int>(std::floor(std::log2(std::max(w, h))));
}

/// One tile's layers from the planes of the tensor, and its smaller versions.
unsigned upload_tile(const Tensor& tensor, int64_t first_plane, int layers, int64_t x, int64_t y, int w,
                     int h) {
  unsigned id = 0;
  glGenTextures(1, &id);
  glBindTexture(GL_TEXTURE_2D_ARRAY, id);
  glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
  glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MAX_LEVEL, level_count(w, h) - 1);
  glTexImage3D(GL_TEXTURE_2D_ARRAY, 0, GL_R32F, w, h, layers, 0, GL_RED, GL_FLOAT, nullptr);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  glPixelStorei(GL_UNPACK_ROW_LENGTH, static_cast<GLint>(tensor.shape().w));
  for (int layer = 0; layer < layers; ++layer) {
    const float* values = tensor.plane(first_plane + layer) + y * tensor.shape().w + x;
    glTexSubImage3D(GL_TEXTURE_2D_ARRAY, 0, 0, 0, layer, w, h, 1, GL_RED, GL_FLOAT, values);
  }
  glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
  glGenerateMipmap(GL_TEXTURE_2D_ARRAY);
  glBindTexture(GL_TEXTURE_2D_ARRAY, 0);
  return id;
}

}  // namespace

FloatTexture::FloatTexture() = default;
FloatTexture::~FloatTexture() {
  release();
}
FloatTexture::FloatTexture(FloatTexture&& other) noexcept {
  *this = std::move(other);
}
FloatTexture& FloatTexture::operator=(FloatTexture&& other) noexcept {
  std::swap(tiles_, other.tiles_);
  std::swap(width_, other.width_);
  std::swap(height_, other.height_);
  std::swap(channels_, other.channels_);
  std::swap(tile_limit_, other.tile_limit_);
  return *this;
}

void FloatTexture::release() {
  for (const Tile& tile : tiles_)
    glDeleteTextures(1, &tile.id);
  tiles_.clear();
  width_ = height_ = 0;
  channels_ = 0;
}

Status FloatTexture::upload(const Tensor& tensor, int64_t n) {
  release();
  const Shape& shape = tensor.shape();
  if (shape.plane() == 0 || shape.c == 0) return {};
  const int limit = gl_limit(GL_MAX_TEXTURE_SIZE);
  const int side = tile_limit_ > 0 ? std::min(tile_limit_, limit) : limit;
  const int most_layers = gl_limit(GL_MAX_ARRAY_TEXTURE_LAYERS);
  forget_errors();
  for (int64_t c = 0; c < shape.c; c += most_layers) {
    const int layers = static_cast<int>(std::min<int64_t>(most_layers, shape.c - c));
    for (int64_t y = 0; y < shape.h; y += side) {
      for (int64_t x = 0; x < shape.w; x += side) {
        const int w = static_cast<int>(std::min<int64_t>(side, shape.w - x));
        const int h = static_cast<int>(std::min<int64_t>(side, shape.h - y));
        tiles_.push_back({upload_tile(tensor, n * shape.c + c, layers, x, y, w, h), x, y, w, h,
                          static_cast<int>(c), layers});
      }
    }
  }
  width_ = shape.w;
  height_ = shape.h;
  channels_ = static_cast<int>(shape.c);
  if (glGetError() != GL_NO_ERROR) {
    release();
    return Error("display.picture_too_large").with("size", to_string(shape));
  }
  return {};
}

ColorTexture::~ColorTexture() {
  if (id_) glDeleteTextures(1, &id_);
}
ColorTexture::ColorTexture(ColorTexture&& other) noexcept {
  *this = std::move(other);
}
ColorTexture& ColorTexture::operator=(ColorTexture&& other) noexcept {
  std::swap(id_, other.id_);
  std::swap(width_, other.width_);
  std::swap(height_, other.height_);
  return *this;
}

void ColorTexture::upload(int width, int height, std::span<const uint8_t> rgba) {
  if (width <= 0 || height <= 0 || rgba.size() < static_cast<size_t>(width) * static_cast<size_t>(height) * 4)
    return;
  if (!id_) glGenTextures(1, &id_);
  glBindTexture(GL_TEXTURE_2D, id_);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, rgba.data());
  glBindTexture(GL_TEXTURE_2D, 0);
  width_ = width;
  height_ = height;
}

}  // namespace poolscope::gl
