#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace poolscope {

/// A named value that a text template refers to as {name}. Values are already formatted: the same number
/// looks the same in every language.
struct Arg {
  std::string name;
  std::string value;
  bool operator==(const Arg&) const = default;
};

/// Something to say, without the words: the words live in assets/languages/<language>/*.toml under `key`.
/// Errors, narration and facts are Messages, so that the engine speaks every language and knows none.
struct Message {
  std::string key;
  std::vector<Arg> args;
  bool operator==(const Message&) const = default;

  explicit Message(std::string key_in = {}, std::vector<Arg> args_in = {})
      : key(std::move(key_in)), args(std::move(args_in)) {}
  Message& with(std::string name, std::string value) {
    args.push_back({std::move(name), std::move(value)});
    return *this;
  }
  Message& with(std::string name, int64_t value) { return with(std::move(name), std::to_string(value)); }
};

/// Shortest decimal that reads back as the same float, without exponent where that stays short: 3, 1.5,
/// -0.25. NaN is "NaN", infinities are "inf" and "-inf". Independent of the locale.
std::string format_exact(float value);
/// At most `digits` significant digits, trailing zeros removed: 1.56, 0.333, 12. Whole digits are kept up to
/// ten millions: 12346, not 1.235e+04.
std::string format_short(double value, int digits = 4);
/// 230400 -> "230 400" (thin groups of three, as the mockups and ISO 80000 write large counts).
std::string format_count(int64_t value);

}  // namespace poolscope
