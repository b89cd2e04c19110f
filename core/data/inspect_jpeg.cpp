#include <array>

#include "core/data/byte_reader.h"
#include "core/data/exif.h"
#include "core/data/file_errors.h"
#include "core/data/inspect.h"

namespace poolscope {

namespace {

// The format: ITU-T T.81, annex B. Cameras and programs write about 10 scans; a file with very many makes a
// decoder go through the whole picture again and again.
constexpr int kMostScans = 120;

/// What a frame header that stb_image cannot read stands for, by its marker.
std::string_view other_process(uint8_t marker) {
  switch (marker) {
    case 0xc3:
      return "lossless JPEG";
    case 0xc9:
    case 0xca:
      return "arithmetic-coded JPEG";
    case 0xf7:
      return "JPEG-LS";
    default:
      return "hierarchical or lossless JPEG";
  }
}

class JpegInspector {
 public:
  JpegInspector(std::span<const uint8_t> bytes, const std::string& name)
      : bytes_(bytes), reader_(bytes), name_(name) {
    reader_.skip(2);
  }

  Result<PictureInfo> inspect() {
    for (;;) {
      const int marker = next_marker();
      if (marker < 0) return has_frame_ ? truncated(name_, "JPEG") : bad();
      if (marker == kEnd) break;
      if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7)) continue;  // alone, without a segment
      const uint16_t length = reader_.u16be();
      if (length < 2 || reader_.failed()) return bad();
      const std::span<const uint8_t> segment = reader_.take(length - size_t{2});
      if (reader_.failed()) return truncated(name_, "JPEG");
      if (Status status = read_segment(static_cast<uint8_t>(marker), segment); !status) return status.error();
    }
    if (!has_frame_ || scans_ == 0) return bad();
    // Planes padded to whole blocks, the interleaved picture, and the coefficients of a progressive file.
    const int64_t pixels = (info_.width + 64) * (info_.height + 64);
    info_.working_bytes = pixels * (components_ * (progressive_ ? 3 : 1) + 4) + (1 << 20);
    return info_;
  }

 private:
  static constexpr int kEnd = 0xd9;

  Error bad() const { return damaged(name_, "JPEG"); }

  /// The next marker after anything that is none; -1 at the end of the file. A stuffed 0 or another 0xff
  /// after 0xff is no marker.
  int next_marker() {
    while (!reader_.at_end()) {
      if (reader_.u8() != 0xff) continue;
      uint8_t code = 0xff;
      while (code == 0xff && !reader_.at_end())
        code = reader_.u8();
      if (code != 0 && code != 0xff) return code;
    }
    return -1;
  }

  Status read_segment(uint8_t marker, std::span<const uint8_t> segment) {
    if (marker == 0xc4) return check_huffman_tables(segment);
    if (marker == 0xda)
      return ++scans_ <= kMostScans ? Status() : Error("files.too_many_scans").with("file", name_);
    if (marker == 0xe1) return read_exif(segment), Status();
    if (marker == 0xf7) return not_offered(name_, other_process(marker));
    const bool frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc8 && marker != 0xcc;
    return frame ? read_frame(marker, segment) : Status();
  }

  Status read_frame(uint8_t marker, std::span<const uint8_t> segment) {
    ByteReader reader(segment);
    const uint8_t precision = reader.u8();
    const uint16_t height = reader.u16be(), width = reader.u16be();
    const uint8_t components = reader.u8();
    if (marker > 0xc2) return not_offered(name_, other_process(marker));
    if (reader.failed() || has_frame_) return bad();
    if (precision != 8) return not_offered(name_, std::to_string(precision) + "-bit JPEG");
    if (components != 1 && components != 3 && components != 4) return bad();
    if (height == 0 && width > 0) return not_offered(name_, "JPEG with DNL");
    for (uint8_t i = 0; i < components; ++i) {
      reader.skip(1);
      const uint8_t sampling = reader.u8();
      reader.skip(1);
      const int across = sampling >> 4, down = sampling & 15;
      if (across < 1 || across > 4 || down < 1 || down > 4) return bad();
    }
    if (reader.failed()) return bad();
    has_frame_ = true;
    progressive_ = marker == 0xc2;
    components_ = components;
    info_.width = width;
    info_.height = height;
    return check_sides(name_, "JPEG", width, height);
  }

  /// stb_image 2.27 writes beyond its tables where the 16 counts add up to more than 256 codes, and reads
  /// beyond them where a code is longer than its length allows.
  Status check_huffman_tables(std::span<const uint8_t> segment) {
    ByteReader reader(segment);
    while (!reader.at_end()) {
      const uint8_t which = reader.u8();
      int codes = 0, code = 0;
      for (int length = 1; length <= 16; ++length) {
        const int count = reader.u8();
        codes += count;
        code = (code + count) << 1;
        if (code > 2 << length) return bad();
      }
      if ((which >> 4) > 1 || (which & 15) > 3 || codes > 256) return bad();
      reader.skip(static_cast<size_t>(codes));
      if (reader.failed()) return bad();
    }
    return {};
  }

  void read_exif(std::span<const uint8_t> segment) {
    constexpr std::string_view kExif("Exif\0\0", 6);
    if (ByteReader(segment).next_is(kExif) && !has_exif_) {
      has_exif_ = true;
      info_.orientation = exif_orientation(segment.subspan(kExif.size()));
    }
  }

  std::span<const uint8_t> bytes_;
  ByteReader reader_;
  std::string name_;
  PictureInfo info_;
  bool has_frame_ = false, has_exif_ = false, progressive_ = false;
  int components_ = 0, scans_ = 0;
};

}  // namespace

Result<PictureInfo> inspect_jpeg(std::span<const uint8_t> bytes, const std::string& name) {
  return JpegInspector(bytes, name).inspect();
}

}  // namespace poolscope
