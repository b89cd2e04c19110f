#include "app/model/network_setup.h"

#include <algorithm>

#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

/// Kinds that are told an output size make half of what comes in; the others keep their window.
PoolSpec pooling_of_kind(PoolSpec spec, Kind kind, const Shape& in) {
  const bool padded = kind_info(kind).uses(kPadding);
  spec.kind = kind;
  spec.output_size = {std::max<int64_t>(1, in.h / 2), std::max<int64_t>(1, in.w / 2)};
  if (!padded) spec.padding = {0, 0};
  return spec;
}

}  // namespace

std::vector<Layer> with_kind(const NetworkSpec& spec, Kind kind) {
  NetworkSpec changed{spec.input, {}};
  Shape shape = spec.input;
  for (const Layer& layer : spec.layers) {
    changed.layers.push_back(layer);
    if (Pool* pool = std::get_if<Pool>(&changed.layers.back()))
      pool->spec = pooling_of_kind(pool->spec, kind, shape);
    const NetworkCheck check = check_network(changed);
    if (check.plan.layers.size() == changed.layers.size()) shape = check.plan.layers.back().out;
  }
  return changed.layers;
}

NetworkSpec network_of(const NetworkSetup& setup, const Shape& input, int64_t classes) {
  if (!setup.layers) return make_network(setup.base, input, classes, setup.kind);
  NetworkSpec spec{input, *setup.layers};
  if (!spec.layers.empty())
    if (Dense* last = std::get_if<Dense>(&spec.layers.back())) last->units = classes;
  return spec;
}

std::optional<Kind> pooling_kind(const std::vector<Layer>& layers) {
  for (const Layer& layer : layers)
    if (const Pool* pool = std::get_if<Pool>(&layer)) return pool->spec.kind;
  return std::nullopt;
}

std::vector<std::string_view> layer_names() {
  return {"conv2d", "relu", "pool", "global-average", "flatten", "dense", "dropout"};
}

Layer new_layer(std::string_view name) {
  if (name == "conv2d") return Conv2d{16, {3, 3}, {1, 1}, {1, 1}, true};
  if (name == "relu") return Relu{};
  if (name == "pool") return Pool{};
  if (name == "global-average") return GlobalAverage{};
  if (name == "flatten") return Flatten{};
  if (name == "dense") return Dense{64, true, 0};
  return Dropout{0.25};
}

}  // namespace poolscope
