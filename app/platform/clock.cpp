#include "app/platform/clock.h"

#include <chrono>

namespace poolscope {

double SteadyClock::now_seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace poolscope
