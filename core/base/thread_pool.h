#pragma once

#include <cstdint>
#include <type_traits>

namespace poolscope {

/// How many threads can work at once here: the processor's, or 1 where the engine is built without threads.
int hardware_threads();

/// Calls work(context, begin, end) with pieces that together make [0, count), on up to `threads` threads, the
/// calling one among them, and returns when all are done. The other threads are made once, when first needed,
/// and sleep between calls. Where another call is already using them, this one works alone. `work` must not
/// throw, and its result must not depend on how [0, count) is cut.
void run_in_pieces(int64_t count, int threads, void (*work)(void* context, int64_t begin, int64_t end),
                   void* context);

/// The same for any callable work(begin, end).
template <class Work>
void run_in_pieces(int64_t count, int threads, Work&& work) {
  run_in_pieces(
      count, threads,
      [](void* context, int64_t begin, int64_t end) {
        (*static_cast<std::remove_reference_t<Work>*>(context))(begin, end);
      },
      const_cast<void*>(static_cast<const void*>(&work)));
}

}  // namespace poolscope
