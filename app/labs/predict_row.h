#pragma once

#include "app/labs/lab_context.h"

namespace poolscope {

/// The last line of the step's card while predicting; 0 high otherwise.
float predict_row_height(const LabContext& context, float width);
void draw_predict_row(LabContext& context);

}  // namespace poolscope
