#include "core/data/samples.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/random.h"

namespace poolscope {

std::vector<int64_t> class_counts(const Samples& samples) {
  std::vector<int64_t> counts(samples.classes.size(), 0);
  for (const uint16_t label : samples.labels)
    ++counts[label];
  return counts;
}

std::vector<int64_t> shuffled(int64_t count, uint64_t seed) {
  std::vector<int64_t> order(static_cast<size_t>(count));
  for (size_t i = 0; i < order.size(); ++i)
    order[i] = static_cast<int64_t>(i);
  Random random(seed);
  for (size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[static_cast<size_t>(random.below(static_cast<int64_t>(i)))]);
  return order;
}

Samples choose_samples(const Samples& samples, std::span<const int64_t> indices) {
  Samples chosen;
  chosen.shape = samples.shape;
  chosen.classes = samples.classes;
  chosen.pixels.reserve(indices.size() * static_cast<size_t>(samples.shape.count()));
  for (const int64_t index : indices) {
    const std::span<const uint8_t> picture = samples.picture(index);
    chosen.pixels.insert(chosen.pixels.end(), picture.begin(), picture.end());
    chosen.labels.push_back(samples.labels[static_cast<size_t>(index)]);
  }
  return chosen;
}

Split split_samples(const Samples& samples, double test_share, uint64_t seed) {
  std::vector<int64_t> wanted = class_counts(samples);
  for (int64_t& count : wanted) {
    const auto share = static_cast<int64_t>(std::lround(test_share * static_cast<double>(count)));
    count = count < 2 ? 0 : std::clamp<int64_t>(share, 1, count - 1);
  }
  std::vector<int64_t> train, test;
  for (const int64_t index : shuffled(samples.count(), seed)) {
    int64_t& left = wanted[samples.labels[static_cast<size_t>(index)]];
    (left > 0 ? test : train).push_back(index);
    if (left > 0) --left;
  }
  return {choose_samples(samples, train), choose_samples(samples, test)};
}

}  // namespace poolscope
