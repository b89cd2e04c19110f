#pragma once

#include <string>

#include "core/base/result.h"
#include "core/tensor/tensor.h"

namespace poolscope {

enum class OutputFormat { npy, png, csv };

/// By the path's ending, whatever its case; "cli.error.output_format" {option} {value} for any other.
Result<OutputFormat> output_format(std::string_view option, const std::string& path);

/// Whether a result of that shape fits into the format: a PNG holds one picture (n = 1) of 1 or 3 channels.
/// Error: "cli.error.png_shape" {path} {shape}.
Status check_fits(OutputFormat format, const Shape& shape, const std::string& path);

/// The tensor as a file. Picture values become PNG levels by rounding to the nearest (halves up) and limiting
/// to 0 to 255; other values so that the smallest finite one becomes 0 and the largest 255, over all channels
/// together (all 0 where they are equal). -inf and NaN are written as 0, inf as 255.
std::string encode_output(OutputFormat format, const Tensor& tensor, int dimensions, bool is_picture);

}  // namespace poolscope
