#pragma once

#include <string>
#include <vector>

#include "app/cli/arguments.h"
#include "core/base/result.h"
#include "core/pooling/spec.h"

namespace poolscope {

/// The options that say how to pool: the same for every command. A new parameter of the engine becomes an
/// option here, in parse_pool_options(), and a text.
const std::vector<OptionInfo>& pool_options();
/// Whether any of them was given.
bool has_pool_options(const Arguments& arguments);
/// Starts from `base`; the stride follows the window where only the window was given, and where neither was.
Result<PoolSpec> parse_pool_options(const Arguments& arguments, PoolSpec base = {});

/// "3" is 3 x 3, "3x2" is 3 high and 2 wide. Each from `least` to `most`.
Result<Size2> to_size(std::string_view option, const std::string& typed, int64_t least, int64_t most);
/// The names of all kinds, as --kind takes them; with `selecting` only of those that have indices.
std::string kind_names(bool selecting = false);
/// All of them for a help text, in lines of the width that help texts have.
std::string kind_lines();

}  // namespace poolscope
