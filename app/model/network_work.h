#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/model/network_jobs.h"
#include "core/nn/model_file.h"
#include "core/nn/trainer.h"

namespace poolscope {

struct Document;

/// A training, on its way or ended, or a model that was opened: a row of the table of runs.
struct NetworkRun {
  int64_t id = 0;
  std::string base;  ///< template, or empty for a file
  bool edited = false;
  std::optional<Kind> kind;  ///< of its pooling layers
  std::string file;          ///< name of the file it came from
  std::string data_words;    ///< of a file: what it says it was trained on
  NetworkPlanPtr plan;
  TrainingRecipe recipe;
  StopRule stop;
  NetworkData data;
  SamplesPtr train, test;  ///< of a file: those that fit, once there are some
  std::vector<std::string> classes;
  SnapshotPtr snapshot;  ///< the newest; of a file: done, with its weights
  /// Measured after its end.
  std::optional<Score> train_score, test_score;
  std::vector<double> shifted;

  bool ended() const {
    return snapshot->state != TrainerState::running && snapshot->state != TrainerState::paused;
  }
  const WeightsPtr& weights() const { return snapshot->parameters; }
};

/// Everything of the Network lab that is computed: data, trainings, evaluations, and what the network says
/// about one picture. All of it happens in other threads; poll() takes in what has come.
class NetworkWork {
 public:
  NetworkWork();
  ~NetworkWork();

  NetworkDataJob data;
  EvaluationJob evaluation;
  ApplyJob apply;
  std::vector<NetworkRun> runs;
  /// Decodes pictures of folders; without one they cannot be read. Set once, before anything is asked.
  std::shared_ptr<const PictureLoader> loader;

  /// Asks for what the document shows now. `visible`: the lab is shown.
  void ask(const Document& document, bool visible);
  /// Takes in finished work; true where something changed. What shall be said goes to `notices`.
  bool poll();
  /// Waits for what is on its way: data, a training that runs, evaluations.
  void wait(const Document& document);
  bool busy() const;
  /// Trains, or has batches to do.
  bool going() const { return trainer_ && (runs_on_ || runs.back().snapshot->step < awaited_step_); }

  /// A training that is not at its end: runs.back().
  bool training() const { return trainer_ != nullptr; }
  bool running() const { return trainer_ && runs_on_; }
  /// Begins a training of the document's network as soon as the data are there.
  void start(const Document& document, bool paused);
  bool waits_for_data() const { return wanted_.has_value(); }
  void resume();
  void pause();
  void step(int64_t count = 1);
  void stop();
  void compare_kinds(const Document& document);
  /// Trainings that wait for their turn.
  size_t queued() const { return queue_.size(); }

  void add_model(TrainedModel model, const std::string& file);
  void remove(int64_t id);
  void show(int64_t id) { shown_ = id; }
  /// The run that Evaluate and Apply show; nullptr where there is none.
  const NetworkRun* shown() const;
  /// Its evaluation as far as there is one, maybe of earlier weights.
  std::shared_ptr<const EvaluationRun> shown_evaluation() const;
  /// The data of the document, where they are there and in order.
  std::shared_ptr<const NetworkDataRun> data_for(const Document& document) const;
  std::vector<Message> take_errors() { return std::exchange(errors_, {}); }
  /// The runs that have ended since the last call, by id.
  std::vector<int64_t> take_ended() { return std::exchange(ended_, {}); }

 private:
  struct Wanted {
    NetworkSetup setup;
    bool paused = false;
    int64_t steps = 0;
  };
  void begin(const Wanted& wanted, const NetworkDataRun& data);
  bool poll_trainer();
  void ask_evaluation();
  void ask_apply(const NetworkApply& apply);
  NetworkRun* run_of(int64_t id);
  int64_t threads() const;

  std::unique_ptr<Trainer> trainer_;
  bool runs_on_ = false;                           ///< asked to go on until told otherwise
  int64_t awaited_step_ = 0;                       ///< where single batches shall lead
  std::vector<std::unique_ptr<Trainer>> retired_;  ///< stopped, but a batch of theirs may be on its way
  std::optional<Wanted> wanted_;
  std::vector<NetworkSetup> queue_;
  int64_t shown_ = 0, next_id_ = 1;
  std::vector<Message> errors_;
  std::shared_ptr<const EvaluationRun> measured_;  ///< the last one whose figures went to its run
  std::vector<int64_t> ended_;
  std::shared_ptr<const std::vector<uint8_t>> picture_;  ///< of the present apply, prepared
  std::optional<NetworkApply> picture_of_;
  NetworkPlanPtr picture_for_;
  SamplesPtr picture_from_;
};

/// The picture that `apply` chooses, prepared as the network takes it; of a sample, from `train` or `test`.
/// Empty where there is none.
std::vector<uint8_t> prepared_picture(const NetworkApply& apply, const Shape& shape, const Samples* samples);

}  // namespace poolscope
