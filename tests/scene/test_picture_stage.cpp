#include "app/scene/picture_stage.h"

#include <doctest/doctest.h>

#include "app/model/model.h"

using namespace poolscope;
using namespace poolscope::scene;

namespace {

constexpr Rect kArea{290, 70, 1080, 780};

void show(Model& model, Shape shape) {
  LoadedInput input;
  input.tensor = std::make_shared<const Tensor>(shape, 100.0f);
  input.is_picture = true;
  input.name = "picture";
  finish_opening(model, "picture", input);
}

}  // namespace

TEST_CASE("fitted pictures lie side by side inside the area, at the same scale") {
  for (const Shape shape : {Shape{1, 3, 480, 640}, Shape{1, 1, 28, 28}, Shape{1, 3, 4000, 300},
                            Shape{1, 1, 7, 5000}, Shape{1, 3, 8192, 8192}}) {
    Model model;
    show(model, shape);
    const PictureStage stage = build_picture_stage(model, kArea, 1, 26);
    CHECK(stage.input.zoom == stage.output.zoom);
    CHECK(stage.input.box.x0 >= kArea.x0);
    CHECK(stage.output.box.x1 <= kArea.x1 + 73);
    CHECK(stage.input.box.x1 < stage.output.box.x0);
    CHECK(stage.input.box.y1 <= stage.lens.box.y0);
    CHECK(stage.lens.box.y1 <= kArea.y1 + 1);
    CHECK(stage.card.x1 <= kArea.x1 + 1);
    CHECK(stage.card.width() > 200);
    model.job.wait();
  }
}

TEST_CASE("zooming keeps the cell under the mouse where it is") {
  Model model;
  show(model, {1, 1, 300, 400});
  PictureStage stage = build_picture_stage(model, kArea, 1, 26);
  const Point at{stage.input.box.x0 + 100, stage.input.box.y0 + 50};
  const double x = stage.input.cell_x(at.x), y = stage.input.cell_y(at.y);
  const ZoomResult zoomed = zoom_at(stage.input, at, 3, stage.fit_zoom, 160);
  model.session.view = {zoomed.centre_x, zoomed.centre_y, zoomed.zoom};
  stage = build_picture_stage(model, kArea, 1, 26);
  CHECK(stage.input.cell_x(at.x) == doctest::Approx(x));
  CHECK(stage.input.cell_y(at.y) == doctest::Approx(y));
  CHECK(stage.input.zoom == doctest::Approx(3 * stage.fit_zoom));
}

TEST_CASE("input and output look at the same place") {
  AxisPlan axis;
  axis.window = 3;
  axis.stride = 2;
  axis.pad_before = 1;
  axis.dilation = 2;
  for (int64_t o = 0; o < 9; ++o) {
    const double middle = static_cast<double>(axis.start(o)) + static_cast<double>(axis.extent()) / 2;
    CHECK(output_coordinate(axis, middle) == doctest::Approx(static_cast<double>(o) + 0.5));
    CHECK(input_coordinate(axis, static_cast<double>(o) + 0.5) == doctest::Approx(middle));
  }
}

TEST_CASE("the lens always holds the present window and never leaves the picture") {
  Model model;
  show(model, {1, 1, 61, 83});
  for (int64_t step = 0; step < model.steps(); step += 7) {
    apply_command(model, command::Seek{step});
    const PoolPlan& plan = model.plan();
    const Lens lens = build_picture_stage(model, kArea, 1, 26).lens;
    const int64_t row = plan.rows.start(step / plan.out.w), column = plan.columns.start(step % plan.out.w);
    CHECK(lens.row0 <= row);
    CHECK(lens.row0 + lens.rows >= row + plan.rows.extent());
    CHECK(lens.column0 <= column);
    CHECK(lens.column0 + lens.columns >= column + plan.columns.extent());
    CHECK(lens.row0 >= 0);
    CHECK(lens.row0 + lens.rows <= plan.in.h);
    CHECK(lens.column0 + lens.columns <= plan.in.w);
  }
}

TEST_CASE("where there is no room for pictures and lens, the pictures have it all") {
  Model model;
  show(model, {1, 3, 360, 480});
  constexpr Rect low{0, 0, 900, 390};
  const PictureStage large = build_picture_stage(model, low, 2.5f, 65);
  CHECK_FALSE(large.with_lens);
  CHECK(large.input.box.y1 <= low.y1);
  CHECK(large.input.box.height() > 150);
  const PictureStage usual = build_picture_stage(model, low, 1, 26);
  CHECK(usual.with_lens);
  CHECK(usual.input.box.y1 <= usual.lens.box.y0);
}
