#include <algorithm>
#include <array>
#include <vector>

#include "core/data/byte_reader.h"
#include "core/data/file_errors.h"
#include "core/data/inspect.h"

namespace poolscope {

namespace {

// The format: GIF89a specification, 1990.
constexpr int kMostCodes = 4096;
constexpr size_t kBackgroundAt = 11;  ///< in the file: which colour of the table is the background

/// Counts the pixels that a frame's LZW codes stand for, without writing any.
class LzwCounter {
 public:
  enum class Verdict { kMore, kFull, kEnded, kBad };

  LzwCounter(int code_bits, int64_t wanted)
      : clear_(1 << code_bits), first_size_(code_bits + 1), wanted_(wanted) {
    reset();
  }

  bool begins_with_clear_code() const { return begins_with_clear_code_; }
  int first_size() const { return first_size_; }
  int clear_code() const { return clear_; }
  /// Up to and with the code that filled the frame.
  int64_t bits_used() const { return bits_used_; }

  Verdict feed(uint8_t byte) {
    bits_ |= uint32_t{byte} << bit_count_;
    bit_count_ += 8;
    Verdict verdict = Verdict::kMore;
    while (bit_count_ >= size_ && verdict == Verdict::kMore) {
      const auto code = static_cast<int>(bits_ & ((1u << size_) - 1));
      bits_ >>= size_;
      bit_count_ -= size_;
      if (bits_used_ == 0) begins_with_clear_code_ = code == clear_;
      bits_used_ += size_;
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
    if (code == clear_) return reset(), Verdict::kMore;
    if (code == clear_ + 1) return Verdict::kEnded;
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
    return pixels_ >= wanted_ ? Verdict::kFull : Verdict::kMore;
  }

  std::array<int64_t, kMostCodes> lengths_{};
  int clear_, first_size_;
  int64_t wanted_;
  int size_ = 0, next_ = 0, previous_ = -1;
  bool begins_with_clear_code_ = false;
  uint32_t bits_ = 0;
  int bit_count_ = 0;
  int64_t bits_used_ = 0, pixels_ = 0;
};

/// Packs bits as GIF does, lowest first, into blocks of at most 255 bytes.
class BlockWriter {
 public:
  explicit BlockWriter(std::vector<uint8_t>& file) : file_(file) {}

  void put(uint32_t bits, int count) {
    bits_ |= bits << bit_count_;
    for (bit_count_ += count; bit_count_ >= 8; bit_count_ -= 8, bits_ >>= 8)
      put_byte(static_cast<uint8_t>(bits_ & 255));
  }
  void finish() {
    if (bit_count_ > 0) put_byte(static_cast<uint8_t>(bits_ & 255));
    file_.push_back(0);
  }

 private:
  void put_byte(uint8_t byte) {
    if (length_at_ == 0 || file_[length_at_] == 255) {
      length_at_ = file_.size();
      file_.push_back(0);
    }
    ++file_[length_at_];
    file_.push_back(byte);
  }

  std::vector<uint8_t>& file_;
  size_t length_at_ = 0;  ///< where the current block says how long it is
  uint32_t bits_ = 0;
  int bit_count_ = 0;
};

class GifInspector {
 public:
  GifInspector(std::span<const uint8_t> bytes, const std::string& name)
      : bytes_(bytes), reader_(bytes), name_(name) {}

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

  /// The first frame's codes must fill it. What follows them, further frames too, is not given to the
  /// decoder, and a clear code, which stb_image wants first and the format does not, is put before them.
  Status check_codes(int code_bits, int64_t wanted) {
    using Verdict = LzwCounter::Verdict;
    const size_t codes_at = reader_.position();
    LzwCounter counter(code_bits, wanted);
    std::vector<uint8_t> codes;
    Verdict verdict = Verdict::kMore;
    while (verdict == Verdict::kMore) {
      const uint8_t length = reader_.u8();
      const std::span<const uint8_t> block = reader_.take(length);
      if (reader_.failed() || length == 0) return truncated(name_, "GIF");
      for (size_t i = 0; i < block.size() && verdict == Verdict::kMore; ++i)
        verdict = counter.feed(block[i]);
      codes.insert(codes.end(), block.begin(), block.end());
    }
    if (verdict == Verdict::kEnded) return truncated(name_, "GIF");
    if (verdict == Verdict::kBad) return damaged(name_, "GIF");

    info_.rewritten.assign(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(codes_at));
    // What the frame leaves out is transparent, as browsers show it. stb_image would paint it in the
    // background colour with red and blue exchanged.
    info_.rewritten[kBackgroundAt] = 0;
    BlockWriter writer(info_.rewritten);
    if (!counter.begins_with_clear_code())
      writer.put(static_cast<uint32_t>(counter.clear_code()), counter.first_size());
    int64_t bits = counter.bits_used();
    for (size_t i = 0; bits > 0; ++i, bits -= 8) {
      const int count = static_cast<int>(std::min<int64_t>(bits, 8));
      writer.put(codes[i] & ((1u << count) - 1), count);
    }
    writer.finish();
    info_.rewritten.push_back(0x3b);
    return {};
  }

  std::span<const uint8_t> bytes_;
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
