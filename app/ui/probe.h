#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <imgui.h>

namespace poolscope::ui {

/// What one widget was in one frame, for tests and for `poolscope shot --probe`: found by key, clicked at its
/// centre.
struct ProbeItem {
  std::string key;
  std::string kind;   // "button", "slider", "chip", "cell" ...
  std::string value;  // what it shows: label, "2 x 2", "on"
  ImVec2 min, max;    // on screen, clipped to what can be seen
  bool enabled = true;
  bool focused = false;
  bool selected = false;
  ImVec2 center() const { return {(min.x + max.x) / 2, (min.y + max.y) / 2}; }
  bool visible() const { return max.x > min.x && max.y > min.y; }
};

/// Records the widgets of the frame. A Ui without a probe records nothing and pays one branch.
class Probe {
 public:
  void begin_frame() { items_.clear(); }
  void add(ProbeItem item) { items_.push_back(std::move(item)); }
  const std::vector<ProbeItem>& items() const { return items_; }
  /// The last item drawn with this key (dialogs are drawn last), or null.
  const ProbeItem* find(std::string_view key) const;
  /// One line per item: key, kind, value, rectangle. For reading a failed test.
  std::string dump() const;

 private:
  std::vector<ProbeItem> items_;
};

}  // namespace poolscope::ui
