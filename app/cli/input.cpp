#include "app/cli/input.h"

#include <filesystem>
#include <system_error>
#include <vector>

#include "app/cli/arguments.h"
#include "app/platform/load_input.h"
#include "core/data/builtin.h"

namespace poolscope {

namespace {

bool exists(const std::string& typed) {
  std::error_code ignored;
  // A link that leads nowhere is there, too: its error is about the link.
  const auto status = std::filesystem::symlink_status(typed, ignored);
  return std::filesystem::exists(status);
}

const BuiltinInput* find_builtin(std::string_view name) {
  for (const BuiltinInput& input : builtin_inputs())
    if (input.name == name) return &input;
  return nullptr;
}

}  // namespace

Result<LoadedInput> read_input(const std::string& typed) {
  const BuiltinInput* builtin = find_builtin(typed);
  if (builtin == nullptr || exists(typed)) {
    Result<LoadedInput> loaded = load_input(typed);
    if (loaded.ok() && loaded->is_picture) loaded->dimensions = 3;
    return loaded;
  }
  LoadedInput input;
  input.tensor = make_builtin(builtin->name);
  input.is_picture = builtin->is_picture;
  input.dimensions = builtin->is_picture ? 3 : 2;
  input.name = builtin->name;
  return input;
}

std::string builtin_names() {
  std::vector<std::string> names;
  for (const BuiltinInput& input : builtin_inputs())
    names.emplace_back(input.name);
  return join(names);
}

}  // namespace poolscope
