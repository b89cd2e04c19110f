#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/model/text.h"
#include "core/base/result.h"

namespace poolscope {

/// One option of a command. Its help is the text "cli.<command>.option.<name>", or, where there is none,
/// "cli.option.<name>"; its group is "cli.group.<group>".
struct OptionInfo {
  std::string_view name;  ///< "window" for --window; in capitals, as "INPUT", an argument without an option
  std::string_view metavar;  ///< what its value is called, "H[xW]"; empty: a switch without a value
  std::string_view group;
  std::string_view short_flag = {};  ///< "-o"
  bool many = false;                 ///< an argument without an option that may be there several times
};

/// A command as the help shows it: texts "cli.<name>.about", ".usage" and ".notes".
struct CommandInfo {
  std::string_view name;
  std::vector<OptionInfo> options;
  std::vector<Arg> note_args;  ///< values for the placeholders of the notes
};

/// What was given, still as it was typed.
class Arguments {
 public:
  bool has(std::string_view name) const { return values_.contains(name); }
  /// nullptr where it was not given.
  const std::string* find(std::string_view name) const;
  /// All values of an argument that may be there several times.
  const std::vector<std::string>& list(std::string_view name) const;
  void put(std::string_view name, std::string value) {
    values_.insert_or_assign(std::string(name), std::move(value));
  }
  void put_list(std::string_view name, std::vector<std::string> values) {
    lists_.insert_or_assign(std::string(name), std::move(values));
  }

 private:
  std::map<std::string, std::string, std::less<>> values_;
  std::map<std::string, std::vector<std::string>, std::less<>> lists_;
};

/// Splits what was typed into options and their values. Errors name the argument and what is allowed. With
/// --help among them, "help" is present and nothing else is promised.
Result<Arguments> parse_arguments(const CommandInfo& command, std::span<const std::string> typed,
                                  const Texts& texts);

/// What --help prints.
std::string help_of(const CommandInfo& command, const Texts& texts);

/// Typed values to numbers. Errors: "cli.error.not_..." with {option}, {value} and what is allowed.
/// Decimal digits only, with a sign where `least` is negative; nothing before or after them.
Result<int64_t> to_integer(std::string_view option, const std::string& typed, int64_t least, int64_t most);
/// A decimal number.
Result<double> to_real(std::string_view option, const std::string& typed, double least, double most);
Result<uint64_t> to_seed(std::string_view option, const std::string& typed);
/// The error for a value that is none of `allowed`.
Error not_a_choice(std::string_view option, const std::string& typed, const std::string& allowed);
/// "a, b, c"
std::string join(std::span<const std::string> words, std::string_view separator = ", ");

}  // namespace poolscope
