#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <type_traits>
#include <vector>

namespace poolscope {

/// A few threads that share many short pieces of work: training hands out two per batch, some hundred
/// microseconds each, which is too short to sleep between them. Waits by spinning briefly, then by yielding,
/// then asleep, so that a busy or idle machine is left in peace. The caller is thread 0.
class Crew {
 public:
  explicit Crew(int threads);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  int threads() const { return static_cast<int>(helpers_.size()) + 1; }

  /// Calls work(item, thread) for every item in [0, count), each once, on any thread; returns when all are
  /// done. `work` must not throw, and its results must not depend on the thread.
  template <class Work>
  void run(int64_t count, Work&& work) {
    run_any(
        count,
        [](void* context, int64_t item, int thread) {
          (*static_cast<std::remove_reference_t<Work>*>(context))(item, thread);
        },
        const_cast<void*>(static_cast<const void*>(&work)));
  }

 private:
  using Function = void (*)(void* context, int64_t item, int thread);
  void run_any(int64_t count, Function function, void* context);
  void help(int thread);
  void take_items(int thread);

  Function function_ = nullptr;
  void* context_ = nullptr;
  int64_t count_ = 0;
  bool ending_ = false;
  std::atomic<int64_t> next_{0};
  std::atomic<uint32_t> round_{0};
  std::atomic<int> busy_{0};
  std::vector<std::thread> helpers_;
};

/// What `wanted` threads (0: as many as there are processors) come to here.
int crew_size(int64_t wanted);

}  // namespace poolscope
