#include "core/nn/trainer.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/base/random.h"
#include "core/nn/engine.h"
#include "core/nn/evaluate.h"
#include "core/nn/optimizer.h"

namespace poolscope {

namespace {

/// How often a running training tells how it is.
constexpr double kSecondsBetweenSnapshots = 0.1;
constexpr size_t kMostPoints = 400;
/// Tests within an epoch are quick looks.
constexpr int64_t kSamplesOfLook = 1000;

int64_t batches_per_epoch(const TrainingJob& job) {
  return (job.train->count() + job.recipe.batch - 1) / job.recipe.batch;
}

Status possible(const char* what, double value, double least, double most) {
  if (value >= least && value <= most) return {};
  return Error("nn.error.recipe")
      .with("what", what)
      .with("value", format_short(value))
      .with("least", format_short(least))
      .with("most", format_short(most));
}

}  // namespace

Status check_job(const TrainingJob& job) {
  const Result<NetworkPlan> plan = plan_network(job.network);
  if (!plan) return plan.error();
  if (!job.train || job.train->count() == 0) return Error("nn.error.no_samples");
  for (const Samples* samples : {job.train.get(), job.test.get()}) {
    if (samples == nullptr || samples->count() == 0) continue;
    if (samples->shape != job.network.input)
      return Error("nn.error.sample_shape")
          .with("shape", shape_in_words(samples->shape))
          .with("expected", shape_in_words(job.network.input));
    if (*std::max_element(samples->labels.begin(), samples->labels.end()) >= plan->classes())
      return Error("nn.error.classes")
          .with("classes", static_cast<int64_t>(samples->classes.size()))
          .with("scores", plan->classes());
  }
  const TrainingRecipe& recipe = job.recipe;
  for (const Status& status : {possible("nn.field.epochs", static_cast<double>(recipe.epochs), 1, 10000),
                               possible("nn.field.batch", static_cast<double>(recipe.batch), 1, 4096),
                               possible("nn.field.rate", recipe.rate, 1e-9, 100),
                               possible("nn.field.shift", static_cast<double>(recipe.shift), 0, 64)})
    if (!status) return status;
  return {};
}

/// What only the training thread touches.
struct Trainer::Run {
  Engine engine;
  std::vector<float> parameters;
  OptimizerState optimizer;
  Snapshot now;
  double last_published = 0;
  double epoch_loss = 0;  ///< sums of the epoch on its way
  int64_t epoch_correct = 0, epoch_images = 0;
  double epoch_seconds = 0;
  double point_loss = 0;  ///< of the next point of the curve
  int64_t point_correct = 0, point_images = 0;
  int64_t point_steps = 0, steps_per_point = 1;
  Samples look;  ///< what tests within an epoch are made with
  double best_accuracy = -1;
  int64_t epochs_without_gain = 0;
  std::vector<int64_t> order;
  std::vector<Picture> pictures;
  std::vector<uint16_t> labels;
  std::shared_ptr<const std::vector<float>> good;

  explicit Run(const TrainingJob& job)
      : engine(plan_network(job.network).value(), job.recipe.threads, job.recipe.batch),
        parameters(job.parameters.empty() ? initial_parameters(engine.plan(), job.recipe.seed)
                                          : job.parameters),
        optimizer(optimizer_state(engine.plan(), job.recipe)) {
    now.steps = batches_per_epoch(job) * job.recipe.epochs;
    steps_per_point = std::max<int64_t>(1, now.steps / static_cast<int64_t>(kMostPoints));
    good = std::make_shared<const std::vector<float>>(parameters);
    if (job.tests_within_epoch > 0 && job.test) {
      std::vector<int64_t> first(static_cast<size_t>(std::min(job.test->count(), kSamplesOfLook)));
      std::iota(first.begin(), first.end(), 0);
      look = choose_samples(*job.test, first);
    }
  }

  void gather(const TrainingJob& job, int64_t batch);
  Status train_batch(const TrainingJob& job, int64_t batch, const std::function<double()>& clock);
  void look_now(const TrainingJob& job, int64_t batch, int64_t batches,
                const std::function<bool()>& keep_going);
  std::optional<EndReason> ends(const TrainingJob& job, const EpochRecord& record);
  bool finite() const {
    return std::all_of(parameters.begin(), parameters.end(),
                       [](float value) { return std::isfinite(value); });
  }
};

/// The pictures of batch `batch` of the epoch, moved where the recipe says so.
void Trainer::Run::gather(const TrainingJob& job, int64_t batch) {
  const int64_t first = batch * job.recipe.batch,
                last = std::min(job.train->count(), first + job.recipe.batch);
  pictures.clear();
  labels.clear();
  Random random(mix_bits(job.recipe.seed + 0x5817) ^ static_cast<uint64_t>(now.step));
  for (int64_t i = first; i < last; ++i) {
    const int64_t index = order[static_cast<size_t>(i)];
    Picture picture{job.train->picture(index).data(), 0, 0};
    if (job.recipe.shift > 0) {
      const int64_t span = 2 * job.recipe.shift + 1;
      picture.dy = static_cast<int32_t>(random.below(span) - job.recipe.shift);
      picture.dx = static_cast<int32_t>(random.below(span) - job.recipe.shift);
    }
    pictures.push_back(picture);
    labels.push_back(job.train->labels[static_cast<size_t>(index)]);
  }
}

Status Trainer::Run::train_batch(const TrainingJob& job, int64_t batch,
                                 const std::function<double()>& clock) {
  const double begin = clock();
  gather(job, batch);
  now.rate = scheduled_rate(job.recipe, now.step, now.steps);
  const BatchResult result =
      engine.train({pictures, labels}, step_numbers(job.recipe, optimizer.steps + 1, now.rate),
                   job.recipe.seed, now.step, parameters, optimizer);
  const double seconds = clock() - begin;
  now.seconds += seconds;
  epoch_seconds += seconds;
  if (!std::isfinite(result.loss)) return Error("nn.error.not_finite").with("step", now.step + 1);
  ++now.step;
  now.images += result.pictures;
  epoch_loss += result.loss;
  epoch_correct += result.correct;
  epoch_images += result.pictures;
  point_loss += result.loss;
  point_correct += result.correct;
  point_images += result.pictures;
  if (++point_steps == steps_per_point) {
    const auto images = static_cast<double>(point_images);
    now.curve.push_back({now.step, static_cast<float>(point_loss / images),
                         static_cast<float>(static_cast<double>(point_correct) / images)});
    point_loss = 0;
    point_correct = point_images = point_steps = 0;
  }
  return {};
}

/// A test after batch `batch` of the epoch, where one is due.
void Trainer::Run::look_now(const TrainingJob& job, int64_t batch, int64_t batches,
                            const std::function<bool()>& keep_going) {
  if (look.count() == 0) return;
  const int64_t parts = job.tests_within_epoch + 1, done = batch + 1;
  if (done == batches || done * parts / batches == batch * parts / batches) return;
  const Score score = evaluate(engine, parameters, look, 0, 0, keep_going).score;
  if (score.samples > 0) now.tests.push_back({now.step, score});
}

/// Whether the rule ends the training after this epoch.
std::optional<EndReason> Trainer::Run::ends(const TrainingJob& job, const EpochRecord& record) {
  if (record.test.accuracy > best_accuracy) {
    best_accuracy = record.test.accuracy;
    epochs_without_gain = 0;
  } else {
    ++epochs_without_gain;
  }
  if (record.epoch == job.recipe.epochs) return EndReason::epochs;
  const bool tested = record.test.samples > 0;
  if (tested && job.stop.accuracy > 0 && record.test.accuracy >= job.stop.accuracy)
    return EndReason::accuracy;
  if (tested && job.stop.patience > 0 && epochs_without_gain >= job.stop.patience) return EndReason::patience;
  if (job.stop.seconds > 0 && now.seconds >= job.stop.seconds) return EndReason::seconds;
  return std::nullopt;
}

Trainer::Trainer(TrainingJob job, std::function<double()> now_seconds)
    : job_(std::move(job)), now_(std::move(now_seconds)) {
  auto first = std::make_shared<Snapshot>();
  first->steps = batches_per_epoch(job_) * job_.recipe.epochs;
  snapshot_ = first;
  thread_ = std::thread([this] { work(); });
}

Trainer::~Trainer() {
  stop();
  thread_.join();
}

void Trainer::resume() {
  const std::lock_guard lock(mutex_);
  running_ = true;
  changed_.notify_all();
}

void Trainer::pause() {
  const std::lock_guard lock(mutex_);
  running_ = false;
  steps_allowed_ = 0;
  changed_.notify_all();
}

void Trainer::step() {
  const std::lock_guard lock(mutex_);
  running_ = false;
  ++steps_allowed_;
  changed_.notify_all();
}

void Trainer::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
}

SnapshotPtr Trainer::snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

SnapshotPtr Trainer::wait(const std::function<bool(const Snapshot&)>& condition) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] {
    const TrainerState state = snapshot_->state;
    return state == TrainerState::done || state == TrainerState::stopped || state == TrainerState::failed ||
           (condition && condition(*snapshot_));
  });
  return snapshot_;
}

/// Blocks while paused. False: stop.
bool Trainer::wait_for_go() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return running_ || stopping_ || steps_allowed_ > 0; });
  if (!running_ && steps_allowed_ > 0) --steps_allowed_;
  return !stopping_;
}

void Trainer::publish(Run& run, TrainerState state) {
  Snapshot& now = run.now;
  now.state = state;
  // Weights that are no numbers are not good, even where no loss has shown it yet.
  if (state != TrainerState::failed && run.finite())
    run.good = std::make_shared<const std::vector<float>>(run.parameters);
  now.parameters = run.good;
  now.images_per_second = now.seconds > 0 ? static_cast<double>(now.images) / now.seconds : 0;
  now.seconds_left =
      now.step > 0 ? now.seconds / static_cast<double>(now.step) * static_cast<double>(now.steps - now.step)
                   : 0;
  auto published = std::make_shared<const Snapshot>(now);
  run.last_published = now_();
  const std::lock_guard lock(mutex_);
  snapshot_ = std::move(published);
  changed_.notify_all();
}

void Trainer::work() {
  Run run(job_);
  publish(run, TrainerState::paused);
  const int64_t batches = batches_per_epoch(job_);
  const auto keep_going = [this] {
    const std::lock_guard lock(mutex_);
    return !stopping_;
  };
  for (int64_t epoch = 0; epoch < job_.recipe.epochs; ++epoch) {
    run.order = shuffled(job_.train->count(), mix_bits(job_.recipe.seed) + static_cast<uint64_t>(epoch));
    run.epoch_loss = run.epoch_seconds = 0;
    run.epoch_correct = run.epoch_images = 0;
    for (int64_t batch = 0; batch < batches; ++batch) {
      bool will_pause = false;
      {
        const std::lock_guard lock(mutex_);
        will_pause = !running_ && !stopping_ && steps_allowed_ == 0;
      }
      if (will_pause && run.now.state != TrainerState::paused) publish(run, TrainerState::paused);
      if (!wait_for_go()) return publish(run, TrainerState::stopped);
      run.now.state = TrainerState::running;
      if (const Status status = run.train_batch(job_, batch, now_); !status) {
        run.now.error = status.error();
        return publish(run, TrainerState::failed);
      }
      run.look_now(job_, batch, batches, keep_going);
      if (now_() - run.last_published > kSecondsBetweenSnapshots) publish(run, TrainerState::running);
    }
    EpochRecord record;
    record.epoch = epoch + 1;
    const auto images = static_cast<double>(run.epoch_images);
    record.train = {run.epoch_loss / images, static_cast<double>(run.epoch_correct) / images,
                    run.epoch_images};
    record.seconds = run.epoch_seconds;
    record.images_per_second = run.epoch_seconds > 0 ? images / run.epoch_seconds : 0;
    if (job_.test) record.test = evaluate(run.engine, run.parameters, *job_.test, 0, 0, keep_going).score;
    if (!keep_going()) return publish(run, TrainerState::stopped);
    run.now.epochs.push_back(record);
    run.now.epoch = epoch + 1;
    if (record.test.samples > 0) run.now.tests.push_back({run.now.step, record.test});
    const std::optional<EndReason> end = run.ends(job_, record);
    if (!run.finite()) {
      run.now.error = Error("nn.error.not_finite").with("step", run.now.step);
      return publish(run, TrainerState::failed);
    }
    if (end) run.now.end = *end;
    publish(run, end ? TrainerState::done : TrainerState::running);
    if (end) return;
  }
}

}  // namespace poolscope
