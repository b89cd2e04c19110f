#include "core/nn/model_file.h"

#include <algorithm>
#include <cassert>

#include "core/data/display_name.h"
#include "core/data/safetensors.h"
#include "core/nn/description.h"

namespace poolscope {

namespace {

constexpr const char* kNetwork = "poolscope.network";
constexpr const char* kClasses = "poolscope.classes";
constexpr const char* kData = "poolscope.data";

struct Part {
  std::string name;
  std::vector<int64_t> shape;
  int64_t at = 0, count = 0;
};

/// The arrays of a network, in order.
std::vector<Part> parts_of(const NetworkPlan& plan) {
  std::vector<Part> parts;
  for (size_t i = 0; i < plan.layers.size(); ++i) {
    const LayerPlan& layer = plan.layers[i];
    if (layer.weights == 0) continue;
    const std::string name = std::to_string(i) + "." + std::string(layer_name(layer.layer));
    std::vector<int64_t> shape = {layer.out.c, layer.in.c};
    if (const Conv2d* conv = std::get_if<Conv2d>(&layer.layer))
      shape.insert(shape.end(), {conv->window.h, conv->window.w});
    parts.push_back({name + ".weight", shape, layer.weights_at, layer.weights});
    if (layer.biases > 0) parts.push_back({name + ".bias", {layer.biases}, layer.biases_at, layer.biases});
  }
  return parts;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(displayable(std::string_view(text).substr(at, end - at), 40));
    at = end + 1;
  }
  return lines;
}

}  // namespace

std::string encode_model(const TrainedModel& model) {
  const NetworkPlan plan = plan_network(model.spec).value();
  assert(static_cast<int64_t>(model.parameters.size()) == plan.parameters);
  ArrayFile file;
  file.metadata[kNetwork] = describe_network(model.spec);
  std::string classes;
  for (const std::string& name : model.classes)
    classes += name + "\n";
  file.metadata[kClasses] = classes;
  file.metadata[kData] = model.data;
  for (const Part& part : parts_of(plan)) {
    const auto first = model.parameters.begin() + part.at;
    file.arrays.push_back({part.name, part.shape, std::vector<float>(first, first + part.count)});
  }
  return encode_safetensors(file);
}

Result<TrainedModel> parse_model(std::span<const uint8_t> bytes, const std::string& name) {
  Result<ArrayFile> file = parse_safetensors(bytes, name);
  if (!file) return file.error();
  const auto described = file->metadata.find(kNetwork);
  if (described == file->metadata.end()) return Error("nn.model.no_network").with("file", name);
  Result<NetworkSpec> spec = parse_network(described->second);
  if (!spec) return Error("nn.model.bad_network").with("file", name);
  const Result<NetworkPlan> plan = plan_network(*spec);
  if (!plan) return Error("nn.model.bad_network").with("file", name);

  const std::vector<Part> parts = parts_of(*plan);
  TrainedModel model;
  model.spec = *spec;
  model.parameters.resize(static_cast<size_t>(plan->parameters));
  if (parts.size() != file->arrays.size()) return Error("nn.model.other_arrays").with("file", name);
  for (const Part& part : parts) {
    const auto found = std::find_if(file->arrays.begin(), file->arrays.end(),
                                    [&](const NamedArray& array) { return array.name == part.name; });
    if (found == file->arrays.end() || found->shape != part.shape)
      return Error("nn.model.other_arrays").with("file", name);
    std::copy(found->values.begin(), found->values.end(), model.parameters.begin() + part.at);
  }
  if (const auto classes = file->metadata.find(kClasses); classes != file->metadata.end())
    model.classes = lines_of(classes->second);
  if (const auto data = file->metadata.find(kData); data != file->metadata.end())
    model.data = displayable(data->second, 200);
  // Outputs without names are numbered.
  model.classes.resize(static_cast<size_t>(plan->classes()));
  for (size_t k = 0; k < model.classes.size(); ++k)
    if (model.classes[k].empty()) model.classes[k] = std::to_string(k);
  return model;
}

}  // namespace poolscope
