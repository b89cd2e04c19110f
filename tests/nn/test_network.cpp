#include <cmath>

#include <doctest/doctest.h>

#include "core/nn/description.h"
#include "core/nn/network.h"
#include "core/nn/optimizer.h"
#include "core/nn/templates.h"
#include "core/pooling/kinds.h"

using namespace poolscope;

namespace {

std::string value_of(const Error& error, std::string_view name) {
  for (const Arg& arg : error.args)
    if (arg.name == name) return arg.value;
  return "(none)";
}

const Shape kMnist{1, 1, 28, 28};

}  // namespace

TEST_CASE("lenet-small has 37,610 parameters and the shapes of the textbook") {
  const NetworkPlan plan = plan_network(make_network("lenet-small", kMnist, 10)).value();
  CHECK(plan.parameters == 208 + 3216 + 32896 + 1290);
  CHECK(plan.layers[0].out == Shape{1, 8, 24, 24});
  CHECK(plan.layers[2].out == Shape{1, 8, 12, 12});
  CHECK(plan.layers[5].out == Shape{1, 16, 4, 4});
  CHECK(plan.layers[6].out == Shape{1, 256, 1, 1});
  CHECK(plan.classes() == 10);
  CHECK(plan.layers[3].weights_at == 208);
  CHECK(plan.layers[3].biases_at == 208 + 3200);
}

TEST_CASE("a dense layer that does not fit names the shape before it") {
  NetworkSpec spec{{1, 16, 5, 5}, {Flatten{}, Dense{10, true, 256}}};
  const NetworkCheck check = check_network(spec);
  REQUIRE(!check.ok());
  CHECK(*check.wrong_layer == 1);
  CHECK(check.plan.layers.size() == 1);
  CHECK(check.error.key == "nn.error.dense_inputs");
  CHECK(value_of(check.error, "expected") == "256");
  CHECK(value_of(check.error, "found") == "400");
  CHECK(value_of(check.error, "shape") == "16 × 5 × 5");
}

TEST_CASE("what cannot be is refused at its layer, with the reason") {
  struct Case {
    NetworkSpec spec;
    int64_t layer;
    const char* key;
  };
  PoolSpec padded;
  padded.padding = {2, 2};
  const std::vector<Case> cases = {
      {{kMnist, {}}, 0, "nn.error.no_layers"},
      {{{1, 0, 4, 4}, {Relu{}}}, -1, "nn.error.input"},
      {{kMnist, {Conv2d{8, {29, 5}, {1, 1}, {0, 0}, true}}}, 0, "nn.error.conv_window"},
      {{kMnist, {Conv2d{8, {3, 3}, {1, 1}, {3, 0}, true}}}, 0, "nn.error.conv_padding"},
      {{kMnist, {Conv2d{0, {3, 3}, {1, 1}, {0, 0}, true}}}, 0, "nn.error.out_of_range"},
      {{kMnist, {Conv2d{INT64_MAX, {3, 3}, {1, 1}, {0, 0}, true}}}, 0, "nn.error.out_of_range"},
      {{kMnist, {Relu{}, Pool{padded}}}, 1, "error.pool.padding-large"},
      {{kMnist, {Dense{10, true, 0}}}, 0, "nn.error.dense_not_flat"},
      {{kMnist, {Flatten{}, Dropout{1.0}}}, 1, "nn.error.dropout"},
      {{kMnist, {Flatten{}, Dense{1, true, 0}}}, 1, "nn.error.no_scores"},
      {{kMnist, {Relu{}}}, 0, "nn.error.no_scores"},
      {{{1, 1, 1000, 1000}, {Flatten{}, Dense{1000, true, 0}}}, 1, "nn.error.too_many_parameters"},
      {{kMnist, std::vector<Layer>(65, Relu{})}, 64, "nn.error.too_many_layers"},
  };
  for (const Case& one : cases) {
    const NetworkCheck check = check_network(one.spec);
    CAPTURE(one.key);
    REQUIRE(!check.ok());
    CHECK(*check.wrong_layer == one.layer);
    if (std::string(one.key).starts_with("nn."))
      CHECK(check.error.key == one.key);
    else
      CHECK(check.error.key.starts_with("error."));
  }
}

TEST_CASE("every template fits MNIST, colour pictures and every kind of pooling") {
  for (const NetworkTemplate& entry : network_templates())
    for (const KindInfo& kind : all_kinds())
      for (const Shape& input : {kMnist, Shape{1, 3, 32, 32}}) {
        CAPTURE(entry.name);
        CAPTURE(kind.name);
        const NetworkSpec spec = make_network(entry.name, input, 7, kind.kind);
        const NetworkCheck check = check_network(spec);
        CAPTURE(check.error.key);
        if (entry.pools && kind.geometry == Geometry::whole) {  // nothing is left for the next convolution
          CHECK(check.error.key.starts_with("nn.error.conv_") == !check.ok());
          continue;
        }
        REQUIRE(check.ok());
        CHECK(check.plan.classes() == 7);
        // Written and read, it is the same network.
        const Result<NetworkSpec> again = parse_network(describe_network(spec));
        REQUIRE(again.ok());
        CHECK(*again == spec);
      }
}

TEST_CASE("a description that is not understood is refused with its line") {
  for (const char* text :
       {"", "conv2d", "input 1x28", "input 1x28x28x3", "input 1x28x28\nconv3d", "input 1x28x28\nrelu x=1",
        "input 1x28x28\ndense units=ten", "input 1x28x28\ndense units=1 units=2", "input 1x28x28\n\n",
        "input 1x28x28\ndense units=99999999999999999999", "input 1x28x28\npool kind=maximum",
        "input 1x28x28\ndropout rate=nan", "input 1x28x28\nconv2d window=5"}) {
    CAPTURE(text);
    const Result<NetworkSpec> spec = parse_network(text);
    REQUIRE(!spec.ok());
    CHECK(spec.error().key == "nn.error.description");
  }
}

TEST_CASE("initial weights have the deviation that their layer asks for, and a seed decides them") {
  const NetworkPlan plan = plan_network(make_network("lenet-small", kMnist, 10)).value();
  const std::vector<float> weights = initial_parameters(plan, 3);
  CHECK(weights == initial_parameters(plan, 3));
  CHECK(weights != initial_parameters(plan, 4));
  const LayerPlan& dense = plan.layers[7];
  double mean = 0, square = 0;
  for (int64_t i = 0; i < dense.weights; ++i) {
    const double w = weights[static_cast<size_t>(dense.weights_at + i)];
    mean += w / static_cast<double>(dense.weights);
    square += w * w / static_cast<double>(dense.weights);
  }
  CHECK(std::abs(mean) < 0.002);
  CHECK(square == doctest::Approx(2.0 / 256).epsilon(0.03));
  for (int64_t i = 0; i < dense.biases; ++i)
    CHECK(weights[static_cast<size_t>(dense.biases_at + i)] == 0);
}
