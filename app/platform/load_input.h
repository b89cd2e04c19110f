#pragma once

#include <atomic>
#include <filesystem>

#include "core/base/result.h"
#include "core/data/input_file.h"

namespace poolscope {

struct LoadOptions {
  /// > 0: pictures are made small, with means over boxes, so that no side is longer: for previews. Matrices
  /// keep their size.
  int64_t max_side = 0;
  /// Loading stops soon after this turns true and answers with "files.cancelled".
  const std::atomic<bool>* cancelled = nullptr;
  /// The program that is started with --decode-worker; empty: this one.
  std::filesystem::path worker = {};
};

/// Reads a picture (PNG, JPEG, BMP, GIF, TGA, PSD, PNM) or a matrix (.npy, .csv), recognised by content.
/// Blocks until done: a window calls it from a thread of its own. Any file is safe to give: only regular
/// files of at most kMaxFileBytes are read, and stb_image runs in a process of its own with limits on memory
/// and time. Errors ("files.*") are one sentence that names the file.
Result<LoadedInput> load_input(const std::filesystem::path& path, const LoadOptions& options = {});

}  // namespace poolscope
