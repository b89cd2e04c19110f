#include "app/model/network_jobs.h"

#include <algorithm>
#include <numeric>

#include "app/model/network_data.h"
#include "core/nn/engine.h"

namespace poolscope {

namespace {

/// The first samples of every class, class after class, a row each.
SampleSheet class_sheet(const Samples& samples) {
  std::vector<int64_t> which;
  for (size_t k = 0; k < samples.classes.size(); ++k) {
    int64_t found = 0;
    for (size_t i = 0; i < samples.labels.size() && found < kSheetColumns; ++i)
      if (samples.labels[i] == k) {
        which.push_back(static_cast<int64_t>(i));
        ++found;
      }
    for (; found < kSheetColumns; ++found)
      which.push_back(-1);
  }
  return make_sheet(samples, std::move(which), kSheetColumns);
}

Samples first_samples(const Samples& samples, int64_t most) {
  std::vector<int64_t> which(static_cast<size_t>(std::min(most, samples.count())));
  std::iota(which.begin(), which.end(), 0);
  return choose_samples(samples, which);
}

/// Pixels of C x H x W moved down and right; what comes in is 0.
std::vector<uint8_t> moved(const std::vector<uint8_t>& pixels, const Shape& shape, int64_t down,
                           int64_t right) {
  std::vector<uint8_t> out(pixels.size(), 0);
  for (int64_t c = 0; c < shape.c; ++c)
    for (int64_t y = 0; y < shape.h; ++y)
      for (int64_t x = 0; x < shape.w; ++x) {
        const int64_t from_y = y - down, from_x = x - right;
        if (from_y < 0 || from_y >= shape.h || from_x < 0 || from_x >= shape.w) continue;
        out[static_cast<size_t>((c * shape.h + y) * shape.w + x)] =
            pixels[static_cast<size_t>((c * shape.h + from_y) * shape.w + from_x)];
      }
  return out;
}

void find_answers(Engine& engine, const ApplyRequest& request, ApplyRun& run) {
  std::vector<Picture> pictures;
  for (int64_t down = -kFarthestShift; down <= kFarthestShift; ++down)
    for (int64_t right = -kFarthestShift; right <= kFarthestShift; ++right)
      pictures.push_back({request.picture->data(), static_cast<int32_t>(down), static_cast<int32_t>(right)});
  const auto classes = static_cast<size_t>(engine.plan().classes());
  std::vector<float> scores(pictures.size() * classes);
  engine.scores(pictures, *request.weights, scores);
  for (size_t i = 0; i < pictures.size(); ++i) {
    const auto row = scores.begin() + static_cast<std::ptrdiff_t>(i * classes);
    run.answers.push_back(
        static_cast<uint16_t>(std::max_element(row, row + static_cast<std::ptrdiff_t>(classes)) - row));
  }
}

}  // namespace

SampleSheet make_sheet(const Samples& samples, std::vector<int64_t> which, int64_t columns) {
  SampleSheet sheet;
  sheet.shape = samples.shape;
  sheet.columns = columns;
  const Shape& one = samples.shape;
  const int64_t rows = std::max<int64_t>(1, (static_cast<int64_t>(which.size()) + columns - 1) / columns);
  Tensor all(Shape{1, one.c, rows * (one.h + 1), columns * (one.w + 1)});
  for (size_t i = 0; i < which.size(); ++i) {
    if (which[i] < 0) continue;
    const std::span<const uint8_t> pixels = samples.picture(which[i]);
    const int64_t top = static_cast<int64_t>(i) / columns * (one.h + 1),
                  left = static_cast<int64_t>(i) % columns * (one.w + 1);
    for (int64_t c = 0; c < one.c; ++c)
      for (int64_t y = 0; y < one.h; ++y)
        for (int64_t x = 0; x < one.w; ++x)
          all.at(0, c, top + y, left + x) = pixels[static_cast<size_t>((c * one.h + y) * one.w + x)];
  }
  sheet.pictures = std::make_shared<const Tensor>(std::move(all));
  sheet.samples = std::move(which);
  return sheet;
}

std::shared_ptr<const NetworkDataRun> load_data(const NetworkDataRequest& request, JobProgress& progress) {
  auto run = std::make_shared<NetworkDataRun>();
  run->request = request;
  const PictureLoader none = [](const std::filesystem::path&) -> Result<LoadedInput> {
    return Error("nn.data.cancelled");
  };
  Result<Split> split = load_network_data(request.data, request.load ? *request.load : none, progress.whole);
  if (!split) {
    run->error = split.error();
    return run;
  }
  run->train_counts = class_counts(split->train);
  run->test_counts = class_counts(split->test);
  run->train_sheet = class_sheet(split->train);
  run->test_sheet = class_sheet(split->test);
  run->train = std::make_shared<const Samples>(std::move(split->train));
  run->test = std::make_shared<const Samples>(std::move(split->test));
  return run;
}

std::shared_ptr<const EvaluationRun> evaluate_run(const EvaluationRequest& request, JobProgress& progress) {
  auto run = std::make_shared<EvaluationRun>();
  run->request = request;
  const auto keep_going = [&] { return !progress.cancelled(); };
  progress.whole.total = request.full ? kFarthestShift + 2 : 1;
  // One thread: the others train, or draw.
  Engine engine(*request.plan, 1);
  run->test = evaluate(engine, *request.weights, *request.test, 0, 0, keep_going);
  if (!keep_going()) return run;
  ++progress.whole.done;
  run->worst = worst_mistakes(run->test, *request.test, kWorstShown);
  run->worst_sheet = make_sheet(*request.test, run->worst, 8);
  if (!request.full) return run;
  run->train =
      evaluate(engine, *request.weights, first_samples(*request.train, kMostTrainTested), 0, 0, keep_going)
          .score;
  ++progress.whole.done;
  run->shifted.push_back(run->test.score.accuracy);
  for (int64_t distance = 1; distance <= kFarthestShift && keep_going(); ++distance) {
    run->shifted.push_back(shifted_accuracy(engine, *request.weights, *request.test, distance, keep_going));
    ++progress.whole.done;
  }
  return run;
}

std::shared_ptr<const ApplyRun> apply_network(const ApplyRequest& request, JobProgress&) {
  auto run = std::make_shared<ApplyRun>();
  run->request = request;
  const Shape& shape = request.plan->spec.input;
  const std::vector<uint8_t> pixels = moved(*request.picture, shape, request.down, request.right);
  Tensor picture(shape);
  std::copy(pixels.begin(), pixels.end(), picture.data());
  std::vector<float> values;
  for (const uint8_t pixel : pixels)
    values.push_back(static_cast<float>(pixel) / 255);
  run->picture = std::make_shared<const Tensor>(std::move(picture));
  for (Tensor& layer : layer_values(*request.plan, *request.weights, values))
    run->values.push_back(std::make_shared<const Tensor>(std::move(layer)));
  Engine engine(*request.plan, 1);
  run->probability = class_probabilities(engine, *request.weights, pixels);
  find_answers(engine, request, *run);
  return run;
}

uint16_t ApplyRun::answer() const {
  return static_cast<uint16_t>(std::max_element(probability.begin(), probability.end()) -
                               probability.begin());
}

int64_t ApplyRun::holds_to(int64_t down, int64_t right) const {
  const uint16_t here = answer_at(0, 0);
  for (int64_t distance = 1; distance <= kFarthestShift; ++distance)
    if (answer_at(down * distance, right * distance) != here) return distance - 1;
  return kFarthestShift;
}

}  // namespace poolscope
