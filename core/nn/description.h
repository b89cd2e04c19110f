#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/nn/network.h"

namespace poolscope {

/// A network as a text, one line for each layer, as model files hold it and people can read it:
///
///     input 1x28x28
///     conv2d channels=8 window=5x5 stride=1x1 padding=0x0 bias=1
///     relu
///     pool kind=max window=2x2 stride=2x2
///     flatten
///     dense units=10 bias=1 inputs=1152
///
/// Numbers are written so that they read back exactly. Parameters of a pooling that are as by default are
/// left out.
std::string describe_network(const NetworkSpec& spec);

/// Reads such a text, whoever wrote it. Errors: "nn.error.description" {line} {text}. The network is not yet
/// checked: see plan_network().
Result<NetworkSpec> parse_network(std::string_view text);

}  // namespace poolscope
