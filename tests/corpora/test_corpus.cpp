#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "app/platform/load_input.h"
#include "core/base/random.h"
#include "tests/corpora/exceptions.h"

using namespace poolscope;
namespace fs = std::filesystem;

namespace {

const fs::path kCorpora = fs::path(POOLSCOPE_SHARED) / "corpora";

struct Entry {
  std::string file, expected;
  std::string folder() const { return file.substr(0, file.find('/')); }
};

std::vector<Entry> manifest() {
  std::vector<Entry> entries;
  std::ifstream file(kCorpora / "manifest.tsv");
  std::string line, digest;
  std::getline(file, line);  // the names of the columns
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    Entry entry;
    std::getline(fields, entry.file, '\t');
    std::getline(fields, digest, '\t');
    std::getline(fields, entry.expected, '\t');
    entries.push_back(entry);
  }
  if (entries.empty()) MESSAGE("no corpus at " << kCorpora.string() << ": nothing tested");
  return entries;
}

LoadOptions options() {
  LoadOptions result;
  result.worker = POOLSCOPE_PROGRAM;
  return result;
}

/// "640x480" or "refuse".
std::string verdict(const Result<LoadedInput>& result) {
  if (!result) return "refuse";
  const Shape& shape = result.value().tensor->shape();
  return std::to_string(shape.w) + "x" + std::to_string(shape.h);
}

/// Whether the message names a variant that is on record as refused.
bool names_variant(const Error& error) {
  const auto variants = refused_variants();
  return error.key == "files.not_offered" &&
         std::find(variants.begin(), variants.end(), error.args.back().value) != variants.end();
}

/// The manifest's sentence: "decode 3x2", "refuse ...", "either: decode 3x2, or refuse ...".
bool fulfils(const Result<LoadedInput>& result, const std::string& expected) {
  const size_t decode = expected.find("decode ");
  if (!result) return expected.find("refuse") != std::string::npos || names_variant(result.error());
  if (decode == std::string::npos) return false;
  const size_t start = decode + 7;
  return verdict(result) == expected.substr(start, expected.find_first_not_of("0123456789x", start) - start);
}

void check_error(const Error& error, const std::string& file) {
  CHECK(error.key.starts_with("files."));
  CHECK(error.key != "files.too_slow");
  CHECK(error.key != "files.no_worker");
  REQUIRE_FALSE(error.args.empty());
  CHECK(error.args[0].value == file.substr(file.find('/') + 1));
}

void check_picture(const LoadedInput& input) {
  CHECK(input.is_picture);
  const Shape& shape = input.tensor->shape();
  CHECK(shape.n == 1);
  CHECK((shape.c == 1 || shape.c == 3));
  bool in_range = true;
  for (const float value : input.tensor->values())
    in_range = in_range && value >= 0 && value <= 255;
  CHECK(in_range);
}

bool is_picture_folder(const std::string& folder) {
  return folder != "json" && folder != "idx" && folder != "weights";
}

}  // namespace

TEST_CASE("every picture of the corpus is decoded or refused as its manifest says") {
  std::map<std::string, Exception> exceptions;
  for (const Exception& exception : corpus_exceptions())
    exceptions.emplace(exception.file, exception);
  int tried = 0;
  for (const Entry& entry : manifest()) {
    if (!is_picture_folder(entry.folder())) continue;
    CAPTURE(entry.file);
    CAPTURE(entry.expected);
    ++tried;
    const Result<LoadedInput> result = load_input(kCorpora / entry.file, options());
    const std::string got = verdict(result);
    CAPTURE(got);
    if (result)
      check_picture(result.value());
    else
      check_error(result.error(), entry.file);
    const auto exception = exceptions.find(entry.file);
    if (exception == exceptions.end()) {
      CHECK(fulfils(result, entry.expected));
    } else {
      // An exception that is none any more has to go from the table.
      CHECK(got == exception->second.verdict);
      CHECK_FALSE(fulfils(result, entry.expected));
      exceptions.erase(exception);
    }
  }
  if (tried > 0) {
    CHECK(tried == 815);
    CHECK(exceptions.empty());
  }
}

TEST_CASE("files of formats that are not opened yet are refused cleanly") {
  for (const Entry& entry : manifest()) {
    if (is_picture_folder(entry.folder())) continue;
    CAPTURE(entry.file);
    const Result<LoadedInput> result = load_input(kCorpora / entry.file, options());
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().key.starts_with("files."));
  }
}

TEST_CASE("refusals name what the file is") {
  if (!fs::exists(kCorpora)) return;
  const std::pair<const char*, Error> wanted[] = {
      {"odd/empty.png", Error("files.empty")},
      {"odd/git_lfs_pointer.png", Error("files.git_lfs")},
      {"odd/riff_webp_header.png", Error("files.not_offered").with("format", "WebP")},
      {"odd/svg.png", Error("files.not_offered").with("format", "SVG")},
      {"odd/zip.png", Error("files.not_offered").with("format", "ZIP")},
      {"odd/text.png", Error("files.other_text")},
      {"odd/ff_64k.jpg", Error("files.unknown")},
      {"bmp/jsummers__g-pal8rle.bmp", Error("files.not_offered").with("format", "RLE BMP")},
      {"png/stb__iphone_basi0g01.png", Error("files.not_offered").with("format", "Apple CgBI PNG")},
      {"bomb/png_30000x30000_1bit_zeros.png", Error("files.too_large")},
      {"bomb/jpg_4000x4000_progressive_800_scans.jpg", Error("files.too_many_scans")},
      {"odd/truncated_gif_50pct.gif", Error("files.truncated")}};
  for (const auto& [file, error] : wanted) {
    CAPTURE(file);
    const Result<LoadedInput> result = load_input(kCorpora / file, options());
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().key == error.key);
    if (!error.args.empty()) CHECK(result.error().args.back().value == error.args[0].value);
  }
}

TEST_CASE("files that hold the same picture are the same picture") {
  if (!fs::exists(kCorpora)) return;
  const std::vector<std::vector<std::string>> families = {
      {"bmp/jsummers__g-pal8.bmp", "bmp/jsummers__g-pal8os2.bmp", "bmp/jsummers__g-pal8-0.bmp",
       "bmp/jsummers__g-pal8topdown.bmp", "bmp/jsummers__g-pal8v4.bmp", "bmp/jsummers__g-pal8v5.bmp",
       "bmp/jsummers__q-pal8os2v2-40sz.bmp"},
      {"bmp/jsummers__g-rgb24pal.bmp", "bmp/jsummers__q-rgb24prof.bmp", "bmp/jsummers__q-rgb24lprof.bmp"},
      {"tga/python-pillow__200x32_l_bl_raw.tga", "tga/python-pillow__200x32_l_tl_rle.tga"},
      {"tga/python-pillow__200x32_la_bl_raw.tga", "tga/python-pillow__200x32_la_tl_rle.tga"},
      {"tga/serenityos__square-bottom-left.tga", "tga/serenityos__square-top-right.tga"},
      {"png/stb__oi2n2c16.png", "png/stb__oi4n2c16.png", "png/stb__basi2c16.png"},
      {"png/stb__s37i3p04.png", "png/stb__s37n3p04.png"}};
  for (const auto& family : families) {
    const Result<LoadedInput> first = load_input(kCorpora / family[0], options());
    REQUIRE(first.ok());
    for (const std::string& file : family) {
      CAPTURE(file);
      const Result<LoadedInput> other = load_input(kCorpora / file, options());
      REQUIRE(other.ok());
      CHECK(other.value().tensor->same_bits(*first.value().tensor));
    }
  }
}

TEST_CASE("photos with every kind of camera orientation come out upright") {
  if (!fs::exists(kCorpora)) return;
  // The same face, stored mirrored and turned; JPEG loses a little each time.
  const auto load = [](int orientation) {
    return load_input(
        kCorpora / ("jpg/python-pillow__hopper_orientation_" + std::to_string(orientation) + ".jpg"),
        options());
  };
  const Result<LoadedInput> first = load(2);
  REQUIRE(first.ok());
  for (const int orientation : {6, 7}) {
    const Result<LoadedInput> other = load(orientation);
    REQUIRE(other.ok());
    double difference = 0;
    for (int64_t i = 0; i < first.value().tensor->count(); ++i)
      difference += std::abs(first.value().tensor->data()[i] - other.value().tensor->data()[i]);
    CHECK(difference / static_cast<double>(first.value().tensor->count()) < 4);
  }
}

TEST_CASE("damaged copies of the corpus are answered by the worker or the guard") {
  const std::vector<Entry> entries = manifest();
  if (entries.empty()) return;
  const fs::path copy = fs::temp_directory_path() / ("poolscope-fuzz-" + std::to_string(getpid()));
  Random random(7);
  for (int round = 0; round < 400; ++round) {
    const Entry& entry = entries[static_cast<size_t>(random.below(static_cast<int64_t>(entries.size())))];
    if (!is_picture_folder(entry.folder()) || fs::file_size(kCorpora / entry.file) > 30000) continue;
    CAPTURE(round);
    CAPTURE(entry.file);
    std::ifstream from(kCorpora / entry.file, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(from), {}};
    for (int64_t change = random.below(6); change >= 0 && !bytes.empty(); --change)
      bytes[static_cast<size_t>(random.below(static_cast<int64_t>(bytes.size())))] =
          static_cast<char>(random.below(256));
    std::ofstream(copy, std::ios::binary) << bytes;
    const Result<LoadedInput> result = load_input(copy, options());
    if (result)
      CHECK(result.value().tensor->count() > 0);
    else
      CHECK(result.error().key != "files.too_slow");
  }
  fs::remove(copy);
}
