#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/tensor/tensor.h"

namespace poolscope {

/// A NumPy array read as a tensor, and the number of dimensions that it had (2: H x W, 3: C x H x W, 4: N x C
/// x H x W).
struct NpyArray {
  Tensor tensor;
  int dimensions = 4;
};

/// Reads float32, float64 or uint8, C order, 2 to 4 dimensions; anything else is refused by name.
/// `name` is what the error sentence calls the file.
Result<NpyArray> parse_npy(std::span<const uint8_t> bytes, const std::string& name);
/// float32, little-endian, C order, in `dimensions` dimensions (leading ones dropped; they must be 1).
std::string encode_npy(const Tensor& tensor, int dimensions);
/// The same for int64 values laid out as `shape`.
std::string encode_npy(std::span<const int64_t> values, const Shape& shape, int dimensions);

}  // namespace poolscope
