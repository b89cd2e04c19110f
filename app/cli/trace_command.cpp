#include "app/cli/commands.h"
#include "app/cli/input.h"
#include "app/cli/pool_options.h"
#include "app/cli/trace_json.h"
#include "core/pooling/plan.h"
#include "core/pooling/trace.h"

namespace poolscope {

namespace {

struct TraceRequest {
  std::string input;
  PoolSpec spec;
  int64_t step = 0, channel = 0, batch = 0;
};

Status read_index(const Arguments& arguments, std::string_view name, int64_t& value) {
  const std::string* typed = arguments.find(name);
  if (typed == nullptr) return {};
  const Result<int64_t> number = to_integer("--" + std::string(name), *typed, 0, INT64_MAX);
  if (!number.ok()) return number.error();
  value = *number;
  return {};
}

Result<TraceRequest> read_request(const Arguments& arguments) {
  TraceRequest request;
  const std::string* input = arguments.find("INPUT");
  if (input == nullptr || input->empty()) return Error("cli.error.no_input").with("builtin", builtin_names());
  request.input = *input;
  if (!arguments.has("step")) return Error("cli.error.no_step");
  if (Status status = read_index(arguments, "step", request.step); !status.ok()) return status.error();
  if (Status status = read_index(arguments, "channel", request.channel); !status.ok()) return status.error();
  if (Status status = read_index(arguments, "batch", request.batch); !status.ok()) return status.error();
  const Result<PoolSpec> spec = parse_pool_options(arguments);
  if (!spec.ok()) return spec.error();
  request.spec = *spec;
  return request;
}

Status check_range(const char* key, int64_t value, int64_t count) {
  if (value < count) return {};
  return Error(key).with("value", value).with("most", count - 1);
}

}  // namespace

CommandInfo trace_command() {
  CommandInfo command{
      "trace", {{"INPUT", "INPUT", "input"}}, {{"kinds", kind_lines()}, {"builtin", builtin_names()}}};
  command.options.insert(command.options.end(), pool_options().begin(), pool_options().end());
  command.options.insert(command.options.end(), {{"step", "N", "trace"},
                                                 {"channel", "C", "trace"},
                                                 {"batch", "N", "trace"},
                                                 {"text", "", "trace"},
                                                 {"lang", "LANG", "general"},
                                                 {"help", "", "general", "-h"}});
  return command;
}

int run_trace(const Arguments& arguments, const CliHooks&, const Voice& voice) {
  const Result<TraceRequest> request = read_request(arguments);
  if (!request.ok()) return voice.bad_argument(request.error());
  const TraceRequest& asked = *request;
  const Result<LoadedInput> input = read_input(asked.input);
  if (!input.ok()) return voice.failed(input.error());
  const Tensor& tensor = *input.value().tensor;
  const Result<PoolPlan> plan = validate(asked.spec, tensor.shape());
  if (!plan.ok()) return voice.bad_argument(plan.error());
  for (const Status& status :
       {check_range("cli.error.step_range", asked.step, plan.value().steps_per_plane()),
        check_range("cli.error.channel_range", asked.channel, tensor.shape().c),
        check_range("cli.error.batch_range", asked.batch, tensor.shape().n)})
    if (!status.ok()) return voice.bad_argument(status.error());

  const StepRecord step = step_at(*plan, tensor, asked.batch, asked.channel, asked.step);
  return voice.print(arguments.has("text") ? voice.texts().format(narrate(*plan, step)) + "\n"
                                           : trace_as_json(*input, *plan, step, voice.texts()));
}

}  // namespace poolscope
