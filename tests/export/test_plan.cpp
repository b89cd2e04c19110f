#include <doctest/doctest.h>

#include "app/export/caption.h"
#include "app/export/film_plan.h"
#include "app/model/model.h"

using namespace poolscope;

TEST_CASE("a film goes from its first window to the end of its last, and rests there") {
  FilmSetup setup;
  setup.from = 1;
  setup.to = 2;
  setup.fps = 10;
  setup.seconds = 4;
  const FilmPlan plan = plan_film(setup, 4, 2);
  CHECK(plan.frames == 40);
  CHECK(plan.position(0) == doctest::Approx(1.05));
  CHECK(plan.position(19) == doctest::Approx(2));
  CHECK(plan.position(39) == 3);
  CHECK(plan.milliseconds(0) == 100);
  CHECK(plan.milliseconds(39) == 1600);
}

TEST_CASE("without a length a film is as long as the transport takes, but no longer than its sweep") {
  FilmSetup setup;
  CHECK(plan_film(setup, 4, 2).seconds() == doctest::Approx(5.6));
  CHECK(plan_film(setup, 76800, 320).seconds() == doctest::Approx(10));
}

TEST_CASE("where windows rush past, every picture shows a finished one") {
  FilmSetup setup;
  setup.fps = 7;
  const FilmPlan plan = plan_film(setup, 76801, 320);
  double before = 0;
  for (int64_t k = 0; k < plan.frames; ++k) {
    CHECK(plan.position(k) == static_cast<double>(static_cast<int64_t>(plan.position(k))));
    CHECK(plan.position(k) > before);
    before = plan.position(k);
  }
  CHECK(before == 76801);
}

TEST_CASE("times add up, whatever the number of pictures per second") {
  for (const double fps : {1.0, 7.0, 12.0, 29.97, 50.0}) {
    FilmSetup setup;
    setup.fps = fps;
    setup.seconds = 3;
    const FilmPlan plan = plan_film(setup, 4, 2);
    int sum = 0;
    for (int64_t k = 0; k < plan.frames; ++k)
      sum += plan.milliseconds(k);
    CHECK(std::abs(sum - 1500 - 1000 * plan.seconds()) <= 1);
  }
}

TEST_CASE("a still is one picture of the last window that was asked for") {
  FilmSetup setup;
  setup.format = FilmFormat::png_still;
  CHECK(plan_film(setup, 4, 2).position(0) == 4);
  setup.to = 1;
  CHECK(plan_film(setup, 4, 2).frames == 1);
  CHECK(plan_film(setup, 4, 2).position(0) == 2);
  setup.to = 99;
  CHECK(plan_film(setup, 4, 2).position(0) == 4);
}

TEST_CASE("the caption names what is set, and nothing that the kind does not use") {
  const Result<Texts> texts = Texts::load(POOLSCOPE_ASSETS, "en");
  REQUIRE(texts.ok());
  Model model;
  model.refresh();
  CHECK(film_caption(model, *texts) == "Max · window 2 × 2, stride 2 · Textbook 4 × 4 · 4 × 4 → 2 × 2");
  Document document = model.document;
  document.stride_linked = false;
  document.spec.window = {3, 3};
  document.spec.stride = {1, 1};
  document.spec.padding = {1, 1};
  document.spec.kind = Kind::log_sum_exp;
  document.spec.sharpness = 2.5;
  apply_command(model, command::Edit{document, 0});
  CHECK(film_caption(model, *texts) ==
        "Log-sum-exp · window 3 × 3, stride 1, padding 1, r = 2.5 · Textbook 4 × 4 · 4 × 4 → 4 × 4");
  CHECK(suggested_name(model) == "window-log-sum-exp-3x3");
  document = model.document;
  document.spec.kind = Kind::global_average;
  document.direction = Direction::backward;
  document.spec.padding = {0, 0};
  apply_command(model, command::Edit{document, 0});
  CHECK(film_caption(model, *texts) == "Global average · backward · Textbook 4 × 4 · 4 × 4 → 1 × 1");
}
