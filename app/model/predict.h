#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/message.h"
#include "core/pooling/formula.h"
#include "core/pooling/trace.h"

namespace poolscope {

struct Document;
struct Model;

/// What was said about one window before its result was shown.
struct WindowAnswer {
  bool guessed = false;  ///< false: the result was asked for without a guess
  bool right = false;
  bool by_cell = false;         ///< a cell was clicked, else a number was typed
  int64_t row = 0, column = 0;  ///< of the clicked cell
  double value = 0;             ///< typed, or of the clicked cell
  bool operator==(const WindowAnswer&) const = default;
};

/// Predict before reveal: while it is on, a window's result is hidden until it was guessed or asked for.
/// Part of the session. Forgotten where the windows or their values change.
struct Prediction {
  bool on = false;
  std::map<int64_t, WindowAnswer> answers;  ///< by step, of the windows that are shown now
  int64_t guesses = 0, right = 0;           ///< made so far; a lesson waits for them, nobody is shown a score
};

/// A window whose result is hidden stops here on its way: it has arrived, its winner is not lit yet.
inline constexpr double kHeldPhase = 0.42;

/// Results can be hidden where they are numbers in cells: forwards, on a matrix.
bool can_predict(const Document& document);
/// Prediction is on and possible in the lab that is shown.
bool predicting(const Model& model);
/// The result of the present window is hidden: it was neither guessed nor asked for.
bool question_open(const Model& model);
/// The answer to the present window, or nullptr.
const WindowAnswer* present_answer(const Model& model);
/// The first window at or after `step` whose result is hidden.
std::optional<int64_t> next_question(const Model& model, int64_t step);

/// Of kinds that take one of the window's values a cell can be clicked; of the others only the number typed.
bool answered_by_cell(const PoolPlan& plan, const StepRecord& record);
/// Right is the result, as exactly as it is shown, and for mixtures as exactly as one computes by hand. Of a
/// draw nobody can know the result: right is a value with the best chance.
WindowAnswer judge_value(const PoolPlan& plan, const StepRecord& record, double value);
/// `row` and `column` of the input plane. Nothing where the window does not hold that cell.
std::optional<WindowAnswer> judge_cell(const PoolPlan& plan, const StepRecord& record, int64_t row,
                                       int64_t column);

/// "3", "-0.5", "1e3", "5/4", "inf", "nan"; nothing where it is no number.
std::optional<double> parse_guess(std::string_view typed);

/// The arithmetic with "?" for its result, and nothing in it that gives the winner away.
std::vector<FormulaSpan> question_formula(const PoolPlan& plan, const StepRecord& record);
/// What is asked: "What is the largest value of this window? ...".
Message question(const PoolPlan& plan, const StepRecord& record);
/// What is said of an answer: whether it was right, and why; nothing more where nothing was guessed.
std::optional<Message> verdict(const PoolPlan& plan, const StepRecord& record, const WindowAnswer& answer);
/// The sentence of the present window: its narration, or the question while the result is hidden.
Message step_words(const Model& model);

// What the commands do.
void toggle_prediction(Model& model);
void guess_value(Model& model, double value);
void guess_cell(Model& model, int64_t row, int64_t column);
/// Shows the result; the animation goes on from where it was held.
void reveal(Model& model);
/// While it plays, the clock stops at the next hidden window. `before` is the position before it moved.
void hold_at_question(Model& model, double before);

}  // namespace poolscope
