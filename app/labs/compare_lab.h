#pragma once

#include <memory>
#include <string>

#include "app/labs/lab_context.h"
#include "app/model/compare_job.h"

namespace poolscope {

// The parts of the Compare lab.
void draw_compare_lab(LabContext& context, ui::Rect stage);
/// The pictures, their differences and measures, in `area`. `run` may be older than the document, or null.
void draw_compare_columns(LabContext& context, ui::Rect area, const std::shared_ptr<const CompareRun>& run);
/// Pooling again and again, and what there is to read, side by side.
void draw_compare_cards(LabContext& context, ui::Rect area, const std::shared_ptr<const CompareRun>& run);

/// One way to measure: its names, its formula, its value as it is shown.
struct CompareMeasure {
  const char* key;                ///< of the probe
  const char* label;              ///< text key
  const char* formula;            ///< text key
  double CompareMetrics::*value;  ///< nullptr: bytes
};
std::span<const CompareMeasure> compare_measures();
std::string measure_text(const CompareMeasure& measure, const CompareMetrics& metrics);

/// "Max", or "Max 3 × 3 / 2" where the column has a geometry of its own.
std::string compare_column_name(const LabContext& context, size_t column);
/// Posts the document with another comparison.
void edit_compare(const LabContext& context, CompareSetup setup);
}  // namespace poolscope
