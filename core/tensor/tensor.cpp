#include "core/tensor/tensor.h"

#include <cassert>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace poolscope {

std::string to_string(const Shape& shape) {
  return std::to_string(shape.n) + " × " + std::to_string(shape.c) + " × " + std::to_string(shape.h) + " × " +
         std::to_string(shape.w);
}

namespace {

constexpr size_t kAlignment = 64;
#if defined(__linux__)
// From here on memory lies on huge pages where the system offers them: a 4K picture is 25,000 small pages,
// and finding them costs as much as reading them.
constexpr size_t kHugeBytes = size_t{4} << 20, kHugePage = size_t{2} << 20;
#endif

size_t alignment_for(size_t bytes) {
#if defined(__linux__)
  return bytes >= kHugeBytes ? kHugePage : kAlignment;
#else
  (void)bytes;
  return kAlignment;
#endif
}

void ask_for_huge_pages(void* memory, size_t bytes) {
#if defined(__linux__)
  // A wish: where it is not granted, small pages do.
  if (bytes >= kHugeBytes) (void)madvise(memory, bytes, MADV_HUGEPAGE);
#else
  (void)memory, (void)bytes;
#endif
}

}  // namespace

template <class T>
AlignedBuffer<T>::AlignedBuffer(size_t count) : size_(count) {
  if (count == 0) return;
  const size_t alignment = alignment_for(count * sizeof(T));
  const size_t bytes = (count * sizeof(T) + alignment - 1) / alignment * alignment;
  data_ = static_cast<T*>(std::aligned_alloc(alignment, bytes));
  if (data_ == nullptr) throw std::bad_alloc();
  ask_for_huge_pages(data_, bytes);
  std::memset(static_cast<void*>(data_), 0, bytes);
}

template <class T>
AlignedBuffer<T>::AlignedBuffer(const AlignedBuffer& other) : AlignedBuffer(other.size_) {
  if (size_ > 0) std::memcpy(data_, other.data_, size_ * sizeof(T));
}

template <class T>
AlignedBuffer<T>& AlignedBuffer<T>::operator=(const AlignedBuffer& other) {
  if (this != &other) *this = AlignedBuffer(other);
  return *this;
}

template <class T>
AlignedBuffer<T>::AlignedBuffer(AlignedBuffer&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

template <class T>
AlignedBuffer<T>& AlignedBuffer<T>::operator=(AlignedBuffer&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

template <class T>
AlignedBuffer<T>::~AlignedBuffer() {
  std::free(data_);
}

template class AlignedBuffer<float>;
template class AlignedBuffer<uint8_t>;
template class AlignedBuffer<int64_t>;

Tensor::Tensor(Shape shape, float fill) : shape_(shape), buffer_(static_cast<size_t>(shape.count())) {
  if (fill != 0.0f)
    for (float& value : values())
      value = fill;
}

Tensor Tensor::matrix(const std::vector<std::vector<float>>& rows) {
  const auto height = static_cast<int64_t>(rows.size());
  const int64_t width = height == 0 ? 0 : static_cast<int64_t>(rows[0].size());
  Tensor tensor({1, 1, height, width});
  for (int64_t y = 0; y < height; ++y) {
    const auto& row = rows[static_cast<size_t>(y)];
    assert(static_cast<int64_t>(row.size()) == width && "every row of a matrix has the same length");
    for (int64_t x = 0; x < width; ++x)
      tensor.at(0, 0, y, x) = row[static_cast<size_t>(x)];
  }
  return tensor;
}

bool Tensor::same_bits(const Tensor& other) const {
  return shape_ == other.shape_ &&
         (count() == 0 ||
          std::memcmp(data(), other.data(), static_cast<size_t>(count()) * sizeof(float)) == 0);
}

}  // namespace poolscope
