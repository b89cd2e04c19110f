#pragma once

#include <cstdint>

// What the program and its decoding worker say to each other. Both are the same binary, so the layout agrees.
namespace poolscope {

/// The worker's first argument, which main() looks for before anything else.
inline constexpr char kDecodeWorkerArgument[] = "--decode-worker";

/// The files that the worker is started with.
inline constexpr int kJobFd = 3;      ///< DecodeJob, then the picture file; sealed
inline constexpr int kPixelsFd = 4;   ///< room for width x height x 3 bytes; the size is sealed
inline constexpr int kVerdictFd = 5;  ///< a pipe for one DecodeVerdict

inline constexpr uint32_t kDecodeMagic = 0x706f6f31;

struct DecodeJob {
  uint32_t magic = kDecodeMagic;
  uint32_t opaque = 0;  ///< 1: the fourth channel is left out
  int64_t file_bytes = 0;
  int64_t width = 0, height = 0;  ///< what the file announced; anything else is refused
  int64_t working_bytes = 0;      ///< the most that the decoder may allocate
  int64_t cpu_seconds = 0;
};

/// kNoMemory: the system did not give what the job allows. A decoder that wants more than that finds the file
/// damaged.
enum class DecodeStatus : uint32_t { kDone = 1, kDamaged, kNoMemory, kBadJob };

struct DecodeVerdict {
  uint32_t magic = kDecodeMagic;
  DecodeStatus status = DecodeStatus::kBadJob;
  int32_t channels = 0;  ///< 1 or 3, interleaved in kPixelsFd
};

}  // namespace poolscope
