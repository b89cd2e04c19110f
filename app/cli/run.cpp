#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>

#include "app/cli/cli.h"
#include "app/cli/commands.h"
#include "app/platform/paths.h"
#include "core/data/display_name.h"

namespace poolscope {

namespace {

constexpr char kVersionLine[] = "Poolscope " POOLSCOPE_VERSION "\n";

std::vector<Command> all_commands() {
  return {
      {pool_command(), run_pool},         {trace_command(), run_trace}, {shot_command(), run_shot},
      {render_command(), run_render},     {train_command(), run_train}, {evaluate_command(), run_evaluate},
      {predict_command(), run_predict},   {bench_command(), run_bench}, {shift_command(), run_shift},
      {evidence_command(), run_evidence}, {code_command(), run_code},   {sheet_command(), run_sheet}};
}

/// "poolscope: <sentence>" on standard error. Whatever a file name or an argument holds, it stays one line.
void complain(const std::string& sentence) {
  std::fprintf(stderr, "poolscope: %s\n", displayable(sentence).c_str());
}

bool write_out(const std::string& text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
}

/// What --lang says anywhere before "--", or nothing: the language must be known before the arguments are
/// read.
const std::string* asked_language(std::span<const std::string> typed, std::string& storage) {
  const std::string* language = nullptr;
  for (size_t i = 0; i < typed.size() && typed[i] != "--"; ++i) {
    if (typed[i] == "--lang" && i + 1 < typed.size()) language = &typed[i + 1];
    if (!typed[i].starts_with("--lang=")) continue;
    storage = typed[i].substr(7);
    language = &storage;
  }
  return language;
}

/// The command that is meant, and the arguments that are left for it. "--lang L" may stand before its name.
Command choose_command(std::span<const std::string>& typed) {
  std::span<const std::string> rest = typed;
  while (!rest.empty() && rest.front().starts_with("--lang"))
    rest = rest.subspan(rest.front() == "--lang" ? std::min<size_t>(2, rest.size()) : 1);
  for (Command& command : all_commands()) {
    if (rest.empty() || command.info.name != rest.front()) continue;
    typed = rest.subspan(1);
    return std::move(command);
  }
  return {window_command(), run_window};
}

int run(std::span<const std::string> typed, const CliHooks& hooks) {
  // The version is known without any texts.
  if (!typed.empty() && typed.front() == "--version") {
    if (write_out(kVersionLine)) return kExitDone;
    complain(format_without_texts(Error("texts.no_output")));
    return kExitFailed;
  }
  std::string storage;
  const std::string* asked = asked_language(typed, storage);
  const Result<Paths> paths = find_paths();
  if (!paths.ok()) {
    complain(format_without_texts(paths.error()));
    return kExitFailed;
  }
  Result<Texts> texts = Texts::load(paths.value().assets, language_of_environment());
  if (!texts.ok()) {
    complain(format_without_texts(texts.error()));
    return kExitFailed;
  }
  const Voice voice(*texts);
  if (asked != nullptr && !texts->set_language(*asked)) {
    std::vector<std::string> codes;
    for (const Language& language : texts->languages())
      codes.push_back(language.code);
    return voice.bad_argument(not_a_choice("--lang", *asked, join(codes)));
  }
  const Command command = choose_command(typed);
  const Result<Arguments> arguments = parse_arguments(command.info, typed, *texts);
  if (!arguments.ok()) return voice.bad_argument(arguments.error());
  if (arguments.value().has("help")) return voice.print(help_of(command.info, *texts));
  if (arguments.value().has("version")) return voice.print(kVersionLine);
  return command.run(*arguments, hooks, voice);
}

}  // namespace

int Voice::say(const Error& error, int exit_status) const {
  complain(texts_.format(error));
  return exit_status;
}

int Voice::print(const std::string& text) const {
  if (write_out(text)) return kExitDone;
  return failed(Error(errno == ENOSPC ? "cli.error.stdout_full" : "cli.error.stdout"));
}

int run_cli(std::span<const std::string> arguments, const CliHooks& hooks) noexcept {
  // A file that may not grow (ulimit -f) is then a failed write, which has a sentence, instead of the end.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return run(arguments, hooks);
  } catch (const std::bad_alloc&) {
    std::fputs("poolscope: there is not enough memory\n", stderr);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "poolscope: something unexpected went wrong: %s\n",
                 displayable(problem.what()).c_str());
  }
  return kExitFailed;
}

}  // namespace poolscope
