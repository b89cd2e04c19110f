#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "app/model/document.h"
#include "app/model/playback.h"
#include "app/model/session.h"
#include "core/base/result.h"
#include "core/data/input_file.h"

namespace poolscope {

struct Model;

/// What a study holds and what a lesson sets: the document, the lab, the cursor, the view. A value; tensors
/// are shared.
struct StudyState {
  Document document = start_document();
  std::string lab = "window";
  int64_t step = 0;  ///< window that is shown, from 0
  double speed = 1;
  PlayUnit unit = PlayUnit::window;
  bool loop = false;
  ViewTransform view;
  bool operator==(const StudyState&) const = default;
};

/// What reading needs besides the fields.
struct StudyReading {
  /// Names of the labs that exist (lab_names()).
  std::vector<std::string> labs;
  /// Files that the study names are looked for from here; empty: the working folder.
  std::filesystem::path folder;
  /// Reads an input file; empty: a study that names one is refused.
  std::function<Result<LoadedInput>(const std::filesystem::path&)> load;
};

/// Largest input that is kept inside the study although its file could be named (values), and the largest at
/// all: matrices that were edited by hand.
inline constexpr int64_t kSmallInput = 4096, kLargestEmbedded = int64_t{1} << 19;

/// Changes in `state` what the JSON object names and nothing else, with these exceptions, which follow what
/// was named: a new input shows its first channel, links between window and stride hold, and the step stays
/// inside the output. The result is legal. On an error (one sentence that names the field) `state` is as it
/// was.
///
/// Fields: input {builtin | file | values, name, picture}, pooling {kind, window, stride, padding ...},
/// direction, compared, batch, channel, colormap, one object for each lab's setup (compare, channels, shift),
/// lab, step, transport {speed, unit, loop}, view {x, y, zoom}. A size is one number or [height, width]; a
/// matrix is a list of its rows.
Status read_state(const nlohmann::json& object, StudyState& state, const StudyReading& reading);

/// All fields. Input files inside `folder` or below it are named from there, others by their whole path.
/// Fails where an input edited by hand is too large to be kept.
Result<nlohmann::ordered_json> write_state(const StudyState& state, const std::filesystem::path& folder);

/// The state that the program is in. The way back is command::ShowState.
StudyState state_of(const Model& model);

}  // namespace poolscope
