#include "app/file_opener.h"

#include <utility>

#include "app/labs/labs.h"
#include "app/model/study_file.h"
#include "app/platform/load_input.h"

namespace poolscope {

FileOpener::Answer FileOpener::read(const std::filesystem::path& path, const std::atomic<bool>* cancelled) {
  LoadOptions options;
  options.cancelled = cancelled;
  if (!is_study_name(path)) return {path, load_input(path, options)};
  StudyReading reading;
  reading.labs = lab_names();
  reading.load = [options](const std::filesystem::path& file) { return load_input(file, options); };
  Answer answer{path, Error()};
  answer.study = read_study(path, reading);
  return answer;
}

FileOpener::~FileOpener() {
  cancel();
  for (std::thread& thread : threads_)
    thread.join();
}

void FileOpener::open(const std::filesystem::path& path, bool restoring) {
  cancel();
  auto task = std::make_shared<Task>();
  task->path = path;
  task->restoring = restoring;
  current_ = task;
  threads_.emplace_back([task, wake = wake_] {
    task->answer = read(task->path, &task->cancelled);
    task->answer->restoring = task->restoring;
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
  return std::move(task->answer);
}

}  // namespace poolscope
