#include <cmath>
#include <limits>

#include "core/base/random.h"
#include "core/pooling/kernels.h"

/// Stochastic pooling (Zeiler and Fergus 2013): the probability of a value is its share of the window's sum,
/// negative values counting as 0.
namespace poolscope {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Odds {
  double total = 0;        ///< of the values that are not negative
  int64_t nan = -1;        ///< the last NaN, as in a maximum
  int64_t infinite = 0;    ///< how many are +inf: in the limit they share the probability
  bool negatives = false;  ///< some values are negative: they count as 0
};

Odds odds_of(const Window& window) {
  Odds odds;
  visit_taps(window, [&](int64_t tap, float value) {
    if (std::isnan(value)) odds.nan = tap;
    if (value > 0) odds.total += value;
    if (value < 0) odds.negatives = true;
    if (std::isinf(value) && value > 0) ++odds.infinite;
  });
  if (odds.infinite > 0) odds.total = static_cast<double>(odds.infinite);
  return odds;
}

/// What a value adds to the total: shares of it are probabilities.
double odds_part(const Odds& odds, float value) {
  if (odds.infinite > 0) return std::isinf(value) && value > 0 ? 1 : 0;
  return value > 0 ? value : 0;
}

double probability(const Outcome& outcome, float value) {
  if (std::isnan(outcome.value)) return std::isnan(value) ? 1 : 0;
  if (outcome.total == 0) return 0;
  if (std::isinf(outcome.value)) return std::isinf(value) && value > 0 ? 1 / outcome.total : 0;
  return value > 0 ? value / outcome.total : 0;
}

}  // namespace

/// Caffe's rule: the first tap in row order whose running sum reaches u * total.
Outcome evaluate_stochastic(const Window& window) {
  const Odds odds = odds_of(window);
  Outcome outcome;
  outcome.total = odds.total;
  outcome.negatives_as_zero = odds.negatives;
  outcome.draw =
      keyed_uniform(window.plan.spec.seed, static_cast<uint64_t>(window.plane),
                    static_cast<uint64_t>(window.out_row), static_cast<uint64_t>(window.out_column));
  const double threshold = outcome.draw * odds.total;
  double sum = 0;
  if (odds.nan >= 0) {
    outcome.winner = odds.nan;
  } else {
    visit_until(window, [&](int64_t tap, float value) {
      sum += odds_part(odds, value);
      if (sum < threshold) return true;
      outcome.winner = tap;
      return false;
    });
  }
  outcome.value = outcome.winner < 0 ? 0 : window.value_of(outcome.winner);
  return outcome;
}

Share share_stochastic(const Window&, const Outcome& outcome, int64_t tap, float value) {
  const double gradient = tap == outcome.winner ? 1 : 0;
  // Without a positive value the first tap is certain.
  const double weight = outcome.total == 0 ? gradient : probability(outcome, value);
  return {weight, gradient};
}

Outcome evaluate_expectation(const Window& window) {
  const Odds odds = odds_of(window);
  Outcome outcome;
  outcome.total = odds.total;
  outcome.negatives_as_zero = odds.negatives;
  if (odds.nan >= 0) {
    outcome.value = std::numeric_limits<double>::quiet_NaN();
  } else if (odds.infinite > 0) {
    outcome.value = kInfinity;
  } else if (odds.total > 0) {
    double squares = 0;
    visit_taps(window, [&](int64_t, float value) {
      if (value > 0) squares += static_cast<double>(value) * value;
    });
    outcome.value = squares / odds.total;
  }
  return outcome;
}

/// y = sum x^2 / sum x, so dy/dx = (2 x - y) / sum x; a negative value counts as 0 whatever it is.
Share share_expectation(const Window&, const Outcome& outcome, int64_t, float value) {
  Share share{probability(outcome, value), 0};
  if (!std::isfinite(outcome.value))
    share.gradient = share.weight;
  else if (outcome.total > 0 && value >= 0)
    share.gradient = (2.0 * value - outcome.value) / outcome.total;
  return share;
}

}  // namespace poolscope
