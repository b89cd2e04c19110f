#pragma once

#include <span>
#include <string_view>

#include "core/pooling/spec.h"

namespace poolscope {

struct StepRecord;

/// One row per pooling kind: everything that the engine, the command line, the combo boxes and the tests need
/// to know about it. Texts are found by name ("kind.max", "kind.max.hint").
struct KindInfo {
  Kind kind;
  std::string_view name;  ///< command line and text key: "max", "stochastic-expectation"
  bool selects;           ///< the output is one of the inputs: there is a winner and an index
  bool random;            ///< depends on the seed
  bool uses_divisor;      ///< count_padding and divisor matter
  bool allows_padding;    ///< Caffe's stochastic pooling does not
  bool uses_window;       ///< false: window and dilation are irrelevant, the plan has a window of 1
};

std::span<const KindInfo> all_kinds();
const KindInfo& kind_info(Kind kind);
/// nullptr where no kind has that name.
const KindInfo* find_kind(std::string_view name);

}  // namespace poolscope
