#include "core/nn/engine.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/nn/crew.h"
#include "core/nn/program.h"
#include "core/nn/workspace.h"

namespace poolscope {

namespace {

/// Rows of a dense layer, or a whole convolution: what one thread makes the gradient of, and steps, at a
/// time.
struct Slice {
  size_t op = 0;
  int64_t first = 0, last = 0;  ///< rows of a dense layer
};
constexpr int64_t kSliceRows = 16;

}  // namespace

struct Engine::State {
  NetworkPlan plan;
  Program program;
  const LaneKernels& kernels;
  Crew crew;
  int64_t largest_batch;
  std::vector<Workspace> workspaces;                           ///< by thread
  std::vector<AlignedBuffer<float>> conv_gradients;            ///< by group
  std::vector<AlignedBuffer<float>> dense_in, dense_gradient;  ///< by op
  std::vector<Slice> slices;
  std::vector<double> losses;  ///< by picture of the batch
  std::vector<uint8_t> correct;
  std::vector<float> gradient;

  State(NetworkPlan plan_in, int64_t threads, int64_t largest_batch_in, const LaneKernels& kernels_in)
      : plan(std::move(plan_in)),
        program(make_program(plan)),
        kernels(kernels_in),
        crew(crew_size(threads)),
        largest_batch(std::max<int64_t>(1, largest_batch_in)) {
    for (int thread = 0; thread < crew.threads(); ++thread)
      workspaces.emplace_back(plan, program, kernels);
    for (int64_t g = 0; g < groups(largest_batch); ++g)
      conv_gradients.emplace_back(static_cast<size_t>(program.conv_parameters));
    for (size_t i = 0; i < program.ops.size(); ++i) {
      const Op& op = program.ops[i];
      const bool dense = op.kind == Op::Kind::dense;
      dense_in.emplace_back(static_cast<size_t>(dense ? largest_batch * op.dense.in : 0));
      dense_gradient.emplace_back(static_cast<size_t>(dense ? largest_batch * op.dense.out : 0));
      if (op.kind == Op::Kind::conv || op.kind == Op::Kind::conv_pool) slices.push_back({i, 0, 0});
      for (int64_t row = 0; dense && row < op.dense.out; row += kSliceRows)
        slices.push_back({i, row, std::min(op.dense.out, row + kSliceRows)});
    }
    losses.resize(static_cast<size_t>(largest_batch));
    correct.resize(static_cast<size_t>(largest_batch));
    gradient.resize(static_cast<size_t>(plan.parameters));
  }

  int64_t groups(int64_t pictures) const { return (pictures + kernels.lanes - 1) / kernels.lanes; }

  /// Softmax and its loss for one group; leaves the gradient of the scores, divided by the batch's size.
  void judge(Workspace& workspace, const Batch& batch, int64_t first, int64_t count);
  BatchResult pass(const Batch& batch, bool training, uint64_t run_seed, int64_t step,
                   const float* parameters);
  void make_gradient(const Slice& slice, int64_t pictures);
  void step_slice(const Slice& slice, const StepNumbers& numbers, float* parameters, OptimizerState& state);
};

void Engine::State::judge(Workspace& workspace, const Batch& batch, int64_t first, int64_t count) {
  const int64_t lanes = kernels.lanes, classes = plan.classes();
  const float* scores = workspace.scores();
  float* gradients = workspace.score_gradient();
  const float share = 1.0f / static_cast<float>(batch.pictures.size());
  for (int64_t lane = 0; lane < lanes; ++lane) {
    if (lane >= count) {
      for (int64_t k = 0; k < classes; ++k)
        gradients[k * lanes + lane] = 0;
      continue;
    }
    int64_t best = 0;
    for (int64_t k = 1; k < classes; ++k)
      if (scores[k * lanes + lane] > scores[best * lanes + lane]) best = k;
    const float top = scores[best * lanes + lane];
    float total = 0;
    for (int64_t k = 0; k < classes; ++k) {
      const float power = std::exp(scores[k * lanes + lane] - top);
      gradients[k * lanes + lane] = power;
      total += power;
    }
    const auto sample = static_cast<size_t>(first + lane);
    const int64_t label = batch.labels[sample];
    for (int64_t k = 0; k < classes; ++k)
      gradients[k * lanes + lane] =
          (gradients[k * lanes + lane] / total - (k == label ? 1.0f : 0.0f)) * share;
    losses[sample] = std::log(static_cast<double>(total)) + top - scores[label * lanes + lane];
    correct[sample] = best == label;
  }
}

BatchResult Engine::State::pass(const Batch& batch, bool training, uint64_t run_seed, int64_t step,
                                const float* parameters) {
  const auto pictures = static_cast<int64_t>(batch.pictures.size());
  assert(pictures > 0 && pictures <= largest_batch && batch.labels.size() == batch.pictures.size());
  crew.run(groups(pictures), [&](int64_t group, int thread) {
    const int64_t first = group * kernels.lanes, count = std::min(kernels.lanes, pictures - first);
    const GroupPass one{batch.pictures.subspan(static_cast<size_t>(first), static_cast<size_t>(count)),
                        parameters,
                        training,
                        run_seed,
                        step,
                        first};
    Workspace& workspace = workspaces[static_cast<size_t>(thread)];
    workspace.forward(one);
    judge(workspace, batch, first, count);
    workspace.backward(one, {conv_gradients[static_cast<size_t>(group)].data(), &dense_in, &dense_gradient});
  });
  BatchResult result;
  result.pictures = pictures;
  for (size_t i = 0; i < batch.pictures.size(); ++i) {
    result.loss += losses[i];
    result.correct += correct[i];
  }
  return result;
}

void Engine::State::make_gradient(const Slice& slice, int64_t pictures) {
  const Op& op = program.ops[slice.op];
  const LayerPlan& layer = plan.layers[static_cast<size_t>(op.layer)];
  float* weights = gradient.data() + layer.weights_at;
  if (op.kind != Op::Kind::dense) {
    const int64_t count = layer.parameters();
    std::copy_n(conv_gradients[0].data() + op.conv_gradient_at, count, weights);
    for (int64_t group = 1; group < groups(pictures); ++group) {
      const float* more = conv_gradients[static_cast<size_t>(group)].data() + op.conv_gradient_at;
      for (int64_t i = 0; i < count; ++i)
        weights[i] += more[i];
    }
    return;
  }
  const float* out_gradient = dense_gradient[slice.op].data();
  kernels.dense_weight_gradient(op.dense, pictures, dense_in[slice.op].data(), out_gradient, slice.first,
                                slice.last, weights);
  if (layer.biases == 0) return;
  float* biases = gradient.data() + layer.biases_at;
  std::fill(biases + slice.first, biases + slice.last, 0.0f);
  for (int64_t n = 0; n < pictures; ++n)
    for (int64_t o = slice.first; o < slice.last; ++o)
      biases[o] += out_gradient[n * op.dense.out + o];
}

void Engine::State::step_slice(const Slice& slice, const StepNumbers& numbers, float* parameters,
                               OptimizerState& state) {
  const Op& op = program.ops[slice.op];
  const LayerPlan& layer = plan.layers[static_cast<size_t>(op.layer)];
  const auto step = [&](int64_t first, int64_t count) {
    kernels.take_step(numbers, count, parameters + first, gradient.data() + first, state.first.data() + first,
                      state.second.empty() ? nullptr : state.second.data() + first);
  };
  if (op.kind != Op::Kind::dense) return step(layer.weights_at, layer.parameters());
  step(layer.weights_at + slice.first * op.dense.in, (slice.last - slice.first) * op.dense.in);
  if (layer.biases > 0) step(layer.biases_at + slice.first, slice.last - slice.first);
}

Engine::Engine(NetworkPlan plan, int64_t threads, int64_t largest_batch, const LaneKernels& kernels)
    : state_(std::make_unique<State>(std::move(plan), threads, largest_batch, kernels)) {}

Engine::~Engine() = default;

const NetworkPlan& Engine::plan() const {
  return state_->plan;
}

int Engine::threads() const {
  return state_->crew.threads();
}

BatchResult Engine::train(const Batch& batch, const StepNumbers& numbers, uint64_t run_seed, int64_t step,
                          std::span<float> parameters, OptimizerState& optimizer) {
  State& s = *state_;
  const BatchResult result = s.pass(batch, true, run_seed, step, parameters.data());
  if (!std::isfinite(result.loss)) return result;
  s.crew.run(static_cast<int64_t>(s.slices.size()), [&](int64_t i, int) {
    const Slice& slice = s.slices[static_cast<size_t>(i)];
    s.make_gradient(slice, result.pictures);
    s.step_slice(slice, numbers, parameters.data(), optimizer);
  });
  ++optimizer.steps;
  return result;
}

BatchResult Engine::gradient(const Batch& batch, bool training, uint64_t run_seed, int64_t step,
                             std::span<const float> parameters, std::span<float> gradient) {
  State& s = *state_;
  const BatchResult result = s.pass(batch, training, run_seed, step, parameters.data());
  s.crew.run(static_cast<int64_t>(s.slices.size()),
             [&](int64_t i, int) { s.make_gradient(s.slices[static_cast<size_t>(i)], result.pictures); });
  std::copy(s.gradient.begin(), s.gradient.end(), gradient.begin());
  return result;
}

void Engine::scores(std::span<const Picture> pictures, std::span<const float> parameters,
                    std::span<float> out) {
  State& s = *state_;
  const int64_t lanes = s.kernels.lanes, classes = s.plan.classes();
  const auto total = static_cast<int64_t>(pictures.size());
  s.crew.run(s.groups(total), [&](int64_t group, int thread) {
    const int64_t first = group * lanes, count = std::min(lanes, total - first);
    GroupPass one;
    one.pictures = pictures.subspan(static_cast<size_t>(first), static_cast<size_t>(count));
    one.parameters = parameters.data();
    Workspace& workspace = s.workspaces[static_cast<size_t>(thread)];
    workspace.forward(one);
    for (int64_t lane = 0; lane < count; ++lane)
      for (int64_t k = 0; k < classes; ++k)
        out[static_cast<size_t>((first + lane) * classes + k)] = workspace.scores()[k * lanes + lane];
  });
}

}  // namespace poolscope
