#include "app/model/compare_job.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/model/limits.h"
#include "core/pooling/kinds.h"
#include "core/pooling/pool.h"

namespace poolscope {

namespace {

// Below this many values, times the columns, the answer is there before the frame is drawn.
constexpr int64_t kSmallValues = 20'000;
constexpr int64_t kLargestMapSide = 1536, kOverviewSide = 128;
// A histogram's work is bounded: fewer draws of larger windows.
constexpr int64_t kTapsDrawn = 400'000, kFewestDraws = 100, kMostDraws = 2000, kSmallTaps = 20'000;

TensorPtr share(Tensor tensor) {
  return std::make_shared<const Tensor>(std::move(tensor));
}

TensorPtr compared_input(const CompareRequest& request) {
  const Shape& shape = request.input->shape();
  if (request.period > 0) {
    Tensor stripes = stripe_pattern(kStripeSize.h, kStripeSize.w, request.period);
    return share(request.inverted ? inverted(stripes, true) : std::move(stripes));
  }
  if (!request.inverted)
    return shape.n == 1 ? request.input : share(batch_item(*request.input, request.batch));
  return share(inverted(shape.n == 1 ? *request.input : batch_item(*request.input, request.batch),
                        request.is_picture));
}

void find_ends(CompareRun& run) {
  if (run.request.is_picture || run.request.period > 0) return;
  run.low = std::numeric_limits<float>::infinity(), run.high = -run.low;
  for (const float value : run.input->values()) {
    if (!std::isfinite(value)) continue;
    run.low = std::min(run.low, value);
    run.high = std::max(run.high, value);
  }
  if (!(run.low < run.high)) run.low = 0, run.high = 1;
}

void split_steps(CompareResult& column, const Tensor& input) {
  const std::optional<PoolPlan> dense = dense_plan(column.plan);
  if (!dense) return;
  Tensor reduced = forward(*dense, input).values;
  column.kept = share(subsample(reduced, column.plan.spec.stride, column.plan.out));
  column.dense = share(std::move(reduced));
}

float span_of(const Tensor& differences) {
  std::vector<float> sizes;
  sizes.reserve(static_cast<size_t>(differences.count()));
  for (const float d : differences.values())
    if (std::isfinite(d)) sizes.push_back(std::fabs(d));
  if (sizes.empty()) return 0;
  const auto place = sizes.begin() + static_cast<std::ptrdiff_t>((sizes.size() - 1) * 98 / 100);
  std::nth_element(sizes.begin(), place, sizes.end());
  return *place;
}

void find_differences(CompareRun& run) {
  const int reference = run.request.reference;
  for (CompareResult& column : run.columns) {
    const Tensor& from = reference < 0 ? *run.input : *run.columns[static_cast<size_t>(reference)].output;
    const int64_t channel = std::min(run.request.channel, run.input->shape().c - 1);
    column.difference =
        share(difference_map(from, *column.output, run.input->shape(), channel, kLargestMapSide));
    column.overview = share(difference_map(from, *column.output, run.input->shape(), channel, kOverviewSide));
    column.difference_span = span_of(*column.difference);
  }
}

std::shared_ptr<const CompareRun> compare(const CompareRequest& request, JobProgress& progress) {
  auto run = std::make_shared<CompareRun>();
  run->request = request;
  progress.whole.total = static_cast<int64_t>(request.specs.size()) * kDeepest + 2;
  run->input = compared_input(request);
  find_ends(*run);
  const bool picture = request.is_picture || request.period > 0;
  const Yardstick yardstick =
      make_yardstick(*run->input, picture ? 255 : value_range(*run->input), &progress.whole);
  ++progress.whole.done;
  if (request.period > 0) run->spectrum = row_spectrum(*run->input);
  for (const PoolSpec& spec : request.specs) {
    if (progress.cancelled()) return run;
    CompareResult column;
    column.plan = *validate(spec, run->input->shape());
    RepeatedPooling again =
        pool_again(yardstick, *run->input, spec, kDeepest, request.depth, &progress.whole, &progress.part);
    column.metrics = std::move(again.metrics);
    column.reached = again.reached;
    column.output = share(std::move(again.output));
    if (request.two_steps) split_steps(column, *run->input);
    if (request.period > 0) column.spectrum = row_spectrum(forward(column.plan, *run->input).values);
    run->columns.push_back(std::move(column));
  }
  if (!progress.cancelled()) find_differences(*run);
  return run;
}

std::shared_ptr<const DrawRun> draw(const DrawRequest& request, JobProgress& progress) {
  auto run = std::make_shared<DrawRun>();
  run->request = request;
  const PoolPlan plan = *validate(request.spec, request.input->shape());
  const int64_t taps = plan.rows.window * plan.columns.window;
  const int64_t draws = std::clamp(kTapsDrawn / taps, kFewestDraws, kMostDraws);
  run->counts = count_draws(plan, *request.input, request.channel, request.step, draws, &progress.whole);
  return run;
}

}  // namespace

std::vector<PoolSpec> compare_specs(const Document& document) {
  Shape shape = document.shape();
  shape.n = 1;
  if (document.compare.striped) shape = {1, 1, kStripeSize.h, kStripeSize.w};
  std::vector<PoolSpec> specs = {fit_spec(document.spec, shape)};
  const Result<PoolPlan> first = validate(specs[0], shape);
  for (const CompareColumn& column : document.compare.columns) {
    PoolSpec spec = document.spec;
    spec.kind = column.kind;
    if (column.window) spec.window = *column.window;
    if (column.stride) spec.stride = *column.stride;
    // Kinds that are told how much to make are told to make as much as the first column.
    const bool sized = kind_info(column.kind).uses(kOutputSize) && column.kind != document.spec.kind;
    if (sized && first.ok()) spec.output_size = {first->out.h, first->out.w};
    specs.push_back(fit_spec(spec, shape));
  }
  return specs;
}

CompareRequest compare_request(const Document& document) {
  const CompareSetup& setup = document.compare;
  CompareRequest request;
  request.input = document.input.tensor;
  request.is_picture = document.input.is_picture;
  request.batch = document.batch;
  request.channel = document.channel;
  request.inverted = setup.inverted;
  request.two_steps = setup.two_steps;
  request.period = setup.striped ? setup.period : 0;
  request.specs = compare_specs(document);
  request.depth = setup.depth;
  request.reference = setup.reference < static_cast<int>(request.specs.size()) ? setup.reference : -1;
  return request;
}

CompareWork::CompareWork() : columns(compare), draws(draw) {}

std::shared_ptr<const CompareRun> CompareWork::current(const Document& document) const {
  return columns.answer_to(compare_request(document));
}

void CompareWork::ask(const Document& document, int64_t step) {
  const CompareRequest request = compare_request(document);
  const int64_t values = request.period > 0 ? kStripeSize.h * kStripeSize.w : document.shape().count();
  columns.ask(request, values * static_cast<int64_t>(request.specs.size()) <= kSmallValues);
  const std::shared_ptr<const CompareRun> run = columns.answer_to(request);
  if (!run) return;
  for (const CompareResult& column : run->columns) {
    if (column.plan.spec.kind != Kind::stochastic) continue;
    DrawRequest wanted;
    wanted.input = run->input;
    wanted.spec = column.plan.spec;
    wanted.channel = std::min(document.stepped_channel(), run->input->shape().c - 1);
    wanted.step = std::clamp<int64_t>(step, 0, column.plan.steps_per_plane() - 1);
    draws.ask(wanted, column.plan.rows.window * column.plan.columns.window * kFewestDraws <= kSmallTaps);
    return;
  }
}

bool CompareWork::poll() {
  const bool first = columns.poll(), second = draws.poll();
  return first || second;
}

void CompareWork::wait() {
  columns.wait();
  draws.wait();
}

}  // namespace poolscope
