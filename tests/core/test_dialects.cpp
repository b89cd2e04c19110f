#include <doctest/doctest.h>

#include <cmath>

#include "core/pooling/dialects.h"
#include "core/pooling/pool.h"
#include "core/pooling/trace.h"

/// Where frameworks differ. Numbers: ../shared/reference/pooling.md, sections 3 and 4, from the frameworks'
/// own documents, tests and issues.

using namespace poolscope;

namespace {

Tensor counting(int64_t h, int64_t w) {
  Tensor tensor({1, 1, h, w});
  float value = 1;
  for (float& cell : tensor.values())
    cell = value++;
  return tensor;
}

Tensor pooled(const PoolSpec& spec, const Tensor& input) {
  return forward(validate(spec, input.shape()).value(), input).values;
}

bool close(const Tensor& got, const std::vector<std::vector<float>>& rows) {
  const Tensor expected = Tensor::matrix(rows);
  if (got.shape() != expected.shape()) return false;
  for (int64_t i = 0; i < got.count(); ++i)
    if (std::fabs(got.data()[i] - expected.data()[i]) > 5e-5f) return false;
  return true;
}

/// Outputs along one axis of `length` cells; 0 where refused.
int64_t outputs(PoolSpec spec, int64_t length) {
  spec.window.h = spec.stride.h = spec.dilation.h = 1;
  spec.padding.h = 0;
  const Result<PoolPlan> plan = validate(spec, {1, 1, 1, length});
  return plan.ok() ? plan->out.w : 0;
}

PoolSpec line(int64_t k, int64_t s, int64_t p, int64_t d, Dialect dialect,
              Rounding rounding = Rounding::ceil) {
  return {.window = {1, k},
          .stride = {1, s},
          .padding = {0, p},
          .dilation = {1, d},
          .rounding = rounding,
          .dialect = dialect};
}

std::string refusal(const PoolSpec& spec) {
  const Result<PoolPlan> plan = validate(spec, {1, 1, 6, 6});
  if (plan.ok()) return "accepted";
  std::string text = plan.error().key;
  for (const Arg& arg : plan.error().args)
    text += " " + arg.name + "=" + arg.value;
  return text;
}

const PoolSpec kExample{
    .kind = Kind::average, .window = {3, 3}, .stride = {2, 2}, .padding = {1, 1}, .rounding = Rounding::ceil};

}  // namespace

TEST_CASE("1 to 16, window 3, stride 2, padding 1, rounded up: the averages of five dialects") {
  const Tensor input = counting(4, 4);
  CHECK(close(pooled(in_dialect(kExample, Dialect::pytorch), input),
              {{1.5556f, 3.3333f, 2}, {6.3333f, 11, 6}, {4.5f, 7.5f, 4}}));
  CHECK(close(pooled(in_dialect(kExample, Dialect::onnx), input),
              {{3.5f, 5, 6}, {9.5f, 11, 12}, {13.5f, 15, 16}}));
  PoolSpec onnx = in_dialect(kExample, Dialect::onnx);
  onnx.count_padding = true;
  CHECK(close(pooled(onnx, input), {{1.5556f, 3.3333f, 2}, {6.3333f, 11, 6}, {4.5f, 7.5f, 4}}));
  onnx.opset = 18;
  CHECK(close(pooled(onnx, input), {{1.5556f, 3.3333f, 1.3333f}, {6.3333f, 11, 4}, {3, 5, 1.7778f}}));
  CHECK(close(pooled(in_dialect(kExample, Dialect::caffe), input),
              {{1.5556f, 3.3333f, 2}, {6.3333f, 11, 6}, {4.5f, 7.5f, 4}}));
  // Keras has no padding of its own choice: SAME adds one row below and one column at the right.
  CHECK(close(pooled(in_dialect(kExample, Dialect::keras_same), input), {{6, 7.5f}, {12, 13.5f}}));
  CHECK(close(pooled(in_dialect(kExample, Dialect::keras_valid), input), {{6}}));
}

TEST_CASE("a last window that would start in the padding after the input") {
  // Length, window, stride, padding, dilation; sizes without and with the rule.
  const int64_t rows[][7] = {{9, 4, 4, 2, 1, 4, 3}, {2, 3, 3, 1, 1, 2, 1}, {5, 3, 3, 1, 1, 3, 2}};
  for (const auto& [length, k, s, p, d, naive, clipped] : rows) {
    CHECK(outputs(line(k, s, p, d, Dialect::pytorch), length) == clipped);
    CHECK(outputs(line(k, s, p, d, Dialect::caffe), length) == clipped);
    PoolSpec onnx = line(k, s, p, d, Dialect::onnx);
    CHECK(outputs(onnx, length) == clipped);
    onnx.opset = 21;
    CHECK(outputs(onnx, length) == naive);
    onnx.rounding = Rounding::floor;
    CHECK(outputs(onnx, length) == outputs(line(k, s, p, d, Dialect::pytorch, Rounding::floor), length));
  }
  // Without padding Caffe keeps even a window that lies past the input.
  CHECK(outputs(line(1, 4, 0, 1, Dialect::caffe), 3) == 2);
  CHECK(outputs(line(1, 4, 0, 1, Dialect::pytorch), 3) == 1);
  const PoolSpec late = line(1, 4, 0, 1, Dialect::caffe);
  const Tensor input = Tensor::matrix({{5, 6, 7}});
  const PoolPlan plan = validate(late, input.shape()).value();
  const PoolOutput output = forward(plan, input, true);
  CHECK(output.values.data()[0] == 5);
  CHECK(output.values.data()[1] == -std::numeric_limits<float>::infinity());
  CHECK(output.indices[1] == -1);
  CHECK(step_at(plan, input, 0, 0, 1).valid == 0);
  PoolSpec average = late;
  average.kind = Kind::average;
  CHECK(pooled(average, input).data()[1] == 0);
}

TEST_CASE("Caffe always rounds up") {
  CHECK(outputs(line(3, 2, 0, 1, Dialect::caffe, Rounding::floor), 4) == 2);
  CHECK(outputs(line(2, 5, 0, 1, Dialect::caffe, Rounding::floor), 6) == 2);
  CHECK(outputs(line(2, 2, 0, 1, Dialect::caffe, Rounding::floor), 4) == 2);
}

TEST_CASE("Keras output sizes: valid ceil((L - k + 1) / s), same ceil(L / s)") {
  for (int64_t length = 1; length <= 14; ++length)
    for (int64_t k = 1; k <= 6; ++k)
      for (int64_t s = 1; s <= 5; ++s) {
        CHECK(outputs(line(k, s, 0, 1, Dialect::keras_valid), length) ==
              (length < k ? 0 : (length - k + 1 + s - 1) / s));
        CHECK(outputs(line(k, s, 0, 1, Dialect::keras_same), length) == (length + s - 1) / s);
      }
}

TEST_CASE("SAME puts the odd cell after, ONNX's same-lower before") {
  // 5 cells, window 4, stride 2: 3 outputs need 2 * 2 + 4 = 8 cells, 3 more than there are.
  const Tensor input = Tensor::matrix({{1, 2, 3, 4, 5}});
  const PoolSpec same = line(4, 2, 0, 1, Dialect::keras_same);
  const PoolPlan plan = validate(same, input.shape()).value();
  CHECK(plan.columns.pad_before == 1);
  CHECK(plan.columns.pad_after == 2);
  CHECK(pooled(same, input).same_bits(Tensor::matrix({{3, 5, 5}})));
  PoolSpec onnx = line(4, 2, 0, 1, Dialect::onnx);
  onnx.auto_pad = AutoPad::same_upper;
  CHECK(pooled(onnx, input).same_bits(Tensor::matrix({{3, 5, 5}})));
  onnx.auto_pad = AutoPad::same_lower;
  CHECK(validate(onnx, input.shape())->columns.pad_before == 2);
  CHECK(pooled(onnx, input).same_bits(Tensor::matrix({{2, 4, 5}})));
  onnx.auto_pad = AutoPad::valid;
  CHECK(pooled(onnx, input).same_bits(Tensor::matrix({{4}})));
}

TEST_CASE("ONNX pads may differ from side to side") {
  PoolSpec spec{.kind = Kind::average, .window = {2, 2}, .stride = {2, 2}, .dialect = Dialect::onnx};
  spec.pads = Pads{1, 0, 0, 1};
  const Tensor input = counting(3, 3);
  const PoolPlan plan = validate(spec, input.shape()).value();
  CHECK(plan.rows.pad_before == 1);
  CHECK(plan.rows.pad_after == 0);
  CHECK(plan.columns.pad_before == 0);
  CHECK(plan.columns.pad_after == 1);
  CHECK(close(pooled(spec, input), {{0.75f, 0.75f}, {6, 3.75f}}));
}

TEST_CASE("what a dialect does not have is refused by name") {
  CHECK(refusal({.pads = Pads{1, 1, 1, 1}}) == "error.pool.dialect-pads dialect=dialect.pytorch");
  CHECK(refusal({.dialect = Dialect::caffe, .auto_pad = AutoPad::valid}) ==
        "error.pool.dialect-pads dialect=dialect.caffe");
  CHECK(refusal({.padding = {1, 1}, .dialect = Dialect::keras_same}) ==
        "error.pool.dialect-padding dialect=dialect.keras-same");
  CHECK(refusal({.padding = {0, 1}, .dialect = Dialect::keras_valid}) ==
        "error.pool.dialect-padding dialect=dialect.keras-valid");
  CHECK(refusal({.padding = {1, 1}, .dialect = Dialect::onnx, .auto_pad = AutoPad::same_upper}) ==
        "error.pool.auto-pad");
  CHECK(refusal({.kind = Kind::average, .divisor = 3, .dialect = Dialect::onnx}) ==
        "error.pool.dialect-divisor dialect=dialect.onnx");
  CHECK(refusal({.dilation = {2, 2}, .dialect = Dialect::caffe}) ==
        "error.pool.dialect-dilation dialect=dialect.caffe");
  CHECK(refusal({.dialect = Dialect::onnx, .opset = 10}) == "error.pool.opset value=10");
  CHECK(refusal({.window = {3, 3}, .padding = {2, 2}, .dialect = Dialect::onnx}) == "accepted");
  CHECK(refusal({.window = {3, 3}, .padding = {3, 3}, .dialect = Dialect::onnx}) ==
        "error.pool.padding-window.both padding=3 window=3 limit=2");
  CHECK(refusal({.window = {3, 3}, .dialect = Dialect::onnx, .pads = Pads{0, 0, 5, 0}}) ==
        "error.pool.padding-window.rows padding=5 window=3 limit=2");
  CHECK(refusal({.dialect = Dialect::onnx, .pads = Pads{0, 0, 0, -1}}) ==
        "error.pool.padding.columns value=-1 limit=2147483647");
}

TEST_CASE("translated into another dialect, a pooling is legal there") {
  PoolSpec rich = kExample;
  rich.dilation = {2, 2};
  rich.divisor = 4;
  for (const DialectInfo& info : all_dialects()) {
    CAPTURE(info.name);
    CHECK(find_dialect(info.name) == &dialect_info(info.dialect));
    CHECK(validate(in_dialect(rich, info.dialect), {1, 1, 8, 8}).ok());
    CHECK(in_dialect(in_dialect(rich, info.dialect), info.dialect) == in_dialect(rich, info.dialect));
  }
  CHECK(find_dialect("theano") == nullptr);
}

TEST_CASE("powers in the dialects") {
  const Tensor input = Tensor::matrix({{-3, 4}});
  PoolSpec spec{.kind = Kind::lp, .window = {1, 2}, .stride = {1, 2}, .norm = 1};
  CHECK(pooled(spec, input).data()[0] == 1);
  CHECK(pooled(in_dialect(spec, Dialect::onnx), input).data()[0] == 7);
}
