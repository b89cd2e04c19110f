#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace poolscope {

/// One array of float32 in a safetensors file.
struct NamedArray {
  std::string name;
  std::vector<int64_t> shape;
  std::vector<float> values;
  bool operator==(const NamedArray&) const = default;
};

/// A file of the safetensors format (https://github.com/huggingface/safetensors): the length of a header in 8
/// bytes, lowest first; the header in JSON; then all values one after the other.
struct ArrayFile {
  std::map<std::string, std::string> metadata;
  std::vector<NamedArray> arrays;  ///< in the order of their values
};

std::string encode_safetensors(const ArrayFile& file);

/// Reads such a file, whoever wrote it. Only float32 is taken, with plain names, every byte must belong to
/// exactly one array, and every value must be a number. Errors: "nn.model.*"; names are shown escaped.
Result<ArrayFile> parse_safetensors(std::span<const uint8_t> bytes, const std::string& name);

inline constexpr size_t kMostHeaderBytes = size_t{1} << 20;
inline constexpr size_t kMostArrays = 1000;

}  // namespace poolscope
