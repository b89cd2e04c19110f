#include "core/pooling/kernels.h"

#include <array>
#include <cassert>
#include <cmath>
#include <iterator>
#include <limits>

#include "core/base/random.h"

namespace poolscope {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Share winner_takes_all(const Window&, const Outcome& outcome, int64_t tap, float) {
  return tap == outcome.winner ? Share{1, 1} : Share{0, 0};
}

// --- max, min: the first extreme in row order wins, every NaN wins over what came before (PyTorch) ---

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
  outcome.value = best;
  return outcome;
}

Outcome evaluate_max(const Window& window) {
  return extreme(window, -kInfinity, [](float value, float best) { return value > best; });
}

Outcome evaluate_min(const Window& window) {
  return extreme(window, kInfinity, [](float value, float best) { return value < best; });
}

Outcome evaluate_none(const Window& window) {
  Outcome outcome;
  outcome.winner = 0;
  outcome.value = window.value_of(0);
  return outcome;
}

// --- average ---

/// PyTorch's divisor: the padding counts, what sticks out past it does not, unless told otherwise.
void set_divisor(const Window& window, Outcome& outcome) {
  const PoolSpec& spec = window.plan.spec;
  const int64_t whole = window.taps(), framed = window.rows.framed * window.columns.framed;
  if (spec.divisor) {
    outcome.divisor = static_cast<double>(*spec.divisor);
    outcome.divisor_reason = DivisorReason::given;
  } else if (!spec.count_padding && window.valid() != whole) {
    outcome.divisor = static_cast<double>(window.valid());
    outcome.divisor_reason = DivisorReason::valid_cells;
  } else {
    outcome.divisor = static_cast<double>(framed);
    outcome.divisor_reason = framed == whole ? DivisorReason::whole_window : DivisorReason::clipped_window;
  }
}

Outcome evaluate_average(const Window& window) {
  Outcome outcome;
  set_divisor(window, outcome);
  visit_taps(window, [&](int64_t, float value) { outcome.total += value; });
  // A window without a cell averages to 0, also where its divisor is 0 (PyTorch writes 0 there).
  outcome.value = window.valid() == 0 ? 0 : outcome.total / outcome.divisor;
  return outcome;
}

Share share_average(const Window&, const Outcome& outcome, int64_t, float) {
  return {1 / outcome.divisor, 1 / outcome.divisor};
}

// --- L2: PyTorch's LPPool with norm 2, the sum form ---

Outcome evaluate_l2(const Window& window) {
  Outcome outcome;
  visit_taps(window, [&](int64_t, float value) { outcome.total += static_cast<double>(value) * value; });
  // LPPool averages over what is not past the padding, then multiplies by the whole window.
  const int64_t framed = window.rows.framed * window.columns.framed;
  if (framed > 0) outcome.scale = static_cast<double>(window.taps()) / static_cast<double>(framed);
  outcome.value = std::sqrt(outcome.total * outcome.scale);
  return outcome;
}

Share share_l2(const Window&, const Outcome& outcome, int64_t, float value) {
  const double x = value;
  return {outcome.total == 0 ? 0 : x * x / outcome.total,
          outcome.value == 0 ? 0 : outcome.scale * x / outcome.value};
}

// --- stochastic (Zeiler and Fergus 2013): probabilities are shares of the sum ---

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

double probability(const Outcome& outcome, float value) {
  if (std::isnan(outcome.value)) return std::isnan(value) ? 1 : 0;
  if (outcome.total == 0) return 0;
  if (std::isinf(outcome.value)) return std::isinf(value) && value > 0 ? 1 / outcome.total : 0;
  return value > 0 ? value / outcome.total : 0;
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

// The table. Columns: kind, name, selects, random, uses_divisor, allows_padding, uses_window.
constexpr KindRow kRows[] = {
    {{Kind::max, "max", true, false, false, true, true}, {evaluate_max, winner_takes_all}},
    {{Kind::average, "average", false, false, true, true, true}, {evaluate_average, share_average}},
    {{Kind::stochastic, "stochastic", true, true, false, false, true},
     {evaluate_stochastic, share_stochastic}},
    {{Kind::stochastic_expectation, "stochastic-expectation", false, false, false, false, true},
     {evaluate_expectation, share_expectation}},
    {{Kind::min, "min", true, false, false, true, true}, {evaluate_min, winner_takes_all}},
    {{Kind::l2, "l2", false, false, false, true, true}, {evaluate_l2, share_l2}},
    {{Kind::none, "none", true, false, false, false, false}, {evaluate_none, winner_takes_all}},
};

}  // namespace

const KindRow& kind_row(Kind kind) {
  for (const KindRow& row : kRows)
    if (row.info.kind == kind) return row;
  assert(false && "every Kind has a row in the table");
  return kRows[0];
}

std::span<const KindInfo> all_kinds() {
  static const auto infos = [] {
    std::array<KindInfo, std::size(kRows)> list{};
    for (size_t i = 0; i < list.size(); ++i)
      list[i] = kRows[i].info;
    return list;
  }();
  return infos;
}

const KindInfo& kind_info(Kind kind) {
  return kind_row(kind).info;
}

const KindInfo* find_kind(std::string_view name) {
  for (const KindRow& row : kRows)
    if (row.info.name == name) return &row.info;
  return nullptr;
}

}  // namespace poolscope
