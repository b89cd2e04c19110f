#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/pooling/spec.h"

namespace poolscope {

/// Fields of a PoolSpec that a kind uses; a set of them is their sum. The others are ignored.
enum Parameter : uint32_t {
  kWindow = 1u << 0,
  kStride = 1u << 1,
  kPadding = 1u << 2,
  kDilation = 1u << 3,
  kRounding = 1u << 4,
  kDivisor = 1u << 5,  ///< count_padding and divisor
  kSeed = 1u << 6,
  kNorm = 1u << 7,
  kNormalise = 1u << 8,
  kSharpness = 1u << 9,
  kMix = 1u << 10,
  kTaps = 1u << 11,
  kOutputSize = 1u << 12,
};

/// How a kind lays its windows.
enum class Geometry {
  sliding,   ///< windows of one size, a stride apart; dialects apply
  sampling,  ///< every stride-th cell
  blurred,   ///< a maximum with stride 1, then a binomial filter, mirrored at the edge, every stride-th cell
  whole,     ///< one window over the whole plane
  bins,      ///< output_size windows that divide the plane evenly, overlapping where it does not divide
  fractional,  ///< output_size windows, apart by one of two whole distances, drawn per plane
  blocks,      ///< stride x stride blocks without overlap
};

/// One row per pooling kind: everything that the engine, the command line, the combo boxes and the tests need
/// to know about it. Texts are found by name ("kind.max", "kind.max.hint").
struct KindInfo {
  Kind kind;
  std::string_view name;  ///< command line and text key: "max", "stochastic-expectation"
  Geometry geometry;
  uint32_t parameters;  ///< sum of Parameter
  bool selects;         ///< the output is one of the inputs: there is a winner and an index
  bool random;          ///< depends on the seed
  bool uses_divisor;    ///< count_padding and divisor matter
  bool allows_padding;  ///< Caffe's stochastic pooling does not
  bool uses_window;     ///< false: window and dilation are irrelevant, the plan has a window of its own
  /// A window's result depends on the cells of that window alone. Not so for adaptive polyphase sampling,
  /// which compares whole pictures before it takes a cell.
  bool window_local;

  constexpr bool uses(Parameter parameter) const { return (parameters & parameter) != 0; }
};

std::span<const KindInfo> all_kinds();
const KindInfo& kind_info(Kind kind);
/// nullptr where no kind has that name.
const KindInfo* find_kind(std::string_view name);

}  // namespace poolscope
