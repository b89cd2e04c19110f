#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Debian's compiled library: its parser would otherwise be compiled here, twice.
#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>

/// TOML files without exceptions.
namespace poolscope {

/// Why a file is no TOML, and where it stops being one.
struct TomlProblem {
  int64_t line = 0;
  std::string description;
};

/// Reads `source` into `table`, or says what is wrong. `path` is only for the nodes' own places.
std::optional<TomlProblem> parse_toml(std::string_view source, const std::string& path, toml::table& table);
/// The same for a file, which may also be unreadable.
std::optional<TomlProblem> parse_toml_file(const std::string& path, toml::table& table);

/// The line of its file that a node stands on.
inline int64_t line_of(const toml::node& node) {
  return static_cast<int64_t>(node.source().begin.line);
}

}  // namespace poolscope
