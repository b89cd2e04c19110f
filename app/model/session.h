#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/model/evidence_setup.h"
#include "app/model/export_setup.h"
#include "app/model/network_setup.h"
#include "app/model/playback.h"
#include "app/model/predict.h"
#include "app/model/shift_setup.h"
#include "core/base/message.h"

namespace poolscope {

struct LessonRun;

enum class Dialog {
  none,
  open_file,
  keys,
  about,
  save_study,
  save_log,
  save_model,
  save_runs,
  palette,
  lessons,
  take_away
};

/// A sentence for the user; the shell shows it at the edge of the stage for a while and takes it from here.
struct Notice {
  Message message;
  bool is_error = false;
};

/// The cell under the mouse, as (row, column) of the input or the output plane.
struct HoveredCell {
  bool in_output = false;
  int64_t row = 0, column = 0;
  bool operator==(const HoveredCell&) const = default;
};

/// How a picture is looked at: the input cell in the middle, and screen pixels per input cell. 0: fit.
struct ViewTransform {
  double centre_x = 0, centre_y = 0;
  double zoom = 0;
  bool operator==(const ViewTransform&) const = default;
};

/// The matrix cell that is being typed into.
struct CellEditor {
  int64_t row = 0, column = 0;
  bool operator==(const CellEditor&) const = default;
};

/// Changes that an earlier run of the program did not save: it crashed, or was closed with them.
struct LeftOver {
  std::filesystem::path file;
  std::string time;  ///< when it was written: "2026-05-04 14:32"
  bool operator==(const LeftOver&) const = default;
};

/// What is not part of the document: where the eye is, what runs, what is open. Not undone, not saved.
struct Session {
  std::string lab = "window";  ///< name of the lab that is shown
  NetworkPage network_page = NetworkPage::train;
  Playback playback;
  Prediction prediction;
  ShiftView shift;
  std::shared_ptr<LessonRun> lesson;  ///< that is being taken (lesson_run.h), or nullptr
  bool pointer_held = false;          ///< a button of the mouse is down
  EvidenceSession evidence;
  ViewTransform view;
  std::optional<HoveredCell> hovered;
  std::optional<CellEditor> editing;
  Dialog dialog = Dialog::none;
  bool panels_hidden = false;
  bool presenting = false;                  ///< the stage alone, in large type
  std::filesystem::path study;              ///< file that Save writes to, or empty
  std::optional<LeftOver> left_over;        ///< offered to be restored
  std::string opening;                      ///< name of the file that is being read, or empty
  std::optional<ExportProgress> exporting;  ///< while an export runs
  std::vector<Notice> notices;
  bool quit = false;
};

}  // namespace poolscope
