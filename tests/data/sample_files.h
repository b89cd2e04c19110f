#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

// Small valid files, written byte by byte from the formats' specifications. Every picture is the same: 3 x 2,
// first row red, green, blue, second row black, white, grey (128).
namespace poolscope::sample {

using Bytes = std::vector<uint8_t>;

inline constexpr int kWidth = 3, kHeight = 2;
inline constexpr std::array<std::array<uint8_t, 3>, 6> kPixels = {
    {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {0, 0, 0}, {255, 255, 255}, {128, 128, 128}}};

class Writer {
 public:
  Writer& text(std::string_view text) { return bytes_.insert(bytes_.end(), text.begin(), text.end()), *this; }
  Writer& u8(uint32_t value) { return bytes_.push_back(static_cast<uint8_t>(value)), *this; }
  Writer& u16le(uint32_t value) { return u8(value & 255).u8(value >> 8 & 255); }
  Writer& u32le(uint32_t value) { return u16le(value & 0xffff).u16le(value >> 16); }
  Writer& u16be(uint32_t value) { return u8(value >> 8 & 255).u8(value & 255); }
  Writer& u32be(uint32_t value) { return u16be(value >> 16).u16be(value & 0xffff); }
  Writer& bytes(const Bytes& other) { return bytes_.insert(bytes_.end(), other.begin(), other.end()), *this; }
  Writer& zeros(size_t count) {
    for (size_t i = 0; i < count; ++i)
      u8(0);
    return *this;
  }
  const Bytes& done() const { return bytes_; }

 private:
  Bytes bytes_;
};

inline uint32_t crc32(const Bytes& bytes) {
  uint32_t c = 0xffffffff;
  for (const uint8_t byte : bytes) {
    c ^= byte;
    for (int bit = 0; bit < 8; ++bit)
      c = c & 1 ? 0xedb88320u ^ c >> 1 : c >> 1;
  }
  return ~c;
}

inline Bytes png_chunk(std::string_view type, const Bytes& data) {
  const Bytes body = Writer().text(type).bytes(data).done();
  return Writer().u32be(static_cast<uint32_t>(data.size())).bytes(body).u32be(crc32(body)).done();
}

/// One stored (uncompressed) block in a zlib wrapper.
inline Bytes zlib_stored(const Bytes& data) {
  uint32_t a = 1, b = 0;
  for (const uint8_t byte : data) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  const auto length = static_cast<uint32_t>(data.size());
  return Writer()
      .u8(0x78)
      .u8(1)
      .u8(1)
      .u16le(length)
      .u16le(~length & 0xffff)
      .bytes(data)
      .u32be(b << 16 | a)
      .done();
}

inline Bytes png_header(uint32_t width, uint32_t height, uint8_t depth, uint8_t colour_type) {
  return png_chunk("IHDR", Writer().u32be(width).u32be(height).u8(depth).u8(colour_type).zeros(3).done());
}

/// `extra`: chunks between header and data.
inline Bytes png(const Bytes& extra = {}) {
  Writer rows;
  for (int y = 0; y < kHeight; ++y) {
    rows.u8(0);
    for (int x = 0; x < kWidth; ++x)
      for (const uint8_t value : kPixels[static_cast<size_t>(y * kWidth + x)])
        rows.u8(value);
  }
  return Writer()
      .text("\x89PNG\r\n\x1a\n")
      .bytes(png_header(kWidth, kHeight, 8, 2))
      .bytes(extra)
      .bytes(png_chunk("IDAT", zlib_stored(rows.done())))
      .bytes(png_chunk("IEND", {}))
      .done();
}

/// Rows from the bottom, blue first, padded to four bytes.
inline Bytes bmp24() {
  Writer file;
  file.text("BM").u32le(54 + 24).u32le(0).u32le(54).u32le(40).u32le(kWidth).u32le(kHeight);
  file.u16le(1).u16le(24).zeros(24);
  for (int y = kHeight - 1; y >= 0; --y) {
    for (int x = 0; x < kWidth; ++x)
      for (size_t c = 3; c-- > 0;)
        file.u8(kPixels[static_cast<size_t>(y * kWidth + x)][c]);
    file.zeros(3);
  }
  return file.done();
}

/// OS/2: a header of 12 bytes, palette entries of 3. All 256 entries are there; the pixels use the last ones.
inline Bytes bmp_os2() {
  Writer file;
  file.text("BM").u32le(26 + 768 + 8).u32le(0).u32le(26 + 768).u32le(12).u16le(kWidth).u16le(kHeight);
  file.u16le(1).u16le(8).zeros(768 - 18);
  for (const auto& pixel : kPixels)
    file.u8(pixel[2]).u8(pixel[1]).u8(pixel[0]);
  return file.u8(253).u8(254).u8(255).u8(0).u8(250).u8(251).u8(252).u8(0).done();
}

inline Bytes tga24() {
  Writer file;
  file.u8(0).u8(0).u8(2).zeros(9).u16le(kWidth).u16le(kHeight).u8(24).u8(0x20);  // from the top
  for (const auto& pixel : kPixels)
    file.u8(pixel[2]).u8(pixel[1]).u8(pixel[0]);
  return file.done();
}

/// Palette picture whose palette starts at entry 10, in run-length packets, columns from the right.
inline Bytes tga_palette_rle() {
  Writer file;
  file.u8(4).u8(1).u8(9).u16le(10).u16le(6).u8(24).zeros(4).u16le(kWidth).u16le(kHeight).u8(8).u8(0x30);
  file.text("note");
  for (const auto& pixel : kPixels)
    file.u8(pixel[2]).u8(pixel[1]).u8(pixel[0]);
  return file.u8(5).u8(12).u8(11).u8(10).u8(15).u8(14).u8(13).done();
}

/// Codes of 4 bits: `codes` are written one after the other, lowest bit first.
inline Bytes gif(const std::vector<uint8_t>& codes) {
  Writer file;
  file.text("GIF89a").u16le(kWidth).u16le(kHeight).u8(0x82).u8(0).u8(0);
  for (const auto& pixel : kPixels)
    file.u8(pixel[0]).u8(pixel[1]).u8(pixel[2]);
  file.zeros(6);
  file.u8(0x2c).zeros(4).u16le(kWidth).u16le(kHeight).u8(0).u8(3);
  Bytes packed((codes.size() + 1) / 2);
  for (size_t i = 0; i < codes.size(); ++i)
    packed[i / 2] = static_cast<uint8_t>(packed[i / 2] | codes[i] << (i % 2 * 4));
  return file.u8(static_cast<uint32_t>(packed.size())).bytes(packed).u8(0).u8(0x3b).done();
}
inline constexpr uint8_t kGifClear = 8, kGifEnd = 9;
/// A clear code, the six colours, the end. Codes stay at 4 bits: five entries are added, up to number 14.
inline Bytes gif() {
  return gif({kGifClear, 0, 1, 2, 3, 4, 5, kGifEnd});
}

inline Bytes psd(uint32_t depth = 8, uint32_t mode = 3, uint32_t compression = 0) {
  Writer file;
  file.text("8BPS").u16be(1).zeros(6).u16be(3).u32be(kHeight).u32be(kWidth).u16be(depth).u16be(mode);
  file.zeros(12).u16be(compression);
  for (int row = 0; compression == 1 && row < 3 * kHeight; ++row)
    file.u16be(kWidth + 1);
  for (size_t c = 0; c < 3; ++c)
    for (size_t i = 0; i < kPixels.size(); ++i) {
      if (compression == 1 && i % kWidth == 0) file.u8(kWidth - 1);
      file.u8(kPixels[i][c]);
      if (depth == 16) file.u8(kPixels[i][c]);
    }
  return file.done();
}

inline Bytes ppm() {
  Writer file;
  file.text("P6\n# a comment\n3 2\n255\n");
  for (const auto& pixel : kPixels)
    file.u8(pixel[0]).u8(pixel[1]).u8(pixel[2]);
  return file.done();
}

/// The markers of a JPEG without a picture in it: what is checked before decoding is all there.
inline Bytes jpeg_frame(uint8_t frame_marker = 0xc0, uint32_t width = 3, uint32_t height = 2) {
  Writer file;
  file.u8(0xff).u8(0xd8).u8(0xff).u8(frame_marker).u16be(11).u8(8).u16be(height).u16be(width);
  file.u8(1).u8(1).u8(0x11).u8(0);
  file.u8(0xff).u8(0xda).u16be(8).u8(1).u8(1).u8(0).u8(0).u8(63).u8(0);
  return file.u8(0x2a).u8(0xff).u8(0).u8(0xff).u8(0xd9).done();
}

/// Exif with one tag in its first directory.
inline Bytes exif(int orientation, bool little = true) {
  Writer tiff;
  if (little)
    tiff.text("II")
        .u16le(42)
        .u32le(8)
        .u16le(1)
        .u16le(0x112)
        .u16le(3)
        .u32le(1)
        .u16le(static_cast<uint32_t>(orientation))
        .u16le(0)
        .u32le(0);
  else
    tiff.text("MM")
        .u16be(42)
        .u32be(8)
        .u16be(1)
        .u16be(0x112)
        .u16be(3)
        .u32be(1)
        .u16be(static_cast<uint32_t>(orientation))
        .u16be(0)
        .u32be(0);
  return tiff.done();
}

}  // namespace poolscope::sample
