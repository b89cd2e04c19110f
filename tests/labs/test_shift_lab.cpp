#include <doctest/doctest.h>

#include <cmath>

#include "app/labs/shift_lab.h"
#include "core/data/builtin.h"
#include "core/pooling/kinds.h"
#include "tests/common/thoroughness.h"
#include "tests/labs/lab_driver.h"

using namespace poolscope;
using poolscope::test::HeadlessOptions;
using poolscope::test::LabDriver;
using poolscope::test::large;

namespace {

void show(LabDriver& app, const char* input, int64_t window) {
  apply_command(app.model, command::OpenBuiltin{input});
  Document document = app.model.document;
  document.spec.window = document.spec.stride = {window, window};
  apply_command(app.model, command::Edit{document, 0});
  apply_command(app.model, command::SetLab{"shift"});
  app.settle();
}

}  // namespace

TEST_CASE("the textbook's example: 4 of 4, green, with the numbers of the textbook") {
  LabDriver app(large());
  show(app, "shift6", 3);
  CHECK(app.model.session.shift.by == Offset{0, 1});
  CHECK(app.value("shift.big") == "4 of 4");
  CHECK(app.value("shift.said").find("35 of 36") != std::string::npos);
  const char* column[] = {"1", "3", "2", "3", "2", "1"};
  for (int y = 0; y < 6; ++y)
    CHECK(app.value("shift.moved." + std::to_string(y) + ".0") == column[y]);
  const char* outputs[] = {"9", "7", "6", "8"};
  for (int i = 0; i < 4; ++i) {
    const std::string at = std::to_string(i / 2) + "." + std::to_string(i % 2);
    CHECK(app.value("shift.before." + at) == outputs[i]);
    CHECK(app.value("shift.after." + at) == outputs[i]);
    CHECK(app.item("shift.after." + at).selected);
  }
  CHECK(app.item("shift.moved.0.4").selected);
  CHECK(app.value("shift.fact.unchanged") == "100 %");
  app.key(ui::Key::right, false, true);
  app.settle();
  CHECK(app.model.session.shift.by == Offset{0, 2});
  CHECK(app.value("shift.big") == "1 of 4");
  CHECK_FALSE(app.item("shift.after.0.1").selected);
  CHECK(app.item("shift.after.1.0").selected);
}

TEST_CASE("what is shown is what the engine measures, for every way to fill the edge") {
  LabDriver app(large());
  show(app, "digit", 2);
  for (const ShiftEdgesInfo& info : all_shift_edges()) {
    app.click("shift.edges." + std::string(info.name));
    apply_command(app.model, command::SetShift{{-2, 3}});
    app.settle();
    const ShiftSubject subject = shift_subject(app.model.document);
    CHECK(subject.edges == info.edges);
    const ShiftField field = field_of(subject);
    const ShiftPair pair = shift_pair(field, *validate(subject.spec, subject.shape), {-2, 3});
    CHECK(app.value("shift.fact.unchanged") == share_text(pair.metrics.unchanged));
    CHECK(app.value("shift.fact.change") == format_short(pair.metrics.relative_change, 3));
    const auto map = app.model.shift.current(app.model.document);
    REQUIRE(map);
    CHECK(map->map.at({-2, 3}).unchanged == pair.metrics.unchanged);
  }
  CHECK(app.model.shift.finished.size() == std::size(kShiftCurves) - 1);
  app.key(ui::Key::z, true);
  CHECK(app.model.document.shift.edges == ShiftEdges::zero);
}

TEST_CASE("the shift moves by dragging, sliders, the map and keys, and is no undo step") {
  LabDriver app(large());
  show(app, "shift6", 3);
  const size_t undo = app.model.history.depth();
  const float cell = (app.item("shift.moved").max.x - app.item("shift.moved").min.x) / 6;
  app.drag("shift.moved", cell, -2 * cell);
  app.frame(2);
  CHECK(app.model.session.shift.by == Offset{-2, 2});
  app.key(ui::Key::left, false, true);
  app.key(ui::Key::down, false, true);
  app.frame(2);
  CHECK(app.model.session.shift.by == Offset{-1, 1});
  app.click("shift.map");
  app.frame(2);
  CHECK(app.model.session.shift.by == Offset{0, 0});
  CHECK(app.value("shift.said").find("Nothing has moved") != std::string::npos);
  app.drag("shift.right", 400);
  app.frame(2);
  CHECK(app.model.session.shift.by.dx == kShiftRange);
  CHECK(app.model.history.depth() == undo);
}

TEST_CASE("playing sweeps the shift from one end to the other, along the way that was chosen") {
  LabDriver app(large());
  show(app, "line8", 1);
  app.key(ui::Key::home);
  app.frame(2);
  CHECK(app.model.session.shift.by.dx == -kShiftRange);
  app.key(ui::Key::space);
  app.frame(2);
  CHECK(app.model.session.shift.sweep.playing);
  for (int i = 0; i < 4000 && app.model.session.shift.sweep.playing; ++i)
    tick(app.model, 1.0 / 60);
  CHECK_FALSE(app.model.session.shift.sweep.playing);
  CHECK(app.model.session.shift.by == Offset{0, kShiftRange});
  apply_command(app.model, command::SetSweepWay{SweepWay::diagonal});
  CHECK(app.model.session.shift.by == Offset{kShiftRange, kShiftRange});
  apply_command(app.model, command::Seek{kShiftRange + 3, false});
  CHECK(app.model.session.shift.by == Offset{3, 3});
  // The windows' own clock stands where it was.
  const int64_t step = app.model.session.playback.step();
  apply_command(app.model, command::StepBy{1});
  app.frame(3);
  CHECK(app.model.session.playback.step() == step);
  CHECK(app.model.session.shift.by == Offset{4, 4});
}

TEST_CASE("one click to each example; the line jumps when it moves by one") {
  LabDriver app(large());
  show(app, "textbook", 2);
  app.click("shift.try.line");
  app.settle();
  CHECK(app.model.document.input.builtin == "line8");
  CHECK(app.value("shift.big") == "2 of 4");
  app.click("shift.try.textbook");
  app.settle();
  CHECK(app.value("shift.big") == "4 of 4");
  app.click("shift.try.stride");
  app.settle();
  CHECK(app.model.session.shift.by == Offset{0, 3});
  CHECK(app.value("shift.fact.equivariance") == "0");
  app.click("shift.try.average");
  app.settle();
  CHECK(app.model.document.spec.kind == Kind::average);
  app.click("shift.try.dense");
  app.settle();
  CHECK(app.model.document.spec.stride == Size2{1, 1});
  app.click("shift.try.noise");
  app.settle();
  const auto run = app.model.shift.current(app.model.document);
  REQUIRE(run);
  CHECK(run->map.at({0, 1}).unchanged == doctest::Approx(0.5).epsilon(0.05));
}

TEST_CASE("work is stopped and begun again") {
  LabDriver app(large());
  apply_command(app.model, command::OpenBuiltin{"scene"});
  apply_command(app.model, command::SetLab{"shift"});
  CHECK(app.model.shift.map.busy());
  apply_command(app.model, command::StopWork{});
  app.model.finish_work();
  CHECK(app.model.shift.map.stopped());
  app.frame(2);
  app.click("shift.resume");
  app.frame(1);
  CHECK_FALSE(app.model.shift.map.stopped());
  // The curves of other kinds follow, with their progress and the same way out.
  app.model.shift.map.wait();
  app.frame(2);
  REQUIRE(app.model.shift.curves.busy());
  CHECK(app.has("shift.progress"));
  app.click("shift.stop");
  app.frame(1);
  app.model.finish_work();
  CHECK(app.model.shift.curves.stopped());
  CHECK(app.model.shift.finished.size() < std::size(kShiftCurves) - 1);
}

TEST_CASE(
    "every kind, both languages, the smallest screen: nothing is missing and nothing leaves the stage") {
  for (const char* language : walked_languages()) {
    HeadlessOptions options;
    options.screen = {1024, 640};
    LabDriver app(options, language);
    for (const char* input : {"shift6", "line8", "digit"}) {
      show(app, input, 1);
      for (const KindInfo& info : all_kinds()) {
        Document document = app.model.document;
        document.spec.kind = info.kind;
        apply_command(app.model, command::Edit{document, 0});
        app.settle();
        REQUIRE(app.model.shift.current(app.model.document));
        CHECK(app.item("shift.after").max.x <= 1024 - 240);
        CHECK(app.item("shift.map").max.y <= 640 - 68);
      }
      for (const char* measure : {"relative_change", "winners_kept", "unchanged"}) {
        app.click("shift.measure." + std::string(measure));
        app.frame(2);
      }
    }
    for (const std::string& key : app.texts.missing())
      FAIL_CHECK("missing in " << language << ": " << key);
  }
}
