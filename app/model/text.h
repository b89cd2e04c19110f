#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/message.h"
#include "core/base/result.h"

namespace poolscope {

/// A language that the texts exist in: its folder ("en", "zh") and its own name for itself ("English").
struct Language {
  std::string code;
  std::string name;  ///< text "language.name"
};

/// Every word that Poolscope says, in every language, and which language is spoken now.
///
/// The words are in <data>/languages/<code>/*.toml. Tables become dotted keys: `[kind]` with `max = "Max"` is
/// "kind.max". A key that is also the start of another one is written in quotes: `"max.hint" = "..."` in the
/// same table is "kind.max.hint".
///
/// Templates name their arguments: {name} is replaced by the argument of that name, {@name} by the text whose
/// key the argument is (a kind's name, a reason), filled with the same arguments. {{ and }} are braces.
///
/// Not for several threads at once: it remembers which keys were missed.
class Texts {
 public:
  /// Reads every language below `data_folder`/languages; speaks `language`, or English where that is unknown.
  /// Fails with one sentence where the folder, a file or English itself is missing or broken.
  static Result<Texts> load(const std::filesystem::path& data_folder, std::string_view language = "en");

  /// English first, the others by their code.
  const std::vector<Language>& languages() const { return languages_; }
  const std::string& language() const { return languages_[current_].code; }
  /// False, and nothing changes, for an unknown code.
  bool set_language(std::string_view code);

  bool has(std::string_view key) const;
  /// The text, or the key itself where there is none: visible, never a crash. The reference stays valid until
  /// the Texts object goes; it ends in a zero, so that .c_str() may be handed on.
  const std::string& get(std::string_view key) const;
  /// The text in another language; as get() where that has none.
  const std::string& get_in(std::string_view code, std::string_view key) const;
  /// The sentence of a message. A placeholder without its argument stays as it is written.
  std::string format(const Message& message) const;

  /// Every character of every language, sorted, without control characters: what a font must hold.
  std::u32string characters() const;
  /// Keys of the present language, sorted.
  std::vector<std::string> keys() const;
  /// Keys that get() or format() were asked for in vain, for tests.
  const std::set<std::string, std::less<>>& missing() const { return missing_; }

 private:
  using Table = std::map<std::string, std::string, std::less<>>;
  static Status load_language(const std::filesystem::path& folder, Table& table);

  std::vector<Language> languages_;
  std::vector<Table> tables_;  // parallel to languages_
  size_t current_ = 0;
  mutable std::set<std::string, std::less<>> missing_;
};

/// The language that an environment asks for: the first of LC_ALL, LC_MESSAGES and LANG that is set, up to
/// the first '_', '.', or '@'. "zh_CN.UTF-8" gives "zh"; nothing set, "C" and "POSIX" give "en".
std::string language_of_environment();

/// The sentence of an error that happened before any texts could be read. Only loading has such errors, so
/// the few English sentences for them are in text.cpp.
std::string format_without_texts(const Error& error);

}  // namespace poolscope
