#include "core/study/compare.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

#include "core/base/thread_pool.h"
#include "core/pooling/kinds.h"
#include "core/pooling/pool.h"
#include "core/pooling/trace.h"
#include "core/study/compare_grid.h"

namespace poolscope {

namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

double quotient(double kept, double whole) {
  return whole > 0 || whole < 0 ? kept / whole : kNothing;
}

struct Moments {
  double mean = 0, spread = 0;
};

Moments moments(const Tensor& tensor) {
  const Shape& shape = tensor.shape();
  const int64_t rows = shape.planes() * shape.h;
  if (shape.count() == 0) return {};
  const auto row = [&](int64_t r) { return tensor.data() + r * shape.w; };
  const auto n = static_cast<double>(shape.count());
  const double mean = sum_of_rows(rows,
                                  [&](int64_t r) {
                                    double sum = 0;
                                    for (int64_t x = 0; x < shape.w; ++x)
                                      sum += row(r)[x];
                                    return sum;
                                  }) /
                      n;
  const double squares = sum_of_rows(rows, [&](int64_t r) {
    double sum = 0;
    for (int64_t x = 0; x < shape.w; ++x)
      sum += (row(r)[x] - mean) * (row(r)[x] - mean);
    return sum;
  });
  return {mean, std::sqrt(squares / n)};
}

/// E(u) of a tensor stretched to h x w, without stretching it: cells that are repeated have no difference.
double edge_sum(const Tensor& tensor, int64_t h, int64_t w) {
  const Shape& shape = tensor.shape();
  const std::vector<GridRun> rows = grid_runs(h, shape.h), columns = grid_runs(w, shape.w);
  double total = 0;
  for (int64_t plane = 0; plane < shape.planes(); ++plane) {
    const float* cells = tensor.plane(plane);
    total += sum_of_rows(static_cast<int64_t>(rows.size()), [&](int64_t r) {
      const auto at = static_cast<size_t>(r);
      const float* here = cells + rows[at].cell * shape.w;
      const float* next = at + 1 < rows.size() ? cells + rows[at + 1].cell * shape.w : nullptr;
      double along = 0, across = 0;
      for (size_t c = 0; c < columns.size(); ++c) {
        const auto value = static_cast<double>(here[columns[c].cell]);
        if (c + 1 < columns.size()) along += std::fabs(here[columns[c + 1].cell] - value);
        if (next != nullptr)
          across += std::fabs(next[columns[c].cell] - value) * static_cast<double>(columns[c].count);
      }
      return along * static_cast<double>(rows[at].count) + across;
    });
  }
  return total;
}

double squared_error(const Tensor& input, const Tensor& output) {
  const Shape &in = input.shape(), &out = output.shape();
  const std::vector<int64_t> rows = grid_map(in.h, out.h), columns = grid_map(in.w, out.w);
  return sum_of_rows(in.planes() * in.h, [&](int64_t r) {
    const float* x = input.data() + r * in.w;
    const float* y = output.plane(r / in.h) + rows[static_cast<size_t>(r % in.h)] * out.w;
    double sum = 0;
    for (int64_t i = 0; i < in.w; ++i) {
      const double d = static_cast<double>(x[i]) - y[columns[static_cast<size_t>(i)]];
      sum += d * d;
    }
    return sum;
  });
}

Tensor channel_mean(const Tensor& tensor) {
  const Shape& shape = tensor.shape();
  Tensor grey(Shape{1, 1, shape.h, shape.w});
  run_in_pieces(shape.plane(), hardware_threads(), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      double sum = 0;
      for (int64_t c = 0; c < shape.c; ++c)
        sum += tensor.plane(c)[i];
      grey.data()[i] = static_cast<float>(sum / static_cast<double>(shape.c));
    }
  });
  return grey;
}

Tensor neighbourhood(const Tensor& plane, Kind kind) {
  PoolSpec spec;
  spec.kind = kind;
  spec.window = {3, 3};
  spec.stride = {1, 1};
  spec.padding = {1, 1};
  const Result<PoolPlan> plan = validate(spec, plane.shape());
  assert(plan.ok() && "a window of 3 with padding 1 fits everything");
  return forward(*plan, plane).values;
}

/// Sum over the plane of weight * (value - ground), or the other way round for dark strokes.
double stroke_sum(const Yardstick& yardstick, const Tensor& grey_output, bool bright) {
  const Shape &in = yardstick.grey.shape(), &out = grey_output.shape();
  const std::vector<int64_t> rows = grid_map(in.h, out.h), columns = grid_map(in.w, out.w);
  const Tensor& ground = bright ? yardstick.opened : yardstick.closed;
  return sum_of_rows(in.h, [&](int64_t r) {
    const float *x = yardstick.grey.data() + r * in.w, *o = ground.data() + r * in.w;
    const float* y = grey_output.data() + rows[static_cast<size_t>(r)] * out.w;
    double sum = 0;
    for (int64_t i = 0; i < in.w; ++i)
      sum += (static_cast<double>(x[i]) - o[i]) *
             (static_cast<double>(y[columns[static_cast<size_t>(i)]]) - o[i]);
    return sum;
  });
}

}  // namespace

Tensor batch_item(const Tensor& input, int64_t n) {
  const Shape& shape = input.shape();
  Tensor item(Shape{1, shape.c, shape.h, shape.w});
  const float* from = input.plane(n * shape.c);
  std::copy(from, from + item.count(), item.data());
  return item;
}

double value_range(const Tensor& input) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const float value : input.values()) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, static_cast<double>(value));
    high = std::max(high, static_cast<double>(value));
  }
  return low < high ? high - low : 1;
}

Tensor inverted(const Tensor& input, bool is_picture) {
  float turn = 255;
  if (!is_picture) {
    float low = std::numeric_limits<float>::infinity(), high = -low;
    for (const float value : input.values()) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
    turn = low <= high ? low + high : 0;
  }
  Tensor turned(input.shape());
  std::transform(input.values().begin(), input.values().end(), turned.values().begin(),
                 [turn](float value) { return turn - value; });
  return turned;
}

Yardstick make_yardstick(const Tensor& input, double peak, Progress* progress) {
  Yardstick yardstick;
  const auto stopped = [&] { return progress != nullptr && progress->cancelled; };
  yardstick.peak = peak;
  const Moments known = moments(input);
  yardstick.mean = known.mean;
  yardstick.spread = known.spread;
  yardstick.edges = edge_sum(input, input.shape().h, input.shape().w);
  yardstick.grey = channel_mean(input);
  if (stopped()) return yardstick;
  yardstick.opened = neighbourhood(neighbourhood(yardstick.grey, Kind::min), Kind::max);
  if (stopped()) return yardstick;
  yardstick.closed = neighbourhood(neighbourhood(yardstick.grey, Kind::max), Kind::min);
  yardstick.bright = stroke_sum(yardstick, yardstick.grey, true);
  yardstick.dark = stroke_sum(yardstick, yardstick.grey, false);
  return yardstick;
}

CompareMetrics measure(const Yardstick& yardstick, const Tensor& input, const Tensor& output) {
  CompareMetrics metrics;
  const Moments after = moments(output);
  metrics.mean = after.mean;
  metrics.mean_kept = quotient(after.mean, yardstick.mean);
  metrics.spread_kept = quotient(after.spread, yardstick.spread);
  metrics.edges_kept = quotient(edge_sum(output, input.shape().h, input.shape().w), yardstick.edges);
  const Tensor grey = channel_mean(output);
  metrics.bright_kept = quotient(stroke_sum(yardstick, grey, true), yardstick.bright);
  metrics.dark_kept = quotient(stroke_sum(yardstick, grey, false), yardstick.dark);
  const double error = squared_error(input, output) / static_cast<double>(input.count());
  metrics.psnr = 10 * std::log10(yardstick.peak * yardstick.peak / error);
  metrics.bytes = output.count() * static_cast<int64_t>(sizeof(float));
  return metrics;
}

RepeatedPooling pool_again(const Yardstick& yardstick, const Tensor& input, const PoolSpec& spec, int depths,
                           int shown, Progress* progress, Progress* step) {
  RepeatedPooling again;
  again.metrics.push_back(yardstick.untouched ? *yardstick.untouched : measure(yardstick, input, input));
  Tensor present;
  bool taken = false;
  for (int depth = 1; depth <= depths; ++depth) {
    const Tensor& before = depth == 1 ? input : present;
    PoolSpec drawn = spec;
    drawn.seed = spec.seed + static_cast<uint64_t>(depth - 1);
    const Result<PoolPlan> plan = validate(drawn, before.shape());
    if (!plan.ok()) break;
    present = forward(*plan, before, false, step).values;
    if ((progress != nullptr && progress->cancelled) || (step != nullptr && step->cancelled)) break;
    again.metrics.push_back(measure(yardstick, input, present));
    if (progress != nullptr) ++progress->done;
    again.reached = std::min(depth, shown);
    taken = depth == shown;
    if (taken) again.output = present;
  }
  if (again.reached < shown || shown == 0) again.output = again.reached == 0 ? input : std::move(present);
  return again;
}

Tensor difference_map(const Tensor& reference, const Tensor& output, Shape grid, int64_t channel,
                      int64_t largest_side) {
  const auto plane = [channel](const Tensor& tensor) {
    if (channel < 0) return channel_mean(tensor);
    Tensor one(Shape{1, 1, tensor.shape().h, tensor.shape().w});
    const float* from = tensor.plane(channel);
    std::copy(from, from + one.count(), one.data());
    return one;
  };
  const Tensor a = plane(reference), b = plane(output);
  const int64_t block = std::max<int64_t>(1, (std::max(grid.h, grid.w) + largest_side - 1) / largest_side);
  Tensor map(Shape{1, 1, (grid.h + block - 1) / block, (grid.w + block - 1) / block});
  const std::vector<int64_t> rows_a = grid_map(grid.h, a.shape().h),
                             columns_a = grid_map(grid.w, a.shape().w);
  const std::vector<int64_t> rows_b = grid_map(grid.h, b.shape().h),
                             columns_b = grid_map(grid.w, b.shape().w);
  run_in_pieces(map.shape().h, hardware_threads(), [&](int64_t begin, int64_t end) {
    for (int64_t y = begin * block; y < std::min(end * block, grid.h); ++y) {
      const float* from_a = a.data() + rows_a[static_cast<size_t>(y)] * a.shape().w;
      const float* from_b = b.data() + rows_b[static_cast<size_t>(y)] * b.shape().w;
      float* to = map.data() + y / block * map.shape().w;
      for (int64_t x = 0; x < grid.w; ++x) {
        const auto at = static_cast<size_t>(x);
        const float d = from_a[columns_a[at]] - from_b[columns_b[at]];
        if (std::fabs(d) > std::fabs(to[x / block]) || std::isnan(d)) to[x / block] = d;
      }
    }
  });
  return map;
}

std::optional<PoolPlan> dense_plan(const PoolPlan& plan) {
  const Geometry geometry = kind_info(plan.spec.kind).geometry;
  if (geometry != Geometry::sliding && geometry != Geometry::sampling && geometry != Geometry::blurred)
    return std::nullopt;
  PoolSpec spec = plan.spec;
  spec.stride = {1, 1};
  const Result<PoolPlan> dense = validate(spec, plan.in);
  if (!dense.ok()) return std::nullopt;
  const bool same_start =
      dense->rows.pad_before == plan.rows.pad_before && dense->columns.pad_before == plan.columns.pad_before;
  const bool reaches = (plan.out.h - 1) * plan.spec.stride.h < dense->out.h &&
                       (plan.out.w - 1) * plan.spec.stride.w < dense->out.w;
  if (!same_start || !reaches) return std::nullopt;
  return *dense;
}

Tensor subsample(const Tensor& dense, Size2 stride, Shape out) {
  const Shape& in = dense.shape();
  Tensor kept(Shape{in.n, in.c, out.h, out.w});
  for (int64_t plane = 0; plane < in.planes(); ++plane)
    for (int64_t y = 0; y < out.h; ++y)
      for (int64_t x = 0; x < out.w; ++x)
        kept.plane(plane)[y * out.w + x] = dense.plane(plane)[y * stride.h * in.w + x * stride.w];
  return kept;
}

DrawCounts count_draws(const PoolPlan& plan, const Tensor& input, int64_t channel, int64_t step,
                       int64_t draws, Progress* progress) {
  assert(plan.spec.kind == Kind::stochastic);
  DrawCounts counts;
  std::map<double, DrawCounts::Outcome> outcomes;
  PoolPlan drawn = plan;
  double sum = 0;
  for (int64_t i = 0; i < draws; ++i) {
    if (progress != nullptr && progress->cancelled) return counts;
    drawn.spec.seed = plan.spec.seed + static_cast<uint64_t>(i);
    const StepRecord record = step_at(drawn, input, 0, channel, step);
    if (i == 0)
      for (const Tap& tap : record.taps)
        if (tap.weight > 0) outcomes[tap.value].chance += tap.weight;
    ++outcomes[record.result].count;
    sum += record.result;
  }
  for (auto& [value, outcome] : outcomes) {
    outcome.value = value;
    counts.outcomes.push_back(outcome);
  }
  counts.draws = draws;
  counts.mean = draws > 0 ? sum / static_cast<double>(draws) : 0;
  drawn.spec.kind = Kind::stochastic_expectation;
  counts.expectation = step_at(drawn, input, 0, channel, step).result;
  return counts;
}

Tensor stripe_pattern(int64_t height, int64_t width, double period) {
  Tensor stripes(Shape{1, 1, height, width});
  for (int64_t x = 0; x < width; ++x) {
    const auto half = static_cast<int64_t>(std::floor(2 * static_cast<double>(x) / period));
    for (int64_t y = 0; y < height; ++y)
      stripes.at(0, 0, y, x) = half % 2 == 0 ? 255.0f : 0.0f;
  }
  return stripes;
}

std::vector<double> row_spectrum(const Tensor& picture) {
  const int64_t h = picture.shape().h, w = picture.shape().w;
  std::vector<double> cosine(static_cast<size_t>(w)), sine(static_cast<size_t>(w));
  for (int64_t i = 0; i < w; ++i) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(w);
    cosine[static_cast<size_t>(i)] = std::cos(angle);
    sine[static_cast<size_t>(i)] = std::sin(angle);
  }
  std::vector<double> amplitudes;
  for (int64_t j = 0; j <= w / 2; ++j) {
    double power = 0;
    for (int64_t y = 0; y < h; ++y) {
      double real = 0, imaginary = 0;
      for (int64_t x = 0; x < w; ++x) {
        const auto angle = static_cast<size_t>(j * x % w);
        real += picture.at(0, 0, y, x) * cosine[angle];
        imaginary += picture.at(0, 0, y, x) * sine[angle];
      }
      power += real * real + imaginary * imaginary;
    }
    const double scale = (j == 0 || 2 * j == w ? 1.0 : 2.0) / static_cast<double>(w);
    amplitudes.push_back(scale * std::sqrt(power / static_cast<double>(h)));
  }
  return amplitudes;
}

}  // namespace poolscope
