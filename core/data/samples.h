#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/tensor/tensor.h"

namespace poolscope {

/// Pictures of one size with their classes: what networks learn from. N x C x H x W bytes, 0 to 255.
struct Samples {
  Shape shape{1, 1, 0, 0};  ///< of one picture: n is 1
  std::vector<uint8_t> pixels;
  std::vector<uint16_t> labels;
  std::vector<std::string> classes;  ///< their names, by label

  int64_t count() const { return static_cast<int64_t>(labels.size()); }
  std::span<const uint8_t> picture(int64_t index) const {
    const auto size = static_cast<size_t>(shape.count());
    return {pixels.data() + static_cast<size_t>(index) * size, size};
  }
};

/// Most classes that labels may have.
inline constexpr int64_t kMostClasses = 100;

/// How many samples every class has.
std::vector<int64_t> class_counts(const Samples& samples);

/// The indices 0 to count - 1 in an order that `seed` decides (Fisher and Yates 1938).
std::vector<int64_t> shuffled(int64_t count, uint64_t seed);

struct Split {
  Samples train, test;
};
/// `test_share` of every class, rounded, goes to the test; which ones, `seed` decides. A class of at least
/// two samples has at least one on either side.
Split split_samples(const Samples& samples, double test_share, uint64_t seed);

/// The samples at `indices`, in that order.
Samples choose_samples(const Samples& samples, std::span<const int64_t> indices);

}  // namespace poolscope
