#pragma once

#include <vector>

#include "core/nn/network.h"
#include "core/study/evidence_run.h"
#include "core/study/signs.h"

/// Small networks, trained again and again. Inner vocabulary of core/study/evidence.
namespace poolscope {

/// What stands behind each of the two convolutions (8 and 16 channels, 3 x 3). Global average: maxima there,
/// and the mean of every channel at the end.
enum class NetworkKind { none, strided, average, max, stochastic, global_average };
/// Text "evidence.of.<name>".
const char* network_name(NetworkKind kind);
NetworkSpec sign_network(NetworkKind kind);

struct NetworkTraining {
  SignStyle style;
  int64_t pictures = 300, epochs = 20;
  int64_t seeds = 5;
  /// How far test pictures are moved to see which answers stay; 0: not at all.
  int64_t most_shift = 0;
};

/// One kind of network, by seed.
struct NetworkStudy {
  NetworkKind kind = NetworkKind::none;
  int64_t parameters = 0;
  std::vector<double> train, test;  ///< accuracy, as the network is used
  /// [distance][seed]: share of test pictures whose answer is the same after a shift, mean of four ways.
  std::vector<std::vector<double>> same_answers;
};

inline constexpr int64_t kTestPictures = 600;

/// Steps of progress that train_networks() counts.
int64_t network_steps(size_t kinds, const NetworkTraining& training);
/// Trains every kind with every seed. A seed draws the pictures and the first weights, the same for all
/// kinds.
std::vector<NetworkStudy> train_networks(EvidenceRun& run, const std::vector<NetworkKind>& kinds,
                                         const NetworkTraining& training);

}  // namespace poolscope
