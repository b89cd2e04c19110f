#pragma once

#include <string_view>
#include <vector>

#include "app/cli/arguments.h"
#include "app/cli/cli.h"

namespace poolscope {

/// Options of the window and of pictures of it, apart from the pooling.
std::vector<OptionInfo> view_options();
/// A command with an input, the pooling's options and `more`.
CommandInfo view_command(std::string_view name, const std::vector<OptionInfo>& more);
/// What was given of them.
Result<ViewRequest> read_view(const Arguments& arguments, const CliHooks& hooks, const Texts& texts);

}  // namespace poolscope
