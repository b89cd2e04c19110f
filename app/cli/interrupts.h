#pragma once

#include <atomic>
#include <csignal>

namespace poolscope {

/// A run that Ctrl-C ended in an orderly way.
inline constexpr int kExitInterrupted = 130;

/// While it lives, Ctrl-C (and an ordinary kill) asks for an orderly end; a second one ends the program.
class Interrupts {
 public:
  Interrupts() {
    asked_ = false;
    struct sigaction action {};
    action.sa_handler = [](int) { asked_ = true; };
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(SIGINT, &action, &old_int_);
    sigaction(SIGTERM, &action, &old_term_);
  }
  ~Interrupts() {
    sigaction(SIGINT, &old_int_, nullptr);
    sigaction(SIGTERM, &old_term_, nullptr);
  }
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  bool asked() const { return asked_; }

 private:
  static inline std::atomic<bool> asked_{false};
  struct sigaction old_int_ {
  }, old_term_{};
};

}  // namespace poolscope
