#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/model/lesson.h"
#include "app/model/study_state.h"

namespace poolscope {

struct Model;

/// What was said to a step's question.
struct LessonAnswer {
  int choice = -1;  ///< of its choices; -1: a number
  double value = 0;
  double asked = 0;  ///< the number that was asked for
  bool right = false;
};

/// A lesson that is being taken. Part of the session.
struct LessonRun {
  LessonPtr lesson;
  size_t step = 0;
  bool done = false;        ///< the learner did what the step waits for
  double done_seconds = 0;  ///< for so long; a step without words for it then goes on by itself
  std::optional<LessonAnswer> answer;

  std::vector<StudyState> entered;             ///< the state in which each step so far began: the way back
  int64_t guesses_before = 0;                  ///< predictions made before this step
  std::set<std::string, std::less<>> pressed;  ///< widgets, in this step
  bool hovered_input = false, hovered_output = false;
  std::optional<StudyState> looked_at;  ///< the state that the step's fields were last compared in
  bool fields_hold = false;

  const LessonStep& now() const { return lesson->steps[step]; }
  bool last() const { return step + 1 == lesson->steps.size(); }
  /// It goes on by itself in a moment.
  bool goes_on() const;
};

/// How long what was done stays on screen before the lesson goes on by itself.
inline constexpr double kLessonPause = 1.6;

/// The lesson that is being taken, or nullptr.
const LessonRun* present_lesson(const Model& model);
/// What the fields of a lesson's states may name: the program's labs, no files.
StudyReading lesson_reading(const Model& model);
/// The number of the lesson on the shelf, from 0, or nothing for one from a file.
std::optional<size_t> place_on_shelf(const Model& model, const Lesson& lesson);
/// The lesson hides this section of the left panel ("presets"); locks this widget or action ("kind.average"
/// is locked by "kind").
bool lesson_hides(const Model& model, std::string_view section);
bool lesson_locks(const Model& model, std::string_view key);

/// The number that the present question asks for; nothing where it has choices.
std::optional<double> asked_number(const Model& model);

// What the commands do. Steps out of range are the nearest ones.
void start_lesson(Model& model, const LessonPtr& lesson, size_t step);
void lesson_next(Model& model);
void lesson_back(Model& model);
void leave_lesson(Model& model);
/// A choice, or, where the question asks for one, a number.
void lesson_answer(Model& model, int choice, double value);
void lesson_pressed(Model& model, const std::string& key);
/// Looks whether the learner did it, and goes on. Returns whether something changed on screen.
bool tick_lesson(Model& model, double dt_seconds);

}  // namespace poolscope
