#include <doctest/doctest.h>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "app/model/atomic_file.h"
#include "app/model/autosave.h"
#include "app/model/model.h"
#include "app/model/study_file.h"
#include "tests/model/scratch_folder.h"

using namespace poolscope;

namespace {

/// A stand-in for the program's own reader: any file is a 1 x 9000 matrix.
StudyReading reading() {
  StudyReading reading;
  reading.labs = {"window", "compare"};
  reading.load = [](const std::filesystem::path& file) -> Result<LoadedInput> {
    if (!std::filesystem::exists(file)) return Error("files.not_found").with("path", file.string());
    LoadedInput loaded;
    loaded.tensor = std::make_shared<const Tensor>(Shape{1, 1, 1, 9000}, 3.0f);
    loaded.name = file.filename().string();
    return loaded;
  };
  return reading;
}

StudyState with_file(const std::filesystem::path& file) {
  StudyState state;
  state.document.input = {};
  state.document.input.path = file;
  state.document.input.name = file.filename().string();
  state.document.input.tensor = reading().load(file)->tensor;
  state.document.spec.window = state.document.spec.stride = {1, 1};
  state.lab = "compare";
  return state;
}

std::string problem(const Result<StudyState>& read) {
  REQUIRE_FALSE(read.ok());
  for (const Arg& arg : read.error().args)
    if (arg.name == "problem") return arg.value;
  return read.error().key;
}

}  // namespace

TEST_CASE("an input beside the study is named from there, and found where both were moved") {
  const ScratchFolder scratch;
  const auto input = scratch.put("here/long.csv", "1");
  const Result<std::string> text = study_text(with_file(input), scratch / "here");
  REQUIRE(text.ok());
  CHECK(text->find("\"file\": \"long.csv\"") != std::string::npos);
  const auto study = scratch.put("here/a.pool.json", *text);
  std::filesystem::rename(scratch / "here", scratch / "there");
  const Result<StudyState> read = read_study(scratch / "there/a.pool.json", reading());
  REQUIRE(read.ok());
  CHECK(read->document.input.path == scratch / "there/long.csv");
  CHECK(read->lab == "compare");
  // Elsewhere it is named by its whole way; where that leads nowhere, a file beside the study is taken.
  const Result<std::string> far = study_text(with_file(scratch / "there/long.csv"), scratch / "else");
  CHECK(far->find((scratch / "there/long.csv").string()) != std::string::npos);
  std::filesystem::remove(scratch / "there/a.pool.json");
  scratch.put("else/b.pool.json", *far);
  std::filesystem::rename(scratch / "there/long.csv", scratch / "else/long.csv");
  REQUIRE(read_study(scratch / "else/b.pool.json", reading()).ok());
  std::filesystem::remove(scratch / "else/long.csv");
  CHECK(problem(read_study(scratch / "else/b.pool.json", reading())) == "files.not_found");
}

TEST_CASE("a name that is not UTF-8 comes back") {
  const ScratchFolder scratch;
  const auto input = scratch.put("a\xff\xfe.csv", "1");
  scratch.put("a.pool.json", *study_text(with_file(input), scratch.path()));
  const Result<StudyState> read = read_study(scratch / "a.pool.json", reading());
  REQUIRE(read.ok());
  CHECK(read->document.input.path == input);
}

TEST_CASE("a matrix that was edited is written as rows") {
  StudyState state;
  Tensor edited = state.document.values();
  edited.at(0, 0, 0, 0) = 0.1f;
  state.document.input.tensor = std::make_shared<const Tensor>(edited);
  state.document.input.edited = true;
  const Result<std::string> text = study_text(state, {});
  REQUIRE(text.ok());
  CHECK(text->find("[0.1, 2.0, 1.0, 0.0]") != std::string::npos);
}

TEST_CASE("hostile studies are refused with a sentence") {
  const ScratchFolder scratch;
  const auto refused = [&](const std::string& content) {
    return problem(read_study(scratch.put("x.pool.json", content), reading()));
  };
  CHECK(refused("") == "study.not_json");
  CHECK(refused("{") == "study.not_json");
  CHECK(refused("\xff\xfe{}") == "study.not_json");
  CHECK(refused("{\"poolscope\": 1, \"step\": NaN}") == "study.not_json");
  CHECK(refused("{\"poolscope\": 1, \"transport\": {\"speed\": 1e999}}") == "study.not_finite");
  CHECK(refused("[1]") == "study.not_an_object");
  CHECK(refused("{}") == "study.no_version");
  CHECK(refused("{\"poolscope\": 2}") == "study.other_version");
  CHECK(refused("{\"poolscope\": 1, \"step\": \"x\"}") == "study.field.integer");
  CHECK(refused("{\"poolscope\": 1, \"lab\": " + std::string(2'000'000, '[')) == "study.too_deep");
  CHECK(refused(std::string(static_cast<size_t>(kMaxStudyBytes) + 1, ' ')) == "study.too_large");
  CHECK(problem(read_study(scratch / "none.pool.json", reading())) == "files.not_found");
  CHECK(problem(read_study(scratch.path(), reading())) == "files.is_folder");
  REQUIRE(::mkfifo((scratch / "pipe.pool.json").c_str(), 0600) == 0);
  CHECK(problem(read_study(scratch / "pipe.pool.json", reading())) == "files.not_regular");
  CHECK(read_study(scratch.put("x.pool.json", "{\"poolscope\": 1}"), reading()).ok());
}

TEST_CASE("a study that cannot be read changes nothing") {
  Model model;
  model.refresh();
  const Document before = model.document;
  finish_study(model, "x.pool.json", Error("study.no_version"));
  CHECK(model.document == before);
  CHECK(model.session.study.empty());
  REQUIRE(model.session.notices.size() == 1);
  CHECK(model.session.notices[0].is_error);
}

TEST_CASE("what is saved is known, and saving asks for a name once") {
  Model model;
  model.refresh();
  CHECK_FALSE(model.unsaved());
  apply_command(model, command::SaveStudy{});
  CHECK(model.session.dialog == Dialog::save_study);
  apply_command(model, command::SaveStudyAs{"/tmp/mine"});
  CHECK(model.wants_saved == "/tmp/mine.pool.json");
  finish_saving(model, "/tmp/mine.pool.json", model.document);
  Document document = model.document;
  document.spec.kind = Kind::average;
  apply_command(model, command::Edit{document, 0});
  CHECK(model.unsaved());
  apply_command(model, command::Undo{});
  CHECK_FALSE(model.unsaved());
  model.wants_saved.reset();
  apply_command(model, command::SaveStudy{});
  CHECK(model.wants_saved == "/tmp/mine.pool.json");
}

TEST_CASE("only what a dead program left behind is offered") {
  const ScratchFolder scratch;
  const auto folder = scratch / "unsaved";
  {
    Autosave running(folder);
    REQUIRE(write_whole(running.prepare(), "{}").ok());
    CHECK_FALSE(Autosave(folder).find_left_over());
  }
  CHECK(scratch.entries() == 1);
  CHECK(std::filesystem::is_empty(folder));  // an orderly end leaves nothing

  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    Autosave dying(folder);
    const bool written = write_whole(dying.prepare(), "{}").ok();
    ::_exit(written ? 0 : 1);  // as a kill would, nothing is tidied up
  }
  int status = 1;
  ::waitpid(child, &status, 0);
  REQUIRE(status == 0);
  std::filesystem::path adopted;
  {
    Autosave next(folder), other(folder);
    const auto found = next.find_left_over();
    REQUIRE(found);
    CHECK_FALSE(other.find_left_over());  // nobody else offers it meanwhile
    next.adopt(*found);
    adopted = next.prepare();
    CHECK(ScratchFolder::read(adopted) == "{}");
    CHECK_FALSE(std::filesystem::exists(found->file));
    next.stay();
  }
  Autosave last(folder);
  const auto found = last.find_left_over();
  REQUIRE(found);
  CHECK(found->file == adopted);
  last.discard(*found);
  CHECK(std::filesystem::is_empty(folder));
}
