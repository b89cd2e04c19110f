#include <array>
#include <vector>

#include "core/data/byte_reader.h"
#include "core/data/file_errors.h"
#include "core/data/inspect.h"

namespace poolscope {

namespace {

// The format: GIF89a specification, 1990.
constexpr int kMostCodes = 4096;

/// Counts the pixels that a frame's LZW codes stand for, without writing any.
class LzwCounter {
 public:
  enum class Verdict { kMore, kEnded, kBad, kNoClearCode };

  explicit LzwCounter(int code_bits) : clear_(1 << code_bits), first_size_(code_bits + 1) { reset(); }

  int64_t pixels() const { return pixels_; }

  Verdict feed(uint8_t byte) {
    bits_ |= uint32_t{byte} << bit_count_;
    bit_count_ += 8;
    Verdict verdict = Verdict::kMore;
    while (bit_count_ >= size_ && verdict == Verdict::kMore) {
      const auto code = static_cast<int>(bits_ & ((1u << size_) - 1));
      bits_ >>= size_;
      bit_count_ -= size_;
      verdict = take(code);
    }
    return verdict;
  }

 private:
  void reset() {
    size_ = first_size_;
    next_ = clear_ + 2;
    previous_ = -1;
  }

  int64_t length_of(int code) const { return code < clear_ ? 1 : lengths_[static_cast<size_t>(code)]; }

  Verdict take(int code) {
    if (code == clear_) {
      started_ = true;
      return reset(), Verdict::kMore;
    }
    if (code == clear_ + 1) return Verdict::kEnded;
    if (!started_) return Verdict::kNoClearCode;
    if (previous_ < 0) {
      if (code > clear_) return Verdict::kBad;
      pixels_ += 1;
    } else {
      if (code > next_ || (code == next_ && next_ >= kMostCodes)) return Verdict::kBad;
      const int64_t grown = length_of(previous_) + 1;
      pixels_ += code == next_ ? grown : length_of(code);
      if (next_ < kMostCodes) lengths_[static_cast<size_t>(next_++)] = grown;
      if (next_ == 1 << size_ && size_ < 12) ++size_;
    }
    previous_ = code;
    return Verdict::kMore;
  }

  std::array<int64_t, kMostCodes> lengths_{};
  int clear_, first_size_;
  int size_ = 0, next_ = 0, previous_ = -1;
  bool started_ = false;
  uint32_t bits_ = 0;
  int bit_count_ = 0;
  int64_t pixels_ = 0;
};

class GifInspector {
 public:
  GifInspector(std::span<const uint8_t> bytes, const std::string& name) : reader_(bytes), name_(name) {}

  Result<PictureInfo> inspect() {
    reader_.skip(6);
    info_.width = reader_.u16le();
    info_.height = reader_.u16le();
    const uint8_t flags = reader_.u8();
    reader_.skip(2);
    if (reader_.failed()) return truncated(name_, "GIF");
    if (Status status = check_sides(name_, "GIF", info_.width, info_.height); !status) return status.error();
    has_table_ = (flags & 0x80) != 0;
    if (has_table_) reader_.skip(3 * (size_t{2} << (flags & 7)));
    for (;;) {
      const uint8_t tag = reader_.u8();
      if (reader_.failed()) return truncated(name_, "GIF");
      if (tag == 0x3b) return Error("files.no_pixels").with("file", name_).with("format", "GIF");
      if (tag == 0x2c) break;
      if (tag != 0x21) return damaged(name_, "GIF");
      reader_.skip(1);
      skip_blocks();
    }
    if (Status status = check_frame(); !status) return status.error();
    info_.working_bytes = 10 * info_.width * info_.height + (1 << 20);
    return info_;
  }

 private:
  void skip_blocks() {
    for (uint8_t length = reader_.u8(); length > 0; length = reader_.u8())
      reader_.skip(length);
  }

  Status check_frame() {
    const uint16_t left = reader_.u16le(), top = reader_.u16le();
    const uint16_t width = reader_.u16le(), height = reader_.u16le();
    const uint8_t flags = reader_.u8();
    const bool own_table = (flags & 0x80) != 0;
    if (own_table) reader_.skip(3 * (size_t{2} << (flags & 7)));
    const uint8_t code_bits = reader_.u8();
    if (reader_.failed()) return truncated(name_, "GIF");
    if (width == 0 || height == 0) return Error("files.no_pixels").with("file", name_).with("format", "GIF");
    if (left + width > info_.width || top + height > info_.height)
      return not_offered(name_, "GIF with a frame outside the canvas");
    if (!own_table && !has_table_) return not_offered(name_, "GIF without a colour table");
    if (code_bits < 1 || code_bits > 11) return damaged(name_, "GIF");
    return check_codes(code_bits, int64_t{width} * height);
  }

  Status check_codes(int code_bits, int64_t wanted) {
    using Verdict = LzwCounter::Verdict;
    LzwCounter counter(code_bits);
    Verdict verdict = Verdict::kMore;
    while (verdict == Verdict::kMore && counter.pixels() < wanted) {
      const uint8_t length = reader_.u8();
      for (const uint8_t byte : reader_.take(length)) {
        verdict = counter.feed(byte);
        if (verdict != Verdict::kMore) break;
      }
      if (reader_.failed()) return truncated(name_, "GIF");
      if (length == 0) break;
    }
    if (verdict == Verdict::kNoClearCode) return not_offered(name_, "GIF without a clear code");
    if (verdict == Verdict::kBad) return damaged(name_, "GIF");
    return counter.pixels() < wanted ? Status(truncated(name_, "GIF")) : Status();
  }

  ByteReader reader_;
  std::string name_;
  PictureInfo info_;
  bool has_table_ = false;
};

}  // namespace

Result<PictureInfo> inspect_gif(std::span<const uint8_t> bytes, const std::string& name) {
  return GifInspector(bytes, name).inspect();
}

}  // namespace poolscope
