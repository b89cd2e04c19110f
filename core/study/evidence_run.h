#pragma once

#include <initializer_list>
#include <string>
#include <utility>

#include "core/base/random.h"
#include "core/base/thread_pool.h"
#include "core/study/evidence.h"

/// What experiments are written with. Inner vocabulary of core/study/evidence.
namespace poolscope {

/// One run on its way: an experiment reads `request`, and adds to `result`.
class EvidenceRun {
 public:
  EvidenceRun(const EvidenceRequest& request_in, const EvidenceOptions& options)
      : request(request_in),
        threads_(options.threads > 0 ? options.threads : hardware_threads()),
        progress_(options.progress) {
    result.request = request_in;
  }

  const EvidenceRequest& request;
  EvidenceResult result;

  int threads() const { return threads_; }
  bool cancelled() const { return progress_ != nullptr && progress_->cancelled; }
  void expect(int64_t steps) {
    if (progress_ != nullptr) progress_->total = steps;
  }
  void step() {
    if (progress_ != nullptr) ++progress_->done;
  }

  /// Chance for one purpose of one repeat: another seed, purpose or repeat is another row of draws.
  uint64_t seed_for(uint64_t purpose, int64_t repeat) const {
    return mix_bits(mix_bits(mix_bits(request.seed) + static_cast<uint64_t>(request.claim)) ^
                    mix_bits(purpose * 0x9e3779b9ULL + 1)) +
           mix_bits(static_cast<uint64_t>(repeat));
  }

  /// work(r) for every r in [0, count), on all threads, until cancelled. What work(r) does must depend on r
  /// alone, and it may write only to what belongs to r. Counts one step each.
  template <class Work>
  void each(int64_t count, Work&& work) {
    run_in_pieces(count, threads_, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end && !cancelled(); ++r) {
        work(r);
        step();
      }
    });
  }

  /// Adds a measurement; its index.
  size_t measure(std::string quantity, std::string of, const Estimate& estimate, Unit unit = Unit::number,
                 std::optional<double> theory = std::nullopt) {
    result.measurements.push_back({std::move(quantity), std::move(of), estimate, theory, unit});
    return result.measurements.size() - 1;
  }
  /// Adds a case about a measurement.
  Answer expect_that(std::string id, size_t measurement, Relation relation, double threshold) {
    const Answer answer = answer_of(result.measurements[measurement].estimate, relation, threshold);
    result.cases.push_back({std::move(id), measurement, relation, threshold, answer});
    return answer;
  }
  /// An argument of the finding: "{name}" becomes the measured number.
  void say(std::string name, size_t measurement) {
    const Measurement& measured = result.measurements[measurement];
    result.finding.with(std::move(name), format_estimate(measured.estimate, measured.unit));
  }

 private:
  int threads_;
  Progress* progress_;
};

/// Adds point (x, estimate) to a series with intervals.
inline void add_point(EvidenceSeries& series, double x, const Estimate& estimate) {
  series.x.push_back(x);
  series.y.push_back(estimate.value);
  series.low.push_back(estimate.low);
  series.high.push_back(estimate.high);
}

using Experiment = void (*)(EvidenceRun&);
void run_mean_shift(EvidenceRun&);
void run_variance(EvidenceRun&);
void run_texture(EvidenceRun&);
void run_shift(EvidenceRun&);
void run_compression(EvidenceRun&);
void run_overfitting(EvidenceRun&);
void run_parameters(EvidenceRun&);
void run_window_stride(EvidenceRun&);
void run_separability(EvidenceRun&);

}  // namespace poolscope
