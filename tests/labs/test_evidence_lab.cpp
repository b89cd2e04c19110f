#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <unistd.h>

#include "app/labs/evidence_lab.h"
#include "app/model/evidence_actions.h"
#include "core/data/builtin.h"
#include "tests/common/thoroughness.h"
#include "tests/labs/lab_driver.h"

using namespace poolscope;
using poolscope::test::HeadlessOptions;
using poolscope::test::LabDriver;
using poolscope::test::large;

namespace {

/// A setting of a claim, as the document has it.
void set(LabDriver& app, Claim claim, std::string_view id, double value) {
  Document document = app.model.document;
  const auto parameters = claim_info(claim).parameters;
  const auto at = std::find_if(parameters.begin(), parameters.end(),
                               [id](const ClaimParameter& one) { return one.id == id; });
  REQUIRE(at != parameters.end());
  document.evidence.of(claim).values[static_cast<size_t>(at - parameters.begin())] = value;
  apply_command(app.model, command::Edit{document, 0});
}

/// Opens the lab on a small picture with few repeats and small networks, so that a test is quick.
void open_evidence(LabDriver& app) {
  apply_command(app.model, command::OpenBuiltin{"digit"});
  Document document = app.model.document;
  for (const ClaimInfo& info : all_claims())
    document.evidence.of(info.claim).repeats = info.least_repeats;
  apply_command(app.model, command::Edit{document, 0});
  set(app, Claim::shift, "networks", 0);
  set(app, Claim::overfitting, "pictures", 60);
  set(app, Claim::overfitting, "epochs", 5);
  apply_command(app.model, command::SetLab{"evidence"});
  app.frame(2);
}

void show(LabDriver& app, Claim claim) {
  app.click("evidence.claim." + std::string(claim_info(claim).id));
  app.settle();
  // What takes seconds waits for a click.
  if (app.model.evidence.current(app.model.document, claim)) return;
  app.click("evidence.run");
  app.settle();
}

const EvidenceResult& result_of(const LabDriver& app, Claim claim) {
  const EvidenceAnswerPtr answer = app.model.evidence.current(app.model.document, claim);
  REQUIRE(answer);
  REQUIRE(answer->result);
  return *answer->result;
}

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream all;
  all << file.rdbuf();
  return all.str();
}

struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("poolscope-evidence-" + std::to_string(::getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
};

/// A training that takes minutes, begun.
void begin_long_run(LabDriver& app) {
  set(app, Claim::overfitting, "pictures", 1500);
  set(app, Claim::overfitting, "epochs", 60);
  Document document = app.model.document;
  document.evidence.of(Claim::overfitting).repeats = 50;
  apply_command(app.model, command::Edit{document, 0});
  app.click("evidence.claim.overfitting");
  app.frame(2);
  app.click("evidence.run");
  app.frame(2);
  REQUIRE(app.model.evidence.running(Claim::overfitting));
}

}  // namespace

TEST_CASE("every claim is chosen from the list, and its page shows what the engine derives") {
  LabDriver app(large());
  open_evidence(app);
  for (const ClaimInfo& info : all_claims()) {
    CAPTURE(info.id);
    show(app, info.claim);
    CHECK(app.model.document.evidence.claim == info.claim);
    const std::optional<EvidenceRequest> request = evidence_request(app.model.document, info.claim);
    REQUIRE(request);
    const Result<EvidenceResult> engine = run_evidence(*request);
    REQUIRE(engine.ok());
    CHECK(engine->measurements == result_of(app, info.claim).measurements);
    const std::string verdict(verdict_name(engine->verdict));
    CHECK(app.value("evidence.verdict") == verdict);
    CHECK(app.value("evidence.claim." + std::string(info.id)) ==
          app.texts.get("evidence.verdict." + verdict));
    for (size_t i = 0; i < engine->cases.size(); ++i)
      CHECK(app.value("evidence.case." + std::to_string(i)) == answer_name(engine->cases[i].answer));
    CHECK_FALSE(app.has("evidence.case." + std::to_string(engine->cases.size())));
    for (size_t i = 0; i < engine->plots.size(); ++i)
      CHECK(app.has("evidence.plot." + std::to_string(i)));
  }
}

TEST_CASE("the verdict turns with the data: errors that all cells share do not average out") {
  LabDriver app(large());
  open_evidence(app);
  show(app, Claim::variance);
  CHECK(app.value("evidence.verdict") == "supported");
  app.click("evidence.try.same");
  app.settle();
  CHECK(result_of(app, Claim::variance).request.value("correlation") == 1);
  CHECK(app.value("evidence.verdict") == "not-supported");
  app.click("evidence.try.same");
  app.settle();
  CHECK(app.value("evidence.verdict") == "supported");
  CHECK(app.has("evidence.reset"));  // the repeats are fewer than at first
  app.click("evidence.reset");
  app.settle();
  CHECK(app.model.document.evidence.of(Claim::variance) ==
        normal_claims()[static_cast<size_t>(Claim::variance)]);
}

TEST_CASE("the same seed gives the same numbers, the next one others; running again takes the next") {
  LabDriver app(large());
  open_evidence(app);
  show(app, Claim::mean_shift);
  const std::vector<Measurement> first = result_of(app, Claim::mean_shift).measurements;
  app.click("evidence.run");
  app.settle();
  CHECK(result_of(app, Claim::mean_shift).request.seed == 2);
  const std::vector<Measurement> second = result_of(app, Claim::mean_shift).measurements;
  CHECK(second != first);
  app.click("evidence.seed.less");
  app.settle();
  CHECK(result_of(app, Claim::mean_shift).request.seed == 1);
  CHECK(result_of(app, Claim::mean_shift).measurements == first);
  app.click("evidence.seed.more");
  app.settle();
  CHECK(result_of(app, Claim::mean_shift).measurements == second);
  // Each of these was an undo step.
  app.key(ui::Key::z, true);
  app.settle();
  CHECK(result_of(app, Claim::mean_shift).measurements == first);
}

TEST_CASE("a live experiment follows its settings; a long one says that they have changed since") {
  LabDriver app(large());
  open_evidence(app);
  show(app, Claim::texture);
  app.drag("evidence.set.stroke", 60);
  app.settle();
  const double stroke = result_of(app, Claim::texture).request.value("stroke");
  CHECK(stroke > 1);
  CHECK_FALSE(app.has("evidence.changed"));
  CHECK(app.value("evidence.with").find("Stroke width: " + format_short(stroke)) != std::string::npos);

  show(app, Claim::overfitting);
  CHECK_FALSE(app.has("evidence.changed"));
  const std::string with = app.value("evidence.with");
  CHECK(with.find("Position: Varying") != std::string::npos);
  app.click("evidence.set.position.fixed");
  app.settle();
  // What is on the page is still of the former settings, and says so.
  CHECK_FALSE(app.model.evidence.current(app.model.document, Claim::overfitting));
  CHECK(app.has("evidence.changed"));
  CHECK(app.value("evidence.with") == with);
  app.click("evidence.run");
  app.settle();
  CHECK_FALSE(app.has("evidence.changed"));
  CHECK(app.value("evidence.with").find("Position: Fixed") != std::string::npos);
  CHECK(result_of(app, Claim::overfitting).request.seed == 1);
}

TEST_CASE("predict first: results are hidden until there is a guess, and stand beside it then") {
  LabDriver app(large());
  open_evidence(app);
  show(app, Claim::separability);
  app.key(ui::Key::p);
  app.settle();
  CHECK(app.has("evidence.guess.1"));
  CHECK_FALSE(app.has("evidence.verdict"));
  CHECK_FALSE(app.has("evidence.plot.0"));
  CHECK_FALSE(app.item("evidence.save.csv").enabled);
  CHECK(app.value("evidence.claim.separability") == app.texts.get("evidence_lab.state.asked"));
  app.click("evidence.guess.2");
  app.settle();
  CHECK(app.value("evidence.answered") == "2");
  CHECK(app.has("evidence.verdict"));
  CHECK(app.item("evidence.save.csv").enabled);
  // The next claim asks its own question; it need not be answered.
  app.click("evidence.claim.parameters");
  app.settle();
  CHECK_FALSE(app.has("evidence.verdict"));
  app.click("evidence.guess.skip");
  app.settle();
  CHECK(app.value("evidence.verdict") == "by-construction");
  CHECK_FALSE(app.has("evidence.answered"));
  // Asked again, for one claim alone.
  app.key(ui::Key::p);
  app.settle();
  app.click("evidence.claim.variance");
  app.settle();
  CHECK(app.has("evidence.verdict"));
  app.click("evidence.ask");
  app.settle();
  CHECK_FALSE(app.has("evidence.verdict"));
  CHECK(app.has("evidence.guess.1"));
}

TEST_CASE("a long experiment runs while another lab is used, and is stopped") {
  LabDriver app(large());
  open_evidence(app);
  begin_long_run(app);
  CHECK_FALSE(app.has("evidence.verdict"));
  app.click("top.lab.window");
  app.frame(2);
  CHECK(app.model.session.lab == "window");
  const int64_t step = app.model.session.playback.step();
  app.key(ui::Key::right);
  for (int i = 0; i < 600 && app.model.session.playback.step() == step; ++i)
    app.frame();
  CHECK(app.model.session.playback.step() == step + 1);
  CHECK(app.model.evidence.running(Claim::overfitting));
  app.click("top.lab.evidence");
  app.frame(2);
  // Others answer meanwhile.
  app.click("evidence.claim.parameters");
  app.frame(2);
  CHECK(app.model.evidence.running(Claim::overfitting));
  app.click("evidence.claim.overfitting");
  app.frame(2);
  app.click("evidence.run");
  app.settle();
  CHECK_FALSE(app.model.evidence.running(Claim::overfitting));
  CHECK(app.model.evidence.latest(Claim::overfitting) == nullptr);
  CHECK(app.value("evidence.claim.overfitting") == app.texts.get("evidence_lab.state.not_run"));
  // The key does the same as the button.
  app.key(ui::Key::space);
  app.frame(2);
  CHECK(app.model.evidence.running(Claim::overfitting));
  app.key(ui::Key::space);
  app.settle();
  CHECK_FALSE(app.model.evidence.running(Claim::overfitting));
}

TEST_CASE("a table is saved through the dialog with all settings, and replaces nothing unasked") {
  const Folder folder;
  LabDriver app(large());
  open_evidence(app);
  show(app, Claim::variance);
  const std::string path = (folder.path / "v.csv").string();
  const auto save = [&] {
    app.click("evidence.save.csv");
    app.frame(2);
    app.click("evidence.save.path");
    app.key(ui::Key::a, true);
    app.type(path);
    app.frame(2);
    app.click("evidence.save.go");
    app.frame(3);
  };
  save();
  CHECK_FALSE(app.has("evidence.save.path"));
  const EvidenceResult result = result_of(app, Claim::variance);
  CHECK(content(path) == evidence_csv(result));
  for (const char* line :
       {"setting,claim,,,variance,", "setting,seed,,,1,", "setting,repeats,,,10,", "setting,input,,,digit,",
        "setting,window,,,2,", "setting,correlation,,,0,", "setting,noise,,,0.1,",
        "setting,surface,,,picture,", "result,verdict,,,supported,"})
    CHECK_MESSAGE(content(path).find(line) != std::string::npos, line);

  app.click("evidence.seed.more");
  app.settle();
  const std::string before = content(path);
  save();
  // It is asked first, and no is an answer.
  REQUIRE(app.has("evidence.save.path"));
  CHECK(content(path) == before);
  app.click("evidence.save.cancel");
  app.frame(3);
  CHECK_FALSE(app.has("evidence.save.path"));
  CHECK(content(path) == before);
  // Asked once for this name, the button says what it does.
  app.click("evidence.save.csv");
  app.frame(2);
  app.click("evidence.save.path");
  app.key(ui::Key::a, true);
  app.type(path);
  app.frame(2);
  CHECK(app.value("evidence.save.go") == app.texts.get("evidence_lab.save.replace"));
  app.click("evidence.save.go");
  app.frame(3);
  CHECK_FALSE(app.has("evidence.save.path"));
  CHECK(content(path) == evidence_csv(result_of(app, Claim::variance)));
  CHECK(content(path) != before);
}

TEST_CASE("a picture is asked for with the name that was typed") {
  const Folder folder;
  LabDriver app(large());
  open_evidence(app);
  show(app, Claim::parameters);
  app.click("evidence.save.png");
  app.frame(2);
  CHECK(app.value("evidence.save.path") == "evidence-parameters.png");
  app.click("evidence.save.path");
  app.key(ui::Key::a, true);
  app.type((folder.path / "p.png").string());
  app.frame(2);
  app.click("evidence.save.go");
  app.frame(2);
  CHECK(app.model.wants_evidence_picture == folder.path / "p.png");
}

TEST_CASE("one network of each kind has no interval: its case stays open, and nothing endless is shown") {
  LabDriver app(large());
  open_evidence(app);
  set(app, Claim::shift, "networks", 1);
  show(app, Claim::shift);
  const EvidenceResult& result = result_of(app, Claim::shift);
  const Measurement* one = result.find("same-answer", "max");
  REQUIRE(one != nullptr);
  CHECK(one->estimate.n == 1);
  CHECK(format_estimate(one->estimate, one->unit).find("(n = 1)") != std::string::npos);
  CHECK(app.value("evidence.case.2") == "unclear");
  CHECK(app.texts.format(result.finding).find("inf") == std::string::npos);
  CHECK(evidence_csv(result).find("inf") == std::string::npos);
}

TEST_CASE("an input that cannot be used is replaced, and the reason is said") {
  LabDriver app(large());
  open_evidence(app);
  CHECK_FALSE(evidence_input_problem(app.model.document));
  make_builtin(kEvidenceInput);  // another thread does it while the program starts
  apply_command(app.model, command::OpenBuiltin{"textbook"});
  app.settle();
  REQUIRE(evidence_input_problem(app.model.document));
  CHECK(evidence_input_problem(app.model.document)->key == "evidence.error.small_input");
  CHECK(result_of(app, Claim::variance).request.input_name == kEvidenceInput);
  Document document = app.model.document;
  document.input.tensor = std::make_shared<const Tensor>(Shape{1, 1, 30, 30}, 0.5f);
  apply_command(app.model, command::Edit{document, 0});
  CHECK(evidence_input_problem(app.model.document)->key == "evidence.error.flat_input");
}

TEST_CASE(
    "every claim, both languages, the smallest window, three sizes of text: no text is missing, all stays on "
    "the stage") {
  for (const char* language : walked_languages())
    for (const float scale : {1.0f, 1.5f, 2.0f}) {
      HeadlessOptions options;
      options.screen = {1024, 640};
      options.scale = scale;
      LabDriver app(options, language);
      open_evidence(app);
      for (const ClaimInfo& info : all_claims()) {
        CAPTURE(info.id);
        CAPTURE(language);
        CAPTURE(scale);
        apply_command(app.model, command::Evidence{EvidenceDeed::show, info.claim});
        app.settle();
        if (!app.model.evidence.current(app.model.document, info.claim)) {
          apply_command(app.model, command::Evidence{EvidenceDeed::run, info.claim});
          app.settle();
        }
        REQUIRE(app.has("evidence.verdict"));
        const ui::ProbeItem stage = app.item("evidence.stage");
        const ui::ProbeItem transport = app.item("evidence.transport");
        for (const ui::ProbeItem& item : app.ui.probe->items()) {
          CAPTURE(item.key);
          if (!item.visible()) continue;
          CHECK(item.min.x >= 0);
          CHECK(item.max.x <= 1024);
          // What is clipped ends where its panel ends; the page keeps a margin.
          if (item.kind == "card" || item.kind == "plot" || item.kind == "picture") {
            CHECK(item.min.x > stage.min.x);
            CHECK(item.max.x < stage.max.x - 2);
          }
          if (item.key == "evidence.run" || item.key == "evidence.predict") {
            CHECK(item.min.y > transport.min.y);
            CHECK(item.max.y < transport.max.y);
          }
        }
      }
      for (const std::string& key : app.texts.missing())
        FAIL_CHECK("missing in " << language << ": " << key);
    }
}
