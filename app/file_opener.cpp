#include "app/file_opener.h"

#include <utility>

#include "app/platform/load_input.h"

namespace poolscope {

FileOpener::~FileOpener() {
  cancel();
  for (std::thread& thread : threads_)
    thread.join();
}

void FileOpener::open(const std::filesystem::path& path) {
  cancel();
  auto task = std::make_shared<Task>();
  task->path = path;
  current_ = task;
  threads_.emplace_back([task, wake = wake_] {
    LoadOptions options;
    options.cancelled = &task->cancelled;
    task->result = load_input(task->path, options);
    task->done = true;
    if (wake != nullptr) wake();
  });
}

void FileOpener::cancel() {
  if (current_) current_->cancelled = true;
  current_.reset();
}

std::optional<FileOpener::Answer> FileOpener::poll() {
  if (!current_ || !current_->done) return std::nullopt;
  const std::shared_ptr<Task> task = std::exchange(current_, nullptr);
  return Answer{task->path, std::move(*task->result)};
}

}  // namespace poolscope
