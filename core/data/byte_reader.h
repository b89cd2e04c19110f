#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace poolscope {

/// Reads bytes of unknown origin without ever leaving them: past the end every value is 0 and failed() stays
/// true, so that a header can be read in one go and checked once.
class ByteReader {
 public:
  explicit ByteReader(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  bool failed() const { return failed_; }
  size_t position() const { return position_; }
  size_t remaining() const { return bytes_.size() - position_; }
  bool at_end() const { return remaining() == 0; }

  uint8_t u8() { return static_cast<uint8_t>(big_endian(1)); }
  uint16_t u16be() { return static_cast<uint16_t>(big_endian(2)); }
  uint32_t u32be() { return big_endian(4); }
  uint16_t u16le() { return static_cast<uint16_t>(little_endian(2)); }
  uint32_t u32le() { return little_endian(4); }

  void skip(size_t count) { take(count); }
  /// The next `count` bytes, or none of them where there are fewer.
  std::span<const uint8_t> take(size_t count) {
    if (count > remaining()) {
      failed_ = true;
      position_ = bytes_.size();
      return {};
    }
    position_ += count;
    return bytes_.subspan(position_ - count, count);
  }
  /// Whether the bytes from here on begin with `text`; reads nothing.
  bool next_is(std::string_view text) const {
    return text.size() <= remaining() &&
           std::memcmp(bytes_.data() + position_, text.data(), text.size()) == 0;
  }

 private:
  uint32_t big_endian(size_t count) {
    uint32_t value = 0;
    for (const uint8_t byte : take(count))
      value = value << 8 | byte;
    return value;
  }
  uint32_t little_endian(size_t count) {
    uint32_t value = 0;
    unsigned shift = 0;
    for (const uint8_t byte : take(count)) {
      value |= uint32_t{byte} << shift;
      shift += 8;
    }
    return value;
  }

  std::span<const uint8_t> bytes_;
  size_t position_ = 0;
  bool failed_ = false;
};

}  // namespace poolscope
