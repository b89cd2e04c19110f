#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>

#include "app/model/limits.h"
#include "app/model/model.h"
#include "app/model/study_state.h"
#include "core/data/builtin.h"
#include "core/nn/templates.h"
#include "core/pooling/dialects.h"
#include "core/pooling/kinds.h"
#include "core/study/filters.h"

using namespace poolscope;
using nlohmann::json;

namespace {

StudyReading reading() {
  StudyReading reading;
  reading.labs = {"window", "compare", "channels"};
  return reading;
}

/// The sentence's key and the field that it names, "study.field.flag compare.inverted"; "" where it was read.
std::string refusal(const std::string& text, StudyState state = {}) {
  const StudyState before = state;
  const Status status = read_state(json::parse(text), state, reading());
  if (status.ok()) return "";
  CHECK(state == before);
  std::string words = status.error().key;
  for (const Arg& arg : status.error().args)
    if (arg.name == "field") words += " " + arg.value;
  return words;
}

StudyState after(const std::string& text, StudyState state = {}) {
  const Status status = read_state(json::parse(text), state, reading());
  REQUIRE_MESSAGE(status.ok(), status.error().key);
  return state;
}

class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}
  int64_t to(int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(engine_); }
  bool coin() { return to(0, 1) == 1; }
  double share() { return std::uniform_real_distribution<double>(0, 1)(engine_); }
  Size2 size(int64_t low, int64_t high) { return {to(low, high), to(low, high)}; }
  template <class T>
  const T& one_of(std::span<const T> values) {
    return values[static_cast<size_t>(to(0, static_cast<int64_t>(values.size()) - 1))];
  }

 private:
  std::mt19937_64 engine_;
};

Input random_input(Dice& dice) {
  if (dice.coin()) return builtin_input(std::string(dice.one_of(builtin_inputs()).name));
  Tensor tensor({dice.to(1, 2), dice.to(1, 4), dice.to(1, 9), dice.to(1, 9)});
  constexpr float kOdd[] = {
      0.0f, -0.0f, 0.1f, 1e-45f, 3.4e38f, std::numeric_limits<float>::quiet_NaN(), INFINITY, -INFINITY};
  for (float& value : tensor.values())
    value = dice.to(0, 4) == 0 ? kOdd[dice.to(0, 7)] : static_cast<float>((dice.share() - 0.5) * 1e3);
  Input input;
  input.name = "m “1”.npy";
  input.edited = dice.coin();
  input.tensor = std::make_shared<const Tensor>(std::move(tensor));
  return input;
}

void random_network(Dice& dice, NetworkSetup& network) {
  network.data.source = static_cast<DataSource>(dice.to(0, 2));
  if (dice.coin()) network.data.folder = "/home/某人/pictures";
  network.data.train = dice.to(1, 60'000);
  network.data.test_share = 0.05 + dice.share() * 0.45;
  network.data.colour = dice.coin();
  network.base = dice.one_of(network_templates()).name;
  network.kind = dice.one_of(all_kinds()).kind;
  if (dice.coin()) network.layers = make_network("lenet-small", {1, 1, 28, 28}, 10, Kind::average).layers;
  network.recipe.rate = 1e-4 + dice.share();
  network.recipe.optimizer = dice.coin() ? Optimizer::sgd : Optimizer::adam;
  network.recipe.schedule = dice.coin() ? Schedule::cosine : Schedule::constant;
  network.recipe.seed = static_cast<uint64_t>(dice.to(0, INT64_MAX));
  network.stop.accuracy = dice.share();
  network.apply.source = dice.coin() ? ApplySource::drawing : ApplySource::sample;
  network.apply.right = dice.to(-kFarthestShift, kFarthestShift);
}

StudyState random_state(uint64_t seed) {
  Dice dice(seed);
  StudyState state;
  Document& document = state.document;
  document.input = random_input(dice);
  PoolSpec& spec = document.spec;
  spec.kind = dice.one_of(all_kinds()).kind;
  spec.window = dice.size(1, 4);
  spec.stride = dice.size(1, 4);
  spec.padding = dice.size(0, 2);
  spec.dilation = dice.size(1, 2);
  spec.rounding = dice.coin() ? Rounding::ceil : Rounding::floor;
  spec.count_padding = dice.coin();
  if (dice.coin()) spec.divisor = dice.to(-5, -1);
  spec.seed = static_cast<uint64_t>(dice.to(0, INT64_MAX)) * 2 + 1;
  spec.norm = dice.share() * 9 + 0.1;
  spec.normalise = dice.coin() ? Normalise::mean : Normalise::sum;
  spec.sharpness = dice.share() * 20 - 10;
  spec.mix = dice.share();
  spec.taps = dice.to(2, 7);
  spec.output_size = dice.size(1, 3);
  spec.dialect = dice.one_of(all_dialects()).dialect;
  spec.opset = dice.to(11, 22);
  spec.auto_pad = static_cast<AutoPad>(dice.to(0, 3));
  if (dice.coin()) spec.pads = Pads{dice.to(0, 1), 0, 1, dice.to(0, 1)};
  document.stride_linked = dice.coin();
  document.rectangular = dice.coin();
  keep_links(document);
  spec = fit_spec(spec, document.shape());
  document.direction = dice.coin() ? Direction::backward : Direction::forward;
  if (dice.coin()) document.compared = dice.one_of(all_dialects()).dialect;
  document.batch = dice.to(0, document.shape().n - 1);
  document.channel = dice.to(document.shape().c == 3 ? kColourChannels : 0, document.shape().c - 1);
  document.colormap = static_cast<Colormap>(dice.to(0, 3));
  CompareSetup& compare = document.compare;
  compare.columns.resize(static_cast<size_t>(dice.to(1, 5)));
  for (CompareColumn& column : compare.columns) {
    column.kind = dice.one_of(all_kinds()).kind;
    if (dice.coin()) column.window = dice.size(1, 9);
    if (dice.coin()) column.stride = dice.size(1, 9);
  }
  compare.depth = static_cast<int>(dice.to(1, kDeepest));
  compare.inverted = dice.coin();
  compare.striped = dice.coin();
  compare.period = 2 + dice.share() * 14;
  compare.two_steps = dice.coin();
  compare.reference = static_cast<int>(dice.to(-1, static_cast<int64_t>(compare.columns.size())));
  compare.show_input = dice.coin();
  const int64_t maps = dice.to(1, kMostFeatureMaps);
  document.channels = {dice.coin(), maps, dice.to(0, maps - 1), dice.share()};
  if (dice.coin()) document.shift.edges = ShiftEdges::zero;
  document.evidence.claim = dice.one_of(all_claims()).claim;
  random_network(dice, document.network);
  state.lab = dice.coin() ? "compare" : "channels";
  state.step = dice.to(0, validate(spec, document.shape())->steps_per_plane() - 1);
  state.speed = 0.1 + dice.share() * 900;
  state.unit = static_cast<PlayUnit>(dice.to(0, 2));
  state.loop = dice.coin();
  state.view = {dice.share() * 100 - 50, dice.share() * 1000, dice.share() * 200};
  return state;
}

}  // namespace

TEST_CASE("any state comes back from its JSON as it was") {
  for (uint64_t seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    const StudyState state = random_state(seed);
    const Result<nlohmann::ordered_json> written = write_state(state, {});
    REQUIRE(written.ok());
    StudyState back;
    const Status read = read_state(json::parse(written->dump()), back, reading());
    REQUIRE_MESSAGE(read.ok(), read.error().key << " " << written->dump());
    CHECK(back.document.input.tensor->same_bits(*state.document.input.tensor));
    back.document.input.tensor = state.document.input.tensor;
    CHECK(back == state);
  }
}

TEST_CASE("only what is named changes") {
  StudyState state = random_state(7);
  state.document.input = builtin_input("shift6");
  state.document.batch = state.document.channel = 0;
  state.document.spec = {};
  state.document.stride_linked = false;
  state.document.rectangular = false;
  state.step = 3;
  StudyState expected = state;
  expected.document.spec.kind = Kind::average;
  CHECK(after(R"({"pooling": {"kind": "average"}})", state) == expected);
  expected = state;
  expected.document.compare.depth = 2;
  CHECK(after(R"({"compare": {"depth": 2}})", state) == expected);
  expected = state;
  expected.step = 8;
  CHECK(after(R"({"step": 8})", state) == expected);
  CHECK(after("{}", state) == state);
}

TEST_CASE("links follow what is named") {
  StudyState state;
  const Document linked = after(R"({"pooling": {"window": 1}})").document;
  CHECK(linked.spec.stride == Size2{1, 1});
  CHECK(linked.stride_linked);
  const Document apart = after(R"({"pooling": {"stride": 1}})").document;
  CHECK(apart.spec.stride == Size2{1, 1});
  CHECK(apart.spec.window == Size2{2, 2});
  CHECK_FALSE(apart.stride_linked);
  const Document wide = after(R"({"pooling": {"window": [1, 2]}})").document;
  CHECK(wide.rectangular);
  CHECK(wide.spec.stride == Size2{1, 2});
}

TEST_CASE("a new input begins at its first window, in colour where it has colours") {
  StudyState state;
  state.step = 3;
  state.view.zoom = 4;
  const StudyState scene = after(R"({"input": {"builtin": "scene"}})", state);
  CHECK(scene.document.input == builtin_input("scene"));
  CHECK(scene.document.channel == kColourChannels);
  CHECK(scene.step == 0);
  CHECK(scene.view == ViewTransform{});
  CHECK(after(R"({"input": {"builtin": "scene"}, "channel": 2, "step": 5})").document.channel == 2);
}

TEST_CASE("a matrix is a list of rows") {
  const StudyState state = after(R"({"input": {"values": [[1, 2, -3.5], ["inf", 0, 1e2]], "name": "mine"}})");
  const Tensor& values = state.document.values();
  CHECK(values.shape() == Shape{1, 1, 2, 3});
  CHECK(values.at(0, 0, 0, 2) == -3.5f);
  CHECK(values.at(0, 0, 1, 0) == INFINITY);
  CHECK(state.document.input.name == "mine");
  CHECK(after(R"({"input": {"values": [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]}})").document.shape() ==
        Shape{1, 2, 2, 2});
}

TEST_CASE("what is wrong is named, and nothing changes") {
  CHECK(refusal("[]") == "study.not_an_object");
  CHECK(refusal("7") == "study.not_an_object");
  CHECK(refusal(R"({"pooling": {"windw": 2}})") == "study.field.unknown pooling.windw");
  CHECK(refusal(R"({"kind": "max"})") == "study.field.unknown kind");
  CHECK(refusal(R"({"pooling": 7})") == "study.field.object pooling");
  CHECK(refusal(R"({"pooling": {"kind": "maxx"}})") == "study.field.choice pooling.kind");
  CHECK(refusal(R"({"pooling": {"window": "2"}})") == "study.field.size pooling.window");
  CHECK(refusal(R"({"pooling": {"window": [1, 2, 3]}})") == "study.field.size pooling.window");
  CHECK(refusal(R"({"pooling": {"window": 0}})") == "study.field.size pooling.window");
  CHECK(refusal(R"({"pooling": {"window": 2.5}})") == "study.field.size pooling.window");
  CHECK(refusal(R"({"pooling": {"window": 18446744073709551615}})") == "study.field.size pooling.window");
  CHECK(refusal(R"({"pooling": {"mix": null}})") == "study.field.number pooling.mix");
  CHECK(refusal(R"({"pooling": {"seed": -1}})") == "study.field.seed pooling.seed");
  CHECK(refusal(R"({"pooling": {"pads": {"top": -1}}})") == "study.field.integer pooling.pads.top");
  CHECK(refusal(R"({"compare": {"columns": []}})") == "study.field.list compare.columns");
  CHECK(refusal(R"({"compare": {"columns": [{"kind": "max"}, 3]}})") ==
        "study.field.object compare.columns[1]");
  CHECK(refusal(R"({"compare": {"columns": [{"kind": 3}]}})") ==
        "study.field.choice compare.columns[0].kind");
  CHECK(refusal(R"({"compare": {"inverted": 1}})") == "study.field.flag compare.inverted");
  CHECK(refusal(R"({"channels": {"maps": 65}})") == "study.field.integer channels.maps");
  CHECK(refusal(R"({"network": {"layers": "conv2d\nkitchen"}})") == "study.field.layers network.layers");
  CHECK(refusal(R"({"network": {"training": {"epochs": 0}}})") ==
        "study.field.integer network.training.epochs");
  CHECK(refusal(R"({"network": {"base": "kitchen"}})") == "study.field.choice network.base");
  CHECK(refusal(R"({"network": {"apply": {"drawing": [[0.5]]}}})") ==
        "study.field.drawing network.apply.drawing");
  CHECK(refusal(R"({"network": {"apply": {"drawing": [[0.5, 2]]}}})") ==
        "study.field.drawing network.apply.drawing");
  CHECK(refusal(R"({"lab": "kitchen"})") == "study.field.choice lab");
  CHECK(refusal(R"({"step": 4})") == "study.field.integer step");
  CHECK(refusal(R"({"step": -1})") == "study.field.integer step");
  CHECK(refusal(R"({"batch": 1})") == "study.field.integer batch");
  CHECK(refusal(R"({"channel": "colour"})") == "study.field.colour channel");
  CHECK(refusal(R"({"view": {"zoom": 1e9}})") == "study.field.number view.zoom");
  CHECK(refusal(R"({"transport": {"speed": 0}})") == "study.field.number transport.speed");
}

TEST_CASE("the gate refuses a pooling that the input does not allow") {
  CHECK(refusal(R"({"pooling": {"padding": 2}})").starts_with("error.pool."));
  CHECK(refusal(R"({"pooling": {"window": 9}})").starts_with("error.pool."));
  CHECK(refusal(R"({"pooling": {"kind": "blur", "taps": 9}})").starts_with("error.pool."));
}

TEST_CASE("inputs that are none are refused") {
  CHECK(refusal(R"({"input": {}})") == "study.field.no_input input.builtin");
  CHECK(refusal(R"({"input": {"builtin": "moon"}})") == "study.field.choice input.builtin");
  CHECK(refusal(R"({"input": {"file": "a.png"}})") == "study.field.no_files input.file");
  CHECK(refusal(R"({"input": {"file": "a.png", "values": [[1]]}})") == "study.field.two_inputs input.file");
  CHECK(refusal(R"({"input": {"file": ""}})") == "study.field.file input.file");
  CHECK(refusal(R"({"input": {"file": "a\u0000b"}})") == "study.field.file input.file");
  CHECK(refusal(R"({"input": {"file_bytes": "6g"}})") == "study.field.hex input.file_bytes");
  CHECK(refusal(R"({"input": {"values": [1, 2]}})") == "study.field.values input.values");
  CHECK(refusal(R"({"input": {"values": [[]]}})") == "study.field.values input.values");
  CHECK(refusal(R"({"input": {"values": [[[[[1]]]]]}})") == "study.field.values input.values");
  CHECK(refusal(R"({"input": {"values": [[1, 2], [3]]}})") == "study.field.ragged input.values[1]");
  CHECK(refusal(R"({"input": {"values": [[1, 2], [3, "x"]]}})") == "study.field.value input.values[1][1]");
  CHECK(refusal(R"({"input": {"values": [[1, 2], [3, 1e39]]}})") == "study.field.value input.values[1][1]");
  CHECK(refusal(R"({"input": {"values": [[1, 256]], "picture": true}})") ==
        "study.field.picture_values input.values");
  CHECK(refusal(R"({"input": {"values": [[[1]], [[2]]], "picture": true}})") ==
        "study.field.picture_channels input.values");
}

TEST_CASE("a state that is shown is one step of undo") {
  Model model;
  model.refresh();
  const Document before = model.document;
  StudyState state = after(R"({"input": {"builtin": "shift6"}, "lab": "compare", "step": 5,
                               "transport": {"loop": true, "unit": "row"}})");
  apply_command(model, command::ShowState{state});
  CHECK(model.document == state.document);
  CHECK(state_of(model) == state);
  apply_command(model, command::Undo{});
  CHECK(model.document == before);
}
