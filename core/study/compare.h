#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/progress.h"
#include "core/pooling/plan.h"
#include "core/tensor/tensor.h"

/// What a pooling keeps of a picture, measured. Inputs have one batch item (see batch_item); x is the input,
/// y the output, and u is y upsampled to the size of x by the nearest cell: u[i][j] = y[i * h / H][j * w /
/// W], rounded down, as PyTorch's interpolate(mode="nearest") does.
namespace poolscope {

/// Quotients are NaN where the input has nothing of the kind to keep (a flat picture has no spread).
struct CompareMetrics {
  double mean = 0;         ///< of y
  double mean_kept = 0;    ///< mean(y) / mean(x)
  double spread_kept = 0;  ///< sd(y) / sd(x), standard deviations over all values of all channels
  /// E(u) / E(x), where E sums |difference| over all pairs of horizontal and of vertical neighbours. Absolute
  /// differences and not squares: a ramp that becomes a staircase has as much of it as before.
  double edges_kept = 0;
  /// Contrast of thin bright strokes that is left, sum(T * (u - o)) / sum(T * T), where o is the opening of
  /// the channels' mean with 3 x 3 cells (what is there without strokes up to two cells wide) and T = x - o.
  double bright_kept = 0;
  /// The same of dark strokes with the closing c: sum(B * (c - u)) / sum(B * B), B = c - x.
  double dark_kept = 0;
  double psnr = 0;    ///< 10 log10(peak^2 / mean((x - u)^2)) in dB; infinite where nothing was lost
  int64_t bytes = 0;  ///< of y, float32
  bool operator==(const CompareMetrics&) const = default;
};

/// What is known of an input before anything is compared with it.
struct Yardstick {
  double peak = 1;  ///< of PSNR: 255 for pictures, largest minus smallest value for all else
  double mean = 0, spread = 0, edges = 0;
  Tensor grey;                  ///< mean of the channels
  Tensor opened, closed;        ///< its grey-scale opening and closing with 3 x 3 cells
  double bright = 0, dark = 0;  ///< sum(T * T), sum(B * B)
  /// measure() of the input against itself, where it was done before: it is where every pool_again() begins.
  std::optional<CompareMetrics> untouched = std::nullopt;
};

/// Image `n` of a batch as a tensor of its own.
Tensor batch_item(const Tensor& input, int64_t n);
/// Bright becomes dark: 255 - x for pictures, smallest + largest - x for all else.
Tensor inverted(const Tensor& input, bool is_picture);
/// Largest minus smallest finite value; 1 where they are equal or there is none.
double value_range(const Tensor& input);

Yardstick make_yardstick(const Tensor& input, double peak, Progress* progress = nullptr);
CompareMetrics measure(const Yardstick& yardstick, const Tensor& input, const Tensor& output);

/// The same pooling again and again. `metrics[d]` is after d poolings (d = 0: the input itself), up to
/// `depths`, or to where the input has become too small for the window. `output` is that after `shown`
/// poolings, or the last one there is. Pooling d of a random kind draws with seed + d - 1. Counts
/// one up in `progress` per pooling; `step` is that of the pooling under way. Either ends it when cancelled.
struct RepeatedPooling {
  std::vector<CompareMetrics> metrics;
  Tensor output;
  int reached = 0;  ///< how many poolings `output` has seen
};
RepeatedPooling pool_again(const Yardstick& yardstick, const Tensor& input, const PoolSpec& spec, int depths,
                           int shown, Progress* progress = nullptr, Progress* step = nullptr);

/// Signed difference reference - output, both brought to `grid` (h x w) by the nearest cell: one channel, or
/// the mean of the channels for channel -1. Where a side of the grid is longer than `largest_side`, a cell of
/// the map stands for a block and shows the block's difference of largest magnitude (a mean would cancel).
Tensor difference_map(const Tensor& reference, const Tensor& output, Shape grid, int64_t channel,
                      int64_t largest_side);

/// Any pooling with windows a stride apart is two steps: reduce every window (stride 1), then keep every
/// stride-th cell. The plan of the first step; nothing where the kind has no such windows, or where rounding
/// up adds a window that starts no stride-1 window.
std::optional<PoolPlan> dense_plan(const PoolPlan& plan);
/// Every stride-th cell, from the first: the second step. `out` gives height and width.
Tensor subsample(const Tensor& dense, Size2 stride, Shape out);

/// What many draws of one window came to: each different value with the share of draws that took it.
struct DrawCounts {
  struct Outcome {
    double value = 0;
    double chance = 0;  ///< of this value, all cells that hold it together
    int64_t count = 0;
  };
  std::vector<Outcome> outcomes;  ///< ascending by value
  int64_t draws = 0;
  double mean = 0;         ///< of the draws
  double expectation = 0;  ///< what stochastic pooling of a trained network gives
};
/// Draws window `step` of channel `channel` with the seeds seed to seed + draws - 1. `plan` must be of
/// stochastic pooling. Cancelled, it gives nothing.
DrawCounts count_draws(const PoolPlan& plan, const Tensor& input, int64_t channel, int64_t step,
                       int64_t draws, Progress* progress = nullptr);

/// Vertical stripes, 255 and 0 in turn, `period` cells from one to the next: cell x is bright where
/// floor(2 x / period) is even.
Tensor stripe_pattern(int64_t height, int64_t width, double period);

/// Amplitudes of the waves along the rows of channel 0: entry j is the wave with j periods across the width,
/// up to width / 2; a sine of amplitude A gives A, entry 0 is the mean. Root mean square over the rows.
/// Discrete Fourier transform, (1 or 2) / w * |sum x[i] exp(-2 pi i j / w)|.
std::vector<double> row_spectrum(const Tensor& picture);

}  // namespace poolscope
