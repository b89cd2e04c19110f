#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "core/base/result.h"

namespace poolscope {

/// Writes files in the background, one after the other, each whole or not at all: a slow disk never stops a
/// frame. What was asked for is written before the program ends.
class FileWriter {
 public:
  struct Task {
    std::filesystem::path file;
    /// Makes the bytes, in the writing thread.
    std::function<Result<std::string>()> make;
    /// Told the outcome in the drawing thread, by poll().
    std::function<void(const Status&)> done;
  };

  explicit FileWriter(void (*wake)() = nullptr);
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  void write(Task task);
  bool busy() const;
  void poll();

 private:
  void run();
  struct Outcome {
    std::function<void(const Status&)> done;
    Status status;
  };
  void (*wake_)();
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> waiting_;
  std::vector<Outcome> outcomes_;
  bool writing_ = false, ending_ = false;
  std::thread thread_;
};

}  // namespace poolscope
