#pragma once

#include <cstdint>

#include "core/pooling/fast/rows.h"

/// Kernels for small planes in large batches, as between the layers of a network. Rows are short there, and
/// the borders are a large part of a plane: going row by row costs two to four times as much as the work
/// itself (tests/bench/README.md). What such a kernel needs to prepare costs as much as some planes.
namespace poolscope::fast {

/// Whether forward_abreast() pays for this pooling.
bool small_forward(const Job& job);
/// Whether spread_average() pays.
bool small_gradient(const Job& job);

/// How many planes lie side by side in a group; 0 where there are no vectors.
int64_t planes_abreast();
/// Outputs and indices of groups [begin, end) of planes, one vector holding one cell of all planes of a
/// group.
void forward_abreast(const Job& job, int64_t begin, int64_t end);

/// The gradient of the input of an average, of planes [begin, end).
void spread_average(const Job& job, const float* output_gradient, float* input_gradient, int64_t begin,
                    int64_t end);

}  // namespace poolscope::fast
