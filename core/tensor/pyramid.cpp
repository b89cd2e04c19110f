#include "core/tensor/pyramid.h"

#include <algorithm>

namespace poolscope {

namespace {

/// How two cells that become one are weighed: by how much of the picture each of them covers.
struct Pair {
  float first = 0.5f, second = 0.5f;
};

/// Of the last two (or one) of `cells` cells of a level whose cells cover `size` cells of `all`.
Pair last_pair(int64_t cells, int64_t size, int64_t all) {
  if (cells % 2 != 0) return {1, 0};
  const int64_t rest = all - (cells - 1) * size;
  return {static_cast<float>(size) / static_cast<float>(size + rest),
          static_cast<float>(rest) / static_cast<float>(size + rest)};
}

/// One row of the coarser level from one or two rows of the finer one, first mixed into `mixed`.
void halve_rows(const float* upper, const float* lower, Pair down, Pair last, int64_t width, float* mixed,
                float* to) {
  if (down.second == 0) {
    std::copy_n(upper, width, mixed);
  } else {
    for (int64_t x = 0; x < width; ++x)
      mixed[x] = upper[x] * down.first + lower[x] * down.second;
  }
  const int64_t cells = (width + 1) / 2;
  for (int64_t x = 0; x + 1 < cells; ++x)
    to[x] = (mixed[2 * x] + mixed[2 * x + 1]) * 0.5f;
  const int64_t x = 2 * (cells - 1);
  to[cells - 1] = last.second == 0 ? mixed[x] : mixed[x] * last.first + mixed[x + 1] * last.second;
}

/// The next level of `planes` planes of h x w cells at `from`, which cover `size` cells a side of a picture
/// of `height` x `width`.
Tensor halved(const float* from, Shape shape, int64_t size, int64_t height, int64_t width,
              const Progress* progress) {
  Tensor half(Shape{1, shape.c, (shape.h + 1) / 2, (shape.w + 1) / 2});
  const Pair last_column = last_pair(shape.w, size, width), last_row = last_pair(shape.h, size, height);
  std::vector<float> mixed(static_cast<size_t>(shape.w));
  for (int64_t c = 0; c < shape.c; ++c) {
    for (int64_t y = 0; y < half.shape().h; ++y) {
      if (progress != nullptr && progress->cancelled) return half;
      const float* upper = from + c * shape.plane() + 2 * y * shape.w;
      const Pair down = y + 1 == half.shape().h ? last_row : Pair{};
      halve_rows(upper, upper + shape.w, down, last_column, shape.w, mixed.data(),
                 half.plane(c) + y * half.shape().w);
    }
  }
  return half;
}

}  // namespace

int level_with_at_most(int64_t height, int64_t width, int64_t cells) {
  int level = 0;
  while (cells_at_level(std::max(height, width), level) > cells)
    ++level;
  return level;
}

Pyramid make_pyramid(const Tensor& tensor, int64_t n, Progress* progress) {
  const Shape& whole = tensor.shape();
  Pyramid pyramid;
  if (whole.count() == 0) return pyramid;
  const int height = level_with_at_most(whole.h, whole.w, 1);
  const float* from = tensor.plane(n * whole.c);
  Shape shape{1, whole.c, whole.h, whole.w};
  for (int level = 0; level < height; ++level) {
    pyramid.levels.push_back(halved(from, shape, int64_t{1} << level, whole.h, whole.w, progress));
    if (progress != nullptr && progress->cancelled) return pyramid;
    from = pyramid.levels.back().data();
    shape = pyramid.levels.back().shape();
  }
  return pyramid;
}

}  // namespace poolscope
