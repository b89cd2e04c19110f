// What the kernels for small planes share; included once per target by foreach_target (no #pragma once).
// clang-format off
#if defined(POOLSCOPE_PLANES_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef POOLSCOPE_PLANES_INL_H
#undef POOLSCOPE_PLANES_INL_H
#else
#define POOLSCOPE_PLANES_INL_H
#endif
// clang-format on

#include <vector>

#include "core/pooling/fast/vector-inl.h"

#if !POOLSCOPE_NO_VECTORS

HWY_BEFORE_NAMESPACE();
namespace poolscope::fast::HWY_NAMESPACE {

// Every file has its own.
namespace {

constexpr Wide kWide;
using V = hn::Vec<Wide>;
using Ints = hn::RebindToSigned<Wide>;
constexpr Ints kInts;
using VI = hn::Vec<Ints>;
constexpr auto kLanes = static_cast<int64_t>(hn::MaxLanes(Wide()));

[[maybe_unused]] int64_t whole_vectors(int64_t count) {
  return (count + kLanes - 1) / kLanes;
}

/// Writes the first `count` lanes.
template <class D, class T>
HWY_INLINE void put_some(D d, hn::Vec<D> v, T* to, int64_t count) {
  const auto n = static_cast<int64_t>(hn::Lanes(d));
  if (count >= n) return put(Plain(), d, v, to);
  if constexpr (hn::MaxLanes(D()) == 4) {
    alignas(16) hn::TFromD<D> lanes[4];
    hn::Store(v, d, lanes);
    for (int64_t k = 0; k < count; ++k)
      to[k] = lanes[k];
  } else {
    const hn::Half<D> half;
    if (count <= n / 2) return put_some(half, hn::LowerHalf(half, v), to, count);
    put(Plain(), half, hn::LowerHalf(half, v), to);
    put_some(half, hn::UpperHalf(half, v), to + n / 2, count - n / 2);
  }
}

/// What the windows of one axis read.
struct Reach {
  int64_t cell = 0;   ///< the first one inside the input
  int64_t count = 0;  ///< how many are
  AxisWindow window;
};

[[maybe_unused]] std::vector<Reach> reaches(const AxisPlan& axis) {
  std::vector<Reach> all(static_cast<size_t>(axis.out));
  for (int64_t o = 0; o < axis.out; ++o) {
    const AxisWindow window = axis_window(axis, o);
    all[static_cast<size_t>(o)] = {window.cell(window.first), window.valid(), window};
  }
  return all;
}

/// For each cell of an axis the outputs that read it, in rising order.
[[maybe_unused]] std::vector<std::vector<int64_t>> readers_of(const AxisPlan& axis) {
  std::vector<std::vector<int64_t>> readers(static_cast<size_t>(axis.in));
  for (int64_t o = 0; o < axis.out; ++o) {
    const AxisWindow window = axis_window(axis, o);
    for (int64_t t = window.first; t < window.last; ++t)
      readers[static_cast<size_t>(window.cell(t))].push_back(o);
  }
  return readers;
}

/// The best of the values so far, and the cells they are from.
struct Best {
  V value;
  VI cell;
};

template <class Op>
HWY_INLINE void take_better(Best& best, V value, VI cell) {
  const auto take = Op::above(value, best.value);
  best.value = hn::IfThenElse(take, value, best.value);
  best.cell = hn::IfThenElse(hn::RebindMask(kInts, take), cell, best.cell);
}

/// Calls f(taps): as a constant where windows commonly have so many.
template <class F>
HWY_INLINE void with_taps(int64_t taps, F&& f) {
  if (taps == 1)
    f(std::integral_constant<int64_t, 1>());
  else if (taps == 2)
    f(std::integral_constant<int64_t, 2>());
  else if (taps == 3)
    f(std::integral_constant<int64_t, 3>());
  else
    f(taps);
}

}  // namespace

}  // namespace poolscope::fast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // !POOLSCOPE_NO_VECTORS

#endif  // per-target include guard
