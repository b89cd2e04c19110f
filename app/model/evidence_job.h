#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "app/model/evidence_setup.h"
#include "app/model/latest_job.h"

namespace poolscope {

/// One experiment that has ended: with a result, or with a sentence why not.
struct EvidenceAnswer {
  EvidenceRequest request;
  std::optional<EvidenceResult> result;
  std::optional<Error> error;
};
using EvidenceJob = LatestJob<EvidenceRequest, EvidenceAnswer>;
using EvidenceAnswerPtr = std::shared_ptr<const EvidenceAnswer>;

/// The experiments of the Evidence lab, each a job of its own. Live ones follow the document while the lab is
/// shown, the shown claim first and the others one after the other; long ones are begun by begin() and go on
/// whatever is shown, with the settings that they were begun with.
class EvidenceWork {
 public:
  EvidenceWork();

  /// Asks for what the document shows now. Call while the lab is shown.
  void ask(const Document& document);
  void begin(const Document& document, Claim claim);
  void stop(Claim claim);

  bool poll();
  void wait();
  bool busy() const;

  bool running(Claim claim) const { return job(claim).busy(); }
  bool stopped(Claim claim) const { return job(claim).stopped(); }
  double progress(Claim claim) const { return job(claim).progress(); }
  /// What is being computed, or was last.
  const std::optional<EvidenceRequest>& begun(Claim claim) const {
    return entries_[static_cast<size_t>(claim)].begun;
  }
  /// The newest answer, maybe to other settings; or nullptr.
  const EvidenceAnswerPtr& latest(Claim claim) const { return job(claim).latest(); }
  /// The same where it is to what the document says now.
  EvidenceAnswerPtr current(const Document& document, Claim claim) const;

 private:
  struct Entry {
    explicit Entry(EvidenceJob::Compute compute) : job(compute) {}
    EvidenceJob job;
    std::optional<EvidenceRequest> begun;
    std::chrono::steady_clock::time_point since = {};
  };
  const EvidenceJob& job(Claim claim) const { return entries_[static_cast<size_t>(claim)].job; }
  bool ask_live(Entry& entry, const std::optional<EvidenceRequest>& request);

  std::deque<Entry> entries_;  ///< one for each claim
};

}  // namespace poolscope
