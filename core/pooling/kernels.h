#pragma once

#include <string>
#include <vector>

#include "core/pooling/formula.h"
#include "core/pooling/kinds.h"
#include "core/pooling/trace.h"
#include "core/pooling/window.h"

/// What a kind computes on one window: two small functions. The reference kernels and step_at() call the same
/// two, so that what is shown and what is computed cannot disagree. Formulas: ../shared/reference/pooling.md,
/// sections 1 and 2.
namespace poolscope {

/// The result of one window and what it was made from; see StepRecord for the fields.
struct Outcome {
  double value = 0;
  int64_t winner = -1;  ///< tap, -1 without one
  double total = 0;
  double divisor = 0;
  double scale = 1;
  double draw = 0;
  double peak = 0;
  DivisorReason divisor_reason = DivisorReason::none;
  bool negatives_as_zero = false;
};

/// What one value has to do with the result.
struct Share {
  double weight = 0;    ///< its part in the result
  double gradient = 0;  ///< d result / d value
};

/// Takes gradients of the cells of a plane.
struct GradientSink {
  virtual void add(int64_t row, int64_t column, double gradient) = 0;

 protected:
  ~GradientSink() = default;
};

struct Kernel {
  Outcome (*evaluate)(const Window&);
  /// For a tap inside the input.
  Share (*share)(const Window&, const Outcome&, int64_t tap, float value);
  /// Where asking tap by tap would be slow: gives d result / d value of every cell that has one, in pieces
  /// that may repeat a cell.
  void (*spread)(const Window&, GradientSink&) = nullptr;
  /// Where a window needs to know more than its cells: looks at all of batch item n and returns
  /// Window::phase.
  int64_t (*prepare)(const PoolPlan&, const Tensor& input, int64_t n) = nullptr;
};

/// How a step is told.
struct Words {
  /// The text of the step, "step.max.one"; all placeholders of narrate() are available to it.
  const char* (*key)(const PoolPlan&, const StepRecord&);
  std::vector<FormulaSpan> (*formula)(const PoolPlan&, const StepRecord&);
};

/// One row of the table: all that the engine knows about a kind.
struct KindRow {
  KindInfo info;
  Kernel kernel;
  const Words* words;
};
const KindRow& kind_row(Kind kind);

/// What the windows of batch item n need to know beyond their cells.
int64_t phase_of(const PoolPlan& plan, const Tensor& input, int64_t n);
/// Window `step` of plane n * C + c.
Window window_at(const PoolPlan& plan, const Tensor& input, int64_t plane, int64_t step, int64_t phase);
/// d result / d value of every cell of the window that has one.
void spread_gradient(const KindRow& kind, const Window& window, GradientSink& sink);

// The kernels and words that rows of the table are made of, by family.
Outcome evaluate_max(const Window&);
Outcome evaluate_min(const Window&);
Outcome evaluate_sample(const Window&);
Outcome evaluate_phase(const Window&);
Share share_winner(const Window&, const Outcome&, int64_t tap, float value);
int64_t prepare_phase(const PoolPlan&, const Tensor& input, int64_t n);

Outcome evaluate_average(const Window&);
Outcome evaluate_mean(const Window&);
Share share_average(const Window&, const Outcome&, int64_t tap, float value);
Outcome evaluate_mixed(const Window&);
Share share_mixed(const Window&, const Outcome&, int64_t tap, float value);
Outcome evaluate_l2(const Window&);
Share share_l2(const Window&, const Outcome&, int64_t tap, float value);
Outcome evaluate_lp(const Window&);
Share share_lp(const Window&, const Outcome&, int64_t tap, float value);
Outcome evaluate_log_sum_exp(const Window&);
Share share_log_sum_exp(const Window&, const Outcome&, int64_t tap, float value);
Outcome evaluate_softpool(const Window&);
Share share_softpool(const Window&, const Outcome&, int64_t tap, float value);

Outcome evaluate_stochastic(const Window&);
Share share_stochastic(const Window&, const Outcome&, int64_t tap, float value);
Outcome evaluate_expectation(const Window&);
Share share_expectation(const Window&, const Outcome&, int64_t tap, float value);

Outcome evaluate_blur(const Window&);
Share share_blur(const Window&, const Outcome&, int64_t tap, float value);
void spread_blur(const Window&, GradientSink&);

extern const Words kMaxWords, kMinWords, kAverageWords, kStochasticWords, kExpectationWords, kL2Words,
    kLpWords, kLogSumExpWords, kSoftpoolWords, kMixedWords, kSampleWords, kBlurWords, kMaxBlurWords,
    kPhaseWords;

}  // namespace poolscope
