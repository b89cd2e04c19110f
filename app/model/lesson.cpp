#include "app/model/lesson.h"

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <sstream>
#include <system_error>
#include <utility>

#include "app/model/toml.h"
#include "core/data/display_name.h"

namespace poolscope {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view kEnding = ".lesson.toml";
constexpr std::uintmax_t kLargestFile = 1 << 20;
constexpr size_t kMostSteps = 200;

json to_json(const toml::node& node) {
  if (const auto* table = node.as_table()) {
    json object = json::object();
    for (const auto& [name, value] : *table)
      object[std::string(name.str())] = to_json(value);
    return object;
  }
  if (const auto* array = node.as_array()) {
    json list = json::array();
    for (const toml::node& value : *array)
      list.push_back(to_json(value));
    return list;
  }
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* whole = node.as_integer()) {
    // Study files tell numbers without a sign from others, as seeds.
    if (whole->get() >= 0) return static_cast<uint64_t>(whole->get());
    return whole->get();
  }
  if (const auto* number = node.as_floating_point()) return number->get();
  if (const auto* flag = node.as_boolean()) return flag->get();
  return nullptr;
}

/// Reads one table of the file; the first error stays. Fields that nobody asked for are errors.
class Reader {
 public:
  Reader(const fs::path& path, std::optional<Error>& error) : path_(path), error_(error) {}

  void fail(const char* key, const toml::node& node, std::string_view field, Message more = Message()) {
    if (error_) return;
    Error error(key, std::move(more.args));
    if (!more.key.empty()) error.with("problem", more.key);
    error.with("path", displayable(path_.filename().string()));
    error.with("line", line_of(node));
    if (!field.empty()) error.with("field", displayable(std::string(field)));
    error_ = std::move(error);
  }
  void wrong(const toml::node& node, std::string_view field, const char* what) {
    fail("lesson.error.type", node, field, Message("", {{"what", what}}));
  }
  bool ok() const { return !error_; }

  void only(const toml::table& table, std::initializer_list<std::string_view> allowed) {
    for (const auto& [name, node] : table) {
      const std::string_view field = name.str();
      if (std::find(allowed.begin(), allowed.end(), field) != allowed.end()) continue;
      std::string list;
      for (const std::string_view one : allowed)
        list += (list.empty() ? "" : ", ") + std::string(one);
      fail("lesson.error.unknown", node, field, Message("", {{"allowed", list}}));
    }
  }
  const toml::table* table(const toml::table& from, std::string_view field) {
    const toml::node* node = from.get(field);
    if (node == nullptr) return nullptr;
    if (!node->is_table()) wrong(*node, field, "lesson.type.table");
    return node->as_table();
  }
  /// A text in several languages, or one text for all.
  LessonText text(const toml::table& from, std::string_view field, bool needed = false) {
    LessonText text;
    const toml::node* node = from.get(field);
    if (node == nullptr) {
      if (needed) fail("lesson.error.missing", from, field);
      return text;
    }
    if (const auto* plain = node->as_string()) {
      text.put("en", plain->get());
      return text;
    }
    const toml::table* languages = node->as_table();
    if (languages == nullptr) wrong(*node, field, "lesson.type.text");
    if (languages == nullptr) return text;
    for (const auto& [language, words] : *languages) {
      if (const auto* plain = words.as_string())
        text.put(std::string(language.str()), plain->get());
      else
        wrong(words, field, "lesson.type.text");
    }
    return text;
  }
  std::string word(const toml::table& from, std::string_view field, bool needed = false) {
    const toml::node* node = from.get(field);
    if (node == nullptr && needed) fail("lesson.error.missing", from, field);
    if (node == nullptr) return {};
    if (const auto* plain = node->as_string()) return plain->get();
    wrong(*node, field, "lesson.type.text");
    return {};
  }
  /// One text or a list of them.
  std::vector<std::string> words(const toml::table& from, std::string_view field) {
    std::vector<std::string> list;
    const toml::node* node = from.get(field);
    if (node == nullptr) return list;
    if (const auto* plain = node->as_string()) return {plain->get()};
    const toml::array* array = node->as_array();
    if (array == nullptr) wrong(*node, field, "lesson.type.texts");
    if (array == nullptr) return list;
    for (const toml::node& one : *array) {
      if (const auto* plain = one.as_string())
        list.push_back(plain->get());
      else
        wrong(one, field, "lesson.type.texts");
    }
    return list;
  }
  std::optional<double> number(const toml::table& from, std::string_view field) {
    const toml::node* node = from.get(field);
    if (node == nullptr) return std::nullopt;
    if (node->is_number()) return node->value<double>();
    wrong(*node, field, "lesson.type.number");
    return std::nullopt;
  }
  std::optional<bool> flag(const toml::table& from, std::string_view field) {
    const toml::node* node = from.get(field);
    if (node == nullptr) return std::nullopt;
    if (const auto* plain = node->as_boolean()) return plain->get();
    wrong(*node, field, "lesson.type.flag");
    return std::nullopt;
  }
  /// The tables of an array; `read(table)` for each.
  template <class Read>
  void each(const toml::table& from, std::string_view field, Read read) {
    const toml::node* node = from.get(field);
    if (node == nullptr) return;
    const toml::array* array = node->as_array();
    if (array == nullptr) return wrong(*node, field, "lesson.type.tables");
    for (const toml::node& one : *array) {
      if (const toml::table* table = one.as_table())
        read(*table);
      else
        wrong(one, field, "lesson.type.tables");
    }
  }

 private:
  const fs::path& path_;
  std::optional<Error>& error_;
};

LessonQuestion read_question(Reader& reader, const toml::table& table) {
  reader.only(table, {"text", "choice", "value", "tolerance", "why"});
  LessonQuestion question;
  question.text = reader.text(table, "text", true);
  const toml::node* value = table.get("value");
  if (value != nullptr && value->is_string())
    question.computed = reader.word(table, "value");
  else
    question.value = reader.number(table, "value");
  if (!question.computed.empty() && question.computed != "result" && question.computed != "steps")
    reader.fail("lesson.error.computed", *value, "value");
  question.tolerance = reader.number(table, "tolerance").value_or(0);
  question.why = reader.text(table, "why");
  reader.each(table, "choice", [&](const toml::table& one) {
    reader.only(one, {"text", "why", "right"});
    LessonQuestion::Choice choice;
    choice.text = reader.text(one, "text", true);
    choice.why = reader.text(one, "why");
    choice.right = reader.flag(one, "right").value_or(false);
    question.choices.push_back(std::move(choice));
  });
  const bool some = question.choices.size() >= 2 && !question.number();
  const bool one_number = question.choices.empty() && question.number();
  if (!some && !one_number) reader.fail("lesson.error.question", table, "");
  const auto right = [](const LessonQuestion::Choice& choice) { return choice.right; };
  if (some && std::none_of(question.choices.begin(), question.choices.end(), right))
    reader.fail("lesson.error.none_right", table, "");
  return question;
}

LessonWait read_wait(Reader& reader, const toml::table& table) {
  LessonWait wait;
  const double guesses = reader.number(table, "predicted").value_or(0);
  wait.predicted = static_cast<int64_t>(std::clamp(guesses, 0.0, 1e6));
  wait.pressed = reader.words(table, "pressed");
  wait.changed = reader.words(table, "changed");
  wait.hovered = reader.word(table, "hovered");
  if (!wait.hovered.empty() && wait.hovered != "input" && wait.hovered != "output")
    reader.fail("lesson.error.hovered", *table.get("hovered"), "hovered");
  json state = to_json(table);
  for (const char* own : {"predicted", "pressed", "changed", "hovered"})
    state.erase(own);
  if (!state.empty()) wait.state = std::make_shared<const json>(std::move(state));
  return wait;
}

LessonStep read_step(Reader& reader, const toml::table& table) {
  reader.only(table, {"text", "task", "done", "set", "predict", "point", "wait", "ask", "hide", "lock"});
  LessonStep step;
  step.line = line_of(table);
  step.text = reader.text(table, "text", true);
  step.task = reader.text(table, "task");
  step.done = reader.text(table, "done");
  if (const toml::table* set = reader.table(table, "set"))
    step.set = std::make_shared<const json>(to_json(*set));
  step.predict = reader.flag(table, "predict");
  reader.each(table, "point", [&](const toml::table& one) {
    reader.only(one, {"at", "text"});
    step.point.push_back({reader.word(one, "at", true), reader.text(one, "text")});
  });
  if (const toml::table* wait = reader.table(table, "wait")) step.wait = read_wait(reader, *wait);
  if (const toml::table* ask = reader.table(table, "ask")) step.ask = read_question(reader, *ask);
  step.hide = reader.words(table, "hide");
  step.lock = reader.words(table, "lock");
  if (!step.wait.empty() && step.task.empty()) reader.fail("lesson.error.no_task", table, "task");
  return step;
}

/// The whole file, for finding a line again.
Result<std::string> read_file(const fs::path& path) {
  std::error_code problem;
  const std::uintmax_t size = fs::file_size(path, problem);
  const std::string name = displayable(path.filename().string());
  if (problem || !fs::is_regular_file(path, problem)) return Error("lesson.error.read").with("path", name);
  if (size > kLargestFile)
    return Error("lesson.error.too_large").with("path", name).with("most", int64_t{kLargestFile >> 20});
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  if (!file) return Error("lesson.error.read").with("path", name);
  return content.str();
}

/// {at_least = 3} and the like.
std::optional<bool> compared(const json& pattern, const nlohmann::ordered_json& value) {
  if (!pattern.is_object() || pattern.size() != 1) return std::nullopt;
  const std::string& name = pattern.begin().key();
  const json& bound = pattern.begin().value();
  if (name == "not") return !state_matches(bound, value);
  if (name != "at_least" && name != "at_most") return std::nullopt;
  if (!value.is_number() || !bound.is_number()) return false;
  const double a = value.get<double>(), b = bound.get<double>();
  return name == "at_least" ? a >= b : a <= b;
}

bool all_of(const nlohmann::ordered_json& values, const json& pattern) {
  return std::all_of(values.begin(), values.end(),
                     [&](const auto& value) { return state_matches(pattern, value); });
}

}  // namespace

const std::string& LessonText::in(std::string_view language) const {
  static const std::string kNothing;
  for (const std::string_view code : {language, std::string_view("en")})
    if (const auto found = words_.find(code); found != words_.end()) return found->second;
  return words_.empty() ? kNothing : words_.begin()->second;
}

std::vector<const LessonText*> Lesson::texts() const {
  std::vector<const LessonText*> all = {&title};
  for (const LessonStep& step : steps) {
    for (const LessonText* text : {&step.text, &step.task, &step.done})
      all.push_back(text);
    for (const LessonPointer& pointer : step.point)
      all.push_back(&pointer.words);
    if (!step.ask) continue;
    all.push_back(&step.ask->text);
    all.push_back(&step.ask->why);
    for (const auto& choice : step.ask->choices) {
      all.push_back(&choice.text);
      all.push_back(&choice.why);
    }
  }
  all.erase(std::remove_if(all.begin(), all.end(), [](const LessonText* text) { return text->empty(); }),
            all.end());
  return all;
}

bool is_lesson_file(const fs::path& path) {
  return path.filename().string().ends_with(kEnding);
}

Result<Lesson> parse_lesson(std::string_view source, const fs::path& path) {
  toml::table root;
  if (const auto problem = parse_toml(source, path.string(), root))
    return Error("lesson.error.broken")
        .with("path", displayable(path.filename().string()))
        .with("line", problem->line)
        .with("problem", displayable(problem->description));
  std::optional<Error> error;
  Reader reader(path, error);
  reader.only(root, {"id", "title", "step"});
  Lesson lesson;
  lesson.path = path;
  lesson.id = reader.word(root, "id", true);
  lesson.title = reader.text(root, "title", true);
  reader.each(root, "step",
              [&](const toml::table& table) { lesson.steps.push_back(read_step(reader, table)); });
  if (lesson.steps.empty()) reader.fail("lesson.error.missing", root, "step");
  if (lesson.steps.size() > kMostSteps) reader.fail("lesson.error.too_many_steps", root, "step");
  if (error) return *error;
  return lesson;
}

Result<Lesson> load_lesson(const fs::path& path) {
  const Result<std::string> content = read_file(path);
  if (!content.ok()) return content.error();
  return parse_lesson(*content, path);
}

Status check_lesson(const Lesson& lesson, const StudyReading& reading) {
  StudyState state;
  for (const LessonStep& step : lesson.steps) {
    if (!step.set) continue;
    const Status read = read_state(*step.set, state, reading);
    if (read.ok()) continue;
    Error error("lesson.error.state", read.error().args);
    return error.with("problem", read.error().key)
        .with("path", displayable(lesson.path.filename().string()))
        .with("line", step.line);
  }
  return {};
}

std::vector<LessonPtr> load_lessons(const fs::path& folder, std::vector<Error>& problems) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (fs::directory_iterator it(folder, ignored), end; !ignored && it != end; it.increment(ignored))
    if (is_lesson_file(it->path())) files.push_back(it->path());
  std::sort(files.begin(), files.end());
  std::vector<LessonPtr> lessons;
  for (const fs::path& file : files) {
    Result<Lesson> lesson = load_lesson(file);
    if (lesson.ok())
      lessons.push_back(std::make_shared<const Lesson>(std::move(*lesson)));
    else
      problems.push_back(lesson.error());
  }
  return lessons;
}

void keep_possible(std::vector<LessonPtr>& lessons, const std::vector<std::string>& labs) {
  const auto needs_more = [&](const LessonStep& step) {
    if (!step.set || !step.set->contains("lab")) return false;
    return std::find(labs.begin(), labs.end(), (*step.set)["lab"]) == labs.end();
  };
  lessons.erase(std::remove_if(lessons.begin(), lessons.end(),
                               [&](const LessonPtr& lesson) {
                                 return std::any_of(lesson->steps.begin(), lesson->steps.end(), needs_more);
                               }),
                lessons.end());
}

bool state_matches(const json& pattern, const nlohmann::ordered_json& value) {
  if (value.is_array() && !pattern.is_array()) return all_of(value, pattern);
  if (const auto answer = compared(pattern, value)) return *answer;
  if (pattern.is_object()) {
    if (!value.is_object()) return false;
    for (const auto& [name, inner] : pattern.items())
      if (!value.contains(name) || !state_matches(inner, value[name])) return false;
    return true;
  }
  if (pattern.is_number() && value.is_number()) return pattern.get<double>() == value.get<double>();
  if (pattern.is_array()) {
    if (!value.is_array() || pattern.size() != value.size()) return false;
    for (size_t i = 0; i < pattern.size(); ++i)
      if (!state_matches(pattern[i], value[i])) return false;
    return true;
  }
  return json(value) == pattern;
}

}  // namespace poolscope
