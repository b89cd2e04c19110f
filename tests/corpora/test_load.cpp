#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "app/platform/load_input.h"
#include "core/data/npy.h"
#include "tests/data/sample_files.h"

using namespace poolscope;
namespace fs = std::filesystem;

namespace {

/// A folder that disappears with its content.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("poolscope-load-" + std::to_string(getpid()))) {
    fs::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  fs::path write(const std::string& name, const std::vector<uint8_t>& bytes) const {
    std::ofstream(path_ / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return path_ / name;
  }
  fs::path write(const std::string& name, const std::string& text) const {
    return write(name, std::vector<uint8_t>(text.begin(), text.end()));
  }
  /// A program to be started instead of the worker.
  fs::path script(const std::string& name, const std::string& body) const {
    const fs::path path = write(name, "#!/bin/sh\n" + body + "\n");
    chmod(path.c_str(), 0700);
    return path;
  }

 private:
  fs::path path_;
};

LoadOptions options(const fs::path& worker = POOLSCOPE_PROGRAM) {
  LoadOptions result;
  result.worker = worker;
  return result;
}

}  // namespace

TEST_CASE("the sample picture comes out of every format with its known pixels") {
  const Folder folder;
  const std::pair<const char*, sample::Bytes> files[] = {
      {"a.png", sample::png()},
      {"a.bmp", sample::bmp24()},
      {"os2.bmp", sample::bmp_os2()},
      {"a.tga", sample::tga24()},
      {"palette.tga", sample::tga_palette_rle()},
      {"a.gif", sample::gif()},
      {"clear.gif", sample::gif({0, 1, 2, 3, 4, 5, sample::kGifEnd})},
      {"a.psd", sample::psd()},
      {"16.psd", sample::psd(16)},
      {"rle.psd", sample::psd(8, 3, 1)},
      {"a.ppm", sample::ppm()}};
  for (const auto& [name, bytes] : files) {
    CAPTURE(name);
    const Result<LoadedInput> result = load_input(folder.write(name, bytes), options());
    REQUIRE(result.ok());
    CHECK(result.value().is_picture);
    CHECK(result.value().name == name);
    CHECK(result.value().full_width == 3);
    const Tensor& tensor = *result.value().tensor;
    REQUIRE(tensor.shape() == Shape{1, 3, 2, 3});
    for (int64_t i = 0; i < 6; ++i)
      for (int64_t c = 0; c < 3; ++c)
        CHECK(tensor.plane(c)[i] == sample::kPixels[static_cast<size_t>(i)][static_cast<size_t>(c)]);
  }
}

TEST_CASE("grey stays one channel, transparency is laid over white") {
  const Folder folder;
  const auto png = [](uint8_t colour_type, const sample::Bytes& row) {
    return sample::Writer()
        .text("\x89PNG\r\n\x1a\n")
        .bytes(sample::png_header(2, 1, 8, colour_type))
        .bytes(sample::png_chunk("IDAT", sample::zlib_stored(row)))
        .bytes(sample::png_chunk("IEND", {}))
        .done();
  };
  const auto load = [&](const sample::Bytes& bytes) {
    return load_input(folder.write("g.png", bytes), options());
  };
  CHECK(load(png(0, {0, 10, 200})).value().tensor->same_bits(Tensor::matrix({{10, 200}})));
  CHECK(load(png(4, {0, 10, 255, 10, 0})).value().tensor->same_bits(Tensor::matrix({{10, 255}})));
  const Result<LoadedInput> rgba = load(png(6, {0, 0, 100, 200, 255, 0, 100, 200, 51}));
  REQUIRE(rgba.ok());
  REQUIRE(rgba.value().tensor->shape() == Shape{1, 3, 1, 2});
  CHECK(rgba.value().tensor->at(0, 1, 0, 0) == 100);
  CHECK(rgba.value().tensor->at(0, 0, 0, 1) == 204);  // 255 * 4 / 5
  CHECK(rgba.value().tensor->at(0, 2, 0, 1) == 244);
}

TEST_CASE("matrices keep their numbers and their dimensions") {
  const Folder folder;
  const Tensor matrix = Tensor::matrix({{1, -2.5f}, {300, 4}});
  const Result<LoadedInput> npy = load_input(folder.write("m.npy", encode_npy(matrix, 3)), options());
  REQUIRE(npy.ok());
  CHECK_FALSE(npy.value().is_picture);
  CHECK(npy.value().dimensions == 3);
  CHECK(npy.value().tensor->same_bits(matrix));
  const Result<LoadedInput> csv = load_input(folder.write("m.png", "1,-2.5\n300,4\n"), options());
  REQUIRE(csv.ok());
  CHECK(csv.value().dimensions == 2);
  CHECK(csv.value().tensor->same_bits(matrix));
}

TEST_CASE("a preview is small and knows how large the picture is") {
  const Folder folder;
  LoadOptions small = options();
  small.max_side = 2;
  const Result<LoadedInput> result = load_input(folder.write("a.png", sample::png()), small);
  REQUIRE(result.ok());
  CHECK(result.value().tensor->shape() == Shape{1, 3, 1, 2});
  CHECK(result.value().full_width == 3);
  CHECK(result.value().full_height == 2);
}

TEST_CASE("a worker that fails in any way costs one sentence") {
  const Folder folder;
  const fs::path picture = folder.write("a.png", sample::png());
  const auto key = [&](const fs::path& worker) {
    const Result<LoadedInput> result = load_input(picture, options(worker));
    return result ? std::string("accepted") : result.error().key;
  };
  CHECK(key(POOLSCOPE_PROGRAM) == "accepted");
  CHECK(key(folder.write("no-program", "x")) == "files.no_worker");
  CHECK(key("/nonexistent/program") == "files.no_worker");
  CHECK(key("/bin/false") == "files.damaged");
  CHECK(key(folder.script("crash", "kill -SEGV $$")) == "files.damaged");
  CHECK(key(folder.script("garbage", "echo much longer than any verdict could be >&5")) == "files.damaged");
  CHECK(key(folder.script("hang", "exec sleep 600")) == "files.too_slow");
}

TEST_CASE("loading can be cancelled while the worker runs") {
  const Folder folder;
  std::atomic<bool> cancelled = false;
  LoadOptions patient = options(folder.script("hang", "exec sleep 600"));
  patient.cancelled = &cancelled;
  const fs::path picture = folder.write("a.png", sample::png());
  std::thread user([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    cancelled = true;
  });
  const Result<LoadedInput> result = load_input(picture, patient);
  user.join();
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().key == "files.cancelled");
}

TEST_CASE("no open files and no children are left behind") {
  const Folder folder;
  const fs::path picture = folder.write("a.png", sample::png()),
                 broken = folder.write("b.png", "\x89PNG\r\n\x1a\n");
  const auto open_files = [] {
    return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
  };
  const auto before = open_files();
  for (int i = 0; i < 20; ++i) {
    CHECK(load_input(picture, options()).ok());
    CHECK_FALSE(load_input(broken, options()).ok());
    CHECK_FALSE(load_input(picture, options("/bin/false")).ok());
  }
  CHECK(open_files() == before);
}

TEST_CASE("started by hand the worker declines") {
  CHECK(WEXITSTATUS(
            std::system((std::string(POOLSCOPE_PROGRAM) + " --decode-worker 3<&- 4<&- 5<&-").c_str())) == 2);
}
