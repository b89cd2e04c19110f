#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"
#include "core/tensor/tensor.h"

namespace poolscope {

/// What a file turned out to be. Pictures hold 0 to 255 per channel, 1 (grey) or 3 (RGB) channels;
/// transparency is laid over white. Matrices (.npy, .csv) hold their own numbers.
struct LoadedInput {
  TensorPtr tensor;
  bool is_picture = false;
  int dimensions = 4;  ///< of the .npy file, so that an answer is written with as many
  /// Of the whole picture, upright; larger than the tensor where a preview was asked for.
  int64_t full_width = 0, full_height = 0;
  std::string name;  ///< file name without folders, safe to show (control characters escaped)
};

/// Limits of what is opened.
inline constexpr int64_t kMaxFileBytes = int64_t{64} << 20;
inline constexpr int64_t kMaxPictureSide = 8192;

}  // namespace poolscope
