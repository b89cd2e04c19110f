#include "tests/core/naive.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "core/base/random.h"

namespace naive {

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

/// The positions that one window looks at along one axis, in input cells; padding included.
struct Line {
  std::vector<int64_t> positions;
  int64_t framed = 0;  ///< positions that are not past the padding after the input
};
using Lines = std::vector<Line>;

struct Walk {
  int64_t length, window, stride, dilation, before, after;
  bool up;         ///< one more window where less than a stride is missing
  bool keep_late;  ///< even if it starts past the input
};

Lines walk(const Walk& w) {
  Lines lines;
  for (int64_t o = 0;; ++o) {
    const int64_t start = o * w.stride - w.before, last = start + w.dilation * (w.window - 1);
    const int64_t end = w.length + w.after;  // of the frame
    const bool fits = last < end, nearly = last < end + w.stride - 1;
    const bool taken = w.up ? nearly && (w.keep_late || start < w.length) : fits;
    if (!taken) return lines;
    Line line;
    for (int64_t k = 0; k < w.window; ++k) {
      line.positions.push_back(start + k * w.dilation);
      line.framed += start + k * w.dilation < end;
    }
    lines.push_back(line);
  }
}

/// TensorFlow's SAME: a window for every stride-th cell; what is missing is added half before, half after.
Lines walk_same(int64_t length, int64_t window, int64_t stride, int64_t dilation, bool more_before) {
  int64_t count = 0;
  while (count * stride < length)
    ++count;
  int64_t missing = (count - 1) * stride + dilation * (window - 1) + 1 - length;
  if (missing < 0) missing = 0;
  const int64_t before = more_before ? missing - missing / 2 : missing / 2;
  Lines lines;
  for (int64_t o = 0; o < count; ++o) {
    Line line;
    for (int64_t k = 0; k < window; ++k)
      line.positions.push_back(o * stride - before + k * dilation);
    line.framed = window;
    lines.push_back(line);
  }
  return lines;
}

Lines sliding(const PoolSpec& s, int64_t length, bool rows, bool padded) {
  const int64_t window = rows ? s.window.h : s.window.w, stride = rows ? s.stride.h : s.stride.w,
                dilation = rows ? s.dilation.h : s.dilation.w, padding = rows ? s.padding.h : s.padding.w;
  Walk w{length, window, stride, dilation, padding, padding, s.rounding == Rounding::ceil, false};
  switch (s.dialect) {
    case Dialect::pytorch:
      return walk(w);
    case Dialect::keras_valid:
      return walk({length, window, stride, dilation, 0, 0, false, false});
    case Dialect::keras_same:
      return walk_same(length, window, stride, dilation, false);
    case Dialect::caffe:
      w.up = true;
      w.keep_late = !padded;
      return walk(w);
    case Dialect::onnx:
      break;
  }
  if (s.auto_pad == AutoPad::valid) return walk({length, window, stride, dilation, 0, 0, false, false});
  if (s.auto_pad != AutoPad::none)
    return walk_same(length, window, stride, dilation, s.auto_pad == AutoPad::same_lower);
  if (s.pads) {
    w.before = rows ? s.pads->top : s.pads->left;
    w.after = rows ? s.pads->bottom : s.pads->right;
  }
  w.keep_late = s.opset < 22;
  return walk(w);
}

Line span_of(int64_t from, int64_t to) {
  Line line;
  for (int64_t cell = from; cell < to; ++cell)
    line.positions.push_back(cell);
  line.framed = to - from;
  return line;
}

Lines fractional(int64_t length, int64_t window, int64_t outputs, uint64_t key, int64_t plane) {
  const double u = keyed_uniform(key, static_cast<uint64_t>(plane), 0, 0);
  Lines lines;
  for (int64_t o = 0; o < outputs; ++o) {
    int64_t start = length - window;
    if (o + 1 < outputs) {
      const double alpha = static_cast<double>(length - window) / static_cast<double>(outputs - 1);
      start = static_cast<int64_t>((static_cast<double>(o) + u) * alpha) - static_cast<int64_t>(u * alpha);
    }
    lines.push_back(span_of(start, start + window));
  }
  return lines;
}

Lines lines_of(const PoolSpec& s, int64_t length, bool rows, int64_t plane) {
  const int64_t stride = rows ? s.stride.h : s.stride.w, size = rows ? s.output_size.h : s.output_size.w;
  Lines lines;
  switch (s.kind) {
    case Kind::none:
      for (int64_t cell = 0; cell < length; cell += stride)
        lines.push_back(span_of(cell, cell + 1));
      return lines;
    case Kind::global_max:
    case Kind::global_average:
      return {span_of(0, length)};
    case Kind::adaptive_max:
    case Kind::adaptive_average:
      for (int64_t o = 0; o < size; ++o) {
        int64_t from = 0, to = length;  // floor(o L / O), ceil((o + 1) L / O), by search
        while ((from + 1) * size <= o * length)
          ++from;
        while ((to - 1) * size >= (o + 1) * length)
          --to;
        lines.push_back(span_of(from, to));
      }
      return lines;
    case Kind::fractional_max:
      return fractional(length, rows ? s.window.h : s.window.w, size, mix_bits(s.seed) + (rows ? 1 : 2),
                        plane);
    default:
      break;
  }
  bool padded = s.padding.h > 0 || s.padding.w > 0;
  if (s.pads) padded = s.pads->top + s.pads->left + s.pads->bottom + s.pads->right > 0;
  return sliding(s, length, rows, padded);
}

struct Cell {
  int64_t index;
  double value;
};

struct Here {
  const PoolSpec& spec;
  std::vector<Cell> cells;
  int64_t whole, framed, plane, row, column;
  double count() const { return static_cast<double>(cells.size()); }
};

/// Value, index and d value / d cell of one window.
struct One {
  double value = 0;
  int64_t index = -1;
  std::vector<double> slope;
};

int64_t largest_at(const Here& here, double sign) {
  int64_t best = here.cells.empty() ? -1 : 0;
  for (size_t i = 1; i < here.cells.size(); ++i) {
    const double value = here.cells[i].value;
    if (std::isnan(value) || value * sign > here.cells[static_cast<size_t>(best)].value * sign)
      best = static_cast<int64_t>(i);
  }
  return best;
}

void select(One& one, const Here& here, int64_t which) {
  one.value = here.cells[static_cast<size_t>(which)].value;
  one.index = here.cells[static_cast<size_t>(which)].index;
  one.slope[static_cast<size_t>(which)] = 1;
}

void extreme(One& one, const Here& here, double sign) {
  const int64_t best = largest_at(here, sign);
  if (best < 0)
    one.value = -sign * kInf;
  else
    select(one, here, best);
}

double divisor(const Here& here) {
  const PoolSpec& s = here.spec;
  if (s.kind == Kind::global_average || s.kind == Kind::adaptive_average) return here.count();
  if (s.divisor) return static_cast<double>(*s.divisor);
  switch (s.dialect) {
    case Dialect::keras_valid:
    case Dialect::keras_same:
      return here.count();
    case Dialect::caffe:
      return static_cast<double>(here.framed);
    case Dialect::pytorch:
      return s.count_padding ? static_cast<double>(here.framed) : here.count();
    case Dialect::onnx:
      break;
  }
  if (!s.count_padding) return here.count();
  return static_cast<double>(s.opset >= 19 ? here.framed : here.whole);
}

void average(One& one, const Here& here) {
  for (size_t i = 0; i < here.cells.size(); ++i) {
    one.value += here.cells[i].value;
    one.slope[i] = 1 / divisor(here);
  }
  if (!here.cells.empty()) one.value /= divisor(here);
}

void mixed(One& one, const Here& here) {
  const double lambda = here.spec.mix;
  average(one, here);
  const int64_t best = largest_at(here, 1);
  const double largest = best < 0 ? -kInf : here.cells[static_cast<size_t>(best)].value;
  if (lambda > 0) one.value = lambda * largest + (lambda < 1 ? (1 - lambda) * one.value : 0);
  for (double& slope : one.slope)
    slope *= 1 - lambda;
  if (best >= 0) one.slope[static_cast<size_t>(best)] += lambda;
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
  select(one, here, static_cast<int64_t>(which));
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

void lp(One& one, const Here& here, double p) {
  if (here.cells.empty()) return;
  const bool torch = here.spec.dialect == Dialect::pytorch;
  double sum = 0;
  for (const Cell& cell : here.cells)
    sum += std::pow(torch ? cell.value : std::fabs(cell.value), p);
  double scale = 1;
  if (here.spec.normalise == Normalise::mean)
    scale = 1 / here.count();
  else if (torch)
    scale = static_cast<double>(here.whole) / static_cast<double>(here.framed);
  one.value = std::pow(sum * scale, 1 / p);
  for (size_t i = 0; i < here.cells.size(); ++i) {
    const double x = here.cells[i].value;
    if (one.value == 0 || (x == 0 && p < 1)) continue;
    // d (S c)^(1/p) / dx with S = sum x^p: c S'/p (S c)^(1/p - 1).
    const double inner =
        torch ? std::pow(x, p - 1) : std::copysign(x == 0 ? 0.0 : std::pow(std::fabs(x), p - 1), x);
    one.slope[i] = scale * inner * std::pow(sum * scale, 1 / p - 1);
  }
}

void log_sum_exp(One& one, const Here& here) {
  const double r = here.spec.sharpness;
  if (here.cells.empty()) {
    one.value = r == 0 ? 0 : r > 0 ? -kInf : kInf;
    return;
  }
  double sum = 0, plain = 0;
  for (const Cell& cell : here.cells) {
    sum += std::exp(r * cell.value);
    plain += cell.value;
  }
  one.value = r == 0 ? plain / here.count() : std::log(sum / here.count()) / r;
  for (size_t i = 0; i < here.cells.size(); ++i)
    one.slope[i] = std::exp(r * here.cells[i].value) / sum;
}

void softpool(One& one, const Here& here) {
  double sum = 0;
  for (const Cell& cell : here.cells)
    sum += std::exp(cell.value);
  for (const Cell& cell : here.cells)
    one.value += std::exp(cell.value) / sum * cell.value;
  for (size_t i = 0; i < here.cells.size(); ++i)
    one.slope[i] = std::exp(here.cells[i].value) / sum * (1 + here.cells[i].value - one.value);
}

One evaluate(const Here& here) {
  One one;
  one.slope.assign(here.cells.size(), 0);
  switch (here.spec.kind) {
    case Kind::max:
    case Kind::global_max:
    case Kind::adaptive_max:
    case Kind::fractional_max:
      extreme(one, here, 1);
      break;
    case Kind::min:
      extreme(one, here, -1);
      break;
    case Kind::average:
    case Kind::global_average:
    case Kind::adaptive_average:
      average(one, here);
      break;
    case Kind::mixed:
      mixed(one, here);
      break;
    case Kind::stochastic:
      draw(one, here);
      break;
    case Kind::stochastic_expectation:
      expectation(one, here);
      break;
    case Kind::l2:
      lp(one, here, 2);
      break;
    case Kind::lp:
      lp(one, here, here.spec.norm);
      break;
    case Kind::log_sum_exp:
      log_sum_exp(one, here);
      break;
    case Kind::softpool:
      softpool(one, here);
      break;
    case Kind::none:
      select(one, here, 0);
      break;
    case Kind::blur:
    case Kind::max_blur:
    case Kind::aps:
      break;  // not a matter of one window
  }
  return one;
}

void pool_windows(const PoolSpec& s, const Tensor& input, int64_t plane, const std::vector<float>& gy,
                  Answer& answer) {
  const Shape in = input.shape();
  const Lines rows = lines_of(s, in.h, true, plane), columns = lines_of(s, in.w, false, plane);
  answer.out = {in.n, in.c, static_cast<int64_t>(rows.size()), static_cast<int64_t>(columns.size())};
  for (size_t i = 0; i < rows.size(); ++i)
    for (size_t j = 0; j < columns.size(); ++j) {
      Here here{s,
                {},
                static_cast<int64_t>(rows[i].positions.size() * columns[j].positions.size()),
                rows[i].framed * columns[j].framed,
                plane,
                static_cast<int64_t>(i),
                static_cast<int64_t>(j)};
      for (const int64_t y : rows[i].positions)
        for (const int64_t x : columns[j].positions)
          if (y >= 0 && y < in.h && x >= 0 && x < in.w)
            here.cells.push_back({y * in.w + x, input.plane(plane)[y * in.w + x]});
      const One one = evaluate(here);
      const double g = gy[answer.values.size()];
      for (size_t k = 0; k < here.cells.size(); ++k)
        if (one.slope[k] != 0)
          answer.gradient[static_cast<size_t>(plane * in.plane() + here.cells[k].index)] += g * one.slope[k];
      answer.values.push_back(one.value);
      answer.indices.push_back(one.index);
    }
}

// --- blur: the map of maxima, its mirrored border, the filter, every stride-th value ---

int64_t reflect(int64_t q, int64_t count) {
  while (q < 0 || q >= count)
    q = q < 0 ? -q : 2 * count - 2 - q;
  return q;
}

void pool_blur(const PoolSpec& s, const Tensor& input, int64_t plane, const std::vector<float>& gy,
               Answer& answer) {
  PoolSpec dense;
  if (s.kind == Kind::max_blur) {
    dense.window = s.window;
    dense.padding = s.padding;
    dense.dilation = s.dilation;
  } else {
    dense.window = {1, 1};
  }
  dense.stride = {1, 1};
  const Shape in = input.shape();
  const Lines rows = lines_of(dense, in.h, true, plane), columns = lines_of(dense, in.w, false, plane);
  const auto height = static_cast<int64_t>(rows.size()), width = static_cast<int64_t>(columns.size());
  std::vector<Cell> maxima;
  for (const Line& row : rows)
    for (const Line& column : columns) {
      Cell best{-1, -kInf};
      for (const int64_t y : row.positions)
        for (const int64_t x : column.positions) {
          if (y < 0 || y >= in.h || x < 0 || x >= in.w) continue;
          const double value = input.plane(plane)[y * in.w + x];
          if (best.index < 0 || value > best.value || std::isnan(value)) best = {y * in.w + x, value};
        }
      maxima.push_back(best);
    }
  std::vector<double> filter{1};  // (1 + z)^(taps - 1)
  while (static_cast<int64_t>(filter.size()) < s.taps) {
    filter.push_back(0);
    for (size_t k = filter.size() - 1; k > 0; --k)
      filter[k] += filter[k - 1];
  }
  double sum = 0;
  for (const double f : filter)
    sum += f;
  answer.out = {in.n, in.c, 0, 0};
  for (int64_t y = 0; y < height; y += s.stride.h) {
    ++answer.out.h;
    answer.out.w = 0;
    for (int64_t x = 0; x < width; x += s.stride.w) {
      ++answer.out.w;
      double value = 0;
      const double g = gy[answer.values.size()];
      for (int64_t a = 0; a < s.taps; ++a)
        for (int64_t b = 0; b < s.taps; ++b) {
          const int64_t q = reflect(y + a - (s.taps - 1) / 2, height),
                        r = reflect(x + b - (s.taps - 1) / 2, width);
          const double f = filter[static_cast<size_t>(a)] * filter[static_cast<size_t>(b)] / sum / sum;
          const Cell& best = maxima[static_cast<size_t>(q * width + r)];
          value += f * best.value;
          if (best.index >= 0) answer.gradient[static_cast<size_t>(plane * in.plane() + best.index)] += g * f;
        }
      answer.values.push_back(value);
      answer.indices.push_back(-1);
    }
  }
}

// --- adaptive polyphase sampling ---

void pool_phase(const PoolSpec& s, const Tensor& input, int64_t n, const std::vector<float>& gy,
                Answer& answer) {
  const Shape in = input.shape();
  const auto phase_of = [&](int64_t a, int64_t b,
                            const std::function<void(int64_t, int64_t, double)>& visit) {
    for (int64_t c = 0; c < in.c; ++c)
      for (int64_t y = a; y < in.h; y += s.stride.h)
        for (int64_t x = b; x < in.w; x += s.stride.w)
          visit(n * in.c + c, y * in.w + x, input.at(n, c, y, x));
  };
  double best = -1;
  Size2 chosen{0, 0};
  for (int64_t a = 0; a < s.stride.h; ++a)
    for (int64_t b = 0; b < s.stride.w; ++b) {
      double norm = 0;
      phase_of(a, b, [&](int64_t, int64_t, double value) { norm += value * value; });
      if (norm > best) {
        best = norm;
        chosen = {a, b};
      }
    }
  answer.out = {in.n, in.c, in.h / s.stride.h, in.w / s.stride.w};
  phase_of(chosen.h, chosen.w, [&](int64_t plane, int64_t index, double value) {
    answer.gradient[static_cast<size_t>(plane * in.plane() + index)] += gy[answer.values.size()];
    answer.values.push_back(value);
    answer.indices.push_back(index);
  });
}

}  // namespace

int64_t outputs(int64_t length, int64_t window, int64_t stride, int64_t padding, int64_t dilation,
                Rounding rounding) {
  return static_cast<int64_t>(
      walk({length, window, stride, dilation, padding, padding, rounding == Rounding::ceil, false}).size());
}

Answer pool(const PoolSpec& spec, const Tensor& input, const std::vector<float>& output_gradient) {
  Answer answer;
  answer.gradient.assign(static_cast<size_t>(input.count()), 0);
  if (spec.kind == Kind::aps) {
    for (int64_t n = 0; n < input.shape().n; ++n)
      pool_phase(spec, input, n, output_gradient, answer);
    return answer;
  }
  const bool blurs = spec.kind == Kind::blur || spec.kind == Kind::max_blur;
  for (int64_t plane = 0; plane < input.shape().planes(); ++plane)
    (blurs ? pool_blur : pool_windows)(spec, input, plane, output_gradient, answer);
  return answer;
}

}  // namespace naive
