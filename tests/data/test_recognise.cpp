#include <doctest/doctest.h>

#include "core/data/display_name.h"
#include "core/data/file_kind.h"
#include "tests/data/sample_files.h"

using namespace poolscope;

namespace {

FileType recognise_text(std::string_view text) {
  return recognise({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

}  // namespace

TEST_CASE("files are recognised by content") {
  CHECK(recognise(sample::png()).kind == FileKind::kPng);
  CHECK(recognise(sample::jpeg_frame()).kind == FileKind::kJpeg);
  CHECK(recognise(sample::bmp24()).kind == FileKind::kBmp);
  CHECK(recognise(sample::bmp_os2()).kind == FileKind::kBmp);
  CHECK(recognise(sample::gif()).kind == FileKind::kGif);
  CHECK(recognise(sample::psd()).kind == FileKind::kPsd);
  CHECK(recognise(sample::tga24()).kind == FileKind::kTga);
  CHECK(recognise(sample::tga_palette_rle()).kind == FileKind::kTga);
  CHECK(recognise(sample::ppm()).kind == FileKind::kPnm);
  CHECK(recognise_text("\x93NUMPY\x01").kind == FileKind::kNpy);
  CHECK(recognise_text("1, 2\n3, 4\n").kind == FileKind::kMatrixText);
  CHECK(recognise_text("# header\n\n-.5;2\n").kind == FileKind::kMatrixText);
  CHECK(recognise_text("nan 1\n").kind == FileKind::kMatrixText);
  CHECK(recognise_text("infinite wisdom").kind == FileKind::kOtherText);
  CHECK(recognise_text("name,age\n").kind == FileKind::kOtherText);
  CHECK(recognise_text("version https://git-lfs.github.com/spec/v1\n").kind == FileKind::kGitLfs);
  CHECK(recognise({}).kind == FileKind::kOtherText);
  CHECK(recognise_text("\xff\xff\xff\xff").kind == FileKind::kUnknown);
  CHECK(recognise_text(std::string_view("a\0b", 3)).kind == FileKind::kUnknown);
}

TEST_CASE("formats that are not offered have a name") {
  const std::pair<std::string_view, std::string_view> known[] = {{"RIFF....WEBPVP8 ", "WebP"},
                                                                 {"#?RADIANCE\n", "Radiance HDR"},
                                                                 {std::string_view("II*\0....", 8), "TIFF"},
                                                                 {std::string_view("\0\0\0\x20"
                                                                                   "ftypavif",
                                                                                   12),
                                                                  "AVIF"},
                                                                 {std::string_view("\0\0\0\x20"
                                                                                   "ftypheic",
                                                                                   12),
                                                                  "HEIF"},
                                                                 {"%PDF-1.7", "PDF"},
                                                                 {"<?xml version='1.0'?><svg/>", "SVG"},
                                                                 {"PK\x03\x04", "ZIP"},
                                                                 {"\x53\x80\xf6\x34", "Softimage PIC"},
                                                                 {"Pf\n1 1\n-1\n", "PFM"},
                                                                 {"{\"a\": 1}", "JSON"}};
  for (const auto& [text, name] : known) {
    CAPTURE(name);
    CHECK(recognise_text(text).kind == FileKind::kNotOffered);
    CHECK(recognise_text(text).name == name);
  }
}

TEST_CASE("names are shown without doing anything to whoever shows them") {
  CHECK(displayable("plain name.png") == "plain name.png");
  CHECK(displayable("漢字-é-😀-عربى.png") == "漢字-é-😀-عربى.png");
  CHECK(displayable("a\nb\tc\x1b[31m\x7f") == "a\\x0ab\\x09c\\x1b[31m\\x7f");
  CHECK(displayable("latin1-\xe9\xff.png") == "latin1-\\xe9\\xff.png");
  CHECK(displayable("rtl-\u202egnp.exe") == "rtl-\\u202egnp.exe");
  CHECK(displayable("overlong-\xc0\xaf surrogate-\xed\xa0\x80 cut-\xe6\xbc") ==
        "overlong-\\xc0\\xaf surrogate-\\xed\\xa0\\x80 cut-\\xe6\\xbc");
  CHECK(displayable("abcdef", 3) == "abc...");
  CHECK(displayable("漢字", 4) == "漢...");
  CHECK(display_name("/some/folder/a\x01.png") == "a\\x01.png");
  CHECK(display_name("/") == "/");
  CHECK(is_utf8("漢字"));
  CHECK(is_utf8(std::string_view("漢字").substr(0, 5)));
  CHECK_FALSE(is_utf8("\xff\xff"));
}
