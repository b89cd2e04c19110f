#include "app/model/predict.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

#include "app/model/model.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

// Cells show three digits: 0.333 is as good an answer as 0.33333.
constexpr double kShownExactly = 6e-4;
// By hand one rounds on the way: of mixtures half a per cent of the window's largest value may be missing.
constexpr double kByHand = 5e-3;

double largest_size(const StepRecord& record) {
  double size = 0;
  for (const Tap& tap : record.taps)
    if (tap.inside && std::isfinite(tap.value)) size = std::max(size, std::fabs(double{tap.value}));
  return size;
}

double best_chance(const StepRecord& record) {
  double best = 0;
  for (const Tap& tap : record.taps)
    if (tap.inside) best = std::max(best, tap.weight);
  return best;
}

bool near(double a, double b, double tolerance) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  if (std::isinf(a) || std::isinf(b)) return a == b;
  return std::fabs(a - b) <= tolerance;
}

/// A draw among several values: nobody can know which one.
bool drawn(const PoolPlan& plan, const StepRecord& record) {
  return plan.spec.kind == Kind::stochastic && record.winner >= 0 && record.total > 0;
}

/// The place decides, not the value: a grid is kept, whatever is in it.
bool by_place(Kind kind) {
  return kind == Kind::none || kind == Kind::aps;
}

bool right_tap(const PoolPlan& plan, const StepRecord& record, size_t index) {
  const Tap& tap = record.taps[index];
  if (drawn(plan, record)) return tap.weight >= best_chance(record) * (1 - 1e-9);
  if (by_place(plan.spec.kind) || plan.spec.kind == Kind::stochastic)
    return static_cast<int>(index) == record.winner;
  // Equal values are equally right; which of them counts is said in the sentence.
  return static_cast<int>(index) == record.winner || tap.value == record.result;
}

void keep_answer(Model& model, const WindowAnswer& answer) {
  Prediction& prediction = model.session.prediction;
  prediction.answers[model.record().step] = answer;
  ++prediction.guesses;
  prediction.right += answer.right;
  reveal(model);
}

const char* question_key(Kind kind) {
  switch (kind) {
    case Kind::max:
    case Kind::global_max:
    case Kind::adaptive_max:
    case Kind::fractional_max:
      return "predict.ask.largest";
    case Kind::min:
      return "predict.ask.smallest";
    case Kind::average:
    case Kind::global_average:
    case Kind::adaptive_average:
      return "predict.ask.mean";
    case Kind::stochastic:
      return "predict.ask.draw";
    case Kind::none:
    case Kind::aps:
      return "predict.ask.kept";
    default:
      return "predict.ask.value";
  }
}

std::string per_cent(double share) {
  return format_short(share * 100, 3) + " %";
}

/// The chance of what was guessed, and the best one.
Message draw_verdict(const StepRecord& record, const WindowAnswer& answer) {
  double chance = 0;
  for (const Tap& tap : record.taps) {
    if (!tap.inside) continue;
    const bool meant = answer.by_cell ? tap.row == answer.row && tap.column == answer.column
                                      : near(tap.value, answer.value, kShownExactly * std::fabs(tap.value));
    if (meant) chance = std::max(chance, tap.weight);
  }
  const char* key = answer.right  ? "predict.draw.right"
                    : chance == 0 ? "predict.draw.none"
                                  : "predict.draw.less";
  return Message(key)
      .with("guess", format_value(answer.value))
      .with("chance", per_cent(chance))
      .with("best", per_cent(best_chance(record)));
}

}  // namespace

bool can_predict(const Document& document) {
  return document.direction == Direction::forward && shown_as_matrix(document);
}

bool predicting(const Model& model) {
  return model.session.prediction.on && model.session.lab == "window" && can_predict(model.document);
}

bool question_open(const Model& model) {
  return predicting(model) && present_answer(model) == nullptr;
}

const WindowAnswer* present_answer(const Model& model) {
  const auto& answers = model.session.prediction.answers;
  const auto found = answers.find(model.session.playback.step());
  return found == answers.end() ? nullptr : &found->second;
}

std::optional<int64_t> next_question(const Model& model, int64_t step) {
  for (; step < model.steps(); ++step)
    if (!model.session.prediction.answers.contains(step)) return step;
  return std::nullopt;
}

bool answered_by_cell(const PoolPlan& plan, const StepRecord& record) {
  return kind_info(plan.spec.kind).selects && record.winner >= 0;
}

WindowAnswer judge_value(const PoolPlan& plan, const StepRecord& record, double value) {
  WindowAnswer answer;
  answer.guessed = true;
  answer.value = value;
  if (drawn(plan, record)) {
    for (size_t i = 0; i < record.taps.size(); ++i) {
      const Tap& tap = record.taps[i];
      answer.right |= tap.inside && right_tap(plan, record, i) &&
                      near(tap.value, value, kShownExactly * std::fabs(tap.value));
    }
    return answer;
  }
  const double result = record.result;
  const bool taken = kind_info(plan.spec.kind).selects;
  answer.right =
      near(value, result, taken ? kShownExactly * std::fabs(result) : kByHand * largest_size(record));
  return answer;
}

std::optional<WindowAnswer> judge_cell(const PoolPlan& plan, const StepRecord& record, int64_t row,
                                       int64_t column) {
  for (size_t i = 0; i < record.taps.size(); ++i) {
    const Tap& tap = record.taps[i];
    if (!tap.inside || tap.row != row || tap.column != column) continue;
    return WindowAnswer{true, right_tap(plan, record, i), true, row, column, tap.value};
  }
  return std::nullopt;
}

std::optional<double> parse_guess(std::string_view typed) {
  const auto number = [](std::string_view part) -> std::optional<double> {
    while (!part.empty() && part.front() == ' ')
      part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ')
      part.remove_suffix(1);
    if (part.size() > 1 && part.front() == '+' && part[1] != '-') part.remove_prefix(1);
    double value = 0;
    const auto [end, problem] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (problem != std::errc() || end != part.data() + part.size() || part.empty()) return std::nullopt;
    return value;
  };
  const size_t slash = typed.find('/');
  if (slash == std::string_view::npos) return number(typed);
  const auto above = number(typed.substr(0, slash)), below = number(typed.substr(slash + 1));
  if (!above || !below || *below == 0) return std::nullopt;
  return *above / *below;
}

std::vector<FormulaSpan> question_formula(const PoolPlan& plan, const StepRecord& record) {
  std::vector<FormulaSpan> spans;
  const Kind kind = plan.spec.kind;
  if (kind == Kind::stochastic || kind == Kind::aps) {
    // Their arithmetic begins with the answer: the values alone are asked about.
    constexpr size_t kMost = 9;
    spans.push_back({"{ "});
    size_t written = 0;
    for (size_t i = 0; i < record.taps.size() && written <= kMost; ++i) {
      if (!record.taps[i].inside) continue;
      if (written > 0) spans.push_back({", "});
      const bool rest = written == kMost;
      spans.push_back({rest ? "…" : format_value(record.taps[i].value), FormulaRole::operand});
      ++written;
    }
    spans.push_back({" } → "});
    spans.push_back({"?", FormulaRole::result});
    return spans;
  }
  spans = formula(plan, record);
  for (FormulaSpan& span : spans) {
    if (span.role == FormulaRole::winner) span.role = FormulaRole::operand;
    if (span.role == FormulaRole::result) span.text = "?";
  }
  return spans;
}

Message question(const PoolPlan& plan, const StepRecord& record) {
  return Message(record.valid == 0 ? "predict.ask.value" : question_key(plan.spec.kind));
}

std::optional<Message> verdict(const PoolPlan& plan, const StepRecord& record, const WindowAnswer& answer) {
  if (!answer.guessed) return std::nullopt;
  if (drawn(plan, record)) return draw_verdict(record, answer);
  const char* key = answer.right ? "predict.right" : answer.by_cell ? "predict.chose" : "predict.said";
  return Message(key).with("guess", format_value(answer.value)).with("result", format_value(record.result));
}

Message step_words(const Model& model) {
  if (question_open(model)) return question(model.plan(), model.record());
  return narrate(model.plan(), model.record());
}

void toggle_prediction(Model& model) {
  Prediction& prediction = model.session.prediction;
  Playback& playback = model.session.playback;
  prediction.on = !prediction.on;
  playback.playing = false;
  if (!prediction.on) {
    seek(playback, playback.step(), model.steps(), false);
    return;
  }
  prediction.answers.clear();
  if (!predicting(model)) return;
  // The result of this window has been seen; the next one is asked for.
  const int64_t step = playback.step();
  if (model.steps() > 1) prediction.answers[step] = {};
  const bool last = step + 1 >= model.steps();
  if (last) prediction.answers.clear();
  seek(playback, last ? 0 : step + 1, model.steps(), !last && !model.settings.reduced_motion);
}

void guess_value(Model& model, double value) {
  if (question_open(model)) keep_answer(model, judge_value(model.plan(), model.record(), value));
}

void guess_cell(Model& model, int64_t row, int64_t column) {
  if (!question_open(model) || !answered_by_cell(model.plan(), model.record())) return;
  if (const auto answer = judge_cell(model.plan(), model.record(), row, column))
    keep_answer(model, *answer);
  else
    notify(model, Message("predict.outside"));
}

void reveal(Model& model) {
  Playback& playback = model.session.playback;
  const int64_t step = playback.step();
  model.session.prediction.answers.try_emplace(step);
  playback.playing = false;
  playback.goal = static_cast<double>(step) + 1;
  const double held = static_cast<double>(step) + kHeldPhase;
  playback.position = model.settings.reduced_motion ? playback.goal : std::min(playback.position, held);
}

void hold_at_question(Model& model, double before) {
  if (!predicting(model)) return;
  Playback& playback = model.session.playback;
  const auto from = std::max<int64_t>(0, static_cast<int64_t>(std::ceil(before)) - 1);
  const bool wrapped = playback.position < before;
  std::optional<int64_t> open = next_question(model, from);
  const bool ahead = open.has_value();
  if (!open && wrapped) open = next_question(model, 0);
  if (!open) return;
  const double stop = static_cast<double>(*open) + 1;
  const bool reached = (wrapped && ahead) || playback.position >= stop;
  if (!reached) return;
  playback.position = playback.goal = stop;
  playback.playing = false;
}

}  // namespace poolscope
