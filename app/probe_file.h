#pragma once

#include <filesystem>

#include "app/shell.h"

namespace poolscope {

/// Writes what the frame showed, for tests of the real window: every widget with its place, and the facts of
/// the state. The file named by $POOLSCOPE_PROBE is replaced as a whole after each frame.
void write_probe(const std::filesystem::path& file, int64_t frame, const Shell& shell,
                 const Surface& surface);

}  // namespace poolscope
