#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/data/digits.h"
#include "core/nn/engine.h"
#include "core/nn/lanes.h"
#include "core/nn/optimizer.h"
#include "core/nn/templates.h"
#include "core/tensor/tensor.h"
#include "tests/bench/conv_work.h"

/// The convolutions of lenet-small beside oneDNN's, and pictures through the whole network, for every set of
/// vectors of this processor; one thread. Every round measures all of them once; the shortest counts. Prints
/// Markdown. For an honest comparison of AVX2, run it with DNNL_MAX_CPU_ISA=AVX2.
namespace poolscope::bench {

namespace {

constexpr int kRounds = 5;
constexpr double kSeconds = 0.1;
constexpr int64_t kBatch = 64;

double microseconds(const std::function<void()>& call) {
  using Clock = std::chrono::steady_clock;
  const auto since = [](Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
  };
  call();
  double best = 1e30;
  for (const auto begin = Clock::now(); since(begin) < kSeconds;) {
    const auto one = Clock::now();
    call();
    best = std::min(best, since(one) * 1e6);
  }
  return best;
}

AlignedBuffer<float> numbers(int64_t count) {
  AlignedBuffer<float> buffer(static_cast<size_t>(count));
  Random random(1);
  std::generate_n(buffer.data(), count, [&] { return static_cast<float>(random.uniform() * 2 - 1); });
  return buffer;
}

/// A batch of one layer as our kernels hold it: groups one after the other.
struct OurLayer {
  const LaneKernels& kernels;
  ConvShape shape;
  int64_t groups = kBatch / kernels.lanes;
  int64_t in_size = shape.in_c * shape.in_h * shape.in_w * kernels.lanes;
  int64_t out_size = shape.out_c * shape.out_h * shape.out_w * kernels.lanes;
  int64_t weight_count = shape.out_c * shape.in_c * shape.kh * shape.kw;
  AlignedBuffer<float> in = numbers(in_size * groups), out = numbers(out_size * groups);
  AlignedBuffer<float> weights = numbers(weight_count), biases = numbers(shape.out_c);
  AlignedBuffer<float> gradient = numbers(weight_count), bias_gradient = numbers(shape.out_c);
  AlignedBuffer<float> sums = numbers(4 * shape.in_c * shape.kh * shape.kw * kernels.lanes);

  OurLayer(const LaneKernels& kernels_in, const ConvShape& shape_in) : kernels(kernels_in), shape(shape_in) {}

  void run(ConvPass pass) {
    for (int64_t g = 0; g < groups; ++g) {
      float *x = in.data() + g * in_size, *y = out.data() + g * out_size;
      if (pass == ConvPass::forward)
        kernels.conv_forward(shape, x, weights.data(), biases.data(), false, y);
      else if (pass == ConvPass::input_gradient)
        kernels.conv_input_gradient(shape, y, weights.data(), x);
      else
        kernels.conv_weight_gradient(shape, x, y, gradient.data(), bias_gradient.data(), sums.data());
    }
  }
};

void convolutions(const LaneKernels& kernels) {
  const std::pair<const char*, ConvShape> layers[] = {
      {"1 x 28 x 28 -> 8 x 24 x 24", {1, 28, 28, 8, 24, 24, 5, 5}},
      {"8 x 12 x 12 -> 16 x 8 x 8", {8, 12, 12, 16, 8, 8, 5, 5}}};
  const std::pair<const char*, ConvPass> passes[] = {{"forward", ConvPass::forward},
                                                     {"gradient of the input", ConvPass::input_gradient},
                                                     {"gradient of the weights", ConvPass::weight_gradient}};
  std::printf("| convolution 5 x 5, batch %d | ours, µs | oneDNN, µs | ratio |\n| --- | --- | --- | --- |\n",
              static_cast<int>(kBatch));
  for (const auto& [name, shape] : layers) {
    OurLayer ours(kernels, shape);
    for (const auto& [pass_name, pass] : passes) {
      const std::function<void()> peer = onednn_convolution(shape, kBatch, pass);
      double best = 1e30, best_peer = 1e30;
      for (int round = 0; round < kRounds; ++round) {
        best = std::min(best, microseconds([&, p = pass] { ours.run(p); }));
        if (peer) best_peer = std::min(best_peer, microseconds(peer));
      }
      if (peer)
        std::printf("| %s, %s | %.1f | %.1f | %.2fx |\n", name, pass_name, best, best_peer, best_peer / best);
      else
        std::printf("| %s, %s | %.1f | not installed | |\n", name, pass_name, best);
    }
  }
}

void pictures(const LaneKernels& kernels) {
  const Samples digits = draw_digits(1024, 1);
  const NetworkPlan plan = plan_network(make_network("lenet-small", digits.shape, 10)).value();
  std::vector<float> parameters = initial_parameters(plan, 1);
  std::vector<Picture> all;
  for (int64_t i = 0; i < digits.count(); ++i)
    all.push_back({digits.picture(i).data()});
  std::vector<float> scores(all.size() * static_cast<size_t>(plan.classes()));
  std::printf("\n| lenet-small, one thread | µs for each picture |\n| --- | --- |\n");
  Engine engine(plan, 1, kBatch, kernels);
  for (const size_t count : {size_t{1}, size_t{16}, all.size()}) {
    double best = 1e30;
    for (int round = 0; round < kRounds; ++round)
      best = std::min(best, microseconds([&] { engine.scores({all.data(), count}, parameters, scores); }));
    std::printf("| scores, %zu at once | %.2f |\n", count, best / static_cast<double>(count));
  }
  const TrainingRecipe recipe;
  OptimizerState state = optimizer_state(plan, recipe);
  const StepNumbers numbers = step_numbers(recipe, 1, 1e-6);
  const auto train_all = [&] {
    for (size_t i = 0; i < all.size(); i += size_t{kBatch})
      engine.train({{all.data() + i, size_t{kBatch}}, {digits.labels.data() + i, size_t{kBatch}}}, numbers, 1,
                   0, parameters, state);
  };
  double best = 1e30;
  for (int round = 0; round < kRounds; ++round)
    best = std::min(best, microseconds(train_all));
  std::printf("| a step of training, batch %d | %.2f |\n\n", static_cast<int>(kBatch),
              best / static_cast<double>(all.size()));
}

}  // namespace

}  // namespace poolscope::bench

int main() {
  for (const poolscope::LaneKernels* kernels : poolscope::all_lane_kernels()) {
    if (kernels->lanes < 8 || kernels == &poolscope::portable_lane_kernels()) continue;  // not in a hurry
    std::printf("%s, %lld pictures side by side\n\n", kernels->name, static_cast<long long>(kernels->lanes));
    poolscope::bench::convolutions(*kernels);
    poolscope::bench::pictures(*kernels);
  }
}
