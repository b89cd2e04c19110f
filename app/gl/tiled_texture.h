#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <tuple>
#include <vector>

#include "core/tensor/pyramid.h"
#include "core/tensor/tensor.h"

namespace poolscope::gl {

/// How many bytes may still go to the graphics card in this frame.
class UploadBudget {
 public:
  explicit UploadBudget(int64_t bytes) : left_(bytes) {}
  bool spent() const { return left_ <= 0; }
  void take(int64_t bytes) { left_ -= bytes; }

 private:
  int64_t left_;
};

/// A piece of one level of a picture as a texture: cells [x, x + w) x [y, y + h) of the level, all layers of
/// a group of channels, and a margin of neighbouring cells, so that smooth drawing shows no seams.
struct Tile {
  unsigned id = 0;  ///< GL_TEXTURE_2D_ARRAY of R32F, one layer per channel
  int level = 0;
  int64_t x = 0, y = 0, w = 0, h = 0;
  int64_t margin = 0;
  int texture_w = 0, texture_h = 0, texture_levels = 0;
  int first_channel = 0, layers = 0;
  uint64_t used = 0;  ///< the last frame that drew it

  bool complete() const { return id != 0 && next_level == texture_levels; }
  int64_t bytes() const;

  // What is uploaded next.
  int next_level = 0, next_layer = 0, next_row = 0;
};

/// What is looked at: cells of the picture and how many of them fall on a pixel.
struct Sight {
  double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  double cells_per_pixel = 1;
  int channel = 0;
};

/// A part of the picture (in its cells) and the tile that shows it; the level may be coarser than wanted.
struct Piece {
  const Tile* tile = nullptr;
  double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
};

/// One image of a tensor on the graphics card: as much of it as has been looked at, at the levels that were
/// needed. A picture seen from afar costs a small texture, whatever its size; what is missing comes in pieces
/// over several frames, and until then a coarser level shows.
class TiledTexture {
 public:
  /// `tile_side`: of the largest tile, for tests; 0: what suits. Needs a current context from here on.
  TiledTexture(const Shape& shape, int tile_side = 0);
  ~TiledTexture();
  TiledTexture(const TiledTexture&) = delete;
  TiledTexture& operator=(const TiledTexture&) = delete;

  /// Uploads what `sight` lacks as far as the budget goes, and says what to draw with. `complete` becomes
  /// false where something is missing or too coarse. False: the card refused.
  bool provide(const Tensor& tensor, int64_t n, const Pyramid& pyramid, const Sight& sight, uint64_t frame,
               UploadBudget& budget, std::vector<Piece>& pieces, bool& complete);
  /// Lets go of tiles that were not drawn since `frame`, the oldest first, until `bytes` are left.
  void drop_unused(uint64_t frame, int64_t bytes);
  int64_t bytes() const;
  int64_t width() const { return shape_.w; }
  int64_t height() const { return shape_.h; }
  /// Level of the one texture that holds the whole picture.
  int top() const { return top_; }
  size_t tile_count() const { return tiles_.size(); }

 private:
  using Place =
      std::tuple<int, int, int64_t, int64_t>;  ///< level, group of channels, row and column of tiles
  Tile& tile_at(int level, int group, int64_t row, int64_t column);
  const Tile* shown_tile(int level, int group, int64_t row, int64_t column, uint64_t frame);
  bool fill(Tile& tile, const Tensor& tensor, int64_t n, const Pyramid& pyramid, UploadBudget& budget);

  Shape shape_;
  int64_t side_ = 0;  ///< cells of a tile, without its margin
  int top_ = 0;
  int layers_ = 1;  ///< channels of a group
  std::map<Place, Tile> tiles_;
};

}  // namespace poolscope::gl
