#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "app/platform/decode_job.h"

namespace poolscope {

/// Decodes `file` with stb_image, which gets its memory from `arena` and nothing else (zeroed pages). Writes
/// width x height pixels of 1 or 3 channels to `pixels`. Makes no system call.
DecodeVerdict decode_with_stb(std::span<const uint8_t> file, const DecodeJob& job, std::span<uint8_t> arena,
                              std::span<uint8_t> pixels);

}  // namespace poolscope
