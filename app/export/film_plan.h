#pragma once

#include <cstdint>

#include "app/model/export_setup.h"

namespace poolscope {

/// Which moments of the clock a film shows. A function of its arguments alone, so that a film is the same
/// every time.
struct FilmPlan {
  int64_t from = 0, to = 0;  ///< windows, both shown
  int64_t frames = 1;
  double fps = 20;

  /// Playback::position of picture `frame`: the first one is already on its way, the last one rests on the
  /// last window.
  double position(int64_t frame) const;
  /// How long it stands. The last one stands longer, for the eye to rest before a film begins again.
  int milliseconds(int64_t frame) const;
  double seconds() const;
};

/// `steps` windows that there are, `row` of them in an output row. A still is the film's last picture.
/// Windows past the end are brought back to it.
FilmPlan plan_film(const FilmSetup& setup, int64_t steps, int64_t row);

}  // namespace poolscope
