#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/nn/network.h"

namespace poolscope {

/// A trained network: what it is, its weights, and what its outputs mean.
struct TrainedModel {
  NetworkSpec spec;
  std::vector<float> parameters;     ///< as NetworkPlan has them
  std::vector<std::string> classes;  ///< names, by output
  std::string data;                  ///< what it was trained on, in a few words; may be empty
  bool operator==(const TrainedModel&) const = default;
};

/// The bytes of a safetensors file: arrays "0.conv2d.weight", "0.conv2d.bias", ... by layer, in PyTorch's
/// shapes; in the metadata "poolscope.network" (see description.h), "poolscope.classes" (one per line) and
/// "poolscope.data".
std::string encode_model(const TrainedModel& model);

/// Reads a file that encode_model() may have written. Arrays must be exactly those of the description.
/// Errors: "nn.model.*", and those of the description.
Result<TrainedModel> parse_model(std::span<const uint8_t> bytes, const std::string& name);

/// The most bytes that a model file is read of.
inline constexpr int64_t kMostModelBytes = int64_t{300} << 20;

}  // namespace poolscope
