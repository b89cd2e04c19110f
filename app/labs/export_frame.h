#pragma once

#include <string>

#include "app/labs/lab_context.h"

namespace poolscope {

/// A picture of a film: the lab that is shown, its stage alone or its whole window, above a strip with the
/// caption.
void draw_film_frame(LabContext& context, float width, float height, bool whole_window,
                     const std::string& caption);

}  // namespace poolscope
