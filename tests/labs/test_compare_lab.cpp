#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "app/labs/compare_lab.h"
#include "core/data/builtin.h"
#include "core/pooling/kinds.h"
#include "core/pooling/pool.h"
#include "tests/common/thoroughness.h"
#include "tests/labs/lab_driver.h"

using namespace poolscope;
using poolscope::test::HeadlessOptions;
using poolscope::test::LabDriver;

namespace {

void compare(LabDriver& app, const char* input) {
  apply_command(app.model, command::OpenBuiltin{input});
  apply_command(app.model, command::SetLab{"compare"});
  app.frame(3);
  app.model.finish_work();
  app.frame(3);
}

}  // namespace

TEST_CASE("columns are pooled by the engine, and their measures are shown") {
  LabDriver app;
  compare(app, "digit");
  const auto run = app.model.compare.current(app.model.document);
  REQUIRE(run);
  REQUIRE(run->columns.size() == 4);
  const std::vector<PoolSpec> specs = compare_specs(app.model.document);
  for (size_t i = 0; i < 4; ++i) {
    const PoolPlan plan = *validate(specs[i], run->input->shape());
    const Tensor plain = forward(plan, *run->input).values;
    CHECK(run->columns[i].output->same_bits(plain));
    const Yardstick yardstick = make_yardstick(*run->input, 255);
    const CompareMetrics metrics = measure(yardstick, *run->input, plain);
    CHECK(app.value("compare." + std::to_string(i) + ".edges") ==
          measure_text(compare_measures()[0], metrics));
  }
}

TEST_CASE("columns are added, changed, given a geometry of their own and removed, between two and six") {
  LabDriver app;
  compare(app, "digit");
  app.click("compare.add");
  app.click("compare.add");
  app.settle();
  CHECK(app.model.document.compare.columns.size() == 5);
  CHECK_FALSE(app.item("compare.add").enabled);
  app.click("compare.column.2");
  app.frame(2);
  app.click("compare.column.2.min");
  app.settle();
  CHECK(app.model.document.compare.columns[1].kind == Kind::min);
  app.click("compare.column.2.more");
  app.frame(2);
  app.click("compare.column.2.menu.3s2");
  app.settle();
  CHECK(compare_specs(app.model.document)[2].window == Size2{3, 3});
  CHECK(compare_specs(app.model.document)[2].stride == Size2{2, 2});
  for (int left = 4; left >= 1; --left) {
    app.click("compare.column.1.more");
    app.frame(2);
    app.click("compare.column.1.menu.remove");
    app.settle();
    CHECK(app.model.document.compare.columns.size() == static_cast<size_t>(left));
  }
  app.click("compare.column.1.more");
  app.frame(2);
  CHECK_FALSE(app.item("compare.column.1.menu.remove").enabled);
  app.key(ui::Key::escape);
  app.key(ui::Key::z, true);
  CHECK(app.model.document.compare.columns.size() == 2);
}

TEST_CASE("depth, inversion, two steps and stripes change what is computed") {
  LabDriver app;
  compare(app, "digit");
  app.click("compare.depth.2");
  app.settle();
  auto run = app.model.compare.current(app.model.document);
  REQUIRE(run);
  CHECK(run->columns[0].output->shape().h == run->columns[0].plan.out.h / 2);
  CHECK(run->columns[0].reached == 2);
  app.click("compare.depth.1");
  app.click("compare.invert");
  app.settle();
  run = app.model.compare.current(app.model.document);
  REQUIRE(run);
  CHECK(run->input->same_bits(inverted(app.model.document.values(), true)));
  app.click("compare.invert");
  app.click("compare.two_steps");
  app.settle();
  run = app.model.compare.current(app.model.document);
  REQUIRE(run);
  REQUIRE(run->columns[0].kept);
  CHECK(run->columns[0].kept->same_bits(*run->columns[0].output));
  app.click("compare.stripes");
  app.settle();
  run = app.model.compare.current(app.model.document);
  REQUIRE(run);
  CHECK(run->input->same_bits(stripe_pattern(kStripeSize.h, kStripeSize.w, 3)));
  CHECK(run->columns[0].spectrum.size() == static_cast<size_t>(run->columns[0].plan.out.w / 2 + 1));
  app.drag("compare.period", 60);
  app.settle();
  CHECK(app.model.document.compare.period > 3);
}

TEST_CASE("one zoom holds for all pictures, and a click goes to the window there") {
  HeadlessOptions options;
  options.screen = {1440, 900};
  LabDriver app(options);
  compare(app, "scene");
  app.hover("compare.picture.2");
  app.wheel(4);
  app.frame(2);
  CHECK(app.model.session.view.zoom > 1);
  const ViewTransform before = app.model.session.view;
  app.drag("compare.picture.0", 30, 10);
  CHECK(app.model.session.view.zoom == before.zoom);
  CHECK(app.model.session.view.centre_x < before.centre_x);
  app.hover("compare.picture.1");
  for (int i = 0; i < 40; ++i)
    app.wheel(-3);
  CHECK(app.model.session.view == ViewTransform{});
  app.click("compare.picture.0");
  app.frame(2);
  const int64_t step = app.model.session.playback.step(), width = app.model.plan().out.w;
  CHECK(std::abs(step % width - width / 2) <= 2);
  CHECK(std::abs(step / width - app.model.plan().out.h / 2) <= 2);
}

TEST_CASE("differences are taken to a column that is clicked") {
  LabDriver app;
  compare(app, "digit");
  app.click("compare.difference.1");
  app.settle();
  const auto run = app.model.compare.current(app.model.document);
  REQUIRE(run);
  CHECK(run->request.reference == 1);
  for (const float d : run->columns[1].difference->values())
    REQUIRE(d == 0);
  app.click("compare.difference.1");
  app.settle();
  CHECK(app.model.document.compare.reference == -1);
}

TEST_CASE("draws are counted for the window of the transport, and redrawing changes the seed") {
  LabDriver app;
  compare(app, "textbook");
  app.click("compare.tab.draws");
  app.settle();
  const auto draws = app.model.compare.draws.latest();
  REQUIRE(draws);
  CHECK(draws->counts.draws >= 100);
  app.key(ui::Key::end);
  app.settle();
  CHECK(app.model.compare.draws.latest()->request.step == 3);
  const uint64_t seed = app.model.document.spec.seed;
  app.click("compare.redraw");
  app.settle();
  CHECK(app.model.document.spec.seed == seed + 1);
}

namespace {

/// The same question to somebody who knows nothing yet.
std::shared_ptr<const CompareRun> measured_anew(const Document& document) {
  CompareWork work;
  work.ask(document, 0);
  work.wait();
  return work.current(document);
}

bool same_bits(const TensorPtr& a, const TensorPtr& b) {
  return a && b ? a->same_bits(*b) : a == b;
}

/// Also where there was nothing to keep and a measure is no number.
bool same_metrics(const std::vector<CompareMetrics>& a, const std::vector<CompareMetrics>& b) {
  constexpr double CompareMetrics::*kAll[] = {&CompareMetrics::mean,        &CompareMetrics::mean_kept,
                                              &CompareMetrics::spread_kept, &CompareMetrics::edges_kept,
                                              &CompareMetrics::bright_kept, &CompareMetrics::dark_kept,
                                              &CompareMetrics::psnr};
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const auto& x, const auto& y) {
    return x.bytes == y.bytes && std::all_of(std::begin(kAll), std::end(kAll), [&](auto field) {
             return x.*field == y.*field || (std::isnan(x.*field) && std::isnan(y.*field));
           });
  });
}

/// Whether two runs say and show the same.
void check_same(const CompareRun& known, const CompareRun& fresh) {
  REQUIRE(known.columns.size() == fresh.columns.size());
  CHECK(same_bits(known.input, fresh.input));
  CHECK(known.spectrum == fresh.spectrum);
  CHECK(known.low == fresh.low);
  CHECK(known.high == fresh.high);
  for (size_t i = 0; i < known.columns.size(); ++i) {
    CAPTURE(i);
    const CompareResult &a = known.columns[i], &b = fresh.columns[i];
    CHECK(a.plan.spec == b.plan.spec);
    CHECK(a.plan.out == b.plan.out);
    CHECK(same_metrics(a.metrics, b.metrics));
    CHECK(a.reached == b.reached);
    CHECK(same_bits(a.output, b.output));
    CHECK(same_bits(a.difference, b.difference));
    CHECK(same_bits(a.overview, b.overview));
    CHECK(a.difference_span == b.difference_span);
    CHECK(same_bits(a.dense, b.dense));
    CHECK(same_bits(a.kept, b.kept));
    CHECK(a.spectrum == b.spectrum);
  }
}

}  // namespace

TEST_CASE("only what is new is measured, and what was known is what would be measured again") {
  LabDriver app;
  compare(app, "digit");
  const auto run = [&] { return app.model.compare.current(app.model.document); };
  const auto change = [&](void (*edit)(Document&), int measured) {
    Document document = app.model.document;
    edit(document);
    apply_command(app.model, command::Edit{document, 0});
    app.settle();
    REQUIRE(run());
    CHECK(run()->measured == measured);
    check_same(*run(), *measured_anew(app.model.document));
  };
  CHECK(run()->measured == 4);
  const TensorPtr first = run()->columns[0].output, other = run()->columns[3].output;
  change([](Document& d) { d.compare.columns[0].kind = Kind::l2; }, 1);
  CHECK(run()->columns[0].output == first);
  CHECK(run()->columns[3].output == other);
  change([](Document& d) { d.compare.columns[0].kind = Kind::average; }, 0);
  change([](Document& d) { d.compare.reference = 1; }, 0);
  CHECK(run()->columns[0].output == first);
  change([](Document& d) { d.compare.depth = 3; }, 0);
  change([](Document& d) { d.compare.depth = 5; }, 0);
  change([](Document& d) { d.compare.two_steps = true; }, 0);
  change([](Document& d) { d.compare.reference = -1, d.compare.depth = 1; }, 0);
  change([](Document& d) { ++d.spec.seed; }, 1);  // the column that draws
  change([](Document& d) { d.compare.columns[1] = d.compare.columns[0]; }, 0);
  change([](Document& d) { d.spec.window = d.spec.stride = {3, 3}; }, 3);  // two of the four are equal
  change([](Document& d) { d.compare.inverted = true; }, 3);
  change([](Document& d) { d.compare.striped = true; }, 3);
  change([](Document& d) { d.compare.period = 5; }, 3);
  change([](Document& d) { d.compare.striped = false, d.input = builtin_input("shift6"); }, 3);
}

TEST_CASE("work is stopped and begun again, and the newest question wins") {
  LabDriver app;
  apply_command(app.model, command::OpenBuiltin{"scene"});
  apply_command(app.model, command::SetLab{"compare"});
  CHECK(app.model.compare.columns.busy());
  apply_command(app.model, command::StopWork{});
  app.model.finish_work();
  CHECK(app.model.compare.columns.stopped());
  CHECK_FALSE(app.model.compare.current(app.model.document));
  app.frame(2);
  app.click("compare.resume");
  app.settle();
  CHECK(app.model.compare.current(app.model.document));
  for (int64_t size = 3; size < 9; ++size) {
    Document document = app.model.document;
    document.spec.window = document.spec.stride = {size, size};
    apply_command(app.model, command::Edit{document, 0});
  }
  app.settle();
  REQUIRE(app.model.compare.current(app.model.document));
  CHECK(app.model.compare.current(app.model.document)->columns[0].plan.rows.window == 8);
}

TEST_CASE(
    "every kind as a column, every card, both languages: nothing is missing and nothing leaves the stage") {
  for (const char* language : walked_languages()) {
    HeadlessOptions options;
    options.screen = {1024, 640};
    LabDriver app(options, language);
    for (const char* input : {"shift6", "digit"}) {
      compare(app, input);
      for (const KindInfo& info : all_kinds()) {
        Document document = app.model.document;
        document.compare.columns = {{info.kind}, {Kind::stochastic}};
        document.compare.show_input = true;
        apply_command(app.model, command::Edit{document, 0});
        app.settle();
        REQUIRE(app.model.compare.current(app.model.document));
        CHECK(app.item("compare.picture.2").max.x <= 1024);
        CHECK(app.item("compare.difference.2").max.y <= 640 - 68);
      }
      app.click("compare.cards");
      app.click("compare.stripes");
      for (const char* tab : {"reading", "table", "draws", "spectrum"}) {
        app.click("compare.tab." + std::string(tab));
        app.settle();
      }
      app.click("compare.stripes");
      app.click("compare.cards");
    }
    for (const std::string& key : app.texts.missing())
      FAIL_CHECK("missing in " << language << ": " << key);
  }
}

TEST_CASE("columns are dragged to another place, which computes nothing anew and is one undo step") {
  HeadlessOptions options;
  options.screen = {1440, 900};
  LabDriver app(options);
  compare(app, "digit");
  const auto before = app.model.compare.current(app.model.document);
  REQUIRE(before);
  const size_t depth = app.model.history.depth();
  const float first = app.item("compare.picture.0").min.x, third = app.item("compare.picture.2").min.x;
  app.drag("compare.handle.0", third - first + 20);
  app.frame(2);
  CHECK(shown_order(app.model.document.compare) == std::vector<size_t>{1, 2, 0, 3});
  CHECK(app.model.history.depth() == depth + 1);
  CHECK(app.model.compare.current(app.model.document) == before);
  CHECK(app.item("compare.picture.0").min.x == third);
  CHECK(app.item("compare.picture.1").min.x == first);
  app.key(ui::Key::z, true);
  app.frame(2);
  CHECK(app.item("compare.picture.0").min.x == first);
}

TEST_CASE("the order of the columns always names every column once") {
  CompareSetup setup;
  move_column(setup, 0, 3);
  CHECK(shown_order(setup) == std::vector<size_t>{1, 2, 3, 0});
  setup.reference = 3;
  remove_column(setup, 2);
  CHECK(shown_order(setup) == std::vector<size_t>{1, 2, 0});
  CHECK(setup.reference == 2);
  setup.columns.push_back({Kind::min});
  CHECK(shown_order(setup) == std::vector<size_t>{1, 2, 0, 3});
  setup.order = {7, 1, 1};
  CHECK(shown_order(setup) == std::vector<size_t>{1, 0, 2, 3});
}
