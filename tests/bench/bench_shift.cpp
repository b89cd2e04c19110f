#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "core/base/random.h"
#include "core/pooling/kinds.h"
#include "core/study/shift.h"

/// bench_shift INPUT.f32 H W KIND WINDOW STRIDE RANGE CALLS: the shortest of so many calls of shift_map(),
/// one thread, on a picture of 3 x H x W raw floats that is the middle of a larger one. Prints one line:
/// milliseconds, then the share unchanged of every shift, for shift_peers.py to compare.
using namespace poolscope;

int main(int argc, char** argv) {
  if (argc != 9) return std::fprintf(stderr, "bench_shift INPUT.f32 H W KIND WINDOW STRIDE RANGE CALLS\n"), 2;
  const auto number = [&](int i) { return static_cast<int64_t>(std::atoll(argv[i])); };
  const int64_t range = number(7);
  Tensor source(Shape{1, 3, number(2) + 2 * range, number(3) + 2 * range});
  std::ifstream file(argv[1], std::ios::binary);
  file.read(reinterpret_cast<char*>(source.data()), static_cast<std::streamsize>(source.count() * 4));
  const KindInfo* kind = find_kind(argv[4]);
  if (!file || kind == nullptr) return std::fprintf(stderr, "bench_shift: no such input or kind\n"), 1;
  PoolSpec spec{.kind = kind->kind, .window = {number(5), number(5)}, .stride = {number(6), number(6)}};
  const ShiftField field = *shift_field(source, ShiftEdges::reveal, range);
  const PoolPlan plan = *validate(spec, field.shape);
  using Clock = std::chrono::steady_clock;
  double best[2] = {1e30, 1e30};
  ShiftMap map;
  for (int64_t call = 0; call < number(8); ++call)
    for (const bool winners : {true, false}) {
      const auto begin = Clock::now();
      map = shift_map(field, plan, range, {.threads = 1, .winners = winners});
      best[winners] =
          std::min(best[winners], std::chrono::duration<double>(Clock::now() - begin).count() * 1e3);
    }
  std::printf("%.4f %.4f", best[true], best[false]);
  for (const ShiftMetrics& metrics : map.metrics)
    std::printf(" %.9g", metrics.unchanged);
  std::printf("\n");
  return 0;
}
