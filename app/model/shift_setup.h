#pragma once

#include <cstdint>
#include <optional>

#include "app/model/playback.h"
#include "core/study/shift.h"

namespace poolscope {

/// What the Shift lab sets. Part of the document.
struct ShiftSetup {
  /// Nothing chosen: reveal for pictures that leave enough room, else around the edge.
  std::optional<ShiftEdges> edges = std::nullopt;
  bool operator==(const ShiftSetup&) const = default;
};

/// Shifts of the lab go from -kShiftRange to kShiftRange.
inline constexpr int64_t kShiftRange = 8, kShiftStops = 2 * kShiftRange + 1;

/// Where playing moves the shift along.
enum class SweepWay { right, down, diagonal };

/// Where the shift is. As the step of the Window lab it is where the eye is, and not undone.
struct ShiftView {
  Offset by{0, 1};
  SweepWay way = SweepWay::right;
  Playback sweep;  ///< its step is the stop of the way, from -kShiftRange on
  ShiftView();
};

/// Moves the shift there (limited to the range) and stops the sweep.
void set_shift(ShiftView& view, Offset by);
void set_sweep_way(ShiftView& view, SweepWay way);
/// The shift that belongs to the stop that the sweep has come to.
void follow_sweep(ShiftView& view);

}  // namespace poolscope
