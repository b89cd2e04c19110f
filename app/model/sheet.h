#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/result.h"
#include "core/pooling/plan.h"
#include "core/tensor/tensor.h"

namespace poolscope {

/// One exercise of a practice sheet: a small matrix, how to pool it, and what the engine makes of it.
struct SheetExercise {
  PoolPlan plan;
  Tensor input, output;       ///< 1 x 1 x H x W
  std::vector<double> draws;  ///< stochastic pooling: the number drawn for each window, from 0 to 1
};

/// What a sheet is made from. The same request gives the same exercises on every computer.
struct SheetRequest {
  uint64_t seed = 1;
  int64_t count = 6;
  std::optional<Kind> kind;      ///< none: max, average and min in turn
  std::optional<PoolSpec> spec;  ///< window, stride ...; none: small ones, by the seed
};

inline constexpr int64_t kMostExercises = 8;

/// Inputs are whole numbers from 0 to 9, 4 x 4 to 6 x 6. An error where the pooling fits none of them.
Result<std::vector<SheetExercise>> make_sheet(const SheetRequest& request);

}  // namespace poolscope
