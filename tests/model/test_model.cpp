#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/model/actions.h"
#include "app/model/limits.h"
#include "app/model/model.h"
#include "core/base/random.h"
#include "core/data/builtin.h"
#include "core/pooling/dialects.h"
#include "core/pooling/kinds.h"

using namespace poolscope;

namespace {

void edit(Model& model, void (*change)(Document&), uint64_t gesture = 0) {
  Document document = model.document;
  change(document);
  apply_command(model, command::Edit{std::move(document), gesture});
}

Model& started(Model& model) {
  model.refresh();
  return model;
}

}  // namespace

TEST_CASE("the program starts with the textbook's matrix and its first maximum") {
  Model model;
  started(model);
  CHECK(model.document.input.builtin == "textbook");
  CHECK(model.steps() == 4);
  CHECK(model.record().result == 2);
  CHECK(model.job.latest()->output->at(0, 0, 1, 0) == 4);
}

TEST_CASE("the stride follows the window while they are linked") {
  Model model;
  started(model);
  edit(model, [](Document& d) { d.spec.window.h = 3; });
  CHECK(model.document.spec.window == Size2{3, 3});
  CHECK(model.document.spec.stride == Size2{3, 3});
  edit(model, [](Document& d) {
    d.stride_linked = false;
    d.spec.stride.h = 1;
  });
  CHECK(model.document.spec.stride == Size2{1, 1});
  CHECK(model.steps() == 4);
}

TEST_CASE("height and width are set apart only when asked for") {
  Model model;
  started(model);
  edit(model, [](Document& d) {
    d.rectangular = true;
    d.spec.window = {1, 3};
  });
  CHECK(model.document.spec.window == Size2{1, 3});
  CHECK(model.plan().out.h == 4);
  CHECK(model.plan().out.w == 1);
  edit(model, [](Document& d) { d.rectangular = false; });
  CHECK(model.document.spec.window == Size2{1, 1});
}

TEST_CASE("a drag is one undo step, separate changes are several") {
  Model model;
  started(model);
  const Document before = model.document;
  for (int64_t side = 1; side <= 4; ++side) {
    Document document = model.document;
    document.spec.window.h = side;
    apply_command(model, command::Edit{document, 7});
  }
  CHECK(model.history.depth() == 1);
  apply_command(model, command::Undo{});
  CHECK(model.document == before);
  apply_command(model, command::Redo{});
  CHECK(model.document.spec.window.h == 4);
  edit(model, [](Document& d) { d.spec.kind = Kind::average; });
  edit(model, [](Document& d) { d.spec.kind = Kind::min; });
  CHECK(model.history.depth() == 3);
  edit(model, [](Document&) {});  // no change is no step
  CHECK(model.history.depth() == 3);
}

TEST_CASE("every action in any order keeps the document legal") {
  Model model;
  started(model);
  Random random(11);
  const auto actions = all_actions();
  for (int i = 0; i < 3000; ++i) {
    const Action& action = actions[static_cast<size_t>(random.below(static_cast<int64_t>(actions.size())))];
    if (!action.enabled(model)) continue;
    apply_command(model, action.command(model));
    tick(model, 0.05);
    REQUIRE_MESSAGE(validate(model.document.spec, model.document.shape()).ok(), action.id);
    REQUIRE(model.record().step < model.steps());
  }
}

TEST_CASE("every setting that the limits offer is legal") {
  Random random(5);
  for (int i = 0; i < 300; ++i) {
    const Shape shape{1, 1, 1 + random.below(12), 1 + random.below(12)};
    PoolSpec spec;
    spec.kind = all_kinds()[static_cast<size_t>(random.below(static_cast<int64_t>(all_kinds().size())))].kind;
    spec.window = {1 + random.below(6), 1 + random.below(6)};
    spec.stride = {1 + random.below(6), 1 + random.below(6)};
    spec.padding = {random.below(4), random.below(4)};
    spec.dilation = {1 + random.below(3), 1 + random.below(3)};
    spec.rounding = random.below(2) ? Rounding::ceil : Rounding::floor;
    spec = fit_spec(spec, shape);
    REQUIRE(validate(spec, shape).ok());
    const SpecLimits limits = spec_limits(spec, shape);
    const auto tries = [&](Range range, auto set) {
      for (int64_t value = range.low; value <= range.high; ++value) {
        PoolSpec changed = spec;
        set(changed, value);
        REQUIRE(validate(fit_spec(changed, shape), shape).ok());
      }
    };
    tries(limits.window_h, [](PoolSpec& s, int64_t v) { s.window.h = v; });
    tries(limits.stride_w, [](PoolSpec& s, int64_t v) { s.stride.w = v; });
    for (int64_t p = limits.padding_h.low; p <= limits.padding_h.high; ++p) {
      PoolSpec changed = spec;
      changed.padding.h = p;
      REQUIRE(validate(changed, shape).ok());
    }
    for (int64_t d = limits.dilation_w.low; d <= limits.dilation_w.high; ++d) {
      PoolSpec changed = spec;
      changed.dilation.w = d;
      REQUIRE(validate(changed, shape).ok());
    }
  }
}

TEST_CASE("every kind in every dialect comes to a legal setting on every small input") {
  Random random(23);
  for (int i = 0; i < 4000; ++i) {
    const Shape shape{1, 1 + random.below(2), 1 + random.below(9), 1 + random.below(9)};
    PoolSpec spec;
    spec.kind = all_kinds()[static_cast<size_t>(random.below(static_cast<int64_t>(all_kinds().size())))].kind;
    spec.window = {1 + random.below(9), 1 + random.below(9)};
    spec.stride = {1 + random.below(9), 1 + random.below(9)};
    spec.padding = {random.below(4), random.below(4)};
    spec.dilation = {1 + random.below(4), 1 + random.below(4)};
    spec.output_size = {1 + random.below(9), 1 + random.below(9)};
    spec.taps = 2 + random.below(6);
    const auto dialects = all_dialects();
    spec = in_dialect(
        spec, dialects[static_cast<size_t>(random.below(static_cast<int64_t>(dialects.size())))].dialect);
    const Result<PoolPlan> plan = validate(fit_spec(spec, shape), shape);
    REQUIRE_MESSAGE(plan.ok(), kind_info(spec.kind).name << " on " << to_string(shape));
    if (std::min(shape.h, shape.w) > 1) CHECK(plan->spec.kind == spec.kind);
  }
}

TEST_CASE("a new input with less room brings the setting down and says so") {
  Model model;
  started(model);
  apply_command(model, command::OpenBuiltin{"scene"});
  edit(model, [](Document& d) { d.spec.window = {16, 16}; });
  LoadedInput tiny;
  tiny.tensor = std::make_shared<const Tensor>(Tensor::matrix({{1, 2}, {3, 4}}));
  tiny.name = "tiny.csv";
  finish_opening(model, "tiny.csv", tiny);
  CHECK(model.document.input.name == "tiny.csv");
  CHECK(model.document.spec.window == Size2{2, 2});
  CHECK(model.session.notices.size() == 1);
  apply_command(model, command::Undo{});
  CHECK(model.document.input.builtin == "scene");
  CHECK(model.document.spec.window == Size2{16, 16});
}

TEST_CASE("a file that cannot be read changes nothing and leaves a sentence") {
  Model model;
  started(model);
  const Document before = model.document;
  finish_opening(model, "broken.png", Error("files.broken"));
  CHECK(model.document == before);
  REQUIRE(model.session.notices.size() == 1);
  CHECK(model.session.notices[0].is_error);
  CHECK_FALSE(model.history.can_undo());
}

TEST_CASE("an edited cell wins its window, and undo takes it back") {
  Model model;
  started(model);
  apply_command(model, command::SetCell{0, 0, 9.5f});
  CHECK(model.record().result == 9.5f);
  CHECK(model.document.input.edited);
  CHECK(make_builtin("textbook")->at(0, 0, 0, 0) == 1);
  apply_command(model, command::Undo{});
  CHECK(model.record().result == 2);
  CHECK_FALSE(model.document.input.edited);
}

TEST_CASE("the same stochastic step shows the same draw, forwards and back") {
  Model model;
  started(model);
  edit(model, [](Document& d) { d.spec.kind = Kind::stochastic; });
  std::vector<float> forwards, back;
  for (int64_t step = 0; step < 4; ++step) {
    apply_command(model, command::Seek{step});
    forwards.push_back(model.record().result);
  }
  for (int64_t step = 3; step >= 0; --step) {
    apply_command(model, command::Seek{step});
    back.insert(back.begin(), model.record().result);
  }
  CHECK(forwards == back);
}

TEST_CASE("large inputs are pooled in the background, and the newest question wins") {
  Model model;
  started(model);
  LoadedInput large;
  large.tensor = std::make_shared<const Tensor>(Shape{1, 3, 700, 900}, 1.5f);
  large.is_picture = true;
  finish_opening(model, "large.png", large);
  for (int64_t side = 2; side <= 9; ++side) {
    Document document = model.document;
    document.spec.window = {side, side};
    apply_command(model, command::Edit{document, 3});
  }
  model.job.wait();
  REQUIRE(model.job.latest());
  CHECK(model.job.latest()->request.spec.window == Size2{9, 9});
  CHECK(model.job.latest()->output->at(0, 2, 3, 3) == 1.5f);
  CHECK_FALSE(model.job.busy());
}

TEST_CASE("actions have unique names, and no shortcut does two things at once") {
  std::set<std::string> ids;
  for (const Action& action : all_actions())
    CHECK(ids.insert(std::string(action.id)).second);
  CHECK(find_action("play") != nullptr);
  CHECK(find_action("no such action") == nullptr);
  const auto lesson = parse_lesson("id = \"x\"\ntitle = \"x\"\n[[step]]\ntext = \"y\"\n", "x.lesson.toml");
  REQUIRE(lesson.ok());
  for (const bool presenting : {false, true})
    for (const bool in_lesson : {false, true})
      for (const char* lab : {"window", "shift", "network", "evidence"}) {
        CAPTURE(lab);
        Model model;
        model.session.lab = lab;
        if (presenting) apply_command(model, command::TogglePresenting{});
        if (in_lesson) apply_command(model, command::StartLesson{std::make_shared<const Lesson>(*lesson), 0});
        std::set<std::string> shortcuts;
        for (const Action& action : all_actions())
          if (action.enabled(model))
            CHECK_MESSAGE(shortcuts.insert(std::string(action.shortcut)).second, action.id);
      }
}

TEST_CASE("a run knows the ends of its input's and its gradient's values, infinities and NaN apart") {
  Tensor values(Shape{1, 2, 5, 4});
  for (int64_t i = 0; i < values.count(); ++i)
    values.data()[i] = static_cast<float>((i * 7) % 23) - 9;
  values.data()[3] = std::numeric_limits<float>::infinity();
  values.data()[11] = std::numeric_limits<float>::quiet_NaN();
  float low = 1e9f, high = -1e9f;
  for (const float value : values.values()) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  CHECK(finite_ends(values) == std::pair{low, high});
  CHECK(finite_ends(Tensor(Shape{1, 1, 0, 0})) == std::pair{0.0f, 0.0f});
  CHECK(finite_ends(Tensor(Shape{1, 1, 1, 1}, std::numeric_limits<float>::infinity())) ==
        std::pair{0.0f, 0.0f});
  Model model;
  Document document = model.document;
  document.input.tensor = std::make_shared<const Tensor>(values);
  document.direction = Direction::backward;
  document.spec.kind = Kind::average;
  apply_command(model, command::Edit{document, 0});
  model.finish_work();
  REQUIRE(model.pooled());
  CHECK(model.pooled()->input_low == low);
  CHECK(model.pooled()->input_high == high);
  CHECK(model.pooled()->largest_gradient == 0.25f);
}
