// Without Highway this file is empty, and the plain loops of scalar.cpp do the work.
#if defined(POOLSCOPE_SIMD)

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/pooling/fast/vector_indices.cpp"
// clang-format off
#include <hwy/foreach_target.h>
// clang-format on
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "core/pooling/fast/vector-inl.h"

/// Forward kernels that also say where each winner was. Inside they hold 32-bit offsets from the first cell
/// of the row of windows, widened once when they are written.
HWY_BEFORE_NAMESPACE();
namespace poolscope::fast::HWY_NAMESPACE {

#if POOLSCOPE_NO_VECTORS

void indices(const Job& job, int64_t begin, int64_t end) {
  for (int64_t unit = begin; unit < end; ++unit)
    scalar_columns(job, row_at(job, unit), 0, job.plan->out.w);
}

#else

// Other files have functions of the same names.
namespace {

template <class D>
using Int = hn::RebindToSigned<D>;

/// Values and the offsets of their cells.
template <class D>
struct Pair {
  hn::Vec<D> v;
  hn::Vec<Int<D>> at;
};

/// Writes flat indices: offset + base.
template <class Way, class DI, class V = hn::Vec<DI>>
HWY_INLINE void put_indices(Way way, DI di, V offsets, int64_t base, int64_t* p) {
  put(way, di, hn::Add(offsets, hn::Set(di, static_cast<int32_t>(base))), p);
}

/// Any window, tap after tap in row order, by the whole rule.
template <class Op, int kStep, class D, class Way>
HWY_INLINE void any_vector(D d, const Job& job, const Row& row, const Taps<kStep>& taps, int64_t j, Way way) {
  const AxisPlan& columns = job.plan->columns;
  const Int<D> di;
  const int64_t x = columns.start(j);
  const float* p = row.cells + x;
  auto best = taps.load(d, p);
  auto winner = hn::Zero(di);
  const auto visit = [&](auto v, int64_t offset) HWY_ATTR {
    const auto take = Op::better(v, best);
    best = hn::IfThenElse(take, v, best);
    winner = hn::IfThenElse(hn::RebindMask(di, take), hn::Set(di, static_cast<int32_t>(offset)), winner);
  };
  // Two neighbouring taps of windows 2 apart come from the same two vectors.
  const bool pairs = kStep == 2 && columns.dilation == 1;
  for (int64_t a = 0; a < row.taps; ++a) {
    const float* q = p + a * row.step;
    int64_t b = 0;
    if (pairs) {
      for (; b + 2 <= columns.window; b += 2) {
        const auto lo = hn::LoadU(d, q + b), hi = hn::LoadU(d, q + b + hn::Lanes(d));
        if (a + b > 0) visit(hn::ConcatEven(d, hi, lo), a * row.step + b);
        visit(hn::ConcatOdd(d, hi, lo), a * row.step + b + 1);
      }
    }
    for (; b < columns.window; ++b)
      if (a + b > 0) visit(taps.load(d, q + b * columns.dilation), a * row.step + b * columns.dilation);
  }
  way.put(d, quiet(d, best), row.values + j);
  const auto lanes = hn::Mul(hn::Iota(di, 0), hn::Set(di, static_cast<int32_t>(columns.stride)));
  put_indices(way, di, hn::Add(winner, lanes), row.top * job.plan->in.w + x, row.indices + j);
}

/// Both results go around the caches only if both can.
inline bool may_stream(const Job& job, const Row& row, Span span, size_t lanes) {
  const auto off = [&](const void* p) { return reinterpret_cast<uintptr_t>(p) % (4 * lanes); };
  return job.stream && off(row.values + span.first) == 0 && off(row.indices + span.first) == 0;
}

template <class Op, int kStep>
bool any_rows(const Job& job, const Rows& rows, Span span) {
  const Taps<kStep> taps{job.plan->columns.stride};
  with_vectors(span.last - span.first, [&](auto d) {
    for (int64_t r = 0; r < rows.count; ++r) {
      const Row row = rows.at(r, job);
      if constexpr (std::is_same_v<decltype(d), int>)
        scalar_columns(job, row, span.first, span.last);
      else
        cover(d, span.first, span.last, may_stream(job, row, span, hn::Lanes(d)), row.values,
              [&](int64_t j, auto way) { any_vector<Op>(d, job, row, taps, j, way); });
    }
    return true;
  });
  return true;
}

/// The best cell of column block x in all rows of the window.
template <class Op, class D, class F>
HWY_INLINE Pair<D> best_of_rows(D d, const Row& row, int64_t x, F& finish) {
  const Int<D> di;
  const float* p = row.cells + x;
  auto best = hn::LoadU(d, p);
  finish.look(best, best);
  auto at = hn::Zero(di);
  for (int64_t a = 1; a < row.taps; ++a) {
    const auto v = hn::LoadU(d, p + a * row.step);
    finish.look(v, v);
    const auto take = Op::above(v, best);
    best = hn::IfThenElse(take, v, best);
    at = hn::IfThenElse(hn::RebindMask(di, take), hn::Set(di, static_cast<int32_t>(a * row.step)), at);
  }
  // Iota(di, x) would be put together in memory.
  return {best, hn::Add(at, hn::Add(hn::Iota(di, 0), hn::Set(di, static_cast<int32_t>(x))))};
}

/// Of two cells the better, of equal ones the first in row order: the one with the smaller offset.
template <class Op, class D>
HWY_INLINE Pair<D> best_of(D, const Pair<D>& a, const Pair<D>& b) {
  const Int<D> di;
  const auto above = hn::RebindMask(di, Op::above(b.v, a.v));
  const auto tied = hn::RebindMask(di, hn::Eq(b.v, a.v));
  const auto take = hn::Or(above, hn::And(tied, hn::Lt(b.at, a.at)));
  const D d;
  return {hn::IfThenElse(hn::RebindMask(d, take), b.v, a.v), hn::IfThenElse(take, b.at, a.at)};
}

template <class Op, int kWidth, class D, class F>
HWY_INLINE Pair<D> best_of_block(D d, const Row& row, int64_t x, F& finish) {
  if constexpr (kWidth == 1) {
    return best_of_rows<Op>(d, row, x, finish);
  } else {
    const Int<D> di;
    const auto half = static_cast<int64_t>(hn::Lanes(d)) * (kWidth / 2);
    const Pair<D> a = best_of_block<Op, kWidth / 2>(d, row, x, finish);
    const Pair<D> b = best_of_block<Op, kWidth / 2>(d, row, x + half, finish);
    return best_of<Op>(d, {hn::ConcatEven(d, b.v, a.v), hn::ConcatEven(di, b.at, a.at)},
                       {hn::ConcatOdd(d, b.v, a.v), hn::ConcatOdd(di, b.at, a.at)});
  }
}

/// Blocks one at a time, where there are fewer of them than a vector has lanes.
template <class Op, int kWidth>
bool few_blocks(const Job& job, const Rows& rows, Span span) {
  using D = hn::CappedTag<float, kWidth>;
  const D d;
  const Int<D> di;
  constexpr auto n = static_cast<int64_t>(hn::MaxLanes(D()));
  const int64_t left = span.first * kWidth - job.plan->columns.pad_before;
  Finish<Op, D> look(d, job, rows.row);
  for (int64_t r = 0; r < rows.count; ++r) {
    const Row row = rows.at(r, job);
    for (int64_t j = span.first; j < span.last; ++j) {
      const int64_t x = left + (j - span.first) * kWidth;
      Pair<D> best = best_of_rows<Op>(d, row, x, look);
      for (int64_t k = n; k < kWidth; k += n)
        best = best_of<Op>(d, best, best_of_rows<Op>(d, row, x + k, look));
      if (!look.sure()) return false;  // nothing equals NaN
      const auto first = hn::IfThenElse(hn::RebindMask(di, hn::Eq(best.v, Op::across(d, best.v))), best.at,
                                        hn::Set(di, hwy::HighestValue<int32_t>()));
      const int64_t at = hn::GetLane(hn::MinOfLanes(di, first));
      row.values[j] = row.cells[at];
      row.indices[j] = at + row.top * job.plan->in.w;
    }
  }
  return true;
}

/// Windows as wide as they are apart: 2, 4 or 8 columns.
template <class Op, int kWidth>
bool blocks_rows(const Job& job, const Rows& rows, Span span) {
  const int64_t left = span.first * kWidth - job.plan->columns.pad_before;
  return with_vectors(span.last - span.first, [&](auto d) {
    if constexpr (std::is_same_v<decltype(d), int>) {
      return few_blocks<Op, kWidth>(job, rows, span);
    } else {
      Finish<Op, decltype(d)> finish(d, job, rows.row);
      for (int64_t r = 0; r < rows.count; ++r) {
        const Row row = rows.at(r, job);
        cover(d, span.first, span.last, may_stream(job, row, span, hn::Lanes(d)), row.values,
              [&](int64_t j, auto way) {
                const int64_t x = left + (j - span.first) * kWidth;
                const auto best = best_of_block<Op, kWidth>(d, row, x, finish);
                way.put(d, best.v, row.values + j);
                put_indices(way, Int<decltype(d)>(), best.at, row.top * job.plan->in.w, row.indices + j);
              });
      }
      return finish.sure();
    }
  });
}

template <class Op>
void rows_of(const Job& job, int64_t begin, int64_t end) {
  const AxisPlan& columns = job.plan->columns;
  const Span span{job.columns.first, job.columns.last};
  const auto any = columns.stride == 1   ? any_rows<Op, 1>
                   : columns.stride == 2 ? any_rows<Op, 2>
                                         : any_rows<Op, 0>;
  auto kernel = any;
  if (columns.dilation == 1 && columns.window == columns.stride) {
    if (columns.window == 4) kernel = blocks_rows<Op, 4>;
    if (columns.window == 8) kernel = blocks_rows<Op, 8>;
  }
  visit_rows(job, begin, end, [&](const Rows& rows) {
    const bool inside = rows.row.taps > 0 && span.first < span.last;
    for (int64_t r = 0; r < rows.count; ++r) {
      const Row row = rows.at(r, job);
      scalar_columns(job, row, 0, inside ? span.first : job.plan->out.w);
      if (inside) scalar_columns(job, row, span.last, job.plan->out.w);
    }
    if (inside && !kernel(job, rows, span)) any(job, rows, span);
  });
}

}  // namespace

void indices(const Job& job, int64_t begin, int64_t end) {
  if (job.op == Op::max)
    rows_of<MaxOp>(job, begin, end);
  else if (job.op == Op::min)
    rows_of<MinOp>(job, begin, end);
  else
    for (int64_t unit = begin; unit < end; ++unit)
      scalar_columns(job, row_at(job, unit), 0, job.plan->out.w);
  if (job.stream) hwy::FlushStream();
}

#endif  // POOLSCOPE_NO_VECTORS

}  // namespace poolscope::fast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace poolscope::fast {

HWY_EXPORT(indices);

void forward_indices(const Job& job, int64_t begin, int64_t end) {
  HWY_DYNAMIC_DISPATCH(indices)(job, begin, end);
}

}  // namespace poolscope::fast
#endif

#endif  // POOLSCOPE_SIMD
