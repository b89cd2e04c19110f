#include <doctest/doctest.h>

#include "core/data/inspect.h"
#include "tests/data/sample_files.h"

using namespace poolscope;
using sample::Bytes;
using sample::Writer;

namespace {

Result<PictureInfo> inspect(const Bytes& bytes) {
  return inspect_picture(recognise(bytes).kind, bytes, "p");
}

std::string refusal(const Bytes& bytes) {
  const Result<PictureInfo> info = inspect(bytes);
  return info ? "accepted" : info.error().key;
}
/// The format that a refusal names, or nothing.
std::string named(const Bytes& bytes) {
  const Result<PictureInfo> info = inspect(bytes);
  return info || info.error().key != "files.not_offered" ? "" : info.error().args.back().value;
}

/// A copy with one byte changed.
Bytes with(Bytes bytes, size_t at, uint8_t value) {
  bytes[at] = value;
  return bytes;
}

Bytes png_of(const std::vector<Bytes>& chunks) {
  Writer file;
  file.text("\x89PNG\r\n\x1a\n");
  for (const Bytes& chunk : chunks)
    file.bytes(chunk);
  return file.done();
}

const Bytes kData = sample::png_chunk("IDAT", {1, 2, 3}), kEnd = sample::png_chunk("IEND", {});

}  // namespace

TEST_CASE("whole files of every format pass, and say their size") {
  for (const Bytes& file :
       {sample::png(), sample::bmp24(), sample::bmp_os2(), sample::tga24(), sample::tga_palette_rle(),
        sample::gif(), sample::psd(), sample::psd(16), sample::psd(8, 3, 1), sample::jpeg_frame()}) {
    const Result<PictureInfo> info = inspect(file);
    CAPTURE(recognise(file).name);
    REQUIRE(info.ok());
    CHECK(info.value().width == 3);
    CHECK(info.value().height == 2);
    CHECK(info.value().working_bytes > 6);
  }
}

TEST_CASE("a file that was cut off anywhere is refused") {
  for (const Bytes& file :
       {sample::png(), sample::bmp24(), sample::bmp_os2(), sample::tga24(), sample::tga_palette_rle(),
        sample::psd(), sample::psd(8, 3, 1), sample::jpeg_frame()}) {
    CAPTURE(recognise(file).name);
    // The padding after the last row of a BMP carries nothing.
    const size_t last = recognise(file).kind == FileKind::kBmp ? file.size() - 3 : file.size();
    for (size_t length = 40; length < last; ++length) {
      CAPTURE(length);
      CHECK(refusal(Bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(length))) != "accepted");
    }
  }
  Bytes gif = sample::gif();
  gif.resize(gif.size() - 4);  // the last codes, the end of the block, the end of the file
  CHECK(refusal(gif) == "files.truncated");
}

TEST_CASE("PNG: structure and checksums") {
  const Bytes header = sample::png_header(3, 2, 8, 2);
  CHECK(refusal(png_of({header, kData, kEnd})) == "accepted");
  CHECK(refusal(with(png_of({header, kData, kEnd}), 29, 0)) == "files.damaged");  // the header's sum
  CHECK(refusal(png_of({kData, header, kEnd})) == "files.damaged");
  CHECK(refusal(png_of({header, header, kData, kEnd})) == "files.damaged");
  CHECK(refusal(png_of({header, kEnd})) == "files.damaged");
  CHECK(refusal(png_of({header, kData})) == "files.truncated");
  CHECK(refusal(png_of({header, kData, sample::png_chunk("tEXt", {}), kData, kEnd})) == "files.damaged");
  CHECK(refusal(png_of({header, sample::png_chunk("ABCD", {}), kData, kEnd})) == "files.damaged");
  CHECK(refusal(png_of({header, sample::png_chunk("abcd", {}), kData, kEnd})) == "accepted");
  CHECK(refusal(png_of({sample::png_header(3, 2, 8, 3), kData, kEnd})) == "files.damaged");  // no palette
  CHECK(refusal(png_of({sample::png_header(3, 2, 8, 3), sample::png_chunk("PLTE", {1, 2, 3}), kData,
                        kEnd})) == "accepted");
  CHECK(refusal(png_of({sample::png_header(3, 2, 8, 1), kData, kEnd})) == "files.damaged");
  CHECK(refusal(png_of({sample::png_header(3, 2, 4, 2), kData, kEnd})) == "files.damaged");
  CHECK(refusal(png_of({sample::png_header(0, 2, 8, 2), kData, kEnd})) == "files.no_pixels");
  CHECK(refusal(png_of({sample::png_header(8193, 2, 8, 2), kData, kEnd})) == "files.too_large");
  CHECK(refusal(png_of({sample::png_header(0xffffffff, 2, 8, 2), kData, kEnd})) == "files.too_large");
  CHECK(named(png_of({sample::png_chunk("CgBI", {0, 0, 0, 0}), header, kData, kEnd})) == "Apple CgBI PNG");
  const Result<PictureInfo> turned = inspect(sample::png(sample::png_chunk("eXIf", sample::exif(6))));
  REQUIRE(turned.ok());
  CHECK(turned.value().orientation == 6);
}

TEST_CASE("JPEG: variants, sizes, tables and scans") {
  CHECK(named(sample::jpeg_frame(0xc3)) == "lossless JPEG");
  CHECK(named(sample::jpeg_frame(0xc9)) == "arithmetic-coded JPEG");
  CHECK(named(with(sample::jpeg_frame(), 6, 12)) == "12-bit JPEG");
  CHECK(named(sample::jpeg_frame(0xc0, 3, 0)) == "JPEG with DNL");
  CHECK(refusal(sample::jpeg_frame(0xc0, 9000, 2)) == "files.too_large");
  CHECK(refusal(sample::jpeg_frame(0xc0, 0, 2)) == "files.no_pixels");
  CHECK(refusal(with(sample::jpeg_frame(), 13, 0x01)) == "files.damaged");  // sampling 0 x 1

  const auto with_segment = [](uint8_t marker, const Bytes& segment) {
    const Bytes rest = sample::jpeg_frame();
    Writer file;
    file.u8(0xff)
        .u8(0xd8)
        .u8(0xff)
        .u8(marker)
        .u16be(static_cast<uint32_t>(segment.size() + 2))
        .bytes(segment);
    return file.bytes(Bytes(rest.begin() + 2, rest.end())).done();
  };
  Bytes table(17);
  table[8] = 200;  // codes of 8 bits
  table.resize(17 + 200);
  CHECK(refusal(with_segment(0xc4, table)) == "accepted");
  table[7] = 29;  // of 7 bits: 29 * 2 + 200 is more than there is room for
  table.resize(17 + 229);
  CHECK(refusal(with_segment(0xc4, table)) == "files.damaged");
  Bytes too_many(17, 20);
  too_many.resize(17 + 320);
  CHECK(refusal(with_segment(0xc4, too_many)) == "files.damaged");
  CHECK(inspect(with_segment(0xe1, Writer().text("Exif").u16be(0).bytes(sample::exif(8)).done()))
            ->orientation == 8);

  const Bytes whole = sample::jpeg_frame();
  Bytes scans(whole.begin(), whole.end() - 2);
  const Bytes scan(whole.begin() + 15, whole.end() - 2);
  for (int i = 1; i < 120; ++i)
    scans.insert(scans.end(), scan.begin(), scan.end());
  CHECK(refusal(Writer().bytes(scans).u8(0xff).u8(0xd9).done()) == "accepted");
  CHECK(refusal(Writer().bytes(scans).bytes(scan).u8(0xff).u8(0xd9).done()) == "files.too_many_scans");
}

TEST_CASE("GIF: the codes of the first frame") {
  using sample::kGifClear, sample::kGifEnd;
  CHECK(refusal(sample::gif({0, 1, 2, 3, 4, 5, kGifEnd})) == "accepted");  // no clear code at the beginning
  CHECK(refusal(sample::gif({kGifClear, 0, 10, 11})) == "accepted");       // 1 + 2 + 3 pixels
  CHECK(refusal(sample::gif({kGifClear, 0, 1, 2, kGifEnd})) == "files.truncated");
  CHECK(refusal(sample::gif({kGifClear, 0, 1, 2})) == "files.truncated");
  CHECK(refusal(sample::gif({kGifClear, 0, 12})) == "files.damaged");
  CHECK(refusal(sample::gif({kGifClear, 0, 1, 2, 3, 4, 5, 15, 15})) == "accepted");  // nonsense afterwards
  CHECK(named(with(sample::gif(), 10, 0)) == "");
  const Bytes rewritten = inspect(sample::gif({0, 1, 2, 3, 4, 5, 15, 15}))->rewritten;
  const Bytes tidy = sample::gif({kGifClear, 0, 1, 2, 3, 4, 5});
  CHECK(rewritten == tidy);
}

TEST_CASE("BMP: variants, and files that stb_image misreads") {
  CHECK(named(with(sample::bmp24(), 30, 1)) == "RLE BMP");
  CHECK(named(with(sample::bmp24(), 14, 64)) == "BMP with a header of 64 bytes");
  CHECK(named(with(sample::bmp24(), 28, 2)) == "2-bit BMP");
  CHECK(refusal(with(sample::bmp24(), 10, 30)) == "files.damaged");  // pixels inside the header
  CHECK(inspect(sample::bmp24())->rewritten.empty());
  const Bytes rewritten = inspect(sample::bmp_os2())->rewritten;
  REQUIRE(rewritten.size() == 54 + 256 * 4 + 8);
  CHECK(rewritten[54 + 250 * 4 + 2] == 255);  // red, in the order blue, green, red
  CHECK(rewritten[54 + 251 * 4 + 1] == 255);
  CHECK(rewritten[54 + 1024] == 253);
}

TEST_CASE("TGA: truncated packets, palettes, transparency that means nothing") {
  Bytes packets = sample::tga_palette_rle();
  packets.pop_back();
  CHECK(refusal(packets) == "files.truncated");
  CHECK(inspect(sample::tga_palette_rle())->orientation == 2);
  CHECK(inspect(sample::tga24())->opaque);
  CHECK_FALSE(inspect(with(sample::tga24(), 17, 0x28))->opaque);
  CHECK(inspect(sample::tga24())->rewritten.empty());
  CHECK(inspect(sample::tga_palette_rle())->rewritten.size() == 18 + 16 * 3 + 7);
}

TEST_CASE("PSD: variants") {
  CHECK(named(sample::psd(32)) == "32-bit PSD");
  CHECK(named(sample::psd(8, 1)) == "grey PSD");
  CHECK(named(sample::psd(8, 9)) == "Lab PSD");
  CHECK(named(sample::psd(16, 3, 1)) == "RLE-compressed 16-bit PSD");
  CHECK(named(sample::psd(8, 3, 2)) == "ZIP-compressed PSD");
  CHECK(named(with(sample::psd(), 5, 2)) == "PSB");
  Bytes rows = sample::psd(8, 3, 1);
  rows[40 + 12] = 7;  // the first packet of the first row claims eight values
  CHECK(refusal(rows) == "files.damaged");
}
