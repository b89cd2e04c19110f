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
  static constexpr Op kOp = Op::max;
  template <class V>
  static HWY_INLINE V join(V best, V x) {
#if HWY_ARCH_X86
    return hn::Max(x, best);  // x > best ? x : best
#else
    return hn::IfThenElse(hn::Gt(x, best), x, best);
#endif
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
  static constexpr Op kOp = Op::min;
  template <class V>
  static HWY_INLINE V join(V best, V x) {
#if HWY_ARCH_X86
    return hn::Min(x, best);
#else
    return hn::IfThenElse(hn::Lt(x, best), x, best);
#endif
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
  static constexpr Op kOp = Op::average;
  template <class V>
  static HWY_INLINE V join(V sum, V x) {
    return hn::Add(sum, x);
  }
};

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

}  // namespace poolscope::fast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // !POOLSCOPE_NO_VECTORS

#endif  // per-target include guard
