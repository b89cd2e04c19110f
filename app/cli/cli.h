#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/model/export_setup.h"
#include "app/model/text.h"
#include "core/base/result.h"
#include "core/pooling/spec.h"
#include "core/study/evidence.h"

namespace poolscope {

/// Exit statuses of the program.
inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;       ///< unreadable or broken input, an output that cannot be written
inline constexpr int kExitBadArgument = 2;  ///< an argument that is not allowed, or not for this input
inline constexpr int kExitNoWindow = 3;     ///< there is no display, or it cannot do what is needed

/// How a command speaks: in the user's language, one line for each mistake.
class Voice {
 public:
  explicit Voice(const Texts& texts) : texts_(texts) {}
  const Texts& texts() const { return texts_; }
  /// "poolscope: <sentence>" on standard error, always a single line. Returns the exit status to leave with.
  int bad_argument(const Error& error) const { return say(error, kExitBadArgument); }
  int failed(const Error& error) const { return say(error, kExitFailed); }
  int say(const Error& error, int exit_status) const;
  /// Writes to standard output and makes sure that it arrived: a full disk behind a redirection is an error.
  int print(const std::string& text) const;

 private:
  const Texts& texts_;
};

/// What the window, or a picture of it, shall show at first. What was not said is left to the program.
struct ViewRequest {
  std::optional<std::string> input;   ///< file, or name of a built-in input
  std::optional<PoolSpec> pooling;    ///< where any pooling option was given; not yet validated for the input
  std::optional<std::string> lab;     ///< one of CliHooks::labs
  std::optional<Claim> claim;         ///< shown in the Evidence lab
  std::optional<int64_t> page;        ///< of the Network lab, from 1
  std::optional<int64_t> step;        ///< not negative; may be past the last one
  std::optional<bool> backward;       ///< the gradient's way instead of the values'
  std::optional<std::string> lesson;  ///< id of a built-in one, or a file
  int64_t lesson_step = 0;            ///< from 0
  bool predict = false;               ///< hides the result until it is guessed
  std::optional<Size2> size_px;       ///< 320 x 240 to 16384 x 16384
  std::optional<bool> night;          ///< theme
  std::optional<double> text_scale;   ///< 0.75 to 2.5
  std::string language;               ///< always set: chosen, or the environment's
};

/// What only the whole application can do. An empty hook makes its command fail with a sentence.
struct CliHooks {
  std::vector<std::string> labs = {"window"};  ///< what --lab may be
  std::function<int(const ViewRequest&, const Voice&)> open_window;
  std::function<int(const ViewRequest&, const std::filesystem::path& output, const Voice&)> shot;
  std::function<int(const ViewRequest&, FilmRequest, const Voice&)> render;
};

/// The program: reads its arguments (without the program's name) and runs the command that they name, or
/// opens the window. Returns the exit status. Throws nothing.
int run_cli(std::span<const std::string> arguments, const CliHooks& hooks) noexcept;

}  // namespace poolscope
