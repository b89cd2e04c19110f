// Rows of outputs compared, with vectors where there are any.
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

#include "core/study/shift_parts.h"

#if defined(POOLSCOPE_SIMD)

HWY_BEFORE_NAMESPACE();
namespace poolscope::shift_rows::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

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

void compare_values(const float* base, const float* moved, int64_t n, RowSums& sums) {
  compare<false>(base, moved, nullptr, nullptr, n, sums);
}
void compare_both(const float* base, const float* moved, const uint32_t* base_ids, const uint32_t* moved_ids,
                  int64_t n, RowSums& sums) {
  compare<true>(base, moved, base_ids, moved_ids, n, sums);
}

}  // namespace poolscope::shift_rows::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // POOLSCOPE_SIMD

#if !defined(POOLSCOPE_SIMD) || HWY_ONCE

namespace poolscope {

namespace {

/// Squares of these, and sums of them, stay far inside a float.
constexpr float kLargestPlain = 1e15f;
constexpr float kSmallestPlain = 1e-12f;

/// By the whole rule, in double.
void compare_carefully(const float* base, const float* moved, const uint32_t* base_ids,
                       const uint32_t* moved_ids, int64_t n, RowSums& sums) {
  for (int64_t i = 0; i < n; ++i) {
    sums.equal += base[i] == moved[i] || (std::isnan(base[i]) && std::isnan(moved[i]));
    sums.squares += squared_difference(moved[i], base[i]);
    if (base_ids != nullptr) sums.kept += base_ids[i] == moved_ids[i];
  }
}

}  // namespace

#if defined(POOLSCOPE_SIMD)
namespace shift_rows {
HWY_EXPORT(compare_values);
HWY_EXPORT(compare_both);
}  // namespace shift_rows
#endif

void compare_rows(const float* base, const float* moved, const uint32_t* base_ids, const uint32_t* moved_ids,
                  int64_t n, bool plain, RowSums& sums) {
#if defined(POOLSCOPE_SIMD)
  if (plain) {
    using namespace shift_rows;
    if (base_ids == nullptr) {
      HWY_DYNAMIC_DISPATCH(compare_values)(base, moved, n, sums);
    } else {
      HWY_DYNAMIC_DISPATCH(compare_both)(base, moved, base_ids, moved_ids, n, sums);
    }
    return;
  }
#else
  (void)plain;
#endif
  compare_carefully(base, moved, base_ids, moved_ids, n, sums);
}

void every_nth(const float* from, int64_t step, int64_t n, float* to) {
  if (step == 2) {
    for (int64_t x = 0; x < n; ++x)
      to[x] = from[2 * x];
    return;
  }
  for (int64_t x = 0; x < n; ++x)
    to[x] = from[x * step];
}

bool is_plain(const float* values, int64_t n) {
  // Comparisons with NaN are false, so that it is not plain either. Counted, so that the loop needs no
  // branch.
  int64_t strange = 0;
  for (int64_t i = 0; i < n; ++i) {
    const float size = std::fabs(values[i]);
    strange += !((size <= kLargestPlain && size >= kSmallestPlain) || size == 0);
  }
  return strange == 0;
}

}  // namespace poolscope

#endif
