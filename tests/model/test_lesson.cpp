#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "app/model/lesson.h"
#include "app/model/model.h"
#include "app/model/text.h"
#include "tests/model/scratch_folder.h"

using namespace poolscope;

namespace {

constexpr const char* kHead = "id = \"mine\"\ntitle = { en = \"Mine\", zh = \"我的\" }\n";

Result<Lesson> lesson_of(const std::string& steps) {
  return parse_lesson(kHead + steps, "my.lesson.toml");
}

/// The error's sentence in English.
std::string said(const Error& error) {
  static const Texts texts = std::move(*Texts::load(POOLSCOPE_ASSETS, "en"));
  return texts.format(error);
}

StudyReading reading() {
  StudyReading labs;
  labs.labs = {"window", "compare"};
  return labs;
}

LessonPtr shared(const std::string& steps) {
  Result<Lesson> lesson = lesson_of(steps);
  REQUIRE_MESSAGE(lesson.ok(), (lesson.ok() ? std::string() : said(lesson.error())));
  return std::make_shared<const Lesson>(std::move(*lesson));
}

void wait(Model& model, double seconds) {
  for (int i = 0; i < seconds * 60; ++i)
    tick(model, 1.0 / 60);
}

struct Class : Model {
  Class() {
    labs = {"window", "compare"};
    refresh();
  }
};

}  // namespace

TEST_CASE("a lesson is read with everything in it") {
  const LessonPtr lesson = shared(R"(
[[step]]
text = { en = "One", zh = "一" }
task = "Do it"
predict = true
hide = "presets"
lock = ["kind", "next_kind"]
[step.set]
step = 2
pooling = { kind = "average", window = 2 }
[[step.point]]
at = "stride"
text.en = "Here"
[step.wait]
predicted = 2
changed = "input"
pooling.stride = { at_least = 2 }
[step.ask]
text = "How many?"
value = 4
tolerance = 0.5
)");
  CHECK(lesson->id == "mine");
  CHECK(lesson->title.in("zh") == "我的");
  CHECK(lesson->title.in("fr") == "Mine");
  REQUIRE(lesson->steps.size() == 1);
  const LessonStep& step = lesson->steps[0];
  CHECK(step.line == 4);
  CHECK(step.predict == true);
  CHECK(step.lock.size() == 2);
  CHECK(step.point[0].words.in("zh") == "Here");
  CHECK(step.wait.predicted == 2);
  REQUIRE(step.wait.state);
  CHECK((*step.wait.state)["pooling"]["stride"]["at_least"] == 2);
  CHECK(step.ask->value == 4);
  CHECK(check_lesson(*lesson, reading()).ok());
}

TEST_CASE("a broken lesson names its line and what is allowed") {
  struct Broken {
    const char* steps;
    const char* line;
    const char* words;
  };
  const Broken broken[] = {
      {"", "line 1", "“step” is missing"},
      {"[[step]]\n", "line 3", "“text” is missing"},
      {"[[step]]\ntext = 3\n", "line 4", "“text” must be a text"},
      {"[[step]]\ntext = \"a\"\ntxet = \"b\"\n", "line 5", "“txet” has no place here. Allowed: text, task"},
      {"[[step]]\ntext = \"a\nb\"\n", "line 4", "not TOML"},
      {"[[step]]\ntext = \"a\"\nwait = { step = 1 }\n", "line 3", "“task”"},
      {"[[step]]\ntext = \"a\"\ntask = \"b\"\nwait = { hovered = \"left\" }\n", "line 6", "input or output"},
      {"[[step]]\ntext = \"a\"\nask = { text = \"b\" }\n", "line 5", "two or more choices"},
      {"[[step]]\ntext = \"a\"\nask = { text = \"b\", value = \"many\" }\n", "line 5", "a number, or result"},
      {"[[step]]\ntext = \"a\"\n[[step.ask.choice]]\ntext = \"b\"\n", "line 5", "“text” is missing"},
      {"[[step]]\ntext = \"a\"\nask = { text = \"b\", choice = [{ text = \"c\" }, { text = \"d\" }] }\n",
       "line 5", "none of the choices is right"},
      {"[[step]]\ntext = \"a\"\npoint = \"stride\"\n", "line 5", "a list of tables"},
      {"[[step]]\ntext = \"a\"\nlock = [1]\n", "line 5", "a text or a list of texts"},
      {"step = 4\n", "line 3", "a list of tables"},
  };
  for (const Broken& one : broken) {
    CAPTURE(one.steps);
    const Result<Lesson> lesson = lesson_of(one.steps);
    REQUIRE_FALSE(lesson.ok());
    const std::string words = said(lesson.error());
    CAPTURE(words);
    CHECK(words.find("my.lesson.toml, " + std::string(one.line)) == 0);
    CHECK(words.find(one.words) != std::string::npos);
  }
}

TEST_CASE("a state that cannot be set names its step's line and its field") {
  const LessonPtr lesson = shared(
      "[[step]]\ntext = \"a\"\n[[step]]\ntext = \"b\"\n[step.set]\npooling = { kind = \"maximal\" }\n");
  const Status checked = check_lesson(*lesson, reading());
  REQUIRE_FALSE(checked.ok());
  const std::string words = said(checked.error());
  CAPTURE(words);
  CHECK(words.find("line 5") != std::string::npos);
  CHECK(words.find("pooling.kind") != std::string::npos);
  CHECK(words.find("max, average") != std::string::npos);
  CHECK_FALSE(check_lesson(*shared("[[step]]\ntext = \"a\"\nset = { lab = \"nowhere\" }\n"), reading()).ok());
  CHECK_FALSE(
      check_lesson(*shared("[[step]]\ntext = \"a\"\nset = { input = { file = \"x.png\" } }\n"), reading())
          .ok());
}

TEST_CASE("files: one that is not there, is no file or too large; a broken one does not hide the others") {
  const ScratchFolder scratch;
  const std::filesystem::path folder = scratch.path();
  CHECK(said(load_lesson(folder / "none.lesson.toml").error()).find("none.lesson.toml") == 0);
  CHECK_FALSE(load_lesson(folder).ok());
  std::ofstream(folder / "2.lesson.toml") << kHead << "[[step]]\ntext = \"a\"\n";
  std::ofstream(folder / "1.lesson.toml") << "id = ";
  std::ofstream(folder / "3.lesson.toml") << std::string(2'000'000, '#');
  std::ofstream(folder / "README.md") << "# not a lesson";
  std::vector<Error> problems;
  const std::vector<LessonPtr> lessons = load_lessons(folder, problems);
  CHECK(lessons.size() == 1);
  CHECK(problems.size() == 2);
  CHECK(load_lessons(folder / "nowhere", problems).empty());
}

TEST_CASE("a pattern names fields and compares") {
  const nlohmann::ordered_json state = {
      {"lab", "window"}, {"step", 3}, {"pooling", {{"kind", "max"}, {"window", {3, 3}}, {"stride", {3, 2}}}}};
  const auto matches = [&](const char* pattern) {
    return state_matches(nlohmann::json::parse(pattern), state);
  };
  CHECK(matches("{}"));
  CHECK(matches(R"({"step": 3, "lab": "window"})"));
  CHECK_FALSE(matches(R"({"step": 2})"));
  CHECK(matches(R"({"pooling": {"window": 3}})"));
  CHECK_FALSE(matches(R"({"pooling": {"stride": 3}})"));
  CHECK(matches(R"({"pooling": {"stride": [3, 2]}})"));
  CHECK(matches(R"({"pooling": {"stride": {"at_least": 2}}})"));
  CHECK_FALSE(matches(R"({"pooling": {"stride": {"at_least": 3}}})"));
  CHECK(matches(R"({"step": {"at_most": 3}, "pooling": {"kind": {"not": "average"}}})"));
  CHECK_FALSE(matches(R"({"lab": {"at_least": 1}})"));
  CHECK_FALSE(matches(R"({"nothing": 1})"));
}

TEST_CASE("a lesson sets the state, waits, goes on by itself, and back to where each step began") {
  Class model;
  const LessonPtr lesson = shared(R"(
[[step]]
text = "a"
set = { step = 0, pooling = { kind = "max" } }
[[step]]
text = "b"
task = "average"
wait = { pooling = { kind = "average" } }
[[step]]
text = "c"
task = "to the end"
set = { step = 1 }
wait = { step = 3 }
done = "well"
)");
  apply_command(model, command::StartLesson{lesson, 0});
  wait(model, 3);
  CHECK(present_lesson(model)->step == 0);
  apply_command(model, command::LessonNext{});
  wait(model, 3);
  CHECK(present_lesson(model)->step == 1);
  CHECK_FALSE(present_lesson(model)->done);
  Document average = model.document;
  average.spec.kind = Kind::average;
  apply_command(model, command::Edit{average, 0});
  wait(model, 0.1);
  CHECK(present_lesson(model)->done);
  CHECK(present_lesson(model)->step == 1);
  wait(model, kLessonPause + 0.2);
  CHECK(present_lesson(model)->step == 2);
  CHECK(model.session.playback.step() == 1);
  apply_command(model, command::Seek{3, false});
  wait(model, 5);
  CHECK(present_lesson(model)->done);
  CHECK(present_lesson(model)->step == 2);
  apply_command(model, command::LessonBack{});
  CHECK(present_lesson(model)->step == 1);
  CHECK(model.document.spec.kind == Kind::max);
  apply_command(model, command::LessonBack{});
  apply_command(model, command::LessonBack{});
  CHECK(present_lesson(model)->step == 0);
  // The learner's work is undone step by step, as everything else.
  apply_command(model, command::Undo{});
  CHECK(model.document.spec.kind == Kind::average);
  for (int i = 0; i < 3; ++i)
    apply_command(model, command::LessonNext{});
  CHECK(present_lesson(model) == nullptr);
}

TEST_CASE("what is still moving or dragged has not been done") {
  Class model;
  apply_command(model, command::StartLesson{shared("[[step]]\ntext = \"a\"\ntask = \"b\"\nset = { step = 0 "
                                                   "}\nwait = { step = 1 }\n[[step]]\ntext = \"c\"\n"),
                                            0});
  model.session.pointer_held = true;
  apply_command(model, command::Seek{1, false});
  wait(model, 1);
  CHECK_FALSE(present_lesson(model)->done);
  model.session.pointer_held = false;
  wait(model, 0.1);
  CHECK(present_lesson(model)->done);
}

TEST_CASE("questions are judged, numbers by the engine where it knows them") {
  Class model;
  apply_command(model, command::StartLesson{shared(R"(
[[step]]
text = "a"
set = { step = 1, pooling = { kind = "average" } }
ask = { text = "Result?", value = "result", tolerance = 0.01 }
[[step]]
text = "b"
ask = { text = "Stops?", value = "steps" }
[[step]]
text = "c"
ask = { text = "Which?", choice = [{ text = "x" }, { text = "y", right = true }] }
)"),
                                            0});
  apply_command(model, command::LessonAnswer{-1, 1.5});
  CHECK(present_lesson(model)->answer->right);
  apply_command(model, command::LessonNext{});
  apply_command(model, command::LessonAnswer{-1, 5});
  CHECK_FALSE(present_lesson(model)->answer->right);
  CHECK(present_lesson(model)->answer->asked == 4);
  apply_command(model, command::LessonNext{});
  apply_command(model, command::LessonAnswer{7, 0});
  CHECK_FALSE(present_lesson(model)->answer.has_value());
  apply_command(model, command::LessonAnswer{1, 0});
  CHECK(present_lesson(model)->answer->right);
  wait(model, 0.1);
  CHECK(present_lesson(model)->done);
}

TEST_CASE("locks and hidden sections hold in their step alone") {
  Class model;
  apply_command(
      model,
      command::StartLesson{
          shared("[[step]]\ntext = \"a\"\nlock = \"kind\"\nhide = \"presets\"\n[[step]]\ntext = \"b\"\n"),
          0});
  CHECK(lesson_locks(model, "kind"));
  CHECK(lesson_locks(model, "kind.average"));
  CHECK_FALSE(lesson_locks(model, "kinds"));
  CHECK(lesson_hides(model, "presets"));
  apply_command(model, command::LessonNext{});
  CHECK_FALSE(lesson_locks(model, "kind"));
  CHECK_FALSE(lesson_hides(model, "presets"));
}
