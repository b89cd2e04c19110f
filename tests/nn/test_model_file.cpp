#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>

#include <doctest/doctest.h>

#include "core/base/random.h"
#include "core/data/safetensors.h"
#include "core/nn/model_file.h"
#include "core/nn/optimizer.h"
#include "core/nn/templates.h"

using namespace poolscope;

namespace {

const std::filesystem::path kShared = POOLSCOPE_SHARED;

std::span<const uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

TrainedModel small_model() {
  TrainedModel model;
  model.spec = make_network("lenet-small", {1, 1, 16, 16}, 3);
  model.parameters = initial_parameters(plan_network(model.spec).value(), 4);
  model.classes = {"cat", "dog \"x\"", "猫"};
  model.data = "test";
  return model;
}

std::string with_header(const std::string& header, size_t values) {
  std::string bytes;
  for (size_t i = 0; i < 8; ++i)
    bytes += static_cast<char>(header.size() >> (8 * i) & 0xff);
  return bytes + header + std::string(values, '\0');
}

}  // namespace

TEST_CASE("a model that was written is read back, to the last bit") {
  const TrainedModel model = small_model();
  const std::string bytes = encode_model(model);
  const Result<TrainedModel> again = parse_model(bytes_of(bytes), "x");
  REQUIRE(again.ok());
  CHECK(*again == model);
}

TEST_CASE("a model file that is cut off, changed or not finite is refused, or is another valid model") {
  const TrainedModel model = small_model();
  const std::string bytes = encode_model(model);
  for (size_t length = 0; length < bytes.size(); length += 1 + length / 50)
    CHECK(!parse_model(bytes_of(bytes.substr(0, length)), "x").ok());
  CHECK(!parse_model(bytes_of(bytes + "x"), "x").ok());
  Random random(3);
  for (int i = 0; i < 2000; ++i) {
    std::string changed = bytes;
    const int64_t changes = 1 + random.below(3);
    for (int64_t k = 0; k < changes; ++k)
      changed[static_cast<size_t>(random.below(1200))] = static_cast<char>(random.below(256));
    (void)parse_model(bytes_of(changed), "x");  // must return, whatever it says
  }
  TrainedModel broken = model;
  broken.parameters[100] = std::numeric_limits<float>::quiet_NaN();
  const Result<TrainedModel> nan = parse_model(bytes_of(encode_model(broken)), "x");
  REQUIRE(!nan.ok());
  CHECK(nan.error().key == "nn.model.array_values");
}

TEST_CASE("headers that lie are refused") {
  const char* good = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  CHECK(parse_safetensors(bytes_of(with_header(good, 8)), "x").ok());
  for (
      const char* header :
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
       R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
       R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
       R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
       R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})",
       R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})",
       R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}})",
       R"({"a":{"dtype":"F32","shape":[0,9223372036854775807],"data_offsets":[0,8]}})",
       R"({"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})",
       R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})",
       R"({"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}})",
       R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},})",
       R"({"a b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
       R"({"":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
       R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":[1]}})",
       R"({"a":[[[[[[[[[[[[[]]]]]]]]]]]]]})", R"([])", R"({)", R"()"}) {
    CAPTURE(header);
    CHECK(!parse_safetensors(bytes_of(with_header(header, 8)), "x").ok());
  }
}

TEST_CASE("every weight file of the corpus is refused, or read where its manifest allows it") {
  std::ifstream manifest(kShared / "corpora/manifest.tsv");
  if (!manifest) {
    MESSAGE("skipped: ../shared/corpora is not there");
    return;
  }
  int seen = 0;
  for (std::string line; std::getline(manifest, line);) {
    const std::string name = line.substr(0, line.find('\t'));
    if (!name.starts_with("weights/") || !name.ends_with(".safetensors")) continue;
    ++seen;
    const size_t at = line.find('\t', line.find('\t') + 1) + 1;
    const std::string expected = line.substr(at, line.find('\t', at) - at);
    CAPTURE(name);
    std::ifstream file(kShared / "corpora" / name, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const Result<ArrayFile> arrays = parse_safetensors(bytes_of(bytes), name);
    // A kernel of absurd size is a matter of the description, not of the format: the model refuses it.
    if (expected == "refuse" && name.find("huge-kernel") == std::string::npos) CHECK(!arrays.ok());
    if (name.ends_with("st-ok.safetensors")) CHECK(arrays.ok());
    CHECK(!parse_model(bytes_of(bytes), name).ok());  // none of them holds a network of ours
  }
  CHECK(seen > 15);
}
