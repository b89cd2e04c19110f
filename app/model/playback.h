#pragma once

#include <cstdint>

namespace poolscope {

/// What one beat of the clock moves on by: a window, a row of them, or all of them in a fixed time.
enum class PlayUnit { window, row, sweep };

/// The clock of the animation as a value. `position` counts finished windows: 2.4 means that windows 0 and 1
/// are done and the third is 40 % on its way. A stopped clock rests on whole numbers, where a window has just
/// been finished and its winner is lit.
struct Playback {
  double position = 1;
  double goal = 1;  ///< a step that was asked for glides there; equal to position otherwise
  bool playing = false;
  double speed = 1;  ///< kSlowest to kFastest
  PlayUnit unit = PlayUnit::window;
  bool loop = false;
  bool operator==(const Playback&) const = default;

  /// The window that is being shown, 0-based, and how far it is on its way: in [0, 1], 1 when done.
  int64_t step() const;
  double phase() const;
  bool moving() const { return playing || position != goal; }
};

inline constexpr double kSlowest = 0.1, kFastest = 1000;

/// Moves the clock on by dt. `steps` is the number of windows, `row` how many of them make one output row.
void advance(Playback& playback, double dt_seconds, int64_t steps, int64_t row, bool reduced_motion);
/// Windows per second at the present speed and unit.
double windows_per_second(const Playback& playback, int64_t steps, int64_t row);
void play(Playback& playback, int64_t steps);
void pause(Playback& playback);
/// Shows window `step` (clamped), at once or, where it is a neighbour, gliding there.
void seek(Playback& playback, int64_t step, int64_t steps, bool glide);
/// Moves by whole beats (windows or rows), forwards or back.
void step_by(Playback& playback, int64_t beats, int64_t steps, int64_t row, bool glide);

}  // namespace poolscope
