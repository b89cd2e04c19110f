#include "app/platform/decode_stb.h"

#include <algorithm>
#include <cstring>

#include "core/data/input_file.h"
#include "core/data/pixels.h"

namespace {

/// All memory that stb_image gets: a stack of blocks in one zeroed piece of memory. A block that is not the
/// topmost is not reused; the decoders allocate a handful of large blocks, so little is lost. Every byte
/// handed out is 0, because stb_image shows what it never wrote.
class Arena {
 public:
  void reset(std::span<uint8_t> memory) { memory_ = memory; }

  void* allocate(size_t bytes) {
    const size_t room = memory_.size() - top_;
    if (bytes > room || rounded(bytes) + kHeader > room) return nullptr;
    uint8_t* block = memory_.data() + top_ + kHeader;
    const Header header{last_, bytes};
    std::memcpy(block - kHeader, &header, sizeof header);
    last_ = top_;
    top_ += kHeader + rounded(bytes);
    clear_used(static_cast<size_t>(block - memory_.data()));
    return block;
  }

  void* reallocate(void* old, size_t bytes) {
    if (old == nullptr) return allocate(bytes);
    const Header header = header_of(old);
    if (is_last(old)) {
      const size_t start = last_ + kHeader;
      if (bytes > memory_.size() - start || rounded(bytes) > memory_.size() - start) return nullptr;
      const Header grown{header.before, bytes};
      std::memcpy(memory_.data() + last_, &grown, sizeof grown);
      top_ = start + rounded(bytes);
      clear_used(start + std::min(header.bytes, bytes));
      return old;
    }
    void* block = allocate(bytes);
    if (block != nullptr) std::memcpy(block, old, std::min(header.bytes, bytes));
    return block;
  }

  void release(void* block) {
    if (block == nullptr || !is_last(block)) return;
    top_ = last_;
    last_ = header_of(block).before;
  }

 private:
  struct Header {
    size_t before, bytes;  ///< offset of the block below; size of this one
  };
  static constexpr size_t kHeader = sizeof(Header);
  static size_t rounded(size_t bytes) { return (bytes + 15) & ~size_t{15}; }

  bool is_last(const void* block) const { return top_ > 0 && block == memory_.data() + last_ + kHeader; }
  static Header header_of(const void* block) {
    Header header;
    std::memcpy(&header, static_cast<const uint8_t*>(block) - kHeader, sizeof header);
    return header;
  }
  /// Zeroes the used part from `start` to the top. Above the highest top so far nothing was ever written.
  void clear_used(size_t start) {
    if (start < highest_) std::memset(memory_.data() + start, 0, std::min(top_, highest_) - start);
    highest_ = std::max(highest_, top_);
  }

  std::span<uint8_t> memory_;
  size_t top_ = 0, last_ = 0, highest_ = 0;
};

Arena arena;

}  // namespace

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_ONLY_BMP
#define STBI_ONLY_GIF
#define STBI_ONLY_TGA
#define STBI_ONLY_PSD
#define STBI_NO_HDR
#define STBI_NO_LINEAR
#define STBI_NO_STDIO
#define STBI_MAX_DIMENSIONS 8192
#define STBI_MALLOC(bytes) arena.allocate(bytes)
#define STBI_REALLOC(block, bytes) arena.reallocate(block, bytes)
#define STBI_FREE(block) arena.release(block)
// A broken promise inside the decoder ends the worker, in every build.
#define STBI_ASSERT(condition) ((condition) ? (void)0 : __builtin_trap())
#include <stb_image.h>

namespace poolscope {

static_assert(STBI_MAX_DIMENSIONS == kMaxPictureSide);

namespace {

void copy_over_white(const uint8_t* from, int channels, bool opaque, std::span<uint8_t> to) {
  const int colours = channels >= 3 ? 3 : 1;
  const bool alpha = channels == 2 || channels == 4;
  if (!alpha) {
    std::memcpy(to.data(), from, to.size());
    return;
  }
  for (size_t i = 0; i < to.size(); i += static_cast<size_t>(colours), from += channels)
    for (int c = 0; c < colours; ++c)
      to[i + static_cast<size_t>(c)] = opaque ? from[c] : over_white(from[c], from[colours]);
}

}  // namespace

DecodeVerdict decode_with_stb(std::span<const uint8_t> file, const DecodeJob& job, std::span<uint8_t> memory,
                              std::span<uint8_t> pixels) {
  arena.reset(memory);
  int width = 0, height = 0, channels = 0;
  const uint8_t* decoded =
      stbi_load_from_memory(file.data(), static_cast<int>(file.size()), &width, &height, &channels, 0);
  DecodeVerdict verdict;
  if (decoded == nullptr) {
    verdict.status = DecodeStatus::kDamaged;
    return verdict;
  }
  verdict.channels = channels >= 3 ? 3 : 1;
  const int64_t wanted = job.width * job.height * verdict.channels;
  if (width != job.width || height != job.height || channels < 1 || channels > 4 ||
      wanted > static_cast<int64_t>(pixels.size())) {
    verdict.status = DecodeStatus::kDamaged;
    return verdict;
  }
  copy_over_white(decoded, channels, job.opaque != 0, pixels.first(static_cast<size_t>(wanted)));
  verdict.status = DecodeStatus::kDone;
  return verdict;
}

}  // namespace poolscope
