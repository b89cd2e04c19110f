#include <algorithm>
#include <atomic>
#include <cstring>

#include "core/base/thread_pool.h"
#include "core/pooling/fast/fast.h"
#include "core/pooling/fast/rows.h"

/// The gradient of kinds that select, from the places that the forward pass kept: no value is compared again.
namespace poolscope::fast {

namespace {

/// Planes up to this size are cleared as a whole: they stay in the first-level cache.
constexpr int64_t kSmallPlane = int64_t{24} << 10;
/// Of larger ones so many outputs at a time are scattered, behind the rows that were just cleared.
constexpr int64_t kGroupOutputs = 2048;

/// Adds each gradient where its index points, if that is below `limit`. Returns how many are not, -1 apart.
/// `in_turns`: two halves in turns, because an addition to the cell of the one before waits for it. Where
/// windows overlap so much that cells are met again at once the processor foresees that, and four in a row
/// with one question are quicker (measured: tests/bench/README.md, max-bwd 3x3/1).
int64_t scatter(const int64_t* indices, const float* from, int64_t count, float* cells, int64_t limit,
                bool in_turns) {
  int64_t outside = 0;
  const auto add = [&](int64_t k) {
    const int64_t at = indices[k];
    if (static_cast<uint64_t>(at) < static_cast<uint64_t>(limit))
      cells[at] += from[k];
    else
      outside += at != -1;
  };
  const int64_t half = in_turns ? count / 2 : 0;
  for (int64_t k = 0; k < half; ++k) {
    add(k);
    add(half + k);
  }
  int64_t k = 2 * half;
  for (; k + 4 <= count; k += 4) {
    const int64_t a = indices[k], b = indices[k + 1], c = indices[k + 2], d = indices[k + 3];
    // One question for all four, without jumps between.
    const auto fits = [limit](int64_t at) -> unsigned {
      return static_cast<uint64_t>(at) < static_cast<uint64_t>(limit) ? 1 : 0;
    };
    if ((fits(a) & fits(b) & fits(c) & fits(d)) != 0) {
      cells[a] += from[k];
      cells[b] += from[k + 1];
      cells[c] += from[k + 2];
      cells[d] += from[k + 3];
    } else {
      for (int64_t one = k; one < k + 4; ++one)
        add(one);
    }
  }
  for (; k < count; ++k)
    add(k);
  return outside;
}

bool in_turns(const PoolPlan& plan) {
  return 2 * plan.steps_per_plane() <= plan.in.plane();
}

void clear(float* cells, int64_t count) {
  std::memset(cells, 0, static_cast<size_t>(count) * sizeof(float));
}

bool whole_plane(const PoolPlan& plan, const int64_t* indices, const float* from, float* cells) {
  return scatter(indices, from, plan.steps_per_plane(), cells, plan.in.plane(), in_turns(plan)) == 0;
}

/// Clears the rows that a group of output rows can reach, and scatters it, while they are in the cache.
/// False where an index is elsewhere: that is for whole_plane().
bool by_groups(const PoolPlan& plan, const int64_t* indices, const float* from, float* cells) {
  const int64_t step = std::max<int64_t>(kGroupOutputs / plan.out.w, 1);
  int64_t cleared = 0;
  for (int64_t i = 0; i < plan.out.h; i += step) {
    const int64_t end = std::min(i + step, plan.out.h);
    const int64_t reached = plan.rows.start(end - 1) + plan.rows.extent();
    const int64_t limit = std::clamp(reached, int64_t{0}, plan.in.h) * plan.in.w;
    if (limit > cleared) {
      clear(cells + cleared, limit - cleared);
      cleared = limit;
    }
    const int64_t first = i * plan.out.w, count = (end - i) * plan.out.w;
    if (scatter(indices + first, from + first, count, cells, cleared, in_turns(plan)) != 0) return false;
  }
  clear(cells + cleared, plan.in.plane() - cleared);
  return true;
}

}  // namespace

bool backward_from_indices(const PoolPlan& plan, const int64_t* indices, const float* output_gradient,
                           float* input_gradient, int threads) {
  const int64_t outputs = plan.steps_per_plane(), inputs = plan.in.plane();
  const bool grouped = inputs > kSmallPlane && plan.rows.placement == Placement::sliding;
  std::atomic<bool> fine = true;
  // Where few cells get anything, one long run of zeros is what the processor writes fastest.
  const bool sparse = !grouped && outputs * 16 <= inputs;
  const auto work = [&](int64_t begin, int64_t end) {
    if (sparse) clear(input_gradient + begin * inputs, (end - begin) * inputs);
    for (int64_t plane = begin; plane < end && fine; ++plane) {
      const int64_t* at = indices + plane * outputs;
      const float* from = output_gradient + plane * outputs;
      float* cells = input_gradient + plane * inputs;
      if (grouped && by_groups(plan, at, from, cells)) continue;
      if (!sparse) clear(cells, inputs);
      if (!whole_plane(plan, at, from, cells)) fine = false;
    }
  };
  threads = worthwhile_threads(threads, plan.in.count() + plan.out.count());
  if (threads > 1)
    run_in_pieces(plan.in.planes(), threads, work);
  else
    work(0, plan.in.planes());
  return fine;
}

}  // namespace poolscope::fast
