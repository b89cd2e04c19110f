#include "app/ui/utf8.h"

namespace poolscope::ui {

unsigned next_code_point(std::string_view text, size_t& at) {
  constexpr unsigned kBroken = 0xfffd;
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(at++);
  if (first < 0x80) return first;
  const int more = first >= 0xf0 && first < 0xf8 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : 0;
  if (more == 0 || first >= 0xf8) return kBroken;
  unsigned point = first & (0x3fu >> more);
  if (at + static_cast<size_t>(more) > text.size()) return kBroken;
  for (int i = 0; i < more; ++i) {
    const unsigned next = byte(at + static_cast<size_t>(i));
    if ((next & 0xc0) != 0x80) return kBroken;
    point = point << 6 | (next & 0x3f);
  }
  at += static_cast<size_t>(more);
  return point;
}

}  // namespace poolscope::ui
