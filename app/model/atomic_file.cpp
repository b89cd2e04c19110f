#include "app/model/atomic_file.h"

#include <atomic>
#include <cerrno>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/data/display_name.h"

namespace poolscope {

namespace {

namespace fs = std::filesystem;

const char* reason_key(int code) {
  switch (code) {
    case ENOENT:
      return "save.reason.no_folder";
    case ENOTDIR:
      return "save.reason.no_folder";
    case EACCES:
    case EPERM:
      return "save.reason.not_allowed";
    case EROFS:
      return "save.reason.read_only";
    case ENOSPC:
    case EDQUOT:
      return "save.reason.full";
    case EFBIG:
      return "save.reason.too_large";
    case ENAMETOOLONG:
      return "save.reason.long_name";
    case ELOOP:
      return "save.reason.link_loop";
    case EISDIR:
      return "save.reason.folder";
    default:
      return "save.reason.other";
  }
}

Error save_error(const fs::path& path, int code) {
  Error error("save.failed");
  error.with("path", displayable(path.string())).with("reason", reason_key(code)).with("code", code);
  return error;
}

/// A temporary file beside its target. Whatever is not committed is removed.
class Draft {
 public:
  Draft(const FileContent& file, fs::path target) : file_(file), target_(std::move(target)) {}
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
  }

  Status write() {
    struct stat present {};
    const bool exists = ::stat(target_.c_str(), &present) == 0;
    if (!exists && errno != ENOENT) return save_error(file_.path, errno);
    if (target_.filename().empty() || (exists && S_ISDIR(present.st_mode)))
      return save_error(file_.path, EISDIR);
    if (exists && !S_ISREG(present.st_mode))
      return Error("save.failed")
          .with("path", displayable(file_.path.string()))
          .with("reason", "save.reason.special");
    if (exists && ::access(target_.c_str(), W_OK) != 0) return save_error(file_.path, errno);
    if (!open_temporary()) return save_error(file_.path, errno);
    if (exists) {
      // Only root can give a file away; for everybody else the owner is right already.
      if (::fchown(descriptor_, present.st_uid, present.st_gid) != 0 && errno != EPERM)
        return save_error(file_.path, errno);
      if (::fchmod(descriptor_, present.st_mode & 07777) != 0) return save_error(file_.path, errno);
    }
    return fill();
  }

  Status commit() {
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) return save_error(file_.path, errno);
    temporary_.clear();
    // The rename is on disk once its folder is. Some file systems cannot flush a folder; the content is whole
    // either way, so this is not an error.
    const int folder = ::open(target_.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return {};
    ::fsync(folder);
    ::close(folder);
    return {};
  }

 private:
  /// A name that does not grow with the target's, which may already be as long as a name can be.
  bool open_temporary() {
    static std::atomic<unsigned> counter{0};
    constexpr int kAttempts = 100;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      const std::string name =
          ".poolscope-" + std::to_string(::getpid()) + "-" + std::to_string(counter++) + ".tmp";
      temporary_ = (target_.parent_path() / name).string();
      // The process's umask makes the mode of a new file, as with any other program.
      descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      if (descriptor_ >= 0) return true;
      temporary_.clear();
      if (errno != EEXIST) return false;
    }
    return false;
  }

  Status fill() {
    std::string_view left = file_.bytes;
    while (!left.empty()) {
      const ssize_t count = ::write(descriptor_, left.data(), left.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return save_error(file_.path, errno);
      left.remove_prefix(static_cast<size_t>(count));
    }
    if (::fsync(descriptor_) != 0) return save_error(file_.path, errno);
    const int closing = std::exchange(descriptor_, -1);
    if (::close(closing) != 0) return save_error(file_.path, errno);
    return {};
  }

  FileContent file_;
  fs::path target_;
  std::string temporary_;
  int descriptor_ = -1;
};

}  // namespace

fs::path write_target(const fs::path& path) {
  std::error_code failed;
  fs::path target = fs::absolute(path, failed);
  if (failed) return path;
  constexpr int kMostLinks = 40;  // as many as Linux follows
  for (int i = 0; i < kMostLinks && fs::is_symlink(fs::symlink_status(target, failed)); ++i) {
    const fs::path next = fs::read_symlink(target, failed);
    if (failed) return path;
    target = target.parent_path() / next;
  }
  const fs::path folder = fs::canonical(target.parent_path(), failed);
  return failed ? target : folder / target.filename();
}

Status write_whole(std::span<const FileContent> files) {
  std::vector<std::unique_ptr<Draft>> drafts;
  for (const FileContent& file : files) {
    drafts.push_back(std::make_unique<Draft>(file, write_target(file.path)));
    if (Status status = drafts.back()->write(); !status.ok()) return status;
  }
  for (const auto& draft : drafts)
    if (Status status = draft->commit(); !status.ok()) return status;
  return {};
}

Status write_whole(const fs::path& path, std::string_view bytes) {
  const FileContent file{path, bytes};
  return write_whole(std::span(&file, 1));
}

}  // namespace poolscope
