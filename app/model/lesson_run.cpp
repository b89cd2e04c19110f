#include "app/model/lesson_run.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/model/model.h"

namespace poolscope {

namespace {

using nlohmann::ordered_json;

/// "compare.depth" of an object; nullptr where it is not there.
const ordered_json* field_at(const ordered_json& object, std::string_view way) {
  const ordered_json* at = &object;
  while (!way.empty()) {
    const size_t dot = way.find('.');
    const std::string name(way.substr(0, dot));
    if (!at->is_object() || !at->contains(name)) return nullptr;
    at = &(*at)[name];
    way = dot == std::string_view::npos ? std::string_view() : way.substr(dot + 1);
  }
  return at;
}

bool field_changed(const ordered_json& before, const ordered_json& now, const std::string& way) {
  const ordered_json *a = field_at(before, way), *b = field_at(now, way);
  if (a == nullptr || b == nullptr) return a != b;
  return *a != *b;
}

/// The fields of a study that the step waits for. Compared anew where the state is another one.
bool fields_hold(LessonRun& run, const Model& model) {
  const LessonWait& wait = run.now().wait;
  if (!wait.state && wait.changed.empty()) return true;
  StudyState state = state_of(model);
  if (run.looked_at == state) return run.fields_hold;
  const Result<ordered_json> now = write_state(state, {}), before = write_state(run.entered[run.step], {});
  run.looked_at = std::move(state);
  run.fields_hold = now.ok() && before.ok() && (!wait.state || state_matches(*wait.state, *now)) &&
                    std::all_of(wait.changed.begin(), wait.changed.end(),
                                [&](const std::string& way) { return field_changed(*before, *now, way); });
  return run.fields_hold;
}

bool holds(LessonRun& run, const Model& model) {
  const LessonStep& step = run.now();
  const LessonWait& wait = step.wait;
  if (step.ask && !run.answer) return false;
  if (wait.empty()) return step.ask.has_value();
  const Session& session = model.session;
  // What glides has not arrived, and what is being dragged may be dragged on.
  if (session.playback.moving() || session.pointer_held) return false;
  if (session.prediction.guesses - run.guesses_before < wait.predicted) return false;
  if (wait.hovered == "input" && !run.hovered_input) return false;
  if (wait.hovered == "output" && !run.hovered_output) return false;
  const auto was_pressed = [&](const std::string& key) { return run.pressed.contains(key); };
  if (!std::all_of(wait.pressed.begin(), wait.pressed.end(), was_pressed)) return false;
  return fields_hold(run, model);
}

void show(Model& model, const StudyState& state) {
  apply_command(model, command::ShowState{state});
}

/// Begins the present step: in the state `from`, or in the present one with what the step sets.
void enter(Model& model, const StudyState* from) {
  LessonRun& run = *model.session.lesson;
  const LessonStep& step = run.now();
  StudyState state = from != nullptr ? *from : state_of(model);
  // Lessons name no files and were checked; a setting that cannot be leaves the state as it is.
  const bool set = from == nullptr && step.set && read_state(*step.set, state, lesson_reading(model)).ok();
  if (set || from != nullptr) show(model, state);
  run.entered.resize(run.step);
  run.entered.push_back(state_of(model));
  Prediction& prediction = model.session.prediction;
  if (step.predict) prediction.on = *step.predict;
  if (step.predict) prediction.answers.clear();
  run.guesses_before = prediction.guesses;
  run.done = false;
  run.done_seconds = 0;
  run.answer.reset();
  run.pressed.clear();
  run.hovered_input = run.hovered_output = false;
  run.looked_at.reset();
}

}  // namespace

bool LessonRun::goes_on() const {
  return done && now().done.empty() && !now().ask && !last();
}

const LessonRun* present_lesson(const Model& model) {
  return model.session.lesson.get();
}

StudyReading lesson_reading(const Model& model) {
  StudyReading reading;
  reading.labs = model.labs;
  return reading;
}

std::optional<size_t> place_on_shelf(const Model& model, const Lesson& lesson) {
  for (size_t i = 0; i < model.lessons.size(); ++i)
    if (model.lessons[i].get() == &lesson) return i;
  return std::nullopt;
}

bool lesson_hides(const Model& model, std::string_view section) {
  const LessonRun* run = present_lesson(model);
  if (run == nullptr) return false;
  const auto& hidden = run->now().hide;
  return std::find(hidden.begin(), hidden.end(), section) != hidden.end();
}

bool lesson_locks(const Model& model, std::string_view key) {
  const LessonRun* run = present_lesson(model);
  if (run == nullptr) return false;
  for (const std::string& lock : run->now().lock)
    if (key == lock || (key.starts_with(lock) && key[lock.size()] == '.')) return true;
  return false;
}

void start_lesson(Model& model, const LessonPtr& lesson, size_t step) {
  if (!lesson || lesson->steps.empty()) return;
  model.session.lesson = std::make_shared<LessonRun>();
  model.session.lesson->lesson = lesson;
  enter(model, nullptr);
  // What later steps set may rest on what earlier ones did.
  for (size_t i = 0; i < std::min(step, lesson->steps.size() - 1); ++i)
    lesson_next(model);
}

void lesson_next(Model& model) {
  if (!model.session.lesson) return;
  LessonRun& run = *model.session.lesson;
  if (!run.last()) {
    ++run.step;
    enter(model, nullptr);
    return;
  }
  const auto place = place_on_shelf(model, *run.lesson);
  if (place && *place + 1 < model.lessons.size())
    start_lesson(model, LessonPtr(model.lessons[*place + 1]), 0);
  else
    leave_lesson(model);
}

void lesson_back(Model& model) {
  if (!model.session.lesson || model.session.lesson->step == 0) return;
  LessonRun& run = *model.session.lesson;
  --run.step;
  const StudyState before = run.entered[run.step];
  enter(model, &before);
}

void leave_lesson(Model& model) {
  model.session.lesson.reset();
  model.session.prediction.on = false;
}

std::optional<double> asked_number(const Model& model) {
  const LessonRun* run = present_lesson(model);
  if (run == nullptr || !run->now().ask) return std::nullopt;
  const LessonQuestion& question = *run->now().ask;
  if (question.computed == "result") return double{model.record().result};
  if (question.computed == "steps") return static_cast<double>(model.steps());
  return question.value;
}

void lesson_answer(Model& model, int choice, double value) {
  if (!model.session.lesson || !model.session.lesson->now().ask) return;
  LessonRun& run = *model.session.lesson;
  const LessonQuestion& question = *run.now().ask;
  if (const auto asked = asked_number(model)) {
    run.answer = LessonAnswer{-1, value, *asked, std::fabs(value - *asked) <= question.tolerance + 1e-6};
  } else if (choice >= 0 && static_cast<size_t>(choice) < question.choices.size()) {
    run.answer = LessonAnswer{choice, 0, 0, question.choices[static_cast<size_t>(choice)].right};
  }
}

void lesson_pressed(Model& model, const std::string& key) {
  if (model.session.lesson) model.session.lesson->pressed.insert(key);
}

bool tick_lesson(Model& model, double dt_seconds) {
  if (!model.session.lesson) return false;
  LessonRun& run = *model.session.lesson;
  if (const auto& hovered = model.session.hovered) {
    run.hovered_input |= !hovered->in_output;
    run.hovered_output |= hovered->in_output;
  }
  if (!run.done && holds(run, model)) {
    run.done = true;
    return true;
  }
  if (!run.goes_on()) return false;
  run.done_seconds += dt_seconds;
  if (run.done_seconds >= kLessonPause) lesson_next(model);
  return true;
}

}  // namespace poolscope
