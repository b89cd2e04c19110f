#include "core/base/thread_pool.h"

#include <algorithm>

#if defined(POOLSCOPE_THREADS)
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>
#endif

namespace poolscope {

#if defined(POOLSCOPE_THREADS)

namespace {

/// Far more than memory can feed.
constexpr int kMostThreads = 64;

class ThreadPool {
 public:
  ~ThreadPool() {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_)
      thread.join();
  }

  /// False where the pool is busy with somebody else's work.
  bool run(int64_t count, int threads, void (*work)(void*, int64_t, int64_t), void* context) {
    const std::unique_lock turn(turn_, std::try_to_lock);
    if (!turn) return false;
    const int helpers = grow(threads - 1);
    if (helpers == 0) return false;
    {
      const std::lock_guard lock(mutex_);
      work_ = work;
      context_ = context;
      count_ = count;
      pieces_ = helpers + 1;
      running_ = helpers;
      invited_ = helpers;
      ++round_;
    }
    wake_.notify_all();
    piece(0);
    std::unique_lock lock(mutex_);
    done_.wait(lock, [&] { return running_ == 0; });
    return true;
  }

 private:
  /// Makes sure of up to `wanted` helpers; how many there are of them.
  int grow(int wanted) {
    wanted = std::min(wanted, kMostThreads - 1);
    while (static_cast<int>(threads_.size()) < wanted) {
      try {
        const int number = static_cast<int>(threads_.size()) + 1;
        threads_.emplace_back([this, number, round = round_] { help(number, round); });
      } catch (const std::system_error&) {
        break;  // the system allows no more threads: fewer do the same work
      }
    }
    return std::min(wanted, static_cast<int>(threads_.size()));
  }

  void help(int number, uint64_t seen) {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [&] { return ending_ || (round_ != seen && number <= invited_); });
      if (ending_) return;
      seen = round_;
      lock.unlock();
      piece(number);
      lock.lock();
      if (--running_ == 0) done_.notify_one();
    }
  }

  void piece(int number) {
    const int64_t begin = count_ * number / pieces_, end = count_ * (number + 1) / pieces_;
    if (begin < end) work_(context_, begin, end);
  }

  std::mutex turn_;  ///< held by the caller whose work is running
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  std::vector<std::thread> threads_;
  void (*work_)(void*, int64_t, int64_t) = nullptr;
  void* context_ = nullptr;
  int64_t count_ = 0;
  int pieces_ = 1, running_ = 0, invited_ = 0;
  uint64_t round_ = 0;
  bool ending_ = false;
};

}  // namespace

int hardware_threads() {
  static const int count = std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, kMostThreads);
  return count;
}

void run_in_pieces(int64_t count, int threads, void (*work)(void*, int64_t, int64_t), void* context) {
  if (threads > 1 && count > 1) {
    static ThreadPool pool;
    if (pool.run(count, static_cast<int>(std::min<int64_t>(threads, count)), work, context)) return;
  }
  if (count > 0) work(context, 0, count);
}

#else

int hardware_threads() {
  return 1;
}

void run_in_pieces(int64_t count, int, void (*work)(void*, int64_t, int64_t), void* context) {
  if (count > 0) work(context, 0, count);
}

#endif

}  // namespace poolscope
