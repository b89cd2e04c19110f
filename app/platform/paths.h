#pragma once

#include <filesystem>

#include "core/base/result.h"

namespace poolscope {

/// Where the program's own files are.
struct Paths {
  std::filesystem::path assets;  // languages/, pictures/, colormaps/
  std::filesystem::path shaders;
};

/// The first of these that holds assets/ and shaders/: $POOLSCOPE_DATA, <folder of the
/// program>/../share/poolscope, the source folder it was built from. Error: display.no_data {tried}.
Result<Paths> find_paths();

/// Folder for settings and recent files: $XDG_CONFIG_HOME/poolscope or ~/.config/poolscope. Not created here;
/// empty when neither variable is set, or where HOME is no folder.
std::filesystem::path config_folder();

/// Folder for what is kept between runs without being a setting: $XDG_STATE_HOME/poolscope or
/// ~/.local/state/poolscope. As above.
std::filesystem::path state_folder();

/// The running program's file.
std::filesystem::path program_file();

}  // namespace poolscope
