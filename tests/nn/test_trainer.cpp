#include <atomic>
#include <chrono>
#include <cmath>

#include <doctest/doctest.h>

#include "core/data/digits.h"
#include "core/nn/evaluate.h"
#include "core/nn/templates.h"
#include "core/nn/trainer.h"

using namespace poolscope;

namespace {

double clock_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

TrainingJob small_job(int64_t samples, int64_t epochs, int64_t threads) {
  TrainingJob job;
  job.train = std::make_shared<const Samples>(draw_digits(samples, 1));
  job.test = std::make_shared<const Samples>(draw_digits(samples / 4, 2));
  job.network = make_network("lenet-small", job.train->shape, 10);
  job.recipe.epochs = epochs;
  job.recipe.threads = threads;
  return job;
}

SnapshotPtr run_to_end(const TrainingJob& job) {
  Trainer trainer(job, clock_seconds);
  trainer.resume();
  return trainer.wait();
}

}  // namespace

TEST_CASE("a network learns drawn digits") {
  TrainingJob job = small_job(2000, 3, 2);
  REQUIRE(check_job(job).ok());
  const SnapshotPtr end = run_to_end(job);
  CHECK(end->state == TrainerState::done);
  REQUIRE(end->epochs.size() == 3);
  CHECK(end->step == end->steps);
  CHECK(end->images == 6000);
  CHECK(end->epochs[2].train.loss < end->epochs[0].train.loss);
  CHECK(end->epochs[2].test.accuracy > 0.8);
  CHECK(!end->curve.empty());
  Engine engine(plan_network(job.network).value(), 1);
  const Evaluation evaluation = evaluate(engine, *end->parameters, *job.test);
  CHECK(evaluation.score == end->epochs[2].test);
}

TEST_CASE("losses and weights are the same to the last bit on 1, 2 and 3 threads, and with pauses") {
  const SnapshotPtr one = run_to_end(small_job(300, 2, 1));
  for (const int64_t threads : {2, 3}) {
    Trainer trainer(small_job(300, 2, threads), clock_seconds);
    trainer.step();
    trainer.wait([](const Snapshot& now) { return now.step == 1 && now.state == TrainerState::paused; });
    trainer.step();
    trainer.step();
    trainer.wait([](const Snapshot& now) { return now.step == 3 && now.state == TrainerState::paused; });
    trainer.resume();
    const SnapshotPtr end = trainer.wait();
    CHECK(end->state == TrainerState::done);
    CHECK(*end->parameters == *one->parameters);
    for (size_t i = 0; i < 2; ++i) {
      CHECK(end->epochs[i].train == one->epochs[i].train);
      CHECK(end->epochs[i].test == one->epochs[i].test);
    }
  }
}

TEST_CASE("a step is one batch, a pause holds, and a stop keeps the weights so far") {
  const TrainingJob job = small_job(640, 100, 2);
  Trainer trainer(job, clock_seconds);
  trainer.step();
  const SnapshotPtr first =
      trainer.wait([](const Snapshot& now) { return now.step == 1 && now.state == TrainerState::paused; });
  CHECK(first->images == 64);
  trainer.resume();
  trainer.wait([](const Snapshot& now) { return now.step > 5; });
  trainer.pause();
  const SnapshotPtr paused =
      trainer.wait([](const Snapshot& now) { return now.step > 5 && now.state == TrainerState::paused; });
  CHECK(trainer.snapshot()->step == paused->step);
  trainer.stop();
  const SnapshotPtr end = trainer.wait();
  CHECK(end->state == TrainerState::stopped);
  CHECK(end->step == paused->step);
  REQUIRE(end->parameters);
  for (const float value : *end->parameters)
    REQUIRE(std::isfinite(value));
  // A snapshot never changes once it is out.
  CHECK(first->step == 1);
}

TEST_CASE("a thousand trainings start and stop at any moment") {
  TrainingJob job;
  job.train = std::make_shared<const Samples>(draw_digits(100, 1));
  job.network = {job.train->shape, {Flatten{}, Dense{10, true, 0}}};
  job.recipe.batch = 10;
  job.recipe.epochs = 3;
  for (int i = 0; i < 1000; ++i) {
    job.recipe.threads = 1 + i % 3;
    Trainer trainer(job, clock_seconds);
    if (i % 2 == 0) trainer.resume();
    if (i % 3 == 0) trainer.step();
    if (i % 5 == 0) trainer.pause();
    if (i % 7 == 0) trainer.wait([](const Snapshot&) { return true; });
    if (i % 4 == 0) trainer.stop();
  }
}

TEST_CASE("a loss that is no number stops the run with a sentence and the last good weights") {
  TrainingJob job = small_job(640, 5, 1);
  job.recipe.optimizer = Optimizer::sgd;
  job.recipe.rate = 50;
  const SnapshotPtr end = run_to_end(job);
  CHECK(end->state == TrainerState::failed);
  REQUIRE(end->error);
  CHECK(end->error->key == "nn.error.not_finite");
  REQUIRE(end->parameters);
  for (const float value : *end->parameters)
    REQUIRE(std::isfinite(value));
}

TEST_CASE("jobs that cannot run are refused with the reason") {
  const TrainingJob good = small_job(100, 1, 1);
  CHECK(check_job(good).ok());
  TrainingJob job = good;
  job.train = std::make_shared<const Samples>();
  CHECK(check_job(job).error().key == "nn.error.no_samples");
  job = good;
  job.network = make_network("lenet-small", {1, 1, 20, 20}, 10);
  CHECK(check_job(job).error().key == "nn.error.sample_shape");
  job = good;
  job.network = make_network("lenet-small", job.train->shape, 5);
  CHECK(check_job(job).error().key == "nn.error.classes");
  job = good;
  job.recipe.batch = 0;
  CHECK(check_job(job).error().key == "nn.error.recipe");
  job.recipe.batch = 64;
  job.recipe.rate = std::nan("");
  CHECK(check_job(job).error().key == "nn.error.recipe");
}

TEST_CASE("the values of every layer are there to be opened") {
  const TrainingJob job = small_job(20, 1, 1);
  const NetworkPlan plan = plan_network(job.network).value();
  const std::vector<float> parameters = initial_parameters(plan, 1);
  std::vector<float> picture;
  for (const uint8_t pixel : job.train->picture(3))
    picture.push_back(static_cast<float>(pixel) / 255);
  const std::vector<Tensor> values = layer_values(plan, parameters, picture);
  REQUIRE(values.size() == plan.layers.size() + 1);
  CHECK(values[2].shape() == Shape{1, 8, 24, 24});  // into the first pooling
  CHECK(values.back().shape() == Shape{1, 10, 1, 1});
  Engine engine(plan, 1);
  const std::vector<float> shares = class_probabilities(engine, parameters, job.train->picture(3));
  float total = 0;
  for (const float share : shares)
    total += share;
  CHECK(total == doctest::Approx(1));
}

TEST_CASE("tests within an epoch change nothing, and lie between the batches") {
  TrainingJob job = small_job(640, 2, 1);
  const SnapshotPtr plain = run_to_end(job);
  job.tests_within_epoch = 4;
  const SnapshotPtr looked = run_to_end(job);
  CHECK(*looked->parameters == *plain->parameters);
  CHECK(plain->tests.size() == 2);
  CHECK(looked->tests.size() == 10);
  CHECK(looked->tests.back().test == looked->epochs.back().test);
  for (size_t i = 1; i < looked->tests.size(); ++i)
    CHECK(looked->tests[i].step > looked->tests[i - 1].step);
  // The points of the curve together are the epochs.
  double right = 0;
  for (const StepPoint& point : looked->curve)
    right += static_cast<double>(point.accuracy) / static_cast<double>(looked->curve.size());
  const double mean = (looked->epochs[0].train.accuracy + looked->epochs[1].train.accuracy) / 2;
  CHECK(right == doctest::Approx(mean).epsilon(1e-4));
}

TEST_CASE("a training ends early where it was asked to") {
  TrainingJob job = small_job(640, 30, 1);
  job.stop.accuracy = 0.2;
  SnapshotPtr end = run_to_end(job);
  CHECK(end->state == TrainerState::done);
  CHECK(end->end == EndReason::accuracy);
  CHECK(end->epochs.back().test.accuracy >= 0.2);
  CHECK(end->epochs.size() < 30);
  job.stop = {};
  job.recipe.rate = 1e-9;  // learns nothing
  job.stop.patience = 3;
  end = run_to_end(job);
  CHECK(end->end == EndReason::patience);
  CHECK(end->epochs.size() == 4);
  job.stop = {};
  job.stop.seconds = 1e-9;
  end = run_to_end(job);
  CHECK(end->end == EndReason::seconds);
  CHECK(end->epochs.size() == 1);
}
