#pragma once

#include <atomic>
#include <optional>
#include <thread>

#include "app/model/export_setup.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/pooling/plan.h"

namespace poolscope {

/// Computes and writes a matrix as .csv in a thread of its own.
class CsvJob {
 public:
  CsvJob(CsvRequest request, PoolPlan plan, TensorPtr input, void (*wake)());
  /// Gives up what is not written yet.
  ~CsvJob();
  CsvJob(const CsvJob&) = delete;
  CsvJob& operator=(const CsvJob&) = delete;

  void cancel() { progress_.cancelled = true; }
  bool cancelled() const { return progress_.cancelled; }
  bool done() const { return done_; }
  /// Once done. Errors: those of write_files().
  const Status& status() const { return *status_; }
  int64_t bytes() const { return bytes_; }

 private:
  Status run();
  const CsvRequest request_;
  const PoolPlan plan_;
  const TensorPtr input_;
  Progress progress_;
  std::atomic<bool> done_{false};
  std::optional<Status> status_;
  int64_t bytes_ = 0;
  std::thread thread_;
};

}  // namespace poolscope
