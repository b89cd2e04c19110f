// Without Highway this file is empty, and the plain loops of scalar.cpp do the work.
#if defined(POOLSCOPE_SIMD)

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/pooling/fast/vector.cpp"
// clang-format off
#include <hwy/foreach_target.h>
// clang-format on
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "core/pooling/fast/vector-inl.h"

/// Forward kernels, compiled once per kind of vector. Each computes one row of outputs, the columns whose
/// windows lie inside; borders are scalar. Kernels that compare columns before rows say "not sure" where NaN
/// or zeros of both signs are about; that row is then done again by the exact kernel.
HWY_BEFORE_NAMESPACE();
namespace poolscope::fast::HWY_NAMESPACE {

#if POOLSCOPE_NO_VECTORS

void forward(const Job& job, int64_t begin, int64_t end) {
  for (int64_t unit = begin; unit < end; ++unit)
    scalar_columns(job, row_at(job, unit), 0, job.plan->out.w);
}

#else

// Other files have functions of the same names.
namespace {

/// N results of windows kWidth wide and kWidth apart, the first one at column x: halves, quarters ... of the
/// window first.
template <class Op, int kWidth, int kRows, class D, class F>
HWY_INLINE hn::Vec<D> join_block(D d, const Row& row, int64_t x, F& finish) {
  if constexpr (kWidth == 1) {
    return join_rows<Op, kRows>(d, row, x, finish);
  } else {
    const auto half = static_cast<int64_t>(hn::Lanes(d)) * (kWidth / 2);
    const auto a = join_block<Op, kWidth / 2, kRows>(d, row, x, finish);
    const auto b = join_block<Op, kWidth / 2, kRows>(d, row, x + half, finish);
    return Op::join(hn::ConcatEven(d, b, a), hn::ConcatOdd(d, b, a));
  }
}

/// Windows kWidth wide and apart, where there are fewer of them than a vector has lanes: one at a time.
template <class Op, int kWidth, int kRows>
bool few_blocks(const Job& job, const Rows& rows, Span span) {
  if constexpr (kWidth < 4) {
    for (int64_t r = 0; r < rows.count; ++r)
      scalar_columns(job, rows.at(r, job), span.first, span.last);
    return true;
  } else {
    const int64_t left = span.first * kWidth - job.plan->columns.pad_before;
    const hn::CappedTag<float, kWidth> d;
    const hn::CappedTag<float, 1> one;
    constexpr auto n = static_cast<int64_t>(hn::MaxLanes(decltype(d)()));
    Finish<Op, decltype(hn::CappedTag<float, kWidth>())> look(d, job, rows.row);
    Finish<Op, decltype(hn::CappedTag<float, 1>())> finish(one, job, rows.row);
    for (int64_t r = 0; r < rows.count; ++r) {
      const Row row = rows.at(r, job);
      for (int64_t j = span.first; j < span.last; ++j) {
        const int64_t x = left + (j - span.first) * kWidth;
        auto v = join_rows<Op, kRows>(d, row, x, look);
        for (int64_t k = n; k < kWidth; k += n)
          v = Op::join(v, join_rows<Op, kRows>(d, row, x + k, look));
        finish.template put<true>(Plain(), hn::Set(one, hn::GetLane(Op::across(d, v))), row.values + j);
      }
    }
    if (!finish.sure() || !look.sure()) return false;
    return !finish.zeros() || !has_minus_zero(job, rows, left, left + (span.last - span.first) * kWidth);
  }
}

/// Asks for what will be read soon. Where memory is the limit, one or two rows at a time leave the processor
/// too little to wait for: its own prefetching stops at every page.
template <int kRows, class Way>
HWY_INLINE void fetch_ahead(Way, const Row& row, int64_t x, int64_t count) {
  if constexpr (std::is_same_v<Way, Streaming>) {
    constexpr int64_t kAhead = 512, kLine = 16;
    const int64_t rows = kRows > 0 ? kRows : row.taps;
    for (int64_t a = 0; a < rows; ++a)
      for (int64_t k = 0; k < count; k += kLine)
        hwy::Prefetch(row.cells + a * row.step + x + kAhead + k);
  }
}

/// Windows as wide as they are apart: 2, 4 or 8 columns.
template <class Op, int kWidth, int kRows>
bool blocks_rows(const Job& job, const Rows& rows, Span span) {
  const int64_t left = span.first * kWidth - job.plan->columns.pad_before;
  return with_vectors(span.last - span.first, [&](auto d) {
    if constexpr (std::is_same_v<decltype(d), int>) {
      return few_blocks<Op, kWidth, kRows>(job, rows, span);
    } else {
      Finish<Op, decltype(d)> finish(d, job, rows.row);
      for (int64_t r = 0; r < rows.count; ++r) {
        const Row row = rows.at(r, job);
        cover(d, span.first, span.last, job.stream, row.values, [&](int64_t j, auto way) {
          const int64_t x = left + (j - span.first) * kWidth;
          fetch_ahead<kRows>(way, row, x, static_cast<int64_t>(hn::Lanes(d)) * kWidth);
          finish.template put<true>(way, join_block<Op, kWidth, kRows>(d, row, x, finish), row.values + j);
        });
      }
      if (!finish.sure()) return false;
      return !finish.zeros() || !has_minus_zero(job, rows, left, left + (span.last - span.first) * kWidth);
    }
  });
}

/// Windows 3 wide, 2 apart: the first, the second and, one lane further, the first cells of the next window.
template <class Op, int kRows, class D, class F>
HWY_INLINE void three_by_two_row(D d, const Row& row, Span span, int64_t left, bool stream, F& finish,
                                 const Job& job) {
  using V = hn::Vec<D>;
  const auto n = static_cast<int64_t>(hn::Lanes(d));
  V even, odd;
  const auto load = [&](int64_t j) {
    const int64_t x = left + (j - span.first) * 2;
    const V a = join_rows<Op, kRows>(d, row, x, finish), b = join_rows<Op, kRows>(d, row, x + n, finish);
    even = hn::ConcatEven(d, b, a);
    odd = hn::ConcatOdd(d, b, a);
  };
  // The column after the last one that load(j) has seen.
  const auto next_column = [&](int64_t j) {
    const int64_t x = left + (j + n - span.first) * 2;
    const hn::CappedTag<float, 1> one;
    Finish<Op, decltype(hn::CappedTag<float, 1>())> look(one, job, row);
    const auto v = join_rows<Op, kRows>(one, row, x, look);
    if (!look.sure()) finish.look(hn::NaN(d), even);
    return hn::Set(d, hn::GetLane(v));
  };
  const auto emit = [&](int64_t j, V first, V second, V next, auto way) {
    const V v = Op::join(Op::join(first, second), shift_in(d, first, next));
    finish.template put<true>(way, v, row.values + j);
  };
  int64_t j = span.first;
  const auto bytes = reinterpret_cast<uintptr_t>(row.values + j) % (static_cast<uintptr_t>(n) * 4);
  load(j);
  if (stream && bytes == 0) {
    for (; j + 2 * n <= span.last; j += n) {
      const V first = even, second = odd;
      load(j + n);
      emit(j, first, second, even, Streaming());
    }
  }
  for (; j + 2 * n <= span.last; j += n) {
    const V first = even, second = odd;
    load(j + n);
    emit(j, first, second, even, Plain());
  }
  emit(j, even, odd, next_column(j), Plain());
  if (j + n < span.last) {
    j = span.last - n;
    load(j);
    emit(j, even, odd, next_column(j), Plain());
  }
}

template <class Op, int kRows>
bool three_by_two_rows(const Job& job, const Rows& rows, Span span) {
  const int64_t left = span.first * 2 - job.plan->columns.pad_before;
  return with_vectors(span.last - span.first, [&](auto d) {
    if constexpr (std::is_same_v<decltype(d), int>) {
      for (int64_t r = 0; r < rows.count; ++r)
        scalar_columns(job, rows.at(r, job), span.first, span.last);
      return true;
    } else {
      Finish<Op, decltype(d)> finish(d, job, rows.row);
      for (int64_t r = 0; r < rows.count; ++r)
        three_by_two_row<Op, kRows>(d, rows.at(r, job), span, left, job.stream, finish, job);
      if (!finish.sure()) return false;
      return !finish.zeros() || !has_minus_zero(job, rows, left, left + (span.last - span.first) * 2 + 1);
    }
  });
}

/// Where three_by_one_rows() works: a plane, and its rows of outputs [begin, end).
struct PlaneRows {
  const float* plane;
  float* values;
  int64_t begin, end;
};

/// N outputs below each other for all of the rows, at the border of the plane too, from columns j on. Goes
/// down the rows with the maxima of the last two in registers. Columns before rows: exact but for NaN.
template <class Op, class D, class Way, class F>
HWY_INLINE void three_by_one_column(D d, const Job& job, const PlaneRows& at, int64_t j, Way way, F& finish) {
  using V = hn::Vec<D>;
  const PoolPlan& plan = *job.plan;
  const auto n = static_cast<int64_t>(hn::Lanes(d));
  const int64_t w = plan.in.w, h = plan.in.h, top = plan.rows.pad_before;
  const V nothing = hn::Set(d, Op::kNothing);
  const int64_t x = j - plan.columns.pad_before;  // of the window's first column
  const bool at_left = x < 0, at_right = x + n + 1 >= w;
  const float* p = at.plane + x;
  const auto across = [&](int64_t y) HWY_ATTR {
    if (y < 0 || y >= h) return nothing;
    const float* q = p + y * w;
    const V b = hn::LoadU(d, q + 1);
    const V a = at_left ? shift_up(d, nothing, b) : hn::LoadU(d, q);
    const V c = at_right && x + n + 1 == w ? shift_in(d, b, nothing) : hn::LoadU(d, q + 2);
    finish.look(a, c);  // together they hold every cell that b holds
    return Op::join(Op::join(a, b), c);
  };
  V first = across(at.begin - top), second = across(at.begin - top + 1);
  for (int64_t i = at.begin; i < at.end; ++i) {
    const V third = across(i - top + 2);
    finish.template put<false>(way, Op::join(Op::join(first, second), third), at.values + i * plan.out.w + j);
    first = second;
    second = third;
  }
}

/// Rows of outputs that three_by_one_band() makes at once.
constexpr int64_t kBand = 4;

/// The maxima of three rows each, for kBand outputs below each other: of six rows every cell is read once,
/// and neighbouring outputs share maxima of two rows.
template <class Op, class D, class F>
HWY_INLINE void join_band(D d, const float* p, int64_t w, hn::Vec<D>* down, F& finish) {
  const auto r0 = hn::LoadU(d, p), r1 = hn::LoadU(d, p + w), r2 = hn::LoadU(d, p + 2 * w);
  const auto r3 = hn::LoadU(d, p + 3 * w), r4 = hn::LoadU(d, p + 4 * w), r5 = hn::LoadU(d, p + 5 * w);
  finish.look(r0, r1);
  finish.look(r2, r3);
  finish.look(r4, r5);
  const auto upper = Op::join(r1, r2), lower = Op::join(r3, r4);
  down[0] = Op::join(r0, upper);
  down[1] = Op::join(upper, r3);
  down[2] = Op::join(r2, lower);
  down[3] = Op::join(lower, r5);
}

/// kBand rows of outputs whose windows lie inside from above to below, columns [first, last) of them, where
/// whole vectors of input lie on both sides. Rows before columns: three registers wide, nothing is read again
/// one column aside. Returns the column after the last one that it made.
template <class Op, class D, class Way, class F>
HWY_INLINE int64_t three_by_one_band(D d, const Job& job, const PlaneRows& at, Span span, Way way,
                                     F& finish) {
  using V = hn::Vec<D>;
  const PoolPlan& plan = *job.plan;
  const auto n = static_cast<int64_t>(hn::Lanes(d));
  const int64_t w = plan.in.w, centre = 1 - plan.columns.pad_before;
  const float* p = at.plane + (at.begin - plan.rows.pad_before) * w + centre;
  float* out = at.values + at.begin * plan.out.w;
  int64_t j = span.first;
  V before[kBand], now[kBand], next[kBand];
  join_band<Op>(d, p + j - n, w, before, finish);
  join_band<Op>(d, p + j, w, now, finish);
  for (; j + n <= span.last && j + centre + 2 * n <= w; j += n) {
    join_band<Op>(d, p + j + n, w, next, finish);
    for (int64_t r = 0; r < kBand; ++r) {
      const V v = Op::join(Op::join(shift_up(d, before[r], now[r]), now[r]), shift_in(d, now[r], next[r]));
      finish.template put<true>(way, v, out + r * plan.out.w + j);
      before[r] = now[r];
      now[r] = next[r];
    }
  }
  return j;
}

/// The first column from which three_by_one_band() works; -1 where rows are too short for it.
template <class D>
int64_t first_of_band(D d, const Job& job, Span span) {
  const PoolPlan& plan = *job.plan;
  const auto n = static_cast<int64_t>(hn::Lanes(d));
  const int64_t j = span.first + n;
  return j + 1 - plan.columns.pad_before + 2 * n <= plan.in.w && j + n <= span.last ? j : -1;
}

/// kBand rows: the middle by bands, the ends as everywhere else.
template <class Op, class D, class F>
HWY_INLINE void three_by_one_few(D d, const Job& job, const PlaneRows& at, Span span, F& finish) {
  const auto column = [&](int64_t j, auto way) { three_by_one_column<Op>(d, job, at, j, way, finish); };
  const auto n = static_cast<int64_t>(hn::Lanes(d));
  const bool stream = job.stream && span.first == 0 && job.plan->out.w % n == 0 &&
                      reinterpret_cast<uintptr_t>(at.values) % (static_cast<uintptr_t>(n) * 4) == 0;
  const bool inside = at.begin >= job.rows.first && at.end <= job.rows.last;
  const int64_t first = inside && at.end - at.begin == kBand ? first_of_band(d, job, span) : -1;
  if (first < 0) return cover(d, span.first, span.last, stream, at.values, column);
  cover(d, span.first, first, false, at.values, column);
  const Span middle{first, span.last};
  const int64_t next = stream ? three_by_one_band<Op>(d, job, at, middle, Streaming(), finish)
                              : three_by_one_band<Op>(d, job, at, middle, Plain(), finish);
  // What is left may be less than a vector wide: the last of them begins earlier.
  if (next < span.last) cover(d, std::min(next, span.last - n), span.last, false, at.values, column);
}

/// 3 x 3 windows 1 apart, on [begin, end) of the rows of a plane, those at its border too.
template <class Op>
bool three_by_one_rows(const Job& job, const PlaneRows& at, Span span) {
  const PoolPlan& plan = *job.plan;
  Row any;
  any.taps = any.framed = 3;
  return with_vectors(span.last - span.first, [&](auto d) {
    if constexpr (std::is_same_v<decltype(d), int>) {
      return false;
    } else {
      Finish<Op, decltype(d)> finish(d, job, any);
      const bool bands = first_of_band(d, job, span) >= 0;
      for (int64_t i = at.begin; i < at.end;) {
        // Rows at the border alone, so that those inside come in whole bands; without bands all at once.
        const bool outside = i < job.rows.first || i >= job.rows.last;
        const int64_t count = !bands    ? at.end - i
                              : outside ? 1
                                        : std::min({kBand, at.end - i, job.rows.last - i});
        three_by_one_few<Op>(d, job, {at.plane, at.values, i, i + count}, span, finish);
        i += count;
      }
      if (!finish.sure()) return false;
      if (!finish.zeros()) return true;
      Row read;
      const int64_t top = std::max<int64_t>(at.begin - plan.rows.pad_before, 0);
      read.cells = at.plane + top * plan.in.w;
      read.step = plan.in.w;
      read.taps = std::min(at.end + 2 - plan.rows.pad_before, plan.in.h) - top;
      return !has_minus_zero(read, 0, plan.in.w);
    }
  });
}

/// Any window: tap after tap in row order, by the whole rule for maxima and minima.
template <class Op, int kStep>
bool any_rows(const Job& job, const Rows& rows, Span span) {
  const AxisPlan& columns = job.plan->columns;
  const Taps<kStep> taps{columns.stride};
  return with_vectors(span.last - span.first, [&](auto d) {
    if constexpr (std::is_same_v<decltype(d), int>) {
      for (int64_t r = 0; r < rows.count; ++r)
        scalar_columns(job, rows.at(r, job), span.first, span.last);
      return true;
    } else {
      Finish<Op, decltype(d)> finish(d, job, rows.row);
      for (int64_t r = 0; r < rows.count; ++r) {
        const Row row = rows.at(r, job);
        cover(d, span.first, span.last, false, row.values, [&](int64_t j, auto way) {
          const float* p = row.cells + columns.start(j);
          auto best = taps.load(d, p);
          for (int64_t a = 0; a < row.taps; ++a) {
            for (int64_t b = a == 0 ? 1 : 0; b < columns.window; ++b) {
              const auto v = taps.load(d, p + a * row.step + b * columns.dilation);
              if constexpr (Op::kSum)
                best = hn::Add(best, v);
              else
                best = hn::IfThenElse(Op::better(v, best), v, best);
            }
          }
          if constexpr (!Op::kSum) best = quiet(d, best);
          finish.template put<false>(way, best, row.values + j);
        });
      }
      return finish.sure();
    }
  });
}

template <class Op>
bool any_rows(const Job& job, const Rows& rows, Span span) {
  switch (job.plan->columns.stride) {
    case 1:
      return any_rows<Op, 1>(job, rows, span);
    case 2:
      return any_rows<Op, 2>(job, rows, span);
    default:
      return any_rows<Op, 0>(job, rows, span);
  }
}

/// Rows that a quicker kernel was not sure of.
template <class Op>
void careful_rows(const Job& job, const Rows& rows, Span span) {
  for (int64_t r = 0; r < rows.count; ++r) {
    if constexpr (Op::kSum)
      scalar_columns(job, rows.at(r, job), span.first, span.last);
    else
      any_rows<Op>(job, Rows{rows.at(r, job)}, span);
  }
}

template <class Op>
using Kernel = bool (*)(const Job&, const Rows&, Span);

/// The kernel for windows with `taps` rows inside.
template <class Op>
Kernel<Op> choose_kernel(const Job& job, int64_t taps) {
  const AxisPlan& columns = job.plan->columns;
  if (columns.dilation != 1) return any_rows<Op>;
  if (columns.window == columns.stride) {
    if (columns.window == 2) return taps == 2 ? blocks_rows<Op, 2, 2> : blocks_rows<Op, 2, 0>;
    if (columns.window == 4) return blocks_rows<Op, 4, 0>;
    if (columns.window == 8) return taps == 8 ? blocks_rows<Op, 8, 8> : blocks_rows<Op, 8, 0>;
  }
  if (columns.window == 3 && columns.stride == 2)
    return taps == 3 ? three_by_two_rows<Op, 3> : three_by_two_rows<Op, 0>;
  return any_rows<Op>;
}

template <class Op>
void sliding_rows(const Job& job, int64_t begin, int64_t end) {
  const Span span{job.columns.first, job.columns.last};
  const int64_t taps = job.plan->rows.window, width = job.plan->out.w;
  const Kernel<Op> inside = choose_kernel<Op>(job, taps);
  visit_rows(job, begin, end, [&](const Rows& rows) {
    if (rows.row.taps == 0 || span.first >= span.last) {
      for (int64_t r = 0; r < rows.count; ++r)
        scalar_columns(job, rows.at(r, job), 0, width);
      return;
    }
    if (span.first > 0 || span.last < width) {
      for (int64_t r = 0; r < rows.count; ++r) {
        scalar_columns(job, rows.at(r, job), 0, span.first);
        scalar_columns(job, rows.at(r, job), span.last, width);
      }
    }
    const Kernel<Op> kernel = rows.row.taps == taps ? inside : choose_kernel<Op>(job, rows.row.taps);
    if (!kernel(job, rows, span)) careful_rows<Op>(job, rows, span);
  });
}

/// Whether three_by_one_rows() can do all of the plane.
template <class Op>
bool is_three_by_one(const Job& job) {
  const auto fits = [](const AxisPlan& axis) {
    return axis.window == 3 && axis.stride == 1 && axis.dilation == 1 && axis.pad_before <= 1 &&
           axis.out + 1 - axis.pad_before <= axis.in;
  };
  return fits(job.plan->rows) && fits(job.plan->columns) && job.plan->out.w >= 4 &&
         (!Op::kSum || job.even_divisor);
}

template <class Op>
void three_by_one(const Job& job, int64_t begin, int64_t end) {
  const PoolPlan& plan = *job.plan;
  // Short groups on wide planes keep the rows in the second-level cache, should they need a second look.
  const int64_t most = std::clamp<int64_t>(65536 / plan.in.w, 4, 64);
  for (int64_t unit = begin; unit < end;) {
    const int64_t plane = unit / plan.out.h, i = unit % plan.out.h;
    const int64_t count = std::min({most, plan.out.h - i, end - unit});
    const Span all{0, plan.out.w};
    float* values = job.output + plane * plan.out.plane();
    const PlaneRows at{job.input + plane * plan.in.plane(), values, i, i + count};
    if (!three_by_one_rows<Op>(job, at, all)) {
      for (int64_t r = 0; r < count; ++r) {
        const Row row = row_at(job, unit + r);
        const Span span{job.columns.first, std::max(job.columns.first, job.columns.last)};
        if (row.taps == 0 || span.first == span.last) {
          scalar_columns(job, row, 0, plan.out.w);
          continue;
        }
        scalar_columns(job, row, 0, span.first);
        careful_rows<Op>(job, Rows{row}, span);
        scalar_columns(job, row, span.last, plan.out.w);
      }
    }
    unit += count;
  }
}

template <class Op>
void rows_of(const Job& job, int64_t begin, int64_t end) {
  if (is_three_by_one<Op>(job))
    three_by_one<Op>(job, begin, end);
  else
    sliding_rows<Op>(job, begin, end);
}

/// Every stride-th cell.
template <int kStep>
void sample_rows(const Job& job, int64_t begin, int64_t end) {
  const PoolPlan& plan = *job.plan;
  const Taps<kStep> taps{plan.columns.stride};
  for (int64_t unit = begin; unit < end; ++unit) {
    const Row row = row_at(job, unit);
    with_vectors(plan.out.w, [&](auto d) {
      if constexpr (std::is_same_v<decltype(d), int>) {
        scalar_columns(job, row, 0, plan.out.w);
      } else {
        cover(d, 0, plan.out.w, job.stream, row.values, [&](int64_t j, auto way) {
          way.put(d, quiet(d, taps.load(d, row.cells + j * plan.columns.stride)), row.values + j);
        });
      }
    });
  }
}

}  // namespace

void forward(const Job& job, int64_t begin, int64_t end) {
  if (job.scalar_only) {
    for (int64_t unit = begin; unit < end; ++unit)
      scalar_columns(job, row_at(job, unit), 0, job.plan->out.w);
    return;
  }
  if (job.indices) return forward_indices(job, begin, end);
  switch (job.op) {
    case Op::max:
      rows_of<MaxOp>(job, begin, end);
      break;
    case Op::min:
      rows_of<MinOp>(job, begin, end);
      break;
    case Op::average:
      rows_of<SumOp>(job, begin, end);
      break;
    case Op::sample:
      if (job.plan->columns.stride == 1)
        sample_rows<1>(job, begin, end);
      else if (job.plan->columns.stride == 2)
        sample_rows<2>(job, begin, end);
      else
        sample_rows<0>(job, begin, end);
      break;
  }
  if (job.stream) hwy::FlushStream();
}

#endif  // POOLSCOPE_NO_VECTORS

}  // namespace poolscope::fast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace poolscope::fast {

HWY_EXPORT(forward);

void forward_rows(const Job& job, int64_t begin, int64_t end) {
  HWY_DYNAMIC_DISPATCH(forward)(job, begin, end);
}

}  // namespace poolscope::fast
#endif

#endif  // POOLSCOPE_SIMD
