#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "app/platform/load_input.h"

using namespace poolscope;
namespace fs = std::filesystem;

namespace {

const fs::path kScript = fs::path(POOLSCOPE_SHARED) / "corpora" / "make_fs_oddities.sh";

/// The folder that the script fills; empty where there is no script.
class Oddities {
 public:
  Oddities() {
    if (!fs::exists(kScript)) {
      MESSAGE("no " << kScript.string() << ": nothing tested");
      return;
    }
    folder_ = fs::temp_directory_path() / ("poolscope-odd-" + std::to_string(getpid()));
    const std::string command = "bash '" + kScript.string() + "' '" + folder_.string() + "' >/dev/null";
    made_ = std::system(command.c_str()) == 0;
  }
  ~Oddities() {
    if (folder_.empty()) return;
    // Folders without permissions, and paths longer than the system takes in one piece.
    const std::string path = "'" + folder_.string() + "'";
    std::system(("chmod -R u+rwX " + path + "/noenter " + path + "/readonly; rm -rf " + path).c_str());
  }
  bool made() const { return made_; }
  const fs::path& folder() const { return folder_; }

 private:
  fs::path folder_;
  bool made_ = false;
};

Result<LoadedInput> load(const fs::path& path) {
  LoadOptions options;
  options.worker = POOLSCOPE_PROGRAM;
  return load_input(path, options);
}

/// The refusal's key; its sentence must name the file, without any control character.
std::string refusal(const fs::path& path) {
  const Result<LoadedInput> result = load(path);
  if (result) return "accepted";
  for (const Arg& arg : result.error().args)
    for (const char c : arg.value)
      CHECK(static_cast<unsigned char>(c) >= ' ');
  CHECK_FALSE(result.error().args[0].value.empty());
  return result.error().key;
}

void check_refused(const fs::path& folder) {
  CHECK(refusal(folder / "dir.png") == "files.is_folder");
  CHECK(refusal(folder / "fifo.png") == "files.not_regular");
  CHECK(refusal(folder / "zero.png") == "files.not_regular");
  CHECK(refusal(folder / "full.json") == "files.not_regular");
  CHECK(refusal(folder / "tty.png") == "files.not_regular");
  CHECK(refusal(folder / "dangling.png") == "files.not_found");
  CHECK(refusal(folder / "no such file.png") == "files.not_found");
  CHECK(refusal(folder / "sparse5G.png" / "x") == "files.not_found");
  CHECK(refusal(folder / "loop.png") == "files.link_loop");
  CHECK(refusal(folder / "sparse5G.png") == "files.too_many_bytes");
  CHECK(refusal(folder / "sparse2G.idx3-ubyte") == "files.too_many_bytes");
  CHECK(refusal(folder / std::string(300, 'a')) == "files.name_too_long");
  CHECK(load("").error().key == "files.not_found");
  // The super-user may read everything; the content is one letter.
  const bool super_user = geteuid() == 0;
  CHECK(refusal(folder / "unreadable.png") == (super_user ? "files.other_text" : "files.not_allowed"));
  CHECK(refusal(folder / "noenter/sub/a.png") == (super_user ? "files.other_text" : "files.not_allowed"));
}

void check_odd_names(const fs::path& folder) {
  const uintmax_t picture_bytes = fs::file_size(folder / "-dash-first.png");
  int pictures = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    std::error_code error;
    if (!entry.is_regular_file(error) || entry.file_size(error) != picture_bytes) continue;
    CAPTURE(entry.path().string());
    const Result<LoadedInput> result = load(entry.path());
    REQUIRE(result.ok());
    CHECK(result.value().tensor->shape() == Shape{1, 3, 2, 3});
    for (const char c : result.value().name)
      CHECK(static_cast<unsigned char>(c) >= ' ');
    ++pictures;
  }
  CHECK(pictures == 12);
}

void check_many(const fs::path& folder) {
  int empty = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder / "many"))
    empty += refusal(entry.path()) == "files.empty" ? 1 : 0;
  CHECK(empty == 5000);
}

}  // namespace

TEST_CASE("the odd files of make_fs_oddities.sh: pipes, devices, links, giants, strange names") {
  const Oddities odd;
  if (!odd.made()) return;
  check_refused(odd.folder());
  check_odd_names(odd.folder());
  check_many(odd.folder());
}
