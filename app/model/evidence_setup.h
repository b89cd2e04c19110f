#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/study/evidence.h"

namespace poolscope {

struct Document;

/// How one claim of the Evidence lab shall be tested.
struct ClaimSetup {
  std::vector<double> values;  ///< of the claim's parameters, in the order of its table
  uint64_t seed = 1;
  int64_t repeats = 0;
  bool operator==(const ClaimSetup&) const = default;
};

/// One for each claim, as the claims' table has them.
std::vector<ClaimSetup> normal_claims();

/// The Evidence lab's part of the document.
struct EvidenceSetup {
  Claim claim = Claim::mean_shift;  ///< the one that is shown
  std::vector<ClaimSetup> claims = normal_claims();
  bool operator==(const EvidenceSetup&) const = default;

  const ClaimSetup& of(Claim one) const { return claims[static_cast<size_t>(one)]; }
  ClaimSetup& of(Claim one) { return claims[static_cast<size_t>(one)]; }
};

/// What stands in for an input that is too small for experiments.
inline constexpr const char* kEvidenceInput = "scene";
/// Why experiments on pictures cannot use the present input, so that kEvidenceInput is taken; nothing where
/// they can. Remembers its last answer: all values are read only once for each input.
std::optional<Error> evidence_input_problem(const Document& document);
/// The experiment as the document has it; nothing while the stand-in is still being drawn.
std::optional<EvidenceRequest> evidence_request(const Document& document, Claim claim);
/// It answers while a slider moves. Others are begun by the user.
bool runs_live(const EvidenceRequest& request);

/// The question before the run.
struct ClaimQuestion {
  bool asked = false;
  std::optional<int> answer;  ///< from 1; 0: the results were asked for without one
  bool operator==(const ClaimQuestion&) const = default;
};

/// What the session remembers of the Evidence lab.
struct EvidenceSession {
  std::vector<ClaimQuestion> questions = std::vector<ClaimQuestion>(all_claims().size());
  /// A file that is there already, which only an explicit yes replaces; else empty.
  std::string occupied;
  int64_t saved = 0;  ///< files written so far

  ClaimQuestion& of(Claim claim) { return questions[static_cast<size_t>(claim)]; }
  const ClaimQuestion& of(Claim claim) const { return questions[static_cast<size_t>(claim)]; }
};

}  // namespace poolscope
