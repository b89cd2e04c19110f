#include "app/model/playback.h"

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

constexpr double kSecondsPerBeat = 1.4;    // at speed 1: slow enough to read max(1, 0, 2, 3) = 3
constexpr double kSecondsPerGlide = 0.45;  // a single step, asked for by hand
constexpr double kSecondsPerSweep = 10;

double last(int64_t steps) {
  return static_cast<double>(std::max<int64_t>(steps, 1));
}

void finish_pass(Playback& playback, int64_t steps) {
  if (playback.loop) {
    playback.position = std::fmod(playback.position, last(steps));
  } else {
    playback.position = last(steps);
    playback.playing = false;
  }
}

}  // namespace

int64_t Playback::step() const {
  return std::max<int64_t>(0, static_cast<int64_t>(std::ceil(position)) - 1);
}

double Playback::phase() const {
  return std::clamp(position - static_cast<double>(step()), 0.0, 1.0);
}

double windows_per_second(const Playback& playback, int64_t steps, int64_t row) {
  switch (playback.unit) {
    case PlayUnit::window:
      return playback.speed / kSecondsPerBeat;
    case PlayUnit::row:
      return playback.speed * static_cast<double>(row) / kSecondsPerBeat;
    case PlayUnit::sweep:
      return playback.speed * last(steps) / kSecondsPerSweep;
  }
  return 0;
}

void advance(Playback& playback, double dt_seconds, int64_t steps, int64_t row, bool reduced_motion) {
  playback.position = std::clamp(playback.position, 0.0, last(steps));
  playback.goal = std::clamp(playback.goal, 0.0, last(steps));
  if (playback.playing) {
    playback.position += dt_seconds * windows_per_second(playback, steps, row);
    if (playback.position >= last(steps)) finish_pass(playback, steps);
    playback.goal = playback.position;
    return;
  }
  const double way = playback.goal - playback.position;
  const double most = reduced_motion ? std::fabs(way) : dt_seconds / kSecondsPerGlide;
  playback.position = std::fabs(way) <= most ? playback.goal : playback.position + std::copysign(most, way);
}

void play(Playback& playback, int64_t steps) {
  if (playback.position >= last(steps)) playback.position = 0;
  playback.goal = playback.position;
  playback.playing = true;
}

void pause(Playback& playback) {
  playback.playing = false;
  // Rest where a window is done, so that what is lit is complete.
  playback.goal = std::max(1.0, std::ceil(playback.position));
}

void seek(Playback& playback, int64_t step, int64_t steps, bool glide) {
  playback.goal = static_cast<double>(std::clamp<int64_t>(step, 0, std::max<int64_t>(steps, 1) - 1) + 1);
  if (!glide || std::fabs(playback.goal - playback.position) > 1.5) playback.position = playback.goal;
}

void step_by(Playback& playback, int64_t beats, int64_t steps, int64_t row, bool glide) {
  const int64_t size = playback.unit == PlayUnit::row ? std::max<int64_t>(row, 1) : 1;
  // Count from where the eye is going to, so that three quick presses are three steps.
  const auto from = static_cast<int64_t>(std::max(1.0, std::ceil(playback.goal))) - 1;
  playback.playing = false;
  seek(playback, from + beats * size, steps, glide);
}

}  // namespace poolscope
