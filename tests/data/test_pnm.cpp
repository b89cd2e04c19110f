#include <doctest/doctest.h>

#include "core/data/pnm.h"
#include "tests/data/sample_files.h"

using namespace poolscope;
using namespace std::string_literals;
using Bytes = std::vector<uint8_t>;

namespace {

Result<Pixels> parse(const Bytes& bytes) {
  return parse_pnm(bytes, "p.pnm");
}
Result<Pixels> parse(const std::string& text) {
  return parse(Bytes(text.begin(), text.end()));
}

Bytes values(const std::string& text) {
  Result<Pixels> pixels = parse(text);
  REQUIRE(pixels.ok());
  return pixels->bytes;
}
template <class Input>
std::string refusal(const Input& input) {
  const Result<Pixels> pixels = parse(input);
  return pixels ? "accepted" : pixels.error().key;
}

}  // namespace

TEST_CASE("text and bytes, bits, grey and colour") {
  CHECK(values("P1\n3 2\n0 1 0\n101\n") == Bytes{255, 0, 255, 0, 255, 0});
  CHECK(values("P2 # grey\n2 1 # size\n4\n0 4") == Bytes{0, 255});
  CHECK(values("P3\n1 1\n255\n1 2 3\n") == Bytes{1, 2, 3});
  CHECK(values("P4\n10 2\n\x80\x40\x00\x00"s) == Bytes{0,   255, 255, 255, 255, 255, 255, 255, 255, 0,
                                                       255, 255, 255, 255, 255, 255, 255, 255, 255, 255});
  CHECK(values("P5\n3 1\n255\n\x01\x7f\xff") == Bytes{1, 127, 255});
  const Result<Pixels> colour = parse(sample::ppm());
  REQUIRE(colour.ok());
  CHECK(colour.value().channels == 3);
  CHECK(colour.value().width == 3);
  CHECK(colour.value().bytes[3] == 0);
  CHECK(colour.value().bytes[4] == 255);
  CHECK(colour.value().bytes.back() == 128);
}

TEST_CASE("values are scaled to 0..255 and rounded") {
  CHECK(values("P2 5 1 3 0 1 2 3 3") == Bytes{0, 85, 170, 255, 255});
  CHECK(values("P5 2 1 65535 \xff\xff\x80\x00"s) == Bytes{255, 128});
  CHECK(values("P5 2 1 1000 \x03\xe8\x01\xf4"s) == Bytes{255, 128});
  CHECK(values("P5 1 1 100 \xc8") == Bytes{255});
}

TEST_CASE("PAM with the usual tuple types") {
  CHECK(values("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\nabc") ==
        Bytes{'a', 'b', 'c'});
  CHECK(values("P7\nWIDTH 2\nHEIGHT 1\nDEPTH 1\nMAXVAL 1\nTUPLTYPE BLACKANDWHITE\nENDHDR\n\0\1"s) ==
        Bytes{0, 255});
  const std::string alpha =
      "P7\n# laid over white\nWIDTH 3\nHEIGHT 1\nDEPTH 2\nMAXVAL 255\nENDHDR\n\x64\xff\x64\x00\x00\x80"s;
  CHECK(values(alpha) == Bytes{100, 255, 127});
  CHECK(refusal(std::string("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE CMYK\nENDHDR\nabcd")) ==
        "files.not_offered");
}

TEST_CASE("broken files are refused for what is wrong with them") {
  CHECK(refusal(std::string("P5")) == "files.damaged");
  CHECK(refusal(std::string("P5 ")) == "files.truncated");
  CHECK(refusal(std::string("P5\n3 1\n255\n\x01\x7f")) == "files.truncated");
  CHECK(refusal(std::string("P5\n3 1\n255")) == "files.truncated");
  CHECK(refusal(std::string("P5\n0 1\n255\n")) == "files.no_pixels");
  CHECK(refusal(std::string("P5\n-3 1\n255\n")) == "files.damaged");
  CHECK(refusal(std::string("P5\n9999999999 1\n255\n")) == "files.damaged");
  CHECK(refusal(std::string("P5\n8193 1\n255\n")) == "files.too_large");
  CHECK(refusal(std::string("P5\n1 1\n0\n\x01")) == "files.damaged");
  CHECK(refusal(std::string("P5\n1 1\n65536\n\x01")) == "files.damaged");
  CHECK(refusal(std::string("P6\n8192 8192\n255\n")) == "files.truncated");
  CHECK(refusal(std::string("P2 1 1 3 4 ")) == "files.damaged");
  CHECK(refusal(std::string("P1 2 1 2 0")) == "files.damaged");
  CHECK(refusal(std::string("P2 1 1 3 x ")) == "files.damaged");
  const Bytes whole = sample::ppm();
  for (size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    CHECK(refusal(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length))) != "accepted");
  }
}
