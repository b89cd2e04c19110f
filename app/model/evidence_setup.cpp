#include "app/model/evidence_setup.h"

#include <algorithm>
#include <memory>

#include "app/model/document.h"
#include "core/data/builtin.h"

namespace poolscope {

std::vector<ClaimSetup> normal_claims() {
  std::vector<ClaimSetup> claims;
  for (const ClaimInfo& info : all_claims()) {
    const EvidenceRequest request = normal_request(info.claim);
    claims.push_back({request.values, request.seed, request.repeats});
  }
  return claims;
}

bool evidence_input_replaced(const Document& document) {
  // Asked many times a frame, and all values of a large picture are looked at for the answer.
  thread_local std::weak_ptr<const Tensor> known;
  thread_local bool replaced = false;
  const TensorPtr& input = document.input.tensor;
  if (known.lock() == input) return replaced;
  EvidenceRequest request = normal_request(Claim::texture);
  request.input = input;
  replaced = !check_request(request).ok();
  known = input;
  return replaced;
}

std::optional<EvidenceRequest> evidence_request(const Document& document, Claim claim) {
  const ClaimSetup& setup = document.evidence.of(claim);
  EvidenceRequest request;
  request.claim = claim;
  request.values = setup.values;
  request.seed = setup.seed;
  request.repeats = setup.repeats;
  if (!claim_info(claim).needs_input) return request;
  if (evidence_input_replaced(document)) {
    // Drawing it takes longer than a frame; another thread does it at the start.
    if (!builtin_is_made(kEvidenceInput)) return std::nullopt;
    request.input = make_builtin(kEvidenceInput);
    request.input_name = kEvidenceInput;
    request.is_picture = true;
    return request;
  }
  request.input = document.input.tensor;
  request.is_picture = document.input.is_picture;
  request.input_name = document.input.path.empty() ? document.input.builtin : document.input.name;
  return request;
}

bool runs_live(const EvidenceRequest& request) {
  const ClaimInfo& info = claim_info(request.claim);
  if (!info.long_running) return true;
  // Without networks to train nothing of it takes long.
  const auto networks =
      std::find_if(info.parameters.begin(), info.parameters.end(),
                   [](const ClaimParameter& parameter) { return parameter.id == "networks"; });
  return networks != info.parameters.end() && request.value("networks") == 0;
}

}  // namespace poolscope
