#pragma once

#include <string>

namespace poolscope {

/// A bar that moves, on standard error, where that is a terminal; nothing elsewhere.
class ProgressBar {
 public:
  ProgressBar();
  ~ProgressBar() { clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// "[######....] words"; `share` from 0 to 1. Written only where it has changed.
  void show(double share, const std::string& words);
  /// A line that stays, above the bar; also where there is no terminal.
  void say(const std::string& line);
  void clear();

 private:
  bool terminal_;
  std::string shown_;
};

}  // namespace poolscope
