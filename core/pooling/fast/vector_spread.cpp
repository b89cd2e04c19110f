// Without Highway backward.cpp does all of it.
#if defined(POOLSCOPE_SIMD)

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/pooling/fast/vector_spread.cpp"
// clang-format off
#include <hwy/foreach_target.h>
// clang-format on
#include <hwy/aligned_allocator.h>
#include <hwy/highway.h>

#include <vector>

#include "core/pooling/fast/planes-inl.h"
#include "core/pooling/fast/small.h"

/// Gradients of averages on small planes, by tables of which outputs a vector of cells gets its parts from:
/// any window is the same few loads, and no row is too short.
HWY_BEFORE_NAMESPACE();
namespace poolscope::fast::HWY_NAMESPACE {

#if POOLSCOPE_NO_VECTORS

void spread(const Job&, const float*, float*, int64_t, int64_t) {}

#else

// Other files have functions of the same names.
namespace {

/// One load for a vector of cells: lane k gets output first + lanes[k], where `mask` has all bits set.
struct Part {
  int64_t first = 0;
  alignas(64) int32_t lanes[kLanes] = {};
  alignas(64) int32_t mask[kLanes] = {};
};

/// How a row of outputs is spread along itself.
struct Spread {
  std::vector<Part> parts;
  std::vector<size_t> ends;  ///< of the parts of each vector of cells
  bool in_order = false;     ///< no lane changes its place

  /// The t-th readers of neighbouring cells are neighbours: a vector holds them, unless windows are dilated.
  /// What does not fit into one part begins another.
  explicit Spread(const AxisPlan& axis) : in_order(axis.stride == 1 && axis.dilation == 1) {
    const std::vector<std::vector<int64_t>> readers = readers_of(axis);
    for (int64_t x = 0; x < axis.in; x += kLanes) {
      const size_t begin = parts.size();
      for (int64_t k = 0; k < std::min(kLanes, axis.in - x); ++k)
        for (const int64_t output : readers[static_cast<size_t>(x + k)])
          put(begin, k, output);
      ends.push_back(parts.size());
    }
  }

 private:
  void put(size_t begin, int64_t lane, int64_t output) {
    const auto k = static_cast<size_t>(lane);
    for (size_t p = begin; p < parts.size(); ++p) {
      Part& part = parts[p];
      const int64_t from = output - part.first;
      if (part.mask[k] != 0 || from < 0 || from >= kLanes || (in_order && from != lane)) continue;
      part.lanes[k] = static_cast<int32_t>(from);
      part.mask[k] = -1;
      return;
    }
    Part& part = parts.emplace_back();
    part.first = in_order ? output - lane : output;
    part.lanes[k] = static_cast<int32_t>(output - part.first);
    part.mask[k] = -1;
  }
};

/// One plane after the other: rows of outputs are divided and spread along themselves, then each row of cells
/// is the sum of those that reach it.
class Planes {
 public:
  explicit Planes(const Job& job)
      : plan_(*job.plan),
        in_pitch_(whole_vectors(plan_.in.w) * kLanes),
        out_pitch_(whole_vectors(plan_.out.w) * kLanes),
        spread_(plan_.columns),
        divisors_(static_cast<size_t>(plan_.out.h * out_pitch_), 1.0f),
        lines_(hwy::AllocateAligned<float>(static_cast<size_t>(plan_.out.h * in_pitch_))),
        // A load may begin before the first output, or end after the last one.
        share_pitch_(out_pitch_ + 2 * kLanes),
        shares_(hwy::AllocateAligned<float>(static_cast<size_t>(plan_.out.h * share_pitch_))),
        row_(static_cast<size_t>(out_pitch_)) {
    std::fill_n(shares_.get(), plan_.out.h * share_pitch_, 0.0f);
    for (int64_t i = 0; i < plan_.out.h; ++i)
      find_divisors(job, i);
    for (const std::vector<int64_t>& rows : readers_of(plan_.rows)) {
      for (const int64_t i : rows)
        lines_read_.push_back(i * in_pitch_);
      ends_.push_back(lines_read_.size());
    }
  }

  void plane(int64_t plane, const float* output_gradient, float* input_gradient) {
    const float* end = output_gradient + plan_.out.count();
    for (int64_t i = 0; i < plan_.out.h; ++i) {
      const float* from = output_gradient + (plane * plan_.out.h + i) * plan_.out.w;
      if (from + out_pitch_ > end) from = copy(from);
      divide(from, divisors_.data() + i * out_pitch_, shares_.get() + i * share_pitch_ + kLanes);
    }
    // Only now: what was just written cannot be read at other borders of vectors without waiting.
    for (int64_t i = 0; i < plan_.out.h; ++i) {
      const float* shares = shares_.get() + i * share_pitch_ + kLanes;
      float* line = lines_.get() + i * in_pitch_;
      if (spread_.in_order)
        spread_along<true>(shares, line);
      else
        spread_along<false>(shares, line);
    }
    float* to = input_gradient + plane * plan_.in.plane();
    size_t begin = 0;
    for (const size_t end_of_row : ends_) {
      const int64_t* lines = lines_read_.data() + begin;
      with_taps(static_cast<int64_t>(end_of_row - begin),
                [&](auto count) HWY_ATTR { sum_down(lines, count, to); });
      begin = end_of_row;
      to += plan_.in.w;
    }
  }

 private:
  void find_divisors(const Job& job, int64_t i) {
    const AxisWindow rows = axis_window(plan_.rows, i);
    Row row;
    row.taps = rows.valid();
    row.framed = rows.framed;
    for (int64_t j = 0; j < plan_.out.w; ++j) {
      const AxisWindow columns = axis_window(plan_.columns, j);
      if (row.taps * columns.valid() > 0)
        divisors_[static_cast<size_t>(i * out_pitch_ + j)] =
            static_cast<float>(divisor_of(job, row, columns));
    }
  }

  /// The last rows of the tensor are not read past its end.
  const float* copy(const float* from) {
    std::copy_n(from, plan_.out.w, row_.begin());
    return row_.data();
  }

  void divide(const float* from, const float* divisors, float* to) {
    for (int64_t j = 0; j < out_pitch_; j += kLanes)
      hn::StoreU(hn::Div(hn::LoadU(kWide, from + j), hn::LoadU(kWide, divisors + j)), kWide, to + j);
  }

  template <bool kInOrder>
  void spread_along(const float* shares, float* line) {
    const Part* part = spread_.parts.data();
    for (const size_t end : spread_.ends) {
      V sum = hn::Zero(kWide);  // -0 alone sums to 0
      for (const Part* last = spread_.parts.data() + end; part < last; ++part) {
        V v = hn::LoadU(kWide, shares + part->first);
        if constexpr (!kInOrder) v = hn::TableLookupLanes(v, hn::SetTableIndices(kWide, part->lanes));
        sum = hn::Add(sum, hn::And(v, hn::BitCast(kWide, hn::Load(kInts, part->mask))));
      }
      hn::Store(sum, kWide, line);
      line += kLanes;
    }
  }

  /// `count` lines make one row of cells.
  template <class Count>
  void sum_down(const int64_t* lines, Count count, float* to) {
    for (int64_t x = 0; x < plan_.in.w; x += kLanes) {
      V sum = hn::Zero(kWide);
      for (int64_t k = 0; k < count; ++k)
        sum = hn::Add(sum, hn::Load(kWide, lines_.get() + lines[k] + x));
      put_some(kWide, sum, to + x, plan_.in.w - x);
    }
  }

  const PoolPlan& plan_;
  const int64_t in_pitch_, out_pitch_;  ///< floats from row to row in the memory here: whole vectors
  const Spread spread_;
  std::vector<float> divisors_;
  hwy::AlignedFreeUniquePtr<float[]> lines_;
  const int64_t share_pitch_;
  hwy::AlignedFreeUniquePtr<float[]> shares_;
  std::vector<float> row_;
  std::vector<int64_t> lines_read_;  ///< by row of cells, one row after the other
  std::vector<size_t> ends_;         ///< of the rows in it
};

}  // namespace

void spread(const Job& job, const float* output_gradient, float* input_gradient, int64_t begin, int64_t end) {
  Planes memory(job);
  for (int64_t plane = begin; plane < end; ++plane)
    memory.plane(plane, output_gradient, input_gradient);
}

#endif  // POOLSCOPE_NO_VECTORS

}  // namespace poolscope::fast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace poolscope::fast {

HWY_EXPORT(spread);

void spread_average(const Job& job, const float* output_gradient, float* input_gradient, int64_t begin,
                    int64_t end) {
  HWY_DYNAMIC_DISPATCH(spread)(job, output_gradient, input_gradient, begin, end);
}

}  // namespace poolscope::fast
#endif

#endif  // POOLSCOPE_SIMD
