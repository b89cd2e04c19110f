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
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  for (std::thread& helper : helpers_)
    helper.join();
}

void Crew::take_items(int thread) {
  while (true) {
    const int64_t item = next_.fetch_add(1, std::memory_order_relaxed);
    if (item >= count_) return;
    function_(context_, item, thread);
  }
}

void Crew::help(int thread) {
  uint32_t seen = 0;
  while (true) {
    seen = wait_for_change(round_, seen);
    if (ending_) return;
    take_items(thread);
    if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
  }
}

void Crew::run_any(int64_t count, Function function, void* context) {
  function_ = function;
  context_ = context;
  count_ = count;
  next_.store(0, std::memory_order_relaxed);
  if (helpers_.empty() || count <= 1) return take_items(0);
  busy_.store(static_cast<int>(helpers_.size()), std::memory_order_relaxed);
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  take_items(0);
  for (int left = busy_.load(std::memory_order_acquire); left != 0;)
    left = wait_for_change(busy_, left);
}

}  // namespace poolscope
