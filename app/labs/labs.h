#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/labs/lab_context.h"

namespace poolscope {

/// One lab of the frame. Adding one: a file that draws it, a row in labs.cpp, the text "lab.<name>".
struct LabInfo {
  std::string_view name;                          ///< command line and text key: "window"
  void (*draw_stage)(LabContext&, ui::Rect);      ///< the middle; clears the hover and fills the rectangle
  void (*draw_controls)(LabContext&);             ///< the left panel
  void (*draw_explanation)(LabContext&);          ///< the right panel; nullptr: the stage takes its room
  void (*draw_transport)(LabContext&, ui::Rect);  ///< the bar at the bottom
};

std::span<const LabInfo> all_labs();
/// The lab of that name, or the first one.
const LabInfo& lab_named(std::string_view name);
std::vector<std::string> lab_names();

}  // namespace poolscope
