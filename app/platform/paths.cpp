#include "app/platform/paths.h"

#include <cstdlib>
#include <string>
#include <system_error>
#include <vector>

namespace poolscope {
namespace {

namespace fs = std::filesystem;

bool holds_our_files(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_directory(folder / "assets", ignored) && fs::is_directory(folder / "shaders", ignored);
}

/// The XDG specification: relative paths in these variables are invalid and ignored.
fs::path xdg_folder(const char* variable, const char* below_home) {
  if (const char* base = std::getenv(variable); base && fs::path(base).is_absolute())
    return fs::path(base) / "poolscope";
  // A home that is not there (a service's account: /nonexistent) is not made up, not even as root.
  std::error_code none;
  if (const char* home = std::getenv("HOME");
      home && fs::path(home).is_absolute() && fs::is_directory(home, none))
    return fs::path(home) / below_home / "poolscope";
  return {};
}

}  // namespace

fs::path program_file() {
  std::error_code error;
  fs::path file = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path{} : file;
}

Result<Paths> find_paths() {
  std::vector<fs::path> candidates;
  // Who sets the variable means it: no silent falling back to another folder.
  if (const char* chosen = std::getenv("POOLSCOPE_DATA"); chosen && *chosen) {
    candidates.emplace_back(chosen);
  } else {
    if (const fs::path program = program_file(); !program.empty()) {
      candidates.push_back(program.parent_path().parent_path() / "share" / "poolscope");
    }
    candidates.emplace_back(POOLSCOPE_SOURCE_DIR);
  }
  std::string tried;
  for (const fs::path& folder : candidates) {
    if (holds_our_files(folder)) return Paths{folder / "assets", folder / "shaders"};
    tried += (tried.empty() ? "" : ", ") + folder.string();
  }
  return Error("display.no_data").with("tried", tried);
}

fs::path config_folder() {
  return xdg_folder("XDG_CONFIG_HOME", ".config");
}

fs::path state_folder() {
  return xdg_folder("XDG_STATE_HOME", ".local/state");
}

}  // namespace poolscope
