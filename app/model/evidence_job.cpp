#include "app/model/evidence_job.h"

#include <algorithm>

#include "app/model/document.h"
#include "core/base/thread_pool.h"

namespace poolscope {

namespace {

/// An answer that comes within this time is waited for, although the slider has moved on meanwhile: cancelled
/// every time, it would never come during a drag.
constexpr std::chrono::milliseconds kPatience{700};

EvidenceAnswerPtr compute(const EvidenceRequest& request, JobProgress& progress) {
  auto answer = std::make_shared<EvidenceAnswer>();
  answer->request = request;
  EvidenceOptions options;
  options.progress = &progress.whole;
  // Where there are several, one stays free for the window.
  const int threads = hardware_threads();
  options.threads = threads > 2 ? threads - 1 : threads;
  Result<EvidenceResult> result = run_evidence(request, options);
  if (result.ok())
    answer->result = std::move(*result);
  else
    answer->error = result.error();
  return answer;
}

}  // namespace

EvidenceWork::EvidenceWork() {
  for (size_t i = 0; i < all_claims().size(); ++i)
    entries_.emplace_back(compute);
}

EvidenceAnswerPtr EvidenceWork::current(const Document& document, Claim claim) const {
  const std::optional<EvidenceRequest> request = evidence_request(document, claim);
  return request ? job(claim).answer_to(*request) : nullptr;
}

/// Whether there was anything to do.
bool EvidenceWork::ask_live(Entry& entry, const std::optional<EvidenceRequest>& request) {
  if (!request || !runs_live(*request)) return false;
  const auto now = std::chrono::steady_clock::now();
  if (entry.job.busy() && entry.begun != *request && now - entry.since < kPatience) return true;
  if (entry.job.answer_to(*request) && !entry.job.busy()) return false;
  const bool was_busy = entry.job.busy();
  entry.job.ask(*request, false);
  if (entry.job.stopped()) return false;
  if (entry.begun != *request || !was_busy) entry.since = now;
  entry.begun = request;
  return true;
}

void EvidenceWork::ask(const Document& document) {
  const Claim shown = document.evidence.claim;
  if (ask_live(entries_[static_cast<size_t>(shown)], evidence_request(document, shown))) return;
  for (const ClaimInfo& info : all_claims())
    if (info.claim != shown &&
        ask_live(entries_[static_cast<size_t>(info.claim)], evidence_request(document, info.claim)))
      return;
}

void EvidenceWork::begin(const Document& document, Claim claim) {
  const std::optional<EvidenceRequest> request = evidence_request(document, claim);
  if (!request) return;
  Entry& entry = entries_[static_cast<size_t>(claim)];
  entry.job.resume();
  entry.job.ask(*request, false);
  entry.begun = request;
  entry.since = std::chrono::steady_clock::now();
}

void EvidenceWork::stop(Claim claim) {
  entries_[static_cast<size_t>(claim)].job.stop();
}

bool EvidenceWork::poll() {
  bool changed = false;
  for (Entry& entry : entries_)
    changed |= entry.job.poll();
  return changed;
}

void EvidenceWork::wait() {
  for (Entry& entry : entries_)
    entry.job.wait();
}

bool EvidenceWork::busy() const {
  return std::any_of(entries_.begin(), entries_.end(), [](const Entry& entry) { return entry.job.busy(); });
}

}  // namespace poolscope
