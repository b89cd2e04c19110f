#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "app/model/document.h"
#include "core/base/progress.h"
#include "core/pooling/pool.h"

namespace poolscope {

/// What a whole-input result depends on; two equal requests have the same answer.
struct PoolRequest {
  TensorPtr input;
  PoolSpec spec;
  Direction direction = Direction::forward;
  bool operator==(const PoolRequest&) const = default;
};

/// A finished pooling of a whole input: immutable, shared with whoever draws it.
struct PoolRun {
  PoolRequest request;
  PoolPlan plan;
  std::shared_ptr<const Tensor> output;          ///< plan.out
  std::shared_ptr<const Tensor> input_gradient;  ///< plan.in, for an output gradient of ones; backward only
  double seconds = 0;                            ///< the engine's own time, measured
  float input_low = 0, input_high = 0;           ///< of its finite values; both 0 without any
  float largest_gradient = 0;                    ///< size of the largest finite one
};
using PoolRunPtr = std::shared_ptr<const PoolRun>;

/// The smallest and the largest finite value (of every `step`-th one); 0 and 0 where there is none.
std::pair<float, float> finite_ends(const Tensor& tensor, int64_t step = 1);

/// Pools whole inputs without ever blocking the window: small ones at once, large ones in a thread of its
/// own, where the newest request wins and an older one is cancelled.
class PoolJob {
 public:
  PoolJob();
  ~PoolJob();
  PoolJob(const PoolJob&) = delete;
  PoolJob& operator=(const PoolJob&) = delete;

  /// Asks for the answer to `request`, whose plan is `plan`. Does nothing where it is there or on its way.
  void ask(const PoolRequest& request, const PoolPlan& plan);
  /// The newest finished run (maybe of an older request), or nullptr. True from poll() once per new one.
  PoolRunPtr latest() const { return latest_; }
  bool poll();
  bool busy() const { return running_ != nullptr; }
  /// 0 to 1 while busy.
  double progress() const;
  /// Waits for what is on its way.
  void wait();

 private:
  struct Running;
  void cancel();
  PoolRunPtr latest_;
  std::unique_ptr<Running> running_;
  std::optional<PoolRequest> next_;
  PoolPlan next_plan_;
  void start(const PoolRequest& request, const PoolPlan& plan);
};

}  // namespace poolscope
