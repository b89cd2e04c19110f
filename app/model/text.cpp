#include "app/model/text.h"

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "app/model/toml.h"

namespace poolscope {

namespace {

namespace fs = std::filesystem;
using Table = std::map<std::string, std::string, std::less<>>;

/// Sentences for what can go wrong before there are texts. Keys that never appear in assets.
constexpr std::pair<std::string_view, std::string_view> kLoadErrors[] = {
    {"display.no_data", "Cannot find the program's assets and shaders; tried {tried}."},
    {"texts.no_output", "Cannot write to standard output."},
    {"texts.no_folder", "Cannot read the texts: there is no folder {path}."},
    {"texts.no_english", "Cannot read the texts: {path} holds no English."},
    {"texts.broken_file", "Cannot read the texts: {path}, line {line}: {problem}."},
    {"texts.not_a_text", "Cannot read the texts: {path}, line {line}: {key} is not a text."},
    {"texts.twice", "Cannot read the texts: {path}, line {line}: {key} is there twice."},
};

const Arg* find_arg(const std::vector<Arg>& args, std::string_view name) {
  const auto found = std::find_if(args.begin(), args.end(), [&](const Arg& arg) { return arg.name == name; });
  return found == args.end() ? nullptr : &*found;
}

/// Replaces {name}, {@name}, {{ and }} in `pattern`; `lookup` gives the text for a key.
template <class Lookup>
std::string fill(std::string_view pattern, const std::vector<Arg>& args, const Lookup& lookup) {
  std::string out;
  out.reserve(pattern.size() + 32);
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if ((c == '{' || c == '}') && i + 1 < pattern.size() && pattern[i + 1] == c) {
      out += c;
      ++i;
      continue;
    }
    const size_t close = c == '{' ? pattern.find('}', i) : std::string_view::npos;
    if (close == std::string_view::npos) {
      out += c;
      continue;
    }
    std::string_view name = pattern.substr(i + 1, close - i - 1);
    const bool is_key = !name.empty() && name.front() == '@';
    if (is_key) name.remove_prefix(1);
    const Arg* arg = find_arg(args, name);
    if (arg == nullptr)
      out += pattern.substr(i, close - i + 1);
    else
      out += is_key ? lookup(arg->value) : arg->value;
    i = close;
  }
  return out;
}

Error file_error(const char* key, const fs::path& path, int64_t line) {
  return Error(key).with("path", path.string()).with("line", line);
}

Status flatten(const toml::table& tree, const std::string& prefix, const fs::path& path, Table& out) {
  for (const auto& [name, node] : tree) {
    const std::string key = prefix + std::string(name.str());
    if (const toml::table* inner = node.as_table()) {
      if (Status status = flatten(*inner, key + ".", path, out); !status.ok()) return status;
    } else if (const auto* text = node.as_string()) {
      if (!out.emplace(key, text->get()).second)
        return file_error("texts.twice", path, line_of(node)).with("key", key);
    } else {
      return file_error("texts.not_a_text", path, line_of(node)).with("key", key);
    }
  }
  return {};
}

/// The entries of a folder, sorted, so that what is reported does not depend on the file system.
std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code ignored;
  for (fs::directory_iterator it(folder, ignored), end; !ignored && it != end; it.increment(ignored))
    entries.push_back(it->path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

/// The next character of `text` from `i` on, which is moved past it. The TOML reader has checked the UTF-8.
char32_t next_character(const std::string& text, size_t& i) {
  const auto first = static_cast<unsigned char>(text[i++]);
  if (first < 0x80) return first;
  const int following = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  char32_t code = first & (0x3F >> following);
  for (int k = 0; k < following && i < text.size(); ++k)
    code = code << 6 | (static_cast<unsigned char>(text[i++]) & 0x3F);
  return code;
}

}  // namespace

Status Texts::load_language(const fs::path& folder, Table& table) {
  for (const fs::path& path : sorted_entries(folder)) {
    if (path.extension() != ".toml") continue;
    toml::table tree;
    if (const auto problem = parse_toml_file(path.string(), tree))
      return file_error("texts.broken_file", path, problem->line).with("problem", problem->description);
    if (Status status = flatten(tree, "", path, table); !status.ok()) return status;
  }
  return {};
}

Result<Texts> Texts::load(const fs::path& data_folder, std::string_view language) {
  const fs::path root = data_folder / "languages";
  std::error_code ignored;
  if (!fs::is_directory(root, ignored)) return Error("texts.no_folder").with("path", root.string());
  Texts texts;
  for (const fs::path& folder : sorted_entries(root)) {
    if (!fs::is_directory(folder, ignored)) continue;
    Table table;
    if (Status status = load_language(folder, table); !status.ok()) return status.error();
    if (table.empty()) continue;
    const std::string code = folder.filename().string();
    const auto name = table.find("language.name");
    const size_t place = code == "en" ? 0 : texts.languages_.size();
    const auto offset = static_cast<std::ptrdiff_t>(place);
    texts.languages_.insert(texts.languages_.begin() + offset,
                            {code, name == table.end() ? code : name->second});
    texts.tables_.insert(texts.tables_.begin() + offset, std::move(table));
  }
  if (texts.languages_.empty() || texts.languages_[0].code != "en")
    return Error("texts.no_english").with("path", root.string());
  texts.set_language(language);
  return texts;
}

bool Texts::set_language(std::string_view code) {
  for (size_t i = 0; i < languages_.size(); ++i) {
    if (languages_[i].code != code) continue;
    current_ = i;
    return true;
  }
  return false;
}

bool Texts::has(std::string_view key) const {
  return tables_[current_].contains(key);
}

const std::string& Texts::get(std::string_view key) const {
  const Table& table = tables_[current_];
  if (const auto found = table.find(key); found != table.end()) return found->second;
  if (const auto seen = missing_.find(key); seen != missing_.end()) return *seen;
  return *missing_.emplace(key).first;
}

const std::string& Texts::get_in(std::string_view code, std::string_view key) const {
  for (size_t i = 0; i < languages_.size(); ++i)
    if (languages_[i].code == code)
      if (const auto found = tables_[i].find(key); found != tables_[i].end()) return found->second;
  return get(key);
}

std::string Texts::format(const Message& message) const {
  // A text that is an argument may use the message's other arguments, but nests no deeper.
  const auto as_is = [&](std::string_view key) { return get(key); };
  const auto nested = [&](std::string_view key) { return fill(get(key), message.args, as_is); };
  return fill(get(message.key), message.args, nested);
}

std::u32string Texts::characters() const {
  std::set<char32_t> seen;
  for (const Table& table : tables_)
    for (const auto& entry : table)
      for (size_t i = 0; i < entry.second.size();)
        seen.insert(next_character(entry.second, i));
  seen.erase(seen.begin(), seen.lower_bound(U' '));
  return {seen.begin(), seen.end()};
}

std::vector<std::string> Texts::keys() const {
  std::vector<std::string> keys;
  for (const auto& entry : tables_[current_])
    keys.push_back(entry.first);
  return keys;
}

std::string language_of_environment() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string_view locale(value);
    const std::string_view code = locale.substr(0, locale.find_first_of("_.@"));
    return code == "C" || code == "POSIX" ? "en" : std::string(code);
  }
  return "en";
}

std::string format_without_texts(const Error& error) {
  for (const auto& [key, pattern] : kLoadErrors)
    if (key == error.key)
      return fill(pattern, error.args, [](std::string_view name) { return std::string(name); });
  std::string plain = error.key;
  for (const Arg& arg : error.args)
    plain += ", " + arg.name + " " + arg.value;
  return plain;
}

}  // namespace poolscope
