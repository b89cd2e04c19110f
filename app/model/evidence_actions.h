#pragma once

#include <filesystem>

#include "app/model/evidence_setup.h"

namespace poolscope {

struct Model;
struct EvidenceAnswer;

/// What a panel of the Evidence lab asks for; carried by command::Evidence.
enum class EvidenceDeed {
  show,    ///< this claim's page
  ask,     ///< hide its results and ask first
  answer,  ///< `answer`, 0: none
  run,     ///< begin its experiment
  stop,
};

void do_evidence(Model& model, EvidenceDeed deed, Claim claim, int answer);

/// The question before the run is open: results stay hidden.
bool claim_hidden(const Model& model, Claim claim);

/// "evidence-mean-shift.csv": what a result is called unless the user says otherwise.
std::string evidence_file_name(Claim claim, bool picture);
/// Writes the table of the shown claim's newest result; a notice says how it went. A file that is there is
/// replaced only on `replace`: else the session notes that it is occupied.
void save_evidence_table(Model& model, const std::filesystem::path& path, bool replace);
/// The same for a picture that the shell has drawn.
void save_evidence_picture(Model& model, const std::filesystem::path& path, const std::string& png);
/// Whether a file may be written there: notes in the session that it is occupied where not.
bool evidence_place_is_free(Model& model, const std::filesystem::path& path, bool replace);

}  // namespace poolscope
