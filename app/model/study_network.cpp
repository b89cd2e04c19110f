// The fields of the Network lab's setup in a study.

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/model/study_setups.h"
#include "core/nn/description.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

using Fields = StudyFields;

constexpr int64_t kMostSamples = 60'000, kMostEpochs = 1000, kLargestBatch = 4096;
constexpr double kMostSeconds = 86'400;
constexpr size_t kMostStrokes = 1000, kMostPoints = 100'000;

void folder_field(Fields& fields, std::filesystem::path& folder) {
  std::string text = folder.string();
  if (fields.text("folder", text)) folder = text;
}

void data_fields(Fields& fields, NetworkData& data) {
  fields.choice(
      "source", data.source,
      {{"digits", DataSource::digits}, {"mnist", DataSource::mnist}, {"folder", DataSource::folder}});
  folder_field(fields, data.folder);
  fields.integer("train", data.train, 1, kMostSamples);
  fields.integer("test", data.test, 1, kMostSamples);
  fields.seed("seed", data.seed);
  fields.number("test_share", data.test_share, 0.05, 0.5);
  fields.integer("side", data.side, 16, kLargestNetworkSide);
  fields.flag("colour", data.colour);
}

/// As in model files (describe_network()), without the input's line: that is the data's.
bool layers_field(Fields& fields, const char* name, std::vector<Layer>& layers) {
  const std::string input = "input 1x1x1\n";
  std::string text;
  if (!fields.reading()) {
    const std::string all = describe_network({{1, 1, 1, 1}, layers});
    text = all.substr(all.find('\n') + 1);
  }
  if (!fields.text(name, text)) return false;
  if (!fields.reading()) return true;
  Result<NetworkSpec> read = parse_network(input + text);
  if (!read) return fields.fail(name, Message("study.field.layers")), false;
  layers = std::move(read->layers);
  return true;
}

void recipe_fields(Fields& fields, TrainingRecipe& recipe) {
  fields.integer("epochs", recipe.epochs, 1, kMostEpochs);
  fields.integer("batch", recipe.batch, 1, kLargestBatch);
  fields.number("rate", recipe.rate, 1e-7, 10);
  fields.choice("optimizer", recipe.optimizer, {{"adam", Optimizer::adam}, {"sgd", Optimizer::sgd}});
  fields.number("beta1", recipe.beta1, 0, 0.9999999);
  fields.number("beta2", recipe.beta2, 0, 0.9999999);
  fields.number("epsilon", recipe.epsilon, 1e-30, 1);
  fields.number("momentum", recipe.momentum, 0, 0.9999999);
  fields.number("decay", recipe.decay, 0, 10);
  fields.choice("schedule", recipe.schedule,
                {{"constant", Schedule::constant}, {"cosine", Schedule::cosine}});
  fields.integer("shift", recipe.shift, 0, kFarthestShift);
  fields.seed("seed", recipe.seed);
}

void stop_fields(Fields& fields, StopRule& stop) {
  fields.number("accuracy", stop.accuracy, 0, 1);
  fields.integer("patience", stop.patience, 0, kMostEpochs);
  fields.number("seconds", stop.seconds, 0, kMostSeconds);
}

/// A stroke is a list x, y, x, y ..., each 0 to 1.
void strokes_field(Fields& fields, DrawingPtr& drawing) {
  if (!fields.reading()) {
    if (!drawing) return;
    Fields::Out strokes = Fields::Out::array();
    for (const CanvasStroke& stroke : drawing->strokes) {
      Fields::Out points = Fields::Out::array();
      for (const CanvasPoint& point : stroke) {
        points.push_back(point.x);
        points.push_back(point.y);
      }
      strokes.push_back(std::move(points));
    }
    return fields.put("drawing", std::move(strokes));
  }
  const Fields::In* strokes = fields.peek("drawing");
  if (strokes == nullptr) return;
  const Message wrong("study.field.drawing");
  if (!strokes->is_array() || strokes->size() > kMostStrokes) return fields.fail("drawing", wrong);
  Drawing read;
  size_t points = 0;
  for (const Fields::In& line : *strokes) {
    if (!line.is_array() || line.size() % 2 != 0 || (points += line.size()) > kMostPoints)
      return fields.fail("drawing", wrong);
    CanvasStroke stroke;
    for (size_t i = 0; i < line.size(); i += 2) {
      if (!line[i].is_number() || !line[i + 1].is_number()) return fields.fail("drawing", wrong);
      const float x = line[i].get<float>(), y = line[i + 1].get<float>();
      if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) return fields.fail("drawing", wrong);
      stroke.push_back({x, y});
    }
    read.strokes.push_back(std::move(stroke));
  }
  drawing = std::make_shared<const Drawing>(std::move(read));
}

/// A picture from a file is not kept: the sample is shown in its place.
void apply_fields(Fields& fields, NetworkApply& apply) {
  ApplySource source = apply.source == ApplySource::picture ? ApplySource::sample : apply.source;
  if (fields.choice("source", source, {{"sample", ApplySource::sample}, {"drawing", ApplySource::drawing}}) &&
      fields.reading())
    apply.source = source;
  fields.flag("of_training", apply.of_training);
  fields.integer("sample", apply.sample, 0, kMostSamples);
  strokes_field(fields, apply.drawing);
  fields.flag("centre", apply.centre);
  fields.integer("right", apply.right, -kFarthestShift, kFarthestShift);
  fields.integer("down", apply.down, -kFarthestShift, kFarthestShift);
}

}  // namespace

void network_setup(Fields& fields, NetworkSetup& setup) {
  fields.object("data", [&](Fields& inside) { data_fields(inside, setup.data); });
  std::vector<std::pair<std::string_view, std::string>> bases;
  for (const NetworkTemplate& entry : network_templates())
    bases.emplace_back(entry.name, entry.name);
  fields.choice("base", setup.base, bases);
  std::vector<std::pair<std::string_view, Kind>> kinds;
  for (const KindInfo& info : all_kinds())
    kinds.emplace_back(info.name, info.kind);
  fields.choice("kind", setup.kind, kinds);
  fields.optional("layers", setup.layers, layers_field);
  fields.object("training", [&](Fields& inside) { recipe_fields(inside, setup.recipe); });
  fields.object("stop", [&](Fields& inside) { stop_fields(inside, setup.stop); });
  fields.object("apply", [&](Fields& inside) { apply_fields(inside, setup.apply); });
}

}  // namespace poolscope
