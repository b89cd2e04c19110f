#include <chrono>
#include <cmath>
#include <filesystem>
#include <memory>
#include <thread>

#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/interrupts.h"
#include "app/cli/pool_options.h"
#include "app/cli/progress_bar.h"
#include "app/cli/train_data.h"
#include "app/model/atomic_file.h"
#include "app/platform/clock.h"
#include "core/data/display_name.h"
#include "core/nn/crew.h"
#include "core/nn/description.h"
#include "core/nn/templates.h"
#include "core/nn/trainer.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

struct TrainRequest {
  DataRequest data;
  DataLimits limits;
  std::string net = "lenet-small";
  Kind kind = Kind::max;
  TrainingRecipe recipe;
  std::string output;
  const std::string* report = nullptr;
};

std::string template_names() {
  std::vector<std::string> names;
  for (const NetworkTemplate& entry : network_templates())
    names.emplace_back(entry.name);
  return join(names);
}

Status read_network(const Arguments& arguments, TrainRequest& request) {
  if (const std::string* net = arguments.find("net")) {
    if (find_template(*net) == nullptr) return not_a_choice("--net", *net, template_names());
    request.net = *net;
  }
  request.recipe = recipe_of(request.net);
  const std::string* pool = arguments.find("pool");
  if (pool == nullptr) return {};
  const KindInfo* kind = find_kind(*pool);
  if (kind == nullptr) return not_a_choice("--pool", *pool, kind_names());
  if (!find_template(request.net)->pools) return Error("nn.cli.no_pooling").with("net", request.net);
  request.kind = kind->kind;
  return {};
}

Status read_recipe(const Arguments& arguments, TrainRequest& request) {
  TrainingRecipe& recipe = request.recipe;
  int64_t limit = 0;
  for (const Status& status : {read_number(arguments, "epochs", 1, 10000, recipe.epochs),
                               read_number(arguments, "batch", 1, 4096, recipe.batch),
                               read_number(arguments, "threads", 1, 64, recipe.threads),
                               read_number(arguments, "limit", 1, 10'000'000, limit)})
    if (!status.ok()) return status;
  if (limit > 0) request.limits.limit = limit;
  if (const std::string* typed = arguments.find("lr")) {
    const Result<double> rate = to_rate("--lr", *typed);
    if (!rate.ok()) return rate.error();
    recipe.rate = *rate;
  }
  if (const std::string* typed = arguments.find("seed")) {
    const Result<uint64_t> seed = to_seed("--seed", *typed);
    if (!seed.ok()) return seed.error();
    recipe.seed = request.limits.seed = *seed;
  }
  return {};
}

Result<TrainRequest> read_request(const Arguments& arguments) {
  TrainRequest request;
  const Result<DataRequest> data = parse_data(arguments);
  if (!data.ok()) return data.error();
  request.data = *data;
  if (Status status = read_network(arguments, request); !status.ok()) return status.error();
  if (Status status = read_recipe(arguments, request); !status.ok()) return status.error();
  const std::string* output = arguments.find("output");
  if (output == nullptr || !output->ends_with(".safetensors")) return Error("nn.cli.no_output");
  request.output = *output;
  request.report = arguments.find("json");
  if (request.report != nullptr && write_target(*request.report) == write_target(request.output))
    return Error("cli.error.same_file").with("first", "--output").with("second", "--json");
  return request;
}

const char* state_name(TrainerState state) {
  switch (state) {
    case TrainerState::done:
      return "done";
    case TrainerState::stopped:
      return "stopped";
    case TrainerState::failed:
      return "failed";
    default:
      return "running";
  }
}

/// JSON has no NaN: null.
nlohmann::ordered_json number(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
}

std::string report_of(const TrainRequest& request, const TrainingJob& job, const Snapshot& end) {
  using Json = nlohmann::ordered_json;
  Json json;
  json["data"] = displayable(request.data.typed);
  json["net"] = request.net;
  json["network"] = describe_network(job.network);
  json["parameters"] = end.parameters->size();
  json["samples"] = {{"train", job.train->count()}, {"test", job.test->count()}};
  json["recipe"] = {{"epochs", job.recipe.epochs},
                    {"batch", job.recipe.batch},
                    {"rate", job.recipe.rate},
                    {"optimizer", "adam"},
                    {"shift", job.recipe.shift},
                    {"seed", job.recipe.seed},
                    {"threads", crew_size(job.recipe.threads)}};
  json["state"] = state_name(end.state);
  json["steps"] = end.step;
  json["seconds"] = end.seconds;
  json["images_per_second"] = end.images_per_second;
  json["epochs"] = Json::array();
  for (const EpochRecord& epoch : end.epochs)
    json["epochs"].push_back({{"epoch", epoch.epoch},
                              {"train_loss", number(epoch.train.loss)},
                              {"train_accuracy", epoch.train.accuracy},
                              {"test_loss", number(epoch.test.loss)},
                              {"test_accuracy", epoch.test.accuracy},
                              {"seconds", epoch.seconds},
                              {"images_per_second", epoch.images_per_second}});
  return json.dump(2) + "\n";
}

std::string percent(double share) {
  return format_short(100 * share);
}

Message epoch_line(const EpochRecord& epoch, int64_t epochs) {
  return Message("nn.cli.epoch")
      .with("epoch", epoch.epoch)
      .with("epochs", epochs)
      .with("loss", format_short(epoch.train.loss, 3))
      .with("train", percent(epoch.train.accuracy))
      .with("test", percent(epoch.test.accuracy))
      .with("rate", format_count(std::llround(epoch.images_per_second)))
      .with("seconds", format_short(epoch.seconds, 3));
}

/// A line for every epoch; on a terminal also a bar that moves.
class ProgressLine {
 public:
  ProgressLine(const Voice& voice, int64_t epochs) : voice_(voice), epochs_(epochs) {}

  void show(const Snapshot& now) {
    for (; told_ < now.epochs.size(); ++told_)
      bar_.say(voice_.texts().format(epoch_line(now.epochs[told_], epochs_)));
    if (now.steps == 0) return;
    bar_.show(static_cast<double>(now.step) / static_cast<double>(now.steps),
              voice_.texts().format(Message("nn.cli.progress")
                                        .with("percent", 100 * now.step / now.steps)
                                        .with("rate", format_count(std::llround(now.images_per_second)))
                                        .with("left", std::llround(now.seconds_left))));
  }
  void clear() { bar_.clear(); }

 private:
  const Voice& voice_;
  int64_t epochs_;
  ProgressBar bar_;
  size_t told_ = 0;
};

SnapshotPtr train(const TrainingJob& job, const Voice& voice) {
  const SteadyClock clock;
  const Interrupts interrupts;
  ProgressLine line(voice, job.recipe.epochs);
  Trainer trainer(job, [&clock] { return clock.now_seconds(); });
  trainer.resume();
  SnapshotPtr now;
  do {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (interrupts.asked()) trainer.stop();
    now = trainer.snapshot();
    line.show(*now);
  } while (now->state == TrainerState::running || now->state == TrainerState::paused);
  line.clear();
  return now;
}

}  // namespace

CommandInfo train_command() {
  return {"train",
          {{"data", "DATA", "input"},
           {"limit", "N", "input"},
           {"net", "NET", "network"},
           {"pool", "KIND", "network"},
           {"epochs", "N", "training"},
           {"batch", "N", "training"},
           {"lr", "X", "training"},
           {"seed", "N", "training"},
           {"threads", "N", "training"},
           {"output", "MODEL.safetensors", "output", "-o"},
           {"json", "REPORT.json", "output"},
           {"lang", "LANG", "general"},
           {"help", "", "general", "-h"}},
          {{"nets", template_names()}, {"kinds", kind_lines()}}};
}

int run_train(const Arguments& arguments, const CliHooks&, const Voice& voice) {
  const Result<TrainRequest> read = read_request(arguments);
  if (!read.ok()) return voice.bad_argument(read.error());
  const TrainRequest& request = *read;
  Result<Split> split = load_split(request.data, request.limits, Shape{1, 1, 28, 28});
  if (!split.ok()) return voice.failed(split.error());
  TrainingJob job;
  job.train = std::make_shared<const Samples>(std::move(split->train));
  job.test = std::make_shared<const Samples>(std::move(split->test));
  job.recipe = request.recipe;
  const auto classes = static_cast<int64_t>(job.train->classes.size());
  job.network = make_network(request.net, job.train->shape, classes, request.kind);
  if (const Status status = check_job(job); !status.ok()) return voice.bad_argument(status.error());

  const SnapshotPtr end = train(job, voice);
  if (end->step > 0) {
    const TrainedModel model{job.network, *end->parameters, job.train->classes,
                             displayable(request.data.typed)};
    const std::string model_bytes = encode_model(model), report = report_of(request, job, *end);
    std::vector<FileContent> files = {{request.output, model_bytes}};
    if (request.report != nullptr) files.push_back({*request.report, report});
    if (const Status written = write_whole(files); !written.ok()) return voice.failed(written.error());
  }
  if (end->state == TrainerState::failed) return voice.failed(*end->error);
  if (end->state != TrainerState::stopped) return kExitDone;
  return voice.say(Error(end->step > 0 ? "nn.cli.interrupted" : "nn.cli.interrupted_early")
                       .with("step", end->step)
                       .with("path", displayable(request.output)),
                   kExitInterrupted);
}

}  // namespace poolscope
