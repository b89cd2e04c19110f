#include "app/model/autosave.h"

#include <algorithm>
#include <ctime>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace poolscope {

namespace {

namespace fs = std::filesystem;

constexpr const char* kEnding = ".pool.json";
constexpr const char* kLockEnding = ".lock";
constexpr size_t kMostLeftOvers = 20;

/// The descriptor of the locked file, or -1 where another program holds it.
int lock_file(const fs::path& file, bool create) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | (create ? O_CREAT : 0), 0600);
  if (descriptor < 0) return -1;
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return descriptor;
  ::close(descriptor);
  return -1;
}

std::string local_time(std::time_t seconds) {
  std::tm parts{};
  char text[32] = "";
  if (::localtime_r(&seconds, &parts) != nullptr) std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &parts);
  return text;
}

fs::path lock_of(fs::path file) {
  return file += kLockEnding;
}

void remove_with_lock(const fs::path& file) {
  std::error_code ignored;
  fs::remove(file, ignored);
  fs::remove(lock_of(file), ignored);
}

}  // namespace

Autosave::Autosave(fs::path folder) : folder_(std::move(folder)) {}

Autosave::~Autosave() {
  if (own_lock_ >= 0) {
    if (!stays_) remove_with_lock(own_);
    ::close(own_lock_);
  }
  if (held_lock_ >= 0) ::close(held_lock_);
}

std::optional<LeftOver> Autosave::find_left_over() {
  struct Found {
    fs::path file;
    std::time_t time;
    int lock;
  };
  std::vector<Found> found;
  std::error_code failed;
  std::vector<fs::path> locks;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, failed))
    if (entry.path().extension() == kLockEnding) locks.push_back(entry.path());
  for (const fs::path& lock : locks) {
    const int descriptor = lock_file(lock, false);
    if (descriptor < 0) continue;
    const fs::path file = lock.parent_path() / lock.stem();
    struct stat state {};
    if (::stat(file.c_str(), &state) == 0) {
      found.push_back({file, state.st_mtime, descriptor});
      continue;
    }
    fs::remove(lock, failed);  // its program ended between lock and file
    ::close(descriptor);
  }
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return a.time != b.time ? a.time > b.time : a.file > b.file;
  });
  for (size_t i = 1; i < found.size(); ++i) {
    if (i >= kMostLeftOvers) remove_with_lock(found[i].file);
    ::close(found[i].lock);
  }
  if (found.empty()) return std::nullopt;
  if (held_lock_ >= 0) ::close(held_lock_);
  held_lock_ = found[0].lock;
  return LeftOver{found[0].file, local_time(found[0].time)};
}

bool Autosave::take_own_lock() {
  if (own_lock_ >= 0) return true;
  if (folder_.empty()) return false;
  std::error_code failed;
  fs::create_directories(folder_, failed);
  // A number of a process may come again; its lock tells whether it is still the same.
  for (int attempt = 0; attempt < 20; ++attempt) {
    const std::string name = "autosave-" + std::to_string(::getpid()) + "-" + std::to_string(attempt);
    const fs::path file = folder_ / (name + kEnding);
    if (fs::exists(file, failed) || fs::exists(lock_of(file), failed)) continue;
    own_lock_ = lock_file(lock_of(file), true);
    if (own_lock_ < 0) return false;
    own_ = file;
    return true;
  }
  return false;
}

fs::path Autosave::prepare() {
  return take_own_lock() ? own_ : fs::path();
}

void Autosave::clear() {
  std::error_code ignored;
  if (own_lock_ >= 0) fs::remove(own_, ignored);
}

void Autosave::adopt(const LeftOver& left_over) {
  if (!take_own_lock()) return;
  std::error_code failed;
  fs::rename(left_over.file, own_, failed);
  if (!failed) discard(left_over);
}

void Autosave::discard(const LeftOver& left_over) {
  remove_with_lock(left_over.file);
  if (held_lock_ >= 0) ::close(held_lock_);
  held_lock_ = -1;
}

}  // namespace poolscope
