#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "core/base/progress.h"

namespace poolscope {

/// How far a computation has come, and its present part; both are cancelled together.
struct JobProgress {
  Progress whole, part;
  bool cancelled() const { return whole.cancelled; }
  void cancel() { whole.cancelled = part.cancelled = true; }
};

/// Answers requests without ever blocking the window: small ones at once, large ones in a thread of its own,
/// where the newest request wins and an older one is cancelled. `Request` is a value with ==; an answer is
/// immutable and holds its request as `request`.
template <class Request, class Answer>
class LatestJob {
 public:
  using AnswerPtr = std::shared_ptr<const Answer>;
  /// Reports to `progress` and returns anything once it is cancelled.
  using Compute = AnswerPtr (*)(const Request& request, JobProgress& progress);

  explicit LatestJob(Compute compute) : compute_(compute) {}
  ~LatestJob() {
    if (!running_) return;
    running_->progress.cancel();
    running_->thread.join();
  }
  LatestJob(const LatestJob&) = delete;
  LatestJob& operator=(const LatestJob&) = delete;

  /// Does nothing where the answer is there, on its way, or was stopped.
  void ask(const Request& request, bool small) {
    if (stopped_ && *stopped_ == request) return;
    stopped_.reset();
    if (running_) {
      if (running_->request == request && !running_->progress.cancelled()) {
        next_.reset();
        return;
      }
      // Joining here could block the window: mark it, and start the newest one when it has ended.
      running_->progress.cancel();
      next_ = {request, small};
      return;
    }
    if (latest_ && latest_->request == request) return;
    if (small) {
      JobProgress progress;
      latest_ = compute_(request, progress);
      return;
    }
    running_ = std::make_unique<Running>();
    running_->request = request;
    running_->thread = std::thread([running = running_.get(), compute = compute_] {
      running->result = compute(running->request, running->progress);
      running->done = true;
      running->done.notify_all();
    });
  }

  /// Ends what is on its way; the same request is not begun again before resume() or another one.
  void stop() {
    if (!running_) return;
    running_->progress.cancel();
    stopped_ = next_ ? next_->first : running_->request;
    next_.reset();
  }
  void resume() { stopped_.reset(); }
  bool stopped() const { return stopped_.has_value(); }

  /// Takes finished work in; true once per new answer.
  bool poll() {
    if (!running_ || !running_->done) return false;
    running_->thread.join();
    const bool complete = !running_->progress.cancelled();
    if (complete) latest_ = running_->result;
    running_.reset();
    if (next_) {
      const auto [request, small] = *std::exchange(next_, std::nullopt);
      ask(request, small);
    }
    return complete;
  }
  void wait() {
    while (running_) {
      running_->done.wait(false);
      poll();
    }
  }

  /// The newest finished answer (maybe to an older request), or nullptr.
  const AnswerPtr& latest() const { return latest_; }
  /// The same where it answers exactly this.
  AnswerPtr answer_to(const Request& request) const {
    return latest_ && latest_->request == request ? latest_ : nullptr;
  }
  bool busy() const { return running_ != nullptr; }
  /// 0 to 1 while busy.
  double progress() const {
    if (!running_) return 1;
    const auto total = static_cast<double>(running_->progress.whole.total.load());
    return total > 0 ? static_cast<double>(running_->progress.whole.done.load()) / total : 0;
  }

 private:
  struct Running {
    Request request;
    JobProgress progress;
    std::atomic<bool> done{false};
    AnswerPtr result;
    std::thread thread;
  };
  Compute compute_;
  AnswerPtr latest_;
  std::unique_ptr<Running> running_;
  std::optional<std::pair<Request, bool>> next_;
  std::optional<Request> stopped_;
};

}  // namespace poolscope
