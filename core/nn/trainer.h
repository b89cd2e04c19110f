#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/base/result.h"
#include "core/data/samples.h"
#include "core/nn/model_file.h"
#include "core/nn/network.h"
#include "core/nn/recipe.h"

namespace poolscope {

/// How a network does on a set of samples.
struct Score {
  double loss = 0;      ///< mean
  double accuracy = 0;  ///< 0 to 1
  int64_t samples = 0;
  bool operator==(const Score&) const = default;
};

/// One finished epoch.
struct EpochRecord {
  int64_t epoch = 0;  ///< from 1
  Score train;  ///< of the batches as they were trained on: with dropout, shifts, and weights on their way
  Score test;   ///< after the epoch
  double seconds = 0;            ///< of training, without the test
  double images_per_second = 0;  ///< the same
  bool operator==(const EpochRecord&) const = default;
};

/// Some steps together, for curves.
struct StepPoint {
  int64_t step = 0;  ///< batches done
  float loss = 0;    ///< means of the batches since the point before, as they were trained on
  float accuracy = 0;
};

/// A test between two batches, for curves.
struct TestPoint {
  int64_t step = 0;
  Score test;
};

/// When a training ends before its last epoch; asked after every epoch. 0: not asked.
struct StopRule {
  double accuracy = 0;   ///< of the test
  int64_t patience = 0;  ///< epochs in a row without a better test accuracy
  double seconds = 0;    ///< of training
  bool operator==(const StopRule&) const = default;
};
enum class EndReason { epochs, accuracy, patience, seconds };

enum class TrainerState {
  paused,  ///< also before it starts
  running,
  done,     ///< all epochs
  stopped,  ///< asked to
  failed    ///< see Snapshot::error
};

/// What is known at one moment; never changes once it is published.
struct Snapshot {
  TrainerState state = TrainerState::paused;
  int64_t epoch = 0;            ///< finished ones
  int64_t step = 0, steps = 0;  ///< batches done and to do, over all epochs
  int64_t images = 0;           ///< pictures trained on
  double seconds = 0;           ///< spent in training so far, pauses left out
  double images_per_second = 0;
  double seconds_left = 0;  ///< as far as can be told
  double rate = 0;          ///< learning rate of the last step
  std::vector<EpochRecord> epochs;
  std::vector<StepPoint> curve;       ///< at most some hundred points over the whole run
  std::vector<TestPoint> tests;       ///< one at the end of every epoch, and those asked for within
  EndReason end = EndReason::epochs;  ///< where the state is done
  /// The last good weights: of the newest snapshot with a finite loss.
  std::shared_ptr<const std::vector<float>> parameters;
  std::optional<Error> error;  ///< "nn.error.not_finite" {step}
};
using SnapshotPtr = std::shared_ptr<const Snapshot>;

/// What a training needs. The samples are shared, not copied.
struct TrainingJob {
  NetworkSpec network;
  TrainingRecipe recipe;
  std::shared_ptr<const Samples> train, test;  ///< test may be empty or nullptr
  std::vector<float> parameters;               ///< to start from; empty: as the seed has it
  StopRule stop = {};
  /// Tests on a part of the samples within every epoch, for curves. They change nothing.
  int64_t tests_within_epoch = 0;
};

/// Whether a job can run: the network fits the samples and their classes, and the numbers are possible.
Status check_job(const TrainingJob& job);

/// A training in a thread of its own. All functions return at once, except for wait() and the destructor, and
/// may be called from any thread. Results depend on the job alone, not on pauses or the number of threads.
class Trainer {
 public:
  /// `now_seconds`: a clock that never goes back; the core has none. check_job(job) must be fine. Starts
  /// paused.
  Trainer(TrainingJob job, std::function<double()> now_seconds);
  /// Stops, and waits for the batch that is on its way.
  ~Trainer();
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  void resume();
  void pause();
  /// One batch, then pauses.
  void step();
  /// Ends it for good; the last good weights stay in the snapshot.
  void stop();

  /// The newest; never nullptr.
  SnapshotPtr snapshot() const;
  /// Waits until the run has ended, or `condition` holds for a snapshot.
  SnapshotPtr wait(const std::function<bool(const Snapshot&)>& condition = {});

 private:
  struct Run;
  void work();
  bool wait_for_go();
  void publish(Run& run, TrainerState state);

  const TrainingJob job_;
  const std::function<double()> now_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool running_ = false, stopping_ = false;
  int64_t steps_allowed_ = 0;
  SnapshotPtr snapshot_;
  std::thread thread_;
};

}  // namespace poolscope
