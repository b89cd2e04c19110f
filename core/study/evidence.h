#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/study/statistics.h"
#include "core/tensor/tensor.h"

/// Sentences that introductions to pooling repeat, as experiments. A run gives what was measured, with
/// intervals, and a verdict that follows from them by one rule. No words: all texts are
/// "evidence.<claim>.<what>" and the like, named below.
namespace poolscope {

enum class Claim {
  mean_shift,
  variance,
  texture,
  shift,
  compression,
  overfitting,
  parameters,
  window_stride,
  separability,
};

/// One setting of an experiment. Texts: "evidence.parameter.<id>" and "evidence.parameter.<id>.hint".
struct ClaimParameter {
  std::string_view id;
  double least = 0, most = 1;
  double step = 1;           ///< of a slider; values between steps are allowed where the step is below 1
  double normal = 0;         ///< where it stands at first
  bool logarithmic = false;  ///< a slider on which a factor, not a difference, is one distance
  /// Not empty: a switch, whose value is an index into these. Texts: "evidence.choice.<choice>".
  std::span<const std::string_view> choices = {};
  bool is_switch() const { return !choices.empty(); }
};

/// Something to try next: sets one parameter. Text: "evidence.<claim>.try.<id>".
struct ClaimSuggestion {
  std::string_view id;
  std::string_view parameter;
  double value = 0;
};

/// One row per claim. Texts, all "evidence.<id>.<what>": sentence; short (for lists); test (how it is
/// tested); predict (the question before the run), predict.1 to predict.<predictions> (its answers); others
/// (what others found, with sources); verdict.<verdict> (what the outcome means); finding (what was measured,
/// in a sentence, see EvidenceResult::finding); case.<case>.
struct ClaimInfo {
  Claim claim;
  std::string_view id;  ///< command line and text key: "mean-shift"
  std::span<const ClaimParameter> parameters;
  std::span<const ClaimSuggestion> suggestions;
  int predictions = 0;        ///< how many answers the question before the run has
  bool needs_input = false;   ///< works on the picture
  bool long_running = false;  ///< seconds, not a blink
  /// Repeats: at first, and from where to where they go. All 0: counted, not repeated.
  int64_t repeats = 0, least_repeats = 0, most_repeats = 0;
};

/// In the order of the list that the lab shows.
std::span<const ClaimInfo> all_claims();
const ClaimInfo& claim_info(Claim claim);
/// nullptr where no claim has that id.
const ClaimInfo* find_claim(std::string_view id);

/// What shall be run. A plain value.
struct EvidenceRequest {
  Claim claim = Claim::mean_shift;
  std::vector<double> values;  ///< one for each parameter of the claim, in its order
  TensorPtr input;             ///< where the claim needs one; its first batch item is used
  bool is_picture = false;     ///< values 0 to 255
  std::string input_name;      ///< for the record
  uint64_t seed = 1;
  int64_t repeats = 0;
  bool operator==(const EvidenceRequest&) const = default;

  /// The value of a parameter of the claim. It must exist.
  double value(std::string_view id) const;
  int64_t whole(std::string_view id) const;
  void set(std::string_view id, double value);
};
/// The claim's own settings, seed 1, no input.
EvidenceRequest normal_request(Claim claim);
/// Whether it can run: "evidence.error.*" says what is wrong and what is allowed.
Status check_request(const EvidenceRequest& request);

/// How numbers are to be read.
enum class Unit { number, share, count };

/// One measured number. Texts: "evidence.quantity.<quantity>" and, where `of` is not empty,
/// "evidence.of.<of>".
struct Measurement {
  std::string quantity;
  std::string of;  ///< of which pooling, network, class: "max", "average", "none", "difference" ...
  Estimate estimate;
  std::optional<double> theory = {};  ///< what a formula says, where there is one
  Unit unit = Unit::number;
  bool operator==(const Measurement&) const = default;
};

enum class Relation { below, above, equal };
/// A case holds (yes) where the whole interval lies on the claimed side of the threshold, fails (no) where
/// the whole interval lies elsewhere, and is unclear where the interval has both in it.
enum class Answer { yes, no, unclear };

/// One thing that must hold for the claim. Text: "evidence.<claim>.case.<id>".
struct EvidenceCase {
  std::string id;
  size_t measurement = 0;  ///< index into EvidenceResult::measurements
  Relation relation = Relation::below;
  double threshold = 0;
  Answer answer = Answer::unclear;
  bool operator==(const EvidenceCase&) const = default;
};
Answer answer_of(const Estimate& estimate, Relation relation, double threshold);

/// Names for texts and files: "supported", "only-if", "not-supported", "by-construction". Text:
/// "evidence.verdict.<name>".
enum class Verdict { supported, only_if, not_supported, by_construction };
std::string_view verdict_name(Verdict verdict);
std::string_view answer_name(Answer answer);        ///< "yes", "no", "unclear": "evidence.answer.<name>"
std::string_view relation_name(Relation relation);  ///< "below", "above", "equal"

/// The one rule, for all claims (text "evidence.rule"): all cases hold: supported, or true by construction
/// where all were counted. Some hold: only if (those that hold say when). None holds: not supported.
Verdict verdict_of(std::span<const EvidenceCase> cases, std::span<const Measurement> measurements);

/// A curve, a row of bars or a histogram. Text of `of`: "evidence.of.<of>".
struct EvidenceSeries {
  std::string of;
  bool theory = false;  ///< a formula: no points, no intervals
  std::vector<double> x = {}, y = {};
  std::vector<double> low = {}, high = {};  ///< 95 % intervals of y; empty where there are none
  bool operator==(const EvidenceSeries&) const = default;
};

enum class PlotForm {
  lines,
  bars,      ///< x counts 0, 1, ... through `ticks`; series stand side by side
  histogram  ///< x are the middles of bins of equal width, y is the share of draws
};
/// Texts: "evidence.plot.<id>", "evidence.plot.<id>.x", "evidence.plot.<id>.y"; of ticks
/// "evidence.of.<tick>".
struct EvidencePlot {
  std::string id;
  PlotForm form = PlotForm::lines;
  Unit x_unit = Unit::number, y_unit = Unit::number;
  bool logarithmic_x = false;
  std::vector<EvidenceSeries> series = {};
  std::vector<std::string> ticks = {};
  std::optional<double> marker_x = {};  ///< where the settings stand
  bool operator==(const EvidencePlot&) const = default;
};

/// A small picture, `low` black and `high` white. Text: "evidence.picture.<id>".
struct EvidencePicture {
  std::string id;
  TensorPtr values;  ///< 1 x 1 x H x W
  float low = 0, high = 1;
};

struct EvidenceResult {
  EvidenceRequest request;
  std::vector<Measurement> measurements;
  std::vector<EvidenceCase> cases;
  Verdict verdict = Verdict::not_supported;
  /// "evidence.<claim>.finding" with the main numbers in it.
  Message finding;
  /// Which answer to the question before the run came true, from 1; 0 where the intervals do not tell.
  int prediction = 0;
  std::vector<EvidencePlot> plots;  ///< the first is the main one
  std::vector<EvidencePicture> pictures;
  int64_t trials = 0;  ///< how often something was drawn, shifted, trained or counted

  /// nullptr where there is none.
  const Measurement* find(std::string_view quantity, std::string_view of) const;
};

struct EvidenceOptions {
  int threads = 0;               ///< at most so many; 0: as many as there are
  Progress* progress = nullptr;  ///< `total` is set before `done` counts
};

/// Runs the experiment. The same request gives the same result to the last bit, on any number of threads.
/// Once cancelled, it returns soon, with the error "evidence.error.cancelled". Errors: as check_request().
Result<EvidenceResult> run_evidence(const EvidenceRequest& request, const EvidenceOptions& options = {});

/// "0.110 ± 0.007" (estimate and half of its 95 % interval), "44.3 ± 3.3 %", "2 790", and "44 % (n = 1)",
/// since one repeat has no interval: the same in all languages.
std::string format_estimate(const Estimate& estimate, Unit unit);
std::string format_number(double value, Unit unit);

/// All settings and all numbers as a table for a spreadsheet (RFC 4180, UTF-8, stable English ids): one row
/// per setting, measurement, case, verdict and point of a plot. A number that there is not (the interval of a
/// single repeat) is an empty field.
std::string evidence_csv(const EvidenceResult& result);

}  // namespace poolscope
