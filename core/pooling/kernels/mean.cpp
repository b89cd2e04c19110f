#include <algorithm>
#include <cmath>
#include <limits>

#include "core/pooling/dialects.h"
#include "core/pooling/kernels.h"

/// Kinds in which every value of the window has a part.
namespace poolscope {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// What an average divides by; each dialect has its rule.
void set_divisor(const Window& window, Outcome& outcome) {
  const int64_t whole = window.taps(), framed = window.rows.framed * window.columns.framed;
  const auto divide_by = [&](int64_t divisor, DivisorReason reason) {
    outcome.divisor = static_cast<double>(divisor);
    outcome.divisor_reason = divisor == whole ? DivisorReason::whole_window : reason;
  };
  if (window.plan.spec.divisor) {
    outcome.divisor = static_cast<double>(*window.plan.spec.divisor);
    outcome.divisor_reason = DivisorReason::given;
    return;
  }
  switch (divisor_rule(window.plan.spec)) {
    case DivisorRule::valid:
      return divide_by(window.valid(), DivisorReason::valid_cells);
    case DivisorRule::framed:
      return divide_by(framed, DivisorReason::clipped_window);
    case DivisorRule::whole:
      return divide_by(whole, DivisorReason::whole_window);
  }
}

double sum_of(const Window& window) {
  double sum = 0;
  visit_taps(window, [&](int64_t, float value) { sum += value; });
  return sum;
}

}  // namespace

// --- average: y = sum x / D ---

Outcome evaluate_average(const Window& window) {
  Outcome outcome;
  set_divisor(window, outcome);
  outcome.total = sum_of(window);
  // A window without a cell averages to 0, also where its divisor is 0 (PyTorch writes 0 there).
  outcome.value = window.valid() == 0 ? 0 : outcome.total / outcome.divisor;
  return outcome;
}

/// Of kinds without padding: D is the number of cells.
Outcome evaluate_mean(const Window& window) {
  Outcome outcome;
  outcome.divisor = static_cast<double>(window.taps());
  outcome.divisor_reason = DivisorReason::whole_window;
  outcome.total = sum_of(window);
  outcome.value = outcome.total / outcome.divisor;
  return outcome;
}

Share share_average(const Window&, const Outcome& outcome, int64_t, float) {
  return {1 / outcome.divisor, 1 / outcome.divisor};
}

// --- mixed (Yu et al. 2014, Lee et al. 2016): y = lambda max + (1 - lambda) average ---

Outcome evaluate_mixed(const Window& window) {
  const Outcome largest = evaluate_max(window);
  Outcome outcome = evaluate_average(window);
  outcome.winner = largest.winner;
  outcome.peak = largest.value;
  const double mix = window.plan.spec.mix;
  // The ends are exactly the two kinds, also where the other one is infinite.
  if (mix == 1)
    outcome.value = largest.value;
  else if (mix != 0)
    outcome.value = mix * largest.value + (1 - mix) * outcome.value;
  return outcome;
}

Share share_mixed(const Window& window, const Outcome& outcome, int64_t tap, float) {
  const double mix = window.plan.spec.mix;
  const double part = (tap == outcome.winner ? mix : 0) + (1 - mix) / outcome.divisor;
  return {part, part};
}

// --- Lp: y = (scale * sum x^p)^(1/p) ---

namespace {

/// PyTorch's LPPool takes powers of x itself: with odd p negative values subtract, and with p that is no
/// whole number they give NaN. ONNX takes powers of |x|.
bool takes_signs(const Window& window) {
  return window.plan.spec.dialect == Dialect::pytorch;
}

double power(double x, double p, bool signs) {
  if (p == 2) return x * x;
  return std::pow(signs ? x : std::fabs(x), p);
}

/// PyTorch's LPPool averages over what is not past the padding and multiplies by the whole window; the mean
/// form divides by the cells inside.
double scale_of(const Window& window) {
  if (window.valid() == 0) return 1;
  if (window.plan.spec.normalise == Normalise::mean) return 1 / static_cast<double>(window.valid());
  if (!takes_signs(window)) return 1;
  return static_cast<double>(window.taps()) / static_cast<double>(window.rows.framed * window.columns.framed);
}

double root(double sum, double p) {
  return p == 2 ? std::sqrt(sum) : std::pow(sum, 1 / p);
}

Outcome power_mean(const Window& window, double p) {
  Outcome outcome;
  outcome.scale = scale_of(window);
  const bool signs = takes_signs(window);
  double largest = 0;
  bool nan = false;
  visit_taps(window, [&](int64_t, float value) {
    outcome.total += power(value, p, signs);
    largest = std::max(largest, std::fabs(static_cast<double>(value)));
    nan = nan || std::isnan(value);
  });
  outcome.value = root(outcome.total * outcome.scale, p);
  // Powers of ordinary values may leave the range of double: then of the values over their largest.
  const double most = power(largest, p, false);
  if (!nan && largest > 0 && std::isfinite(largest) && !(most > 1e-290 && most < 1e290)) {
    double sum = 0;
    visit_taps(window, [&](int64_t, float value) { sum += power(value / largest, p, signs); });
    outcome.value = largest * root(sum * outcome.scale, p);
  }
  return outcome;
}

/// dy/dx = scale * (x / y)^(p - 1), with x's sign where powers are of |x|. 0 where y is 0, and at a zero
/// where p < 1 makes the slope infinite.
Share power_share(const Window& window, const Outcome& outcome, double x, double p) {
  const bool signs = takes_signs(window);
  Share share;
  const double part = power(x, p, signs);
  if (outcome.total != 0 && std::isfinite(outcome.total)) share.weight = part / outcome.total;
  if (outcome.value == 0 || (x == 0 && p < 1)) return share;
  const double ratio = x / outcome.value;
  if (p == 2)
    share.gradient = outcome.scale * ratio;
  else if (signs)
    share.gradient = outcome.scale * std::pow(ratio, p - 1);
  else if (x != 0)
    share.gradient = outcome.scale * std::copysign(std::pow(std::fabs(ratio), p - 1), x);
  return share;
}

}  // namespace

Outcome evaluate_l2(const Window& window) {
  return power_mean(window, 2);
}
Share share_l2(const Window& window, const Outcome& outcome, int64_t, float value) {
  return power_share(window, outcome, value, 2);
}
Outcome evaluate_lp(const Window& window) {
  return power_mean(window, window.plan.spec.norm);
}
Share share_lp(const Window& window, const Outcome& outcome, int64_t, float value) {
  return power_share(window, outcome, value, window.plan.spec.norm);
}

// --- log-sum-exp: y = log(mean of e^(r x)) / r; r = 0 is the mean, its limit ---

Outcome evaluate_log_sum_exp(const Window& window) {
  const double r = window.plan.spec.sharpness;
  const auto count = static_cast<double>(window.valid());
  Outcome outcome;
  if (window.valid() == 0) {
    outcome.value = r == 0 ? 0 : std::copysign(kInfinity, -r);
    return outcome;
  }
  if (r == 0) {
    outcome.total = sum_of(window);
    outcome.value = outcome.total / count;
    return outcome;
  }
  double peak = -kInfinity;
  visit_taps(window, [&](int64_t, float value) {
    const double exponent = r * value;
    if (exponent > peak || std::isnan(exponent)) peak = exponent;
  });
  outcome.peak = peak;
  if (!std::isfinite(peak)) {
    // An infinite value decides alone, as in a maximum; equal ones share.
    visit_taps(window, [&](int64_t, float value) { outcome.total += r * value == peak; });
    outcome.value = peak / r;
    return outcome;
  }
  visit_taps(window, [&](int64_t, float value) { outcome.total += std::exp(r * value - peak); });
  outcome.value = (peak + std::log(outcome.total / count)) / r;
  return outcome;
}

Share share_log_sum_exp(const Window& window, const Outcome& outcome, int64_t, float value) {
  const double r = window.plan.spec.sharpness;
  double weight;
  if (std::isfinite(outcome.value) || std::isnan(outcome.value))
    weight = std::exp(r * (value - outcome.value)) / static_cast<double>(window.valid());
  else
    weight = value == outcome.value ? 1 / outcome.total : 0;
  return {weight, weight};
}

// --- SoftPool (Stergiou et al. 2021): y = sum w x with w = e^x / sum e^x ---

namespace {

double softpool_weight(const Outcome& outcome, double x) {
  if (!std::isfinite(outcome.peak)) return x == outcome.peak ? 1 / outcome.total : 0;
  return std::exp(x - outcome.peak) / outcome.total;
}

}  // namespace

Outcome evaluate_softpool(const Window& window) {
  Outcome outcome;
  if (window.valid() == 0) return outcome;
  outcome.peak = evaluate_max(window).value;
  if (!std::isfinite(outcome.peak)) {
    visit_taps(window, [&](int64_t, float value) { outcome.total += value == outcome.peak; });
    outcome.value = outcome.peak;
    return outcome;
  }
  visit_taps(window, [&](int64_t, float value) { outcome.total += std::exp(value - outcome.peak); });
  visit_taps(window, [&](int64_t, float value) {
    const double weight = softpool_weight(outcome, value);
    if (weight > 0) outcome.value += weight * value;  // not 0 * -inf
  });
  return outcome;
}

/// dy/dx = w (1 + x - y).
Share share_softpool(const Window&, const Outcome& outcome, int64_t, float value) {
  if (std::isnan(outcome.value)) return {outcome.value, outcome.value};
  const double weight = softpool_weight(outcome, value);
  if (weight == 0 || !std::isfinite(outcome.value)) return {weight, weight};
  return {weight, weight * (1 + value - outcome.value)};
}

}  // namespace poolscope
