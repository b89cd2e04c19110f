#include "app/model/evidence_actions.h"

#include <system_error>

#include "app/model/atomic_file.h"
#include "app/model/model.h"
#include "core/data/display_name.h"

namespace poolscope {

namespace {

void written(Model& model, const std::filesystem::path& path, const Status& status) {
  if (!status.ok()) return notify(model, status.error(), true);
  ++model.session.evidence.saved;
  notify(model, Message("evidence_lab.saved").with("name", display_name(path)));
}

}  // namespace

void do_evidence(Model& model, EvidenceDeed deed, Claim claim, int answer) {
  ClaimQuestion& question = model.session.evidence.of(claim);
  switch (deed) {
    case EvidenceDeed::show:
      // Where one looks is not undone.
      model.document.evidence.claim = claim;
      break;
    case EvidenceDeed::ask:
      question = {true, std::nullopt};
      break;
    case EvidenceDeed::answer:
      question.answer = answer;
      break;
    case EvidenceDeed::run:
      model.evidence.begin(model.document, claim);
      break;
    case EvidenceDeed::stop:
      model.evidence.stop(claim);
      break;
  }
}

bool claim_hidden(const Model& model, Claim claim) {
  const ClaimQuestion& question = model.session.evidence.of(claim);
  const bool wanted = question.asked || model.session.prediction.on;
  return wanted && !question.answer && claim_info(claim).predictions > 0;
}

std::string evidence_file_name(Claim claim, bool picture) {
  return "evidence-" + std::string(claim_info(claim).id) + (picture ? ".png" : ".csv");
}

bool evidence_place_is_free(Model& model, const std::filesystem::path& path, bool replace) {
  std::error_code ignored;
  const bool there = !replace && std::filesystem::exists(path, ignored);
  model.session.evidence.occupied = there ? path.string() : std::string();
  return !there;
}

void save_evidence_table(Model& model, const std::filesystem::path& path, bool replace) {
  const EvidenceAnswerPtr& answer = model.evidence.latest(model.document.evidence.claim);
  if (!answer || !answer->result || !evidence_place_is_free(model, path, replace)) return;
  written(model, path, write_whole(path, evidence_csv(*answer->result)));
}

void save_evidence_picture(Model& model, const std::filesystem::path& path, const std::string& png) {
  written(model, path, write_whole(path, png));
}

}  // namespace poolscope
