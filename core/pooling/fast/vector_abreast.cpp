// Without Highway there are no vectors to lay planes into, and nothing is ever abreast.
#if defined(POOLSCOPE_SIMD)

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/pooling/fast/vector_abreast.cpp"
// clang-format off
#include <hwy/foreach_target.h>
// clang-format on
#include <hwy/aligned_allocator.h>
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <numeric>
#include <vector>

#include "core/pooling/fast/planes-inl.h"
#include "core/pooling/fast/small.h"

/// Small planes side by side: [cell][plane] in scratch memory, a few rows at a time. There are no borders and
/// no short rows then, and any window is plain vector code. Turning cells there and back costs about as much
/// as pooling them.
HWY_BEFORE_NAMESPACE();
namespace poolscope::fast::HWY_NAMESPACE {

#if POOLSCOPE_NO_VECTORS

int64_t lanes() {
  return 0;
}
void forward_groups(const Job&, int64_t, int64_t) {}

#else

// Other files have functions of the same names.
namespace {

/// Four cells of every plane of a group: block b of the vector is four cells of plane 4 b + r, r being the
/// plane that `from` lies in.
template <class D>
HWY_INLINE hn::Vec<D> load_blocks(D d, const float* from, int64_t plane) {
  if constexpr (hn::MaxLanes(D()) == 4) {
    return hn::LoadU(d, from);
  } else {
    const hn::Half<D> half;
    const auto upper = static_cast<int64_t>(hn::Lanes(half)) * plane;
    return hn::Combine(d, load_blocks(half, from + upper, plane), load_blocks(half, from, plane));
  }
}

template <class D, class T>
HWY_INLINE void store_blocks(D d, hn::Vec<D> v, T* to, int64_t plane) {
  if constexpr (hn::MaxLanes(D()) == 4) {
    put(Plain(), d, v, to);
  } else {
    const hn::Half<D> half;
    const auto upper = static_cast<int64_t>(hn::Lanes(half)) * plane;
    store_blocks(half, hn::LowerHalf(half, v), to, plane);
    store_blocks(half, hn::UpperHalf(half, v), to + upper, plane);
  }
}

/// Rows of 4 x 4 blocks become columns, and the other way round.
template <class D>
HWY_INLINE void turn(D d, hn::Vec<D>* v) {
  const auto a = hn::InterleaveLower(d, v[0], v[2]), b = hn::InterleaveLower(d, v[1], v[3]);
  const auto c = hn::InterleaveUpper(d, v[0], v[2]), e = hn::InterleaveUpper(d, v[1], v[3]);
  v[0] = hn::InterleaveLower(d, a, b);
  v[1] = hn::InterleaveUpper(d, a, b);
  v[2] = hn::InterleaveLower(d, c, e);
  v[3] = hn::InterleaveUpper(d, c, e);
}

/// The vectors v[first], v[first + 4] ... as a matrix of blocks: rows become columns.
template <class D>
HWY_INLINE void turn_blocks(D d, hn::Vec<D>* v) {
  if constexpr (hn::MaxLanes(D()) == 8) {
    const auto a = v[0], b = v[4];
    v[0] = hn::ConcatLowerLower(d, b, a);
    v[4] = hn::ConcatUpperUpper(d, b, a);
  } else if constexpr (hn::MaxLanes(D()) == 16) {
    const auto a = hn::ConcatLowerLower(d, v[8], v[0]), b = hn::ConcatLowerLower(d, v[12], v[4]);
    const auto c = hn::ConcatUpperUpper(d, v[8], v[0]), e = hn::ConcatUpperUpper(d, v[12], v[4]);
    v[0] = hn::OddEvenBlocks(hn::SwapAdjacentBlocks(b), a);
    v[4] = hn::OddEvenBlocks(b, hn::SwapAdjacentBlocks(a));
    v[8] = hn::OddEvenBlocks(hn::SwapAdjacentBlocks(e), c);
    v[12] = hn::OddEvenBlocks(e, hn::SwapAdjacentBlocks(c));
  }
}

/// As many vectors as they have lanes, as a matrix: rows become columns.
template <class D>
HWY_INLINE void turn_square(D d, hn::Vec<D>* v) {
  constexpr size_t n = hn::MaxLanes(D());
#pragma GCC unroll 4
  for (size_t q = 0; q < n; q += 4)
    turn(d, v + q);
#pragma GCC unroll 4
  for (size_t r = 0; r < 4; ++r)
    turn_blocks(d, v + r);
}

/// Calls square(c) and block(c) so that squares of n cells and blocks of 4 cover [0, cells), single(c) for
/// what is too little for that. Where the number is no multiple, the last one overlaps.
template <class Square, class Block, class Single>
HWY_INLINE void cover_cells(int64_t cells, int64_t n, Square&& square, Block&& block, Single&& single) {
  int64_t c = 0;
  for (; c + n <= cells; c += n)
    square(c);
  if (cells - c > 4 && cells >= n) return square(cells - n);
  for (; c + 4 <= cells; c += 4)
    block(c);
  if (c < cells && cells >= 4) return block(cells - 4);
  for (; c < cells; ++c)
    single(c);
}

/// Lays `cells` cells of the planes of a group, which are `apart` floats apart, side by side. False where one
/// of them is NaN.
bool lay(const float* planes, int64_t apart, int64_t cells, float* to) {
  constexpr auto n = static_cast<int64_t>(hn::MaxLanes(Wide()));
  auto nan = no_lanes(kWide);
  bool fine = true;
  cover_cells(
      cells, n,
      [&](int64_t c) HWY_ATTR {
        V v[n];
#pragma GCC unroll 16
        for (int64_t p = 0; p < n; ++p)
          v[p] = hn::LoadU(kWide, planes + p * apart + c);
#pragma GCC unroll 16
        for (int64_t p = 0; p < n; p += 2)
          nan = hn::Or(nan, either_nan(kWide, v[p], v[p + 1]));
        turn_square(kWide, v);
#pragma GCC unroll 16
        for (int64_t k = 0; k < n; ++k)
          hn::Store(v[k], kWide, to + (c + k) * n);
      },
      [&](int64_t c) HWY_ATTR {
        V v[4];
        for (int64_t r = 0; r < 4; ++r)
          v[r] = load_blocks(kWide, planes + r * apart + c, apart);
        nan = hn::Or(nan, hn::Or(either_nan(kWide, v[0], v[1]), either_nan(kWide, v[2], v[3])));
        turn(kWide, v);
        for (int64_t r = 0; r < 4; ++r)
          hn::Store(v[r], kWide, to + (c + r) * n);
      },
      [&](int64_t c) {
        for (int64_t p = 0; p < n; ++p) {
          const float value = planes[p * apart + c];
          to[c * n + p] = value;
          fine &= value == value;
        }
      });
  return fine && hn::AllFalse(kWide, nan);
}

/// The way back: `T` is float, or int64_t for cell numbers.
template <class Way, class D, class From, class T>
void pick_up(Way way, D d, const From* from, int64_t cells, T* planes, int64_t apart) {
  constexpr auto n = static_cast<int64_t>(hn::MaxLanes(D()));
  cover_cells(
      cells, n,
      [&](int64_t c) HWY_ATTR {
        hn::Vec<D> v[n];
#pragma GCC unroll 16
        for (int64_t k = 0; k < n; ++k)
          v[k] = hn::Load(d, from + (c + k) * n);
        turn_square(d, v);
        // The last square may begin anywhere.
        const bool aligned = c % n == 0;
#pragma GCC unroll 16
        for (int64_t p = 0; p < n; ++p) {
          if (aligned)
            put(way, d, v[p], planes + p * apart + c);
          else
            put(Plain(), d, v[p], planes + p * apart + c);
        }
      },
      [&](int64_t c) HWY_ATTR {
        hn::Vec<D> v[4];
        for (int64_t r = 0; r < 4; ++r)
          v[r] = hn::Load(d, from + (c + r) * n);
        turn(d, v);
        for (int64_t r = 0; r < 4; ++r)
          store_blocks(d, v[r], planes + r * apart + c, apart);
      },
      [&](int64_t c) {
        for (int64_t p = 0; p < n; ++p)
          planes[p * apart + c] = from[c * n + p];
      });
}

/// Where results are more than the caches hold, and every plane begins at a border of the memory's lines.
template <class D, class From, class T>
void pick_up(D d, const From* from, int64_t cells, T* planes, int64_t apart, bool stream) {
  constexpr int64_t kLine = 64;
  const bool aligned = reinterpret_cast<uintptr_t>(planes) % kLine == 0 &&
                       apart % (kLine / static_cast<int64_t>(sizeof(T))) == 0;
  if (stream && aligned)
    pick_up(Streaming(), d, from, cells, planes, apart);
  else
    pick_up(Plain(), d, from, cells, planes, apart);
}

/// The divisors of a row of outputs.
void divisors(const Job& job, const Reach& row, const std::vector<Reach>& columns, float* to) {
  Row counted;
  counted.taps = row.count;
  counted.framed = row.window.framed;
  for (const Reach& column : columns)
    *to++ =
        row.count * column.count == 0 ? 1.0f : static_cast<float>(divisor_of(job, counted, column.window));
}

/// Memory for so many floats, kept by each thread for its next call: new memory costs more than pooling.
float* scratch(int64_t count) {
  thread_local hwy::AlignedFreeUniquePtr<float[]> memory;
  thread_local int64_t size = 0;
  if (size < count) {
    memory = hwy::AllocateAligned<float>(static_cast<size_t>(count));
    size = count;
  }
  return memory.get();
}

/// Rows that are turned at once: enough for whole squares, few enough for the first-level cache; whole lines
/// of memory where that is possible.
int64_t rows_at_once(int64_t height, int64_t width) {
  constexpr int64_t kCells = 200, kLine = 16;
  const int64_t whole = kLine / std::gcd(kLine, width), rows = (kCells - 1) / width + 1;
  return std::min(whole <= rows ? (rows + whole - 1) / whole * whole : rows, height);
}

/// Forward, one group after the other, from above to below, a few rows at a time. Each row of cells is pooled
/// along itself once, for all outputs that read it; these lines are pooled downwards. The first best cell
/// stays the first in row order: what comes later must be better.
template <class Op>
class Forward {
 public:
  explicit Forward(const Job& job)
      : job_(job),
        plan_(*job.plan),
        n_(static_cast<int64_t>(hn::Lanes(kWide))),
        rows_in_(rows_at_once(plan_.in.h, plan_.in.w)),
        rows_out_(rows_at_once(plan_.out.h, plan_.out.w)),
        held_(std::min(plan_.rows.extent(), plan_.in.h) + rows_in_),
        rows_(reaches(plan_.rows)),
        columns_(reaches(plan_.columns)),
        divisors_(static_cast<size_t>(plan_.out.w)),
        lines_(static_cast<size_t>(plan_.rows.window)),
        read_(static_cast<size_t>(plan_.in.h)) {
    for (const Reach& row : rows_)
      for (int64_t a = 0; a < row.count; ++a)
        read_[static_cast<size_t>(row.cell + a * plan_.rows.dilation)] = true;
    const int64_t cells = rows_in_ * plan_.in.w * n_, outputs = rows_out_ * plan_.out.w * n_;
    const int64_t lines = held_ * plan_.out.w * n_;
    x_ = scratch(cells + (outputs + lines) * (Op::kSum ? 1 : 2));
    y_ = x_ + cells;
    line_values_ = y_ + outputs;
    if constexpr (!Op::kSum) {
      winners_ = reinterpret_cast<int32_t*>(line_values_ + lines);
      line_winners_ = winners_ + outputs;
    }
  }

  void group(int64_t group) {
    const int64_t plane = group * n_;
    if (!pool(plane)) forward_rows(job_, plane * plan_.out.h, (plane + n_) * plan_.out.h);
  }

 private:
  /// False where a cell is NaN, or a sum was too large for float.
  bool pool(int64_t plane) {
    laid_ = 0;
    const float* from = job_.input + plane * plan_.in.plane();
    bool fine = true;
    for (int64_t i = 0; i < plan_.out.h && fine; ++i) {
      const Reach& row = rows_[static_cast<size_t>(i)];
      if (row.count > 0)
        while (laid_ <= row.cell + (row.count - 1) * plan_.rows.dilation)
          fine &= make_lines(from);
      find_lines(row);
      if constexpr (Op::kSum)
        fine &= sum_down(i, row);
      else
        best_down(i, row);
      if (i + 1 == plan_.out.h || (i + 1) % rows_out_ == 0) write(plane, i / rows_out_ * rows_out_, i + 1);
    }
    return fine;
  }

  void write(int64_t plane, int64_t begin, int64_t end) {
    const int64_t outputs = plan_.out.plane(), at = plane * outputs + begin * plan_.out.w;
    const int64_t count = (end - begin) * plan_.out.w;
    pick_up(kWide, y_, count, job_.output + at, outputs, job_.stream);
    if constexpr (!Op::kSum) pick_up(kInts, winners_, count, job_.indices + at, outputs, job_.stream);
  }

  /// Where the line of row y lies.
  int64_t place(int64_t y) const { return y % held_ * plan_.out.w * n_; }

  /// Lays the next rows of cells, and makes their lines.
  bool make_lines(const float* from) {
    const int64_t begin = laid_;
    laid_ = std::min(begin + rows_in_, plan_.in.h);
    const bool fine = lay(from + begin * plan_.in.w, plan_.in.plane(), (laid_ - begin) * plan_.in.w, x_);
    for (int64_t y = begin; y < laid_; ++y)
      if (read_[static_cast<size_t>(y)]) make_line(y, x_ + (y - begin) * plan_.in.w * n_);
    return fine;
  }

  void make_line(int64_t y, const float* cells) {
    const int64_t first = job_.columns.first, last = std::max(first, job_.columns.last);
    line_part<0>(y, cells, 0, first);
    if (plan_.columns.window == 2)
      line_part<2>(y, cells, first, last);
    else if (plan_.columns.window == 3)
      line_part<3>(y, cells, first, last);
    else
      line_part<0>(y, cells, first, last);
    line_part<0>(y, cells, last, plan_.out.w);
  }

  /// kTaps: of all these windows, 0 where each has its own number inside the input.
  template <int kTaps>
  void line_part(int64_t y, const float* cells, int64_t begin, int64_t end) {
    const int64_t at = place(y), step = plan_.columns.dilation * n_;
    const VI next = hn::Set(kInts, static_cast<int32_t>(plan_.columns.dilation));
    for (int64_t j = begin; j < end; ++j) {
      const Reach& column = columns_[static_cast<size_t>(j)];
      const int64_t taps = kTaps > 0 ? kTaps : column.count;
      float* value_to = line_values_ + at + j * n_;
      if (taps == 0) {
        hn::Store(hn::Set(kWide, Op::kNothing), kWide, value_to);
        if constexpr (!Op::kSum) hn::Store(hn::Set(kInts, -1), kInts, line_winners_ + at + j * n_);
        continue;
      }
      const float* p = cells + column.cell * n_;
      if constexpr (Op::kSum) {
        V sum = hn::Load(kWide, p);
        for (int64_t b = 1; b < taps; ++b)
          sum = hn::Add(sum, hn::Load(kWide, p + b * step));
        hn::Store(sum, kWide, value_to);
      } else {
        VI here = hn::Set(kInts, static_cast<int32_t>(y * plan_.in.w + column.cell));
        Best best{hn::Load(kWide, p), here};
        for (int64_t b = 1; b < taps; ++b) {
          here = hn::Add(here, next);
          take_better<Op>(best, hn::Load(kWide, p + b * step), here);
        }
        hn::Store(best.value, kWide, value_to);
        hn::Store(best.cell, kInts, line_winners_ + at + j * n_);
      }
    }
  }

  /// Where the lines of a row of outputs begin.
  void find_lines(const Reach& row) {
    for (int64_t a = 0; a < row.count; ++a)
      lines_[static_cast<size_t>(a)] = place(row.cell + a * plan_.rows.dilation);
  }

  void best_down(int64_t i, const Reach& row) {
    float* value_to = y_ + i % rows_out_ * plan_.out.w * n_;
    int32_t* winner_to = winners_ + i % rows_out_ * plan_.out.w * n_;
    if (row.count == 0) {
      for (int64_t j = 0; j < plan_.out.w; ++j) {
        hn::Store(hn::Set(kWide, Op::kNothing), kWide, value_to + j * n_);
        hn::Store(hn::Set(kInts, -1), kInts, winner_to + j * n_);
      }
      return;
    }
    with_taps(row.count, [&](auto taps) HWY_ATTR {
      const float* values = line_values_;
      const int32_t* winners = line_winners_;
      for (int64_t k = 0; k < plan_.out.w * n_; k += n_) {
        Best best{hn::Load(kWide, values + lines_[0] + k), hn::Load(kInts, winners + lines_[0] + k)};
        for (int64_t a = 1; a < taps; ++a) {
          const int64_t at = lines_[static_cast<size_t>(a)] + k;
          take_better<Op>(best, hn::Load(kWide, values + at), hn::Load(kInts, winners + at));
        }
        hn::Store(best.value, kWide, value_to + k);
        hn::Store(best.cell, kInts, winner_to + k);
      }
    });
  }

  bool sum_down(int64_t i, const Reach& row) {
    float* value_to = y_ + i % rows_out_ * plan_.out.w * n_;
    divisors(job_, row, columns_, divisors_.data());
    auto large = no_lanes(kWide);
    with_taps(row.count, [&](auto taps) HWY_ATTR {
      const float* divisor = divisors_.data();
      for (int64_t k = 0; k < plan_.out.w * n_; k += n_) {
        V sum = hn::Zero(kWide);  // -0 alone sums to 0
        for (int64_t a = 0; a < taps; ++a)
          sum = hn::Add(sum, hn::Load(kWide, line_values_ + lines_[static_cast<size_t>(a)] + k));
        sum = hn::Div(sum, hn::Set(kWide, *divisor++));
        large = hn::Or(large, hn::Not(hn::Lt(hn::Abs(sum), hn::Set(kWide, hwy::HighestValue<float>()))));
        hn::Store(sum, kWide, value_to + k);
      }
    });
    return hn::AllFalse(kWide, large);
  }

  const Job& job_;
  const PoolPlan& plan_;
  const int64_t n_;
  const int64_t rows_in_, rows_out_;  ///< turned at once
  const int64_t held_;                ///< lines
  const std::vector<Reach> rows_, columns_;
  std::vector<float> divisors_;
  std::vector<int64_t> lines_;  ///< by tap of the row of outputs at hand
  std::vector<bool> read_;      ///< rows of cells that a window reads
  int64_t laid_ = 0;            ///< rows of cells
  float *x_, *y_, *line_values_;
  int32_t *winners_ = nullptr, *line_winners_ = nullptr;
};

template <class Op>
void forward_of(const Job& job, int64_t begin, int64_t end) {
  Forward<Op> memory(job);
  for (int64_t group = begin; group < end; ++group)
    memory.group(group);
  if (job.stream) hwy::FlushStream();
}

}  // namespace

int64_t lanes() {
  return static_cast<int64_t>(hn::Lanes(kWide));
}

void forward_groups(const Job& job, int64_t begin, int64_t end) {
  if (job.op == Op::max) return forward_of<MaxOp>(job, begin, end);
  if (job.op == Op::min) return forward_of<MinOp>(job, begin, end);
  forward_of<SumOp>(job, begin, end);
}

#endif  // POOLSCOPE_NO_VECTORS

}  // namespace poolscope::fast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace poolscope::fast {

HWY_EXPORT(lanes);
HWY_EXPORT(forward_groups);

int64_t planes_abreast() {
  return HWY_DYNAMIC_DISPATCH(lanes)();
}

void forward_abreast(const Job& job, int64_t begin, int64_t end) {
  HWY_DYNAMIC_DISPATCH(forward_groups)(job, begin, end);
}

}  // namespace poolscope::fast
#endif

#endif  // POOLSCOPE_SIMD
