// Without Highway this file is empty, and the plain loops of scalar.cpp do the work.
#if defined(POOLSCOPE_SIMD)

#include <cmath>

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

/// Whether -0 is among columns [first, last) of the input rows of `row`.
bool has_minus_zero(const Row& row, int64_t first, int64_t last) {
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

/// Windows as wide as they are apart: 2, 4 or 8 columns.
template <class Op, int kWidth, int kRows>
bool blocks_row(const Job& job, const Row& row, Span span) {
  const int64_t left = span.first * kWidth - job.plan->columns.pad_before;
  return with_vectors(span.last - span.first, [&](auto d) {
    if constexpr (std::is_same_v<decltype(d), int>) {
      scalar_columns(job, row, span.first, span.last);
      return true;
    } else {
      Finish<Op, decltype(d)> finish(d, job, row);
      cover(d, span.first, span.last, job.stream, row.values, [&](int64_t j, auto way) {
        const int64_t x = left + (j - span.first) * kWidth;
        finish.template put<true>(way, join_block<Op, kWidth, kRows>(d, row, x, finish), row.values + j);
      });
      if (!finish.sure()) return false;
      return !finish.zeros() || !has_minus_zero(row, left, left + (span.last - span.first) * kWidth);
    }
  });
}

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
  if constexpr (hn::MaxLanes(D()) == 8) {
    const V middle = hn::ConcatLowerUpper(d, next, now);
    return hn::CombineShiftRightLanes<1>(d, middle, now);
  }
#endif
  if constexpr (hn::MaxLanes(D()) == 4) return hn::CombineShiftRightLanes<1>(d, next, now);
}

/// Windows 3 wide, 2 apart: the first, the second and, one lane further, the first cells of the next window.
template <class Op, int kRows>
bool three_by_two_row(const Job& job, const Row& row, Span span) {
  const int64_t left = span.first * 2 - job.plan->columns.pad_before;
  return with_vectors(span.last - span.first, [&](auto d) {
    if constexpr (std::is_same_v<decltype(d), int>) {
      scalar_columns(job, row, span.first, span.last);
      return true;
    } else {
      using D = decltype(d);
      using V = hn::Vec<D>;
      const auto n = static_cast<int64_t>(hn::Lanes(d));
      Finish<Op, D> finish(d, job, row);
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
        Finish<Op, decltype(one)> look(one, job, row);
        const auto v = join_rows<Op, kRows>(one, row, x, look);
        if (!look.sure()) finish.look(hn::NaN(d), even);
        return hn::Set(d, hn::GetLane(v));
      };
      const auto emit = [&](int64_t j, V first, V second, V next, auto way) {
        const V v = Op::join(Op::join(first, second), shift_in(d, first, next));
        finish.template put<true>(way, v, row.values + j);
      };
      int64_t j = span.first;
      load(j);
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
      if (!finish.sure()) return false;
      return !finish.zeros() || !has_minus_zero(row, left, left + (span.last - span.first) * 2 + 1);
    }
  });
}

/// kTile rows of 3 x 3 windows 1 apart; `row` is the first of them. Rows first, then columns: exact but for
/// NaN.
template <class Op, int kTile>
bool three_by_one_rows(const Job& job, const Row& row, Span span) {
  const int64_t left = span.first - job.plan->columns.pad_before;
  return with_vectors(span.last - span.first, [&](auto d) {
    if constexpr (std::is_same_v<decltype(d), int>) {
      for (int r = 0; r < kTile; ++r) {
        Row one = row;
        one.cells += r * row.step, one.values += r * job.plan->out.w, one.top += r;
        scalar_columns(job, one, span.first, span.last);
      }
      return true;
    } else {
      using V = hn::Vec<decltype(d)>;
      Finish<Op, decltype(d)> finish(d, job, row);
      cover(d, span.first, span.last, false, row.values, [&](int64_t j, auto way) {
        const float* p = row.cells + left + (j - span.first);
        const auto across = [&](int64_t r) {
          const V a = hn::LoadU(d, p + r * row.step), b = hn::LoadU(d, p + r * row.step + 1),
                  c = hn::LoadU(d, p + r * row.step + 2);
          finish.look(a, c);  // together they hold every cell that b holds
          return Op::join(Op::join(a, b), c);
        };
        V first = across(0), second = across(1);
        for (int r = 0; r < kTile; ++r) {
          const V third = across(r + 2);
          finish.template put<false>(way, Op::join(Op::join(first, second), third),
                                     row.values + r * job.plan->out.w + j);
          first = second;
          second = third;
        }
      });
      return finish.sure();
    }
  });
}

/// Any window: tap after tap in row order, by the whole rule for maxima and minima, with indices if wanted.
template <class Op, int kStep, bool kIndices>
bool any_row(const Job& job, const Row& row, Span span) {
  const AxisPlan& columns = job.plan->columns;
  const Taps<kStep> taps{columns.stride};
  return with_vectors(span.last - span.first, [&](auto d) {
    if constexpr (std::is_same_v<decltype(d), int>) {
      scalar_columns(job, row, span.first, span.last);
      return true;
    } else {
      using V = hn::Vec<decltype(d)>;
      const hn::RebindToSigned<decltype(d)> di;
      Finish<Op, decltype(d)> finish(d, job, row);
      const auto lanes = hn::Mul(hn::Iota(di, 0), hn::Set(di, static_cast<int32_t>(columns.stride)));
      cover(d, span.first, span.last, false, row.values, [&](int64_t j, auto way) {
        const int64_t x = columns.start(j);
        V best = taps.load(d, row.cells + x);
        auto winner = hn::Zero(di);
        for (int64_t a = 0; a < row.taps; ++a) {
          for (int64_t b = a == 0 ? 1 : 0; b < columns.window; ++b) {
            const int64_t offset = a * row.step + b * columns.dilation;
            const V v = taps.load(d, row.cells + x + offset);
            if constexpr (Op::kSum) {
              best = hn::Add(best, v);
            } else {
              const auto take = Op::better(v, best);
              best = hn::IfThenElse(take, v, best);
              if constexpr (kIndices)
                winner = hn::IfThenElse(hn::RebindMask(di, take), hn::Set(di, static_cast<int32_t>(offset)),
                                        winner);
            }
          }
        }
        if constexpr (!Op::kSum) best = quiet(d, best);
        finish.template put<false>(way, best, row.values + j);
        if constexpr (kIndices) {
          const auto base = static_cast<int32_t>(row.top * job.plan->in.w + x);
          const auto index = hn::Add(hn::Add(winner, lanes), hn::Set(di, base));
          const hn::Half<decltype(di)> half;
          const hn::Rebind<int64_t, decltype(half)> wide;
          hn::StoreU(hn::PromoteTo(wide, hn::LowerHalf(half, index)), wide, row.indices + j);
          hn::StoreU(hn::PromoteTo(wide, hn::UpperHalf(half, index)), wide,
                     row.indices + j + hn::Lanes(half));
        }
      });
      return finish.sure();
    }
  });
}

template <class Op, bool kIndices>
bool any_row(const Job& job, const Row& row, Span span) {
  switch (job.plan->columns.stride) {
    case 1:
      return any_row<Op, 1, kIndices>(job, row, span);
    case 2:
      return any_row<Op, 2, kIndices>(job, row, span);
    default:
      return any_row<Op, 0, kIndices>(job, row, span);
  }
}

/// A row that a quicker kernel was not sure of, or has no quicker kernel.
template <class Op>
void careful_row(const Job& job, const Row& row, Span span) {
  if constexpr (Op::kSum)
    scalar_columns(job, row, span.first, span.last);
  else
    job.indices ? any_row<Op, true>(job, row, span) : any_row<Op, false>(job, row, span);
}

template <class Op>
using RowKernel = bool (*)(const Job&, const Row&, Span);

template <class Op, int kWidth>
RowKernel<Op> blocks_kernel(int64_t rows) {
  return rows == kWidth ? blocks_row<Op, kWidth, kWidth> : blocks_row<Op, kWidth, 0>;
}

/// The kernel for windows with `taps` rows inside.
template <class Op>
RowKernel<Op> choose_kernel(const Job& job, int64_t taps) {
  const AxisPlan& columns = job.plan->columns;
  if (job.indices) return any_row<Op, true>;
  if (columns.dilation == 1 && columns.window == columns.stride) {
    if (columns.window == 2) return blocks_kernel<Op, 2>(taps);
    if (columns.window == 4) return blocks_kernel<Op, 4>(taps);
    if (columns.window == 8) return blocks_kernel<Op, 8>(taps);
  }
  if (columns.dilation == 1 && columns.window == 3 && columns.stride == 2)
    return taps == 3 ? three_by_two_row<Op, 3> : three_by_two_row<Op, 0>;
  return any_row<Op, false>;
}

template <class Op>
void rows_of(const Job& job, int64_t begin, int64_t end) {
  constexpr int kTile = 4;
  const PoolPlan& plan = *job.plan;
  const Span span{job.columns.first, job.columns.last};
  const RowKernel<Op> inside = choose_kernel<Op>(job, plan.rows.window);
  const bool tiles = plan.columns.window == 3 && plan.columns.stride == 1 && plan.columns.dilation == 1 &&
                     plan.rows.window == 3 && plan.rows.stride == 1 && plan.rows.dilation == 1 &&
                     !job.indices;
  const auto edges = [&](const Row& row) {
    scalar_columns(job, row, 0, span.first);
    scalar_columns(job, row, span.last, plan.out.w);
  };
  for (int64_t unit = begin; unit < end; ++unit) {
    const Row row = row_at(job, unit);
    if (row.taps == 0 || span.first >= span.last) {
      scalar_columns(job, row, 0, plan.out.w);
      continue;
    }
    const int64_t i = unit % plan.out.h;
    if (tiles && i >= job.rows.first && i + kTile <= job.rows.last && unit + kTile <= end) {
      const bool sure = three_by_one_rows<Op, kTile>(job, row, span);
      for (int r = 0; r < kTile; ++r) {
        const Row one = row_at(job, unit + r);
        edges(one);
        if (!sure) careful_row<Op>(job, one, span);
      }
      unit += kTile - 1;
      continue;
    }
    edges(row);
    const bool whole = row.taps == plan.rows.window;
    const RowKernel<Op> kernel = whole ? inside : choose_kernel<Op>(job, row.taps);
    if (!kernel(job, row, span)) careful_row<Op>(job, row, span);
  }
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
    if (row.indices)
      for (int64_t j = 0; j < plan.out.w; ++j)
        row.indices[j] = row.top * plan.in.w + j * plan.columns.stride;
  }
}

void forward(const Job& job, int64_t begin, int64_t end) {
  if (job.scalar_only) {
    for (int64_t unit = begin; unit < end; ++unit)
      scalar_columns(job, row_at(job, unit), 0, job.plan->out.w);
    return;
  }
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
