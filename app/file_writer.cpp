#include "app/file_writer.h"

#include <utility>

#include "app/model/atomic_file.h"

namespace poolscope {

FileWriter::FileWriter(void (*wake)()) : wake_(wake), thread_([this] { run(); }) {}

FileWriter::~FileWriter() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void FileWriter::write(Task task) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(task));
  }
  changed_.notify_all();
}

bool FileWriter::busy() const {
  const std::lock_guard lock(mutex_);
  return writing_ || !waiting_.empty() || !outcomes_.empty();
}

void FileWriter::poll() {
  std::vector<Outcome> outcomes;
  {
    const std::lock_guard lock(mutex_);
    outcomes = std::exchange(outcomes_, {});
  }
  for (const Outcome& outcome : outcomes)
    if (outcome.done) outcome.done(outcome.status);
}

void FileWriter::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    Task task = std::move(waiting_.front());
    waiting_.pop_front();
    writing_ = true;
    lock.unlock();
    const Result<std::string> bytes = task.make();
    Status status = bytes.ok() ? write_whole(task.file, *bytes) : Status(bytes.error());
    lock.lock();
    writing_ = false;
    outcomes_.push_back({std::move(task.done), std::move(status)});
    if (wake_ != nullptr && !ending_) wake_();
  }
}

}  // namespace poolscope
