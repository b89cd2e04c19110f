#include "app/model/network_work.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "app/model/document.h"
#include "core/nn/crew.h"

namespace poolscope {

namespace {

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool at_its_end(const Snapshot& snapshot) {
  return snapshot.state != TrainerState::running && snapshot.state != TrainerState::paused;
}

/// Tests within an epoch, so that the test's curve grows before the first epoch is done.
constexpr int64_t kTestsWithinEpoch = 4;
constexpr size_t kMostRuns = 40;

}  // namespace

std::vector<uint8_t> prepared_picture(const NetworkApply& apply, const Shape& shape, const Samples* samples) {
  Preparation preparation;
  preparation.shape = shape;
  preparation.centre = apply.centre;
  if (apply.source == ApplySource::sample) {
    if (samples == nullptr || samples->count() == 0 || samples->shape != shape) return {};
    const auto pixels = samples->picture(std::clamp<int64_t>(apply.sample, 0, samples->count() - 1));
    return {pixels.begin(), pixels.end()};
  }
  if (apply.source == ApplySource::picture)
    return apply.picture ? prepare_picture(*apply.picture, preparation) : std::vector<uint8_t>();
  if (!apply.drawing || apply.drawing->strokes.empty()) return {};
  preparation.invert = Invert::never;
  return prepare_picture(paint(*apply.drawing), preparation);
}

NetworkWork::NetworkWork() : data(load_data), evaluation(evaluate_run), apply(apply_network) {}

NetworkWork::~NetworkWork() = default;

int64_t NetworkWork::threads() const {
  // One processor stays free for the window and the other labs. The result is the same.
  return std::max(1, crew_size(0) - 1);
}

std::shared_ptr<const NetworkDataRun> NetworkWork::data_for(const Document& document) const {
  const std::shared_ptr<const NetworkDataRun> run = data.answer_to({document.network.data, loader});
  return run && !run->error ? run : nullptr;
}

void NetworkWork::ask(const Document& document, bool visible) {
  if (!visible && !wanted_ && queue_.empty()) return;
  data.ask({document.network.data, loader}, false);
  if (const std::shared_ptr<const NetworkDataRun> ready = data_for(document)) {
    if (!wanted_ && !trainer_ && !queue_.empty()) {
      wanted_ = Wanted{queue_.front(), false, 0};
      queue_.erase(queue_.begin());
    }
    if (wanted_) {
      const Wanted wanted = *std::exchange(wanted_, std::nullopt);
      begin(wanted, *ready);
    }
  } else if (wanted_ && data.latest() && data.latest()->error &&
             data.latest()->request == NetworkDataRequest{document.network.data, loader}) {
    errors_.push_back(*data.latest()->error);
    wanted_.reset();
    queue_.clear();
  }
  // A model from a file is tested with the data that are there, where they fit.
  if (NetworkRun* run = run_of(shown_); run != nullptr && !run->file.empty()) {
    const std::shared_ptr<const NetworkDataRun> ready = data_for(document);
    const bool fits = ready && ready->test->shape == run->plan->spec.input &&
                      ready->test->classes.size() <= run->classes.size();
    run->train = fits ? ready->train : nullptr;
    run->test = fits ? ready->test : nullptr;
  }
  ask_evaluation();
  if (visible) ask_apply(document.network.apply);
}

void NetworkWork::start(const Document& document, bool paused) {
  if (trainer_) return;
  wanted_ = Wanted{document.network, paused, 0};
}

void NetworkWork::begin(const Wanted& wanted, const NetworkDataRun& ready) {
  TrainingJob job;
  job.train = ready.train;
  job.test = ready.test;
  job.network =
      network_of(wanted.setup, ready.train->shape, static_cast<int64_t>(ready.train->classes.size()));
  job.recipe = wanted.setup.recipe;
  job.recipe.threads = threads();
  job.stop = wanted.setup.stop;
  job.tests_within_epoch = kTestsWithinEpoch;
  if (const Status status = check_job(job); !status) {
    errors_.push_back(status.error());
    return;
  }
  NetworkRun run;
  run.id = next_id_++;
  run.base = wanted.setup.base;
  run.edited = wanted.setup.layers.has_value();
  run.kind = pooling_kind(job.network.layers);
  run.plan = std::make_shared<const NetworkPlan>(plan_network(job.network).value());
  run.recipe = job.recipe;
  run.stop = job.stop;
  run.data = ready.request.data;
  run.train = ready.train;
  run.test = ready.test;
  run.classes = ready.train->classes;
  trainer_ = std::make_unique<Trainer>(std::move(job), now_seconds);
  run.snapshot = trainer_->snapshot();
  shown_ = run.id;
  runs.push_back(std::move(run));
  if (runs.size() > kMostRuns) runs.erase(runs.begin());
  runs_on_ = false;
  awaited_step_ = 0;
  if (wanted.paused)
    step(wanted.steps);
  else
    resume();
}

void NetworkWork::resume() {
  if (!trainer_) return;
  runs_on_ = true;
  trainer_->resume();
}

void NetworkWork::pause() {
  if (!trainer_) return;
  runs_on_ = false;
  awaited_step_ = 0;
  trainer_->pause();
}

void NetworkWork::step(int64_t count) {
  if (wanted_) wanted_->steps = std::max(wanted_->steps, count);
  if (!trainer_) return;
  runs_on_ = false;
  const Snapshot& now = *runs.back().snapshot;
  awaited_step_ = std::max(now.step, awaited_step_);
  count = std::min(count, now.steps - awaited_step_);
  awaited_step_ += count;
  for (int64_t i = 0; i < count; ++i)
    trainer_->step();
}

void NetworkWork::stop() {
  wanted_.reset();
  queue_.clear();
  if (trainer_) trainer_->stop();
}

void NetworkWork::compare_kinds(const Document& document) {
  if (trainer_ || wanted_) return;
  NetworkSetup setup = document.network;
  setup.layers.reset();
  const NetworkTemplate* base = find_template(setup.base);
  if (base == nullptr || !base->pools) setup.base = "lenet-small";
  for (const Kind kind : {Kind::max, Kind::average, Kind::stochastic}) {
    setup.kind = kind;
    queue_.push_back(setup);
  }
  setup.base = "no-pooling";
  queue_.push_back(setup);
}

bool NetworkWork::poll_trainer() {
  std::erase_if(retired_,
                [](const std::unique_ptr<Trainer>& trainer) { return at_its_end(*trainer->snapshot()); });
  if (!trainer_) return false;
  NetworkRun& run = runs.back();
  const SnapshotPtr newest = trainer_->snapshot();
  if (newest == run.snapshot) return false;
  run.snapshot = newest;
  if (!at_its_end(*newest)) return true;
  retired_.push_back(std::move(trainer_));
  runs_on_ = false;
  awaited_step_ = 0;
  if (newest->error) errors_.push_back(*newest->error);
  if (newest->step == 0) {
    remove(run.id);
    return true;
  }
  ended_.push_back(run.id);
  return true;
}

bool NetworkWork::poll() {
  bool changed = data.poll();
  changed |= poll_trainer();
  changed |= apply.poll();
  changed |= evaluation.poll();
  if (evaluation.latest() != measured_) {
    measured_ = evaluation.latest();
    changed = true;
    const EvaluationRun& done = *measured_;
    NetworkRun* run = run_of(done.request.run);
    if (run != nullptr && done.request.full && run->weights() == done.request.weights) {
      run->train_score = done.train;
      run->test_score = done.test.score;
      run->shifted = done.shifted;
    }
  }
  return changed;
}

/// The run that is shown, and every ended one that was not measured yet. While one trains, now and then: a
/// newer question would only cancel the older one.
void NetworkWork::ask_evaluation() {
  if (evaluation.busy()) return;
  const auto wish = [&](const NetworkRun& run, bool full) {
    EvaluationRequest request;
    request.plan = run.plan;
    request.weights = run.weights();
    request.train = run.train;
    request.test = run.test;
    request.run = run.id;
    request.step = run.snapshot->step;
    request.full = full;
    evaluation.ask(request, false);
  };
  const auto measurable = [](const NetworkRun& run) {
    return run.weights() && run.test && run.test->count() > 0;
  };
  for (const NetworkRun& run : runs)
    if (run.ended() && !run.test_score && measurable(run)) return wish(run, true);
  const NetworkRun* run = shown();
  if (run == nullptr || !measurable(*run)) return;
  const std::shared_ptr<const EvaluationRun>& latest = evaluation.latest();
  if (run->ended()) {
    if (!latest || latest->request.weights != run->weights() || !latest->request.full ||
        latest->request.test != run->test)
      wish(*run, true);
    return;
  }
  const bool fresh = latest && latest->request.run == run->id && latest->request.step == run->snapshot->step;
  const int64_t batches = std::max<int64_t>(1, run->snapshot->steps / run->recipe.epochs);
  const bool paused = run->snapshot->state == TrainerState::paused;
  const bool older =
      !latest || latest->request.run != run->id || run->snapshot->step - latest->request.step >= batches / 2;
  if (run->snapshot->step > 0 && !fresh && (paused || older)) wish(*run, false);
}

void NetworkWork::ask_apply(const NetworkApply& wanted) {
  const NetworkRun* run = shown();
  if (run == nullptr || !run->weights()) return;
  const SamplesPtr& samples = wanted.of_training ? run->train : run->test;
  const bool same = picture_of_ && picture_of_->source == wanted.source &&
                    picture_of_->sample == wanted.sample && picture_of_->of_training == wanted.of_training &&
                    picture_of_->drawing == wanted.drawing && picture_of_->picture == wanted.picture &&
                    picture_of_->centre == wanted.centre && picture_for_ == run->plan &&
                    picture_from_ == samples;
  if (!same)
    picture_ = std::make_shared<const std::vector<uint8_t>>(
        prepared_picture(wanted, run->plan->spec.input, samples.get()));
  picture_of_ = wanted;
  picture_for_ = run->plan;
  picture_from_ = samples;
  if (picture_->empty()) return;
  apply.ask({run->plan, run->weights(), picture_, wanted.down, wanted.right}, false);
}

NetworkRun* NetworkWork::run_of(int64_t id) {
  const auto found =
      std::find_if(runs.begin(), runs.end(), [id](const NetworkRun& run) { return run.id == id; });
  return found == runs.end() ? nullptr : &*found;
}

const NetworkRun* NetworkWork::shown() const {
  for (const NetworkRun& run : runs)
    if (run.id == shown_) return &run;
  return runs.empty() ? nullptr : &runs.back();
}

std::shared_ptr<const EvaluationRun> NetworkWork::shown_evaluation() const {
  const NetworkRun* run = shown();
  const std::shared_ptr<const EvaluationRun>& latest = evaluation.latest();
  return run != nullptr && latest && latest->request.run == run->id ? latest : nullptr;
}

void NetworkWork::add_model(TrainedModel model, const std::string& file) {
  NetworkRun run;
  run.id = next_id_++;
  run.file = file;
  run.data_words = model.data;
  run.kind = pooling_kind(model.spec.layers);
  run.plan = std::make_shared<const NetworkPlan>(plan_network(model.spec).value());
  run.classes = std::move(model.classes);
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->state = TrainerState::done;
  snapshot->parameters = std::make_shared<const std::vector<float>>(std::move(model.parameters));
  run.snapshot = std::move(snapshot);
  shown_ = run.id;
  // A training on its way stays the last one.
  runs.insert(trainer_ ? runs.end() - 1 : runs.end(), std::move(run));
}

void NetworkWork::remove(int64_t id) {
  if (trainer_ && runs.back().id == id) return;
  std::erase_if(runs, [id](const NetworkRun& run) { return run.id == id; });
}

bool NetworkWork::busy() const {
  return data.busy() || evaluation.busy() || apply.busy() || going() || wanted_.has_value() ||
         !queue_.empty();
}

void NetworkWork::wait(const Document& document) {
  const auto settled = [&] {
    data.wait();
    ask(document, true);
    if (trainer_) {
      // Steps that were ordered, or all of it.
      trainer_->wait([&](const Snapshot& now) {
        return !runs_on_ && now.state == TrainerState::paused && now.step >= awaited_step_;
      });
      poll();
    }
    evaluation.wait();
    apply.wait();
    poll();
    ask(document, true);
    return !busy();
  };
  while (!settled()) {
  }
}

}  // namespace poolscope
