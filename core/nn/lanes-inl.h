// The kernels of lanes.h over a handful of vector operations (V, kLanes, load, store, set, zero, madd, add,
// sub, mul, vmax, select_gt, select_eq, sum, root, divide), which whoever includes this file has defined:
// once for every target of Highway (lanes.cpp) and once in plain C++ (lanes_portable.cpp). No include guard.
// NOLINT

// How many outputs and columns are computed at once: 16 sums and 12 inputs fill the 32 registers of AVX-512;
// others have 16.
constexpr int kColumns = kLanes == 16 ? 8 : 4;
constexpr int kDenseTile = kLanes == 16 ? 16 : 8;

#include "core/nn/lanes_forward-inl.h"
// After what it undoes.
#include "core/nn/lanes_backward-inl.h"

void step_lanes(const StepNumbers& n, int64_t count, float* weights, const float* gradient, float* first,
                float* second) {
  const int64_t whole = count / kLanes * kLanes;
  const V keep = set(n.keep), size = set(n.step_size);
  if (n.optimizer == Optimizer::sgd) {
    for (int64_t i = 0; i < whole; i += kLanes) {
      const V velocity = madd(set(n.momentum), load_any(first + i), load_any(gradient + i));
      store_any(velocity, first + i);
      store_any(sub(mul(load_any(weights + i), keep), mul(size, velocity)), weights + i);
    }
  } else {
    const V b1 = set(n.beta1), b2 = set(n.beta2), c1 = set(n.one_minus_beta1), c2 = set(n.one_minus_beta2);
    const V inverse_root = set(n.inverse_root), epsilon = set(n.epsilon);
    for (int64_t i = 0; i < whole; i += kLanes) {
      const V g = load_any(gradient + i);
      const V m = madd(b1, load_any(first + i), mul(c1, g));
      const V v = madd(b2, load_any(second + i), mul(mul(c2, g), g));
      store_any(m, first + i);
      store_any(v, second + i);
      const V change = mul(size, divide(m, madd(root(v), inverse_root, epsilon)));
      store_any(sub(mul(load_any(weights + i), keep), change), weights + i);
    }
  }
  const auto rest = static_cast<size_t>(count - whole);
  poolscope::take_step(n, {weights + whole, rest}, {gradient + whole, rest}, {first + whole, rest},
                       {second ? second + whole : nullptr, second ? rest : 0});
}

const LaneKernels& kernels() {
  static const LaneKernels table = {kTargetName,
                                    kLanes,
                                    load_pictures,
                                    conv_forward,
                                    conv_pool_forward,
                                    unpool,
                                    conv_weight_gradient,
                                    conv_input_gradient,
                                    dense_forward,
                                    dense_input_gradient,
                                    dense_weight_gradient,
                                    taps_forward,
                                    taps_backward,
                                    relu_forward,
                                    relu_backward,
                                    multiply,
                                    step_lanes};
  return table;
}
