#include "app/model/toml.h"

namespace poolscope {

namespace {

template <class Parse>
std::optional<TomlProblem> attempt(toml::table& table, Parse&& parse) {
  try {
    table = parse();
    return {};
  } catch (const toml::parse_error& error) {
    return TomlProblem{static_cast<int64_t>(error.source().begin.line), std::string(error.description())};
  }
}

}  // namespace

std::optional<TomlProblem> parse_toml(std::string_view source, const std::string& path, toml::table& table) {
  return attempt(table, [&] { return toml::parse(source, path); });
}

std::optional<TomlProblem> parse_toml_file(const std::string& path, toml::table& table) {
  return attempt(table, [&] { return toml::parse_file(path); });
}

}  // namespace poolscope
