#include "core/nn/evaluate.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/nn/reference.h"

namespace poolscope {

Evaluation evaluate(Engine& engine, std::span<const float> parameters, const Samples& samples, int32_t dy,
                    int32_t dx, const std::function<bool()>& keep_going) {
  constexpr int64_t kAtOnce = 1024;
  const int64_t classes = engine.plan().classes();
  Evaluation result;
  result.confusion.assign(static_cast<size_t>(classes * classes), 0);
  std::vector<Picture> pictures;
  std::vector<float> scores;
  int64_t correct = 0;
  double loss = 0;
  for (int64_t first = 0; first < samples.count(); first += kAtOnce) {
    if (keep_going && !keep_going()) break;
    const int64_t count = std::min(kAtOnce, samples.count() - first);
    pictures.clear();
    for (int64_t i = 0; i < count; ++i)
      pictures.push_back({samples.picture(first + i).data(), dy, dx});
    scores.resize(static_cast<size_t>(count * classes));
    engine.scores(pictures, parameters, scores);
    for (int64_t i = 0; i < count; ++i) {
      const float* row = scores.data() + i * classes;
      const auto best = std::max_element(row, row + classes) - row;
      double total = 0;
      for (int64_t k = 0; k < classes; ++k)
        total += std::exp(static_cast<double>(row[k]) - row[best]);
      const int64_t label = samples.labels[static_cast<size_t>(first + i)];
      const double one = std::log(total) + row[best] - row[label];
      loss += one;
      correct += best == label;
      ++result.confusion[static_cast<size_t>(label * classes + best)];
      result.predicted.push_back(static_cast<uint16_t>(best));
      result.confidence.push_back(static_cast<float>(1 / total));
      result.loss.push_back(static_cast<float>(one));
    }
  }
  result.score.samples = static_cast<int64_t>(result.predicted.size());
  if (result.score.samples > 0) {
    result.score.loss = loss / static_cast<double>(result.score.samples);
    result.score.accuracy = static_cast<double>(correct) / static_cast<double>(result.score.samples);
  }
  return result;
}

std::vector<int64_t> worst_mistakes(const Evaluation& evaluation, const Samples& samples, int64_t count) {
  std::vector<int64_t> wrong;
  for (size_t i = 0; i < evaluation.predicted.size(); ++i)
    if (evaluation.predicted[i] != samples.labels[i]) wrong.push_back(static_cast<int64_t>(i));
  std::stable_sort(wrong.begin(), wrong.end(), [&](int64_t a, int64_t b) {
    return evaluation.confidence[static_cast<size_t>(a)] > evaluation.confidence[static_cast<size_t>(b)];
  });
  if (static_cast<int64_t>(wrong.size()) > count) wrong.resize(static_cast<size_t>(count));
  return wrong;
}

double shifted_accuracy(Engine& engine, std::span<const float> parameters, const Samples& samples,
                        int64_t distance, const std::function<bool()>& keep_going) {
  const auto d = static_cast<int32_t>(distance);
  const std::array<std::array<int32_t, 2>, 4> moves = {{{-d, 0}, {d, 0}, {0, -d}, {0, d}}};
  double sum = 0;
  for (const auto& [dy, dx] : moves)
    sum += evaluate(engine, parameters, samples, dy, dx, keep_going).score.accuracy;
  return sum / 4;
}

std::vector<float> class_probabilities(Engine& engine, std::span<const float> parameters,
                                       std::span<const uint8_t> picture) {
  std::vector<float> scores(static_cast<size_t>(engine.plan().classes()));
  const Picture one{picture.data(), 0, 0};
  engine.scores({&one, 1}, parameters, scores);
  const std::vector<double> shares = softmax(std::vector<double>(scores.begin(), scores.end()));
  return {shares.begin(), shares.end()};
}

std::vector<Tensor> layer_values(const NetworkPlan& plan, std::span<const float> parameters,
                                 std::span<const float> picture) {
  const int64_t label = 0;  // of the loss, which nobody asks for
  const ReferencePass pass = reference_pass(plan, std::vector<double>(parameters.begin(), parameters.end()),
                                            std::vector<double>(picture.begin(), picture.end()), {&label, 1});
  std::vector<Tensor> values;
  for (size_t i = 0; i < pass.values.size(); ++i) {
    Tensor tensor(i < plan.layers.size() ? plan.layers[i].in : plan.layers.back().out);
    std::transform(pass.values[i].begin(), pass.values[i].end(), tensor.data(),
                   [](double value) { return static_cast<float>(value); });
    values.push_back(std::move(tensor));
  }
  return values;
}

}  // namespace poolscope
