#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/pool_options.h"
#include "core/base/random.h"
#include "core/base/thread_pool.h"
#include "core/pooling/fast/fast.h"
#include "core/pooling/pool.h"

namespace poolscope {

namespace {

/// 4 GiB of input: what a computer of today holds.
constexpr int64_t kMostValues = int64_t{1} << 30;
constexpr double kSeconds = 0.5;

struct BenchRequest {
  std::string op = "max-fwd";
  PoolSpec spec;
  Shape shape{1, 3, 2160, 3840};
  int threads = hardware_threads();
};

Result<Shape> to_shape(const std::string& typed) {
  std::vector<int64_t> sides;
  int64_t product = 1;
  for (size_t at = 0; at <= typed.size();) {
    const size_t end = std::min(typed.find('x', at), typed.size());
    const Result<int64_t> side = to_integer("--shape", typed.substr(at, end - at), 1, kMostValues / product);
    if (!side.ok()) break;
    sides.push_back(*side);
    product *= *side;
    at = end + 1;
  }
  const auto crosses = std::count(typed.begin(), typed.end(), 'x');
  if (sides.size() != 4 || crosses != 3)
    return Error("cli.error.not_a_shape").with("value", typed).with("most", format_count(kMostValues));
  return Shape{sides[0], sides[1], sides[2], sides[3]};
}

Result<BenchRequest> read_request(const Arguments& arguments) {
  BenchRequest request;
  const std::string ops[] = {"max-fwd", "max-idx", "max-bwd", "avg-fwd", "avg-bwd"};
  if (const std::string* op = arguments.find("op")) {
    if (std::find(std::begin(ops), std::end(ops), *op) == std::end(ops))
      return not_a_choice("--op", *op, join(ops));
    request.op = *op;
  }
  if (const std::string* shape = arguments.find("shape")) {
    const Result<Shape> read = to_shape(*shape);
    if (!read.ok()) return read.error();
    request.shape = *read;
  }
  if (const std::string* threads = arguments.find("threads")) {
    const Result<int64_t> read = to_integer("--threads", *threads, 1, 64);
    if (!read.ok()) return read.error();
    request.threads = static_cast<int>(*read);
  }
  PoolSpec base;
  base.kind = request.op.starts_with("max") ? Kind::max : Kind::average;
  const Result<PoolSpec> spec = parse_pool_options(arguments, base);
  if (!spec.ok()) return spec.error();
  request.spec = *spec;
  return request;
}

struct Times {
  std::vector<double> microseconds;
  double minimum() const { return *std::min_element(microseconds.begin(), microseconds.end()); }
  double median() const {
    std::vector<double> sorted = microseconds;
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2),
                     sorted.end());
    return sorted[sorted.size() / 2];
  }
};

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// One sample: short calls are repeated until the clock can see them.
template <class Call>
void sample(Times& times, int64_t calls, Call&& call) {
  const double begin = seconds_now();
  for (int64_t i = 0; i < calls; ++i)
    call();
  times.microseconds.push_back((seconds_now() - begin) * 1e6 / static_cast<double>(calls));
}

struct Report {
  Times pooling, copying;
  int64_t bytes = 0;
};

/// Microseconds as people read them: no decimals where they mean nothing, no exponents.
std::string written(double microseconds) {
  return microseconds < 1000 ? format_short(microseconds) : format_count(std::llround(microseconds));
}

void fill(Tensor& tensor, uint64_t seed) {
  Random random(seed);
  for (float& value : tensor.values())
    value = static_cast<float>(random.uniform() * 2 - 1);
}

Report measure(const BenchRequest& asked, const PoolPlan& plan) {
  // The gradient of a maximum goes where the forward pass found it, as frameworks keep it.
  const bool from_indices = asked.op == "max-bwd", back = asked.op.ends_with("bwd");
  const bool indices = asked.op == "max-idx" || from_indices;
  Tensor input(plan.in), output(plan.out), gradient(back ? plan.in : Shape{});
  fill(input, 1);
  fill(output, 2);
  // Cache lines of their own, as tensors have.
  AlignedBuffer<int64_t> places(indices ? static_cast<size_t>(plan.out.count()) : 0);
  const PoolOptions options{.threads = asked.threads, .indices = indices ? places.data() : nullptr};
  if (from_indices) forward_into(plan, input.data(), output.data(), options);
  const auto pool = [&] {
    if (from_indices)
      (void)backward_from_indices_into(plan, places.data(), output.data(), gradient.data(), options);
    else if (back)
      backward_into(plan, input.data(), output.data(), gradient.data(), options);
    else
      forward_into(plan, input.data(), output.data(), options);
  };
  Report report;
  const int64_t in = plan.in.count() * 4, out = plan.out.count() * 4;
  report.bytes = in + out;
  if (indices) report.bytes += out * 2;
  const auto half = std::max<int64_t>(report.bytes / 8, 1);
  Tensor from({1, 1, 1, half}, 1), to({1, 1, 1, half});
  const auto copy = [&] {
    run_in_pieces(half, half > (1 << 16) ? asked.threads : 1, [&](int64_t begin, int64_t end) {
      std::memcpy(to.data() + begin, from.data() + begin, static_cast<size_t>(end - begin) * 4);
    });
  };
  pool();
  copy();
  const int64_t calls = std::clamp<int64_t>(1'000'000 / report.bytes, 1, 1000);
  const double begin = seconds_now();
  while (report.pooling.microseconds.size() < 5 || seconds_now() - begin < kSeconds) {
    sample(report.pooling, calls, pool);
    sample(report.copying, calls, copy);
  }
  return report;
}

std::string as_json(const BenchRequest& asked, const PoolPlan& plan, const Report& report, double speed) {
  const auto list = [](const Shape& shape) {
    return nlohmann::ordered_json::array({shape.n, shape.c, shape.h, shape.w});
  };
  const nlohmann::ordered_json json{{"op", asked.op},
                                    {"shape", list(plan.in)},
                                    {"output_shape", list(plan.out)},
                                    {"threads", asked.threads},
                                    {"vectors", fast::vector_sets().front()},
                                    {"repetitions", report.pooling.microseconds.size()},
                                    {"bytes", report.bytes},
                                    {"median_us", report.pooling.median()},
                                    {"minimum_us", report.pooling.minimum()},
                                    {"gb_per_s", speed},
                                    {"copy_median_us", report.copying.median()},
                                    {"copy_minimum_us", report.copying.minimum()}};
  return json.dump(2) + "\n";
}

}  // namespace

CommandInfo bench_command() {
  CommandInfo command{"bench", {{"op", "OP", "bench"}, {"shape", "NxCxHxW", "bench"}}, {}};
  // The operation says the kind.
  for (const OptionInfo& option : pool_options())
    if (option.name != "kind") command.options.push_back(option);
  command.options.insert(command.options.end(), {{"threads", "N", "bench"},
                                                 {"json", "", "bench"},
                                                 {"lang", "LANG", "general"},
                                                 {"help", "", "general", "-h"}});
  return command;
}

int run_bench(const Arguments& arguments, const CliHooks&, const Voice& voice) {
  const Result<BenchRequest> asked = read_request(arguments);
  if (!asked.ok()) return voice.bad_argument(asked.error());
  const Result<PoolPlan> plan = validate(asked.value().spec, asked.value().shape);
  if (!plan.ok()) return voice.bad_argument(plan.error());
  const Report report = measure(*asked, *plan);
  const double minimum = report.pooling.minimum();
  const double speed = static_cast<double>(report.bytes) / (minimum * 1e3);
  if (arguments.has("json")) return voice.print(as_json(*asked, *plan, report, speed));
  const Message message = Message("cli.bench.result")
                              .with("op", asked.value().op)
                              .with("shape", to_string(plan.value().in))
                              .with("out", to_string(plan.value().out))
                              .with("threads", asked.value().threads)
                              .with("vectors", std::string(fast::vector_sets().front()))
                              .with("repetitions", static_cast<int64_t>(report.pooling.microseconds.size()))
                              .with("median", written(report.pooling.median()))
                              .with("minimum", written(minimum))
                              .with("speed", format_short(speed, 3))
                              .with("copy_median", written(report.copying.median()))
                              .with("copy_minimum", written(report.copying.minimum()))
                              .with("ratio", format_short(minimum / report.copying.minimum(), 3));
  return voice.print(voice.texts().format(message));
}

}  // namespace poolscope
