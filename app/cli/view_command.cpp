#include <algorithm>
#include <charconv>
#include <system_error>

#include "app/cli/commands.h"
#include "app/cli/input.h"
#include "app/cli/outputs.h"
#include "app/cli/pool_options.h"
#include "app/cli/view_options.h"

namespace poolscope {

namespace {

constexpr int64_t kLeastSide = 320, kMostSide = 16384;
constexpr const char* kUsualShot = "poolscope.png";
constexpr double kLeastScale = 0.75, kMostScale = 2.5;

/// "1.5", "150" and "150%" are one and a half times the usual size.
Result<double> to_scale(const std::string& typed) {
  const bool percent = typed.ends_with('%');
  const char* end = typed.data() + typed.size() - (percent ? 1 : 0);
  double value = 0;
  const auto [stop, problem] = std::from_chars(typed.data(), end, value, std::chars_format::fixed);
  const bool read = problem == std::errc() && stop == end;
  if (read && (percent || value > kMostScale)) value /= 100;
  if (read && value >= kLeastScale && value <= kMostScale) return value;
  return Error("cli.error.not_a_scale").with("value", typed);
}

std::string claim_names() {
  std::string names;
  for (const ClaimInfo& info : all_claims())
    names += (names.empty() ? "" : ", ") + std::string(info.id);
  return names;
}

}  // namespace

std::vector<OptionInfo> view_options() {
  return {{"lab", "LAB", "view"},       {"claim", "CLAIM", "view"},   {"step", "N", "view"},
          {"page", "N", "view"},        {"direction", "DIR", "view"}, {"predict", "", "view"},
          {"lesson", "LESSON", "view"}, {"lesson-step", "N", "view"}, {"size", "WxH", "view"},
          {"theme", "T", "view"},       {"scale", "S", "view"},       {"lang", "LANG", "view"},
          {"help", "", "general", "-h"}};
}

namespace {

Status read_size_px(const Arguments& arguments, ViewRequest& request) {
  const std::string* typed = arguments.find("size");
  if (typed == nullptr) return {};
  // Pictures are width x height, matrices height x width: each as its field writes it.
  const Result<Size2> size = to_size("--size", *typed, kLeastSide, kMostSide);
  if (!size.ok() || typed->find_first_of("xX") == std::string::npos)
    return Error("cli.error.not_a_picture_size")
        .with("value", *typed)
        .with("least", kLeastSide)
        .with("most", kMostSide);
  request.size_px = Size2{size.value().w, size.value().h};
  return {};
}

}  // namespace

Result<ViewRequest> read_view(const Arguments& arguments, const CliHooks& hooks, const Texts& texts) {
  ViewRequest request;
  request.language = texts.language();
  if (const std::string* input = arguments.find("INPUT")) {
    if (input->empty()) return Error("cli.error.no_input").with("builtin", builtin_names());
    request.input = *input;
  }
  if (has_pool_options(arguments)) {
    const Result<PoolSpec> spec = parse_pool_options(arguments);
    if (!spec.ok()) return spec.error();
    request.pooling = *spec;
  }
  if (const std::string* lab = arguments.find("lab")) {
    if (std::find(hooks.labs.begin(), hooks.labs.end(), *lab) == hooks.labs.end())
      return not_a_choice("--lab", *lab, join(hooks.labs));
    request.lab = *lab;
  }
  if (const std::string* page = arguments.find("page")) {
    const Result<int64_t> number = to_integer("--page", *page, 1, 5);
    if (!number.ok()) return number.error();
    request.page = *number;
  }
  if (const std::string* typed = arguments.find("claim")) {
    const ClaimInfo* info = find_claim(*typed);
    if (info == nullptr) return not_a_choice("--claim", *typed, claim_names());
    request.claim = info->claim;
  }
  if (const std::string* step = arguments.find("step")) {
    const Result<int64_t> number = to_integer("--step", *step, 0, INT64_MAX);
    if (!number.ok()) return number.error();
    request.step = *number;
  }
  if (const std::string* direction = arguments.find("direction")) {
    if (*direction != "forward" && *direction != "backward")
      return not_a_choice("--direction", *direction, "forward, backward");
    request.backward = *direction == "backward";
  }
  if (const std::string* lesson = arguments.find("lesson")) request.lesson = *lesson;
  if (const std::string* step = arguments.find("lesson-step")) {
    const Result<int64_t> number = to_integer("--lesson-step", *step, 0, INT32_MAX);
    if (!number.ok()) return number.error();
    request.lesson_step = *number;
  }
  request.predict = arguments.has("predict");
  if (Status status = read_size_px(arguments, request); !status.ok()) return status.error();
  if (const std::string* theme = arguments.find("theme")) {
    if (*theme != "paper" && *theme != "night") return not_a_choice("--theme", *theme, "paper, night");
    request.night = *theme == "night";
  }
  if (const std::string* scale = arguments.find("scale")) {
    const Result<double> factor = to_scale(*scale);
    if (!factor.ok()) return factor.error();
    request.text_scale = *factor;
  }
  return request;
}

CommandInfo view_command(std::string_view name, const std::vector<OptionInfo>& more) {
  CommandInfo command{
      name, {{"INPUT", "INPUT", "input"}}, {{"kinds", kind_lines()}, {"builtin", builtin_names()}}};
  std::vector<OptionInfo>& options = command.options;
  options.insert(options.end(), pool_options().begin(), pool_options().end());
  options.insert(options.end(), more.begin(), more.end());
  return command;
}

CommandInfo shot_command() {
  std::vector<OptionInfo> options = view_options();
  options.insert(options.begin(), {"output", "OUT.png", "output", "-o"});
  return view_command("shot", options);
}

CommandInfo window_command() {
  std::vector<OptionInfo> options = view_options();
  options.push_back({"version", "", "general"});
  return view_command("window", options);
}

int run_shot(const Arguments& arguments, const CliHooks& hooks, const Voice& voice) {
  const std::string* named = arguments.find("output");
  const std::string output = named != nullptr ? *named : kUsualShot;
  const Result<OutputFormat> format = output_format("--output", output);
  if (!format.ok() || *format != OutputFormat::png)
    return voice.bad_argument(Error("cli.error.png_only").with("value", output));
  const Result<ViewRequest> request = read_view(arguments, hooks, voice.texts());
  if (!request.ok()) return voice.bad_argument(request.error());
  if (!hooks.shot) return voice.failed(Error("cli.error.no_view"));
  return hooks.shot(*request, output, voice);
}

int run_window(const Arguments& arguments, const CliHooks& hooks, const Voice& voice) {
  const Result<ViewRequest> request = read_view(arguments, hooks, voice.texts());
  if (!request.ok()) return voice.bad_argument(request.error());
  if (!hooks.open_window) return voice.failed(Error("cli.error.no_view"));
  return hooks.open_window(*request, voice);
}

}  // namespace poolscope
