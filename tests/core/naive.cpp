#include "tests/core/naive.h"

#include <cmath>
#include <limits>

#include "core/base/random.h"

namespace naive {

namespace {

struct Cell {
  int64_t index;
  double value;
};

bool holds(int64_t cell, int64_t o, int64_t window, int64_t stride, int64_t padding, int64_t dilation) {
  for (int64_t k = 0; k < window; ++k)
    if (o * stride - padding + k * dilation == cell) return true;
  return false;
}

/// Taps that are not past the padding after the input.
int64_t framed(int64_t length, int64_t o, int64_t window, int64_t stride, int64_t padding, int64_t dilation) {
  int64_t count = 0;
  for (int64_t k = 0; k < window; ++k)
    if (o * stride - padding + k * dilation < length + padding) ++count;
  return count;
}

struct Here {
  const PoolSpec& spec;
  std::vector<Cell> cells;
  int64_t framed_cells, plane, row, column;
};

/// Value, index and d value / d cell of one window.
struct One {
  double value = 0;
  int64_t index = -1;
  std::vector<double> slope;
};

void select(One& one, const Here& here, size_t which) {
  one.value = here.cells[which].value;
  one.index = here.cells[which].index;
  one.slope[which] = 1;
}

void largest(One& one, const Here& here, double sign) {
  if (here.cells.empty()) {
    one.value = -sign * std::numeric_limits<double>::infinity();
    return;
  }
  size_t best = 0;
  for (size_t i = 1; i < here.cells.size(); ++i) {
    const double value = here.cells[i].value;
    if (std::isnan(value) || value * sign > here.cells[best].value * sign) best = i;
  }
  select(one, here, best);
}

void average(One& one, const Here& here) {
  double divisor = static_cast<double>(here.spec.count_padding ? here.framed_cells
                                                               : static_cast<int64_t>(here.cells.size()));
  if (here.spec.divisor) divisor = static_cast<double>(*here.spec.divisor);
  for (size_t i = 0; i < here.cells.size(); ++i) {
    one.value += here.cells[i].value;
    one.slope[i] = 1 / divisor;
  }
  if (!here.cells.empty()) one.value /= divisor;
}

void draw(One& one, const Here& here) {
  if (here.cells.empty()) return;
  double total = 0;
  for (const Cell& cell : here.cells)
    total += std::fmax(cell.value, 0);
  const double u = keyed_uniform(here.spec.seed, static_cast<uint64_t>(here.plane),
                                 static_cast<uint64_t>(here.row), static_cast<uint64_t>(here.column));
  size_t which = 0;
  for (double sum = std::fmax(here.cells[0].value, 0); sum < u * total;)
    sum += std::fmax(here.cells[++which].value, 0);
  select(one, here, which);
}

void expectation(One& one, const Here& here) {
  double total = 0;
  for (const Cell& cell : here.cells)
    total += std::fmax(cell.value, 0);
  if (total == 0) return;
  for (const Cell& cell : here.cells)
    one.value += std::fmax(cell.value, 0) / total * cell.value;
  for (size_t i = 0; i < here.cells.size(); ++i)
    if (here.cells[i].value >= 0) one.slope[i] = (2 * here.cells[i].value - one.value) / total;
}

void root_of_squares(One& one, const Here& here) {
  double squares = 0;
  for (const Cell& cell : here.cells)
    squares += cell.value * cell.value;
  const double scale =
      static_cast<double>(here.spec.window.h * here.spec.window.w) / static_cast<double>(here.framed_cells);
  one.value = std::sqrt(squares * scale);
  for (size_t i = 0; i < here.cells.size(); ++i)
    one.slope[i] = one.value == 0 ? 0 : scale * here.cells[i].value / one.value;
}

One evaluate(const Here& here) {
  One one;
  one.slope.assign(here.cells.size(), 0);
  switch (here.spec.kind) {
    case Kind::max:
      largest(one, here, 1);
      break;
    case Kind::min:
      largest(one, here, -1);
      break;
    case Kind::average:
      average(one, here);
      break;
    case Kind::stochastic:
      draw(one, here);
      break;
    case Kind::stochastic_expectation:
      expectation(one, here);
      break;
    case Kind::l2:
      root_of_squares(one, here);
      break;
    case Kind::none:
      select(one, here, 0);
      break;
  }
  return one;
}

}  // namespace

int64_t outputs(int64_t length, int64_t window, int64_t stride, int64_t padding, int64_t dilation,
                Rounding rounding) {
  int64_t count = 0;
  for (;; ++count) {
    const int64_t start = count * stride - padding, last = start + dilation * (window - 1);
    const bool inside = last <= length + padding - 1;
    // Rounding up adds one more window where less than a whole stride is missing, if it starts in the input.
    const bool nearly = last <= length + padding - 1 + (stride - 1) && start < length;
    if (!(rounding == Rounding::floor ? inside : nearly)) return count;
  }
}

Answer pool(const PoolSpec& spec, const Tensor& input, const std::vector<float>& output_gradient) {
  PoolSpec s = spec;
  if (s.kind == Kind::none) s.window = s.dilation = {1, 1};
  const Shape in = input.shape();
  Answer answer;
  answer.out = {in.n, in.c, outputs(in.h, s.window.h, s.stride.h, s.padding.h, s.dilation.h, s.rounding),
                outputs(in.w, s.window.w, s.stride.w, s.padding.w, s.dilation.w, s.rounding)};
  answer.gradient.assign(static_cast<size_t>(in.count()), 0);
  for (int64_t plane = 0; plane < in.n * in.c; ++plane)
    for (int64_t i = 0; i < answer.out.h; ++i)
      for (int64_t j = 0; j < answer.out.w; ++j) {
        Here here{s, {}, 0, plane, i, j};
        for (int64_t y = 0; y < in.h; ++y) {
          if (!holds(y, i, s.window.h, s.stride.h, s.padding.h, s.dilation.h)) continue;
          for (int64_t x = 0; x < in.w; ++x)
            if (holds(x, j, s.window.w, s.stride.w, s.padding.w, s.dilation.w))
              here.cells.push_back({y * in.w + x, input.plane(plane)[y * in.w + x]});
        }
        here.framed_cells = framed(in.h, i, s.window.h, s.stride.h, s.padding.h, s.dilation.h) *
                            framed(in.w, j, s.window.w, s.stride.w, s.padding.w, s.dilation.w);
        const One one = evaluate(here);
        const double g = output_gradient[answer.values.size()];
        for (size_t k = 0; k < here.cells.size(); ++k)
          if (one.slope[k] != 0)
            answer.gradient[static_cast<size_t>(plane * in.h * in.w + here.cells[k].index)] +=
                g * one.slope[k];
        answer.values.push_back(one.value);
        answer.indices.push_back(one.index);
      }
  return answer;
}

}  // namespace naive
