#include "app/model/compare_job.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

#include "app/model/limits.h"
#include "app/model/pool_job.h"
#include "core/pooling/kinds.h"
#include "core/pooling/pool.h"

namespace poolscope {

namespace {

// Below this many values, times the columns, the answer is there before the frame is drawn.
constexpr int64_t kSmallValues = 20'000;
constexpr int64_t kLargestMapSide = 1536, kOverviewSide = 128;
// A histogram's work is bounded: fewer draws of larger windows.
// Columns that are not shown any more are remembered for a change of mind, of large pictures only one.
constexpr size_t kRemembered = 8, kRememberedLarge = 1;
constexpr int64_t kLargeValues = 4'000'000;
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

/// The input, and what is known of it before anything is compared with it.
struct Subject {
  TensorPtr source, input;
  bool is_picture = false, inverted = false;
  int64_t batch = 0;
  double period = 0;
  float low = 0, high = 255;
  Yardstick yardstick;
  std::vector<double> spectrum;

  bool is_of(const CompareRequest& request) const {
    // Stripes are the same whatever is open.
    const bool same_source = request.period > 0 || (source == request.input && batch == request.batch &&
                                                    is_picture == request.is_picture);
    return same_source && period == request.period && inverted == request.inverted;
  }
};

void find_ends(Subject& subject) {
  if (subject.is_picture || subject.period > 0) return;
  std::tie(subject.low, subject.high) = finite_ends(*subject.input);
  if (!(subject.low < subject.high)) subject.low = 0, subject.high = 1;
}

Subject make_subject(const CompareRequest& request, JobProgress& progress) {
  Subject subject;
  subject.source = request.input;
  subject.is_picture = request.is_picture;
  subject.inverted = request.inverted;
  subject.batch = request.batch;
  subject.period = request.period;
  subject.input = compared_input(request);
  find_ends(subject);
  const bool picture = request.is_picture || request.period > 0;
  subject.yardstick =
      make_yardstick(*subject.input, picture ? 255 : value_range(*subject.input), &progress.whole);
  if (progress.cancelled()) return subject;
  subject.yardstick.untouched = measure(subject.yardstick, *subject.input, *subject.input);
  if (request.period > 0) subject.spectrum = row_spectrum(*subject.input);
  return subject;
}

/// What one pooling of the subject has come to, as far as it was asked for.
struct Measured {
  PoolSpec spec;
  std::vector<CompareMetrics> metrics;
  int depth = 0, reached = 0;  ///< of the output
  TensorPtr output, dense, kept;
  bool split = false;
  std::vector<double> spectrum;
  // The newest difference, and what it was taken of.
  TensorPtr from, difference, overview;
  int64_t channel = 0;
  float span = 0;
};

void split_steps(Measured& column, const PoolPlan& plan, const Tensor& input) {
  column.split = true;
  const std::optional<PoolPlan> dense = dense_plan(plan);
  if (!dense) return;
  Tensor reduced = forward(*dense, input).values;
  column.kept = share(subsample(reduced, plan.spec.stride, plan.out));
  column.dense = share(std::move(reduced));
}

/// The subject pooled `depth` times, as pool_again() does it, without measuring.
void pool_to_depth(Measured& column, const Tensor& input, int depth, JobProgress& progress) {
  Tensor present;
  column.depth = depth;
  column.reached = 0;
  while (column.reached < depth && !progress.cancelled()) {
    PoolSpec drawn = column.spec;
    drawn.seed += static_cast<uint64_t>(column.reached);
    const Tensor& before = column.reached == 0 ? input : present;
    const Result<PoolPlan> plan = validate(drawn, before.shape());
    if (!plan.ok()) break;
    present = forward(*plan, before, false, &progress.part).values;
    ++column.reached;
  }
  column.output = share(column.reached == 0 ? input : std::move(present));
  column.difference = nullptr;
}

}  // namespace

/// Columns by their pooling, of one subject. Used by one run of the job at a time.
class CompareCache {
 public:
  std::optional<Subject> subject;
  std::vector<std::shared_ptr<Measured>> columns;  ///< the ones used last come last

  /// Seeds are nothing to kinds that do not draw.
  static PoolSpec key_of(PoolSpec spec) {
    if (!kind_info(spec.kind).random) spec.seed = 0;
    return spec;
  }
  std::shared_ptr<Measured> find(const PoolSpec& spec) {
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const auto& column) { return column->spec == key_of(spec); });
    if (found == columns.end()) return nullptr;
    std::rotate(found, found + 1, columns.end());
    return columns.back();
  }
  void forget_all_but(size_t shown) {
    const bool large = subject && subject->input->count() > kLargeValues;
    const size_t most = shown + (large ? kRememberedLarge : kRemembered);
    if (columns.size() > most)
      columns.erase(columns.begin(), columns.end() - static_cast<std::ptrdiff_t>(most));
  }
};

namespace {

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

/// The difference of what is shown to `from`, unless it is there.
void find_difference(Measured& column, const TensorPtr& from, const Shape& grid, int64_t channel) {
  if (column.difference && column.from == from && column.channel == channel) return;
  column.from = from;
  column.channel = channel;
  column.difference = share(difference_map(*from, *column.output, grid, channel, kLargestMapSide));
  column.overview = share(difference_map(*from, *column.output, grid, channel, kOverviewSide));
  column.span = span_of(*column.difference);
}

/// Whether the column is known for all that is asked; what it lacks is measured otherwise.
void complete_column(Measured& column, const CompareRequest& request, const Subject& subject,
                     const PoolPlan& plan, JobProgress& progress) {
  const Tensor& input = *subject.input;
  if (column.metrics.empty()) {
    RepeatedPooling again = pool_again(subject.yardstick, input, column.spec, kDeepest, request.depth,
                                       &progress.whole, &progress.part);
    if (progress.cancelled()) return;
    column.metrics = std::move(again.metrics);
    column.depth = request.depth;
    column.reached = again.reached;
    column.output = share(std::move(again.output));
  } else if (column.depth != request.depth) {
    pool_to_depth(column, input, request.depth, progress);
  }
  if (progress.cancelled()) return;
  if (request.two_steps && !column.split) split_steps(column, plan, input);
  if (request.period > 0 && column.spectrum.empty())
    column.spectrum = row_spectrum(forward(plan, input).values);
}

CompareResult result_of(const Measured& column, PoolPlan plan, bool two_steps) {
  CompareResult result;
  result.plan = std::move(plan);
  result.metrics = column.metrics;
  result.reached = column.reached;
  result.output = column.output;
  result.difference = column.difference;
  result.overview = column.overview;
  result.difference_span = column.span;
  if (two_steps) result.dense = column.dense, result.kept = column.kept;
  result.spectrum = column.spectrum;
  return result;
}

std::shared_ptr<const CompareRun> compare(const CompareRequest& request, JobProgress& progress) {
  auto run = std::make_shared<CompareRun>();
  run->request = request;
  run->request.memory = {};
  CompareCache own;
  CompareCache& cache = request.memory.cache ? *request.memory.cache : own;
  const bool known = cache.subject && cache.subject->is_of(request);
  if (!known) cache.columns.clear();
  int64_t unknown = 0;
  for (const PoolSpec& spec : request.specs)
    unknown += cache.find(spec) == nullptr;
  progress.whole.total = unknown * kDeepest + 2;
  if (!known) {
    cache.subject = make_subject(request, progress);
    if (progress.cancelled()) cache.subject.reset();
    if (progress.cancelled()) return run;
  }
  const Subject& subject = *cache.subject;
  run->input = subject.input;
  run->low = subject.low;
  run->high = subject.high;
  run->spectrum = subject.spectrum;
  ++progress.whole.done;
  const Shape& grid = subject.input->shape();
  std::vector<std::shared_ptr<Measured>> columns;
  std::vector<PoolPlan> plans;
  for (const PoolSpec& spec : request.specs) {
    std::shared_ptr<Measured> column = cache.find(spec);
    run->measured += column == nullptr;
    plans.push_back(*validate(spec, grid));
    if (!column) {
      column = std::make_shared<Measured>();
      column->spec = CompareCache::key_of(spec);
    }
    complete_column(*column, request, subject, plans.back(), progress);
    if (progress.cancelled()) {
      // Half of a column is none.
      std::erase(cache.columns, column);
      return run;
    }
    if (!cache.find(spec)) cache.columns.push_back(column);
    columns.push_back(std::move(column));
  }
  const int reference = request.reference;
  const TensorPtr from = reference < 0 ? subject.input : columns[static_cast<size_t>(reference)]->output;
  for (size_t i = 0; i < columns.size(); ++i) {
    find_difference(*columns[i], from, grid, std::min(request.channel, grid.c - 1));
    run->columns.push_back(result_of(*columns[i], std::move(plans[i]), request.two_steps));
  }
  cache.forget_all_but(columns.size());
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

CompareWork::CompareWork() : columns(compare), draws(draw), memory_{std::make_shared<CompareCache>()} {}

std::shared_ptr<const CompareRun> CompareWork::current(const Document& document) const {
  return columns.answer_to(compare_request(document));
}

void CompareWork::ask(const Document& document, int64_t step) {
  CompareRequest request = compare_request(document);
  request.memory = memory_;
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
