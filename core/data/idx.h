#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/samples.h"

namespace poolscope {

/// The format of MNIST (http://yann.lecun.com/exdb/mnist): two zero bytes, a type, the number of dimensions,
/// the dimensions as 32-bit numbers, highest byte first, then the values.

/// The most bytes of values that an IDX file may have, unpacked.
inline constexpr int64_t kMostIdxBytes = int64_t{512} << 20;
/// The longest side of its pictures.
inline constexpr int64_t kMostIdxSide = 1024;

/// N pictures of uint8: N x H x W, or N x C x H x W with 1 or 3 channels.
struct IdxImages {
  Shape shape;  ///< of all
  std::vector<uint8_t> pixels;
};

/// `bytes` are those of the file, plain or packed with gzip; `name` is its name as it is shown. Nothing is
/// believed: sizes are compared with what is there before memory is taken, and a packed file may unpack to no
/// more than it announces. Errors: "nn.data.*".
Result<IdxImages> parse_idx_images(std::span<const uint8_t> bytes, const std::string& name);
Result<std::vector<uint8_t>> parse_idx_labels(std::span<const uint8_t> bytes, const std::string& name);

/// Pictures and labels that belong together. Classes are 0 to the highest label, at least `classes` of them.
Result<Samples> join_idx(IdxImages images, std::vector<uint8_t> labels, const std::string& labels_name,
                         int64_t classes = 2);

}  // namespace poolscope
