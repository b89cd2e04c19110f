#include "core/pooling/facts.h"

#include <algorithm>

#include "core/pooling/window.h"

namespace poolscope {

std::vector<bool> covered_cells(const AxisPlan& axis) {
  std::vector<bool> read(static_cast<size_t>(axis.in), false);
  for (int64_t o = 0; o < axis.out; ++o) {
    const AxisWindow window = axis_window(axis, o);
    for (int64_t k = window.first; k < window.last; ++k)
      read[static_cast<size_t>(window.cell(k))] = true;
  }
  return read;
}

namespace {

struct AxisCount {
  int64_t taps = 0;     ///< taps inside the input, over all windows of the axis
  int64_t windows = 0;  ///< windows with at least one such tap
  int64_t covered = 0;  ///< cells that some window reads
};

AxisCount count(const AxisPlan& axis) {
  AxisCount result;
  for (int64_t o = 0; o < axis.out; ++o) {
    const int64_t inside = axis_window(axis, o).valid();
    result.taps += inside;
    result.windows += inside > 0;
  }
  const std::vector<bool> read = covered_cells(axis);
  result.covered = std::count(read.begin(), read.end(), true);
  return result;
}

}  // namespace

PoolFacts pool_facts(const PoolPlan& plan) {
  PoolFacts facts;
  const int64_t planes = plan.in.planes();
  const AxisCount rows = count(plan.rows), columns = count(plan.columns);
  facts.values_in = plan.in.count();
  facts.values_out = plan.out.count();
  facts.bytes_in = facts.values_in * static_cast<int64_t>(sizeof(float));
  facts.bytes_out = facts.values_out * static_cast<int64_t>(sizeof(float));
  facts.cells_read = rows.taps * columns.taps * planes;
  facts.combinations = facts.cells_read - rows.windows * columns.windows * planes;
  facts.cells_never_read = facts.values_in - rows.covered * columns.covered * planes;
  facts.convolution_weights = plan.in.c * plan.out.c * plan.rows.window * plan.columns.window;
  facts.convolution_biases = plan.out.c;
  return facts;
}

}  // namespace poolscope
