#include "app/export/film_plan.h"

#include <algorithm>
#include <cmath>

#include "app/model/playback.h"

namespace poolscope {

namespace {

constexpr int kRestMs = 1500;

/// As fast as the transport plays at speed 1, but no longer than its sweep over the whole input.
double reading_seconds(int64_t windows, int64_t row) {
  Playback playback;
  const auto seconds = [&](PlayUnit unit) {
    playback.unit = unit;
    return static_cast<double>(windows) / windows_per_second(playback, windows, row);
  };
  return std::min(seconds(PlayUnit::window), seconds(PlayUnit::sweep));
}

}  // namespace

double FilmPlan::position(int64_t frame) const {
  const auto windows = static_cast<double>(to - from + 1);
  const double passed = windows * static_cast<double>(frame + 1) / static_cast<double>(frames);
  // Where windows rush past, every picture shows a finished one.
  return static_cast<double>(from) + (windows > static_cast<double>(frames) ? std::ceil(passed) : passed);
}

int FilmPlan::milliseconds(int64_t frame) const {
  // Of the difference of two rounded times, so that a film is not longer or shorter than its pictures.
  const auto at = [this](int64_t index) { return std::llround(1000 * static_cast<double>(index) / fps); };
  return static_cast<int>(at(frame + 1) - at(frame)) + (frame == frames - 1 ? kRestMs : 0);
}

double FilmPlan::seconds() const {
  return static_cast<double>(frames) / fps;
}

FilmPlan plan_film(const FilmSetup& setup, int64_t steps, int64_t row) {
  FilmPlan plan;
  const int64_t last = std::max<int64_t>(steps, 1) - 1;
  plan.from = std::clamp<int64_t>(setup.from, 0, last);
  plan.to = std::clamp(setup.to.value_or(last), plan.from, last);
  plan.fps = setup.fps;
  if (setup.format == FilmFormat::png_still) {
    plan.from = plan.to;
    return plan;
  }
  const double seconds = setup.seconds.value_or(reading_seconds(plan.to - plan.from + 1, row));
  plan.frames = std::clamp<int64_t>(std::llround(seconds * plan.fps), 1, kMostFrames);
  return plan;
}

}  // namespace poolscope
