#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "core/pooling/pool.h"
#include "core/pooling/trace.h"

using namespace poolscope;

namespace {

const float kNan = std::numeric_limits<float>::quiet_NaN();
const float kInf = std::numeric_limits<float>::infinity();

Tensor textbook() {
  return Tensor::matrix({{1, 2, 1, 0}, {0, 1, 2, 3}, {3, 0, 1, 2}, {2, 4, 0, 1}});
}

/// first, first + 1, ... in rows.
Tensor counting(int64_t h, int64_t w, float first) {
  Tensor tensor({1, 1, h, w});
  for (float& value : tensor.values())
    value = first++;
  return tensor;
}

PoolPlan plan_of(const PoolSpec& spec, const Tensor& input) {
  return validate(spec, input.shape()).value();
}

Tensor pooled(const PoolSpec& spec, const Tensor& input) {
  return forward(plan_of(spec, input), input).values;
}

std::vector<int64_t> indices(const PoolSpec& spec, const Tensor& input) {
  return forward(plan_of(spec, input), input, true).indices;
}

Tensor gradient(const PoolSpec& spec, const Tensor& input, float output_gradient = 1) {
  const PoolPlan plan = plan_of(spec, input);
  return backward(plan, input, Tensor(plan.out, output_gradient)).value();
}

bool close(const Tensor& got, const std::vector<std::vector<float>>& rows, double tolerance = 5e-5) {
  const Tensor expected = Tensor::matrix(rows);
  if (got.shape() != expected.shape()) return false;
  for (int64_t i = 0; i < got.count(); ++i)
    if (!(std::fabs(got.data()[i] - expected.data()[i]) <= tolerance)) return false;
  return true;
}

PoolSpec of(Kind kind, int64_t k, int64_t s, int64_t p = 0, Rounding rounding = Rounding::floor) {
  return {.kind = kind, .window = {k, k}, .stride = {s, s}, .padding = {p, p}, .rounding = rounding};
}

}  // namespace

TEST_CASE("the textbook example") {
  const Tensor input = textbook();
  CHECK(pooled({}, input).same_bits(Tensor::matrix({{2, 3}, {4, 2}})));
  CHECK(indices({}, input) == std::vector<int64_t>{1, 7, 13, 11});
  CHECK(gradient({}, input).same_bits(
      Tensor::matrix({{0, 1, 0, 0}, {0, 0, 0, 1}, {0, 0, 0, 1}, {0, 1, 0, 0}})));
  CHECK(pooled({.kind = Kind::average}, input).same_bits(Tensor::matrix({{1, 1.5}, {2.25, 1}})));
  CHECK(pooled({.kind = Kind::min}, input).same_bits(Tensor::matrix({{0, 0}, {0, 0}})));
  CHECK(pooled({.kind = Kind::none}, input).same_bits(Tensor::matrix({{1, 1}, {3, 1}})));
  CHECK(indices({.kind = Kind::none}, input) == std::vector<int64_t>{0, 2, 8, 10});
  CHECK(close(pooled({.kind = Kind::stochastic_expectation}, input), {{1.5f, 14.0f / 6}, {29.0f / 9, 1.5f}}));
  CHECK(close(pooled({.kind = Kind::l2}, input),
              {{std::sqrt(6.0f), std::sqrt(14.0f)}, {std::sqrt(29.0f), std::sqrt(6.0f)}}));
}

TEST_CASE("overlapping windows add their gradients") {
  Tensor peak({1, 1, 3, 3});
  peak.at(0, 0, 1, 1) = 9;
  CHECK(gradient(of(Kind::max, 2, 1), peak).same_bits(Tensor::matrix({{0, 0, 0}, {0, 4, 0}, {0, 0, 0}})));
  CHECK(gradient(of(Kind::average, 2, 1), peak)
            .same_bits(Tensor::matrix({{0.25, 0.5, 0.25}, {0.5, 1, 0.5}, {0.25, 0.5, 0.25}})));
}

TEST_CASE("an average's divisor: three rules on 1 to 16, window 3, stride 2, padding 1, rounded up") {
  const Tensor input = counting(4, 4, 1);
  PoolSpec spec = of(Kind::average, 3, 2, 1, Rounding::ceil);
  CHECK(close(pooled(spec, input), {{1.5556f, 3.3333f, 2}, {6.3333f, 11, 6}, {4.5f, 7.5f, 4}}));
  spec.count_padding = false;
  CHECK(close(pooled(spec, input), {{3.5f, 5, 6}, {9.5f, 11, 12}, {13.5f, 15, 16}}));
  spec.divisor = 9;
  CHECK(close(pooled(spec, input), {{1.5556f, 3.3333f, 1.3333f}, {6.3333f, 11, 4}, {3, 5, 1.7778f}}));
}

TEST_CASE("published averages with rounding up") {
  CHECK(close(pooled(of(Kind::average, 2, 3, 0, Rounding::ceil), counting(7, 7, 0)),
              {{4, 7, 9.5f}, {25, 28, 30.5f}, {42.5f, 45.5f, 48}}));
  const PoolSpec line{.kind = Kind::average, .window = {1, 2}, .stride = {1, 2}, .rounding = Rounding::ceil};
  CHECK(close(pooled(line, counting(1, 5, 1)), {{1.5f, 3.5f, 5}}));
  CHECK(
      close(pooled(of(Kind::average, 3, 2, 0, Rounding::ceil), counting(4, 4, 1)), {{6, 7.5f}, {12, 13.5f}}));
}

TEST_CASE("published maxima with rounding up") {
  CHECK(close(pooled(of(Kind::max, 3, 2, 0, Rounding::ceil), counting(4, 4, 1)), {{11, 12}, {15, 16}}));
  const PoolSpec padded = of(Kind::max, 3, 2, 1, Rounding::ceil);
  CHECK(close(pooled(padded, counting(4, 4, 1)), {{6, 8, 8}, {14, 16, 16}, {14, 16, 16}}));
  CHECK(indices(padded, counting(4, 4, 1)) == std::vector<int64_t>{5, 7, 7, 13, 15, 15, 13, 15, 15});
  CHECK(close(pooled(of(Kind::max, 4, 4, 0, Rounding::ceil), counting(6, 6, 1)), {{22, 24}, {34, 36}}));
}

TEST_CASE("ties, NaN and infinities follow PyTorch") {
  const PoolSpec whole = of(Kind::max, 3, 3);
  CHECK(indices(whole, Tensor({1, 1, 3, 3}, 5)) == std::vector<int64_t>{0});
  CHECK(indices(whole, Tensor({1, 1, 3, 3}, -kInf)) == std::vector<int64_t>{0});
  CHECK(pooled(whole, Tensor({1, 1, 3, 3}, -kInf)).data()[0] == -kInf);
  // The last NaN wins over everything.
  const Tensor nans = Tensor::matrix({{1, kNan, 9}, {kInf, kNan, 2}, {3, 4, 5}});
  CHECK(indices(whole, nans) == std::vector<int64_t>{4});
  CHECK(std::isnan(pooled(whole, nans).data()[0]));
  CHECK(indices(of(Kind::min, 3, 3), nans) == std::vector<int64_t>{4});
  CHECK(std::isnan(pooled(of(Kind::average, 3, 3), nans).data()[0]));
  CHECK(std::isnan(pooled(of(Kind::l2, 3, 3), nans).data()[0]));
  CHECK(std::isnan(pooled(of(Kind::stochastic, 3, 3), nans).data()[0]));
  CHECK(std::isnan(pooled(of(Kind::stochastic_expectation, 3, 3), nans).data()[0]));
  CHECK(pooled(of(Kind::min, 3, 3), Tensor({1, 1, 3, 3}, kInf)).data()[0] == kInf);
  const Tensor endless = Tensor::matrix({{1, kInf, 2}, {0, 5, kInf}, {-kInf, 0, 0}});
  CHECK(pooled(of(Kind::stochastic, 3, 3), endless).data()[0] == kInf);
  CHECK(pooled(of(Kind::stochastic_expectation, 3, 3), endless).data()[0] == kInf);
}

TEST_CASE("padding never wins a maximum, and a window of padding only is empty") {
  CHECK(pooled(of(Kind::max, 3, 2, 1), Tensor({1, 1, 4, 4}, -7)).same_bits(Tensor({1, 1, 2, 2}, -7)));
  const PoolSpec empty{.window = {2, 2}, .stride = {1, 1}, .padding = {1, 1}, .dilation = {2, 2}};
  const Tensor one = Tensor::matrix({{7}});
  CHECK(pooled(empty, one).data()[0] == -kInf);
  CHECK(indices(empty, one) == std::vector<int64_t>{-1});
  CHECK(gradient(empty, one).data()[0] == 0);
  PoolSpec other = empty;
  other.kind = Kind::min;
  CHECK(pooled(other, one).data()[0] == kInf);
  other.kind = Kind::average;
  CHECK(pooled(other, one).data()[0] == 0);
  other.count_padding = false;
  CHECK(pooled(other, one).data()[0] == 0);
  other.kind = Kind::l2;
  CHECK(pooled(other, one).data()[0] == 0);
}

TEST_CASE("an L2 window that sticks out is scaled as PyTorch's LPPool scales it") {
  // Window 3 on 4 cells, stride 2, rounded up: the second window holds 2 of its 3 cells.
  const PoolSpec spec{.kind = Kind::l2, .window = {1, 3}, .stride = {1, 2}, .rounding = Rounding::ceil};
  CHECK(close(pooled(spec, Tensor::matrix({{1, 2, 3, 4}})), {{std::sqrt(14.0f), std::sqrt(25.0f * 3 / 2)}}));
}

TEST_CASE("a long pooling tells how far it is and can be stopped") {
  const Tensor input({2, 3, 8, 8}, 1);
  const PoolPlan plan = plan_of({}, input);
  Progress progress;
  (void)forward(plan, input, false, &progress);
  CHECK(progress.done == 24);
  CHECK(progress.total == 24);
  progress.cancelled = true;
  (void)forward(plan, input, false, &progress);
  CHECK(progress.done < 24);
  (void)reference_forward(plan, input, false, &progress);
  CHECK(progress.done < 24);
  (void)backward(plan, input, Tensor(plan.out), &progress);
  CHECK(progress.done < 24);
  (void)reference_backward(plan, input, Tensor(plan.out), &progress);
  CHECK(progress.done < 24);
}
