#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <set>

#include "core/base/random.h"
#include "core/pooling/kinds.h"
#include "core/pooling/pool.h"
#include "core/pooling/trace.h"

/// What each kind is known for, on numbers that can be checked by hand.

using namespace poolscope;

namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
const Tensor kSquare = Tensor::matrix({{1, 2}, {3, 6}});

Tensor pooled(const PoolSpec& spec, const Tensor& input) {
  return forward(validate(spec, input.shape()).value(), input).values;
}

double one(PoolSpec spec, const Tensor& input = kSquare) {
  return pooled(spec, input).data()[0];
}

std::vector<float> row_of(const Tensor& tensor) {
  return {tensor.values().begin(), tensor.values().end()};
}

std::vector<double> weights(const PoolSpec& spec, const Tensor& input) {
  std::vector<double> list;
  for (const Tap& tap : step_at(validate(spec, input.shape()).value(), input, 0, 0, 0).taps)
    list.push_back(tap.weight);
  return list;
}

}  // namespace

TEST_CASE("the table has all kinds, in the order of the enumeration, under the names of the command line") {
  const char* names[] = {"max",
                         "average",
                         "stochastic",
                         "stochastic-expectation",
                         "min",
                         "l2",
                         "lp",
                         "log-sum-exp",
                         "softpool",
                         "mixed",
                         "none",
                         "blur",
                         "max-blur",
                         "global-max",
                         "global-average",
                         "adaptive-max",
                         "adaptive-average",
                         "fractional-max",
                         "aps"};
  REQUIRE(all_kinds().size() >= std::size(names));
  for (size_t i = 0; i < std::size(names); ++i) {
    CHECK(all_kinds()[i].name == names[i]);
    CHECK(static_cast<size_t>(all_kinds()[i].kind) == i);
    CHECK(find_kind(names[i]) != nullptr);
    CHECK(kind_info(all_kinds()[i].kind).name == names[i]);
  }
  CHECK(find_kind("maximum") == nullptr);
  CHECK(!kind_info(Kind::aps).window_local);
  CHECK(kind_info(Kind::max).window_local);
}

TEST_CASE("Lp: p = 1 sums, large p approaches the maximum, the mean form divides first") {
  CHECK(one({.kind = Kind::lp, .norm = 1}) == 12);
  CHECK(one({.kind = Kind::lp, .norm = 2}) == doctest::Approx(std::sqrt(50)));
  CHECK(one({.kind = Kind::lp, .norm = 3}) == doctest::Approx(std::cbrt(1 + 8 + 27 + 216)));
  CHECK(one({.kind = Kind::lp, .norm = 200}) == doctest::Approx(6));
  CHECK(one({.kind = Kind::lp, .norm = 1, .normalise = Normalise::mean}) == 3);
  CHECK(one({.kind = Kind::l2, .normalise = Normalise::mean}) == doctest::Approx(std::sqrt(12.5)));
}

TEST_CASE("Lp stays in range where the powers leave it") {
  const Tensor large = Tensor::matrix({{1e30f, 1e30f}, {0, 0}}),
               small = Tensor::matrix({{1e-30f, 0}, {0, 0}});
  CHECK(one({.kind = Kind::lp, .norm = 20}, large) == doctest::Approx(1e30 * std::pow(2, 0.05)));
  CHECK(one({.kind = Kind::lp, .norm = 20}, small) == doctest::Approx(1e-30));
  const Tensor huge = Tensor::matrix({{1, 3000}, {0, 0}});
  CHECK(one({.kind = Kind::lp, .norm = 900}, huge) == doctest::Approx(3000));
  CHECK(one({.kind = Kind::lp, .norm = 3}, Tensor::matrix({{1, kInf}, {0, 0}})) == kInf);
  // Powers that cancel sum to exactly 0, and the slope there is 0.
  CHECK(one({.kind = Kind::lp, .norm = 3}, Tensor::matrix({{0.3f, -0.3f}, {1e-3f, -1e-3f}})) == 0);
}

TEST_CASE("log-sum-exp lies between the mean and the maximum") {
  const auto smooth = [](double sharpness) {
    return one({.kind = Kind::log_sum_exp, .sharpness = sharpness});
  };
  CHECK(smooth(1) == doctest::Approx(std::log((std::exp(1) + std::exp(2) + std::exp(3) + std::exp(6)) / 4)));
  CHECK(smooth(0) == 3);
  CHECK(smooth(1e-6) == doctest::Approx(3).epsilon(1e-4));
  CHECK(smooth(1000) == doctest::Approx(6).epsilon(1e-3));
  CHECK(smooth(-1000) == doctest::Approx(1).epsilon(2e-3));
  CHECK(one({.kind = Kind::log_sum_exp}, Tensor::matrix({{5000, 5000}, {5000, 5000}})) == 5000);
  CHECK(one({.kind = Kind::log_sum_exp}, Tensor::matrix({{1, kInf}, {0, kInf}})) == kInf);
  CHECK(one({.kind = Kind::log_sum_exp}, Tensor({1, 1, 2, 2}, -kInf)) == -kInf);
}

TEST_CASE("SoftPool weighs by the exponential") {
  const Tensor pair = Tensor::matrix({{0, std::log(3.0f)}});
  const PoolSpec spec{.kind = Kind::softpool, .window = {1, 2}, .stride = {1, 2}};
  CHECK(one(spec, pair) == doctest::Approx(0.75 * std::log(3)));
  CHECK(weights(spec, pair)[1] == doctest::Approx(0.75));
  CHECK(one(spec, Tensor::matrix({{9000, 9000}})) == 9000);
  CHECK(one(spec, Tensor::matrix({{-kInf, 3}})) == 3);
  CHECK(one(spec, Tensor::matrix({{kInf, 3}})) == kInf);
  CHECK(std::isnan(one(spec, Tensor::matrix({{std::nanf(""), 3}}))));
}

TEST_CASE("mixed pooling goes from the average to the maximum") {
  CHECK(one({.kind = Kind::mixed, .mix = 0}) == 3);
  CHECK(one({.kind = Kind::mixed, .mix = 1}) == 6);
  CHECK(one({.kind = Kind::mixed, .mix = 0.25}) == 3.75);
  CHECK(one({.kind = Kind::mixed, .mix = 0}, Tensor::matrix({{-kInf, 2}, {3, 6}})) == -kInf);
  CHECK(one({.kind = Kind::mixed, .mix = 1}, Tensor::matrix({{-kInf, 2}, {3, 6}})) == 6);
}

TEST_CASE("blur pooling is the binomial filter on the mirrored picture") {
  const Tensor line = Tensor::matrix({{0, 0, 0, 0}, {4, 8, 16, 32}, {0, 0, 0, 0}, {0, 0, 0, 0}});
  // Rows 1 of taps 3: half of the row; columns: (1 2 1) / 4 with 8 4 8 and 8 16 32 under it.
  const Tensor blurred = pooled({.kind = Kind::blur, .stride = {1, 2}, .taps = 3}, line);
  CHECK(blurred.shape() == Shape{1, 1, 4, 2});
  CHECK(blurred.at(0, 0, 1, 0) == 0.5f * (8 + 8 + 8) / 4);
  CHECK(blurred.at(0, 0, 1, 1) == 0.5f * (8 + 32 + 32) / 4);
  CHECK(blurred.at(0, 0, 0, 0) == 0.5f * (8 + 8 + 8) / 4);  // mirrored: row 1 counts twice
  // Two taps reach one cell past the end only.
  CHECK(row_of(pooled({.kind = Kind::blur, .stride = {4, 1}, .taps = 2}, line)) ==
        std::vector<float>{3, 6, 12, 12});
  for (int64_t taps = 2; taps <= 7; ++taps) {
    double sum = 0;
    const Tensor ones({1, 1, 9, 9}, 1);
    for (const double weight : weights({.kind = Kind::blur, .taps = taps}, ones))
      sum += weight;
    CHECK(sum == doctest::Approx(1));
    CHECK(pooled({.kind = Kind::blur, .taps = taps}, ones).same_bits(Tensor({1, 1, 5, 5}, 1)));
  }
}

TEST_CASE("Zhang's line: max pooling changes with a shift, max blur pooling less") {
  // 0 0 1 1 repeated, long enough that the edge does not matter in the middle.
  Tensor line({1, 1, 1, 24}), shifted({1, 1, 1, 24});
  for (int64_t x = 0; x < 24; ++x) {
    line.data()[x] = x % 4 >= 2 ? 1.0f : 0.0f;
    shifted.data()[x] = (x + 1) % 4 >= 2 ? 1.0f : 0.0f;
  }
  const auto middle = [](const Tensor& tensor) {
    return std::vector<float>(tensor.data() + 4, tensor.data() + 8);
  };
  const PoolSpec max{.kind = Kind::max, .window = {1, 2}, .stride = {1, 2}};
  CHECK(middle(pooled(max, line)) == std::vector<float>{0, 1, 0, 1});
  CHECK(middle(pooled(max, shifted)) == std::vector<float>{1, 1, 1, 1});
  // One row cannot be mirrored: three equal ones.
  const auto thick = [](const Tensor& one_row) {
    Tensor tensor({1, 1, 3, 24});
    for (int64_t i = 0; i < tensor.count(); ++i)
      tensor.data()[i] = one_row.data()[i % 24];
    return tensor;
  };
  const PoolSpec blur{.kind = Kind::max_blur, .window = {1, 2}, .stride = {1, 2}, .taps = 3};
  CHECK(middle(pooled(blur, thick(line))) == std::vector<float>{0.5f, 1, 0.5f, 1});
  CHECK(middle(pooled(blur, thick(shifted))) == std::vector<float>{0.75f, 0.75f, 0.75f, 0.75f});
}

TEST_CASE("global pooling is one window over the plane, whatever window was asked for") {
  const Tensor input = Tensor::matrix({{1, 2, 3}, {4, 5, 9}});
  CHECK(row_of(pooled({.kind = Kind::global_max}, input)) == std::vector<float>{9});
  CHECK(row_of(pooled({.kind = Kind::global_average, .window = {7, 7}}, input)) == std::vector<float>{4});
}

TEST_CASE("adaptive bins may overlap and differ in size") {
  const Tensor line = Tensor::matrix({{1, 2, 3, 4, 5}});
  const PoolSpec spec{.kind = Kind::adaptive_average, .output_size = {1, 3}};
  // [0, 2), [1, 4), [3, 5).
  CHECK(row_of(pooled(spec, line)) == std::vector<float>{1.5f, 3, 4.5f});
  const PoolPlan plan = validate(spec, line.shape()).value();
  CHECK(plan.columns.start(1) == 1);
  CHECK(plan.columns.length(1) == 3);
  CHECK(plan.columns.length(2) == 2);
  CHECK(plan.columns.extent() == 3);
  CHECK(steps_reading(plan, 0, 1) == std::vector<int64_t>{0, 1});
  // More outputs than inputs: cells repeat.
  CHECK(row_of(pooled({.kind = Kind::adaptive_max, .output_size = {1, 4}}, Tensor::matrix({{1, 2}}))) ==
        std::vector<float>{1, 1, 2, 2});
}

TEST_CASE("fractional windows cover the input at one of two distances, drawn per plane and seed") {
  const Shape shape{2, 3, 25, 25};
  std::set<std::vector<int64_t>> seen;
  bool planes_differ = false;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const PoolSpec spec{
        .kind = Kind::fractional_max, .window = {2, 2}, .seed = seed, .output_size = {18, 18}};
    const PoolPlan plan = validate(spec, shape).value();
    CHECK(plan.out == Shape{2, 3, 18, 18});
    std::set<std::vector<int64_t>> of_planes;
    for (int64_t plane = 0; plane < 6; ++plane) {
      std::vector<int64_t> starts;
      for (int64_t o = 0; o < 18; ++o)
        starts.push_back(plan.rows.start(o, plane));
      CHECK(starts.front() == 0);
      CHECK(starts.back() == 23);
      for (size_t o = 1; o < starts.size(); ++o) {
        const int64_t distance = starts[o] - starts[o - 1];
        CHECK((distance == 1 || distance == 2));
      }
      seen.insert(starts);
      of_planes.insert(starts);
    }
    planes_differ = planes_differ || of_planes.size() > 1;
  }
  CHECK(seen.size() > 10);
  CHECK(planes_differ);
}

TEST_CASE("adaptive polyphase sampling takes the grid with the largest norm over all channels") {
  Tensor input({1, 2, 4, 4});
  input.at(0, 0, 0, 0) = 3;   // grid (0, 0): 9
  input.at(0, 0, 1, 2) = -2;  // grid (1, 0): 4 + 8 over both channels
  input.at(0, 1, 3, 0) = 2;
  input.at(0, 1, 3, 2) = -2;
  const PoolPlan plan = validate({.kind = Kind::aps}, input.shape()).value();
  const PoolOutput output = forward(plan, input, true);
  CHECK(output.indices == std::vector<int64_t>{4, 6, 12, 14, 4, 6, 12, 14});
  CHECK(row_of(output.values) == std::vector<float>{0, -2, 0, 0, 0, 0, 2, -2});
  CHECK(step_at(plan, input, 0, 0, 1).winner_index == 6);
}

TEST_CASE("parameters that make no sense are refused with their value") {
  const auto refusal = [](const PoolSpec& spec, const Shape& shape = {1, 1, 6, 6}) {
    const Result<PoolPlan> plan = validate(spec, shape);
    if (plan.ok()) return std::string("accepted");
    std::string text = plan.error().key;
    for (const Arg& arg : plan.error().args)
      text += " " + arg.name + "=" + arg.value;
    return text;
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(refusal({.kind = Kind::lp, .norm = 0}) == "error.pool.norm value=0");
  CHECK(refusal({.kind = Kind::lp, .norm = -1}) == "error.pool.norm value=-1");
  CHECK(refusal({.kind = Kind::lp, .norm = nan}) == "error.pool.norm value=NaN");
  CHECK(refusal({.kind = Kind::lp, .norm = kInf}) == "error.pool.norm value=inf");
  CHECK(refusal({.kind = Kind::log_sum_exp, .sharpness = nan}) == "error.pool.sharpness value=NaN");
  CHECK(refusal({.kind = Kind::mixed, .mix = 1.5}) == "error.pool.mix value=1.5");
  CHECK(refusal({.kind = Kind::mixed, .mix = nan}) == "error.pool.mix value=NaN");
  CHECK(refusal({.kind = Kind::blur, .taps = 8}) == "error.pool.taps value=8");
  CHECK(refusal({.kind = Kind::blur, .taps = 1}) == "error.pool.taps value=1");
  CHECK(refusal({.kind = Kind::blur, .taps = 7}, {1, 1, 3, 9}) ==
        "error.pool.blur-reach.rows taps=7 reach=3 cells=3");
  CHECK(refusal({.kind = Kind::blur, .padding = {1, 1}}) ==
        "error.pool.padding-kind kind=kind.blur padding=1");
  CHECK(refusal({.kind = Kind::max_blur, .window = {7, 7}}) ==
        "error.pool.no-output.both window=7 cells=6 padded=6");
  CHECK(refusal({.kind = Kind::adaptive_max, .output_size = {0, 3}}) ==
        "error.pool.output-size.rows value=0 limit=2147483647");
  CHECK(refusal({.kind = Kind::adaptive_max, .output_size = {1 << 20, 1 << 20}}) ==
        "error.pool.output-too-large size=1048576 × 1048576 limit=268 435 456");
  CHECK(refusal({.kind = Kind::fractional_max, .output_size = {6, 5}}) ==
        "error.pool.fractional.rows outputs=6 window=2 cells=6 limit=5");
  CHECK(refusal({.kind = Kind::fractional_max, .window = {9, 9}, .output_size = {1, 1}}) ==
        "error.pool.fractional.both outputs=1 window=9 cells=6 limit=0");
  CHECK(refusal({.kind = Kind::aps, .stride = {2, 4}}) == "error.pool.polyphase.columns cells=6 stride=4");
}
