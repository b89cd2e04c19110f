// A library to be preloaded (LD_PRELOAD): kills the program, or fills the disk, at one system call on
// the way of a file to its place. Only files that are to be put in place of others are looked at
// (atomic_file.h names them
// ".poolscope-*.tmp"): opening, mode, every write, flush, closing, renaming, counted together from 1.
//
// POOLSCOPE_FAULT_AT=N      which of these calls; 0: none
// POOLSCOPE_FAULT=kill      SIGKILL instead of it; of a write, half is done first
//                 full      the disk is full from there on: half of a write is done, all else fails with
//                 ENOSPC
// POOLSCOPE_FAULT_ROUND=N   another one: the disk has room again, and counting begins anew
// POOLSCOPE_FAULT_LOG=FILE  gets a line for every call until it strikes: the call's name

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <string>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

enum class Fault { none, kill, full };

std::atomic<int> calls{0};
std::atomic<bool> disk_is_full{false};
constexpr int kMostDescriptors = 4096;
std::atomic<bool> watched[kMostDescriptors];

bool is_watched(int descriptor) {
  return descriptor >= 0 && descriptor < kMostDescriptors && watched[descriptor];
}

bool is_draft(const char* path) {
  const char* slash = std::strrchr(path, '/');
  return std::strncmp(slash != nullptr ? slash + 1 : path, ".poolscope-", 11) == 0;
}

void note(const char* call) {
  const char* file = std::getenv("POOLSCOPE_FAULT_LOG");
  if (file == nullptr) return;
  const long log = ::syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND, 0600);
  const std::string line = std::string(call) + "\n";
  (void)::syscall(SYS_write, log, line.data(), line.size());
  (void)::syscall(SYS_close, log);
}

void begin_round() {
  static std::atomic<int> present{0};
  const char* number = std::getenv("POOLSCOPE_FAULT_ROUND");
  const int round = number != nullptr ? std::atoi(number) : 0;
  if (present.exchange(round) == round) return;
  calls = 0;
  disk_is_full = false;
}

/// Counts the call: what is to be done to it.
Fault fault_of(const char* call) {
  begin_round();
  if (disk_is_full) return Fault::full;
  const char* at = std::getenv("POOLSCOPE_FAULT_AT");
  const char* fault = std::getenv("POOLSCOPE_FAULT");
  if (at == nullptr || fault == nullptr) return Fault::none;
  note(call);
  if (++calls != std::atoi(at)) return Fault::none;
  if (std::strcmp(fault, "kill") == 0) return Fault::kill;
  disk_is_full = true;
  return Fault::full;
}

template <typename Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

void end_program() {
  ::kill(::getpid(), SIGKILL);
}

/// Does `call`, or lets it fail, or ends the program.
template <typename Call>
int with_fault(const char* name, Call call) {
  const Fault fault = fault_of(name);
  if (fault == Fault::kill) end_program();
  if (fault == Fault::none) return call();
  errno = ENOSPC;
  return -1;
}

int open_file(const char* name, const char* path, int flags, mode_t mode) {
  const auto call = [&] { return real<int(const char*, int, ...)>(name)(path, flags, mode); };
  if ((flags & O_CREAT) == 0 || !is_draft(path)) return call();
  const int descriptor = with_fault("open", call);
  if (descriptor >= 0 && descriptor < kMostDescriptors) watched[descriptor] = true;
  return descriptor;
}

mode_t mode_of(int flags, va_list more) {
  return (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_file("open", path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_file("open64", path, flags, mode);
}

int fchmod(int descriptor, mode_t mode) noexcept {
  const auto call = [&] { return real<int(int, mode_t)>("fchmod")(descriptor, mode); };
  return is_watched(descriptor) ? with_fault("fchmod", call) : call();
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
  const auto call = [&](size_t count) {
    return real<ssize_t(int, const void*, size_t)>("write")(descriptor, bytes, count);
  };
  if (!is_watched(descriptor)) return call(size);
  const bool was_full = disk_is_full;
  const Fault fault = fault_of("write");
  if (fault == Fault::none) return call(size);
  if (was_full || size < 2) {
    errno = ENOSPC;
    return -1;
  }
  const ssize_t half = call(size / 2);
  if (fault == Fault::kill) end_program();
  return half;
}

int fsync(int descriptor) {
  const auto call = [&] { return real<int(int)>("fsync")(descriptor); };
  return is_watched(descriptor) ? with_fault("fsync", call) : call();
}

int close(int descriptor) {
  const auto call = [&] { return real<int(int)>("close")(descriptor); };
  if (!is_watched(descriptor)) return call();
  watched[descriptor] = false;
  const Fault fault = fault_of("close");
  if (fault == Fault::kill) end_program();
  const int closed = call();  // a descriptor is gone after close(), whatever it says
  if (fault != Fault::full) return closed;
  errno = ENOSPC;
  return -1;
}

int rename(const char* from, const char* to) noexcept {
  const auto call = [&] { return real<int(const char*, const char*)>("rename")(from, to); };
  return is_draft(from) ? with_fault("rename", call) : call();
}
}
