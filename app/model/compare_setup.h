#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
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
  /// Columns from left to right, by their number; empty: 0, 1, 2 ... Moving one computes nothing anew.
  std::vector<size_t> order = {};
  bool operator==(const CompareSetup&) const = default;
};

/// Columns from left to right, whatever `order` says: every one of them once.
inline std::vector<size_t> shown_order(const CompareSetup& setup) {
  std::vector<size_t> order;
  const size_t count = setup.columns.size() + 1;
  for (const size_t column : setup.order)
    if (column < count && std::find(order.begin(), order.end(), column) == order.end())
      order.push_back(column);
  for (size_t column = 0; column < count; ++column)
    if (std::find(order.begin(), order.end(), column) == order.end()) order.push_back(column);
  return order;
}

/// Takes column `column` (1 or more) away.
inline void remove_column(CompareSetup& setup, size_t column) {
  std::vector<size_t> order;
  for (const size_t shown : shown_order(setup))
    if (shown != column) order.push_back(shown > column ? shown - 1 : shown);
  setup.order = std::move(order);
  setup.columns.erase(setup.columns.begin() + static_cast<std::ptrdiff_t>(column) - 1);
  if (setup.reference == static_cast<int>(column)) setup.reference = -1;
  if (setup.reference > static_cast<int>(column)) --setup.reference;
}

/// Puts column `column` at place `place` from the left, 0 first.
inline void move_column(CompareSetup& setup, size_t column, size_t place) {
  std::vector<size_t> order = shown_order(setup);
  order.erase(std::find(order.begin(), order.end(), column));
  order.insert(order.begin() + static_cast<std::ptrdiff_t>(std::min(place, order.size())), column);
  setup.order = std::move(order);
}

}  // namespace poolscope
