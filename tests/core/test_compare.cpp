#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "core/base/random.h"
#include "core/pooling/kinds.h"
#include "core/pooling/pool.h"
#include "core/study/compare.h"

/// The measures of the Compare lab against plain loops over a picture that really was stretched, and what
/// they say about thin strokes and stripes.

using namespace poolscope;

namespace {

Tensor random_picture(Shape shape, uint64_t seed) {
  Tensor picture(shape);
  Random random(seed);
  for (float& value : picture.values())
    value = static_cast<float>(random.below(256));
  return picture;
}

Tensor pooled(const PoolSpec& spec, const Tensor& input) {
  const Result<PoolPlan> plan = validate(spec, input.shape());
  REQUIRE(plan.ok());
  return forward(*plan, input).values;
}

PoolSpec spec_of(Kind kind, int64_t window, int64_t stride) {
  PoolSpec spec;
  spec.kind = kind;
  spec.window = {window, window};
  spec.stride = {stride, stride};
  return spec;
}

Tensor stretched(const Tensor& output, int64_t h, int64_t w) {
  const Shape& out = output.shape();
  Tensor large(Shape{1, out.c, h, w});
  for (int64_t c = 0; c < out.c; ++c)
    for (int64_t y = 0; y < h; ++y)
      for (int64_t x = 0; x < w; ++x)
        large.at(0, c, y, x) = output.at(0, c, y * out.h / h, x * out.w / w);
  return large;
}

double plain_mean(const Tensor& t) {
  double sum = 0;
  for (const float value : t.values())
    sum += value;
  return sum / static_cast<double>(t.count());
}

double plain_spread(const Tensor& t) {
  const double mean = plain_mean(t);
  double sum = 0;
  for (const float value : t.values())
    sum += (value - mean) * (value - mean);
  return std::sqrt(sum / static_cast<double>(t.count()));
}

double plain_edges(const Tensor& t) {
  const Shape& s = t.shape();
  double sum = 0;
  for (int64_t c = 0; c < s.c; ++c)
    for (int64_t y = 0; y < s.h; ++y)
      for (int64_t x = 0; x < s.w; ++x) {
        if (x + 1 < s.w) sum += std::fabs(double{t.at(0, c, y, x + 1)} - t.at(0, c, y, x));
        if (y + 1 < s.h) sum += std::fabs(double{t.at(0, c, y + 1, x)} - t.at(0, c, y, x));
      }
  return sum;
}

double grey_at(const Tensor& t, int64_t y, int64_t x) {
  double sum = 0;
  for (int64_t c = 0; c < t.shape().c; ++c)
    sum += t.at(0, c, y, x);
  return static_cast<float>(sum / static_cast<double>(t.shape().c));
}

/// Smallest or largest of the 3 x 3 neighbours that exist.
std::vector<double> plain_neighbours(const std::vector<double>& plane, int64_t h, int64_t w, bool largest) {
  std::vector<double> result;
  for (int64_t y = 0; y < h; ++y)
    for (int64_t x = 0; x < w; ++x) {
      double best = plane[static_cast<size_t>(y * w + x)];
      for (int64_t b = std::max<int64_t>(0, y - 1); b <= std::min(h - 1, y + 1); ++b)
        for (int64_t a = std::max<int64_t>(0, x - 1); a <= std::min(w - 1, x + 1); ++a) {
          const double value = plane[static_cast<size_t>(b * w + a)];
          best = largest ? std::max(best, value) : std::min(best, value);
        }
      result.push_back(best);
    }
  return result;
}

double plain_strokes(const Tensor& input, const Tensor& large, bool bright) {
  const int64_t h = input.shape().h, w = input.shape().w;
  std::vector<double> grey;
  for (int64_t y = 0; y < h; ++y)
    for (int64_t x = 0; x < w; ++x)
      grey.push_back(grey_at(input, y, x));
  const std::vector<double> ground = plain_neighbours(plain_neighbours(grey, h, w, !bright), h, w, bright);
  double kept = 0, all = 0;
  for (int64_t y = 0; y < h; ++y)
    for (int64_t x = 0; x < w; ++x) {
      const auto i = static_cast<size_t>(y * w + x);
      const double sign = bright ? 1 : -1, stroke = sign * (grey[i] - ground[i]);
      kept += stroke * sign * (grey_at(large, y, x) - ground[i]);
      all += stroke * stroke;
    }
  return kept / all;
}

/// A field of 1 with a line of 0 (or the reverse), one cell wide, in column `at`.
Tensor stroke(bool bright, int64_t at) {
  Tensor field(Shape{1, 1, 24, 24}, bright ? 0.0f : 1.0f);
  for (int64_t y = 0; y < 24; ++y)
    field.at(0, 0, y, at) = bright ? 1.0f : 0.0f;
  return field;
}

}  // namespace

TEST_CASE("every measure is what a plain loop finds") {
  struct Case {
    Shape shape;
    PoolSpec spec;
  };
  PoolSpec padded = spec_of(Kind::average, 3, 1);
  padded.padding = {1, 1};
  PoolSpec larger = spec_of(Kind::max, 2, 1);
  larger.padding = {1, 1};  // the output is larger than the input
  PoolSpec bins = spec_of(Kind::adaptive_average, 2, 2);
  bins.output_size = {5, 4};
  const std::vector<Case> cases = {{{1, 1, 12, 16}, spec_of(Kind::max, 2, 2)},
                                   {{1, 3, 13, 17}, spec_of(Kind::average, 3, 2)},
                                   {{1, 3, 20, 11}, spec_of(Kind::stochastic, 4, 3)},
                                   {{1, 2, 9, 9}, spec_of(Kind::none, 1, 2)},
                                   {{1, 1, 8, 30}, padded},
                                   {{1, 1, 7, 9}, larger},
                                   {{1, 3, 14, 15}, bins}};
  for (size_t i = 0; i < cases.size(); ++i) {
    CAPTURE(i);
    const Tensor input = random_picture(cases[i].shape, 40 + i);
    const Tensor output = pooled(cases[i].spec, input);
    const Tensor large = stretched(output, input.shape().h, input.shape().w);
    const CompareMetrics found = measure(make_yardstick(input, 255), input, output);
    CHECK(found.mean == doctest::Approx(plain_mean(output)));
    CHECK(found.mean_kept == doctest::Approx(plain_mean(output) / plain_mean(input)));
    CHECK(found.spread_kept == doctest::Approx(plain_spread(output) / plain_spread(input)));
    CHECK(found.edges_kept == doctest::Approx(plain_edges(large) / plain_edges(input)));
    CHECK(found.bright_kept == doctest::Approx(plain_strokes(input, large, true)));
    CHECK(found.dark_kept == doctest::Approx(plain_strokes(input, large, false)));
    double error = 0;
    for (int64_t k = 0; k < input.count(); ++k)
      error += std::pow(double{input.data()[k]} - large.data()[k], 2);
    CHECK(found.psnr ==
          doctest::Approx(10 * std::log10(255.0 * 255 * static_cast<double>(input.count()) / error)));
    CHECK(found.bytes == 4 * output.count());
    const Tensor map = difference_map(input, output, input.shape(), -1, 100);
    for (int64_t y = 0; y < input.shape().h; ++y)
      for (int64_t x = 0; x < input.shape().w; ++x)
        CHECK(map.at(0, 0, y, x) == doctest::Approx(grey_at(input, y, x) - grey_at(large, y, x)));
  }
}

TEST_CASE("a picture that is compared with itself has lost nothing, a flat one has nothing to keep") {
  const Tensor input = random_picture({1, 3, 9, 10}, 3);
  const CompareMetrics same = measure(make_yardstick(input, 255), input, input);
  CHECK(same.mean_kept == 1);
  CHECK(same.spread_kept == 1);
  CHECK(same.edges_kept == 1);
  CHECK(same.bright_kept == doctest::Approx(1));
  CHECK(same.dark_kept == doctest::Approx(1));
  CHECK(std::isinf(same.psnr));
  const Tensor flat(Shape{1, 1, 6, 6}, 0.0f);
  const CompareMetrics none = measure(make_yardstick(flat, 255), flat, flat);
  CHECK(std::isnan(none.mean_kept));
  CHECK(std::isnan(none.spread_kept));
  CHECK(std::isnan(none.edges_kept));
  CHECK(std::isnan(none.bright_kept));
  CHECK(std::isnan(none.dark_kept));
}

TEST_CASE("a difference map of a large grid keeps the largest difference of each block") {
  Tensor a(Shape{1, 1, 6, 6}), b(Shape{1, 1, 6, 6});
  a.at(0, 0, 1, 1) = -9;
  a.at(0, 0, 0, 0) = 4;
  a.at(0, 0, 5, 5) = 2;
  const Tensor map = difference_map(a, b, a.shape(), 0, 2);
  REQUIRE(map.shape() == Shape{1, 1, 2, 2});
  CHECK(map.at(0, 0, 0, 0) == -9);
  CHECK(map.at(0, 0, 0, 1) == 0);
  CHECK(map.at(0, 0, 1, 1) == 2);
}

TEST_CASE("a thin bright stroke survives max pooling, a dark one is destroyed; average pooling halves both") {
  for (int64_t at = 4; at < 20; ++at) {
    CAPTURE(at);
    for (const bool bright : {true, false}) {
      const Tensor field = stroke(bright, at);
      const Yardstick yardstick = make_yardstick(field, 1);
      const auto kept = [&](Kind kind) {
        const CompareMetrics metrics = measure(yardstick, field, pooled(spec_of(kind, 2, 2), field));
        return bright ? metrics.bright_kept : metrics.dark_kept;
      };
      CHECK(kept(Kind::max) == doctest::Approx(bright ? 1 : 0));
      CHECK(kept(Kind::min) == doctest::Approx(bright ? 0 : 1));
      CHECK(kept(Kind::average) == doctest::Approx(0.5));
    }
  }
}

TEST_CASE("inverting a picture swaps what max and min pooling keep") {
  const Tensor picture = random_picture({1, 3, 16, 16}, 8), turned = inverted(picture, true);
  CHECK(turned.at(0, 1, 2, 3) == 255 - picture.at(0, 1, 2, 3));
  CHECK(inverted(turned, true).same_bits(picture));
  const Tensor largest = pooled(spec_of(Kind::max, 2, 2), turned);
  CHECK(inverted(pooled(spec_of(Kind::min, 2, 2), picture), true).same_bits(largest));
  const Tensor matrix = Tensor::matrix({{1, 5}, {2, 3}});
  CHECK(inverted(matrix, false).same_bits(Tensor::matrix({{5, 1}, {4, 3}})));
  CHECK(value_range(matrix) == 4);
}

TEST_CASE("pooling again is pooling the output, until nothing is left to pool") {
  const Tensor input = random_picture({1, 1, 20, 20}, 5);
  const Yardstick yardstick = make_yardstick(input, 255);
  for (const Kind kind : {Kind::max, Kind::average, Kind::stochastic}) {
    PoolSpec spec = spec_of(kind, 2, 2);
    const RepeatedPooling again = pool_again(yardstick, input, spec, 5, 3);
    CHECK(again.metrics.size() == 5);  // 20, 10, 5, 2, 1, and then the window no longer fits
    CHECK(again.reached == 3);
    Tensor plain = input;
    for (int depth = 1; depth <= 4; ++depth) {
      plain = pooled(spec, plain);
      ++spec.seed;
      CHECK(again.metrics[static_cast<size_t>(depth)] == measure(yardstick, input, plain));
      if (depth == 3) CHECK(again.output.same_bits(plain));
    }
  }
}

TEST_CASE("every pooling with windows a stride apart is a dense reduction, then subsampling") {
  const Tensor input = random_picture({1, 2, 18, 20}, 6);
  int compared = 0;
  for (const KindInfo& info : all_kinds()) {
    CAPTURE(std::string(info.name));
    PoolSpec spec = spec_of(info.kind, 3, 2);
    spec.output_size = {4, 4};
    const Result<PoolPlan> plan = validate(spec, input.shape());
    REQUIRE(plan.ok());
    const std::optional<PoolPlan> dense = dense_plan(*plan);
    const bool strided = info.geometry == Geometry::sliding || info.geometry == Geometry::sampling ||
                         info.geometry == Geometry::blurred;
    CHECK(dense.has_value() == strided);
    if (!dense || info.random) continue;  // a draw depends on the cell that it is for
    ++compared;
    const Tensor kept = subsample(forward(*dense, input).values, spec.stride, plan->out);
    const Tensor direct = forward(*plan, input).values;
    REQUIRE(kept.shape() == direct.shape());
    for (int64_t i = 0; i < kept.count(); ++i)
      CHECK(kept.data()[i] == doctest::Approx(direct.data()[i]).epsilon(1e-5));
  }
  CHECK(compared >= 10);
  PoolSpec ceil = spec_of(Kind::max, 2, 2);
  ceil.rounding = Rounding::ceil;
  const Result<PoolPlan> plan = validate(ceil, {1, 1, 5, 5});
  REQUIRE(plan.ok());
  CHECK(plan->out.h == 3);
  CHECK_FALSE(dense_plan(*plan).has_value());
}

TEST_CASE("draws of a window come as often as their chance says, around the expectation") {
  const Tensor input = Tensor::matrix({{1, 2}, {2, -3}});
  const Result<PoolPlan> plan = validate(spec_of(Kind::stochastic, 2, 2), input.shape());
  REQUIRE(plan.ok());
  Progress cancelled;
  cancelled.cancelled = true;
  CHECK(count_draws(*plan, input, 0, 0, 4000, &cancelled).draws == 0);
  const DrawCounts counts = count_draws(*plan, input, 0, 0, 4000);
  REQUIRE(counts.outcomes.size() == 2);
  CHECK(counts.outcomes[0].value == 1);
  CHECK(counts.outcomes[0].chance == doctest::Approx(0.2));
  CHECK(counts.outcomes[1].value == 2);
  CHECK(counts.outcomes[1].chance == doctest::Approx(0.8));
  CHECK(counts.expectation == doctest::Approx(0.2 * 1 + 0.8 * 2));
  CHECK(counts.outcomes[0].count + counts.outcomes[1].count == 4000);
  // Five standard deviations of the share, sqrt(0.2 * 0.8 / 4000).
  CHECK(std::fabs(static_cast<double>(counts.outcomes[0].count) / 4000 - 0.2) < 5 * 0.00633);
  double plain = 0;
  for (uint64_t i = 0; i < 4000; ++i) {
    PoolSpec spec = plan->spec;
    spec.seed += i;
    plain += pooled(spec, input).at(0, 0, 0, 0);
  }
  CHECK(counts.mean == doctest::Approx(plain / 4000));
}

TEST_CASE("the spectrum finds the waves that were put in") {
  constexpr int64_t kWidth = 60;
  Tensor waves(Shape{1, 1, 3, kWidth});
  for (int64_t y = 0; y < 3; ++y)
    for (int64_t x = 0; x < kWidth; ++x)
      waves.at(0, 0, y, x) = static_cast<float>(
          7 + 5 * std::sin(2 * std::numbers::pi * 4 * static_cast<double>(x) / kWidth + 0.3));
  const std::vector<double> found = row_spectrum(waves);
  REQUIRE(found.size() == kWidth / 2 + 1);
  for (size_t j = 0; j < found.size(); ++j)
    CHECK(found[j] == doctest::Approx(j == 0 ? 7 : j == 4 ? 5 : 0).epsilon(1e-4));
  // A plain transform of a picture with odd width whose rows differ.
  const Tensor noise = random_picture({1, 1, 4, 15}, 9);
  const std::vector<double> amplitudes = row_spectrum(noise);
  REQUIRE(amplitudes.size() == 8);
  for (size_t j = 0; j < amplitudes.size(); ++j) {
    double power = 0;
    for (int64_t y = 0; y < 4; ++y) {
      std::complex<double> sum = 0;
      for (int64_t x = 0; x < 15; ++x)
        sum += double{noise.at(0, 0, y, x)} *
               std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(j) * static_cast<double>(x) / 15);
      power += std::norm(sum * (j == 0 ? 1.0 : 2.0) / 15.0) / 4;
    }
    CHECK(amplitudes[j] == doctest::Approx(std::sqrt(power)));
  }
}

TEST_CASE(
    "stripes of two cells vanish under max and average pooling; of three they come out at another pitch") {
  const Tensor finest = stripe_pattern(12, 96, 2);
  CHECK(finest.at(0, 0, 0, 0) == 255);
  CHECK(finest.at(0, 0, 5, 1) == 0);
  const Tensor largest = pooled(spec_of(Kind::max, 2, 2), finest);
  CHECK(largest.same_bits(Tensor(largest.shape(), 255)));
  const Tensor means = pooled(spec_of(Kind::average, 2, 2), finest);
  CHECK(means.same_bits(Tensor(means.shape(), 127.5f)));
  const Tensor three = stripe_pattern(12, 96, 3);
  const std::vector<double> before = row_spectrum(three);
  const std::vector<double> after = row_spectrum(pooled(spec_of(Kind::average, 2, 2), three));
  // 32 waves across the width do not fit on 48 cells (at most 24): they come back as 48 - 32 = 16 waves.
  CHECK(before[32] > 50);
  CHECK(after[16] == doctest::Approx(before[32] * std::fabs(std::cos(std::numbers::pi / 3))));
}
