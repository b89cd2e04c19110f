#include <algorithm>

#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/train_data.h"
#include "app/model/network_data.h"
#include "app/platform/load_input.h"
#include "core/data/display_name.h"
#include "core/nn/engine.h"
#include "core/nn/evaluate.h"

namespace poolscope {

namespace {

Result<Invert> read_invert(const Arguments& arguments) {
  const std::string* typed = arguments.find("invert");
  if (typed == nullptr || *typed == "detect") return Invert::detect;
  if (*typed == "never") return Invert::never;
  if (*typed == "always") return Invert::always;
  return not_a_choice("--invert", *typed, "detect, never, always");
}

struct Prediction {
  std::string image;
  std::vector<float> probabilities;
  size_t best() const {
    return static_cast<size_t>(std::max_element(probabilities.begin(), probabilities.end()) -
                               probabilities.begin());
  }
};

std::string as_json(const std::vector<Prediction>& predictions, const TrainedModel& model) {
  using Json = nlohmann::ordered_json;
  Json json;
  json["classes"] = model.classes;
  json["predictions"] = Json::array();
  for (const Prediction& one : predictions)
    json["predictions"].push_back({{"image", one.image},
                                   {"class", model.classes[one.best()]},
                                   {"probability", one.probabilities[one.best()]},
                                   {"probabilities", one.probabilities}});
  return json.dump(2) + "\n";
}

}  // namespace

CommandInfo predict_command() {
  OptionInfo images{"IMAGE", "IMAGE", "input"};
  images.many = true;
  return {"predict",
          {{"MODEL", "MODEL", "input"},
           images,
           {"invert", "WHEN", "input"},
           {"json", "", "output"},
           {"lang", "LANG", "general"},
           {"help", "", "general", "-h"}},
          {}};
}

int run_predict(const Arguments& arguments, const CliHooks&, const Voice& voice) {
  const std::string* path = arguments.find("MODEL");
  if (path == nullptr) return voice.bad_argument(Error("nn.cli.no_model"));
  const std::vector<std::string>& images = arguments.list("IMAGE");
  if (images.empty()) return voice.bad_argument(Error("nn.cli.no_image"));
  const Result<Invert> invert = read_invert(arguments);
  if (!invert.ok()) return voice.bad_argument(invert.error());
  const Result<TrainedModel> model = read_model(*path);
  if (!model.ok()) return voice.failed(model.error());
  Preparation preparation;
  preparation.shape = model.value().spec.input;
  preparation.invert = *invert;

  Engine engine(plan_network(model.value().spec).value(), 1);
  std::vector<Prediction> predictions;
  for (const std::string& image : images) {
    const Result<LoadedInput> loaded = load_input(image);
    if (!loaded.ok()) return voice.failed(loaded.error());
    const std::vector<uint8_t> pixels = prepare_picture(*loaded.value().tensor, preparation);
    predictions.push_back(
        {displayable(image), class_probabilities(engine, model.value().parameters, pixels)});
  }
  if (arguments.has("json")) return voice.print(as_json(predictions, *model));
  std::string text;
  for (const Prediction& one : predictions)
    text += voice.texts().format(Message("nn.cli.prediction")
                                     .with("image", one.image)
                                     .with("class", model.value().classes[one.best()])
                                     .with("percent", format_short(100 * one.probabilities[one.best()], 3))) +
            "\n";
  return voice.print(text);
}

}  // namespace poolscope
