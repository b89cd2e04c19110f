#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/model/document.h"
#include "app/model/latest_job.h"
#include "core/study/compare.h"

namespace poolscope {

class CompareCache;

/// Where columns are looked up that were measured before. Any two are the same: answers do not depend on it.
struct CompareMemory {
  std::shared_ptr<CompareCache> cache;
  bool operator==(const CompareMemory&) const { return true; }
};

/// What a comparison depends on.
struct CompareRequest {
  TensorPtr input;
  bool is_picture = false;
  int64_t batch = 0, channel = 0;  ///< channel of the difference maps, or kColourChannels for their mean
  bool inverted = false, two_steps = false;
  double period = 0;  ///< of stripes instead of the input; 0: the input
  std::vector<PoolSpec> specs;
  int depth = 1, reference = -1;
  CompareMemory memory = {};
  bool operator==(const CompareRequest&) const = default;
};

/// One column, measured.
struct CompareResult {
  PoolPlan plan;                        ///< of the first pooling
  std::vector<CompareMetrics> metrics;  ///< by number of poolings, from 0
  int reached = 0;  ///< poolings that `output` has seen: fewer where nothing was left to pool
  TensorPtr output, difference;
  /// The difference in few, larger cells, each the largest of its block: drawn small, the fine one would be
  /// averaged away.
  TensorPtr overview;
  /// 98 of 100 differences are not larger: a few sharp edges would make all else pale.
  float difference_span = 0;
  TensorPtr dense, kept;         ///< two steps; null where the kind has no such steps
  std::vector<double> spectrum;  ///< of the first pooling, where the input is stripes
};
struct CompareRun {
  CompareRequest request;
  TensorPtr input;            ///< one image, inverted or striped as asked
  float low = 0, high = 255;  ///< the ends of the colours
  std::vector<CompareResult> columns;
  std::vector<double> spectrum;  ///< of the input, where it is stripes
  int measured = 0;              ///< columns that had to be measured; the others were known
};
using CompareJob = LatestJob<CompareRequest, CompareRun>;

/// Many draws of one window, for the histogram.
struct DrawRequest {
  TensorPtr input;  ///< one image: CompareRun::input
  PoolSpec spec;    ///< stochastic
  int64_t channel = 0, step = 0;
  bool operator==(const DrawRequest&) const = default;
};
struct DrawRun {
  DrawRequest request;
  DrawCounts counts;
};
using DrawJob = LatestJob<DrawRequest, DrawRun>;

/// The poolings of all columns, brought to what the input allows: the controls' own first.
std::vector<PoolSpec> compare_specs(const Document& document);
CompareRequest compare_request(const Document& document);
/// What stripes are drawn on, rows and columns.
inline constexpr Size2 kStripeSize{96, 192};

/// Everything of the Compare lab that is computed.
struct CompareWork {
  CompareWork();
  CompareJob columns;
  DrawJob draws;
  /// Asks for what the document shows now; `step` is the window that draws are counted for.
  void ask(const Document& document, int64_t step);
  /// The run for the document as it is, or nullptr.
  std::shared_ptr<const CompareRun> current(const Document& document) const;
  bool poll();
  void wait();
  bool busy() const { return columns.busy() || draws.busy(); }

 private:
  CompareMemory memory_;
};

}  // namespace poolscope
