#pragma once

#include <future>
#include <memory>

#include "app/export/csv_job.h"
#include "app/film_job.h"
#include "app/platform/clock.h"

namespace poolscope {

/// Carries out what the export dialog asks for, a bounded piece before each frame of the window.
class Exporter {
 public:
  explicit Exporter(void (*wake)()) : wake_(wake) {}
  Paths paths;

  /// Begins or ends what a command has asked for.
  void take_orders(Model& model, const Texts& texts, const FrameState& look);
  /// Goes on for at most some 25 ms; says how it ended.
  void work(Model& model);
  bool busy() const { return film_ != nullptr || csv_ != nullptr || page_.valid(); }

 private:
  void begin(Model& model, const Texts& texts, const FrameState& look, ExportRequest request);
  void begin_page(const Texts& texts, const PracticeRequest& request);
  void finish(Model& model, bool cancelled, const Status& status, int64_t bytes);
  void (*wake_)();
  SteadyClock clock_;
  std::string path_;
  std::unique_ptr<FilmJob> film_;
  std::unique_ptr<CsvJob> csv_;
  std::future<Result<int64_t>> page_;  ///< a practice sheet: how many bytes it has; a moment's work
};

}  // namespace poolscope
