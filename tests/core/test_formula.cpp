#include <doctest/doctest.h>

#include <limits>

#include "core/pooling/formula.h"

using namespace poolscope;

namespace {

const float kNan = std::numeric_limits<float>::quiet_NaN();

Tensor textbook() {
  return Tensor::matrix({{1, 2, 1, 0}, {0, 1, 2, 3}, {3, 0, 1, 2}, {2, 4, 0, 1}});
}

std::string text_of(PoolSpec spec, const Tensor& input, int64_t step) {
  const PoolPlan plan = validate(spec, input.shape()).value();
  return formula_text(plan, step_at(plan, input, 0, 0, step));
}

Message said_of(PoolSpec spec, const Tensor& input, int64_t step) {
  const PoolPlan plan = validate(spec, input.shape()).value();
  return narrate(plan, step_at(plan, input, 0, 0, step));
}

std::string arg(const Message& message, std::string_view name) {
  for (const Arg& a : message.args)
    if (a.name == name) return a.value;
  return "(none)";
}

}  // namespace

TEST_CASE("formulas show the numbers of the step") {
  CHECK(text_of({.kind = Kind::max}, textbook(), 1) == "max( 1, 0, 2, 3 ) = 3");
  CHECK(text_of({.kind = Kind::min}, textbook(), 1) == "min( 1, 0, 2, 3 ) = 0");
  CHECK(text_of({.kind = Kind::average}, textbook(), 1) == "(1 + 0 + 2 + 3) / 4 = 1.5");
  CHECK(text_of({.kind = Kind::l2}, textbook(), 1) == "√(1² + 0² + 2² + 3²) = 3.742");
  CHECK(text_of({.kind = Kind::stochastic_expectation}, textbook(), 1) ==
        "(1² + 0² + 2² + 3²) / (1 + 0 + 2 + 3) = 2.333");
  CHECK(text_of({.kind = Kind::none}, textbook(), 3) == "x[2, 2] = 1");
  CHECK(text_of({.kind = Kind::average}, Tensor::matrix({{-1, -2}, {0.5f, 12345.678f}}), 0) ==
        "(-1 + (-2) + 0.5 + 12346) / 4 = 3086");
}

TEST_CASE("a drawn value comes with its chance") {
  const PoolPlan plan = validate({.kind = Kind::stochastic}, textbook().shape()).value();
  const StepRecord step = step_at(plan, textbook(), 0, 0, 1);
  const std::string value = format_value(step.result);
  CHECK(formula_text(plan, step) ==
        "u = " + format_short(step.draw, 3) + " → " + value + " (p = " + value + "/6)");
}

TEST_CASE("the winner of a formula is the winner of the step, also in a long window") {
  Tensor input({1, 1, 6, 6});
  for (int i = 0; i < 36; ++i)
    input.values()[static_cast<size_t>(i)] = static_cast<float>(i % 20);
  const PoolSpec spec{.kind = Kind::max, .window = {6, 6}, .stride = {6, 6}};
  const PoolPlan plan = validate(spec, input.shape()).value();
  const StepRecord step = step_at(plan, input, 0, 0, 0);
  CHECK(formula_text(plan, step) == "max( 0, 1, 2, 3, 4, …, 19, …, 14, 15 ) = 19");
  int winners = 0;
  for (const FormulaSpan& span : formula(plan, step)) {
    if (span.role != FormulaRole::winner) continue;
    ++winners;
    CHECK(span.tap == step.winner);
  }
  CHECK(winners == 1);
}

TEST_CASE("narration names the window in the picture's own rows and columns") {
  const Message said = said_of({.kind = Kind::max}, textbook(), 1);
  CHECK(said.key == "step.max.one");
  CHECK(arg(said, "step") == "2");
  CHECK(arg(said, "count") == "4");
  CHECK(arg(said, "rows") == "0–1");
  CHECK(arg(said, "columns") == "2–3");
  CHECK(arg(said, "values") == "1, 0, 2, 3");
  CHECK(arg(said, "result") == "3");
  const PoolSpec dilated{.kind = Kind::max, .window = {2, 3}, .stride = {1, 1}, .dilation = {2, 1}};
  CHECK(arg(said_of(dilated, textbook(), 0), "rows") == "0, 2");
  CHECK(arg(said_of(dilated, textbook(), 1), "columns") == "1–3");
}

TEST_CASE("narration says which rule decided") {
  const Tensor plain = textbook();
  CHECK(said_of({.kind = Kind::max}, Tensor::matrix({{3, 1}, {3, 0}}), 0).key == "step.max.tie");
  CHECK(said_of({.kind = Kind::max}, Tensor::matrix({{3, kNan}, {3, 0}}), 0).key == "step.max.nan");
  CHECK(said_of({.kind = Kind::min}, Tensor::matrix({{3, 1}, {1, 2}}), 0).key == "step.min.tie");
  const PoolSpec padding_only{
      .kind = Kind::max, .window = {2, 2}, .stride = {1, 1}, .padding = {1, 1}, .dilation = {2, 2}};
  CHECK(said_of(padding_only, Tensor::matrix({{7}}), 0).key == "step.max.empty");

  PoolSpec average{.kind = Kind::average,
                   .window = {3, 3},
                   .stride = {2, 2},
                   .padding = {1, 1},
                   .rounding = Rounding::ceil};
  CHECK(said_of(average, plain, 0).key == "step.average.padded");
  CHECK(said_of(average, plain, 4).key == "step.average.whole");
  CHECK(said_of(average, plain, 8).key == "step.average.clipped");
  average.count_padding = false;
  CHECK(said_of(average, plain, 0).key == "step.average.valid");
  CHECK(said_of(average, plain, 4).key == "step.average.whole");
  average.divisor = 5;
  CHECK(said_of(average, plain, 0).key == "step.average.given");

  const PoolSpec draw{.kind = Kind::stochastic}, expected{.kind = Kind::stochastic_expectation};
  CHECK(said_of(draw, plain, 0).key == "step.stochastic.draw");
  CHECK(said_of(draw, Tensor::matrix({{1, -1}, {2, 0}}), 0).key == "step.stochastic.negative");
  CHECK(said_of(draw, Tensor::matrix({{-1, -1}, {0, 0}}), 0).key == "step.stochastic.zero");
  CHECK(said_of(draw, Tensor::matrix({{1, kNan}, {2, 0}}), 0).key == "step.stochastic.nan");
  CHECK(said_of(expected, plain, 0).key == "step.stochastic-expectation.one");
  const PoolSpec l2{.kind = Kind::l2, .window = {3, 3}, .stride = {2, 2}, .rounding = Rounding::ceil};
  CHECK(said_of(l2, plain, 0).key == "step.l2.one");
  CHECK(said_of(l2, plain, 1).key == "step.l2.scaled");
  CHECK(said_of({.kind = Kind::none}, plain, 0).key == "step.none.one");
}
