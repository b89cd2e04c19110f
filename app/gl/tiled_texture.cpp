#include "app/gl/tiled_texture.h"

#include <glad/gl.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace poolscope::gl {

namespace {

// Memory that is touched for the first time costs more than what is copied into it, and a tile's is reserved
// at once: tiles of 4 MB.
constexpr int64_t kLargestSide = 512, kTexels = int64_t{1} << 20;
constexpr int64_t kReservingCosts = 2;  // times the upload of as many bytes
constexpr int kMostLayers = 64;
constexpr int64_t kMargin = 2;  // one cell of the next level, on each side
constexpr int64_t kBandTexels = int64_t{1} << 17;
constexpr int64_t kTexelBytes = 4;

void forget_errors() {
  for (int i = 0; i < 16 && glGetError() != GL_NO_ERROR; ++i) {
  }
}

int64_t limit_of_card() {
  GLint side = 0;
  glGetIntegerv(GL_MAX_TEXTURE_SIZE, &side);
  return std::max<int64_t>(64, side);
}

/// An empty texture with all its levels. False: the card has no room for it.
bool reserve(Tile& tile) {
  forget_errors();
  glGenTextures(1, &tile.id);
  glBindTexture(GL_TEXTURE_2D_ARRAY, tile.id);
  glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
  glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MAX_LEVEL, tile.texture_levels - 1);
  for (int l = 0; l < tile.texture_levels; ++l)
    glTexImage3D(GL_TEXTURE_2D_ARRAY, l, GL_R32F, std::max(1, tile.texture_w >> l),
                 std::max(1, tile.texture_h >> l), tile.layers, 0, GL_RED, GL_FLOAT, nullptr);
  glBindTexture(GL_TEXTURE_2D_ARRAY, 0);
  return glGetError() == GL_NO_ERROR;
}

/// One plane of one level.
struct Plane {
  const float* cells = nullptr;
  int64_t h = 0, w = 0;
};

Plane plane_of(const Tensor& tensor, int64_t n, const Pyramid& pyramid, int level, int64_t channel) {
  const Shape& whole = tensor.shape();
  if (level == 0) return {tensor.plane(n * whole.c + channel), whole.h, whole.w};
  const size_t at = std::min(static_cast<size_t>(level), pyramid.levels.size()) - 1;
  const Tensor& coarse = pyramid.levels[at];
  return {coarse.plane(channel), coarse.shape().h, coarse.shape().w};
}

/// `rows` rows from (x, y) on; beyond the edges the nearest cell.
void copy_rows(const Plane& plane, int64_t x, int64_t y, int64_t rows, int64_t columns, float* to) {
  const int64_t left = std::clamp<int64_t>(-x, 0, columns),
                inside = std::max<int64_t>(0, std::min(columns, plane.w - x) - left);
  for (int64_t row = 0; row < rows; ++row, to += columns) {
    const float* from = plane.cells + std::clamp<int64_t>(y + row, 0, plane.h - 1) * plane.w;
    std::fill_n(to, left, from[0]);
    std::copy_n(from + x + left, inside, to + left);
    std::fill_n(to + left + inside, columns - left - inside, from[plane.w - 1]);
  }
}

/// The next rows of the tile; moves its place on.
int64_t upload_band(Tile& tile, const Tensor& tensor, int64_t n, const Pyramid& pyramid) {
  static thread_local std::vector<float> band;
  const int l = tile.next_level;
  const int64_t columns = std::max(1, tile.texture_w >> l), all_rows = std::max(1, tile.texture_h >> l);
  const int64_t rows = std::min(all_rows - tile.next_row, std::max<int64_t>(1, kBandTexels / columns));
  const Plane plane = plane_of(tensor, n, pyramid, tile.level + l, tile.first_channel + tile.next_layer);
  band.resize(static_cast<size_t>(rows * columns));
  copy_rows(plane, (tile.x - tile.margin) >> l, ((tile.y - tile.margin) >> l) + tile.next_row, rows, columns,
            band.data());
  glTexSubImage3D(GL_TEXTURE_2D_ARRAY, l, 0, tile.next_row, tile.next_layer, static_cast<GLsizei>(columns),
                  static_cast<GLsizei>(rows), 1, GL_RED, GL_FLOAT, band.data());
  tile.next_row += static_cast<int>(rows);
  if (tile.next_row == all_rows) {
    tile.next_row = 0;
    if (++tile.next_layer == tile.layers) {
      tile.next_layer = 0;
      ++tile.next_level;
    }
  }
  return rows * columns * kTexelBytes;
}

}  // namespace

int64_t Tile::bytes() const {
  return int64_t{texture_w} * texture_h * layers * kTexelBytes * 4 / 3;
}

TiledTexture::TiledTexture(const Shape& shape, int tile_side) : shape_(shape) {
  layers_ = static_cast<int>(std::min<int64_t>(shape.c, kMostLayers));
  const auto fitting = static_cast<int64_t>(
      std::bit_floor(static_cast<uint64_t>(std::sqrt(static_cast<double>(kTexels) / layers_))));
  side_ = std::min({kLargestSide, fitting, limit_of_card() - 2 * kMargin});
  if (tile_side > 0) side_ = std::min<int64_t>(side_, tile_side);
  side_ = std::max<int64_t>(2, side_ & ~int64_t{1});  // even: a tile of the next level covers two of this one
  top_ = level_with_at_most(shape.h, shape.w, side_);
}

TiledTexture::~TiledTexture() {
  for (const auto& [place, tile] : tiles_)
    glDeleteTextures(1, &tile.id);
}

Tile& TiledTexture::tile_at(int level, int group, int64_t row, int64_t column) {
  const auto [entry, is_new] = tiles_.try_emplace({level, group, row, column});
  Tile& tile = entry->second;
  if (!is_new) return tile;
  tile.level = level;
  tile.x = column * side_;
  tile.y = row * side_;
  tile.w = std::min(side_, cells_at_level(shape_.w, level) - tile.x);
  tile.h = std::min(side_, cells_at_level(shape_.h, level) - tile.y);
  tile.first_channel = group * layers_;
  tile.layers = static_cast<int>(std::min<int64_t>(layers_, shape_.c - tile.first_channel));
  if (level == top_) {
    // All levels down to one cell: sides that can be halved so often.
    tile.texture_w = static_cast<int>(std::bit_ceil(static_cast<uint64_t>(tile.w)));
    tile.texture_h = static_cast<int>(std::bit_ceil(static_cast<uint64_t>(tile.h)));
    tile.texture_levels = 1 + level_with_at_most(tile.h, tile.w, 1);
  } else {
    tile.margin = kMargin;
    tile.texture_w = static_cast<int>((tile.w + 2 * kMargin + 1) & ~int64_t{1});
    tile.texture_h = static_cast<int>((tile.h + 2 * kMargin + 1) & ~int64_t{1});
    tile.texture_levels = 2;
  }
  return tile;
}

bool TiledTexture::fill(Tile& tile, const Tensor& tensor, int64_t n, const Pyramid& pyramid,
                        UploadBudget& budget) {
  if (tile.complete() || budget.spent()) return true;
  if (tile.id == 0) {
    if (!reserve(tile)) return false;
    budget.take(kReservingCosts * tile.bytes());
  }
  glBindTexture(GL_TEXTURE_2D_ARRAY, tile.id);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  do
    budget.take(upload_band(tile, tensor, n, pyramid));
  while (!tile.complete() && !budget.spent());
  glBindTexture(GL_TEXTURE_2D_ARRAY, 0);
  return true;
}

/// The finest complete tile that shows this place, from `level` upwards.
const Tile* TiledTexture::shown_tile(int level, int group, int64_t row, int64_t column, uint64_t frame) {
  for (int l = level; l <= top_; ++l) {
    const auto found = tiles_.find({l, group, row >> (l - level), column >> (l - level)});
    if (found == tiles_.end() || !found->second.complete()) continue;
    found->second.used = frame;
    return &found->second;
  }
  return nullptr;
}

bool TiledTexture::provide(const Tensor& tensor, int64_t n, const Pyramid& pyramid, const Sight& sight,
                           uint64_t frame, UploadBudget& budget, std::vector<Piece>& pieces, bool& complete) {
  const int group = sight.channel / layers_;
  const double far = std::log2(std::max(1.0, sight.cells_per_pixel));
  const int level = std::min(top_, static_cast<int>(std::floor(far)));
  // First something that shows all of it, then what is seen.
  Tile& whole = tile_at(top_, group, 0, 0);
  if (!fill(whole, tensor, n, pyramid, budget)) return false;
  const auto wide = static_cast<double>(side_) * std::exp2(level);
  const auto index = [&](double cell, int64_t cells) {
    const int64_t last = (cells_at_level(cells, level) - 1) / side_;
    return std::clamp<int64_t>(static_cast<int64_t>(std::floor(cell / wide)), 0, last);
  };
  const int64_t last_row = index(sight.y1, shape_.h), last_column = index(sight.x1, shape_.w);
  for (int64_t row = index(sight.y0, shape_.h); row <= last_row; ++row) {
    for (int64_t column = index(sight.x0, shape_.w); column <= last_column; ++column) {
      Tile& wanted = tile_at(level, group, row, column);
      wanted.used = frame;
      if (!fill(wanted, tensor, n, pyramid, budget)) return false;
      const Tile* tile = shown_tile(level, group, row, column, frame);
      complete &= tile == &wanted;
      if (tile == nullptr) continue;
      const auto x = static_cast<double>(column) * wide, y = static_cast<double>(row) * wide;
      pieces.push_back({tile, x, y, std::min(x + wide, static_cast<double>(shape_.w)),
                        std::min(y + wide, static_cast<double>(shape_.h))});
    }
  }
  return true;
}

int64_t TiledTexture::bytes() const {
  int64_t sum = 0;
  for (const auto& [place, tile] : tiles_)
    if (tile.id != 0) sum += tile.bytes();
  return sum;
}

void TiledTexture::drop_unused(uint64_t frame, int64_t bytes) {
  int64_t present = this->bytes();
  while (present > bytes) {
    auto oldest = tiles_.end();
    for (auto at = tiles_.begin(); at != tiles_.end(); ++at) {
      const Tile& tile = at->second;
      if (tile.level == top_ || tile.id == 0 || tile.used >= frame) continue;
      if (oldest == tiles_.end() || tile.used < oldest->second.used) oldest = at;
    }
    if (oldest == tiles_.end()) return;
    present -= oldest->second.bytes();
    glDeleteTextures(1, &oldest->second.id);
    tiles_.erase(oldest);
  }
}

}  // namespace poolscope::gl
