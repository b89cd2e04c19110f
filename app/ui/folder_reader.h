#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/ui/file_browser.h"

namespace poolscope::ui {

struct FolderEntry {
  std::string name;  // as UTF-8; broken bytes of old file names are replaced when drawn
  bool is_folder = false;
};

struct FolderListing {
  std::filesystem::path folder;
  bool is_folder = true;  // false: a file, or nothing at all
  bool readable = true;
  /// Folders first, then files whose ending is wanted; both as people count (2 before 10), letters of both
  /// cases together. Hidden ones are left out.
  std::vector<FolderEntry> entries;
  int other_files = 0;  // that are there but have another ending
};

/// Reads a folder now. Never throws.
FolderListing list_folder(const std::filesystem::path& folder, const std::vector<std::string>& extensions);

/// a2 before a10, b after A.
bool comes_before(std::string_view a, std::string_view b);
/// True when the name ends in one of these (lower case, without the dot), whatever its own case.
bool has_extension(std::string_view name, const std::vector<std::string>& extensions);

/// Lists folders and makes previews, each in a thread of its own, so that neither a slow disk nor a slow
/// picture stops a frame. Going away does not wait for a disk that hangs: the threads then end on their own.
class FolderReader {
 public:
  FolderReader(std::vector<std::string> extensions,
               std::function<Preview(const std::filesystem::path&)> load_preview, std::function<void()> wake);
  ~FolderReader();
  FolderReader(const FolderReader&) = delete;
  FolderReader& operator=(const FolderReader&) = delete;

  /// Begins to list a folder; an older request that is not done is dropped.
  void list(const std::filesystem::path& folder);
  bool listing() const;
  /// The finished listing of the last request, once.
  std::optional<FolderListing> take_listing();

  /// The previews that are wanted now, most wanted first; what was asked before and not begun is dropped.
  void want_previews(std::vector<std::filesystem::path> files);
  struct Made {
    std::filesystem::path file;
    Preview preview;
  };
  std::vector<Made> take_previews();

  struct Shared;

 private:
  std::shared_ptr<Shared> shared_;
};

}  // namespace poolscope::ui
