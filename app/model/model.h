#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/model/channels_job.h"
#include "app/model/command.h"
#include "app/model/compare_job.h"
#include "app/model/document.h"
#include "app/model/evidence_job.h"
#include "app/model/history.h"
#include "app/model/lesson_run.h"
#include "app/model/network_work.h"
#include "app/model/pool_job.h"
#include "app/model/session.h"
#include "app/model/settings.h"
#include "app/model/shift_job.h"
#include "core/data/input_file.h"
#include "core/pooling/facts.h"
#include "core/pooling/trace.h"

namespace poolscope {

/// Everything the program knows. Panels read it and post commands; apply_command() is the only writer of the
/// document.
struct Model {
  Document document = start_document();
  Session session;
  Settings settings;
  History history;
  std::vector<LessonPtr> lessons;  ///< the shelf, in its order
  std::vector<std::string> labs;   ///< names of the labs that exist
  PoolJob job;
  CompareWork compare;
  ChannelsWork channels;
  ShiftWork shift;
  NetworkWork network;
  EvidenceWork evidence;

  /// What the document means now. The document is always legal: apply_command() keeps it so.
  const PoolPlan& plan() const { return plan_; }
  const PoolFacts& facts() const { return facts_; }
  /// The output of the document as it is, or nullptr while it is being computed.
  PoolRunPtr pooled() const;
  /// What the open study's file holds, or what the program started with.
  Document saved_document = start_document();
  bool unsaved() const { return document != saved_document; }
  /// Something is computed in the background that what is shown waits for. Experiments run beside it
  /// (evidence.busy()).
  bool busy() const { return job.busy() || compare.busy() || channels.job.busy() || shift.busy(); }
  /// Waits for it.
  void finish_work();
  int64_t steps() const { return plan_.steps_per_plane(); }
  /// The clock of the lab that is shown: windows, or the stops of a sweep over shifts.
  const Playback& clock() const { return session.lab == "shift" ? session.shift.sweep : session.playback; }
  int64_t clock_steps() const { return session.lab == "shift" ? kShiftStops : steps(); }
  /// The window that is shown, explained by the engine.
  const StepRecord& record() const { return record_; }

  /// Recomputes plan, facts and record where the document or the step has changed, and asks for the
  /// whole-input run. Call after commands and after the clock has moved.
  void refresh();

  // Side effects that the shell carries out after apply_command(): set by commands, taken by the application.
  std::optional<std::filesystem::path> wants_file;
  bool wants_cancel_opening = false;
  std::optional<std::filesystem::path> wants_saved, wants_log_saved;
  bool wants_left_over_restored = false, wants_left_over_discarded = false;
  std::optional<std::string> wants_clipboard;
  std::optional<std::filesystem::path> wants_evidence_picture;
  bool wants_narration_copied = false;
  std::optional<ExportRequest> wants_export;
  bool wants_cancel_export = false;

 private:
  void ask_labs();
  PoolPlan plan_;
  PoolFacts facts_;
  StepRecord record_;
  std::optional<Document> refreshed_for_;
  int64_t refreshed_step_ = -1;
};

/// Carries out one command. An edit that the input does not allow is brought to the nearest legal setting.
void apply_command(Model& model, const Command& command);
/// A file has been read: it becomes the input (undoable), or a notice says why not and nothing changes.
void finish_opening(Model& model, const std::filesystem::path& path, const Result<LoadedInput>& loaded);
/// A study has been read: it is shown (undoable), or a notice says why not and nothing changes.
void finish_study(Model& model, const std::filesystem::path& path, const Result<StudyState>& read);
/// The same for changes that were left behind: shown, but not saved yet. Whether it could be.
bool finish_restoring(Model& model, const Result<StudyState>& read);
/// `document` is in the file now.
void finish_saving(Model& model, const std::filesystem::path& path, const Document& document);
/// Moves the clock on and takes finished work in. Returns whether something on screen changed.
bool tick(Model& model, double dt_seconds);
/// A sentence for the user.
void notify(Model& model, Message message, bool is_error = false);

/// Carries out an order of the Network lab (network_commands.cpp).
void apply_network_order(Model& model, const command::Network& order);
/// Takes in what its threads have done, and says what went wrong or came to an end.
bool poll_network(Model& model);

/// Sets the stride to the window where they are linked, and the widths to the heights where not rectangular.
void keep_links(Document& document);

}  // namespace poolscope
