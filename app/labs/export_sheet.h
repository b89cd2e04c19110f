#pragma once

#include <optional>

#include "app/labs/lab_context.h"

namespace poolscope {

/// The tab of the export dialog for practice sheets: seed, how to pool, with or without answers.
void draw_export_sheet(LabContext& context);
/// What the tab asks for; nothing where it cannot be made. The path is left to the dialog.
std::optional<PracticeRequest> practice_request(const LabContext& context);

}  // namespace poolscope
