#include "core/data/idx.h"

#include <algorithm>
#include <utility>

#include "core/data/byte_reader.h"

#if __has_include(<zlib.h>)
#include <zlib.h>
#define POOLSCOPE_ZLIB
#endif

namespace poolscope {

namespace {

constexpr uint8_t kUnsignedByte = 0x08;

struct Header {
  std::vector<int64_t> sizes;
  size_t bytes = 0;  ///< of the header itself
  int64_t values = 1;
};

std::string type_name(int type) {
  switch (type) {
    case 0x09:
      return "int8";
    case 0x0b:
      return "int16";
    case 0x0c:
      return "int32";
    case 0x0d:
      return "float32";
    case 0x0e:
      return "float64";
    default:
      return std::to_string(type);
  }
}

std::string sizes_text(const std::vector<int64_t>& sizes) {
  std::string text;
  for (const int64_t size : sizes)
    text += (text.empty() ? "" : " × ") + std::to_string(size);
  return text;
}

/// `least` to `most` dimensions. `bytes` may be the beginning of a file only.
Result<Header> read_header(std::span<const uint8_t> bytes, const std::string& name, size_t least,
                           size_t most) {
  ByteReader reader(bytes);
  const uint16_t zeros = reader.u16be();
  const int type = reader.u8();
  const size_t dimensions = reader.u8();
  if (reader.failed()) return Error("nn.data.idx_truncated").with("file", name);
  if (zeros != 0 || type < 0x08 || type == 0x0a || type > 0x0e || dimensions == 0)
    return Error("nn.data.idx_magic").with("file", name);
  if (type != kUnsignedByte)
    return Error("nn.data.idx_type").with("file", name).with("type", type_name(type));
  if (dimensions < least || dimensions > most)
    return Error("nn.data.idx_dimensions")
        .with("file", name)
        .with("count", static_cast<int64_t>(dimensions))
        .with("least", static_cast<int64_t>(least))
        .with("most", static_cast<int64_t>(most));
  Header header;
  for (size_t i = 0; i < dimensions; ++i)
    header.sizes.push_back(reader.u32be());
  if (reader.failed()) return Error("nn.data.idx_truncated").with("file", name);
  for (const int64_t size : header.sizes) {
    if (size == 0)
      return Error("nn.data.idx_empty").with("file", name).with("sizes", sizes_text(header.sizes));
    if (size > kMostIdxBytes / header.values)
      return Error("nn.data.idx_too_large").with("file", name).with("sizes", sizes_text(header.sizes));
    header.values *= size;
  }
  header.bytes = reader.position();
  return header;
}

bool is_gzip(std::span<const uint8_t> bytes) {
  return bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

Error wrong_size(const std::string& name, const Header& header, int64_t found) {
  return Error("nn.data.idx_size")
      .with("file", name)
      .with("sizes", sizes_text(header.sizes))
      .with("wanted", header.values)
      .with("found", found);
}

#if defined(POOLSCOPE_ZLIB)

/// Unpacks piece by piece, so that memory grows with what is really there.
class Inflater {
 public:
  explicit Inflater(std::span<const uint8_t> packed) {
    stream_.next_in = const_cast<uint8_t*>(packed.data());
    stream_.avail_in = static_cast<uInt>(packed.size());
    ready_ = inflateInit2(&stream_, 16 + MAX_WBITS) == Z_OK;  // 16: gzip
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Appends up to `most` bytes to `out`. False where the data are damaged or end too early.
  bool read(size_t most, std::vector<uint8_t>& out) {
    if (!ready_) return false;
    const size_t goal = out.size() + most;
    while (out.size() < goal && !finished_) {
      const size_t before = out.size(), piece = std::min<size_t>(goal - before, size_t{1} << 20);
      out.resize(before + piece);
      stream_.next_out = out.data() + before;
      stream_.avail_out = static_cast<uInt>(piece);
      const int status = inflate(&stream_, Z_NO_FLUSH);
      out.resize(before + piece - stream_.avail_out);
      finished_ = status == Z_STREAM_END;
      if (!finished_ && (status != Z_OK || out.size() == before)) return false;
    }
    return true;
  }
  /// Whether the stream ended where the file ends.
  bool ends_here() {
    std::vector<uint8_t> rest;
    return (finished_ || (read(1, rest) && rest.empty())) && finished_ && stream_.avail_in == 0;
  }

 private:
  z_stream stream_{};
  bool ready_ = false, finished_ = false;
};

Result<std::vector<uint8_t>> read_packed(std::span<const uint8_t> bytes, const std::string& name,
                                         size_t least, size_t most, Header& header) {
  const Error damaged = Error("nn.data.idx_gzip").with("file", name);
  if (bytes.size() > UINT32_MAX) return damaged;
  Inflater inflater(bytes);
  std::vector<uint8_t> head, values;
  if (!inflater.read(4 + 4 * most, head)) return damaged;
  Result<Header> read = read_header(head, name, least, most);
  if (!read) return read.error();
  header = *read;
  values.assign(head.begin() + static_cast<std::ptrdiff_t>(header.bytes), head.end());
  const auto wanted = static_cast<size_t>(header.values);
  if (values.size() < wanted && !inflater.read(wanted - values.size(), values)) return damaged;
  if (values.size() != wanted) return wrong_size(name, header, static_cast<int64_t>(values.size()));
  if (!inflater.ends_here()) return Error("nn.data.idx_trailing").with("file", name);
  return values;
}

#else

Result<std::vector<uint8_t>> read_packed(std::span<const uint8_t>, const std::string& name, size_t, size_t,
                                         Header&) {
  return Error("nn.data.idx_gzip").with("file", name);
}

#endif

Result<std::vector<uint8_t>> read_values(std::span<const uint8_t> bytes, const std::string& name,
                                         size_t least, size_t most, Header& header) {
  if (is_gzip(bytes)) return read_packed(bytes, name, least, most, header);
  Result<Header> read = read_header(bytes, name, least, most);
  if (!read) return read.error();
  header = *read;
  const std::span<const uint8_t> values = bytes.subspan(header.bytes);
  if (static_cast<int64_t>(values.size()) != header.values)
    return wrong_size(name, header, static_cast<int64_t>(values.size()));
  return std::vector<uint8_t>(values.begin(), values.end());
}

}  // namespace

Result<IdxImages> parse_idx_images(std::span<const uint8_t> bytes, const std::string& name) {
  Header header;
  Result<std::vector<uint8_t>> values = read_values(bytes, name, 3, 4, header);
  if (!values) return values.error();
  const std::vector<int64_t>& sizes = header.sizes;
  IdxImages images;
  images.shape = {sizes[0], sizes.size() == 4 ? sizes[1] : 1, sizes[sizes.size() - 2], sizes.back()};
  if (images.shape.h > kMostIdxSide || images.shape.w > kMostIdxSide ||
      (images.shape.c != 1 && images.shape.c != 3))
    return Error("nn.data.idx_too_large").with("file", name).with("sizes", sizes_text(sizes));
  images.pixels = std::move(values).value();
  return images;
}

Result<std::vector<uint8_t>> parse_idx_labels(std::span<const uint8_t> bytes, const std::string& name) {
  Header header;
  return read_values(bytes, name, 1, 1, header);
}

Result<Samples> join_idx(IdxImages images, std::vector<uint8_t> labels, const std::string& labels_name,
                         int64_t classes) {
  if (images.shape.n != static_cast<int64_t>(labels.size()))
    return Error("nn.data.idx_counts")
        .with("file", labels_name)
        .with("labels", static_cast<int64_t>(labels.size()))
        .with("images", images.shape.n);
  for (size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= kMostClasses)
      return Error("nn.data.idx_label")
          .with("file", labels_name)
          .with("label", labels[i])
          .with("index", static_cast<int64_t>(i))
          .with("most", kMostClasses - 1);
    classes = std::max<int64_t>(classes, labels[i] + 1);
  }
  Samples samples;
  samples.shape = {1, images.shape.c, images.shape.h, images.shape.w};
  samples.pixels = std::move(images.pixels);
  samples.labels.assign(labels.begin(), labels.end());
  for (int64_t k = 0; k < classes; ++k)
    samples.classes.push_back(std::to_string(k));
  return samples;
}

}  // namespace poolscope
