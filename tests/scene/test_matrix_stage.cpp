#include "app/scene/matrix_stage.h"

#include <doctest/doctest.h>

#include "app/model/model.h"
#include "core/base/random.h"
#include "core/pooling/kinds.h"

using namespace poolscope;
using namespace poolscope::scene;

namespace {

constexpr Rect kArea{300, 100, 1100, 600};

void set(Model& model, void (*change)(Document&)) {
  Document document = model.document;
  change(document);
  apply_command(model, command::Edit{std::move(document), 0});
}

std::vector<const Cell*> in_state(const std::vector<Cell>& cells, CellState state) {
  std::vector<const Cell*> found;
  for (const Cell& cell : cells)
    if (cell.state == state) found.push_back(&cell);
  return found;
}

}  // namespace

TEST_CASE("the lit cell is the engine's winner, for every kind that selects, at every step") {
  Model model;
  for (const KindInfo& info : all_kinds()) {
    Document document = model.document;
    document.spec.kind = info.kind;
    document.spec.padding = info.allows_padding ? Size2{1, 1} : Size2{0, 0};
    apply_command(model, command::Edit{document, 0});
    for (int64_t step = 0; step < model.steps(); ++step) {
      apply_command(model, command::Seek{step});
      const MatrixStage stage = build_matrix_stage(model, kArea, 88);
      const auto winners = in_state(stage.input, CellState::winner);
      const int64_t expected = model.record().winner_index;
      REQUIRE(winners.size() == (expected >= 0 ? 1 : 0));
      if (expected >= 0) CHECK(winners[0]->row * model.plan().in.w + winners[0]->column == expected);
      const auto current = in_state(stage.output, CellState::current);
      REQUIRE(current.size() == 1);
      CHECK(current[0]->row * model.plan().out.w + current[0]->column == step);
      CHECK(current[0]->text == format_short(model.record().result, 3));
    }
  }
}

TEST_CASE("the window lies around exactly the cells that it reads") {
  Model model;
  model.refresh();
  set(model, [](Document& d) {
    d.stride_linked = false;
    d.spec.window = {3, 3};
    d.spec.stride = {1, 1};
    d.spec.padding = {1, 1};
  });
  for (int64_t step = 0; step < model.steps(); ++step) {
    apply_command(model, command::Seek{step});
    const MatrixStage stage = build_matrix_stage(model, kArea, 88);
    int64_t read = 0;
    for (const Cell& cell : stage.input) {
      const bool lit = cell.state == CellState::winner || cell.state == CellState::in_window;
      if (lit) CHECK(stage.window.contains(cell.rect.centre()));
      read += lit;
    }
    CHECK(read == model.record().valid);
  }
}

TEST_CASE("outputs appear one by one, and the value is there only when it has arrived") {
  Model model;
  model.refresh();
  apply_command(model, command::Seek{2});
  MatrixStage stage = build_matrix_stage(model, kArea, 88);
  CHECK(in_state(stage.output, CellState::filled).size() == 2);
  CHECK(in_state(stage.output, CellState::pending).size() == 1);
  CHECK(stage.output[2].text == "4");
  CHECK(stage.output[3].text.empty());
  model.session.playback.position = 2.2;  // the third window is on its way
  model.refresh();
  stage = build_matrix_stage(model, kArea, 88);
  CHECK(stage.output[2].text.empty());
  CHECK(in_state(stage.input, CellState::winner).empty());
  CHECK(stage.ribbons.empty());
}

TEST_CASE("a window glides from the place before it") {
  Model model;
  model.refresh();
  model.session.playback.position = 1.0 + 1e-4;
  model.refresh();
  const MatrixStage begin = build_matrix_stage(model, kArea, 88);
  CHECK(begin.window.x0 == doctest::Approx(begin.input_box.x0).epsilon(0.001));
  model.session.playback.position = 1.2;
  model.refresh();
  const MatrixStage half = build_matrix_stage(model, kArea, 88);
  CHECK(half.window.x0 == doctest::Approx(half.input_box.x0 + half.cell_px));
}

TEST_CASE("earlier winners are marked, later ones are not") {
  Model model;
  model.refresh();
  apply_command(model, command::Seek{1});
  const MatrixStage stage = build_matrix_stage(model, kArea, 88);
  std::vector<std::pair<int64_t, int64_t>> marked;
  for (const Cell& cell : stage.input)
    if (cell.earlier_winner) marked.emplace_back(cell.row, cell.column);
  CHECK(marked == std::vector<std::pair<int64_t, int64_t>>{{0, 1}});
}

TEST_CASE("a dropped edge and the padding are drawn as what they are") {
  Model model;
  model.refresh();
  set(model, [](Document& d) { d.spec.window = {3, 3}; });
  MatrixStage stage = build_matrix_stage(model, kArea, 88);
  CHECK(in_state(stage.input, CellState::unread).size() == 7);
  set(model, [](Document& d) { d.spec.padding = {1, 1}; });
  stage = build_matrix_stage(model, kArea, 88);
  CHECK(in_state(stage.input, CellState::padding).size() == 20);
  CHECK(stage.input.size() == 36);
}

TEST_CASE("backwards the input shows the gradient that has arrived so far") {
  Model model;
  model.refresh();
  apply_command(model, command::OpenBuiltin{"shift6"});
  set(model, [](Document& d) {
    d.stride_linked = false;
    d.spec.window = {2, 2};
    d.spec.stride = {1, 1};
    d.direction = Direction::backward;
  });
  apply_command(model, command::Seek{model.steps() - 1});
  const MatrixStage stage = build_matrix_stage(model, kArea, 88);
  const Tensor& whole = *model.job.latest()->input_gradient;
  for (const Cell& cell : stage.input)
    CHECK(cell.text == format_short(whole.at(0, 0, cell.row, cell.column), 3));
  // The 9 is the largest of all four windows that hold it: their gradients add up.
  CHECK(whole.at(0, 0, 1, 1) == 4);
  apply_command(model, command::Seek{0});
  double sum = 0;
  for (const Cell& cell : build_matrix_stage(model, kArea, 88).input)
    sum += std::stod(cell.text);
  CHECK(sum == 1);
}

TEST_CASE("hovering links input and output both ways") {
  Model model;
  model.refresh();
  model.session.hovered = HoveredCell{false, 3, 1};
  MatrixStage stage = build_matrix_stage(model, kArea, 88);
  REQUIRE(stage.linked_windows.size() == 1);
  CHECK(stage.output[2].linked);
  model.session.hovered = HoveredCell{true, 0, 1};
  stage = build_matrix_stage(model, kArea, 88);
  REQUIRE(stage.linked_window);
  CHECK(stage.linked_window->contains(stage.input[3].rect.centre()));
}

TEST_CASE("the stage stays inside its area, whatever the geometry") {
  Model model;
  model.refresh();
  Random random(3);
  for (int i = 0; i < 200; ++i) {
    Document document = model.document;
    document.stride_linked = false;
    document.rectangular = true;
    document.spec.window = {1 + random.below(4), 1 + random.below(4)};
    document.spec.stride = {1 + random.below(4), 1 + random.below(4)};
    document.spec.padding = {random.below(3), random.below(3)};
    document.spec.rounding = random.below(2) ? Rounding::ceil : Rounding::floor;
    apply_command(model, command::Edit{document, 0});
    const MatrixStage stage = build_matrix_stage(model, kArea, 88);
    for (const Rect& box : {stage.input_box, stage.output_box}) {
      CHECK(box.x0 >= kArea.x0 - 1);
      CHECK(box.y0 >= kArea.y0 - 1);
      CHECK(box.x1 <= kArea.x1 + 1);
      CHECK(box.y1 <= kArea.y1 + 1);
    }
    CHECK(stage.input_box.x1 < stage.output_box.x0);
  }
}
