#include "app/model/pool_job.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

namespace poolscope {

namespace {

// Below this many cells to read the answer is there before the frame is drawn (well under a millisecond).
constexpr int64_t kSmallWork = 400'000;

int64_t work(const PoolPlan& plan) {
  return plan.in.count() + plan.out.count() * plan.rows.window * plan.columns.window;
}

/// For the colours of the pictures: found here, since it takes a while for large ones.
void find_ends(PoolRun& run) {
  const auto [low, high] = finite_ends(*run.request.input);
  run.input_low = low;
  run.input_high = high;
  if (!run.input_gradient) return;
  const auto [least, most] = finite_ends(*run.input_gradient);
  run.largest_gradient = std::max(std::fabs(least), std::fabs(most));
}

PoolRunPtr compute(const PoolRequest& request, const PoolPlan& plan, Progress* progress) {
  using Clock = std::chrono::steady_clock;
  auto run = std::make_shared<PoolRun>();
  run->request = request;
  run->plan = plan;
  const auto begin = Clock::now();
  PoolOutput output = forward(plan, *request.input, false, progress);
  run->seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  run->output = std::make_shared<const Tensor>(std::move(output.values));
  if (request.direction == Direction::backward && !(progress && progress->cancelled)) {
    const auto begin_backward = Clock::now();
    Result<Tensor> gradient = backward(plan, *request.input, Tensor(plan.out, 1.0f), progress);
    run->seconds = std::chrono::duration<double>(Clock::now() - begin_backward).count();
    run->input_gradient = std::make_shared<const Tensor>(std::move(gradient).value());
  }
  find_ends(*run);
  return run;
}

}  // namespace

std::pair<float, float> finite_ends(const Tensor& tensor, int64_t step) {
  float low = std::numeric_limits<float>::infinity(), high = -low;
  const std::span<const float> values = tensor.values();
  for (size_t i = 0; i < values.size(); i += static_cast<size_t>(step)) {
    if (!std::isfinite(values[i])) continue;
    low = std::min(low, values[i]);
    high = std::max(high, values[i]);
  }
  return low <= high ? std::pair{low, high} : std::pair{0.0f, 0.0f};
}

struct PoolJob::Running {
  PoolRequest request;
  Progress progress;
  std::atomic<bool> done{false};
  PoolRunPtr result;
  std::thread thread;
};

PoolJob::PoolJob() = default;

PoolJob::~PoolJob() {
  cancel();
}

void PoolJob::cancel() {
  if (!running_) return;
  running_->progress.cancelled = true;
  if (running_->thread.joinable()) running_->thread.join();
  running_.reset();
}

void PoolJob::start(const PoolRequest& request, const PoolPlan& plan) {
  running_ = std::make_unique<Running>();
  Running* running = running_.get();
  running->request = request;
  running->thread = std::thread([running, plan] {
    running->result = compute(running->request, plan, &running->progress);
    running->done = true;
  });
}

void PoolJob::ask(const PoolRequest& request, const PoolPlan& plan) {
  if (running_) {
    if (running_->request == request) {
      next_.reset();
      return;
    }
    // Joining here could block the window: mark it, and start the newest one when it has ended.
    running_->progress.cancelled = true;
    next_ = request;
    next_plan_ = plan;
    return;
  }
  if (latest_ && latest_->request == request) return;
  if (work(plan) <= kSmallWork) {
    latest_ = compute(request, plan, nullptr);
  } else {
    start(request, plan);
  }
}

bool PoolJob::poll() {
  if (!running_ || !running_->done) return false;
  if (running_->thread.joinable()) running_->thread.join();
  const bool complete = !running_->progress.cancelled;
  if (complete) latest_ = running_->result;
  running_.reset();
  if (next_) {
    const PoolRequest request = *std::exchange(next_, std::nullopt);
    ask(request, next_plan_);
  }
  return complete;
}

double PoolJob::progress() const {
  if (!running_) return 1;
  const auto total = static_cast<double>(running_->progress.total.load());
  return total > 0 ? static_cast<double>(running_->progress.done.load()) / total : 0;
}

void PoolJob::wait() {
  while (running_) {
    running_->thread.join();
    poll();
  }
}

}  // namespace poolscope
