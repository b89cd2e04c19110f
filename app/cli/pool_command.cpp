#include <vector>

#include "app/cli/commands.h"
#include "app/cli/input.h"
#include "app/cli/outputs.h"
#include "app/cli/pool_options.h"
#include "app/model/atomic_file.h"
#include "core/data/npy.h"
#include "core/pooling/kinds.h"
#include "core/pooling/pool.h"

namespace poolscope {

namespace {

/// What `poolscope pool` was asked for, checked as far as it can be without reading a file.
struct PoolRequest {
  std::string input, output;
  OutputFormat format = OutputFormat::npy;
  PoolSpec spec;
  const std::string* indices = nullptr;
  const std::string* gradient = nullptr;
  const std::string* gradient_output = nullptr;
};

/// Two outputs that would overwrite each other.
Status check_distinct(const Arguments& arguments) {
  std::vector<std::pair<std::string, std::filesystem::path>> targets;
  for (const char* name : {"output", "indices", "grad-out"}) {
    const std::string* path = arguments.find(name);
    if (path == nullptr) continue;
    const std::filesystem::path target = write_target(*path);
    for (const auto& [option, other] : targets)
      if (other == target)
        return Error("cli.error.same_file").with("first", option).with("second", "--" + std::string(name));
    targets.emplace_back("--" + std::string(name), target);
  }
  return {};
}

Status check_npy(const char* option, const std::string* path) {
  if (path == nullptr) return {};
  const Result<OutputFormat> format = output_format(option, *path);
  if (format.ok() && *format == OutputFormat::npy) return {};
  return Error("cli.error.npy_only").with("option", option).with("value", *path);
}

Result<PoolRequest> read_request(const Arguments& arguments) {
  PoolRequest request;
  const std::string* input = arguments.find("INPUT");
  if (input == nullptr || input->empty()) return Error("cli.error.no_input").with("builtin", builtin_names());
  request.input = *input;
  const std::string* output = arguments.find("output");
  if (output == nullptr) return Error("cli.error.no_output");
  request.output = *output;
  const Result<OutputFormat> format = output_format("--output", *output);
  if (!format.ok()) return format.error();
  request.format = *format;
  const Result<PoolSpec> spec = parse_pool_options(arguments);
  if (!spec.ok()) return spec.error();
  request.spec = *spec;
  request.indices = arguments.find("indices");
  request.gradient = arguments.find("grad");
  request.gradient_output = arguments.find("grad-out");
  if ((request.gradient == nullptr) != (request.gradient_output == nullptr)) {
    const bool given = request.gradient != nullptr;
    return Error("cli.error.half_gradient")
        .with("option", given ? "--grad" : "--grad-out")
        .with("missing", given ? "--grad-out" : "--grad");
  }
  if (Status status = check_npy("--indices", request.indices); !status.ok()) return status.error();
  if (Status status = check_npy("--grad", request.gradient); !status.ok()) return status.error();
  if (Status status = check_npy("--grad-out", request.gradient_output); !status.ok()) return status.error();
  const KindInfo& kind = kind_info(request.spec.kind);
  if (request.indices != nullptr && !kind.selects)
    return Error("cli.error.no_indices")
        .with("kind", std::string(kind.name))
        .with("allowed", kind_names(true));
  if (Status status = check_distinct(arguments); !status.ok()) return status.error();
  return request;
}

}  // namespace

CommandInfo pool_command() {
  CommandInfo command{
      "pool", {{"INPUT", "INPUT", "input"}}, {{"kinds", kind_lines()}, {"builtin", builtin_names()}}};
  command.options.insert(command.options.end(), pool_options().begin(), pool_options().end());
  command.options.insert(command.options.end(), {{"output", "OUT", "output", "-o"},
                                                 {"indices", "IDX.npy", "output"},
                                                 {"grad", "GY.npy", "output"},
                                                 {"grad-out", "GX.npy", "output"},
                                                 {"lang", "LANG", "general"},
                                                 {"help", "", "general", "-h"}});
  return command;
}

int run_pool(const Arguments& arguments, const CliHooks&, const Voice& voice) {
  const Result<PoolRequest> request = read_request(arguments);
  if (!request.ok()) return voice.bad_argument(request.error());

  const Result<LoadedInput> input = read_input(request.value().input);
  if (!input.ok()) return voice.failed(input.error());
  const Tensor& tensor = *input.value().tensor;
  const int dimensions = input.value().dimensions;
  const Result<PoolPlan> plan = validate(request.value().spec, tensor.shape());
  if (!plan.ok()) return voice.bad_argument(plan.error());
  const PoolRequest& asked = *request;
  if (Status status = check_fits(asked.format, plan.value().out, asked.output); !status.ok())
    return voice.bad_argument(status.error());

  // Everything is computed before anything is written.
  std::string gradient_bytes;
  if (asked.gradient != nullptr) {
    const Result<LoadedInput> given = read_input(*asked.gradient);
    if (!given.ok()) return voice.failed(given.error());
    const Result<Tensor> gradient = backward(*plan, tensor, *given.value().tensor);
    if (!gradient.ok()) return voice.failed(gradient.error());
    gradient_bytes = encode_npy(*gradient, dimensions);
  }
  const PoolOutput output = forward(*plan, tensor, asked.indices != nullptr);
  const std::string output_bytes =
      encode_output(asked.format, output.values, dimensions, input.value().is_picture);
  std::string index_bytes;
  if (asked.indices != nullptr) index_bytes = encode_npy(output.indices, plan.value().out, dimensions);

  std::vector<FileContent> files = {{asked.output, output_bytes}};
  if (asked.indices != nullptr) files.push_back({*asked.indices, index_bytes});
  if (asked.gradient_output != nullptr) files.push_back({*asked.gradient_output, gradient_bytes});
  const Status written = write_whole(files);
  return written.ok() ? kExitDone : voice.failed(written.error());
}

}  // namespace poolscope
