#include "app/ui/probe.h"

#include <cstdio>

namespace poolscope::ui {

const ProbeItem* Probe::find(std::string_view key) const {
  for (auto item = items_.rbegin(); item != items_.rend(); ++item) {
    if (item->key == key) return &*item;
  }
  return nullptr;
}

std::string Probe::dump() const {
  std::string out;
  char place[96];
  for (const ProbeItem& item : items_) {
    std::snprintf(place, sizeof place, " [%.0f,%.0f %.0fx%.0f]", item.min.x, item.min.y,
                  item.max.x - item.min.x, item.max.y - item.min.y);
    out += item.key + " (" + item.kind + ") \"" + item.value + "\"" + place;
    out += item.enabled ? "" : " disabled";
    out += item.focused ? " focused" : "";
    out += item.selected ? " selected" : "";
    out += '\n';
  }
  return out;
}

}  // namespace poolscope::ui
