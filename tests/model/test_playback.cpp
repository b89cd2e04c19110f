#include <doctest/doctest.h>

#include "app/model/playback.h"

using namespace poolscope;

namespace {
constexpr int64_t kSteps = 12, kRow = 4;

void run(Playback& playback, double seconds, bool reduced = false) {
  for (double t = 0; t < seconds; t += 0.01)
    advance(playback, 0.01, kSteps, kRow, reduced);
}
}  // namespace

TEST_CASE("a fresh clock rests on the first window, done") {
  const Playback playback;
  CHECK(playback.step() == 0);
  CHECK(playback.phase() == 1.0);
  CHECK_FALSE(playback.moving());
}

TEST_CASE("playing runs to the last window and rests there") {
  Playback playback;
  playback.speed = 10;
  play(playback, kSteps);
  run(playback, 5);
  CHECK(playback.step() == kSteps - 1);
  CHECK(playback.phase() == 1.0);
  CHECK_FALSE(playback.moving());
  play(playback, kSteps);  // from the end it begins again
  advance(playback, 0.001, kSteps, kRow, false);
  CHECK(playback.step() == 0);
}

TEST_CASE("a loop goes round and keeps playing") {
  Playback playback;
  playback.loop = true;
  playback.speed = 100;
  play(playback, kSteps);
  run(playback, 3);
  CHECK(playback.playing);
  CHECK(playback.step() < kSteps);
}

TEST_CASE("speed and unit change while it plays, without a jump") {
  Playback playback;
  play(playback, kSteps);
  run(playback, 1);
  const double before = playback.position;
  playback.speed = 1000;
  CHECK(playback.position == before);
  playback.unit = PlayUnit::row;
  CHECK(windows_per_second(playback, kSteps, kRow) == doctest::Approx(4 * 1000 / 1.4));
  playback.unit = PlayUnit::sweep;
  playback.speed = 1;
  CHECK(windows_per_second(playback, kSteps, kRow) == doctest::Approx(1.2));
}

TEST_CASE("stepping forward and back returns to the same place") {
  Playback playback;
  for (int i = 0; i < 5; ++i)
    step_by(playback, 1, kSteps, kRow, false);
  CHECK(playback.step() == 5);
  for (int i = 0; i < 5; ++i)
    step_by(playback, -1, kSteps, kRow, false);
  CHECK(playback == Playback{});
  step_by(playback, -1, kSteps, kRow, false);
  CHECK(playback.step() == 0);
  playback.unit = PlayUnit::row;
  step_by(playback, 2, kSteps, kRow, false);
  CHECK(playback.step() == 2 * kRow);
}

TEST_CASE("a step glides there, and three quick ones are three steps") {
  Playback playback;
  step_by(playback, 1, kSteps, kRow, true);
  CHECK(playback.moving());
  step_by(playback, 1, kSteps, kRow, true);
  step_by(playback, 1, kSteps, kRow, true);
  run(playback, 2);
  CHECK(playback.step() == 3);
  CHECK(playback.phase() == 1.0);
}

TEST_CASE("reduced motion jumps where it would glide") {
  Playback playback;
  step_by(playback, 1, kSteps, kRow, true);
  advance(playback, 0.001, kSteps, kRow, true);
  CHECK(playback.step() == 1);
  CHECK_FALSE(playback.moving());
}

TEST_CASE("pausing rests where a window is done") {
  Playback playback;
  play(playback, kSteps);
  run(playback, 2);
  pause(playback);
  run(playback, 1);
  CHECK(playback.phase() == 1.0);
  CHECK_FALSE(playback.moving());
}

TEST_CASE("seeking is clamped to the windows there are") {
  Playback playback;
  seek(playback, 1000, kSteps, false);
  CHECK(playback.step() == kSteps - 1);
  seek(playback, -5, kSteps, false);
  CHECK(playback.step() == 0);
  // Fewer windows after a change of geometry: the clock comes back into range.
  seek(playback, 11, kSteps, false);
  advance(playback, 0.01, 3, 3, false);
  CHECK(playback.step() == 2);
}
