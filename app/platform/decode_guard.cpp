#include "app/platform/decode_guard.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "app/platform/decode_job.h"
#include "core/data/file_errors.h"
#include "core/data/pixels.h"

namespace poolscope {

namespace {

// How long a picture may take: a fixed part, and one for its size. An 8192 x 8192 JPEG took 1.3 to 2 seconds
// and the slowest PNG of that size (16 bits, interlaced) 9, on two busy cores. The clock on the wall gets
// more than the processor, because the machine may have other things to do.
constexpr double kCpuSeconds = 1.0, kCpuSecondsPerMegapixel = 0.25;
constexpr double kWallSeconds = 1.8, kWallSecondsPerMegapixel = 0.5;
#ifdef __SANITIZE_ADDRESS__
constexpr double kPatience = 4;  // instrumented code is that much slower
#else
constexpr double kPatience = 1;
#endif
constexpr int kPollMilliseconds = 20;
// Above the numbers that the worker expects, so that moving the files into place overwrites none of them.
constexpr int kLowestFd = 16;

class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd() { close_now(); }
  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }
  void close_now() {
    if (fd_ >= 0) close(std::exchange(fd_, -1));
  }
  /// The same file under a number of at least kLowestFd.
  Fd raised() const { return Fd(fcntl(fd_, F_DUPFD_CLOEXEC, kLowestFd)); }

 private:
  int fd_;
};

bool write_all(int fd, const void* data, size_t size) {
  const auto* bytes = static_cast<const uint8_t*>(data);
  while (size > 0) {
    const ssize_t written = write(fd, bytes, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes += written;
    size -= static_cast<size_t>(written);
  }
  return true;
}

Fd memory_file(const char* name) {
  return Fd(memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING)).raised();
}

/// The job as a file that nobody can change any more.
Fd make_job(const DecodeJob& job, std::span<const uint8_t> file) {
  Fd fd = memory_file("poolscope-picture");
  const bool whole =
      fd.ok() && write_all(fd.get(), &job, sizeof job) && write_all(fd.get(), file.data(), file.size());
  if (!whole || fcntl(fd.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
    return Fd();
  return fd;
}

/// Room for the pixels. Its size is sealed: a worker that made it smaller could crash whoever reads it.
Fd make_room(int64_t bytes) {
  Fd fd = memory_file("poolscope-pixels");
  if (!fd.ok() || ftruncate(fd.get(), bytes) != 0 ||
      fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
    return Fd();
  return fd;
}

/// This program. /proc stays right when the file was moved or built anew; without /proc (a bare chroot) the
/// path that it was started by has to do.
std::string own_program() {
  constexpr char kSelf[] = "/proc/self/exe";
  const auto started_by = getauxval(AT_EXECFN);
  if (access(kSelf, X_OK) == 0 || started_by == 0) return kSelf;
  return reinterpret_cast<const char*>(started_by);
}

/// Starts the worker with its three files and nothing else of ours. -1: it could not be started.
pid_t start_worker(const std::filesystem::path& program, const Fd& job, const Fd& pixels, const Fd& verdict) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&files, job.get(), kJobFd);
  posix_spawn_file_actions_adddup2(&files, pixels.get(), kPixelsFd);
  posix_spawn_file_actions_adddup2(&files, verdict.get(), kVerdictFd);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const std::string path = program.empty() ? own_program() : program.string();
  std::string own_name = "poolscope", argument = kDecodeWorkerArgument;
  char* arguments[] = {own_name.data(), argument.data(), nullptr};
  pid_t pid = -1;
  const int error = posix_spawn(&pid, path.c_str(), &files, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error == 0 ? pid : -1;
}

enum class Ending { kAnswered, kSilent, kTooLong, kCancelled };

/// Waits for the verdict, the worker's death, the end of patience or a change of mind, whichever comes first.
Ending wait_for(const Fd& pipe, double seconds, const std::atomic<bool>* cancelled, DecodeVerdict& verdict) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::duration<double>(seconds);
  for (;;) {
    if (cancelled != nullptr && *cancelled) return Ending::kCancelled;
    if (Clock::now() >= deadline) return Ending::kTooLong;
    pollfd waiting{pipe.get(), POLLIN, 0};
    if (poll(&waiting, 1, kPollMilliseconds) <= 0) continue;
    // One write of less than PIPE_BUF bytes arrives whole or not at all.
    const ssize_t got = read(pipe.get(), &verdict, sizeof verdict);
    if (got < 0 && errno == EINTR) continue;
    return got == sizeof verdict && verdict.magic == kDecodeMagic ? Ending::kAnswered : Ending::kSilent;
  }
}

/// Ends the worker, if it still runs, and says whether it ran out of time.
bool reap(pid_t pid) {
  kill(pid, SIGKILL);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return false;
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU;
}

/// The worker is gone, so what stands in the room cannot change any more.
Result<Tensor> read_pixels(const Fd& room, const PictureInfo& info, int channels, int64_t max_side,
                           const std::string& name) {
  const auto bytes = static_cast<size_t>(info.width * info.height * channels);
  void* data = mmap(nullptr, bytes, PROT_READ, MAP_SHARED, room.get(), 0);
  if (data == MAP_FAILED) return Error("files.no_memory").with("file", name);
  const PixelView view{info.width, info.height, channels, static_cast<const uint8_t*>(data)};
  Tensor tensor = tensor_from_pixels(view, info.orientation, max_side);
  munmap(data, bytes);
  return tensor;
}

}  // namespace

Result<Tensor> decode_picture(std::span<const uint8_t> file, const PictureInfo& info, std::string_view format,
                              const std::string& name, const LoadOptions& options) {
  const std::span<const uint8_t> shown = info.rewritten.empty() ? file : std::span(info.rewritten);
  const double megapixels = static_cast<double>(info.width * info.height) * 1e-6;
  const double cpu_seconds = kPatience * (kCpuSeconds + kCpuSecondsPerMegapixel * megapixels);
  const double wall_seconds = kPatience * (kWallSeconds + kWallSecondsPerMegapixel * megapixels);
  DecodeJob job;
  job.opaque = info.opaque ? 1 : 0;
  job.file_bytes = static_cast<int64_t>(shown.size());
  job.width = info.width;
  job.height = info.height;
  job.working_bytes = info.working_bytes;
  job.cpu_seconds = static_cast<int64_t>(cpu_seconds + 0.999);

  const Fd job_file = make_job(job, shown);
  const Fd room = make_room(info.width * info.height * 3);
  int ends[2] = {-1, -1};
  if (!job_file.ok() || !room.ok() || pipe2(ends, O_CLOEXEC) != 0)
    return Error("files.no_memory").with("file", name);
  const Fd from_worker(ends[0]);
  Fd to_us = Fd(ends[1]).raised();
  const pid_t pid = start_worker(options.worker, job_file, room, to_us);
  to_us.close_now();
  if (pid < 0) return Error("files.no_worker").with("file", name);

  DecodeVerdict verdict;
  const Ending ending = wait_for(from_worker, wall_seconds, options.cancelled, verdict);
  const bool out_of_time = reap(pid);
  if (ending == Ending::kCancelled) return Error("files.cancelled").with("file", name);
  if (ending == Ending::kTooLong || (ending == Ending::kSilent && out_of_time))
    return Error("files.too_slow").with("file", name);
  if (ending == Ending::kAnswered && verdict.status == DecodeStatus::kDone &&
      (verdict.channels == 1 || verdict.channels == 3))
    return read_pixels(room, info, verdict.channels, options.max_side, name);
  if (ending == Ending::kAnswered && verdict.status == DecodeStatus::kNoMemory)
    return Error("files.no_memory").with("file", name);
  // Silence is a decoder that crashed or was stopped at a limit: the file made it so.
  return damaged(name, format);
}

}  // namespace poolscope
