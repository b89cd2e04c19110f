#pragma once

#include <cstdint>

#include "core/base/random.h"
#include "core/nn/network.h"

namespace poolscope {

// Chance in training, as functions of what it is for: the same on any number of threads, in the reference and
// in the fast engine.

/// One number for one layer in one training step of a run.
constexpr uint64_t layer_draws(uint64_t run_seed, int64_t step, int64_t layer) {
  return mix_bits(mix_bits(mix_bits(run_seed) ^ static_cast<uint64_t>(step)) ^ static_cast<uint64_t>(layer));
}

/// The draws of dropout for picture `sample` of the batch.
constexpr uint64_t dropout_draws(uint64_t draws, int64_t sample) {
  return mix_bits(mix_bits(draws) ^ static_cast<uint64_t>(sample));
}
/// Whether dropout keeps value `index`; `key` is from dropout_draws().
constexpr bool dropout_keeps(uint64_t key, int64_t index, double rate) {
  const uint64_t bits = mix_bits(key ^ static_cast<uint64_t>(index));
  return static_cast<double>(bits >> 11) * 0x1.0p-53 >= rate;
}

/// Whether training pools otherwise than use does: anew for every picture.
inline bool draws_in_training(Kind kind) {
  return kind == Kind::stochastic || kind == Kind::fractional_max;
}

/// The pooling of picture `sample` of the batch in training.
inline PoolPlan training_pool(const LayerPlan& layer, uint64_t draws, int64_t sample) {
  PoolSpec spec = std::get<Pool>(layer.layer).spec;
  if (!draws_in_training(spec.kind)) return *layer.pool;
  spec.seed = mix_bits(draws ^ static_cast<uint64_t>(sample));
  return validate(spec, layer.in).value();  // possible for one seed, possible for all
}

}  // namespace poolscope
