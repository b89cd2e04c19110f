#include "app/cli/arguments.h"

#include <charconv>
#include <optional>
#include <system_error>

#include <CLI/CLI.hpp>

namespace poolscope {

namespace {

bool is_positional(const OptionInfo& info) {
  return info.name.front() >= 'A' && info.name.front() <= 'Z';
}

std::string flag_of(const OptionInfo& info) {
  return is_positional(info) ? std::string(info.name) : "--" + std::string(info.name);
}

/// CLI11's help with our own first line, with the value's name alone after an option, and with our headings.
class HelpFormatter : public CLI::Formatter {
 public:
  explicit HelpFormatter(std::string usage) : usage_(std::move(usage)) { column_width(26); }
  std::string make_usage(const CLI::App*, std::string) const override { return usage_ + "\n"; }
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    if (is_positional) return option->get_name(true, false);
    const std::string letter = option->get_snames().empty() ? "" : "-" + option->get_snames().front() + ", ";
    return letter + "--" + option->get_lnames().front();
  }
  std::string make_option_opts(const CLI::Option* option) const override {
    return option->get_type_name().empty() ? "" : " " + option->get_type_name();
  }
  std::string make_group(std::string group, bool is_positional,
                         std::vector<const CLI::Option*> options) const override {
    std::string out = "\n" + group + "\n";
    for (const CLI::Option* option : options)
      out += make_option(option, is_positional);
    return out;
  }

 private:
  std::string usage_;
};

/// Describes the command to CLI11. Values stay text: our own sentences say what is wrong with them, in every
/// language and in one line, which CLI11's do not.
void describe(const CommandInfo& command, const Texts& texts, CLI::App& app) {
  const std::string prefix = "cli." + std::string(command.name);
  app.set_help_flag();
  app.description(texts.get(prefix + ".about") + "\n");
  app.footer(texts.format(Message(prefix + ".notes", command.note_args)));
  app.formatter(std::make_shared<HelpFormatter>(texts.get("cli.usage") + " " + texts.get(prefix + ".usage")));
  app.get_formatter()->label("Positionals", texts.get("cli.group.input"));
  for (const OptionInfo& info : command.options) {
    const std::string own = prefix + ".option." + std::string(info.name);
    const std::string& help = texts.get(texts.has(own) ? own : "cli.option." + std::string(info.name));
    std::string flags = flag_of(info);
    if (!info.short_flag.empty()) flags = std::string(info.short_flag) + "," + flags;
    CLI::Option* option = info.metavar.empty() ? app.add_flag(flags) : app.add_option(flags);
    option->description(help);
    option->group(texts.get("cli.group." + std::string(info.group)));
    if (info.metavar.empty()) continue;
    option->type_name(is_positional(info) ? "" : std::string(info.metavar));
    // Taking all, so that we can say which one was too many; but not what belongs to the argument after it.
    const bool another_follows =
        is_positional(info) && &info != &command.options.back() && is_positional(*(&info + 1));
    if (!another_follows) option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    if (info.many) option->expected(1, CLI::detail::expected_max_vector_size)->allow_extra_args(true);
  }
}

const OptionInfo* find_option(const CommandInfo& command, std::string_view flag) {
  for (const OptionInfo& info : command.options)
    if (flag_of(info) == flag || info.short_flag == flag) return &info;
  return nullptr;
}

Error missing_value(const OptionInfo& info) {
  return Error("cli.error.missing_value")
      .with("option", flag_of(info))
      .with("metavar", std::string(info.metavar));
}

/// How the command is written. Where a command's own name may be mistyped, all of them.
std::string usage_key(const CommandInfo& command) {
  return command.name == "window" ? "cli.window.all_usages" : "cli." + std::string(command.name) + ".usage";
}

Error unknown_argument(const CommandInfo& command, const std::string& argument) {
  if (argument.size() < 2 || argument[0] != '-')
    return Error("cli.error.unexpected").with("argument", argument).with("usage", usage_key(command));
  std::vector<std::string> allowed;
  for (const OptionInfo& info : command.options)
    if (!is_positional(info)) allowed.push_back(flag_of(info));
  return Error("cli.error.unknown_option").with("option", argument).with("allowed", join(allowed, " "));
}

/// CLI11's complaint as a sentence of ours. What is left for it to find is an argument that has no place.
Error translate(const CommandInfo& command, const CLI::ParseError& error, const CLI::App& app) {
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    for (const std::string& rest : app.remaining())
      if (rest != "--") return unknown_argument(command, rest);
  }
  return Error("cli.error.unexpected").with("argument", error.what()).with("usage", usage_key(command));
}

/// What CLI11 would let pass: "--seed= 5", which it reads as "--seed 5"; a switch with a value; and "--seed
/// --kind max", where it takes the next option for the value.
std::optional<Error> misused_option(const CommandInfo& command, std::span<const std::string> typed) {
  for (size_t i = 0; i < typed.size() && typed[i] != "--"; ++i) {
    if (!typed[i].starts_with('-')) continue;
    const size_t equals = typed[i].starts_with("--") ? typed[i].find('=') : std::string::npos;
    const OptionInfo* info = find_option(command, std::string_view(typed[i]).substr(0, equals));
    if (info == nullptr) continue;
    if (info->metavar.empty()) {
      if (equals != std::string::npos)
        return Error("cli.error.takes_no_value").with("option", flag_of(*info));
    } else if (equals != std::string::npos) {
      if (equals == typed[i].size() - 1) return missing_value(*info);
    } else if (++i == typed.size() ||
               (typed[i].starts_with('-') && find_option(command, typed[i]) != nullptr)) {
      return missing_value(*info);
    }
  }
  return std::nullopt;
}

}  // namespace

const std::string* Arguments::find(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

const std::vector<std::string>& Arguments::list(std::string_view name) const {
  static const std::vector<std::string> none;
  const auto found = lists_.find(name);
  return found == lists_.end() ? none : found->second;
}

std::string join(std::span<const std::string> words, std::string_view separator) {
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out += separator;
    out += word;
  }
  return out;
}

Result<Arguments> parse_arguments(const CommandInfo& command, std::span<const std::string> typed,
                                  const Texts& texts) {
  CLI::App app;
  describe(command, texts, app);
  std::optional<Error> error = misused_option(command, typed);
  try {
    app.parse(std::vector<std::string>(typed.rbegin(), typed.rend()));  // CLI11 takes them from the back
  } catch (const CLI::ParseError& problem) {
    if (!error) error = translate(command, problem, app);
  }
  Arguments arguments;
  for (const OptionInfo& info : command.options) {
    const CLI::Option* option = app.get_option(flag_of(info));
    if (option->count() == 0) continue;
    arguments.put(info.name, option->results().front());
    if (info.many) arguments.put_list(info.name, option->results());
    if (!info.many && !error && !info.metavar.empty() && option->count() > 1)
      error = is_positional(info) ? unknown_argument(command, option->results()[1])
                                  : Error("cli.error.twice").with("option", flag_of(info));
  }
  if (arguments.has("help")) return arguments;
  if (error) return *error;
  return arguments;
}

std::string help_of(const CommandInfo& command, const Texts& texts) {
  CLI::App app;
  describe(command, texts, app);
  std::string help = app.help();
  for (size_t gap = help.find("\n\n\n"); gap != std::string::npos; gap = help.find("\n\n\n", gap))
    help.erase(gap, 1);
  return help;
}

namespace {

/// The whole of `typed` as one number, decimal digits only.
template <class Number>
std::optional<Number> whole_number(std::string_view typed) {
  Number value{};
  const auto [end, problem] = std::from_chars(typed.data(), typed.data() + typed.size(), value, 10);
  if (problem != std::errc() || end != typed.data() + typed.size()) return std::nullopt;
  return value;
}

}  // namespace

Result<int64_t> to_integer(std::string_view option, const std::string& typed, int64_t least, int64_t most) {
  const std::optional<int64_t> value = whole_number<int64_t>(typed);
  if (value && *value >= least && *value <= most) return *value;
  return Error("cli.error.not_a_number")
      .with("option", std::string(option))
      .with("value", typed)
      .with("least", least)
      .with("most", most);
}

Result<double> to_real(std::string_view option, const std::string& typed, double least, double most) {
  const char* end = typed.data() + typed.size();
  double number = 0;
  const auto [stop, problem] = std::from_chars(typed.data(), end, number);
  if (problem == std::errc() && stop == end && number >= least && number <= most) return number;
  return Error("cli.error.not_a_real")
      .with("option", std::string(option))
      .with("value", typed)
      .with("least", format_short(least))
      .with("most", format_short(most));
}

Result<uint64_t> to_seed(std::string_view option, const std::string& typed) {
  if (const std::optional<uint64_t> value = whole_number<uint64_t>(typed)) return *value;
  return Error("cli.error.not_a_number")
      .with("option", std::string(option))
      .with("value", typed)
      .with("least", "0")
      .with("most", std::to_string(UINT64_MAX));
}

Error not_a_choice(std::string_view option, const std::string& typed, const std::string& allowed) {
  return Error("cli.error.not_a_choice")
      .with("option", std::string(option))
      .with("value", typed)
      .with("allowed", allowed);
}

}  // namespace poolscope
