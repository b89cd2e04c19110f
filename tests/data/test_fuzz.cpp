#include <doctest/doctest.h>

#include "core/base/random.h"
#include "core/data/csv.h"
#include "core/data/inspect.h"
#include "core/data/npy.h"
#include "core/data/pnm.h"
#include "tests/data/sample_files.h"

using namespace poolscope;
using sample::Bytes;

namespace {

std::vector<Bytes> seeds() {
  const auto text = [](const std::string& content) { return Bytes(content.begin(), content.end()); };
  return {sample::png(),
          sample::png(sample::png_chunk("eXIf", sample::exif(3))),
          sample::bmp24(),
          sample::bmp_os2(),
          sample::tga24(),
          sample::tga_palette_rle(),
          sample::gif(),
          sample::psd(),
          sample::psd(8, 3, 1),
          sample::jpeg_frame(),
          sample::ppm(),
          text("P1 3 2 010 101"),
          text("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\nabcd"),
          text(encode_npy(Tensor::matrix({{1, 2, 3}, {4, 5, 6}}), 2)),
          text("# header\n1,2,nan\n-4,5e3,inf\n\n7,8,9\n1,1,1\n")};
}

/// One to eight changes: a byte, a bit, a piece removed, doubled or cut off.
Bytes mutate(Bytes bytes, Random& random) {
  for (int64_t change = random.below(8); change >= 0 && !bytes.empty(); --change) {
    const int64_t size = static_cast<int64_t>(bytes.size()), at = random.below(size);
    const auto place = bytes.begin() + at;
    const auto end = place + random.below(std::min<int64_t>(size - at, 16) + 1);
    switch (random.below(6)) {
      case 0:
        *place = static_cast<uint8_t>(random.below(256));
        break;
      case 1:
        *place = static_cast<uint8_t>(*place ^ 1 << random.below(8));
        break;
      case 2:
        *place = random.below(2) == 0 ? 0 : 255;
        break;
      case 3:
        bytes.erase(place, end);
        break;
      case 4: {
        const Bytes piece(place, end);
        bytes.insert(bytes.begin() + random.below(size), piece.begin(), piece.end());
        break;
      }
      default:
        bytes.resize(static_cast<size_t>(at));
        break;
    }
  }
  return bytes;
}

/// What every answer must hold, whatever the bytes.
void check_answers(const Bytes& bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const Result<NpyArray> array = parse_npy(bytes, "f");
  if (array) REQUIRE(array.value().tensor.count() > 0);
  const Result<Tensor> matrix = parse_csv(text, "f");
  if (matrix) REQUIRE(matrix.value().count() <= static_cast<int64_t>(bytes.size()));
  const Result<Pixels> pixels = parse_pnm(bytes, "f");
  if (pixels)
    REQUIRE(static_cast<int64_t>(pixels.value().bytes.size()) ==
            pixels.value().width * pixels.value().height * pixels.value().channels);
  const FileType type = recognise(bytes);
  if (type.kind > FileKind::kTga) return;
  const Result<PictureInfo> info = inspect_picture(type.kind, bytes, "f");
  if (!info) {
    REQUIRE(info.error().key.starts_with("files."));
    return;
  }
  REQUIRE(info.value().width >= 1);
  REQUIRE(info.value().width <= 8192);
  REQUIRE(info.value().height >= 1);
  REQUIRE(info.value().height <= 8192);
  REQUIRE(info.value().working_bytes > 0);
  REQUIRE(info.value().working_bytes <= int64_t{4} << 30);
}

}  // namespace

TEST_CASE("mutated files are answered, never crashed on") {
  Random random(20261124);
  int round = 0;
  for (const Bytes& seed : seeds()) {
    check_answers(seed);
    for (int i = 0; i < 2000; ++i, ++round) {
      CAPTURE(round);
      check_answers(mutate(seed, random));
    }
  }
}

TEST_CASE("every checked file type is announced with its own kind") {
  // A guard for the loop above: its seeds must reach the readers that they are made for.
  int pictures = 0;
  for (const Bytes& seed : seeds()) {
    const FileType type = recognise(seed);
    if (type.kind <= FileKind::kTga) pictures += inspect_picture(type.kind, seed, "f").ok() ? 1 : 0;
  }
  CHECK(pictures == 10);
}
