#include <doctest/doctest.h>

#include "app/model/model.h"
#include "app/scene/shift_stage.h"

using namespace poolscope;
using namespace poolscope::scene;

namespace {

/// The textbook's example, 3 x 3 / 3, shifted, laid out on a stage of 800 x 700.
ShiftStage textbook(Offset by) {
  Model model;
  apply_command(model, command::OpenBuiltin{"shift6"});
  Document document = model.document;
  document.spec.window = document.spec.stride = {3, 3};
  apply_command(model, command::Edit{document, 0});
  apply_command(model, command::SetLab{"shift"});
  apply_command(model, command::SetShift{by});
  model.finish_work();
  const auto run = model.shift.pair.latest();
  ShiftStage stage = lay_out_shift({0, 0, 800, 700}, run->plan.in, run->plan.out, true, 1, 46, 68);
  fill_shift_cells(stage, *run);
  return stage;
}

const ShiftCell& cell(const ShiftGrid& grid, int64_t row, int64_t column) {
  for (const ShiftCell& one : grid.cells)
    if (one.row == row && one.column == column) return one;
  FAIL("no such cell");
  return grid.cells.front();
}

}  // namespace

TEST_CASE("winners that moved inside their windows are kept, what came in is marked, equal outputs are not") {
  const ShiftStage stage = textbook({0, 1});
  CHECK(cell(stage.input, 0, 3).winner);
  CHECK(cell(stage.moved, 0, 4).winner);
  CHECK(cell(stage.moved, 0, 4).kept);
  CHECK(cell(stage.moved, 0, 4).text == "7");
  for (int64_t row = 0; row < 6; ++row) {
    CHECK(cell(stage.moved, row, 0).came_in);
    CHECK_FALSE(cell(stage.moved, row, 1).came_in);
  }
  for (const ShiftCell& output : stage.after.cells)
    CHECK_FALSE(output.changed);
  CHECK(stage.windows.size() == 4);
}

TEST_CASE("a winner that left its window is none, and its output is marked") {
  const ShiftStage stage = textbook({0, 2});
  CHECK(cell(stage.moved, 1, 3).text == "9");
  CHECK(cell(stage.moved, 1, 3).winner);
  CHECK_FALSE(cell(stage.moved, 1, 3).kept);
  CHECK(cell(stage.after, 0, 0).changed);
  CHECK_FALSE(cell(stage.after, 1, 0).changed);
}

TEST_CASE("the parts of the stage do not overlap and stay inside it") {
  for (const Rect area : {Rect{0, 0, 512, 492}, Rect{0, 0, 800, 700}, Rect{0, 0, 1400, 950}})
    for (const Shape in :
         {Shape{1, 1, 6, 6}, Shape{1, 1, 1, 8}, Shape{1, 3, 344, 464}, Shape{1, 1, 400, 100}}) {
      const Shape out{1, in.c, (in.h + 1) / 2, in.w / 2};
      const ShiftStage stage = lay_out_shift(area, in, out, in.h < 10, 1, 46, 68);
      CHECK(stage.input.box.x1 <= stage.before.box.x0);
      CHECK(stage.before.box.x1 <= stage.moved.box.x0);
      CHECK(stage.moved.box.x1 <= stage.after.box.x0);
      CHECK(stage.after.box.x1 <= area.x1 + 1);
      CHECK(stage.input.box.y1 <= stage.card.y0);
      CHECK(stage.card.y1 <= stage.map.y0);
      CHECK(stage.map.x1 <= stage.curves.x0);
      CHECK(stage.bottom <= area.y1 + 1);
    }
}

TEST_CASE("every cell of the heat map is its shift") {
  const Rect map{100, 50, 100 + 17 * 20, 50 + 17 * 20};
  for (int64_t dy = -8; dy <= 8; ++dy)
    for (int64_t dx = -8; dx <= 8; ++dx)
      CHECK(shift_at(map, shift_rect(map, {dy, dx}).centre()) == Offset{dy, dx});
  CHECK_FALSE(shift_at(map, {99, 60}));
}
