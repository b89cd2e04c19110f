#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "app/labs/labs.h"
#include "app/model/lesson_run.h"
#include "tests/common/thoroughness.h"
#include "tests/labs/lab_driver.h"

using namespace poolscope;
using nlohmann::json;
using poolscope::test::HeadlessOptions;
using poolscope::test::LabDriver;

namespace {

std::vector<LessonPtr> shelf() {
  std::vector<Error> problems;
  std::vector<LessonPtr> lessons =
      load_lessons(std::filesystem::path(POOLSCOPE_ASSETS) / "lessons", problems);
  for (const Error& problem : problems)
    FAIL_CHECK(problem.key);
  keep_possible(lessons, lab_names());
  return lessons;
}

/// What a person does who reads the step: acts on the real widgets where that is what is asked for.
class Learner {
 public:
  explicit Learner(LabDriver& app) : app_(app) {}

  const LessonRun& run() const { return *present_lesson(app_.model); }
  const LessonStep& step() const { return run().now(); }

  void do_it() {
    const LessonWait& wait = step().wait;
    for (const std::string& key : wait.pressed)
      app_.click(key);
    if (!wait.hovered.empty()) app_.hover(wait.hovered + ".0.0");
    for (const std::string& field : wait.changed)
      change(field);
    if (wait.state) reach(*wait.state);
    settle();
    if (wait.predicted > 0) predict(wait.predicted);
    if (step().ask) answer();
    settle();
  }

 private:
  void settle() {
    for (int i = 0; i < 900 && app_.model.session.playback.moving(); ++i)
      app_.frame();
    app_.frame(2);
  }

  void change(const std::string& field) {
    if (field == "input") {
      app_.double_click("input.0.0");
      app_.frame(2);
      app_.key(ui::Key::a, true);
      app_.type("9");
      app_.key(ui::Key::enter);
    } else if (field == "pooling.seed") {
      app_.click("kind.redraw");
    } else {
      FAIL_CHECK("the test knows no way to change " << field);
    }
    app_.frame(2);
  }

  /// A pattern that is met exactly is a state that can be set: at_least 3 becomes 3.
  static json exact(const json& pattern) {
    if (!pattern.is_object()) return pattern;
    for (const char* bound : {"at_least", "at_most"})
      if (pattern.contains(bound)) return pattern[bound];
    json state = json::object();
    for (const auto& [name, inner] : pattern.items())
      state[name] = exact(inner);
    return state;
  }

  void reach(const json& pattern) {
    StudyState state = state_of(app_.model);
    const Status read = read_state(exact(pattern), state, lesson_reading(app_.model));
    REQUIRE_MESSAGE(read.ok(), (read.ok() ? std::string() : app_.texts.format(read.error())));
    // The pointed control must be there to be used; what it does is tested with the labs.
    app_.outbox.post(command::ShowState{state});
    app_.frame(2);
  }

  void predict(int64_t guesses) {
    for (int64_t i = 0; i < guesses; ++i) {
      REQUIRE(question_open(app_.model));
      app_.outbox.post(command::GuessValue{double{app_.model.record().result}});
      app_.frame(2);
      settle();
      if (i + 1 < guesses) app_.outbox.post(command::StepBy{1});
      settle();
    }
  }

  void answer() {
    const LessonQuestion& question = *step().ask;
    if (question.number()) {
      app_.outbox.post(command::LessonAnswer{-1, *asked_number(app_.model)});
    } else {
      const auto right = std::find_if(question.choices.begin(), question.choices.end(),
                                      [](const auto& choice) { return choice.right; });
      app_.click("lesson.choice." + std::to_string(right - question.choices.begin()));
    }
    app_.frame(2);
    CHECK(run().answer.has_value());
    CHECK(run().answer->right);
  }

  LabDriver& app_;
};

bool chinese(const std::string& words) {
  // Three bytes that begin with E4 to E9: the common characters.
  return std::any_of(words.begin(), words.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0xE4 && byte <= 0xE9;
  });
}

void begin(LabDriver& app, const std::vector<LessonPtr>& lessons, size_t index) {
  app.model.labs = lab_names();
  app.model.lessons = lessons;
  app.frame(2);
  app.outbox.post(command::StartLesson{lessons[index], 0});
  app.frame(4);
}

}  // namespace

TEST_CASE("lessons: their states can be set, their texts are there in both languages") {
  const std::vector<LessonPtr> lessons = shelf();
  REQUIRE(lessons.size() >= 5);
  LabDriver app;
  app.model.labs = lab_names();
  for (const LessonPtr& lesson : lessons) {
    CAPTURE(lesson->id);
    const Status checked = check_lesson(*lesson, lesson_reading(app.model));
    CHECK_MESSAGE(checked.ok(), (checked.ok() ? std::string() : app.texts.format(checked.error())));
    for (const LessonText* text : lesson->texts()) {
      CAPTURE(text->in("en"));
      REQUIRE(text->all().size() == 2);
      CHECK_FALSE(chinese(text->in("en")));
      const std::string& zh = text->in("zh");
      // Sizes and the like are the same in both.
      const bool words = std::any_of(zh.begin(), zh.end(), [](char c) { return std::isalpha(c) != 0; });
      CHECK((chinese(zh) || (!words && zh == text->in("en"))));
    }
  }
}

TEST_CASE("every lesson is played to its end in both languages, doing what each step waits for") {
  const std::vector<LessonPtr> lessons = shelf();
  for (const char* language : walked_languages()) {
    for (size_t index = 0; index < lessons.size(); ++index) {
      LabDriver app({}, language);
      begin(app, lessons, index);
      Learner learner(app);
      for (size_t step = 0; step < lessons[index]->steps.size(); ++step) {
        CAPTURE(language);
        CAPTURE(lessons[index]->id);
        CAPTURE(step);
        REQUIRE(present_lesson(app.model) != nullptr);
        REQUIRE(learner.run().step == step);
        REQUIRE(learner.run().lesson == lessons[index]);
        // Nothing is done before the learner did it.
        CHECK_FALSE(learner.run().done);
        for (const LessonPointer& pointer : learner.step().point) {
          app.model.finish_work();
          app.frame(2);
          CHECK_MESSAGE(app.has(pointer.key), "nothing to point at: " << pointer.key);
        }
        const bool something = !learner.step().wait.empty() || learner.step().ask;
        if (something) {
          learner.do_it();
          CHECK(learner.run().done);
          CHECK(app.has("lesson.task") == !learner.step().task.empty());
        }
        if (learner.run().goes_on())
          app.frame(static_cast<int>(kLessonPause * 60) + 10);
        else
          app.click("lesson.next");
        app.frame(4);
      }
      const bool last = index + 1 == lessons.size();
      CHECK((present_lesson(app.model) == nullptr) == last);
      for (const std::string& key : app.texts.missing())
        FAIL_CHECK("missing text: " << key);
    }
  }
}

TEST_CASE("every lesson can be paged through without doing anything, and back") {
  const std::vector<LessonPtr> lessons = shelf();
  for (size_t index = 0; index < lessons.size(); ++index) {
    LabDriver app;
    begin(app, lessons, index);
    const size_t steps = lessons[index]->steps.size();
    for (size_t step = 0; step + 1 < steps; ++step) {
      CAPTURE(lessons[index]->id);
      CAPTURE(step);
      REQUIRE(present_lesson(app.model)->step == step);
      CHECK_FALSE(present_lesson(app.model)->done);
      app.key(ui::Key::page_down);
      app.frame(2);
    }
    for (size_t step = steps - 1; step > 0; --step) {
      REQUIRE(present_lesson(app.model)->step == step);
      app.key(ui::Key::page_up);
      app.frame(2);
    }
    CHECK(present_lesson(app.model)->step == 0);
    app.click("lesson.leave");
    app.frame(2);
    CHECK(present_lesson(app.model) == nullptr);
  }
}

TEST_CASE("a lesson's way on can be reached at every size, scale and language") {
  const std::vector<LessonPtr> lessons = shelf();
  for (const char* language : walked_languages()) {
    for (const ImVec2 size : {ImVec2{1024, 640}, ImVec2{1440, 900}}) {
      for (const float scale : {1.0f, 1.5f}) {
        HeadlessOptions options;
        options.screen = size;
        options.scale = scale;
        LabDriver app(options, language);
        begin(app, lessons, 0);
        for (const char* key : {"lesson.next", "lesson.back", "lesson.leave"}) {
          const ui::ProbeItem& item = app.item(key);
          CHECK(item.visible());
          CHECK(item.max.x <= size.x);
          CHECK(item.max.y <= size.y);
        }
        CHECK(app.item("lesson.back").max.x <= app.item("lesson.next").min.x);
      }
    }
  }
}

TEST_CASE("lessons are chosen from the list, by mouse and by keys; locked controls and keys rest") {
  LabDriver app;
  app.model.labs = lab_names();
  app.model.lessons = shelf();
  app.frame(3);
  app.click("top.lessons");
  app.frame(2);
  app.click("lessons.menu.2");
  app.frame(2);
  REQUIRE(present_lesson(app.model) != nullptr);
  CHECK(present_lesson(app.model)->lesson == app.model.lessons[1]);
  app.key(ui::Key::l, true);
  app.frame(3);
  CHECK(app.has("lessons.menu.1"));
  app.key(ui::Key::escape);
  app.frame(2);
  const auto locked = parse_lesson(
      "id = \"x\"\ntitle = \"x\"\n[[step]]\ntext = \"a\"\nlock = [\"kind\", \"next_kind\", \"stride\"]\nhide "
      "= \"presets\"\n",
      "x");
  REQUIRE(locked.ok());
  app.outbox.post(command::StartLesson{std::make_shared<const Lesson>(*locked), 0});
  app.frame(3);
  const Document before = app.model.document;
  CHECK_FALSE(app.item("kind.average").enabled);
  CHECK_FALSE(app.item("stride").enabled);
  CHECK(app.item("window").enabled);
  CHECK_FALSE(app.has("preset.3x3s1"));
  app.click("kind.average");
  app.key(ui::Key::k);
  app.frame(2);
  CHECK(app.model.document == before);
}
