#include <doctest/doctest.h>

#include "app/scene/channels_stage.h"
#include "app/scene/window_cells.h"

using namespace poolscope;
using namespace poolscope::scene;

namespace {

constexpr Rect kArea{20, 30, 820, 480};

PoolPlan plan_of(Shape shape, Size2 window, Size2 stride, Size2 padding = {0, 0}) {
  PoolSpec spec;
  spec.window = window;
  spec.stride = stride;
  spec.padding = padding;
  return *validate(spec, shape);
}

}  // namespace

TEST_CASE("planes keep their place inside the area, the nearer ones to the right and below") {
  for (const int64_t channels : {int64_t{1}, int64_t{3}, int64_t{64}})
    for (const double spread : {0.0, 0.6, 1.0})
      for (const Shape shape :
           {Shape{1, channels, 96, 128}, Shape{1, channels, 300, 20}, Shape{1, channels, 4, 4}}) {
        const PoolPlan plan = plan_of(shape, {2, 2}, {2, 2});
        const ChannelsStage stage = build_channels_stage(kArea, plan, 0, spread, {}, {-1, 0, 1}, 1);
        REQUIRE(stage.planes.size() == static_cast<size_t>(channels));
        CHECK(stage.input_stack.x1 < stage.output_stack.x0);
        for (size_t c = 0; c < stage.planes.size(); ++c) {
          const ChannelPlane& plane = stage.planes[c];
          CHECK(plane.input.x0 >= kArea.x0 - 1);
          CHECK(plane.output.x1 <= kArea.x1 + 1);
          CHECK(plane.input.y1 <= kArea.y1 + 1);
          if (c == 0) continue;
          CHECK(plane.input.x0 >= stage.planes[c - 1].input.x0);
          CHECK(plane.input.y0 >= stage.planes[c - 1].input.y0);
        }
      }
}

TEST_CASE("the window lies on every plane where the engine's window is, and glides there") {
  const PoolPlan plan = plan_of({1, 3, 8, 8}, {2, 2}, {2, 2});
  const ChannelsStage done = build_channels_stage(kArea, plan, 0, 0.6, {}, {4, 5, 1}, 1);
  const ChannelsStage begins = build_channels_stage(kArea, plan, 0, 0.6, {}, {4, 5, 0}, 1);
  const CellBox cells = window_cells(plan, 0, 5);
  for (size_t c = 0; c < 3; ++c) {
    const ChannelPlane& plane = done.planes[c];
    const float cell = plane.input.width() / 8;
    CHECK(plane.window.x0 == doctest::Approx(plane.input.x0 + cell * static_cast<float>(cells.column0)));
    CHECK(plane.window.y0 == doctest::Approx(plane.input.y0 + cell * static_cast<float>(cells.row0)));
    CHECK(plane.window.width() == doctest::Approx(2 * cell));
    CHECK(plane.cell.x0 == doctest::Approx(plane.output.x0 + plane.output.width() / 4));
    CHECK(begins.planes[c].window.x0 == doctest::Approx(plane.window.x0 - 2 * cell));
  }
}

TEST_CASE("the nearest plane is met, and one that is taken out before all others") {
  const PoolPlan plan = plan_of({1, 3, 64, 64}, {2, 2}, {2, 2});
  const ChannelsStage stage = build_channels_stage(kArea, plan, 0, 0.6, {}, {-1, 0, 1}, 1);
  for (int64_t c = 0; c < 3; ++c)
    for (const bool output : {false, true})
      CHECK(channel_at(stage, uncovered(stage, c, output).centre(), output, {}) == c);
  const Point middle = stage.planes[0].input.centre();
  CHECK(channel_at(stage, middle, false, {}) != 0);
  CHECK(channel_at(stage, middle, false, 0) == 0);
  CHECK_FALSE(channel_at(stage, {0, 0}, false, {}));
}

TEST_CASE("a step of the picture and the step of its smaller feature maps lie at the same place") {
  const PoolPlan whole = plan_of({1, 3, 512, 700}, {2, 2}, {2, 2}),
                 small = plan_of({1, 8, 171, 234}, {2, 2}, {2, 2});
  for (int64_t step = 0; step < small.steps_per_plane(); step += 97)
    CHECK(same_place(whole, small, first_at_place(whole, small, step)) == step);
  CHECK(same_place(whole, whole, 777) == 777);
  CHECK(same_place(whole, small, whole.steps_per_plane() - 1) == small.steps_per_plane() - 1);
}
