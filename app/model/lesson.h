#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "app/model/study_state.h"
#include "core/base/result.h"

namespace poolscope {

/// Words in several languages, by code ("en", "zh").
class LessonText {
 public:
  void put(std::string language, std::string words) { words_[std::move(language)] = std::move(words); }
  bool empty() const { return words_.empty(); }
  /// In that language, or in English, or in whichever there is.
  const std::string& in(std::string_view language) const;
  const std::map<std::string, std::string, std::less<>>& all() const { return words_; }

 private:
  std::map<std::string, std::string, std::less<>> words_;
};

/// A question of a step: one of a few choices, or a number. Explained at once, and nobody must answer.
struct LessonQuestion {
  struct Choice {
    LessonText text, why;
    bool right = false;
  };
  LessonText text;
  std::vector<Choice> choices;
  std::optional<double> value;  ///< the number that is asked for; no choices then
  std::string computed;         ///< or the engine says it: "result" of the present window, or "steps"
  double tolerance = 0;
  bool number() const { return value || !computed.empty(); }
  LessonText why;  ///< said of a number
};

/// What the learner should look at: a widget or a cell by its key, and a few words beside it.
struct LessonPointer {
  std::string key;
  LessonText words;
};

using JsonPtr = std::shared_ptr<const nlohmann::json>;

/// What a step waits for. All that is named must hold.
struct LessonWait {
  JsonPtr state;                     ///< fields of a study with the values that they must have; or nullptr
  int64_t predicted = 0;             ///< so many guesses made in this step
  std::vector<std::string> pressed;  ///< each of these widgets was pressed in this step
  std::vector<std::string>
      changed;          ///< each of these fields of a study is other than at the step's beginning
  std::string hovered;  ///< "input" or "output": a cell of it was under the mouse
  bool empty() const {
    return !state && predicted == 0 && pressed.empty() && changed.empty() && hovered.empty();
  }
};

struct LessonStep {
  int64_t line = 0;
  LessonText text;  ///< what there is to know; **bold** and [winner:coloured] as in every paragraph
  LessonText task;  ///< what to do
  LessonText done;  ///< said when it was done; then the learner goes on, else the lesson does
  JsonPtr set;      ///< fields of a study; or nullptr
  std::optional<bool> predict;
  std::vector<LessonPointer> point;
  LessonWait wait;
  std::optional<LessonQuestion> ask;
  std::vector<std::string> hide, lock;  ///< sections of the left panel; widgets and actions
};

struct Lesson {
  std::string id;
  std::filesystem::path path;
  LessonText title;
  std::vector<LessonStep> steps;
  /// Every text in every language, for fonts and checks.
  std::vector<const LessonText*> texts() const;
};

using LessonPtr = std::shared_ptr<const Lesson>;

/// "my.lesson.toml": what is opened as a lesson.
bool is_lesson_file(const std::filesystem::path& path);

/// Reads a lesson. On an error: one sentence with the file's name and the line. `labs` are the labs that
/// exist. States are only tried out by check_lesson().
Result<Lesson> parse_lesson(std::string_view toml, const std::filesystem::path& path);
Result<Lesson> load_lesson(const std::filesystem::path& path);
/// Sets every step's state, one after the other: the first field that cannot be is an error with its line.
Status check_lesson(const Lesson& lesson, const StudyReading& reading);

/// The lessons of a folder, by their files' names (their order). A broken one is left out and said in
/// `problems`.
std::vector<LessonPtr> load_lessons(const std::filesystem::path& folder, std::vector<Error>& problems);

/// Leaves out the lessons that need a lab which this program has not got.
void keep_possible(std::vector<LessonPtr>& lessons, const std::vector<std::string>& labs);

/// Whether `value` (fields of a study) has what `pattern` names. A number stands for both numbers of a size;
/// {at_least = n}, {at_most = n} and {not = x} compare.
bool state_matches(const nlohmann::json& pattern, const nlohmann::ordered_json& value);

}  // namespace poolscope
