#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "app/model/study_state.h"
#include "core/base/result.h"
#include "core/data/input_file.h"

namespace poolscope {

/// Reads an input in the background, so that a slow disk or a large picture never stops a frame. The newest
/// request wins; an older one is cancelled.
class FileOpener {
 public:
  struct Answer {
    std::filesystem::path path;
    Result<LoadedInput> loaded;
    std::optional<Result<StudyState>> study = {};  ///< instead of `loaded`, where the file is a study
    bool restoring = false;                        ///< as asked for
  };

  /// Reads at once, in this thread.
  static Answer read(const std::filesystem::path& path, const std::atomic<bool>* cancelled = nullptr);

  /// `wake` ends the window's wait for events; called from the reading thread.
  explicit FileOpener(void (*wake)() = nullptr) : wake_(wake) {}
  ~FileOpener();
  FileOpener(const FileOpener&) = delete;
  FileOpener& operator=(const FileOpener&) = delete;

  void open(const std::filesystem::path& path, bool restoring = false);
  /// Forgets what is on its way.
  void cancel();
  bool busy() const { return current_ != nullptr; }
  /// The answer, once, when it is there.
  std::optional<Answer> poll();

 private:
  struct Task {
    std::filesystem::path path;
    bool restoring = false;
    std::atomic<bool> done{false}, cancelled{false};
    std::optional<Answer> answer;
  };
  void (*wake_)();
  std::shared_ptr<Task> current_;
  std::vector<std::thread> threads_;  ///< joined at the end: reading has a time limit of its own
};

}  // namespace poolscope
