#include <cmath>

#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/train_data.h"
#include "app/model/network_data.h"
#include "core/data/display_name.h"
#include "core/nn/engine.h"
#include "core/nn/evaluate.h"

namespace poolscope {

namespace {

struct EvaluateRequest {
  std::string model;
  DataRequest data;
  DataLimits limits;
  int64_t shift = 0, threads = 0;
  bool json = false;
};

Result<EvaluateRequest> read_request(const Arguments& arguments) {
  EvaluateRequest request;
  const std::string* model = arguments.find("MODEL");
  if (model == nullptr) return Error("nn.cli.no_model");
  request.model = *model;
  const Result<DataRequest> data = parse_data(arguments);
  if (!data.ok()) return data.error();
  request.data = *data;
  int64_t limit = 0;
  for (const Status& status : {read_number(arguments, "shift", 0, 64, request.shift),
                               read_number(arguments, "threads", 1, 64, request.threads),
                               read_number(arguments, "limit", 1, 10'000'000, limit)})
    if (!status.ok()) return status.error();
  if (limit > 0) request.limits.limit = limit;
  if (const std::string* typed = arguments.find("seed")) {
    const Result<uint64_t> seed = to_seed("--seed", *typed);
    if (!seed.ok()) return seed.error();
    request.limits.seed = *seed;
  }
  request.json = arguments.has("json");
  return request;
}

Status check_fits(const TrainedModel& model, const Samples& samples) {
  if (samples.shape != model.spec.input)
    return Error("nn.error.sample_shape")
        .with("shape", shape_in_words(samples.shape))
        .with("expected", shape_in_words(model.spec.input));
  if (samples.classes.size() > model.classes.size())
    return Error("nn.error.classes")
        .with("classes", static_cast<int64_t>(samples.classes.size()))
        .with("scores", static_cast<int64_t>(model.classes.size()));
  return {};
}

std::string as_json(const EvaluateRequest& request, const TrainedModel& model, const Evaluation& plain,
                    const std::vector<double>& shifted) {
  using Json = nlohmann::ordered_json;
  Json json;
  json["model"] = displayable(request.model);
  json["data"] = displayable(request.data.typed);
  json["samples"] = plain.score.samples;
  json["loss"] = std::isfinite(plain.score.loss) ? Json(plain.score.loss) : Json();
  json["accuracy"] = plain.score.accuracy;
  json["classes"] = model.classes;
  json["confusion"] = Json::array();
  const size_t classes = model.classes.size();
  for (size_t k = 0; k < classes; ++k)
    json["confusion"].push_back(
        std::vector<int64_t>(plain.confusion.begin() + static_cast<std::ptrdiff_t>(k * classes),
                             plain.confusion.begin() + static_cast<std::ptrdiff_t>((k + 1) * classes)));
  json["shifted"] = Json::array();
  for (size_t d = 0; d < shifted.size(); ++d)
    json["shifted"].push_back({{"distance", d + 1}, {"accuracy", shifted[d]}});
  return json.dump(2) + "\n";
}

}  // namespace

CommandInfo evaluate_command() {
  return {"evaluate",
          {{"MODEL", "MODEL", "input"},
           {"data", "DATA", "input"},
           {"limit", "N", "input"},
           {"shift", "D", "evaluation"},
           {"seed", "N", "evaluation"},
           {"threads", "N", "evaluation"},
           {"json", "", "output"},
           {"lang", "LANG", "general"},
           {"help", "", "general", "-h"}},
          {}};
}

int run_evaluate(const Arguments& arguments, const CliHooks&, const Voice& voice) {
  const Result<EvaluateRequest> request = read_request(arguments);
  if (!request.ok()) return voice.bad_argument(request.error());
  const Result<TrainedModel> model = read_model(request.value().model);
  if (!model.ok()) return voice.failed(model.error());
  const Result<Samples> samples =
      load_test(request.value().data, request.value().limits, model.value().spec.input);
  if (!samples.ok()) return voice.failed(samples.error());
  if (const Status status = check_fits(*model, *samples); !status.ok()) return voice.failed(status.error());

  Engine engine(plan_network(model.value().spec).value(), request.value().threads);
  const std::vector<float>& parameters = model.value().parameters;
  const Evaluation plain = evaluate(engine, parameters, *samples);
  std::vector<double> shifted;
  for (int64_t d = 1; d <= request.value().shift; ++d)
    shifted.push_back(shifted_accuracy(engine, parameters, *samples, d));
  if (request.value().json) return voice.print(as_json(*request, *model, plain, shifted));

  std::string text = voice.texts().format(Message("nn.cli.score")
                                              .with("percent", format_short(100 * plain.score.accuracy))
                                              .with("samples", format_count(plain.score.samples))
                                              .with("loss", format_short(plain.score.loss, 3))) +
                     "\n";
  for (size_t d = 0; d < shifted.size(); ++d)
    text += voice.texts().format(Message("nn.cli.shifted")
                                     .with("distance", static_cast<int64_t>(d + 1))
                                     .with("percent", format_short(100 * shifted[d]))) +
            "\n";
  return voice.print(text);
}

}  // namespace poolscope
