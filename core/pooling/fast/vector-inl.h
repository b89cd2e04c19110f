// Small vector helpers shared by the kernels; included once per target by foreach_target (no #pragma once).
// clang-format off
#if defined(POOLSCOPE_VECTOR_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef POOLSCOPE_VECTOR_INL_H
#undef POOLSCOPE_VECTOR_INL_H
#else
#define POOLSCOPE_VECTOR_INL_H
#endif
// clang-format on

#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "core/pooling/fast/rows.h"

// One lane, or an emulation of four: no vectors worth the name. Plain loops take over.
#undef POOLSCOPE_NO_VECTORS
#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128
#define POOLSCOPE_NO_VECTORS 1
#else
#define POOLSCOPE_NO_VECTORS 0
#endif

#if !POOLSCOPE_NO_VECTORS

HWY_BEFORE_NAMESPACE();
namespace poolscope::fast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

template <class D>
HWY_INLINE auto no_lanes(D d) {
  return hn::MaskFromVec(hn::Zero(d));
}

/// Lanes in which a or b is NaN.
template <class D>
HWY_INLINE auto either_nan(D, hn::Vec<D> a, hn::Vec<D> b) {
  using M = decltype(hn::MaskFromVec(a));
#if HWY_TARGET <= HWY_AVX3 && HWY_ARCH_X86
  if constexpr (hn::MaxLanes(D()) == 16)
    return M{_mm512_cmp_ps_mask(a.raw, b.raw, _CMP_UNORD_Q)};
  else if constexpr (hn::MaxLanes(D()) == 8)
    return M{_mm256_cmp_ps_mask(a.raw, b.raw, _CMP_UNORD_Q)};
  else
    return M{_mm_cmp_ps_mask(a.raw, b.raw, _CMP_UNORD_Q)};
#elif HWY_TARGET == HWY_AVX2
  if constexpr (hn::MaxLanes(D()) == 8)
    return M{_mm256_cmp_ps(a.raw, b.raw, _CMP_UNORD_Q)};
  else
    return M{_mm_cmp_ps(a.raw, b.raw, _CMP_UNORD_Q)};
#elif HWY_ARCH_X86
  return M{_mm_cmpunord_ps(a.raw, b.raw)};
#else
  return hn::Or(hn::IsNaN(a), hn::IsNaN(b));
#endif
}

/// How two values of a window become one. join() is exact for the values of a maximum where no NaN is among
/// them and `best` comes first in row order; better() is the whole rule.
struct MaxOp {
  static constexpr bool kSum = false;
  static constexpr float kNothing = -std::numeric_limits<float>::infinity();
  static constexpr Op kOp = Op::max;
  template <class V>
  static HWY_INLINE V join(V best, V x) {
#if HWY_ARCH_X86
    return hn::Max(x, best);  // x > best ? x : best
#else
    return hn::IfThenElse(hn::Gt(x, best), x, best);
#endif
  }
  template <class D, class V>
  static HWY_INLINE auto across(D d, V v) {
    return hn::MaxOfLanes(d, v);
  }
  template <class V>
  static HWY_INLINE auto above(V x, V best) {
    return hn::Gt(x, best);
  }
  template <class V>
  static HWY_INLINE auto better(V x, V best) {
    return hn::Or(hn::Gt(x, best), hn::IsNaN(x));
  }
};

struct MinOp {
  static constexpr bool kSum = false;
  static constexpr float kNothing = std::numeric_limits<float>::infinity();
  static constexpr Op kOp = Op::min;
  template <class V>
  static HWY_INLINE V join(V best, V x) {
#if HWY_ARCH_X86
    return hn::Min(x, best);
#else
    return hn::IfThenElse(hn::Lt(x, best), x, best);
#endif
  }
  template <class D, class V>
  static HWY_INLINE auto across(D d, V v) {
    return hn::MinOfLanes(d, v);
  }
  template <class V>
  static HWY_INLINE auto above(V x, V best) {
    return hn::Lt(x, best);
  }
  template <class V>
  static HWY_INLINE auto better(V x, V best) {
    return hn::Or(hn::Lt(x, best), hn::IsNaN(x));
  }
};

struct SumOp {
  static constexpr bool kSum = true;
  static constexpr float kNothing = 0;
  static constexpr Op kOp = Op::average;
  template <class V>
  static HWY_INLINE V join(V sum, V x) {
    return hn::Add(sum, x);
  }
  template <class D, class V>
  static HWY_INLINE auto across(D d, V v) {
    return hn::SumOfLanes(d, v);
  }
};

/// Lanes 1 to N - 1 of `now`, then lane 0 of `next`.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V shift_in(D d, V now, V next) {
#if HWY_TARGET <= HWY_AVX3 && HWY_ARCH_X86
  if constexpr (hn::MaxLanes(D()) == 16)
    return V{_mm512_castsi512_ps(
        _mm512_alignr_epi32(_mm512_castps_si512(next.raw), _mm512_castps_si512(now.raw), 1))};
  else if constexpr (hn::MaxLanes(D()) == 8)
    return V{_mm256_castsi256_ps(
        _mm256_alignr_epi32(_mm256_castps_si256(next.raw), _mm256_castps_si256(now.raw), 1))};
#elif HWY_TARGET == HWY_AVX2
  if constexpr (hn::MaxLanes(D()) == 8)
    return hn::CombineShiftRightLanes<1>(d, hn::ConcatLowerUpper(d, next, now), now);
#endif
  if constexpr (hn::MaxLanes(D()) == 4) return hn::CombineShiftRightLanes<1>(d, next, now);
}

/// The last lane of `before`, then lanes 0 to N - 2 of `now`.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V shift_up(D d, V before, V now) {
#if HWY_TARGET <= HWY_AVX3 && HWY_ARCH_X86
  if constexpr (hn::MaxLanes(D()) == 16)
    return V{_mm512_castsi512_ps(
        _mm512_alignr_epi32(_mm512_castps_si512(now.raw), _mm512_castps_si512(before.raw), 15))};
  else if constexpr (hn::MaxLanes(D()) == 8)
    return V{_mm256_castsi256_ps(
        _mm256_alignr_epi32(_mm256_castps_si256(now.raw), _mm256_castps_si256(before.raw), 7))};
#elif HWY_TARGET == HWY_AVX2
  if constexpr (hn::MaxLanes(D()) == 8)
    return hn::CombineShiftRightLanes<3>(d, now, hn::ConcatLowerUpper(d, now, before));
#endif
  if constexpr (hn::MaxLanes(D()) == 4) return hn::CombineShiftRightLanes<3>(d, now, before);
}

/// Signalling NaN to quiet, as arithmetic does; everything else unchanged.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V quiet(D d, V v) {
  const hn::RebindToUnsigned<D> du;
  const V quiet_bit = hn::BitCast(d, hn::Set(du, 0x00400000u));
  return hn::IfThenElse(hn::IsNaN(v), hn::Or(v, quiet_bit), v);
}

/// Elements p[0], p[2], ..., reading none past the last of them.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V load_even(D d, const float* p) {
  const size_t n = hn::Lanes(d);
  const V a = hn::LoadU(d, p), b = hn::LoadU(d, p + n - 1);
  return hn::ConcatUpperLower(d, hn::ConcatOdd(d, b, b), hn::ConcatEven(d, a, a));
}

/// How the cells of one tap lie for neighbouring outputs: kStep apart, 0 standing for any other distance.
template <int kStep>
struct Taps {
  int64_t stride;
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V load(D d, const float* p) const {
    if constexpr (kStep == 1) {
      return hn::LoadU(d, p);
    } else if constexpr (kStep == 2) {
      return load_even(d, p);
    } else {
      const hn::RebindToSigned<D> di;
      const auto at = hn::Mul(hn::Iota(di, 0), hn::Set(di, static_cast<int32_t>(stride)));
      return hn::GatherIndex(d, p, at);
    }
  }
};

using Wide = hn::CappedTag<float, 16>;
using Middle = hn::CappedTag<float, 8>;
using Narrow = hn::CappedTag<float, 4>;

/// Returns f(d) with the widest vectors that fit into `width` floats; f(0), an int, where none does.
template <class F>
HWY_INLINE auto with_vectors(int64_t width, F&& f) {
  if (width >= static_cast<int64_t>(hn::Lanes(Wide()))) return f(Wide());
  if constexpr (hn::MaxLanes(Wide()) > 8)
    if (width >= 8) return f(Middle());
  if constexpr (hn::MaxLanes(Wide()) > 4)
    if (width >= 4) return f(Narrow());
  return f(0);
}

struct Plain {
  template <class D, class V, class T>
  HWY_INLINE void put(D d, V v, T* p) const {
    hn::StoreU(v, d, p);
  }
};
struct Streaming {
  template <class D, class V, class T>
  HWY_INLINE void put(D d, V v, T* p) const {
    hn::Stream(v, d, p);
  }
};

template <class Way, class D>
HWY_INLINE void put(Way way, D d, hn::Vec<D> v, float* to) {
  way.put(d, v, to);
}
/// Cell numbers become 64 bits wide on their way out.
template <class Way, class D>
HWY_INLINE void put(Way way, D d, hn::Vec<D> v, int64_t* to) {
  if constexpr (hn::MaxLanes(D()) * 8 <= HWY_MAX_BYTES) {
    const hn::Rebind<int64_t, D> wide;
    way.put(wide, hn::PromoteTo(wide, v), to);
  } else {
    const hn::Half<D> half;
    put(way, half, hn::LowerHalf(half, v), to);
    put(way, half, hn::UpperHalf(half, v), to + hn::Lanes(half));
  }
}

/// Calls f(j, Plain or Streaming) so that vectors of D at j cover all of [first, last), which is at least one
/// vector wide. Where the width is no multiple, vectors overlap. Streaming only where values + j is aligned.
template <class D, class F>
HWY_INLINE void cover(D d, int64_t first, int64_t last, bool stream, const float* values, F&& f) {
  const auto n = static_cast<int64_t>(hn::Lanes(d));
  int64_t j = first;
  if (stream) {
    const auto bytes = reinterpret_cast<uintptr_t>(values + first) % (static_cast<uintptr_t>(n) * 4);
    if (bytes % 4 == 0) {
      if (bytes != 0) {
        f(first, Plain());
        j = first + n - static_cast<int64_t>(bytes / 4);
      }
      for (; j + n <= last; j += n)
        f(j, Streaming());
    }
  }
  for (; j + n <= last; j += n)
    f(j, Plain());
  if (j < last) f(last - n, Plain());
}

/// Columns [first, last) of a row.
struct Span {
  int64_t first, last;
};

/// Turns sums into averages and writes results; remembers what needs a second look.
template <class Op, class D>
class Finish {
 public:
  using V = hn::Vec<D>;
  Finish(D d, const Job& job, const Row& row)
      : d_(d), doubtful_(no_lanes(d)), zero_(no_lanes(d)), scale_(hn::Zero(d)) {
    if constexpr (Op::kSum) {
      const auto divisor = static_cast<float>(inner_divisor(job, row));
      int exponent;
      // Dividing by a power of two is multiplying, exactly; by anything else it is not.
      divides_ = std::frexp(divisor, &exponent) != 0.5f;
      scale_ = hn::Set(d, divides_ ? divisor : 1 / divisor);
    }
  }

  HWY_INLINE void look(V a, V b) {
    if constexpr (!Op::kSum) doubtful_ = hn::Or(doubtful_, either_nan(d_, a, b));
  }

  /// kTies: results come from comparing columns before rows, which may pick the wrong one of 0 and -0.
  template <bool kTies, class Way>
  HWY_INLINE void put(Way way, V v, float* p) {
    if constexpr (Op::kSum) {
      v = hn::Add(v, hn::Zero(d_));  // -0 alone sums to 0
      v = divides_ ? hn::Div(v, scale_) : hn::Mul(v, scale_);
      // A sum in float may overflow where the reference's does not; NaN and infinity go there, too.
      doubtful_ = hn::Or(doubtful_, hn::Not(hn::Lt(hn::Abs(v), hn::Set(d_, hwy::HighestValue<float>()))));
    } else if constexpr (kTies) {
      zero_ = hn::Or(zero_, hn::Eq(v, hn::Zero(d_)));
    }
    way.put(d_, v, p);
  }

  bool sure() const { return hn::AllFalse(d_, doubtful_); }
  bool zeros() const { return !hn::AllFalse(d_, zero_); }

 private:
  D d_;
  decltype(no_lanes(D())) doubtful_, zero_;
  V scale_;
  bool divides_ = false;
};

/// `count` rows of outputs below each other with windows of equal height; the first is `row`, and `apart`
/// floats of the input lie between the first rows of two neighbours.
struct Rows {
  Row row;
  int64_t count = 1;
  int64_t apart = 0;

  HWY_INLINE Row at(int64_t i, const Job& job) const {
    Row one = row;
    one.cells += i * apart;
    one.top += i * job.plan->rows.stride;
    one.values += i * job.plan->out.w;
    if (one.indices) one.indices += i * job.plan->out.w;
    return one;
  }
};

/// Whether -0 is among columns [first, last) of the input rows of `row`.
inline bool has_minus_zero(const Row& row, int64_t first, int64_t last) {
  const hn::CappedTag<uint32_t, 16> d;
  const auto n = static_cast<int64_t>(hn::Lanes(d));
  const auto minus_zero = hn::Set(d, 0x80000000u);
  for (int64_t a = 0; a < row.taps; ++a) {
    const auto* cells = reinterpret_cast<const uint32_t*>(row.cells + a * row.step);
    int64_t x = first;
    auto found = no_lanes(d);
    for (; x + n <= last; x += n)
      found = hn::Or(found, hn::Eq(hn::LoadU(d, cells + x), minus_zero));
    bool any = !hn::AllFalse(d, found);
    for (; x < last; ++x)
      any |= cells[x] == 0x80000000u;
    if (any) return true;
  }
  return false;
}

/// The cells of column block x of all rows of the window as one vector.
template <class Op, int kRows, class D, class F>
HWY_INLINE hn::Vec<D> join_rows(D d, const Row& row, int64_t x, F& finish) {
  const float* p = row.cells + x;
  auto v = hn::LoadU(d, p);
  if constexpr (kRows == 2) {
    const auto w = hn::LoadU(d, p + row.step);
    finish.look(v, w);
    return Op::join(v, w);
  }
  const int64_t rows = kRows > 0 ? kRows : row.taps;
  auto before = v;
  int64_t a = 1;
  for (; a + 1 < rows; a += 2) {
    const auto w = hn::LoadU(d, p + a * row.step), u = hn::LoadU(d, p + (a + 1) * row.step);
    finish.look(w, u);
    v = Op::join(Op::join(v, w), u);
  }
  if (a < rows) {
    const auto w = hn::LoadU(d, p + a * row.step);
    finish.look(before, w);
    v = Op::join(v, w);
  } else {
    finish.look(before, before);
  }
  return v;
}

/// The same for all of `rows`.
inline bool has_minus_zero(const Job& job, const Rows& rows, int64_t first, int64_t last) {
  for (int64_t i = 0; i < rows.count; ++i)
    if (has_minus_zero(rows.at(i, job), first, last)) return true;
  return false;
}

/// Calls f(rows) for all of output rows [begin, end), counted over all planes: those inside a plane in groups
/// that fit into the first-level cache, the others, whose windows stick out, alone.
template <class F>
void visit_rows(const Job& job, int64_t begin, int64_t end, F&& f) {
  constexpr int64_t kGroupValues = 6144;
  const PoolPlan& plan = *job.plan;
  const int64_t apart = plan.rows.stride * plan.in.w;
  const int64_t most = std::clamp<int64_t>(kGroupValues / apart, 1, 64);
  int64_t i = begin % plan.out.h, unit = begin;
  while (unit < end) {
    Rows rows{row_at(job, unit), 1, apart};
    if (i >= job.rows.first && i < job.rows.last)
      rows.count = std::min({most, job.rows.last - i, end - unit});
    f(rows);
    unit += rows.count;
    i += rows.count;
    if (i == plan.out.h) i = 0;
  }
}

}  // namespace poolscope::fast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // !POOLSCOPE_NO_VECTORS

#endif  // per-target include guard
