#include "app/cli/progress_bar.h"

#include <unistd.h>

#include <cstdio>

namespace poolscope {

namespace {
// Back to the start of the line, and empty it.
constexpr char kAgain[] = "\r\033[K";
}  // namespace

ProgressBar::ProgressBar() : terminal_(isatty(STDERR_FILENO)) {}

void ProgressBar::show(double share, const std::string& words) {
  if (!terminal_) return;
  constexpr int kWidth = 30;
  std::string line = "[";
  for (int i = 0; i < kWidth; ++i)
    line += i < static_cast<int>(share * kWidth) ? '#' : '.';
  line += "] " + words;
  if (line == shown_) return;
  shown_ = line;
  std::fprintf(stderr, "%s%s", kAgain, line.c_str());
  std::fflush(stderr);
}

void ProgressBar::say(const std::string& line) {
  std::fprintf(stderr, "%s%s\n", terminal_ ? kAgain : "", line.c_str());
  std::fflush(stderr);
  shown_.clear();
}

void ProgressBar::clear() {
  if (shown_.empty()) return;
  shown_.clear();
  std::fprintf(stderr, "%s", kAgain);
  std::fflush(stderr);
}

}  // namespace poolscope
