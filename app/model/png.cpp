#include "app/model/png.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdlib>
#include <vector>

#include <zlib.h>

namespace poolscope {

namespace {

void append_u32(std::string& out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    out += static_cast<char>(value >> shift & 0xFF);
}

/// Length, type, data, and the checksum over type and data.
void append_chunk(std::string& out, const char (&type)[5], std::string_view data) {
  append_u32(out, static_cast<uint32_t>(data.size()));
  const size_t start = out.size();
  out.append(type, 4);
  out += data;
  append_u32(out, static_cast<uint32_t>(
                      crc32_z(0, reinterpret_cast<const Bytef*>(out.data() + start), out.size() - start)));
}

uint8_t paeth(int left, int above, int corner) {
  const int estimate = left + above - corner;
  const int to_left = std::abs(estimate - left);
  const int to_above = std::abs(estimate - above);
  const int to_corner = std::abs(estimate - corner);
  if (to_left <= to_above && to_left <= to_corner) return static_cast<uint8_t>(left);
  return static_cast<uint8_t>(to_above <= to_corner ? above : corner);
}

/// PNG's filter 0 to 4 of one row: what each byte differs from the one that its neighbours predict.
void filter_row(int filter, const uint8_t* row, const uint8_t* above, size_t size, size_t pixel,
                uint8_t* out) {
  for (size_t i = 0; i < size; ++i) {
    const int left = i >= pixel ? row[i - pixel] : 0;
    const int up = above == nullptr ? 0 : above[i];
    const int corner = i >= pixel && above != nullptr ? above[i - pixel] : 0;
    int predicted = 0;
    switch (filter) {
      case 1:
        predicted = left;
        break;
      case 2:
        predicted = up;
        break;
      case 3:
        predicted = (left + up) / 2;
        break;
      case 4:
        predicted = paeth(left, up, corner);
        break;
      default:
        break;
    }
    out[i] = static_cast<uint8_t>(row[i] - predicted);
  }
}

/// The specification's advice for choosing a filter: the least sum of the bytes as signed numbers.
uint64_t cost(std::span<const uint8_t> filtered) {
  uint64_t sum = 0;
  for (const uint8_t byte : filtered)
    sum += static_cast<uint64_t>(byte < 128 ? byte : 256 - byte);
  return sum;
}

/// Keyword, not compressed, no language, no translated keyword; then the text.
std::string international_text(std::string_view description) {
  std::string data("Description");
  data.append(5, '\0');
  return data.append(description);
}

/// Deflates what it is given, piece by piece, into one zlib stream.
class Deflater {
 public:
  Deflater() { deflateInit(&stream_, kLevel); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  ~Deflater() { deflateEnd(&stream_); }

  void add(std::span<const uint8_t> bytes, bool last) {
    stream_.next_in = const_cast<Bytef*>(bytes.data());
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      stream_.next_out = buffer_.data();
      stream_.avail_out = static_cast<uInt>(buffer_.size());
      deflate(&stream_, last ? Z_FINISH : Z_NO_FLUSH);
      out_.append(reinterpret_cast<const char*>(buffer_.data()), buffer_.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }
  std::string_view bytes() const { return out_; }

 private:
  static constexpr int kLevel = 4;
  z_stream stream_{};
  std::array<Bytef, 1 << 16> buffer_{};
  std::string out_;
};

}  // namespace

std::string encode_png(const PixelView& pixels, std::string_view description) {
  const size_t row_size = static_cast<size_t>(pixels.width) * static_cast<size_t>(pixels.channels);
  assert(pixels.channels == 1 || pixels.channels == 3 || pixels.channels == 4);
  assert(pixels.width > 0 && pixels.height > 0);
  assert(pixels.bytes.size() == row_size * static_cast<size_t>(pixels.height));

  Deflater deflater;
  std::array<std::vector<uint8_t>, 5> candidates;
  for (size_t filter = 0; filter < candidates.size(); ++filter) {
    candidates[filter].resize(row_size + 1);
    candidates[filter][0] = static_cast<uint8_t>(filter);
  }
  for (int64_t y = 0; y < pixels.height; ++y) {
    const uint8_t* row = pixels.bytes.data() + static_cast<size_t>(y) * row_size;
    const uint8_t* above = y == 0 ? nullptr : row - row_size;
    size_t best = 0;
    uint64_t least = UINT64_MAX;
    for (size_t filter = 0; filter < candidates.size(); ++filter) {
      filter_row(static_cast<int>(filter), row, above, row_size, static_cast<size_t>(pixels.channels),
                 candidates[filter].data() + 1);
      const uint64_t price = cost(std::span(candidates[filter]).subspan(1));
      if (price >= least) continue;
      least = price;
      best = filter;
    }
    deflater.add(candidates[best], y + 1 == pixels.height);
  }

  std::string header;
  append_u32(header, static_cast<uint32_t>(pixels.width));
  append_u32(header, static_cast<uint32_t>(pixels.height));
  const char colour_type = pixels.channels == 1 ? 0 : pixels.channels == 3 ? 2 : 6;
  header.append({8, colour_type, 0, 0, 0});  // bits per channel; deflate, adaptive filters, not interlaced

  std::string out = "\x89PNG\r\n\x1a\n";
  append_chunk(out, "IHDR", header);
  if (!description.empty()) append_chunk(out, "iTXt", international_text(description));
  constexpr size_t kMostChunkBytes = size_t{1} << 30;
  for (std::string_view left = deflater.bytes(); !left.empty();) {
    append_chunk(out, "IDAT", left.substr(0, kMostChunkBytes));
    left.remove_prefix(std::min(left.size(), kMostChunkBytes));
  }
  append_chunk(out, "IEND", "");
  return out;
}

}  // namespace poolscope
