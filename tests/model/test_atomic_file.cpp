#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/model/atomic_file.h"
#include "tests/model/scratch_folder.h"

using namespace poolscope;
namespace fs = std::filesystem;

namespace {

std::string reason(const Status& status) {
  if (status.ok()) return "ok";
  for (const Arg& arg : status.error().args)
    if (arg.name == "reason") return arg.value;
  return "no reason";
}

mode_t mode(const fs::path& path) {
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 07777;
}

}  // namespace

TEST_CASE("a file is created and replaced whole") {
  ScratchFolder folder;
  const std::string zeros(300000, '\0');
  CHECK(write_whole(folder / "a", "first").ok());
  CHECK(ScratchFolder::read(folder / "a") == "first");
  CHECK(write_whole(folder / "a", zeros).ok());
  CHECK(ScratchFolder::read(folder / "a") == zeros);
  CHECK(write_whole(folder / "a", "").ok());
  CHECK(ScratchFolder::read(folder / "a").empty());
  CHECK(write_whole(folder / std::string(255, 'n'), "long").ok());
  CHECK(folder.entries() == 2);
}

TEST_CASE("the mode of a file stays, and a new file follows the umask") {
  ScratchFolder folder;
  const mode_t before = ::umask(027);
  CHECK(write_whole(folder / "new", "x").ok());
  CHECK(mode(folder / "new") == 0640);
  REQUIRE(::chmod((folder / "new").c_str(), 0604) == 0);
  CHECK(write_whole(folder / "new", "y").ok());
  CHECK(mode(folder / "new") == 0604);
  ::umask(before);
}

TEST_CASE("links are followed and stay links") {
  ScratchFolder folder;
  folder.put("there/file", "old");
  fs::create_symlink("there/file", folder / "link");
  fs::create_symlink("link", folder / "link2");
  CHECK(write_whole(folder / "link2", "new").ok());
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(ScratchFolder::read(folder / "there/file") == "new");

  fs::create_symlink("there/not-yet", folder / "dangling");
  CHECK(write_whole(folder / "dangling", "made").ok());
  CHECK(ScratchFolder::read(folder / "there/not-yet") == "made");

  CHECK(write_target(folder / "link2") == write_target(folder / "there/../there/file"));
  CHECK(write_target(folder / "link2") != write_target(folder / "there/other"));

  fs::create_symlink("round", folder / "round");
  CHECK(reason(write_whole(folder / "round", "x")) == "save.reason.link_loop");
  CHECK(fs::is_symlink(folder / "round"));
}

TEST_CASE("what is not an ordinary, writable file is refused and left as it was") {
  ScratchFolder folder;
  CHECK(reason(write_whole(folder / "nowhere/a", "x")) == "save.reason.no_folder");
  folder.put("file", "x");
  CHECK(reason(write_whole(folder / "file/a", "x")) == "save.reason.no_folder");
  CHECK(reason(write_whole(folder.path(), "x")) == "save.reason.folder");
  CHECK(reason(write_whole(folder / "new/", "x")) != "ok");
  CHECK(reason(write_whole(folder / std::string(256, 'n'), "x")) == "save.reason.long_name");
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(reason(write_whole(folder / "pipe", "x")) == "save.reason.special");
  fs::create_symlink("/dev/full", folder / "full");
  CHECK(reason(write_whole(folder / "full", "x")) == "save.reason.special");
  CHECK(fs::is_character_file("/dev/full"));
  if (::geteuid() != 0) {  // root may write everywhere
    fs::permissions(folder / "file", fs::perms::owner_read);
    CHECK(reason(write_whole(folder / "file", "y")) == "save.reason.not_allowed");
    fs::create_directory(folder / "closed");
    fs::permissions(folder / "closed", fs::perms::owner_read | fs::perms::owner_exec);
    CHECK(reason(write_whole(folder / "closed/a", "y")) == "save.reason.not_allowed");
    fs::permissions(folder / "closed", fs::perms::owner_all);
  }
  CHECK(ScratchFolder::read(folder / "file") == "x");
}

TEST_CASE("of several files, none is replaced when one cannot be written") {
  ScratchFolder folder;
  folder.put("a", "old a");
  folder.put("c", "old c");
  const FileContent bad[] = {{folder / "a", "new a"}, {folder / "no/b", "new b"}, {folder / "c", "new c"}};
  CHECK(!write_whole(bad).ok());
  CHECK(ScratchFolder::read(folder / "a") == "old a");
  CHECK(ScratchFolder::read(folder / "c") == "old c");
  CHECK(folder.entries() == 2);
  const FileContent good[] = {{folder / "a", "new a"}, {folder / "b", "new b"}};
  CHECK(write_whole(good).ok());
  CHECK(ScratchFolder::read(folder / "a") == "new a");
  CHECK(ScratchFolder::read(folder / "b") == "new b");
}

TEST_CASE("a write that fails half-way leaves the old file and no litter") {
  ScratchFolder folder;
  folder.put("a", "old");
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1000, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  const Status status = write_whole(folder / "a", std::string(5000, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);
  CHECK(reason(status) == "save.reason.too_large");
  CHECK(ScratchFolder::read(folder / "a") == "old");
  CHECK(folder.entries() == 1);
}
