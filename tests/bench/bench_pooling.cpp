#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "core/base/random.h"
#include "core/pooling/fast/fast.h"
#include "core/pooling/pool.h"
#include "tests/bench/work.h"

/// Poolscope, oneDNN and OpenCV on the same work: "ours/4K/max-fwd/2x2/2". The counter min_us is the shortest
/// single call in microseconds: on a shared machine the mean measures the others. BENCH_THREADS says on how
/// many threads (1), BENCH_VECTORS with which vectors ("AVX2"; the best). peers.py runs this beside PyTorch
/// and prints the ratios.
namespace poolscope::bench {

namespace {

int thread_count() {
  const char* threads = std::getenv("BENCH_THREADS");
  return threads ? std::max(std::atoi(threads), 1) : 1;
}

void fill(Tensor& tensor) {
  Random random(1);
  for (float& value : tensor.values())
    value = static_cast<float>(random.uniform() * 2 - 1);
}

/// The shortest of the state's calls; many short ones make one measurement.
void time_calls(benchmark::State& state, const Call& call, int64_t bytes) {
  using Clock = std::chrono::steady_clock;
  const int64_t calls = std::clamp<int64_t>(1'000'000 / bytes, 1, 500);
  double best = 1e30;
  call();
  for (auto _ : state) {
    const auto begin = Clock::now();
    for (int64_t i = 0; i < calls; ++i)
      call();
    const double us = std::chrono::duration<double>(Clock::now() - begin).count() * 1e6;
    best = std::min(best, us / static_cast<double>(calls));
  }
  state.counters["min_us"] = best;
  state.counters["bytes"] = static_cast<double>(bytes);
}

struct Memory {
  Tensor input, output, gradient;
  AlignedBuffer<int64_t> indices;
  explicit Memory(const Work& work) : input(work.plan.in), output(work.plan.out), gradient(work.plan.in) {
    fill(input);
    fill(output);
    if (work.what != Operation::max_indices && work.what != Operation::max_backward) return;
    indices = AlignedBuffer<int64_t>(static_cast<size_t>(work.plan.out.count()));
    if (work.what == Operation::max_backward)
      forward_into(work.plan, input.data(), output.data(), {.indices = indices.data()});
  }
};

bool is_backward(const Work& work) {
  return work.what == Operation::max_backward || work.what == Operation::average_backward;
}

int64_t bytes_of(const Work& work) {
  return (work.plan.in.count() + work.plan.out.count()) * 4;
}

Call our_call(const Work& work, Memory& memory) {
  const PoolOptions options{.threads = thread_count(),
                            .indices = work.what == Operation::max_indices ? memory.indices.data() : nullptr};
  const PoolPlan& plan = work.plan;
  // From the indices that the forward pass kept, as PyTorch and oneDNN do it.
  if (work.what == Operation::max_backward)
    return [&plan, &memory, options] {
      const bool done = backward_from_indices_into(plan, memory.indices.data(), memory.output.data(),
                                                   memory.gradient.data(), options)
                            .ok();
      benchmark::DoNotOptimize(done);
    };
  if (is_backward(work))
    return [&plan, &memory, options] {
      backward_into(plan, memory.input.data(), memory.output.data(), memory.gradient.data(), options);
    };
  return
      [&plan, &memory, options] { forward_into(plan, memory.input.data(), memory.output.data(), options); };
}

void add(const std::string& who, const std::shared_ptr<Work>& work,
         std::function<Call(const Work&, Memory&)> prepare) {
  const std::string name = who + "/" + work->size + "/" + work->operation + "/" + work->window;
  benchmark::RegisterBenchmark(name.c_str(), [work, prepare](benchmark::State& state) {
    Memory memory(*work);
    const Call call = prepare(*work, memory);
    if (!call) return state.SkipWithError("not offered");
    time_calls(state, call, bytes_of(*work));
  });
}

void add_all() {
  const std::pair<const char*, Shape> sizes[] = {{"4K", {1, 3, 2160, 3840}},
                                                 {"tiny", {1, 1, 28, 28}},
                                                 {"mid", {64, 32, 28, 28}},
                                                 {"vgg", {1, 64, 224, 224}}};
  const std::pair<const char*, Operation> operations[] = {{"max-fwd", Operation::max_forward},
                                                          {"max-idx", Operation::max_indices},
                                                          {"avg-fwd", Operation::average_forward},
                                                          {"max-bwd", Operation::max_backward},
                                                          {"avg-bwd", Operation::average_backward}};
  for (const auto& [size, shape] : sizes) {
    for (const auto& [operation, what] : operations) {
      for (const auto& [k, s, p] : {std::array<int64_t, 3>{2, 2, 0}, {3, 2, 0}, {3, 1, 1}, {8, 8, 0}}) {
        PoolSpec spec{.window = {k, k}, .stride = {s, s}, .padding = {p, p}};
        if (operation[0] == 'a') spec.kind = Kind::average;
        const std::string window = std::to_string(k) + "x" + std::to_string(k) + "/" + std::to_string(s);
        const auto work =
            std::make_shared<Work>(Work{size, operation, window, what, validate(spec, shape).value()});
        add("ours", work, our_call);
        add("copy", work, [](const Work& w, Memory&) -> Call {
          // As many bytes, half of them read and half of them written.
          const auto half = static_cast<size_t>(bytes_of(w) / 2);
          auto from = std::make_shared<std::vector<char>>(half, 'x');
          auto to = std::make_shared<std::vector<char>>(half);
          return [from, to, half] {
            std::memcpy(to->data(), from->data(), half);
            benchmark::DoNotOptimize(to->data());
            benchmark::ClobberMemory();
          };
        });
#if defined(POOLSCOPE_ONEDNN)
        add("onednn", work, [](const Work& w, Memory& m) {
          return onednn_call(w, m.input.data(), m.output.data(), m.gradient.data());
        });
#endif
#if defined(POOLSCOPE_OPENCV)
        add("opencv", work, [](const Work& w, Memory& m) {
          return opencv_call(w, m.input.data(), m.output.data(), m.gradient.data(), thread_count());
        });
#endif
      }
    }
  }
}

}  // namespace

}  // namespace poolscope::bench

int main(int argc, char** argv) {
  if (const char* vectors = std::getenv("BENCH_VECTORS")) poolscope::fast::use_vector_set(vectors);
  poolscope::bench::add_all();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
