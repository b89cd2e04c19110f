#include "app/gl/pyramid_worker.h"

#include <utility>

namespace poolscope::gl {

PyramidWorker::~PyramidWorker() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
    present_.cancelled = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

PyramidWorker::Order PyramidWorker::make(const TensorPtr& tensor, int64_t n) {
  auto work = std::make_shared<Work>();
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back({tensor, n, work});
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  }
  wake_.notify_all();
  return work;
}

PyramidWorker::Order PyramidWorker::make_now(const Tensor& tensor, int64_t n) {
  auto work = std::make_shared<Work>();
  work->pyramid = make_pyramid(tensor, n);
  work->done = true;
  return work;
}

void PyramidWorker::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return ends_ || !tasks_.empty(); });
    if (ends_) return;
    const Task task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    // The renderer's own order and this are not enough to keep a picture that nobody shows.
    if (const TensorPtr tensor = task.tensor.lock()) {
      task.work->pyramid = make_pyramid(*tensor, task.n, &present_);
      task.work->done = !present_.cancelled;
    }
    lock.lock();
  }
}

}  // namespace poolscope::gl
