#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/pooling/spec.h"

namespace poolscope {

/// A column of the Compare lab beside the first one: a kind with the geometry of the controls, or with a
/// window and a stride of its own.
struct CompareColumn {
  Kind kind = Kind::average;
  std::optional<Size2> window = std::nullopt, stride = std::nullopt;
  bool operator==(const CompareColumn&) const = default;
};

inline constexpr size_t kFewestColumns = 2, kMostColumns = 6;
inline constexpr int kDeepest = 5;

/// What the Compare lab compares, and against what. Part of the document. The first column is the pooling
/// that the controls set.
struct CompareSetup {
  std::vector<CompareColumn> columns = {{Kind::average}, {Kind::stochastic}, {Kind::none}};
  int depth = 1;            ///< how many poolings the pictures have seen, 1 to kDeepest
  bool inverted = false;    ///< bright and dark of the input are swapped
  bool striped = false;     ///< stripes instead of the input
  double period = 3;        ///< of the stripes, in cells
  bool two_steps = false;   ///< dense reduction and subsampling apart
  int reference = -1;       ///< column that differences are taken to; -1: the input
  bool show_input = false;  ///< as a picture of its own, before the columns
  bool operator==(const CompareSetup&) const = default;
};

}  // namespace poolscope
