#include "app/export/film_writer.h"

#include <system_error>
#include <utility>
#include <vector>

#include "app/model/atomic_file.h"
#include "core/data/display_name.h"

namespace poolscope {

namespace {
// Enough for the encoder never to wait for a picture, few enough for pictures of many megapixels.
constexpr size_t kMostWaiting = 4;
}  // namespace

Status write_files(std::span<const EncodedFile> files, bool replace) {
  std::vector<FileContent> contents;
  for (const EncodedFile& file : files) {
    std::error_code unknown;
    if (!replace && std::filesystem::exists(std::filesystem::symlink_status(file.path, unknown)))
      return Error("export.error.exists").with("path", displayable(file.path.string()));
    contents.push_back({file.path, file.bytes});
  }
  return write_whole(contents);
}

FilmWriter::FilmWriter(FilmFormat format, std::filesystem::path path, FilmFacts facts, bool replace,
                       void (*wake)())
    : encoder_(make_encoder(format, path, facts)), replace_(replace), wake_(wake) {
  thread_ = std::thread([this] { run(); });
}

FilmWriter::~FilmWriter() {
  cancel();
  thread_.join();
}

bool FilmWriter::has_room() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size() < kMostWaiting || done_;
}

void FilmWriter::wait_for_room() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return waiting_.size() < kMostWaiting || done_; });
}

void FilmWriter::add(FilmPicture picture) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(picture));
  changed_.notify_all();
}

FilmPicture FilmWriter::recycled() {
  const std::lock_guard lock(mutex_);
  if (used_.empty()) return {};
  FilmPicture picture = std::move(used_.front());
  used_.pop_front();
  return picture;
}

void FilmWriter::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

void FilmWriter::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  changed_.notify_all();
}

void FilmWriter::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return done_.load(); });
}

std::optional<FilmPicture> FilmWriter::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return cancelled_ || ended_ || !waiting_.empty(); });
  if (cancelled_ || waiting_.empty()) return std::nullopt;
  FilmPicture picture = std::move(waiting_.front());
  waiting_.pop_front();
  changed_.notify_all();
  return picture;
}

Status FilmWriter::write(const std::vector<EncodedFile>& files) {
  files_ = static_cast<int64_t>(files.size());
  for (const EncodedFile& file : files)
    bytes_ += static_cast<int64_t>(file.bytes.size());
  return write_files(files, replace_);
}

void FilmWriter::run() {
  Status status;
  while (std::optional<FilmPicture> picture = next()) {
    if (status.ok()) status = encoder_->add(*picture);
    const std::lock_guard lock(mutex_);
    used_.push_back(std::move(*picture));
    if (used_.size() > kMostWaiting) used_.pop_front();
    if (!status.ok()) break;
  }
  if (status.ok() && !cancelled_) {
    const Result<std::vector<EncodedFile>> files = encoder_->finish();
    status = files.ok() ? (cancelled_ ? Status() : write(*files)) : files.error();
  }
  {
    const std::lock_guard lock(mutex_);
    status_ = std::move(status);
    done_ = true;
    changed_.notify_all();
  }
  if (wake_ != nullptr) wake_();
}

}  // namespace poolscope
