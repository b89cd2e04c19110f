#include <cmath>
#include <limits>

#include "core/pooling/kernels.h"

/// Kinds that hand on one of the values.
namespace poolscope {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The first extreme in row order wins; every NaN wins over what came before (PyTorch).
template <class Better>
Outcome extreme(const Window& window, double nothing, Better better) {
  Outcome outcome;
  float best = static_cast<float>(nothing);
  visit_taps(window, [&](int64_t tap, float value) {
    // The first tap wins until something is better, so that -inf everywhere still has an index.
    if (outcome.winner < 0 || better(value, best) || std::isnan(value)) {
      best = value;
      outcome.winner = tap;
    }
  });
  outcome.value = outcome.peak = best;
  return outcome;
}

}  // namespace

Share share_winner(const Window&, const Outcome& outcome, int64_t tap, float) {
  return tap == outcome.winner ? Share{1, 1} : Share{0, 0};
}

/// y = max x, -inf of nothing.
Outcome evaluate_max(const Window& window) {
  return extreme(window, -kInfinity, [](float value, float best) { return value > best; });
}

/// y = min x = -max(-x), inf of nothing.
Outcome evaluate_min(const Window& window) {
  return extreme(window, kInfinity, [](float value, float best) { return value < best; });
}

/// y = x[i * stride, j * stride].
Outcome evaluate_sample(const Window& window) {
  Outcome outcome;
  outcome.winner = 0;
  outcome.value = window.value_of(0);
  return outcome;
}

/// Adaptive polyphase sampling (Chaman and Dokmanic 2021): every stride-th cell as well, but from the phase
/// with the largest norm. The blocks of the plan hold one cell of each phase.
Outcome evaluate_phase(const Window& window) {
  Outcome outcome;
  outcome.winner = window.phase;
  outcome.value = window.value_of(window.phase);
  return outcome;
}

/// argmax over phases (a, b) of the sum of x[c, i * s + a, j * s + b]^2 over all channels jointly. As in a
/// maximum the first of equals wins, and NaN over numbers.
int64_t prepare_phase(const PoolPlan& plan, const Tensor& input, int64_t n) {
  const int64_t height = plan.rows.stride, width = plan.columns.stride;
  int64_t best_phase = 0;
  double best = -1;
  for (int64_t phase = 0; phase < height * width; ++phase) {
    double squares = 0;
    for (int64_t c = 0; c < plan.in.c; ++c) {
      const float* cells = input.plane(n * plan.in.c + c);
      for (int64_t y = phase / width; y < plan.in.h; y += height)
        for (int64_t x = phase % width; x < plan.in.w; x += width)
          squares += static_cast<double>(cells[y * plan.in.w + x]) * cells[y * plan.in.w + x];
    }
    if (squares > best || std::isnan(squares)) {
      best = squares;
      best_phase = phase;
    }
  }
  return best_phase;
}

}  // namespace poolscope
