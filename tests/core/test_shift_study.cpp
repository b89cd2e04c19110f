#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/random.h"
#include "core/data/builtin.h"
#include "core/pooling/kinds.h"
#include "core/study/shift.h"

using namespace poolscope;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Few different values, so that outputs do stay the same now and then.
Tensor coarse_noise(Shape shape, uint64_t seed, int64_t levels = 5) {
  Random random(seed);
  Tensor tensor(shape);
  for (float& value : tensor.values())
    value = static_cast<float>(random.below(levels)) - 1;
  return tensor;
}

/// T(by) x from the definition, cell by cell.
Tensor plainly_shifted(const Tensor& x, ShiftEdges edges, int64_t margin, Offset by) {
  Shape shape = x.shape();
  if (edges == ShiftEdges::reveal) shape.h -= 2 * margin, shape.w -= 2 * margin;
  Tensor moved(shape);
  for (int64_t n = 0; n < shape.n; ++n)
    for (int64_t c = 0; c < shape.c; ++c)
      for (int64_t i = 0; i < shape.h; ++i)
        for (int64_t j = 0; j < shape.w; ++j) {
          int64_t y = i - by.dy, z = j - by.dx;
          if (edges == ShiftEdges::zero && (y < 0 || y >= shape.h || z < 0 || z >= shape.w)) continue;
          if (edges == ShiftEdges::wrap)
            y = ((y % shape.h) + shape.h) % shape.h, z = ((z % shape.w) + shape.w) % shape.w;
          if (edges == ShiftEdges::replicate)
            y = std::clamp<int64_t>(y, 0, shape.h - 1), z = std::clamp<int64_t>(z, 0, shape.w - 1);
          if (edges == ShiftEdges::reveal) y += margin, z += margin;
          moved.at(n, c, i, j) = x.at(n, c, y, z);
        }
  return moved;
}

bool equal(float a, float b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

/// All metrics of one shift from their definitions, on plainly pooled pictures.
ShiftMetrics plainly_measured(const Tensor& x, ShiftEdges edges, int64_t margin, const PoolSpec& spec,
                              Offset by) {
  const Tensor still = plainly_shifted(x, edges, margin, {0, 0}),
               moved = plainly_shifted(x, edges, margin, by);
  const PoolPlan plan = *validate(spec, still.shape());
  const PoolOutput a = reference_forward(plan, still, true), b = reference_forward(plan, moved, true);
  const Shape out = plan.out;
  double same = 0, squares = 0, norm = 0, kept = 0, along = 0;
  const KindInfo& kind = kind_info(spec.kind);
  const int64_t sh = plan.rows.stride, sw = plan.columns.stride;
  const bool has_stride = kind.uses(kStride), divides = has_stride && by.dy % sh == 0 && by.dx % sw == 0;
  const bool round = edges == ShiftEdges::wrap && out.h * sh == plan.in.h && out.w * sw == plan.in.w;
  const auto difference = [](float u, float v) {
    return equal(u, v) ? 0.0 : (static_cast<double>(u) - v) * (static_cast<double>(u) - v);
  };
  for (int64_t n = 0; n < out.n; ++n)
    for (int64_t c = 0; c < out.c; ++c)
      for (int64_t i = 0; i < out.h; ++i)
        for (int64_t j = 0; j < out.w; ++j) {
          const float u = a.values.at(n, c, i, j), v = b.values.at(n, c, i, j);
          same += equal(u, v);
          squares += difference(u, v);
          norm += static_cast<double>(u) * u;
          if (kind.selects) {
            const auto at = static_cast<size_t>(((n * out.c + c) * out.h + i) * out.w + j);
            const int64_t p = a.indices[at], q = b.indices[at], w = plan.in.w, h = plan.in.h;
            if (p < 0 || q < 0) {
              kept += p == q;
            } else {
              int64_t row = q / w - by.dy, column = q % w - by.dx;
              if (edges == ShiftEdges::wrap) row = (row % h + h) % h, column = (column % w + w) % w;
              kept += row == p / w && column == p % w;
            }
          }
          if (divides) {
            int64_t y = i - by.dy / sh, z = j - by.dx / sw;
            if (round) y = (y % out.h + out.h) % out.h, z = (z % out.w + out.w) % out.w;
            if (y >= 0 && y < out.h && z >= 0 && z < out.w) along += difference(v, a.values.at(n, c, y, z));
          }
        }
  const auto count = static_cast<double>(out.count());
  const auto relative = [&](double sum) {
    const double value = sum == 0 ? 0 : std::sqrt(sum / norm);
    return std::isfinite(value) ? value : kNan;
  };
  return {same / count, relative(squares), kind.selects ? kept / count : kNan,
          divides ? relative(along) : kNan};
}

bool close(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return std::fabs(a - b) <= 2e-6 * std::max(1.0, std::fabs(b));
}

/// Whether the map and the pairs of a few shifts are what the plain loop says.
void check_against_loop(const Tensor& x, const PoolSpec& spec, ShiftEdges edges, int64_t range, int threads) {
  const Result<ShiftField> field = shift_field(x, edges, range);
  REQUIRE(field.ok());
  const Result<PoolPlan> plan = validate(spec, field->shape);
  REQUIRE(plan.ok());
  const ShiftMap map = shift_map(*field, *plan, range, {.threads = threads});
  REQUIRE(static_cast<int64_t>(map.metrics.size()) == map.side() * map.side());
  for (int64_t dy = -range; dy <= range; ++dy)
    for (int64_t dx = -range; dx <= range; ++dx) {
      const ShiftMetrics expected = plainly_measured(x, edges, range, spec, {dy, dx});
      const ShiftPair pair = shift_pair(*field, *plan, {dy, dx});
      for (const ShiftMeasure& measure : shift_measures()) {
        CAPTURE(measure.name);
        CAPTURE(dy);
        CAPTURE(dx);
        CHECK(close(map.at({dy, dx}).*measure.value, expected.*measure.value));
        CHECK(close(pair.metrics.*measure.value, expected.*measure.value));
      }
    }
}

/// Pools a 1 x 8 line in windows of two.
Tensor line_pooled(const PoolSpec& spec, Offset by) {
  const TensorPtr line = make_builtin("line8");
  const ShiftField field = *shift_field(*line, ShiftEdges::wrap, 1);
  return pool_shifted(field, *validate(spec, line->shape()), by).values;
}

}  // namespace

TEST_CASE("shift metrics of every kind are those of a plain loop, for every way to fill the edge") {
  const Tensor x = coarse_noise({2, 2, 15, 17}, 7);
  for (const ShiftEdgesInfo& edges : all_shift_edges())
    for (const KindInfo& info : all_kinds()) {
      CAPTURE(info.name);
      CAPTURE(edges.name);
      PoolSpec spec{.kind = info.kind, .window = {3, 2}, .stride = {2, 1}, .output_size = {3, 4}};
      if (info.kind == Kind::aps) spec.stride = {1, 1};
      check_against_loop(x, spec, edges.edges, 3, 1);
    }
}

TEST_CASE("padding, dilation, ceil, overlap, strides larger than shifts: still those of a plain loop") {
  const Tensor x = coarse_noise({1, 2, 16, 20}, 8);
  for (const Kind kind : {Kind::max, Kind::average, Kind::min, Kind::max_blur, Kind::blur, Kind::l2,
                          Kind::none, Kind::stochastic}) {
    CAPTURE(kind_info(kind).name);
    const bool pads = kind_info(kind).allows_padding;
    std::vector<PoolSpec> specs = {{.kind = kind, .window = {2, 2}, .stride = {2, 2}},
                                   {.kind = kind, .window = {3, 3}, .stride = {5, 7}},
                                   {.kind = kind, .window = {2, 3}, .stride = {1, 1}, .dilation = {2, 2}}};
    if (pads) specs.push_back({.kind = kind, .window = {3, 3}, .stride = {2, 2}, .padding = {1, 1}});
    if (kind_info(kind).uses(kRounding))
      specs.push_back({.kind = kind, .window = {3, 3}, .stride = {3, 3}, .rounding = Rounding::ceil});
    if (kind == Kind::average)
      specs.push_back({.kind = kind, .window = {3, 3}, .stride = {2, 2}, .dialect = Dialect::keras_same});
    for (const PoolSpec& spec : specs)
      for (const ShiftEdges edges : {ShiftEdges::wrap, ShiftEdges::replicate})
        check_against_loop(x, spec, edges, 4, 2);
  }
}

TEST_CASE("NaN, infinities and very large values are compared by the whole rule") {
  Tensor x = coarse_noise({1, 1, 12, 12}, 9);
  x.at(0, 0, 3, 4) = std::numeric_limits<float>::quiet_NaN();
  x.at(0, 0, 8, 8) = std::numeric_limits<float>::infinity();
  for (const Kind kind : {Kind::max, Kind::average, Kind::none, Kind::stochastic})
    check_against_loop(x, {.kind = kind}, ShiftEdges::wrap, 2, 1);
  Tensor large = coarse_noise({1, 1, 12, 12}, 9);
  for (float& value : large.values())
    value *= 1e30f;
  check_against_loop(large, {.kind = Kind::max}, ShiftEdges::zero, 2, 1);
}

TEST_CASE("a shift by nothing changes nothing") {
  const Tensor x = coarse_noise({1, 3, 18, 18}, 10, 1000);
  for (const ShiftEdgesInfo& edges : all_shift_edges())
    for (const KindInfo& info : all_kinds()) {
      CAPTURE(info.name);
      const PoolSpec spec{.kind = info.kind, .output_size = {3, 3}};
      const ShiftField field = *shift_field(x, edges.edges, 1);
      const ShiftMetrics here = shift_map(field, *validate(spec, field.shape), 1).at({0, 0});
      CHECK(here.unchanged == 1);
      CHECK(here.relative_change == 0);
      CHECK((here.winners_kept == 1 || (!info.selects && std::isnan(here.winners_kept))));
      CHECK((here.equivariance_error == 0 || !info.uses(kStride)));
    }
}

TEST_CASE("around the edge a shift by the stride is a pure permutation for every window-local kind") {
  const Tensor x = coarse_noise({1, 2, 12, 12}, 11, 1000);
  for (const KindInfo& info : all_kinds()) {
    // Draws belong to places; and without a stride there is nothing to shift by. A blur mirrors at the edge.
    if (info.random || !info.window_local || !info.uses(kStride) || info.geometry == Geometry::blurred)
      continue;
    CAPTURE(info.name);
    for (const int64_t stride : {2, 3, 4}) {
      const PoolSpec spec{.kind = info.kind, .window = {stride, stride}, .stride = {stride, stride}};
      const ShiftField field = *shift_field(x, ShiftEdges::wrap, 4);
      const PoolPlan plan = *validate(spec, x.shape());
      const ShiftMap map = shift_map(field, plan, 4);
      const auto sorted = [](const Tensor& tensor) {
        std::vector<float> values(tensor.values().begin(), tensor.values().end());
        std::sort(values.begin(), values.end());
        return values;
      };
      for (const Offset by : {Offset{stride, 0}, Offset{0, -stride}, Offset{stride, stride}}) {
        CHECK(map.at(by).equivariance_error == 0);
        CHECK(sorted(pool_shifted(field, plan, by).values) == sorted(pool_shifted(field, plan, {}).values));
      }
      CHECK(map.at({stride, 0}).unchanged < 1);
      CHECK(std::isnan(map.at({stride, 1}).equivariance_error));
    }
  }
}

TEST_CASE("the textbook's example: four of four outputs stay, although 35 of 36 inputs change") {
  const TensorPtr wide = shift_surroundings("shift6");
  REQUIRE(wide);
  CHECK_FALSE(shift_surroundings("textbook"));
  const ShiftField field = *shift_field(*wide, ShiftEdges::reveal, 8);
  const Tensor still = shifted(field, {0, 0}), moved = shifted(field, {0, 1});
  CHECK(still.same_bits(*make_builtin("shift6")));
  CHECK(moved.same_bits(Tensor::matrix({{1, 1, 2, 0, 7, 1},
                                        {3, 0, 9, 2, 3, 2},
                                        {2, 3, 0, 1, 2, 1},
                                        {3, 2, 4, 0, 1, 0},
                                        {2, 6, 0, 1, 2, 1},
                                        {1, 2, 4, 0, 1, 8}})));
  const PoolSpec spec{.window = {3, 3}, .stride = {3, 3}};
  const ShiftPair pair = shift_pair(field, *validate(spec, field.shape), {0, 1});
  CHECK(pair.before.values.same_bits(Tensor::matrix({{9, 7}, {6, 8}})));
  CHECK(pair.after.values.same_bits(Tensor::matrix({{9, 7}, {6, 8}})));
  CHECK(pair.outputs_same == 4);
  CHECK(pair.winners_same == 4);
  CHECK(pair.inputs == 36);
  CHECK(pair.inputs_same == 1);
  CHECK(pair.mean_difference == 0);
}

TEST_CASE("Zhang's line: pooled maxima jump when it moves by one, blurred ones much less") {
  PoolSpec spec{.window = {1, 2}, .stride = {1, 2}};
  CHECK(line_pooled(spec, {0, 0}).same_bits(Tensor::matrix({{0, 1, 0, 1}})));
  CHECK(line_pooled(spec, {0, 1}).same_bits(Tensor::matrix({{1, 1, 1, 1}})));
  const TensorPtr line = make_builtin("line8");
  const ShiftField field = *shift_field(*line, ShiftEdges::wrap, 1);
  const ShiftMap map = shift_map(field, *validate(spec, line->shape()), 1);
  CHECK(map.at({0, 1}).unchanged == 0.5);
  CHECK(map.at({0, 1}).relative_change == 1);
}

TEST_CASE("independent values: the formula for maxima is what is measured, and k decides alone") {
  CHECK(independent_unchanged({2, 2}, {1, 1}, {0, 1}) == doctest::Approx(1.0 / 3));
  CHECK(independent_unchanged({3, 3}, {1, 1}, {1, 0}) == doctest::Approx(2.0 / 4));
  CHECK(independent_unchanged({2, 2}, {1, 1}, {1, 1}) == doctest::Approx(1.0 / 7));
  CHECK(independent_unchanged({3, 3}, {1, 1}, {1, 1}) == doctest::Approx(2.0 / 7));
  CHECK(independent_unchanged({4, 4}, {1, 1}, {-1, 1}) == doctest::Approx(9.0 / 23));
  CHECK(independent_unchanged({3, 3}, {1, 1}, {0, 3}) == 0);
  CHECK(independent_unchanged({3, 3}, {1, 1}, {0, 0}) == 1);
  CHECK(independent_change({2, 2}, {1, 1}, {0, 1}, 0, 1) == doctest::Approx(std::sqrt(2.0 / 2)));
  CHECK(independent_change({4, 4}, {1, 1}, {0, 1}, 0, 1) == doctest::Approx(std::sqrt(2.0 / 4)));
  Random random(12);
  Tensor noise(Shape{1, 1, 400, 400});
  for (float& value : noise.values())
    value = static_cast<float>(random.uniform() * 2 + 1);
  const double spread = 2 / std::sqrt(12.0);
  const ShiftField field = *shift_field(noise, ShiftEdges::wrap, 3);
  for (const int64_t k : {2, 3}) {
    for (const int64_t stride : {int64_t{2}, k}) {
      PoolSpec spec{.window = {k, k}, .stride = {stride, stride}};
      const ShiftMap maxima = shift_map(field, *validate(spec, noise.shape()), 3);
      spec.kind = Kind::average;
      const ShiftMap averages = shift_map(field, *validate(spec, noise.shape()), 3);
      for (const Offset by : {Offset{0, 1}, Offset{-1, 0}, Offset{1, 1}, Offset{2, 1}, Offset{0, 3}}) {
        const double expected = independent_unchanged({k, k}, {1, 1}, by);
        CHECK(maxima.at(by).unchanged == doctest::Approx(expected).epsilon(0.03));
        CHECK(maxima.at(by).winners_kept == doctest::Approx(expected).epsilon(0.03));
        CHECK(averages.at(by).relative_change ==
              doctest::Approx(independent_change({k, k}, {1, 1}, by, 2, spread)).epsilon(0.03));
      }
    }
  }
}

TEST_CASE("a map is the same on any number of threads, can be limited to the axes, and can be cancelled") {
  const Tensor x = coarse_noise({1, 3, 300, 260}, 13, 200);
  const ShiftField field = *shift_field(x, ShiftEdges::reveal, 4);
  const PoolPlan plan = *validate({.window = {3, 3}, .stride = {2, 2}, .padding = {1, 1}}, field.shape);
  const ShiftMap one = shift_map(field, plan, 4, {.threads = 1});
  const ShiftMap many = shift_map(field, plan, 4, {.threads = 4});
  const ShiftMap axes = shift_map(field, plan, 4, {.axes_only = true});
  for (int64_t dy = -4; dy <= 4; ++dy)
    for (int64_t dx = -4; dx <= 4; ++dx) {
      CHECK(one.at({dy, dx}).unchanged == many.at({dy, dx}).unchanged);
      CHECK(one.at({dy, dx}).relative_change == many.at({dy, dx}).relative_change);
      if (dy == 0 || dx == 0)
        CHECK(axes.at({dy, dx}).relative_change == one.at({dy, dx}).relative_change);
      else
        CHECK(std::isnan(axes.at({dy, dx}).unchanged));
    }
  const ShiftMap plain = shift_map(field, plan, 4, {.winners = false});
  CHECK(plain.at({1, 2}).relative_change == one.at({1, 2}).relative_change);
  CHECK(std::isnan(plain.at({1, 2}).winners_kept));
  Progress progress;
  progress.cancelled = true;
  shift_map(field, plan, 4, {.progress = &progress});
  CHECK(progress.done == 0);
}

TEST_CASE("reveal needs a larger picture, and says how far it can go") {
  const Tensor x = coarse_noise({1, 1, 12, 20}, 14);
  const Result<ShiftField> none = shift_field(x, ShiftEdges::reveal, 6);
  REQUIRE_FALSE(none.ok());
  CHECK(none.error() == Error("error.shift.no_room")
                            .with("rows", int64_t{12})
                            .with("columns", int64_t{20})
                            .with("range", int64_t{6})
                            .with("most", int64_t{5}));
  CHECK(largest_reveal(x.shape(), {}, 8) == 5);
  CHECK(largest_reveal(x.shape(), {.window = {3, 3}, .stride = {3, 3}}, 8) == 4);
  CHECK(largest_reveal({1, 1, 1, 8}, {.window = {1, 2}, .stride = {1, 2}}, 8) == 0);
  CHECK(largest_reveal({1, 1, 1, 1}, {}, 8) == -1);
}
