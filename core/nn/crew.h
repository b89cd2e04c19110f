#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <type_traits>
#include <vector>

namespace poolscope {

/// A few threads that share many short pieces of work: training hands out two per batch, some hundred
/// microseconds each, which is too short to sleep between them. Waits by spinning briefly, then by yielding,
/// then asleep, so that a busy or idle machine is left in peace. Nobody waits for a thread that has not
/// begun: on a busy machine the caller does all the work itself. The caller is thread 0.
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
  uint64_t take_items(int thread);

  // What the present round is. A thread reads it, then claims an item by exchanging state_: where that works,
  // the round was still on, and what was read belongs to it.
  std::atomic<Function> function_{nullptr};
  std::atomic<void*> context_{nullptr};
  std::atomic<uint32_t> count_{0};
  std::atomic<uint64_t> state_{0};  ///< round in the upper half, next item in the lower
  std::atomic<uint32_t> done_{0};   ///< items of the round
  std::atomic<bool> ending_{false};
  std::vector<std::thread> helpers_;
};

/// What `wanted` threads (0: as many as there are processors) come to here.
int crew_size(int64_t wanted);

}  // namespace poolscope
