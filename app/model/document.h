#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "app/model/channels_setup.h"
#include "app/model/colormap.h"
#include "app/model/compare_setup.h"
#include "app/model/evidence_setup.h"
#include "app/model/network_setup.h"
#include "app/model/shift_setup.h"
#include "core/pooling/spec.h"
#include "core/tensor/tensor.h"

namespace poolscope {

/// Where the input came from, and its values. Values are shared and never changed in place: an edited matrix
/// is a new tensor, so that undo is a pointer.
struct Input {
  std::string builtin;         ///< name of a built-in input, or empty
  std::filesystem::path path;  ///< file that was opened, or empty
  std::string name;            ///< to show for a file: its name, safe to print
  int64_t network_layer = 0;   ///< what goes into that layer of a network, counted from 1; 0: not from there
  bool is_picture = false;     ///< values 0 to 255, shown as a picture
  bool edited = false;         ///< cells were changed by hand
  TensorPtr tensor;
  bool operator==(const Input&) const = default;
};

enum class Direction { forward, backward };

/// All channels as a colour picture (only where there are three), or else one of them.
inline constexpr int64_t kColourChannels = -1;

/// What the user made: everything that undo takes back and that a saved study holds.
struct Document {
  Input input;
  PoolSpec spec;
  bool stride_linked = true;  ///< the stride follows the window, as textbooks do
  bool rectangular = false;   ///< height and width are set apart
  Direction direction = Direction::forward;
  /// Output cells that would be other in this dialect are outlined.
  std::optional<Dialect> compared = std::nullopt;
  int64_t batch = 0;
  int64_t channel = 0;  ///< channel shown and stepped through, or kColourChannels
  Colormap colormap = Colormap::grey;
  CompareSetup compare = {};    ///< of the Compare lab
  ChannelsSetup channels = {};  ///< of the Channels lab
  ShiftSetup shift = {};        ///< of the Shift lab
  NetworkSetup network = {};    ///< of the Network lab
  EvidenceSetup evidence = {};  ///< of the Evidence lab
  bool operator==(const Document&) const = default;

  const Tensor& values() const { return *input.tensor; }
  const Shape& shape() const { return input.tensor->shape(); }
  /// The channel whose windows are stepped through: that of the view, or the first of a colour picture.
  int64_t stepped_channel() const { return channel == kColourChannels ? 0 : channel; }
};

/// Matrices small enough to be drawn as cells with numbers; all else is drawn as a picture.
bool shown_as_matrix(const Document& document);

/// The document the program starts with: the textbook's 4 x 4 matrix, max pooling 2 x 2, stride 2.
Document start_document();
/// `name` must be one of builtin_inputs().
Input builtin_input(const std::string& name);

}  // namespace poolscope
