#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/progress.h"
#include "core/pooling/plan.h"

/// Fast forward and backward of the kinds that have them. Callers use core/pooling/pool.h, which asks here
/// first and takes the reference where the answer is no.
namespace poolscope::fast {

/// Values, and where `indices` is given the winners' flat indices, of all planes. False, with nothing done,
/// where this pooling has no fast kernel. Maxima, minima, samples and indices are those of the reference bit
/// for bit. An average differs from the exact one by at most (kh + kw + 2) * 2^-24 times the mean of the
/// absolute values. The same for any number of threads.
bool forward(const PoolPlan& plan, const float* input, float* output, int64_t* indices, int threads,
             Progress* progress);

/// The gradient of the input. False, with nothing done, where this pooling has no fast kernel. Sums are
/// taken in float: a value differs from the exact one by at most (n + 2) * 2^-24 times the sum of the
/// absolute values of its n terms; with one term it is the reference's bit for bit. Planes are shared between
/// threads; the same for any number of them.
bool backward(const PoolPlan& plan, const float* input, const float* output_gradient, float* input_gradient,
              int threads, Progress* progress);

/// The gradient of the input for kinds that select, from indices as forward() gives them; sums are
/// taken in float, always in the same order. False where an index is neither -1 nor inside its plane.
bool backward_from_indices(const PoolPlan& plan, const int64_t* indices, const float* output_gradient,
                           float* input_gradient, int threads);

/// Names of the instruction sets that the kernels can use on this processor, best first: "AVX3", "AVX2",
/// "SSE4", "SCALAR". Only "SCALAR" in a build without Highway.
std::vector<std::string_view> vector_sets();

/// Makes all calls that follow use this one of vector_sets(); "" goes back to the best. For tests.
void use_vector_set(std::string_view name);

}  // namespace poolscope::fast
