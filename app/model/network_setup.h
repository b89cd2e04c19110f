#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/model/network_drawing.h"
#include "core/nn/network.h"
#include "core/nn/templates.h"
#include "core/nn/trainer.h"

namespace poolscope {

/// Where the pictures come from that a network learns from.
enum class DataSource { digits, mnist, folder };

struct NetworkData {
  DataSource source = DataSource::digits;
  std::filesystem::path folder;          ///< of the IDX files, or of one folder of pictures per class
  int64_t train = 12'000, test = 2'000;  ///< drawn digits: so many; else at most so many, chosen by the seed
  uint64_t seed = 1;                     ///< which digits are drawn, how a folder is split
  double test_share = 0.2;               ///< of a folder's every class
  int64_t side = 28;                     ///< what a folder's pictures are made to, in pixels
  bool colour = false;                   ///< a folder's pictures keep red, green and blue
  bool operator==(const NetworkData&) const = default;
};

inline constexpr int64_t kLargestNetworkSide = 64;

/// What the trained network is shown.
enum class ApplySource { sample, drawing, picture };

struct NetworkApply {
  ApplySource source = ApplySource::sample;
  bool of_training = false;  ///< sample: of the training part instead of the test part
  int64_t sample = 13;
  DrawingPtr drawing;
  TensorPtr picture;
  std::string picture_name;
  bool centre = true;           ///< drawings and pictures are fitted and centred, as MNIST was made
  int64_t right = 0, down = 0;  ///< pixels that it is moved by
  bool operator==(const NetworkApply&) const = default;
};

/// The farthest that a picture is moved, in pixels.
inline constexpr int64_t kFarthestShift = 8;

/// Everything of the Network lab that the user chooses. Part of the document.
struct NetworkSetup {
  NetworkData data;
  std::string base = "lenet-small";  ///< a template
  Kind kind = Kind::max;             ///< of its pooling layers
  /// The layers as edited by hand, in place of the template's. The last dense layer has as many units as
  /// there are classes.
  std::optional<std::vector<Layer>> layers;
  TrainingRecipe recipe;
  StopRule stop;
  NetworkApply apply;
  bool operator==(const NetworkSetup&) const = default;
};

/// The five steps of the Network lab.
enum class NetworkPage { data, network, train, evaluate, apply };

/// What the Network lab asks for; commands carry it (command::Network).
enum class NetworkOrder {
  train,  ///< begins, or goes on after a pause
  pause,
  stop,
  step,           ///< one batch, beginning where nothing has begun
  show_run,       ///< number: its id
  remove_run,     ///< number: its id
  compare_kinds,  ///< trains the network once with each of the textbook's kinds and without pooling
  open_layer,     ///< number: the layer's index; its input goes to the Window lab
  page,           ///< number
  save_model,     ///< path
  save_runs,      ///< path
  open_model,     ///< path
};

/// The network for pictures of that shape and so many classes.
NetworkSpec network_of(const NetworkSetup& setup, const Shape& input, int64_t classes);
/// The same layers with `kind` in every pooling layer, with what the kind needs.
std::vector<Layer> with_kind(const NetworkSpec& spec, Kind kind);
/// The kind of the first pooling layer, or nothing.
std::optional<Kind> pooling_kind(const std::vector<Layer>& layers);
/// A new layer of the kind that `name` says (layer_name()), as it would mostly be wanted.
Layer new_layer(std::string_view name);
/// All of them, in the order of a list.
std::vector<std::string_view> layer_names();

}  // namespace poolscope
