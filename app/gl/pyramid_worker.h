#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "core/tensor/pyramid.h"

namespace poolscope::gl {

/// Makes pyramids of pictures in a thread of its own, one after the other.
class PyramidWorker {
 public:
  struct Work {
    std::atomic<bool> done{false};
    Pyramid pyramid;  ///< to be read once it is done
  };
  using Order = std::shared_ptr<const Work>;

  PyramidWorker() = default;
  ~PyramidWorker();
  PyramidWorker(const PyramidWorker&) = delete;
  PyramidWorker& operator=(const PyramidWorker&) = delete;

  /// Of image `n`. Nothing is made of a tensor that everybody else has let go of before its turn.
  Order make(const TensorPtr& tensor, int64_t n);
  /// In the calling thread.
  static Order make_now(const Tensor& tensor, int64_t n);

 private:
  struct Task {
    std::weak_ptr<const Tensor> tensor;
    int64_t n = 0;
    std::shared_ptr<Work> work;
  };
  void run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> tasks_;
  Progress present_;
  bool ends_ = false;
  std::thread thread_;  ///< from the first order on
};

}  // namespace poolscope::gl
