#pragma once

#include <span>
#include <string_view>

#include "core/base/result.h"
#include "core/nn/network.h"
#include "core/nn/recipe.h"

namespace poolscope {

/// Networks to start from. Texts: "nn.template.<name>", "nn.template.<name>.hint".
struct NetworkTemplate {
  std::string_view name;  ///< "lenet-small", as --net takes it
  bool pools;             ///< has pooling layers, whose kind can be chosen
};
std::span<const NetworkTemplate> network_templates();
/// nullptr where none has that name.
const NetworkTemplate* find_template(std::string_view name);

/// The network of that name for pictures of shape `input` and `classes` classes; its pooling layers are of
/// kind `kind`. The name must be one of the list.
NetworkSpec make_network(std::string_view name, const Shape& input, int64_t classes, Kind kind = Kind::max);

/// How the template is best trained: Adam at 1e-3, batch 64, except for "tuned".
TrainingRecipe recipe_of(std::string_view name);

}  // namespace poolscope
