#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "core/base/result.h"

namespace poolscope {

/// A file to be written: where to, and everything that shall be in it.
struct FileContent {
  std::filesystem::path path;
  std::string_view bytes;
};

/// Writes files whole or not at all: each into a temporary file beside its place, flushed to disk, and only
/// when all of them are there, renamed into place. A crash, a full disk or a kill leaves the old file, or
/// none.
///
/// As an ordinary write would, it follows symbolic links (the link stays), keeps the mode of a file that
/// exists and refuses one that is write-protected. Anything but a regular file (folder, device, pipe) is
/// refused. Errors: "save.failed" {path} {@reason}.
Status write_whole(std::span<const FileContent> files);
Status write_whole(const std::filesystem::path& path, std::string_view bytes);

/// Where a write to `path` ends up: absolute, links followed, also a last link that points to nothing yet.
/// Two paths with the same answer are the same file. Returned unchanged where it cannot be told.
std::filesystem::path write_target(const std::filesystem::path& path);

}  // namespace poolscope
