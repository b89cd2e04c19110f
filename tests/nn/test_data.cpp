#include <cmath>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "core/data/digits.h"
#include "core/data/idx.h"
#include "core/data/image_folder.h"
#include "core/data/samples.h"

using namespace poolscope;

namespace {

const std::filesystem::path kShared = POOLSCOPE_SHARED;

std::vector<uint8_t> read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<uint8_t> idx(std::vector<uint8_t> head, size_t values, uint8_t value = 7) {
  head.resize(head.size() + values, value);
  return head;
}

}  // namespace

TEST_CASE("IDX pictures and labels are read as they were written") {
  const std::vector<uint8_t> bytes = idx({0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4}, 24);
  const Result<IdxImages> images = parse_idx_images(bytes, "x");
  REQUIRE(images.ok());
  CHECK(images->shape == Shape{2, 1, 3, 4});
  CHECK(images->pixels == std::vector<uint8_t>(24, 7));
  const Result<std::vector<uint8_t>> labels = parse_idx_labels(idx({0, 0, 8, 1, 0, 0, 0, 2}, 2), "y");
  REQUIRE(labels.ok());
  const Result<Samples> samples = join_idx(*images, *labels, "y");
  REQUIRE(samples.ok());
  CHECK(samples->classes.size() == 8);
  CHECK(samples->count() == 2);
  CHECK(!join_idx(*images, {1, 2, 3}, "y").ok());
  CHECK(!join_idx(*images, {1, 200}, "y").ok());
}

TEST_CASE("an IDX file that is cut off anywhere is refused") {
  const std::vector<uint8_t> bytes = idx({0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4}, 24);
  for (size_t length = 0; length < bytes.size(); ++length)
    CHECK(!parse_idx_images(std::span(bytes).first(length), "x").ok());
  std::vector<uint8_t> longer = bytes;
  longer.push_back(0);
  CHECK(!parse_idx_images(longer, "x").ok());
}

TEST_CASE("every IDX file of the corpus is accepted or refused as its manifest says") {
  std::ifstream manifest(kShared / "corpora/manifest.tsv");
  if (!manifest) {
    MESSAGE("skipped: ../shared/corpora is not there");
    return;
  }
  int seen = 0;
  for (std::string line; std::getline(manifest, line);) {
    if (!line.starts_with("idx/")) continue;
    ++seen;
    const std::string name = line.substr(0, line.find('\t'));
    const size_t at = line.find('\t', line.find('\t') + 1) + 1;
    const std::string expected = line.substr(at, line.find('\t', at) - at);
    CAPTURE(name);
    const std::vector<uint8_t> bytes = read(kShared / "corpora" / name);
    const bool is_labels = name.find("labels") != std::string::npos;
    const Result<IdxImages> images = parse_idx_images(bytes, name);
    const Result<std::vector<uint8_t>> labels = parse_idx_labels(bytes, name);
    if (is_labels) CHECK(!images.ok());
    if (name.find("labels-as-images") != std::string::npos ||
        expected.find("counts differ") != std::string::npos)
      CHECK(labels.ok());
    else if (expected.starts_with("refuse"))
      CHECK((!images.ok() || expected.find("or accept") != std::string::npos));
    else if (expected.starts_with("accept 10 images") || expected.starts_with("accept 2 images 3"))
      CHECK(images.ok());
    else if (expected.starts_with("accept 10 labels"))
      CHECK(labels.ok());
    if (name.find("type-") != std::string::npos) CHECK(!images.ok());
  }
  CHECK(seen > 15);
}

TEST_CASE("MNIST is read packed: 60,000 and 10,000 digits") {
  const std::filesystem::path folder = kShared / "data/mnist";
  if (!std::filesystem::exists(folder / "t10k-images-idx3-ubyte.gz")) {
    MESSAGE("skipped: ../shared/data/mnist is not there");
    return;
  }
  std::vector<uint8_t> packed = read(folder / "t10k-images-idx3-ubyte.gz");
  const Result<IdxImages> images = parse_idx_images(packed, "t10k");
  REQUIRE(images.ok());
  CHECK(images->shape == Shape{10000, 1, 28, 28});
  const Result<std::vector<uint8_t>> labels =
      parse_idx_labels(read(folder / "t10k-labels-idx1-ubyte.gz"), "l");
  REQUIRE(labels.ok());
  const Samples samples = join_idx(*images, *labels, "l").value();
  CHECK(class_counts(samples)[1] == 1135);
  packed.resize(packed.size() / 2);
  CHECK(!parse_idx_images(packed, "t10k").ok());
}

TEST_CASE("drawn digits depend on their seed and number alone, and fill their box") {
  const Samples digits = draw_digits(200, 5);
  CHECK(draw_digits(200, 5).pixels == digits.pixels);
  CHECK(draw_digits(200, 6).pixels != digits.pixels);
  const Samples fewer = draw_digits(50, 5);
  CHECK(std::equal(fewer.pixels.begin(), fewer.pixels.end(), digits.pixels.begin()));
  CHECK(class_counts(digits) == std::vector<int64_t>(10, 20));
  for (int64_t i = 0; i < digits.count(); ++i) {
    const std::span<const uint8_t> picture = digits.picture(i);
    double mass = 0, mx = 0;
    for (size_t p = 0; p < picture.size(); ++p) {
      mass += picture[p];
      mx += picture[p] * static_cast<double>(p % 28);
    }
    CHECK(mass / 255 > 20);
    CHECK(mass / 255 < 300);
    CHECK(std::abs(mx / mass - 13.5) < 3);
  }
}

TEST_CASE("a split keeps every sample once, and every class on both sides") {
  const Samples digits = draw_digits(100, 1);
  const Split split = split_samples(digits, 0.2, 9);
  CHECK(class_counts(split.train) == std::vector<int64_t>(10, 8));
  CHECK(class_counts(split.test) == std::vector<int64_t>(10, 2));
  CHECK(split_samples(digits, 0.2, 9).test.pixels == split.test.pixels);
  CHECK(split_samples(digits, 0.2, 8).test.pixels != split.test.pixels);
}

TEST_CASE("a black digit on a large white picture becomes one like MNIST's") {
  Tensor picture({1, 1, 100, 140}, 250.0f);
  for (int64_t y = 20; y < 60; ++y)
    for (int64_t x = 100; x < 108; ++x)
      picture.at(0, 0, y, x) = 10;
  const std::vector<uint8_t> prepared = prepare_picture(picture, {});
  REQUIRE(prepared.size() == 784);
  // 40 x 8 pixels become 20 x 4, around the middle, white on black.
  CHECK(prepared[14 * 28 + 14] > 230);
  CHECK(prepared[5 * 28 + 13] > 200);
  CHECK(prepared[3 * 28 + 13] < 20);
  CHECK(prepared[14 * 28 + 10] < 20);
  CHECK(prepared[0] < 20);
  Preparation as_is;
  as_is.invert = Invert::never;
  as_is.shape = picture.shape();
  const std::vector<uint8_t> same = prepare_picture(picture, as_is);
  CHECK(same[0] == 250);
  CHECK(same[static_cast<size_t>(30 * 140 + 104)] == 10);
}

TEST_CASE("a folder of folders becomes samples through the loader that is given") {
  const std::filesystem::path root = std::filesystem::temp_directory_path() / "poolscope-test-folder";
  std::filesystem::remove_all(root);
  CHECK(!list_image_folder(root).ok());
  std::filesystem::create_directories(root / "cat");
  CHECK(!list_image_folder(root).ok());
  std::filesystem::create_directories(root / "dog");
  for (const char* name : {"cat/a.png", "cat/b.png", "dog/c.png", "dog/.hidden"})
    std::ofstream(root / name) << name;
  const Result<ImageFolder> listed = list_image_folder(root);
  REQUIRE(listed.ok());
  CHECK(listed->classes == std::vector<std::string>{"cat", "dog"});
  CHECK(listed->labels == std::vector<uint16_t>{0, 0, 1});
  const PictureLoader loader = [](const std::filesystem::path& path) -> Result<LoadedInput> {
    LoadedInput input;
    input.tensor = std::make_shared<Tensor>(Shape{1, 3, 8, 8}, path.filename() == "c.png" ? 200.0f : 20.0f);
    return input;
  };
  Preparation preparation;
  preparation.shape = {1, 1, 4, 4};
  preparation.invert = Invert::never;
  preparation.centre = false;
  const Result<Samples> samples = load_image_folder(*listed, preparation, loader);
  REQUIRE(samples.ok());
  CHECK(samples->count() == 3);
  CHECK(samples->picture(0)[5] == 20);
  CHECK(samples->picture(2)[5] == 200);
  const PictureLoader failing = [](const std::filesystem::path&) -> Result<LoadedInput> {
    return Error("files.damaged");
  };
  CHECK(!load_image_folder(*listed, preparation, failing).ok());
  std::filesystem::remove_all(root);
}
