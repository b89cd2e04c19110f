#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "app/model/latest_job.h"
#include "app/model/network_setup.h"
#include "core/data/image_folder.h"
#include "core/data/samples.h"
#include "core/nn/evaluate.h"

namespace poolscope {

using SamplesPtr = std::shared_ptr<const Samples>;
using WeightsPtr = std::shared_ptr<const std::vector<float>>;
using NetworkPlanPtr = std::shared_ptr<const NetworkPlan>;

/// Many samples in one tensor, side by side with a gap of one pixel between them: one texture draws them all.
struct SampleSheet {
  TensorPtr pictures;  ///< 1 x C x (rows * (H + 1)) x (columns * (W + 1)), 0 to 255
  Shape shape;         ///< of one of them
  int64_t columns = 1;
  std::vector<int64_t> samples;  ///< which ones, in the order of their places
};
SampleSheet make_sheet(const Samples& samples, std::vector<int64_t> which, int64_t columns);

/// ---- data

struct NetworkDataRequest {
  NetworkData data;
  std::shared_ptr<const PictureLoader> load;
  bool operator==(const NetworkDataRequest&) const = default;
};
struct NetworkDataRun {
  NetworkDataRequest request;
  SamplesPtr train, test;  ///< null where there is an error
  std::vector<int64_t> train_counts, test_counts;
  SampleSheet train_sheet, test_sheet;  ///< some of every class, class after class
  std::optional<Error> error;
};
using NetworkDataJob = LatestJob<NetworkDataRequest, NetworkDataRun>;
/// Samples of every class on a sheet.
inline constexpr int64_t kSheetColumns = 16;

/// ---- evaluation

struct EvaluationRequest {
  NetworkPlanPtr plan;
  WeightsPtr weights;
  SamplesPtr train, test;
  int64_t run = 0, step = 0;  ///< of which run, after how many batches
  bool full = false;  ///< also the training pictures, and the test moved by 1 to kFarthestShift pixels
  bool operator==(const EvaluationRequest&) const = default;
};
struct EvaluationRun {
  EvaluationRequest request;
  Evaluation test;
  std::vector<int64_t> worst;  ///< samples of the test
  SampleSheet worst_sheet;
  std::optional<Score> train;   ///< where it is full
  std::vector<double> shifted;  ///< where it is full: accuracy by distance, from 0
};
using EvaluationJob = LatestJob<EvaluationRequest, EvaluationRun>;
/// The distance of the column in the table of runs.
inline constexpr int64_t kTableShift = 3;
inline constexpr int64_t kWorstShown = 24;
/// So many of the training pictures are tested after training.
inline constexpr int64_t kMostTrainTested = 10'000;

/// ---- one picture

struct ApplyRequest {
  NetworkPlanPtr plan;
  WeightsPtr weights;
  std::shared_ptr<const std::vector<uint8_t>> picture;  ///< plan's input, not moved
  int64_t down = 0, right = 0;
  bool operator==(const ApplyRequest&) const = default;
};
struct ApplyRun {
  ApplyRequest request;
  TensorPtr picture;               ///< moved, 0 to 255
  std::vector<TensorPtr> values;   ///< into every layer, and the scores last
  std::vector<float> probability;  ///< by class
  /// The answer wherever the picture is moved: [down + kFarthestShift][right + kFarthestShift].
  std::vector<uint16_t> answers;
  uint16_t answer() const;
  uint16_t answer_at(int64_t down, int64_t right) const {
    const int64_t side = 2 * kFarthestShift + 1;
    return answers[static_cast<size_t>((down + kFarthestShift) * side + right + kFarthestShift)];
  }
  /// How far it can be moved in a direction, from where it was drawn, before the answer is another one.
  int64_t holds_to(int64_t down, int64_t right) const;
};
using ApplyJob = LatestJob<ApplyRequest, ApplyRun>;

std::shared_ptr<const NetworkDataRun> load_data(const NetworkDataRequest& request, JobProgress& progress);
std::shared_ptr<const EvaluationRun> evaluate_run(const EvaluationRequest& request, JobProgress& progress);
std::shared_ptr<const ApplyRun> apply_network(const ApplyRequest& request, JobProgress& progress);

}  // namespace poolscope
