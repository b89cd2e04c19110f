#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/ui/ui.h"

namespace poolscope::ui {

enum class CurveForm {
  line,
  bars,      ///< one group for each x = 0, 1, ...; the curves of a plot stand side by side in it
  histogram  ///< x are the middles of bins of equal width
};
struct Curve {
  std::string name = {};
  std::vector<double> x = {}, y = {};       // same length; NaN breaks the line
  std::vector<double> low = {}, high = {};  // optional band around y
  ImU32 color = 0;                          // 0: the theme's series colour by index
  bool dashed = false;
  bool points = false;
  bool whiskers = false;  // low and high as error bars at every point, instead of a band
  bool bare = false;      // points and whiskers without a line
  CurveForm form = CurveForm::line;
};
struct PlotOptions {
  std::string_view title = {}, subtitle = {};
  std::string_view x_label = {}, y_label = {};
  float width = 0, height = 0;                        // 0: all that is left; 220 px times the scale
  double x_min = 0, x_max = 0, y_min = 0, y_max = 0;  // equal: from the data
  bool legend = true;
  double marker_x = NAN;                      // a vertical line
  bool logarithmic_x = false;                 // all x positive
  bool percent_x = false, percent_y = false;  // shares, shown as per cent
  std::span<const std::string> groups = {};   // names of the groups of bars
};
/// Line plot with quiet horizontal grid lines, tick labels, a legend, and the values under the mouse.
void plot(Ui& ui, std::string_view key, std::span<const Curve> curves, const PlotOptions& options = {});

/// Round tick positions that cover [min, max] with about `count` steps (1, 2, 5 times a power of ten).
std::vector<double> nice_ticks(double min, double max, int count);

}  // namespace poolscope::ui
