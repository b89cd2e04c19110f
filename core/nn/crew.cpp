#include "core/nn/crew.h"

#include <algorithm>

namespace poolscope {

namespace {

#if defined(POOLSCOPE_THREADS)
constexpr bool kThreads = true;
#else
constexpr bool kThreads = false;
#endif

constexpr int kMostThreads = 64;
constexpr uint64_t kRound = uint64_t{1} << 32, kItems = kRound - 1;
constexpr int kSpins = 2000, kYields = 200;

inline void pause_briefly() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

/// Waits until `value` differs from `old`; returns it.
template <class Value>
Value wait_for_change(std::atomic<Value>& value, Value old) {
  for (int i = 0; i < kSpins; ++i) {
    if (const Value now = value.load(std::memory_order_acquire); now != old) return now;
    pause_briefly();
  }
  if constexpr (kThreads) {
    for (int i = 0; i < kYields; ++i) {
      if (const Value now = value.load(std::memory_order_acquire); now != old) return now;
      std::this_thread::yield();
    }
    value.wait(old, std::memory_order_acquire);
  }
  return value.load(std::memory_order_acquire);
}

}  // namespace

int crew_size(int64_t wanted) {
  if (!kThreads) return 1;
  if (wanted <= 0) wanted = std::max(1u, std::thread::hardware_concurrency());
  return static_cast<int>(std::min<int64_t>(wanted, kMostThreads));
}

Crew::Crew(int threads) {
  for (int thread = 1; thread < crew_size(std::max(1, threads)); ++thread)
    helpers_.emplace_back([this, thread] { help(thread); });
}

Crew::~Crew() {
  ending_ = true;
  state_.fetch_add(kRound, std::memory_order_acq_rel);
  state_.notify_all();
  for (std::thread& helper : helpers_)
    helper.join();
}

/// Does items until there are none left. Returns the state that said so.
uint64_t Crew::take_items(int thread) {
  uint64_t state = state_.load(std::memory_order_acquire);
  while (true) {
    const Function function = function_.load(std::memory_order_relaxed);
    void* context = context_.load(std::memory_order_relaxed);
    const uint32_t count = count_.load(std::memory_order_acquire);
    const auto item = static_cast<uint32_t>(state);
    if (item >= count) return state;
    if (!state_.compare_exchange_weak(state, state + 1, std::memory_order_acq_rel, std::memory_order_acquire))
      continue;
    function(context, item, thread);
    if (done_.fetch_add(1, std::memory_order_acq_rel) + 1 == count) done_.notify_one();
    state = state_.load(std::memory_order_acquire);
  }
}

void Crew::help(int thread) {
  while (!ending_) {
    const uint64_t seen = take_items(thread);
    if (ending_) return;
    wait_for_change(state_, seen);
  }
}

void Crew::run_any(int64_t count, Function function, void* context) {
  if (helpers_.empty() || count <= 1) {
    for (int64_t item = 0; item < count; ++item)
      function(context, item, 0);
    return;
  }
  // All items of the round before are done. Closed, it stays so while the next one is prepared: whoever sees
  // the new count also sees that there is nothing to claim yet.
  const uint64_t closed = state_.load(std::memory_order_relaxed) | kItems;
  state_.store(closed, std::memory_order_release);
  done_.store(0, std::memory_order_relaxed);
  function_.store(function, std::memory_order_relaxed);
  context_.store(context, std::memory_order_relaxed);
  count_.store(static_cast<uint32_t>(count), std::memory_order_release);
  state_.store((closed & ~kItems) + kRound, std::memory_order_release);
  state_.notify_all();
  take_items(0);
  for (uint32_t done = done_.load(std::memory_order_acquire); done != static_cast<uint32_t>(count);)
    done = wait_for_change(done_, done);
}

}  // namespace poolscope
