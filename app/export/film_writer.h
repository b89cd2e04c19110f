#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "app/export/film.h"

namespace poolscope {

/// Encodes and writes a film in a thread of its own while its pictures are still being made. Nothing is
/// written before the last picture has come, and then whole or not at all.
class FilmWriter {
 public:
  /// Without `replace` an existing file is an error, also one that has come meanwhile.
  FilmWriter(FilmFormat format, std::filesystem::path path, FilmFacts facts, bool replace,
             void (*wake)() = nullptr);
  /// Gives up what is not written yet.
  ~FilmWriter();
  FilmWriter(const FilmWriter&) = delete;
  FilmWriter& operator=(const FilmWriter&) = delete;

  /// Whether add() would take a picture at once. False: the encoder is behind by as many as there is room
  /// for.
  bool has_room() const;
  void wait_for_room();
  void add(FilmPicture picture);
  /// A picture that has been encoded, to be filled again; empty where there is none.
  FilmPicture recycled();
  /// There are no more pictures: finish and write.
  void end();
  /// Nothing will be written, unless it is being written already.
  void cancel();

  /// Written, failed or cancelled.
  bool done() const { return done_; }
  void wait();
  /// Once done. Errors: those of the encoder, of write_whole(), "export.error.exists" {path}.
  const Status& status() const { return *status_; }
  bool cancelled() const { return cancelled_; }
  /// Files and bytes that were written.
  int64_t files() const { return files_; }
  int64_t bytes() const { return bytes_; }

 private:
  void run();
  std::optional<FilmPicture> next();
  Status write(const std::vector<EncodedFile>& files);

  std::unique_ptr<FilmEncoder> encoder_;
  const bool replace_;
  void (*const wake_)();
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<FilmPicture> waiting_;
  std::deque<FilmPicture> used_;
  bool ended_ = false;
  std::atomic<bool> cancelled_{false}, done_{false};
  std::optional<Status> status_;
  int64_t files_ = 0, bytes_ = 0;
  std::thread thread_;
};

}  // namespace poolscope
