#include "app/platform/decode_worker.h"

#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>

#include "app/platform/decode_stb.h"
#include "core/data/input_file.h"

namespace poolscope {

namespace {

// AddressSanitizer reserves terabytes of addresses and reports through system calls of its own.
#ifdef __SANITIZE_ADDRESS__
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

constexpr int64_t kMostWorkingBytes = int64_t{4} << 30;
constexpr int64_t kStackRoom = int64_t{32} << 20;

struct Mapping {
  uint8_t* data = nullptr;
  size_t size = 0;
};

Mapping map_file(int fd, int protection, int flags) {
  struct stat status {};
  if (fstat(fd, &status) != 0 || status.st_size <= 0) return {};
  const auto size = static_cast<size_t>(status.st_size);
  void* data = mmap(nullptr, size, protection, flags, fd, 0);
  return data == MAP_FAILED ? Mapping{} : Mapping{static_cast<uint8_t*>(data), size};
}

bool sensible(const DecodeJob& job, size_t mapped, size_t pixel_bytes) {
  return job.magic == kDecodeMagic && job.file_bytes > 0 && job.file_bytes <= 2 * kMaxFileBytes &&
         static_cast<size_t>(job.file_bytes) + sizeof job <= mapped && job.width > 0 && job.height > 0 &&
         job.width <= kMaxPictureSide && job.height <= kMaxPictureSide && job.working_bytes > 0 &&
         job.working_bytes <= kMostWorkingBytes && job.cpu_seconds > 0 &&
         static_cast<size_t>(job.width * job.height) <= pixel_bytes;
}

void limit(int resource, int64_t soft, int64_t hard) {
  const rlimit limits{static_cast<rlim_t>(soft), static_cast<rlim_t>(hard)};
  setrlimit(static_cast<__rlimit_resource>(resource), &limits);
}

/// The addresses in use, from /proc/self/statm; 0 where that cannot be read.
int64_t mapped_bytes() {
  std::FILE* file = std::fopen("/proc/self/statm", "re");
  long pages = 0;
  if (file != nullptr) {
    if (std::fscanf(file, "%ld", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return pages * sysconf(_SC_PAGESIZE);
}

/// Everything that decoding will touch is mapped by now: from here on no more memory, no files, no children,
/// no new rights, so much time, and of the system calls only read, write and exit.
void give_up_rights(int64_t cpu_seconds) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_DUMPABLE, 0);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  close_range(kVerdictFd + 1, ~0u, 0);
  limit(RLIMIT_CPU, cpu_seconds, cpu_seconds + 1);
  limit(RLIMIT_CORE, 0, 0);
  if (kSanitized) return;
  limit(RLIMIT_NOFILE, 0, 0);
  limit(RLIMIT_NPROC, 0, 0);
  if (const int64_t mapped = mapped_bytes(); mapped > 0)
    limit(RLIMIT_AS, mapped + kStackRoom, mapped + kStackRoom);
  // Where the kernel has no seccomp the limits above have to do.
  prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
}

[[noreturn]] void answer(const DecodeVerdict& verdict) {
  const ssize_t written = write(kVerdictFd, &verdict, sizeof verdict);
  // exit(2) itself: strict seccomp forbids exit_group, which exit() and _exit() call.
  for (;;)
    syscall(SYS_exit, written == sizeof verdict ? 0 : 1);
}

}  // namespace

int decode_worker_main(int, char**) {
  const Mapping input = map_file(kJobFd, PROT_READ, MAP_PRIVATE);
  const Mapping pixels = map_file(kPixelsFd, PROT_READ | PROT_WRITE, MAP_SHARED);
  DecodeJob job;
  if (input.data == nullptr || pixels.data == nullptr || input.size < sizeof job) return 2;
  std::memcpy(&job, input.data, sizeof job);
  if (!sensible(job, input.size, pixels.size)) return 2;
  const auto working = static_cast<size_t>(job.working_bytes);
  void* memory =
      mmap(nullptr, working, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) answer({kDecodeMagic, DecodeStatus::kNoMemory, 0});
  give_up_rights(job.cpu_seconds);
  answer(decode_with_stb({input.data + sizeof job, static_cast<size_t>(job.file_bytes)}, job,
                         {static_cast<uint8_t*>(memory), working}, {pixels.data, pixels.size}));
}

}  // namespace poolscope
