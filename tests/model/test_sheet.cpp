#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "app/model/sheet.h"
#include "core/pooling/kinds.h"
#include "core/pooling/pool.h"
#include "core/pooling/trace.h"

using namespace poolscope;

namespace {

SheetRequest request_for(uint64_t seed, std::optional<Kind> kind = std::nullopt) {
  SheetRequest request;
  request.seed = seed;
  request.kind = kind;
  return request;
}

}  // namespace

TEST_CASE("a class with the same seed gets the same sheet, another seed another one") {
  const std::vector<SheetExercise> first = std::move(*make_sheet(request_for(7)));
  const std::vector<SheetExercise> again = std::move(*make_sheet(request_for(7)));
  const std::vector<SheetExercise> other = std::move(*make_sheet(request_for(8)));
  REQUIRE(first.size() == 6);
  bool differs = false;
  for (size_t i = 0; i < first.size(); ++i) {
    CHECK(first[i].plan == again[i].plan);
    CHECK(first[i].input.same_bits(again[i].input));
    CHECK(first[i].output.same_bits(again[i].output));
    differs |= !(first[i].plan.in == other[i].plan.in) || !first[i].input.same_bits(other[i].input);
  }
  CHECK(differs);
}

TEST_CASE("answers are those of a plain loop over the window") {
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    const auto sheet = make_sheet(request_for(seed));
    REQUIRE(sheet.ok());
    for (const SheetExercise& exercise : *sheet) {
      const PoolSpec& spec = exercise.plan.spec;
      CHECK(exercise.plan.in.h <= 6);
      for (int64_t y = 0; y < exercise.plan.out.h; ++y) {
        for (int64_t x = 0; x < exercise.plan.out.w; ++x) {
          float largest = -1, smallest = 10, sum = 0;
          for (int64_t i = 0; i < spec.window.h; ++i) {
            for (int64_t j = 0; j < spec.window.w; ++j) {
              const float value = exercise.input.at(0, 0, y * spec.stride.h + i, x * spec.stride.w + j);
              CHECK((value >= 0 && value <= 9 && value == std::floor(value)));
              largest = std::max(largest, value);
              smallest = std::min(smallest, value);
              sum += value;
            }
          }
          const float mean = sum / static_cast<float>(spec.window.h * spec.window.w);
          const float expected = spec.kind == Kind::max ? largest : spec.kind == Kind::min ? smallest : mean;
          CHECK(exercise.output.at(0, 0, y, x) == doctest::Approx(expected));
        }
      }
    }
  }
}

TEST_CASE("every kind has a sheet; draws can be done by hand with the numbers on it") {
  for (const KindInfo& info : all_kinds()) {
    CAPTURE(std::string(info.name));
    for (uint64_t seed = 1; seed <= 12; ++seed) {
      const auto sheet = make_sheet(request_for(seed, info.kind));
      REQUIRE(sheet.ok());
      for (const SheetExercise& exercise : *sheet) {
        CHECK(exercise.plan.spec.kind == info.kind);
        const bool drawn = info.kind == Kind::stochastic;
        REQUIRE(exercise.draws.size() == (drawn ? static_cast<size_t>(exercise.output.count()) : 0));
        for (size_t i = 0; i < exercise.draws.size(); ++i) {
          const StepRecord step = step_at(exercise.plan, exercise.input, 0, 0, static_cast<int64_t>(i));
          if (step.total == 0) continue;
          double passed = 0;
          float picked = 0;
          for (const Tap& tap : step.taps) {
            if (passed > exercise.draws[i]) break;
            passed += tap.weight;
            picked = tap.value;
          }
          CHECK(picked == exercise.output.data()[i]);
        }
      }
    }
  }
}

TEST_CASE("a pooling of one's own is used where it fits, and refused where it fits nowhere") {
  SheetRequest request = request_for(3);
  request.spec = PoolSpec{};
  request.spec->window = request.spec->stride = {5, 5};
  const auto sheet = make_sheet(request);
  REQUIRE(sheet.ok());
  for (const SheetExercise& exercise : *sheet)
    CHECK(exercise.plan.spec.window == Size2{5, 5});
  request.spec->window = {9, 9};
  CHECK_FALSE(make_sheet(request).ok());
}
