#include "core/study/evidence.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>

#include "core/study/evidence_run.h"

namespace poolscope {

namespace {

constexpr std::string_view kTargets[] = {"local-mean", "peak"};
constexpr std::string_view kSurfaces[] = {"picture", "flat"};
constexpr std::string_view kPolarities[] = {"both", "bright", "dark"};
constexpr std::string_view kHeads[] = {"dense", "global-average"};
constexpr std::string_view kPositions[] = {"varying", "fixed"};
constexpr std::string_view kLayers[] = {"pooling", "strided-convolution"};

constexpr ClaimParameter kMeanShift[] = {{"target", 0, 1, 1, 0, false, kTargets},
                                         {"window", 2, 8, 1, 2},
                                         {"noise", 0.05, 0.5, 0.05, 0.1},
                                         {"surface", 0, 1, 1, 0, false, kSurfaces}};
constexpr ClaimSuggestion kMeanShiftNext[] = {
    {"peak", "target", 1}, {"window", "window", 3}, {"flat", "surface", 1}};

constexpr ClaimParameter kVariance[] = {{"window", 2, 8, 1, 2},
                                        {"correlation", 0, 1, 0.05, 0},
                                        {"noise", 0.05, 0.5, 0.05, 0.1},
                                        {"surface", 0, 1, 1, 0, false, kSurfaces}};
constexpr ClaimSuggestion kVarianceNext[] = {
    {"correlated", "correlation", 0.5}, {"same", "correlation", 1}, {"window", "window", 4}};

constexpr ClaimParameter kTexture[] = {{"polarity", 0, 2, 1, 0, false, kPolarities},
                                       {"stroke", 1, 6, 1, 1},
                                       {"period", 2, 16, 1, 4},
                                       {"window", 2, 8, 1, 2}};
constexpr ClaimSuggestion kTextureNext[] = {
    {"bright", "polarity", 1}, {"dark", "polarity", 2}, {"stroke", "stroke", 3}, {"period", "period", 2}};

constexpr ClaimParameter kShift[] = {
    {"window", 2, 8, 1, 2}, {"distance", 1, 4, 1, 1}, {"networks", 0, 20, 1, 5}};
constexpr ClaimSuggestion kShiftNext[] = {
    {"window", "window", 4}, {"distance", "distance", 2}, {"more", "networks", 10}};

constexpr ClaimParameter kCompression[] = {
    {"window", 1, 4, 1, 2}, {"picture-side", 16, 64, 4, 28}, {"head", 0, 1, 1, 0, false, kHeads}};
constexpr ClaimSuggestion kCompressionNext[] = {
    {"global", "head", 1}, {"window", "window", 4}, {"none", "window", 1}};

constexpr ClaimParameter kOverfitting[] = {{"position", 0, 1, 1, 0, false, kPositions},
                                           {"pictures", 60, 1500, 10, 300, true},
                                           {"picture-noise", 0, 1, 0.05, 0.15},
                                           {"epochs", 5, 60, 1, 25}};
constexpr ClaimSuggestion kOverfittingNext[] = {
    {"fixed", "position", 1}, {"few", "pictures", 60}, {"many", "pictures", 1500}};

constexpr ClaimParameter kParameters[] = {{"layer", 0, 1, 1, 0, false, kLayers}};
constexpr ClaimSuggestion kParametersNext[] = {{"strided", "layer", 1}};

constexpr ClaimParameter kWindowStride[] = {
    {"window", 2, 8, 1, 3}, {"stride", 1, 8, 1, 2}, {"distance", 1, 4, 1, 1}};
constexpr ClaimSuggestion kWindowStrideNext[] = {
    {"equal", "stride", 3}, {"dense", "stride", 1}, {"gaps", "stride", 5}};

constexpr ClaimParameter kSeparability[] = {{"alpha1", 0.0001, 0.5, 0.0001, 0.01, true},
                                            {"alpha2", 0.0001, 0.5, 0.0001, 0.0001, true},
                                            {"pool-side", 1, 32, 1, 16}};
constexpr ClaimSuggestion kSeparabilityNext[] = {{"common1", "alpha1", 0.4},
                                                 {"common2", "alpha2", 0.3},
                                                 {"small", "pool-side", 4},
                                                 {"large", "pool-side", 32}};

constexpr std::array<ClaimInfo, 9> kClaims = {{
    {Claim::mean_shift, "mean-shift", kMeanShift, kMeanShiftNext, 3, true, false, 200, 10, 5000},
    {Claim::variance, "variance", kVariance, kVarianceNext, 3, true, false, 100, 10, 5000},
    {Claim::texture, "texture", kTexture, kTextureNext, 3, true, false, 200, 10, 5000},
    {Claim::shift, "shift", kShift, kShiftNext, 3, true, true, 200, 10, 5000},
    {Claim::compression, "compression", kCompression, kCompressionNext, 3, false, false, 0, 0, 0},
    {Claim::overfitting, "overfitting", kOverfitting, kOverfittingNext, 3, false, true, 5, 5, 50},
    {Claim::parameters, "parameters", kParameters, kParametersNext, 2, false, false, 0, 0, 0},
    {Claim::window_stride, "window-stride", kWindowStride, kWindowStrideNext, 3, true, false, 200, 10, 5000},
    {Claim::separability, "separability", kSeparability, kSeparabilityNext, 2, false, false, 100, 10, 2000},
}};

/// In the order of the claims.
constexpr Experiment kExperiments[] = {run_mean_shift, run_variance,      run_texture,
                                       run_shift,      run_compression,   run_overfitting,
                                       run_parameters, run_window_stride, run_separability};
static_assert(std::size(kExperiments) == kClaims.size());

size_t index_of(const EvidenceRequest& request, std::string_view id) {
  const std::span<const ClaimParameter> parameters = claim_info(request.claim).parameters;
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const ClaimParameter& parameter) { return parameter.id == id; });
  assert(found != parameters.end() && "the claim has such a parameter");
  return static_cast<size_t>(found - parameters.begin());
}

/// The smallest side that a picture must have: room for windows and shifts.
constexpr int64_t kLeastSide = 24;

/// Without a way out, so that several values are looked at at once.
bool all_finite(std::span<const float> values) {
  constexpr float kMost = std::numeric_limits<float>::max();
  bool wild = false;
  for (const float value : values)
    wild |= !(value >= -kMost && value <= kMost);
  return !wild;
}

Status check_input(const EvidenceRequest& request) {
  if (!claim_info(request.claim).needs_input) return {};
  if (!request.input || request.input->shape().count() == 0) return Error("evidence.error.no_input");
  const Shape& shape = request.input->shape();
  if (shape.h < kLeastSide || shape.w < kLeastSide)
    return Error("evidence.error.small_input")
        .with("height", shape.h)
        .with("width", shape.w)
        .with("least", kLeastSide);
  const auto values = request.input->values().first(static_cast<size_t>(shape.count() / shape.n));
  if (!all_finite(values)) return Error("evidence.error.not_finite");
  const bool flat =
      std::all_of(values.begin(), values.end(), [&](float value) { return value == values.front(); });
  if (flat) return Error("evidence.error.flat_input");
  return {};
}

/// Measurements of one quantity stand together, in the order in which the quantities came.
void group_by_quantity(EvidenceResult& result) {
  std::vector<Measurement> grouped;
  std::vector<size_t> place(result.measurements.size());
  for (size_t i = 0; i < result.measurements.size(); ++i) {
    const std::string& quantity = result.measurements[i].quantity;
    const auto same = [&](const Measurement& one) { return one.quantity == quantity; };
    if (std::any_of(grouped.begin(), grouped.end(), same)) continue;
    for (size_t k = i; k < result.measurements.size(); ++k) {
      if (!same(result.measurements[k])) continue;
      place[k] = grouped.size();
      grouped.push_back(result.measurements[k]);
    }
  }
  result.measurements = std::move(grouped);
  for (EvidenceCase& one : result.cases)
    one.measurement = place[one.measurement];
}

}  // namespace

std::span<const ClaimInfo> all_claims() {
  return kClaims;
}

const ClaimInfo& claim_info(Claim claim) {
  return kClaims[static_cast<size_t>(claim)];
}

const ClaimInfo* find_claim(std::string_view id) {
  for (const ClaimInfo& info : kClaims)
    if (info.id == id) return &info;
  return nullptr;
}

double EvidenceRequest::value(std::string_view id) const {
  return values[index_of(*this, id)];
}

int64_t EvidenceRequest::whole(std::string_view id) const {
  return std::llround(value(id));
}

void EvidenceRequest::set(std::string_view id, double value) {
  values[index_of(*this, id)] = value;
}

EvidenceRequest normal_request(Claim claim) {
  EvidenceRequest request;
  request.claim = claim;
  const ClaimInfo& info = claim_info(claim);
  for (const ClaimParameter& parameter : info.parameters)
    request.values.push_back(parameter.normal);
  request.repeats = info.repeats;
  return request;
}

Status check_request(const EvidenceRequest& request) {
  const ClaimInfo& info = claim_info(request.claim);
  assert(request.values.size() == info.parameters.size());
  for (size_t i = 0; i < info.parameters.size(); ++i) {
    const ClaimParameter& parameter = info.parameters[i];
    const double value = request.values[i];
    const bool whole = parameter.step >= 1;
    if (value >= parameter.least && value <= parameter.most && (!whole || value == std::floor(value)))
      continue;
    return Error(whole ? "evidence.error.whole" : "evidence.error.number")
        .with("parameter", "evidence.parameter." + std::string(parameter.id))
        .with("id", std::string(parameter.id))
        .with("value", format_short(value))
        .with("least", format_short(parameter.least))
        .with("most", format_short(parameter.most));
  }
  if (info.repeats > 0 && (request.repeats < info.least_repeats || request.repeats > info.most_repeats))
    return Error("evidence.error.repeats")
        .with("value", request.repeats)
        .with("least", info.least_repeats)
        .with("most", info.most_repeats);
  return check_input(request);
}

Answer answer_of(const Estimate& estimate, Relation relation, double threshold) {
  // An interval that is no number tells nothing.
  if (!(estimate.low <= estimate.high)) return Answer::unclear;
  const bool all_below = estimate.high<threshold, all_above = estimate.low> threshold;
  const bool a_point = estimate.low == estimate.high;
  switch (relation) {
    case Relation::below:
      return all_below                                             ? Answer::yes
             : all_above || (a_point && estimate.low == threshold) ? Answer::no
                                                                   : Answer::unclear;
    case Relation::above:
      return all_above                                             ? Answer::yes
             : all_below || (a_point && estimate.low == threshold) ? Answer::no
                                                                   : Answer::unclear;
    case Relation::equal:
      return a_point && estimate.low == threshold ? Answer::yes
             : all_below || all_above             ? Answer::no
                                                  : Answer::unclear;
  }
  return Answer::unclear;
}

std::string_view verdict_name(Verdict verdict) {
  constexpr std::string_view names[] = {"supported", "only-if", "not-supported", "by-construction"};
  return names[static_cast<size_t>(verdict)];
}

std::string_view answer_name(Answer answer) {
  constexpr std::string_view names[] = {"yes", "no", "unclear"};
  return names[static_cast<size_t>(answer)];
}

std::string_view relation_name(Relation relation) {
  constexpr std::string_view names[] = {"below", "above", "equal"};
  return names[static_cast<size_t>(relation)];
}

Verdict verdict_of(std::span<const EvidenceCase> cases, std::span<const Measurement> measurements) {
  size_t hold = 0, exact = 0;
  for (const EvidenceCase& one : cases) {
    hold += one.answer == Answer::yes ? 1 : 0;
    exact += measurements[one.measurement].estimate.n == 0 ? 1 : 0;
  }
  if (hold == 0) return Verdict::not_supported;
  if (hold < cases.size()) return Verdict::only_if;
  return exact == cases.size() ? Verdict::by_construction : Verdict::supported;
}

const Measurement* EvidenceResult::find(std::string_view quantity, std::string_view of) const {
  for (const Measurement& measurement : measurements)
    if (measurement.quantity == quantity && measurement.of == of) return &measurement;
  return nullptr;
}

Result<EvidenceResult> run_evidence(const EvidenceRequest& request, const EvidenceOptions& options) {
  if (const Status status = check_request(request); !status) return status.error();
  EvidenceRun run(request, options);
  run.result.finding = Message("evidence." + std::string(claim_info(request.claim).id) + ".finding");
  kExperiments[static_cast<size_t>(request.claim)](run);
  if (run.cancelled()) return Error("evidence.error.cancelled");
  group_by_quantity(run.result);
  run.result.verdict = verdict_of(run.result.cases, run.result.measurements);
  return std::move(run.result);
}

}  // namespace poolscope
