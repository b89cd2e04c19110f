// The inner loops of shift maps, compiled once per kind of vector where Highway is there. Most are plain
// loops: inside the target's namespace the compiler makes them wide.
#if defined(POOLSCOPE_SIMD)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/study/shift_rows.cpp"
// clang-format off
#include <hwy/foreach_target.h>
// clang-format on
#include <hwy/highway.h>
#endif

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "core/study/shift_parts.h"

#if defined(POOLSCOPE_SIMD)
HWY_BEFORE_NAMESPACE();
namespace poolscope::shift_rows::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
#else
namespace poolscope::shift_rows {
#endif

/// Squares of these, and sums of them, stay far inside a float.
constexpr float kLargestPlain = 1e15f, kSmallestPlain = 1e-12f;

#if defined(POOLSCOPE_SIMD)

template <bool kIds>
void compare(const float* base, const float* moved, const uint32_t* base_ids, const uint32_t* moved_ids,
             int64_t n, RowSums& sums) {
  const hn::ScalableTag<float> d;
  const hn::RebindToUnsigned<decltype(d)> du;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  auto first = hn::Zero(d), second = hn::Zero(d);
  size_t equal = 0, kept = 0;
  int64_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    const auto a = hn::LoadU(d, base + i), b = hn::LoadU(d, moved + i);
    const auto c = hn::LoadU(d, base + i + lanes), e = hn::LoadU(d, moved + i + lanes);
    const auto x = hn::Sub(a, b), y = hn::Sub(c, e);
    first = hn::MulAdd(x, x, first);
    second = hn::MulAdd(y, y, second);
    equal += hn::CountTrue(d, hn::Eq(a, b)) + hn::CountTrue(d, hn::Eq(c, e));
    if constexpr (kIds) {
      kept += hn::CountTrue(du, hn::Eq(hn::LoadU(du, base_ids + i), hn::LoadU(du, moved_ids + i)));
      kept += hn::CountTrue(
          du, hn::Eq(hn::LoadU(du, base_ids + i + lanes), hn::LoadU(du, moved_ids + i + lanes)));
    }
  }
  double squares = static_cast<double>(hn::GetLane(hn::SumOfLanes(d, hn::Add(first, second))));
  for (; i < n; ++i) {
    const float x = base[i] - moved[i];
    squares += x * x;
    equal += base[i] == moved[i];
    if constexpr (kIds) kept += base_ids[i] == moved_ids[i];
  }
  sums.squares += squares;
  sums.equal += static_cast<int64_t>(equal);
  sums.kept += static_cast<int64_t>(kept);
}

void compare_all(const TileRow& base, const TileRow* moved, int64_t shifts, int64_t n, RowSums* sums) {
  if (base.ids == nullptr) {
    for (int64_t s = 0; s < shifts; ++s)
      compare<false>(base.values, moved[s].values, nullptr, nullptr, n, sums[s]);
  } else {
    for (int64_t s = 0; s < shifts; ++s)
      compare<true>(base.values, moved[s].values, base.ids, moved[s].ids, n, sums[s]);
  }
}

#endif  // POOLSCOPE_SIMD

void pick(const float* from, int64_t step, int64_t n, float* to) {
  if (step == 2) {
    for (int64_t x = 0; x < n; ++x)
      to[x] = from[2 * x];
    return;
  }
  for (int64_t x = 0; x < n; ++x)
    to[x] = from[x * step];
}

void pick_ids(const uint32_t* from, int64_t step, int64_t n, uint32_t* to) {
  if (step == 2) {
    for (int64_t x = 0; x < n; ++x)
      to[x] = from[2 * x];
    return;
  }
  for (int64_t x = 0; x < n; ++x)
    to[x] = from[x * step];
}

bool all_plain(const float* values, int64_t n) {
  // Comparisons with NaN are false, so that it is not plain either. Counted, so that the loop needs no
  // branch.
  int32_t strange = 0;
  for (int64_t begin = 0; begin < n; begin += 4096) {
    const int64_t end = std::min<int64_t>(begin + 4096, n);
    for (int64_t i = begin; i < end; ++i) {
      const float size = std::fabs(values[i]);
      const int32_t middle = (size <= kLargestPlain ? 1 : 0) & (size >= kSmallestPlain ? 1 : 0);
      strange |= (middle | (size == 0 ? 1 : 0)) ^ 1;
    }
    if (strange != 0) return false;
  }
  return true;
}

template <class T>
void sum_weighted(const T* from, int64_t step, const double* weights, int64_t taps, int64_t n, double* to) {
  for (int64_t x = 0; x < n; ++x)
    to[x] = weights[0] * static_cast<double>(from[x]);
  for (int64_t k = 1; k < taps; ++k) {
    const T* row = from + k * step;
    for (int64_t x = 0; x < n; ++x)
      to[x] += weights[k] * static_cast<double>(row[x]);
  }
}

void sum_rows(const float* from, int64_t step, const double* weights, int64_t taps, int64_t n, double* to) {
  sum_weighted(from, step, weights, taps, n, to);
}

void sum_columns(const double* from, int64_t step, const double* weights, int64_t taps, int64_t n,
                 double* to) {
  sum_weighted(from, step, weights, taps, n, to);
}

void divide(const double* from, double divisor, int64_t n, float* to) {
  for (int64_t x = 0; x < n; ++x)
    to[x] = static_cast<float>(from[x] / divisor);
}

void number_winners(const int64_t* from, const WinnerRow& row, int64_t n, uint32_t* to) {
  for (int64_t x = 0; x < n; ++x)
    to[x] = static_cast<uint32_t>(from[x]) - row.start;
  for (int64_t a = 1; a < row.extent; ++a) {
    // What has passed the end of row a - 1 of the patch lies in row a.
    const uint32_t end = static_cast<uint32_t>(a - 1) * row.next + row.width, jump = row.next - row.width;
    for (int64_t x = 0; x < n; ++x)
      to[x] += to[x] >= end ? jump : 0u;
  }
  for (int64_t x = 0; x < n; ++x)
    to[x] += row.first;
}

#if defined(POOLSCOPE_SIMD)
}  // namespace poolscope::shift_rows::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#else
}  // namespace poolscope::shift_rows
#endif

#if !defined(POOLSCOPE_SIMD) || HWY_ONCE

namespace poolscope {

#if defined(POOLSCOPE_SIMD)
namespace shift_rows {
HWY_EXPORT(compare_all);
HWY_EXPORT(pick);
HWY_EXPORT(pick_ids);
HWY_EXPORT(all_plain);
HWY_EXPORT(sum_rows);
HWY_EXPORT(sum_columns);
HWY_EXPORT(divide);
HWY_EXPORT(number_winners);
}  // namespace shift_rows
#define POOLSCOPE_BEST(name) HWY_DYNAMIC_DISPATCH(name)
#else
#define POOLSCOPE_BEST(name) name
#endif

using namespace shift_rows;

void compare_row(const TileRow& base, const TileRow& moved, int64_t n, RowSums& sums) {
  for (int64_t i = 0; i < n; ++i) {
    const float a = base.values[i], b = moved.values[i];
    sums.equal += a == b || (std::isnan(a) && std::isnan(b));
    sums.squares += squared_difference(b, a);
    if (base.ids != nullptr) sums.kept += base.ids[i] == moved.ids[i];
  }
}

void compare_rows(const TileRow& base, const TileRow* moved, int64_t shifts, int64_t n, bool plain,
                  RowSums* sums) {
#if defined(POOLSCOPE_SIMD)
  if (plain) return POOLSCOPE_BEST(compare_all)(base, moved, shifts, n, sums);
#else
  (void)plain;
#endif
  for (int64_t s = 0; s < shifts; ++s)
    compare_row(base, moved[s], n, sums[s]);
}

void every_nth(const float* from, int64_t step, int64_t n, float* to) {
  POOLSCOPE_BEST(pick)(from, step, n, to);
}
void every_nth(const uint32_t* from, int64_t step, int64_t n, uint32_t* to) {
  POOLSCOPE_BEST(pick_ids)(from, step, n, to);
}
bool is_plain(const float* values, int64_t n) {
  return POOLSCOPE_BEST(all_plain)(values, n);
}
void weighted_rows(const float* from, int64_t step, const std::vector<double>& weights, int64_t n,
                   double* to) {
  POOLSCOPE_BEST(sum_rows)(from, step, weights.data(), static_cast<int64_t>(weights.size()), n, to);
}
void weighted_columns(const double* from, int64_t step, const std::vector<double>& weights, int64_t n,
                      double* to) {
  POOLSCOPE_BEST(sum_columns)(from, step, weights.data(), static_cast<int64_t>(weights.size()), n, to);
}
void divided(const double* from, double divisor, int64_t n, float* to) {
  POOLSCOPE_BEST(divide)(from, divisor, n, to);
}
void numbered_winners(const int64_t* from, const WinnerRow& row, int64_t n, uint32_t* to) {
  POOLSCOPE_BEST(number_winners)(from, row, n, to);
}

}  // namespace poolscope

#endif
