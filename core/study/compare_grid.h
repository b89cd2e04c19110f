#pragma once

#include <cstdint>
#include <vector>

#include "core/base/thread_pool.h"

/// How a small grid lies on a large one, cell by nearest cell. Inner vocabulary of core/study/compare.
namespace poolscope {

/// Cell of the small axis that each cell of the large one takes: i * small / large, rounded down.
inline std::vector<int64_t> grid_map(int64_t large, int64_t small) {
  std::vector<int64_t> map(static_cast<size_t>(large));
  for (int64_t i = 0; i < large; ++i)
    map[static_cast<size_t>(i)] = i * small / large;
  return map;
}

/// The same as runs of equal cells, in order.
struct GridRun {
  int64_t cell = 0, count = 0;
};
inline std::vector<GridRun> grid_runs(int64_t large, int64_t small) {
  std::vector<GridRun> runs;
  for (const int64_t cell : grid_map(large, small)) {
    if (runs.empty() || runs.back().cell != cell) runs.push_back({cell, 0});
    ++runs.back().count;
  }
  return runs;
}

/// Sum of row(0) to row(rows - 1), on all threads, and the same on any number of them.
template <class Row>
double sum_of_rows(int64_t rows, Row row) {
  std::vector<double> sums(static_cast<size_t>(rows));
  run_in_pieces(rows, hardware_threads(), [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r)
      sums[static_cast<size_t>(r)] = row(r);
  });
  double total = 0;
  for (const double sum : sums)
    total += sum;
  return total;
}

}  // namespace poolscope
