#pragma once

#include <cstdint>
#include <vector>

#include "core/nn/trainer.h"

namespace poolscope::scene {

/// The curves of a training over its epochs: of the training pictures as they were trained on, means over
/// stretches of equal length, and of the tests.
struct NetworkCurves {
  std::vector<double> train_epoch, train_accuracy, train_loss;
  std::vector<double> test_epoch, test_accuracy, test_loss;
};
/// At most `points` points over a whole run of `epochs` epochs.
NetworkCurves network_curves(const Snapshot& snapshot, int64_t epochs, int64_t points = 60);

/// Widths of the layers' cards in rows that are filled evenly: the number of cards in each row. `natural` are
/// the widths that their words need, `gap` lies between them.
std::vector<size_t> rows_of_cards(const std::vector<float>& natural, float width, float gap);

}  // namespace poolscope::scene
