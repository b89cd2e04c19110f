#include "app/cli/commands.h"
#include "app/cli/input.h"
#include "app/cli/pool_options.h"
#include "app/export/caption.h"
#include "app/export/code.h"

namespace poolscope {

namespace {

constexpr const char* kUsualInput = "textbook";

std::string framework_names() {
  std::vector<std::string> names;
  for (const CodeFrameworkInfo& info : all_code_frameworks())
    names.emplace_back(info.name);
  return join(names);
}

Result<CodeFramework> read_framework(const Arguments& arguments) {
  const std::string* typed = arguments.find("framework");
  if (typed == nullptr) return Error("export.error.no_framework").with("allowed", framework_names());
  const CodeFrameworkInfo* info = find_code_framework(*typed);
  if (info == nullptr) return not_a_choice("--framework", *typed, framework_names());
  return info->framework;
}

Result<bool> read_backward(const Arguments& arguments) {
  const std::string* typed = arguments.find("direction");
  if (typed == nullptr) return false;
  if (*typed != "forward" && *typed != "backward")
    return not_a_choice("--direction", *typed, "forward, backward");
  return *typed == "backward";
}

}  // namespace

CommandInfo code_command() {
  CommandInfo command{
      "code", {{"INPUT", "INPUT", "input"}}, {{"kinds", kind_lines()}, {"builtin", builtin_names()}}};
  command.options.push_back({"framework", "F", "output"});
  command.options.insert(command.options.end(), pool_options().begin(), pool_options().end());
  command.options.insert(
      command.options.end(),
      {{"direction", "DIR", "pooling"}, {"lang", "LANG", "general"}, {"help", "", "general", "-h"}});
  return command;
}

int run_code(const Arguments& arguments, const CliHooks&, const Voice& voice) {
  const Result<CodeFramework> framework = read_framework(arguments);
  if (!framework.ok()) return voice.bad_argument(framework.error());
  const Result<bool> backward = read_backward(arguments);
  if (!backward.ok()) return voice.bad_argument(backward.error());
  const Result<PoolSpec> spec = parse_pool_options(arguments);
  if (!spec.ok()) return voice.bad_argument(spec.error());
  const std::string* typed = arguments.find("INPUT");
  if (typed != nullptr && typed->empty())
    return voice.bad_argument(Error("cli.error.no_input").with("builtin", builtin_names()));
  const std::string source = typed != nullptr ? *typed : kUsualInput;
  const Result<LoadedInput> input = read_input(source);
  if (!input.ok()) return voice.failed(input.error());
  const Result<PoolPlan> plan = validate(*spec, input.value().tensor->shape());
  if (!plan.ok()) return voice.bad_argument(plan.error());
  const CodeRequest request{
      *framework, *plan, input.value().tensor, source, code_caption(*plan, input.value().name, voice.texts()),
      *backward};
  return voice.print(code_for(request, voice.texts()));
}

}  // namespace poolscope
