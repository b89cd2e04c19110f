#pragma once

#include <span>
#include <string>

#include "app/platform/load_input.h"
#include "core/data/inspect.h"

namespace poolscope {

/// Decodes a picture file that inspect_picture() found in order, in a process of its own. `format` ("PNG")
/// and `name` go into the error sentence.
Result<Tensor> decode_picture(std::span<const uint8_t> file, const PictureInfo& info, std::string_view format,
                              const std::string& name, const LoadOptions& options);

}  // namespace poolscope
