#include <doctest/doctest.h>

#include <cmath>

#include "app/labs/channels_lab.h"
#include "core/pooling/kinds.h"
#include "core/pooling/pool.h"
#include "core/study/compare_layers.h"
#include "tests/common/thoroughness.h"
#include "tests/labs/lab_driver.h"

using namespace poolscope;
using poolscope::test::HeadlessOptions;
using poolscope::test::LabDriver;

namespace {

void show(LabDriver& app, const char* input) {
  apply_command(app.model, command::OpenBuiltin{input});
  apply_command(app.model, command::SetLab{"channels"});
  app.settle();
}

ChannelsRunPtr run_of(const LabDriver& app) {
  return app.model.channels.current(app.model.document, app.model.pooled());
}

}  // namespace

TEST_CASE("every channel is pooled by the engine alone, and its window's result is shown") {
  LabDriver app;
  show(app, "scene");
  const ChannelsRunPtr run = run_of(app);
  REQUIRE(run);
  const Shape& shape = run->plan.in;
  REQUIRE(shape.c == 3);
  for (int64_t c = 0; c < 3; ++c) {
    Tensor alone(Shape{1, 1, shape.h, shape.w});
    std::copy(run->input->plane(c), run->input->plane(c) + alone.count(), alone.data());
    const PoolPlan plan = *validate(run->plan.spec, alone.shape());
    const Tensor pooled = forward(plan, alone).values;
    for (int64_t i = 0; i < pooled.count(); ++i)
      REQUIRE(pooled.data()[i] == run->output->plane(c)[i]);
    CHECK(app.value("channels.row." + std::to_string(c)) == format_short(pooled.at(0, 0, 0, 0), 4));
  }
  apply_command(app.model, command::Seek{run->plan.out.w + 2, false});
  app.frame(2);
  CHECK(app.value("channels.row.1") == format_short(run->output->at(0, 1, 1, 2), 4));
}

TEST_CASE("feature maps: one to 64 channels, pooled, each with its filter") {
  LabDriver app;
  show(app, "digit");
  app.click("channels.source.maps");
  app.settle();
  ChannelsRunPtr run = run_of(app);
  REQUIRE(run);
  CHECK(run->plan.in.c == 8);
  CHECK(run->input->same_bits(feature_maps(app.model.document.values(), filter_bank(8))));
  CHECK(run->output->same_bits(forward(run->plan, *run->input).values));
  app.drag("channels.maps", 400);
  app.settle();
  run = run_of(app);
  REQUIRE(run);
  CHECK(run->plan.in.c == kMostFeatureMaps);
  CHECK(run->weights->shape().c == kMostFeatureMaps);
  CHECK(app.model.history.depth() == 3);  // the input, the source, and one step for the whole drag
  app.drag("channels.maps", -400);
  app.settle();
  run = run_of(app);
  REQUIRE(run);
  CHECK(run->plan.in.c == 1);
  app.key(ui::Key::z, true);
  app.settle();
  CHECK(app.model.document.channels.maps == kMostFeatureMaps);
}

TEST_CASE("a click on a plane or on a row chooses the channel, as in the Window lab") {
  HeadlessOptions options;
  options.screen = {1440, 900};
  LabDriver app(options);
  show(app, "scene");
  CHECK(app.model.document.channel == kColourChannels);
  app.click("channels.in.1");
  app.settle();
  CHECK(app.model.document.channel == 1);
  CHECK(app.state.channels.apart);
  CHECK(app.item("channels.in.1").selected);
  app.click("channels.row.0");
  app.settle();
  CHECK(app.model.document.channel == 0);
  app.click("channels.row.0");
  app.settle();
  CHECK_FALSE(app.state.channels.apart);
  CHECK(app.model.document.channel == 0);
  apply_command(app.model, command::SetLab{"window"});
  app.settle();
  CHECK(app.item("view.channel.R").selected);
}

TEST_CASE("a click on an output plane goes to the window there") {
  HeadlessOptions options;
  options.screen = {1440, 900};
  LabDriver app(options);
  show(app, "scene");
  app.click("channels.out.2");
  app.settle();
  CHECK(app.model.document.channel == 2);
  const int64_t step = app.model.session.playback.step(), width = app.model.plan().out.w;
  CHECK(std::abs(step % width - width / 2) <= 2);
  CHECK(std::abs(step / width - app.model.plan().out.h / 2) <= 2);
}

TEST_CASE("the wheel zooms all planes together") {
  HeadlessOptions options;
  options.screen = {1440, 900};
  LabDriver app(options);
  show(app, "scene");
  app.hover("channels.in.2");
  app.wheel(4);
  app.frame(2);
  CHECK(app.model.session.view.zoom > 0);
  const ViewTransform before = app.model.session.view;
  app.drag("channels.in.2", 30, 10);
  CHECK(app.model.session.view.zoom == before.zoom);
  CHECK(app.model.session.view.centre_x < before.centre_x);
}

TEST_CASE("the card counts what the engine counts, and pooling has nothing to learn") {
  HeadlessOptions options;
  options.screen = {1440, 900};
  LabDriver app(options);
  show(app, "scene");
  CHECK(app.state.channels.cards_on_stage);
  const PoolPlan& plan = app.model.plan();
  CHECK(app.value("channels.height") == format_count(plan.in.h) + " → " + format_count(plan.out.h));
  CHECK(app.value("channels.values") ==
        format_count(plan.in.count()) + " → " + format_count(plan.out.count()));
  CHECK(app.value("channels.work") == "× 0.25");
  CHECK(app.value("channels.next") == "84 → 84");
  CHECK_FALSE(app.item("channels.across").enabled);
}

TEST_CASE("what the stage has no room for is in the panel") {
  HeadlessOptions options;
  options.screen = {1024, 640};
  LabDriver app(options);
  show(app, "scene");
  CHECK_FALSE(app.state.channels.cards_on_stage);
  CHECK(app.value("channels.parameters.0") == "0");
  CHECK(app.value("channels.parameters.1") == "3·(4 + 1) = 15");
  CHECK(app.value("channels.parameters.2") == "3·(3·4 + 1) = 39");
}

TEST_CASE("work on feature maps is stopped and begun again") {
  LabDriver app;
  apply_command(app.model, command::OpenBuiltin{"scene"});
  apply_command(app.model, command::SetLab{"channels"});
  Document document = app.model.document;
  document.channels.feature_maps = true;
  document.channels.maps = kMostFeatureMaps;
  apply_command(app.model, command::Edit{document, 0});
  CHECK(app.model.channels.job.busy());
  apply_command(app.model, command::StopWork{});
  app.model.finish_work();
  CHECK(app.model.channels.job.stopped());
  app.frame(2);
  app.click("channels.resume");
  app.settle();
  CHECK(run_of(app));
}

TEST_CASE("every kind, matrix and picture, both sources, both languages: the stage holds it all") {
  for (const char* language : walked_languages()) {
    HeadlessOptions options;
    options.screen = {1440, 900};
    LabDriver app(options, language);
    for (const char* input : {"textbook", "scene"}) {
      show(app, input);
      for (const KindInfo& info : all_kinds())
        for (const bool maps : {false, true}) {
          Document document = app.model.document;
          document.spec.kind = info.kind;
          document.channels.feature_maps = maps;
          document.channels.maps = 4;
          apply_command(app.model, command::Edit{document, 0});
          app.settle();
          REQUIRE(run_of(app));
          const ui::ProbeItem& in = app.item("channels.in");
          const ui::ProbeItem& out = app.item("channels.out");
          CHECK(in.max.x < out.min.x);
          CHECK(out.max.x <= 1440 - 306);
          CHECK(in.max.y <= 900 - 68);
        }
    }
    for (const std::string& key : app.texts.missing())
      FAIL_CHECK("missing in " << language << ": " << key);
  }
}
