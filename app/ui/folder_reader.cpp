#include "app/ui/folder_reader.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace poolscope::ui {
namespace {

namespace fs = std::filesystem;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

bool comes_before(std::string_view a, std::string_view b) {
  size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      // Numbers of any length by value: without leading zeros the longer one is larger.
      while (i < a.size() && a[i] == '0')
        ++i;
      while (j < b.size() && b[j] == '0')
        ++j;
      const size_t from_a = i, from_b = j;
      while (i < a.size() && is_digit(a[i]))
        ++i;
      while (j < b.size() && is_digit(b[j]))
        ++j;
      if (i - from_a != j - from_b) return i - from_a < j - from_b;
      const int order = a.substr(from_a, i - from_a).compare(b.substr(from_b, j - from_b));
      if (order != 0) return order < 0;
      continue;
    }
    const char x = lower(a[i]), y = lower(b[j]);
    if (x != y) return static_cast<unsigned char>(x) < static_cast<unsigned char>(y);
    ++i;
    ++j;
  }
  if (i < a.size() || j < b.size()) return j < b.size();
  return a < b;  // the same but for case or zeros: any fixed order
}

bool has_extension(std::string_view name, const std::vector<std::string>& extensions) {
  const size_t dot = name.rfind('.');
  if (dot == name.npos) return false;
  std::string ending;
  for (const char c : name.substr(dot + 1))
    ending += lower(c);
  return std::find(extensions.begin(), extensions.end(), ending) != extensions.end();
}

FolderListing list_folder(const fs::path& folder, const std::vector<std::string>& extensions) {
  FolderListing listing{folder, true, true, {}, 0};
  std::error_code error;
  listing.is_folder = fs::is_directory(folder, error);
  fs::directory_iterator at(folder, error);
  listing.readable = !error;
  if (error) return listing;
  for (const fs::directory_iterator end; at != end; at.increment(error)) {
    if (error) break;
    FolderEntry entry{at->path().filename().string(), false};
    if (entry.name.empty() || entry.name[0] == '.') continue;
    std::error_code ignored;
    entry.is_folder = at->is_directory(ignored);
    if (entry.is_folder || has_extension(entry.name, extensions)) {
      listing.entries.push_back(std::move(entry));
    } else {
      ++listing.other_files;
    }
  }
  std::sort(listing.entries.begin(), listing.entries.end(), [](const FolderEntry& a, const FolderEntry& b) {
    return a.is_folder != b.is_folder ? a.is_folder : comes_before(a.name, b.name);
  });
  return listing;
}

struct FolderReader::Shared {
  std::vector<std::string> extensions;
  std::function<Preview(const fs::path&)> load_preview;
  std::function<void()> wake;

  std::mutex mutex;
  std::condition_variable work, idle;
  bool stop = false;
  std::optional<fs::path> wanted_folder;
  bool listing_now = false;
  std::optional<FolderListing> listed;
  std::deque<fs::path> wanted_previews;
  std::optional<fs::path> previewing;
  std::vector<Made> made;
};

namespace {

void run_lister(const std::shared_ptr<FolderReader::Shared>& shared) {
  std::unique_lock lock(shared->mutex);
  while (true) {
    shared->work.wait(lock, [&] { return shared->stop || shared->wanted_folder; });
    if (shared->stop) break;
    const fs::path folder = *std::exchange(shared->wanted_folder, std::nullopt);
    shared->listing_now = true;
    lock.unlock();
    FolderListing listing = list_folder(folder, shared->extensions);
    lock.lock();
    shared->listing_now = false;
    // Somebody who has gone on to another folder does not want this one any more.
    if (!shared->wanted_folder) shared->listed = std::move(listing);
    if (shared->wake && !shared->stop) shared->wake();
    shared->idle.notify_all();
  }
}

void run_previewer(const std::shared_ptr<FolderReader::Shared>& shared) {
  std::unique_lock lock(shared->mutex);
  while (true) {
    shared->work.wait(lock, [&] { return shared->stop || !shared->wanted_previews.empty(); });
    if (shared->stop) break;
    shared->previewing = shared->wanted_previews.front();
    shared->wanted_previews.pop_front();
    const fs::path file = *shared->previewing;
    lock.unlock();
    Preview preview;
    preview.ok = false;
    if (shared->load_preview) preview = shared->load_preview(file);
    lock.lock();
    shared->previewing.reset();
    shared->made.push_back({file, std::move(preview)});
    if (shared->wake && !shared->stop) shared->wake();
    shared->idle.notify_all();
  }
}

}  // namespace

FolderReader::FolderReader(std::vector<std::string> extensions,
                           std::function<Preview(const fs::path&)> load_preview, std::function<void()> wake)
    : shared_(std::make_shared<Shared>()) {
  shared_->extensions = std::move(extensions);
  shared_->load_preview = std::move(load_preview);
  shared_->wake = std::move(wake);
  // Detached, and the state is shared: see the destructor.
  std::thread(run_lister, shared_).detach();
  std::thread(run_previewer, shared_).detach();
}

FolderReader::~FolderReader() {
  std::unique_lock lock(shared_->mutex);
  shared_->stop = true;
  shared_->wanted_previews.clear();
  shared_->work.notify_all();
  // A preview has a time limit of its own, so it is waited for: it may use what the caller destroys next. A
  // folder on a disk that hangs is not; its thread uses nothing but the shared state.
  shared_->idle.wait(lock, [&] { return !shared_->previewing; });
}

void FolderReader::list(const fs::path& folder) {
  const std::lock_guard lock(shared_->mutex);
  shared_->wanted_folder = folder;
  shared_->listed.reset();
  shared_->wanted_previews.clear();
  shared_->work.notify_all();
}

bool FolderReader::listing() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->listing_now || shared_->wanted_folder || shared_->listed;
}

std::optional<FolderListing> FolderReader::take_listing() {
  const std::lock_guard lock(shared_->mutex);
  return std::exchange(shared_->listed, std::nullopt);
}

void FolderReader::want_previews(std::vector<fs::path> files) {
  const std::lock_guard lock(shared_->mutex);
  shared_->wanted_previews.assign(std::make_move_iterator(files.begin()),
                                  std::make_move_iterator(files.end()));
  if (shared_->previewing) std::erase(shared_->wanted_previews, *shared_->previewing);
  if (!shared_->wanted_previews.empty()) shared_->work.notify_all();
}

std::vector<FolderReader::Made> FolderReader::take_previews() {
  const std::lock_guard lock(shared_->mutex);
  return std::exchange(shared_->made, {});
}

}  // namespace poolscope::ui
