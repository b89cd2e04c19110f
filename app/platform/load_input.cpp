#include "app/platform/load_input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <new>
#include <vector>

#include "app/platform/decode_guard.h"
#include "core/data/csv.h"
#include "core/data/display_name.h"
#include "core/data/file_errors.h"
#include "core/data/file_kind.h"
#include "core/data/npy.h"
#include "core/data/pnm.h"

namespace poolscope {

namespace {

using Bytes = std::vector<uint8_t>;

Error cannot_open(const std::filesystem::path& path, int error) {
  const char* key = error == ENOENT || error == ENOTDIR ? "files.not_found"
                    : error == EACCES || error == EPERM ? "files.not_allowed"
                    : error == ELOOP                    ? "files.link_loop"
                    : error == ENAMETOOLONG             ? "files.name_too_long"
                    : error == ENXIO || error == EISDIR ? "files.not_regular"
                                                        : "files.cannot_read";
  Error message = Error(key).with("file", display_name(path)).with("path", displayable(path.native()));
  const char* code = strerrorname_np(error);
  return message.with("code", code != nullptr ? code : std::to_string(error));
}

/// The whole content of a regular file of at most kMaxFileBytes. Never waits: a FIFO without a writer opens
/// at once because of O_NONBLOCK, and is refused for what it is.
Result<Bytes> read_file(const std::filesystem::path& path, const LoadOptions& options) {
  const std::string name = display_name(path);
  const auto refusal = [&](const char* key) {
    return Error(key).with("file", name).with("path", displayable(path.native()));
  };
  if (path.native().find('\0') != std::string::npos) return refusal("files.not_found");
  const int fd = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return cannot_open(path, errno);
  struct Closer {
    int fd;
    ~Closer() { close(fd); }
  } closer{fd};
  struct stat status {};
  if (fstat(fd, &status) != 0) return cannot_open(path, errno);
  if (S_ISDIR(status.st_mode)) return refusal("files.is_folder");
  if (!S_ISREG(status.st_mode)) return refusal("files.not_regular");
  if (status.st_size > kMaxFileBytes)
    return refusal("files.too_many_bytes")
        .with("limit", kMaxFileBytes >> 20)
        .with("size", status.st_size >> 20);

  // One byte more than announced: the file may grow meanwhile.
  Bytes bytes(static_cast<size_t>(status.st_size) + 1);
  size_t length = 0;
  for (;;) {
    if (options.cancelled != nullptr && *options.cancelled) return refusal("files.cancelled");
    if (length == bytes.size()) bytes.resize(bytes.size() * 2);
    const ssize_t got = read(fd, bytes.data() + length, std::min<size_t>(bytes.size() - length, 1 << 20));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot_open(path, errno);
    if (got == 0) break;
    length += static_cast<size_t>(got);
    if (static_cast<int64_t>(length) > kMaxFileBytes)
      return refusal("files.too_many_bytes")
          .with("limit", kMaxFileBytes >> 20)
          .with("size", kMaxFileBytes >> 20);
  }
  bytes.resize(length);
  if (bytes.empty()) return refusal("files.empty");
  return bytes;
}

Result<LoadedInput> picture(Tensor tensor, int64_t width, int64_t height, std::string name) {
  LoadedInput input;
  input.tensor = std::make_shared<const Tensor>(std::move(tensor));
  input.is_picture = true;
  input.full_width = width;
  input.full_height = height;
  input.name = std::move(name);
  return input;
}

Result<LoadedInput> matrix(Tensor tensor, int dimensions, std::string name) {
  LoadedInput input;
  input.full_width = tensor.shape().w;
  input.full_height = tensor.shape().h;
  input.tensor = std::make_shared<const Tensor>(std::move(tensor));
  input.dimensions = dimensions;
  input.name = std::move(name);
  return input;
}

Result<LoadedInput> read_matrix(FileKind kind, std::span<const uint8_t> bytes, const std::string& name) {
  if (kind == FileKind::kNpy) {
    Result<NpyArray> array = parse_npy(bytes, name);
    if (!array) return array.error();
    return matrix(std::move(array->tensor), array->dimensions, name);
  }
  Result<Tensor> tensor = parse_csv({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, name);
  if (!tensor) return tensor.error();
  const int dimensions = tensor->shape().c > 1 ? 3 : 2;
  return matrix(std::move(*tensor), dimensions, name);
}

Result<LoadedInput> read_content(std::span<const uint8_t> bytes, const std::string& name,
                                 const LoadOptions& options) {
  const FileType type = recognise(bytes);
  switch (type.kind) {
    case FileKind::kNpy:
    case FileKind::kMatrixText:
      return read_matrix(type.kind, bytes, name);
    case FileKind::kPnm: {
      const Result<Pixels> pixels = parse_pnm(bytes, name);
      if (!pixels) return pixels.error();
      const PixelView view{pixels.value().width, pixels.value().height, pixels.value().channels,
                           pixels.value().bytes.data()};
      return picture(tensor_from_pixels(view, 1, options.max_side), view.width, view.height, name);
    }
    case FileKind::kGitLfs:
      return Error("files.git_lfs").with("file", name);
    case FileKind::kNotOffered:
      return not_offered(name, type.name);
    case FileKind::kOtherText:
      return Error("files.other_text").with("file", name);
    case FileKind::kUnknown:
      return Error("files.unknown").with("file", name);
    default:
      break;
  }
  const Result<PictureInfo> info = inspect_picture(type.kind, bytes, name);
  if (!info) return info.error();
  Result<Tensor> tensor = decode_picture(bytes, info.value(), type.name, name, options);
  if (!tensor) return tensor.error();
  const bool turned = info.value().orientation >= 5;
  return picture(std::move(*tensor), turned ? info.value().height : info.value().width,
                 turned ? info.value().width : info.value().height, name);
}

}  // namespace

Result<LoadedInput> load_input(const std::filesystem::path& path, const LoadOptions& options) {
  const std::string name = display_name(path);
  try {
    const Result<Bytes> bytes = read_file(path, options);
    if (!bytes) return bytes.error();
    return read_content(bytes.value(), name, options);
  } catch (const std::bad_alloc&) {
    return Error("files.no_memory").with("file", name);
  }
}

}  // namespace poolscope
