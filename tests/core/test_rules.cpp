#include <doctest/doctest.h>

#include "core/pooling/pool.h"
#include "core/pooling/trace.h"

using namespace poolscope;

namespace {
Tensor textbook() {
  return Tensor::matrix({{1, 2, 1, 0}, {0, 1, 2, 3}, {3, 0, 1, 2}, {2, 4, 0, 1}});
}
}  // namespace

TEST_CASE("the textbook example") {
  PoolSpec spec;
  const Tensor input = textbook();
  const PoolPlan plan = validate(spec, input.shape()).value();
  const PoolOutput output = forward(plan, input, true);
  CHECK(output.values.same_bits(Tensor::matrix({{2, 3}, {4, 2}})));
  CHECK(output.indices == std::vector<int64_t>{1, 7, 13, 11});
  CHECK(step_at(plan, input, 0, 0, 1).result == 3);
  CHECK(backward(plan, input, output.values)
            ->same_bits(Tensor::matrix({{0, 2, 0, 0}, {0, 0, 0, 3}, {0, 0, 0, 2}, {0, 4, 0, 0}})));
  spec.kind = Kind::average;
  CHECK(forward(validate(spec, input.shape()).value(), input)
            .values.same_bits(Tensor::matrix({{1, 1.5}, {2.25, 1}})));
}
