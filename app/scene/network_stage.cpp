#include "app/scene/network_stage.h"

#include <algorithm>
#include <cmath>

namespace poolscope::scene {

NetworkCurves network_curves(const Snapshot& snapshot, int64_t epochs, int64_t points) {
  NetworkCurves curves;
  const double per_epoch =
      static_cast<double>(snapshot.steps) / static_cast<double>(std::max<int64_t>(epochs, 1));
  const int64_t stretch = std::max<int64_t>(1, (snapshot.steps + points - 1) / points);
  double accuracy = 0, loss = 0, batches = 0;
  int64_t before = 0, ends = stretch;
  for (const StepPoint& point : snapshot.curve) {
    const auto weight = static_cast<double>(point.step - before);
    before = point.step;
    accuracy += weight * static_cast<double>(point.accuracy);
    loss += weight * static_cast<double>(point.loss);
    batches += weight;
    if (point.step < ends && point.step != snapshot.steps) continue;
    curves.train_epoch.push_back((static_cast<double>(point.step) - batches / 2) / per_epoch);
    curves.train_accuracy.push_back(accuracy / batches);
    curves.train_loss.push_back(loss / batches);
    accuracy = loss = batches = 0;
    ends = (point.step / stretch + 1) * stretch;
  }
  for (const TestPoint& point : snapshot.tests) {
    curves.test_epoch.push_back(static_cast<double>(point.step) / per_epoch);
    curves.test_accuracy.push_back(point.test.accuracy);
    curves.test_loss.push_back(point.test.loss);
  }
  return curves;
}

std::vector<size_t> rows_of_cards(const std::vector<float>& natural, float width, float gap) {
  const auto rows_within = [&](float limit) {
    std::vector<size_t> rows;
    float used = 0;
    for (const float card : natural) {
      if (rows.empty() || used + gap + card > limit) {
        rows.push_back(0);
        used = card;
      } else {
        used += gap + card;
      }
      ++rows.back();
    }
    return rows;
  };
  const size_t needed = rows_within(width).size();
  // The narrowest limit with as few rows makes them about equally long.
  float low = 0, high = width;
  for (int i = 0; i < 24 && needed > 1; ++i) {
    const float middle = (low + high) / 2;
    (rows_within(middle).size() <= needed ? high : low) = middle;
  }
  return rows_within(high);
}

}  // namespace poolscope::scene
