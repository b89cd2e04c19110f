#include "core/data/display_name.h"

#include <cstdint>

namespace poolscope {

namespace {

struct CodePoint {
  uint32_t value = 0;
  size_t bytes = 0;  ///< 0: not UTF-8
};

/// Decodes one code point as RFC 3629 defines UTF-8: no overlong forms, no surrogates, at most U+10FFFF.
CodePoint decode(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (bytes == 0 || lead > 0xf4 || text.size() < bytes) return {};
  uint32_t value = lead & (0xffu >> (bytes + 1));
  for (size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    value = value << 6 | (byte(i) & 0x3f);
  }
  const uint32_t smallest = bytes == 2 ? 0x80 : bytes == 3 ? 0x800 : 0x10000;
  if (value < smallest || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return {};
  return {value, bytes};
}

/// Whether these last bytes are a character of which the end is missing.
bool is_beginning(std::string_view text) {
  const auto lead = static_cast<uint8_t>(text[0]);
  const size_t wanted = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() >= wanted) return false;
  for (const char c : text.substr(1))
    if ((static_cast<uint8_t>(c) & 0xc0) != 0x80) return false;
  return true;
}

/// Line breaks, controls, and the marks that turn "exe.png" into something else to the eye.
bool is_hidden(uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || c == 0x200b || c == 0x200e || c == 0x200f ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || c >= 0xe0000;
}

std::string hex(uint32_t value, int digits) {
  std::string text;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
    text += "0123456789abcdef"[value >> shift & 15];
  return text;
}

/// What one character is written as; `text` loses that character.
std::string next_shown(std::string_view& text) {
  const CodePoint point = decode(text);
  const std::string_view own = text.substr(0, point.bytes == 0 ? 1 : point.bytes);
  text.remove_prefix(own.size());
  if (point.bytes == 0 || (point.bytes == 1 && is_hidden(point.value)))
    return "\\x" + hex(static_cast<uint8_t>(own[0]), 2);
  if (is_hidden(point.value))
    return point.value > 0xffff ? "\\U" + hex(point.value, 8) : "\\u" + hex(point.value, 4);
  return std::string(own);
}

}  // namespace

std::string displayable(std::string_view bytes, size_t length) {
  std::string shown;
  while (!bytes.empty()) {
    const std::string next = next_shown(bytes);
    if (shown.size() + next.size() > length) return shown + "...";
    shown += next;
  }
  return shown;
}

std::string displayable(std::string_view bytes) {
  return displayable(bytes, std::string::npos);
}

bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const CodePoint point = decode(bytes);
    if (point.bytes == 0) return is_beginning(bytes);
    bytes.remove_prefix(point.bytes);
  }
  return true;
}

std::string display_name(const std::filesystem::path& path) {
  const std::filesystem::path last = path.filename();
  return displayable(last.empty() ? path.native() : last.native());
}

}  // namespace poolscope
