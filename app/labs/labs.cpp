#include "app/labs/labs.h"

#include "app/labs/channels_lab.h"
#include "app/labs/compare_lab.h"
#include "app/labs/evidence_lab.h"
#include "app/labs/frame.h"
#include "app/labs/network_lab.h"
#include "app/labs/shift_lab.h"

namespace poolscope {

namespace {

// In the order of the top bar.
constexpr LabInfo kLabs[] = {
    {"window", draw_window_lab, draw_controls, draw_explanation, draw_transport},
    {"compare", draw_compare_lab, draw_controls, nullptr, draw_transport},
    {"channels", draw_channels_lab, draw_controls, draw_channels_explanation, draw_transport},
    {"shift", draw_shift_lab, draw_controls, draw_shift_panel, draw_transport},
    {"evidence", draw_evidence_lab, draw_evidence_claims, draw_evidence_settings, draw_evidence_transport},
    {"network", draw_network_lab, draw_network_controls, draw_network_panel, draw_network_transport},
};

}  // namespace

std::span<const LabInfo> all_labs() {
  return kLabs;
}

const LabInfo& lab_named(std::string_view name) {
  for (const LabInfo& lab : kLabs)
    if (lab.name == name) return lab;
  return kLabs[0];
}

std::vector<std::string> lab_names() {
  std::vector<std::string> names;
  for (const LabInfo& lab : kLabs)
    names.emplace_back(lab.name);
  return names;
}

}  // namespace poolscope
