#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "app/labs/network_lab.h"
#include "app/model/network_runs.h"
#include "core/pooling/pool.h"
#include "tests/common/thoroughness.h"
#include "tests/labs/lab_driver.h"

using namespace poolscope;
using poolscope::test::HeadlessOptions;
using poolscope::test::LabDriver;

namespace {

/// Opens the lab with few pictures, so that a test takes no longer than it must.
void open_network(LabDriver& app, int64_t train = 1500, int64_t epochs = 2) {
  Document document = app.model.document;
  document.network.data.train = train;
  document.network.data.test = 300;
  document.network.recipe.epochs = epochs;
  apply_command(app.model, command::Edit{document, 0});
  apply_command(app.model, command::SetLab{"network"});
  app.frame(2);
}

}  // namespace

TEST_CASE("one click on Train trains, evaluates and answers") {
  LabDriver app;
  open_network(app);
  app.click("network.train");
  app.settle();
  REQUIRE(app.model.network.runs.size() == 1);
  const NetworkRun& run = app.model.network.runs[0];
  CHECK(run.snapshot->state == TrainerState::done);
  CHECK(run.snapshot->epochs.size() == 2);
  CHECK(run.snapshot->epochs.back().test.accuracy > 0.6);
  // What the page shows is what the engine found.
  CHECK(app.value("network.test_accuracy") ==
        format_percent(run.snapshot->epochs.back().test.accuracy) + " %");
  REQUIRE(run.test_score);
  CHECK(run.test_score->accuracy == run.snapshot->epochs.back().test.accuracy);
  REQUIRE(run.shifted.size() == kFarthestShift + 1);
  CHECK(run.shifted[0] == run.test_score->accuracy);
  const auto evaluation = app.model.network.shown_evaluation();
  REQUIRE(evaluation);
  int64_t counted = 0;
  for (const int64_t count : evaluation->test.confusion)
    counted += count;
  CHECK(counted == 300);
  const auto& answer = app.model.network.apply.latest();
  REQUIRE(answer);
  Engine engine(*run.plan, 1);
  const std::vector<float> shares = class_probabilities(engine, *run.weights(), run.test->picture(13));
  CHECK(answer->probability == shares);
  CHECK(app.value("network.answer") == run.classes[answer->answer()]);
}

TEST_CASE("training is paused, goes on batch by batch, and is stopped; the weights stay") {
  LabDriver app;
  open_network(app, 1500, 20);
  app.model.finish_work();  // the data
  app.frame(2);
  app.key(ui::Key::right);
  app.key(ui::Key::right);
  app.settle();
  REQUIRE(app.model.network.runs.size() == 1);
  CHECK(app.model.network.runs[0].snapshot->step == 2);
  CHECK(app.model.network.training());
  app.key(ui::Key::space);
  CHECK(app.model.network.running());
  app.key(ui::Key::space);
  CHECK_FALSE(app.model.network.running());
  app.settle();
  const int64_t paused = app.model.network.runs[0].snapshot->step;
  app.frame(3);
  CHECK(app.model.network.runs[0].snapshot->step == paused);
  app.click("network.stop");
  for (int i = 0; i < 2000 && app.model.network.training(); ++i)
    app.frame();
  app.settle();
  const NetworkRun& run = app.model.network.runs[0];
  CHECK(run.snapshot->state == TrainerState::stopped);
  CHECK(run.snapshot->step == paused);
  REQUIRE(run.weights());
  REQUIRE(run.test_score);
}

TEST_CASE("training goes on in other labs, and a second one begins after the first") {
  LabDriver app;
  open_network(app, 640, 2);
  app.click("network.train");
  app.frame(2);
  apply_command(app.model, command::SetLab{"window"});
  for (int i = 0; i < 20'000 && (app.model.network.training() || app.model.network.waits_for_data()); ++i)
    app.frame();
  REQUIRE(app.model.network.runs.size() == 1);
  CHECK(app.model.network.runs[0].snapshot->state == TrainerState::done);
  apply_command(app.model, command::SetLab{"network"});
  app.frame(2);
  app.click("network.train");
  app.settle();
  REQUIRE(app.model.network.runs.size() == 2);
  // The same settings train the same network.
  CHECK(*app.model.network.runs[0].weights() == *app.model.network.runs[1].weights());
}

TEST_CASE("a loss that is no number is told, and the last good weights stay") {
  LabDriver app;
  open_network(app, 640, 5);
  Document document = app.model.document;
  document.network.recipe.optimizer = Optimizer::sgd;
  document.network.recipe.rate = 50;
  apply_command(app.model, command::Edit{document, 0});
  app.click("network.train");
  app.settle();
  REQUIRE(app.model.network.runs.size() == 1);
  CHECK(app.model.network.runs[0].snapshot->state == TrainerState::failed);
  CHECK(app.value("network.progress.words").find("no longer a number") != std::string::npos);
  for (const float value : *app.model.network.runs[0].weights())
    REQUIRE(std::isfinite(value));
}

TEST_CASE("layers are added, moved and removed; a wrong shape is told where it happens") {
  LabDriver app;
  open_network(app);
  app.model.finish_work();
  app.click("network.page.network");
  app.frame(2);
  const size_t before =
      lab_network({app.ui, app.texts, app.model, app.outbox, app.painter, app.state, app.model.session})
          .layers.size();
  app.click("network.layer.7");  // Flatten, after the input's card
  app.frame(2);
  CHECK_FALSE(app.has("network.problem"));
  app.click("network.edit.remove");
  app.frame(2);
  REQUIRE(app.model.document.network.layers);
  CHECK(app.model.document.network.layers->size() == before - 1);
  CHECK(app.value("network.problem").find("Flatten") != std::string::npos);
  CHECK_FALSE(app.item("network.train").enabled);
  app.key(ui::Key::z, true);
  app.frame(2);
  CHECK_FALSE(app.has("network.problem"));
  app.click("network.layer.3");
  app.frame(2);
  app.click("network.add.dropout");
  app.frame(2);
  REQUIRE(app.model.document.network.layers);
  CHECK(std::holds_alternative<Dropout>((*app.model.document.network.layers)[3]));
  app.click("network.edit.left");
  app.frame(2);
  CHECK(std::holds_alternative<Dropout>((*app.model.document.network.layers)[2]));
  CHECK(std::holds_alternative<Pool>((*app.model.document.network.layers)[3]));
}

TEST_CASE("a stroke of the mouse is one undo step, and is answered") {
  LabDriver app;
  open_network(app, 640, 1);
  app.click("network.train");
  app.settle();
  const size_t depth = app.model.history.depth();
  app.drag("network.canvas", 0, 60, 12);
  app.settle();
  CHECK(app.model.document.network.apply.source == ApplySource::drawing);
  REQUIRE(app.model.document.network.apply.drawing);
  CHECK(app.model.document.network.apply.drawing->strokes.size() == 1);
  CHECK(app.model.document.network.apply.drawing->strokes[0].size() > 3);
  CHECK(app.model.history.depth() == depth + 1);
  const auto& answer = app.model.network.apply.latest();
  REQUIRE(answer);
  float most = 0;
  for (const float value : answer->picture->values())
    most = std::max(most, value);
  CHECK(most > 200);
  app.key(ui::Key::z, true);
  app.frame(2);
  CHECK(app.model.document.network.apply.source == ApplySource::sample);
}

TEST_CASE("a pooling layer opens in the Window lab on its very values, and there is a way back") {
  LabDriver app;
  open_network(app, 640, 1);
  app.click("network.train");
  app.settle();
  app.click("network.page.apply");
  app.settle();
  const auto answer = app.model.network.apply.latest();
  REQUIRE(answer);
  app.click("network.open.3");
  app.settle();
  CHECK(app.model.session.lab == "window");
  CHECK(app.model.document.input.tensor == answer->values[2]);
  CHECK(app.model.document.shape() == Shape{1, 8, 24, 24});
  // What the Window lab pools is what the network went on with.
  CHECK(forward(app.model.plan(), app.model.document.values()).values.same_bits(*answer->values[3]));
  app.click("network.back");
  app.frame(2);
  CHECK(app.model.session.lab == "network");
}

TEST_CASE("the map of shifts says what the network says there") {
  LabDriver app;
  open_network(app, 1500, 1);
  app.click("network.train");
  app.settle();
  const auto before = app.model.network.apply.latest();
  REQUIRE(before);
  Document document = app.model.document;
  document.network.apply.right = 5;
  document.network.apply.down = -2;
  apply_command(app.model, command::Edit{document, 0});
  app.settle();
  const auto after = app.model.network.apply.latest();
  REQUIRE(after);
  CHECK(after->answer() == before->answer_at(-2, 5));
  CHECK(after->answers == before->answers);
}

TEST_CASE("folders that are none are told in a sentence") {
  LabDriver app;
  open_network(app);
  app.click("network.source.mnist");
  app.frame(3);
  app.click("network.folder");
  app.type("/nowhere/at/all");
  app.key(ui::Key::enter);
  app.settle();
  CHECK(app.value("network.data.error").find("/nowhere/at/all") != std::string::npos);
}

TEST_CASE("every page in both languages and at every size: no text is missing, nothing leaves the stage") {
  for (const char* language : walked_languages())
    for (const ImVec2 screen : {ImVec2{1024, 640}, ImVec2{1440, 900}, ImVec2{1920, 1080}}) {
      HeadlessOptions options;
      options.screen = screen;
      LabDriver app(options, language);
      open_network(app, 640, 1);
      for (const bool trained : {false, true}) {
        if (trained) apply_command(app.model, command::Network{NetworkOrder::train, 0, {}});
        app.settle();
        for (const char* page : {"data", "network", "train", "evaluate", "apply"}) {
          app.click("network.page." + std::string(page));
          app.settle();
          CHECK(app.item("network.page.apply").max.x <= screen.x);
        }
      }
      for (const std::string& key : app.texts.missing())
        FAIL_CHECK("missing in " << language << ": " << key);
    }
}

TEST_CASE("a network is saved and opened again with the same answers; the runs are saved as CSV") {
  LabDriver app;
  open_network(app, 640, 1);
  app.click("network.train");
  app.settle();
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "poolscope-network-test";
  std::filesystem::create_directories(folder);
  const std::vector<float> before = app.model.network.apply.latest()->probability;
  app.click("network.save");
  app.frame(2);
  REQUIRE(app.model.session.dialog == Dialog::save_model);
  // What the program does with the file that is chosen there (Shell::post_chosen).
  const auto answer = [&](const Command& command) {
    apply_command(app.model, command);
    apply_command(app.model, command::ShowDialog{static_cast<int>(Dialog::none)});
    app.frame(2);
  };
  answer(command::Network{NetworkOrder::save_model, 0, folder / "net.safetensors"});
  REQUIRE(std::filesystem::exists(folder / "net.safetensors"));
  app.click("network.open");
  app.frame(2);
  REQUIRE(app.model.session.dialog == Dialog::open_file);
  answer(command::Network{NetworkOrder::open_model, 0, folder / "net.safetensors"});
  app.settle();
  REQUIRE(app.model.network.runs.size() == 2);
  CHECK(app.model.network.shown()->file == "net.safetensors");
  CHECK(app.model.network.apply.latest()->probability == before);
  CHECK(app.model.network.shown_evaluation()->test.score == *app.model.network.runs[0].test_score);
  apply_command(app.model, command::Network{NetworkOrder::save_runs, 0, folder / "runs.csv"});
  std::ifstream file(folder / "runs.csv");
  std::string line;
  int lines = 0;
  while (std::getline(file, line)) {
    ++lines;
    CHECK(std::count(line.begin(), line.end(), ',') >= 16);
  }
  CHECK(lines == 3);
  std::filesystem::remove_all(folder);
}
