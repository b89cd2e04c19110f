#pragma once

#include <cstdint>
#include <vector>

#include "core/tensor/tensor.h"

namespace poolscope::gl {

struct Thumbnail {
  int width = 0, height = 0;
  std::vector<uint8_t> rgba;
};

/// A square picture of image 0's middle, `side` pixels wide: red, green and blue where there are three
/// channels or more, else grey. Means of the cells below each pixel where the picture is larger, whole blocks
/// where it is smaller. Values of 0 to 1 or 0 to 255 are shown as they are, others over their own range. At
/// most 8 x 8 cells are read per pixel, so that the cost does not grow with the picture.
Thumbnail make_thumbnail(const Tensor& tensor, int side);

}  // namespace poolscope::gl
