#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace poolscope {

/// Batch, channels, height, width. A matrix is 1 x 1 x H x W.
struct Shape {
  int64_t n = 1, c = 1, h = 0, w = 0;
  bool operator==(const Shape&) const = default;
  int64_t plane() const { return h * w; }
  int64_t planes() const { return n * c; }
  int64_t count() const { return n * c * h * w; }
};
std::string to_string(const Shape& shape);  // "1 × 3 × 480 × 640"

/// Memory aligned to 64 bytes, so that vector kernels load whole cache lines; contents start as zero.
template <class T>
class AlignedBuffer {
 public:
  AlignedBuffer() = default;
  explicit AlignedBuffer(size_t count);
  AlignedBuffer(const AlignedBuffer& other);
  AlignedBuffer& operator=(const AlignedBuffer& other);
  AlignedBuffer(AlignedBuffer&& other) noexcept;
  AlignedBuffer& operator=(AlignedBuffer&& other) noexcept;
  ~AlignedBuffer();
  T* data() { return data_; }
  const T* data() const { return data_; }
  size_t size() const { return size_; }

 private:
  T* data_ = nullptr;
  size_t size_ = 0;
};

/// Owns float32 values in NCHW order, contiguous.
class Tensor {
 public:
  Tensor() : Tensor(Shape{}) {}
  explicit Tensor(Shape shape, float fill = 0.0f);
  /// One plane from rows written out, as tests and built-in matrices do. All rows must have the same length.
  static Tensor matrix(const std::vector<std::vector<float>>& rows);

  const Shape& shape() const { return shape_; }
  int64_t count() const { return shape_.count(); }
  float* data() { return buffer_.data(); }
  const float* data() const { return buffer_.data(); }
  std::span<float> values() { return {buffer_.data(), buffer_.size()}; }
  std::span<const float> values() const { return {buffer_.data(), buffer_.size()}; }
  float* plane(int64_t index) { return data() + index * shape_.plane(); }
  const float* plane(int64_t index) const { return data() + index * shape_.plane(); }
  float& at(int64_t n, int64_t c, int64_t y, int64_t x) { return data()[offset(n, c, y, x)]; }
  float at(int64_t n, int64_t c, int64_t y, int64_t x) const { return data()[offset(n, c, y, x)]; }
  /// Same shape and same bits (NaN equals the same NaN, 0 differs from -0).
  bool same_bits(const Tensor& other) const;

 private:
  size_t offset(int64_t n, int64_t c, int64_t y, int64_t x) const {
    return static_cast<size_t>(((n * shape_.c + c) * shape_.h + y) * shape_.w + x);
  }
  Shape shape_;
  AlignedBuffer<float> buffer_;
};

/// Inputs are immutable and shared between the document, its undo history and running jobs.
using TensorPtr = std::shared_ptr<const Tensor>;

}  // namespace poolscope
