#pragma once

#include <atomic>
#include <cstdint>

namespace poolscope {

/// Shared between a long computation and whoever waits for it. The computation reports `done` out of `total`
/// (any unit) and stops soon after `cancelled` is set, leaving its result incomplete.
struct Progress {
  std::atomic<int64_t> done{0};
  std::atomic<int64_t> total{1};
  std::atomic<bool> cancelled{false};
};

}  // namespace poolscope
