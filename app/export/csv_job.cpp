#include "app/export/csv_job.h"

#include <utility>

#include "app/export/film.h"
#include "core/data/csv.h"
#include "core/pooling/pool.h"

namespace poolscope {

CsvJob::CsvJob(CsvRequest request, PoolPlan plan, TensorPtr input, void (*wake)())
    : request_(std::move(request)), plan_(std::move(plan)), input_(std::move(input)) {
  thread_ = std::thread([this, wake] {
    status_ = run();
    done_ = true;
    if (wake != nullptr) wake();
  });
}

CsvJob::~CsvJob() {
  cancel();
  thread_.join();
}

Status CsvJob::run() {
  std::string csv;
  if (request_.matrix == ExportMatrix::input) {
    csv = encode_csv(*input_);
  } else if (request_.matrix == ExportMatrix::output) {
    csv = encode_csv(forward(plan_, *input_, false, &progress_).values);
  } else {
    const Result<Tensor> gradient = backward(plan_, *input_, Tensor(plan_.out, 1.0f), &progress_);
    if (!gradient.ok()) return gradient.error();
    csv = encode_csv(*gradient);
  }
  if (progress_.cancelled) return {};
  bytes_ = static_cast<int64_t>(csv.size());
  std::vector<EncodedFile> files;
  files.push_back({request_.path, std::move(csv)});
  return write_files(files, request_.replace);
}

}  // namespace poolscope
