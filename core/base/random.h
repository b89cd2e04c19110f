#pragma once

#include <cstdint>

namespace poolscope {

/// Chance as a function: mixes a key to 64 well-spread bits (SplitMix64's finaliser, Steele et al. 2014).
constexpr uint64_t mix_bits(uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

/// u in [0, 1) that depends on (seed, plane, row, column) alone: the same step shows the same draw, forwards,
/// backwards, on any number of threads. `plane` counts n * C + c.
constexpr double keyed_uniform(uint64_t seed, uint64_t plane, uint64_t row, uint64_t column) {
  const uint64_t bits = mix_bits(mix_bits(mix_bits(mix_bits(seed) ^ plane) ^ row) ^ column);
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

/// A small sequential generator for drawn pictures, tests and shuffles; repeatable from its seed.
class Random {
 public:
  explicit constexpr Random(uint64_t seed) : state_(mix_bits(seed)) {}
  constexpr uint64_t next() { return mix_bits(state_++); }
  constexpr double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  /// In [0, count). `count` must be positive.
  constexpr int64_t below(int64_t count) {
    return static_cast<int64_t>(uniform() * static_cast<double>(count));
  }

 private:
  uint64_t state_;
};

}  // namespace poolscope
