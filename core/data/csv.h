#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/tensor/tensor.h"

namespace poolscope {

/// A small matrix: numbers separated by commas, semicolons, tabs or blanks, one row per line. Ragged rows,
/// empty files, words and more than 4096 x 4096 cells are refused with line and column.
Result<Tensor> parse_csv(std::string_view text, const std::string& name);
/// Shortest decimals that read back the same. Several planes are separated by an empty line.
std::string encode_csv(const Tensor& tensor);

}  // namespace poolscope
