#include "app/model/shift_job.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "app/model/limits.h"
#include "app/model/shift_setup.h"
#include "core/data/builtin.h"
#include "core/pooling/kinds.h"
#include "core/study/compare.h"

namespace poolscope {

namespace {

// Below this many values the answer is there before the frame is drawn.
constexpr int64_t kSmallValues = 40'000, kSmallSlowValues = 600, kSmallPair = 200'000;
// So much is done soon: the newest question waits for it, so that a drag has pictures on its way.
constexpr int64_t kSoonValues = 4'000'000;
constexpr int64_t kLeastReveal = 64;  // a smaller picture would lose too much of itself
constexpr int64_t kLargestMarks = 768;
constexpr int64_t kLargestCells = 1024;

TensorPtr share(Tensor tensor) {
  return std::make_shared<const Tensor>(std::move(tensor));
}

/// Kinds that are pooled for every shift.
bool is_slow(Kind kind) {
  const KindInfo& info = kind_info(kind);
  return info.random || !info.window_local || info.geometry == Geometry::whole ||
         info.geometry == Geometry::bins || info.geometry == Geometry::fractional;
}

TensorPtr image_of(const TensorPtr& source, int64_t batch) {
  return source->shape().n == 1 ? source : share(batch_item(*source, batch));
}

ShiftField field_of(const Tensor& source, ShiftEdges edges) {
  return *shift_field(source, edges, kShiftRange);
}

std::shared_ptr<const ShiftMapRun> measure_all(const ShiftMapRequest& request, JobProgress& progress) {
  using Clock = std::chrono::steady_clock;
  auto run = std::make_shared<ShiftMapRun>();
  run->request = request;
  const TensorPtr image = image_of(request.source, request.batch);
  const ShiftField field = field_of(*image, request.edges);
  run->plan = *validate(request.spec, field.shape);
  const auto begin = Clock::now();
  run->map =
      shift_map(field, run->plan, kShiftRange, {.axes_only = request.axes_only, .progress = &progress.whole});
  run->seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  double sum = 0, squares = 0;
  for (const float value : image->values()) {
    sum += value;
    squares += static_cast<double>(value) * value;
  }
  const auto n = static_cast<double>(image->count());
  run->mean = sum / n;
  run->spread = std::sqrt(std::max(0.0, squares / n - run->mean * run->mean));
  return run;
}

void find_ends(ShiftPairRun& run, const Tensor& image) {
  run.low = std::numeric_limits<float>::infinity(), run.high = -run.low;
  for (const float value : image.values()) {
    if (!std::isfinite(value)) continue;
    run.low = std::min(run.low, value);
    run.high = std::max(run.high, value);
  }
  if (!(run.low < run.high)) run.low = 0, run.high = 1;
  // Pictures keep black black and white white.
  if (run.low >= 0 && run.high <= 255 && run.high > 1) run.low = 0, run.high = 255;
}

/// The colours that carry these meanings everywhere (Okabe and Ito): unchanged and changed.
constexpr double kGreen[] = {0, 158, 115}, kPurple[] = {204, 121, 167};

TensorPtr draw_marks(const ShiftPairRun& run, int64_t block) {
  const Tensor &before = *run.before, &after = *run.after;
  const Shape& shape = after.shape();
  Tensor marks(Shape{1, 3, (shape.h + block - 1) / block, (shape.w + block - 1) / block});
  const int64_t wanted = run.request.channel;
  const int64_t first = wanted < 0 ? 0 : std::min(wanted, shape.c - 1),
                last = wanted < 0 ? shape.c : first + 1;
  for (int64_t y = 0; y < marks.shape().h; ++y)
    for (int64_t x = 0; x < marks.shape().w; ++x) {
      double light = 0, changed = 0, cells = 0, values = 0;
      for (int64_t i = y * block; i < std::min((y + 1) * block, shape.h); ++i)
        for (int64_t j = x * block; j < std::min((x + 1) * block, shape.w); ++j) {
          bool differs = false;
          for (int64_t c = first; c < last; ++c) {
            const float a = before.at(0, c, i, j), b = after.at(0, c, i, j);
            differs |= !(a == b || (std::isnan(a) && std::isnan(b)));
            if (std::isfinite(b)) light += std::clamp((b - run.low) / (run.high - run.low), 0.0f, 1.0f);
            ++values;
          }
          changed += differs;
          ++cells;
        }
      const double share = changed / cells, bright = light / values;
      for (int64_t c = 0; c < 3; ++c) {
        const double accent = kGreen[c] + (kPurple[c] - kGreen[c]) * share;
        marks.at(0, c, y, x) = static_cast<float>(accent * (0.35 + 0.65 * bright) + 70 * bright * bright);
      }
    }
  return share(std::move(marks));
}

std::shared_ptr<const ShiftPairRun> pool_pair(const ShiftPairRequest& request, JobProgress& progress) {
  auto run = std::make_shared<ShiftPairRun>();
  run->request = request;
  const TensorPtr image = image_of(request.source, request.batch);
  const ShiftField field = field_of(*image, request.edges);
  run->plan = *validate(request.spec, field.shape);
  run->pair = shift_pair(field, run->plan, request.by, &progress.whole);
  if (progress.cancelled()) return run;
  run->before = share(std::move(run->pair.before.values));
  if (request.previous && request.previous->request.same_still(request))
    run->before = request.previous->before;
  run->request.previous.reset();
  run->after = share(std::move(run->pair.after.values));
  if (field.shape.plane() <= kLargestCells) {
    run->picture = share(shifted(field, {}));
    run->moved = share(shifted(field, request.by));
  }
  find_ends(*run, *image);
  const Shape& out = run->plan.out;
  run->block = std::max<int64_t>(1, (std::max(out.h, out.w) + kLargestMarks - 1) / kLargestMarks);
  run->marks = draw_marks(*run, run->block);
  return run;
}

ShiftMapRequest map_request(const Document& document, const ShiftSubject& subject) {
  return {subject.source, subject.edges, document.batch, subject.spec, false};
}

/// Whether what is on its way may finish before the newest question is asked.
template <class Job, class Request>
bool finishes_soon(const Job& job, const Request& wanted, Request& running) {
  const bool soon = job.busy() && running.source == wanted.source && !is_slow(running.spec.kind) &&
                    wanted.source->count() <= kSoonValues;
  if (!soon) running = wanted;
  return soon;
}

}  // namespace

ShiftSubject shift_subject(const Document& document) {
  ShiftSubject subject;
  const Input& input = document.input;
  const TensorPtr wide = input.builtin.empty() || input.tensor != make_builtin(input.builtin)
                             ? nullptr
                             : shift_surroundings(input.builtin);
  subject.source = wide ? wide : input.tensor;
  const Shape& shape = subject.source->shape();
  subject.can_reveal = largest_reveal(shape, document.spec, kShiftRange) == kShiftRange;
  const bool worth = wide || (input.is_picture && std::min(shape.h, shape.w) >= kLeastReveal);
  subject.edges = document.shift.edges.value_or(worth ? ShiftEdges::reveal : ShiftEdges::wrap);
  if (!subject.can_reveal && subject.edges == ShiftEdges::reveal) subject.edges = ShiftEdges::wrap;
  if (subject.edges != ShiftEdges::reveal) subject.source = input.tensor;
  subject.shape = field_of(*subject.source, subject.edges).shape;
  subject.spec = fit_spec(document.spec, subject.shape);
  return subject;
}

ShiftField field_of(const ShiftSubject& subject) {
  return field_of(*subject.source, subject.edges);
}

ShiftWork::ShiftWork() : map(measure_all), curves(measure_all), pair(pool_pair) {}

void ShiftWork::ask(const Document& document, Offset by) {
  const ShiftSubject subject = shift_subject(document);
  const int64_t values = subject.shape.count() / subject.shape.n;
  const ShiftMapRequest wanted = map_request(document, subject);
  if (!finishes_soon(map, wanted, map_running_))
    map.ask(wanted, values <= (is_slow(subject.spec.kind) ? kSmallSlowValues : kSmallValues));
  const ShiftPairRequest shown{
      subject.source, subject.edges, document.batch, document.channel, subject.spec, by, pair.latest()};
  const bool fast = values <= (is_slow(subject.spec.kind) ? kSmallValues : kSmallPair);
  if (!finishes_soon(pair, shown, pair_running_)) pair.ask(shown, fast);
  ask_curves(document, subject);
}

void ShiftWork::ask_curves(const Document& document, const ShiftSubject& subject) {
  if (const auto& latest = curves.latest())
    if (std::find(finished.begin(), finished.end(), latest) == finished.end()) finished.push_back(latest);
  const auto request_for = [&](Kind kind) {
    PoolSpec spec = document.spec;
    spec.kind = kind;
    return ShiftMapRequest{subject.source, subject.edges, document.batch, fit_spec(spec, subject.shape),
                           true};
  };
  std::vector<ShiftMapRequest> wanted;
  // A kind that this input does not allow has no curve.
  for (const Kind kind : kShiftCurves)
    if (kind != subject.spec.kind && request_for(kind).spec.kind == kind) wanted.push_back(request_for(kind));
  std::erase_if(finished, [&](const auto& run) {
    return std::find(wanted.begin(), wanted.end(), run->request) == wanted.end();
  });
  // The pooling of the controls first.
  if (!current(document) && !curves.busy()) return;
  const int64_t values = subject.shape.count() / subject.shape.n;
  for (const ShiftMapRequest& request : wanted) {
    const bool there = std::any_of(finished.begin(), finished.end(),
                                   [&](const auto& run) { return run->request == request; });
    if (there) continue;
    curves.ask(request, values <= (is_slow(request.spec.kind) ? kSmallSlowValues : kSmallValues));
    if (curves.busy() || curves.stopped()) return;
    if (const auto answer = curves.answer_to(request)) finished.push_back(answer);
  }
}

std::shared_ptr<const ShiftMapRun> ShiftWork::current(const Document& document) const {
  return map.answer_to(map_request(document, shift_subject(document)));
}

bool ShiftWork::poll() {
  const bool first = map.poll(), second = curves.poll(), third = pair.poll();
  return first || second || third;
}

void ShiftWork::wait() {
  map.wait();
  curves.wait();
  pair.wait();
}

void ShiftWork::stop() {
  map.stop();
  curves.stop();
}

void ShiftWork::resume() {
  map.resume();
  curves.resume();
}

// --- where the shift is ---

namespace {

int64_t stop_of(const ShiftView& view) {
  return (view.way == SweepWay::down ? view.by.dy : view.by.dx) + kShiftRange;
}

}  // namespace

ShiftView::ShiftView() {
  seek(sweep, stop_of(*this), kShiftStops, false);
}

void set_shift(ShiftView& view, Offset by) {
  view.by.dy = std::clamp(by.dy, -kShiftRange, kShiftRange);
  view.by.dx = std::clamp(by.dx, -kShiftRange, kShiftRange);
  if (view.way == SweepWay::diagonal && view.by.dy != view.by.dx) view.way = SweepWay::right;
  view.sweep.playing = false;
  seek(view.sweep, stop_of(view), kShiftStops, false);
}

void set_sweep_way(ShiftView& view, SweepWay way) {
  view.way = way;
  if (way == SweepWay::diagonal) view.by.dy = view.by.dx;
  seek(view.sweep, stop_of(view), kShiftStops, false);
}

void follow_sweep(ShiftView& view) {
  const int64_t stop = view.sweep.step() - kShiftRange;
  if (view.way != SweepWay::down) view.by.dx = stop;
  if (view.way != SweepWay::right) view.by.dy = stop;
}

}  // namespace poolscope
