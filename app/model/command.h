#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "app/model/document.h"
#include "app/model/evidence_actions.h"
#include "app/model/export_setup.h"
#include "app/model/playback.h"
#include "app/model/settings.h"
#include "app/model/study_state.h"

namespace poolscope {

struct Lesson;

/// What a panel may ask for. Panels never change anything themselves: commands are applied between frames.
namespace command {

/// The whole new document; `gesture` makes the changes of one drag one undo step (0: a step of its own).
struct Edit {
  Document document;
  uint64_t gesture = 0;
};
/// A whole state: of a study, or of a lesson. One step of undo; playing stops.
struct ShowState {
  StudyState state;
};
struct OpenBuiltin {
  std::string name;
};
struct OpenFile {
  std::filesystem::path path;
};
struct CancelOpening {};
struct SetCell {
  int64_t row = 0, column = 0;
  float value = 0;
};
struct Undo {};
struct Redo {};

struct PlayPause {};
struct StepBy {
  int64_t beats = 1;
};
struct Seek {
  int64_t step = 0;
  bool glide = false;
};
struct SetSpeed {
  double speed = 1;
};
struct SetUnit {
  PlayUnit unit = PlayUnit::window;
};
struct ToggleLoop {};
/// Ends the background work of the lab that is shown, or begins it again.
struct StopWork {};
struct ResumeWork {};

/// Predict before reveal (predict.h): on or off, a guess at the present window, or its result without one.
struct TogglePrediction {};
struct GuessValue {
  double value = 0;
};
struct GuessCell {
  int64_t row = 0, column = 0;
};
struct Reveal {};
/// Of the Network lab.
struct Network {
  NetworkOrder order;
  int64_t number = 0;
  std::filesystem::path path = {};
};

/// Moves the picture of the Shift lab, or says where playing moves it along.
struct SetShift {
  Offset by;
};
struct SetSweepWay {
  SweepWay way = SweepWay::right;
};

/// Lessons (lesson_run.h). A number is the answer where the question asks for one.
struct StartLesson {
  std::shared_ptr<const Lesson> lesson;
  size_t step = 0;
};
struct LessonNext {};
struct LessonBack {};
struct LeaveLesson {};
struct LessonAnswer {
  int choice = -1;
  double number = 0;
};
struct LessonPressed {
  std::string key;  ///< of the widget
};

/// The Evidence lab (evidence_actions.h).
struct Evidence {
  EvidenceDeed deed = EvidenceDeed::show;
  Claim claim = Claim::mean_shift;
  int answer = 0;
};
/// Writes the result of the claim that is shown, as a table or as a picture of its report.
struct SaveEvidence {
  std::filesystem::path path;
  bool picture = false, replace = false;
};

struct SetLanguage {
  std::string language;
};
struct SetTheme {
  ThemeName theme = ThemeName::paper;
};
struct SetTextScale {
  int percent = 100;
};
struct ToggleReducedMotion {};

struct SetLab {
  std::string name;
};
struct ShowDialog {
  int dialog = 0;
};  ///< Dialog in session.h
struct TogglePanels {};
struct TogglePresenting {};
/// To the file that the study came from, or asks for one.
struct SaveStudy {};
struct SaveStudyAs {
  std::filesystem::path file;
};
/// All sentences so far, as a text file.
struct SaveLog {
  std::filesystem::path file;
};
/// What an earlier run left behind.
struct RestoreLeftOver {};
struct DiscardLeftOver {};
struct HideLeftOver {};
struct ResetView {};
struct ZoomView {
  double factor = 1;
};
struct CopyText {
  std::string text;
};
struct CopyNarration {};
/// Takes something out of the program (export_setup.h); CancelExport ends that and writes nothing.
struct StartExport {
  ExportRequest request;
};
struct CancelExport {};
struct Quit {};

}  // namespace command

using Command =
    std::variant<command::Edit, command::ShowState, command::OpenBuiltin, command::OpenFile,
                 command::CancelOpening, command::SetCell, command::Undo, command::Redo, command::PlayPause,
                 command::StepBy, command::Seek, command::SetSpeed, command::SetUnit, command::ToggleLoop,
                 command::StopWork, command::ResumeWork, command::SetLanguage, command::SetTheme,
                 command::SetTextScale, command::ToggleReducedMotion, command::SetLab, command::ShowDialog,
                 command::TogglePanels, command::ResetView, command::ZoomView, command::CopyText,
                 command::CopyNarration, command::TogglePrediction, command::GuessValue, command::GuessCell,
                 command::Reveal, command::SetShift, command::SetSweepWay, command::Network,
                 command::TogglePresenting, command::SaveStudy, command::SaveStudyAs, command::SaveLog,
                 command::RestoreLeftOver, command::DiscardLeftOver, command::HideLeftOver,
                 command::StartLesson, command::LessonNext, command::LessonBack, command::LeaveLesson,
                 command::LessonAnswer, command::LessonPressed, command::StartExport, command::CancelExport,
                 command::Evidence, command::SaveEvidence, command::Quit>;

/// Where panels put what they ask for.
class Outbox {
 public:
  void post(Command command) { commands_.push_back(std::move(command)); }
  std::vector<Command> take() { return std::exchange(commands_, {}); }
  bool empty() const { return commands_.empty(); }

 private:
  std::vector<Command> commands_;
};

}  // namespace poolscope
