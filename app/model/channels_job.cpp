#include "app/model/channels_job.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "app/model/limits.h"
#include "core/pooling/pool.h"
#include "core/study/compare.h"

namespace poolscope {

namespace {

constexpr int64_t kSmallValues = 20'000;

TensorPtr share(Tensor tensor) {
  return std::make_shared<const Tensor>(std::move(tensor));
}

/// The picture at a size that a bank of filters goes over in a moment.
TensorPtr reduced(const TensorPtr& picture, int64_t& by) {
  const Shape& shape = picture->shape();
  by = (std::max(shape.h, shape.w) + kLargestMapSource - 1) / kLargestMapSource;
  if (by <= 1) return picture;
  PoolSpec spec;
  spec.kind = Kind::average;
  spec.window = spec.stride = {std::min(by, shape.h), std::min(by, shape.w)};
  return share(forward(*validate(spec, shape), *picture).values);
}

void find_ends(ChannelsRun& run) {
  float low = std::numeric_limits<float>::infinity(), high = -low;
  for (const float value : run.input->values()) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (low < high) run.low = low, run.high = high;
}

std::shared_ptr<const ChannelsRun> compute(const ChannelsRequest& request, JobProgress& progress) {
  auto run = std::make_shared<ChannelsRun>();
  run->request = request;
  progress.whole.total = request.maps + 1;
  run->input =
      request.input->shape().n == 1 ? request.input : share(batch_item(*request.input, request.batch));
  if (request.maps > 0) {
    run->filters = filter_bank(request.maps);
    const TensorPtr source = reduced(run->input, run->reduced_by);
    run->input = share(feature_maps(*source, run->filters, &progress.whole));
  }
  run->plan = *validate(fit_spec(request.spec, run->input->shape()), run->input->shape());
  if (progress.cancelled()) return run;
  run->output = share(forward(run->plan, *run->input, false, &progress.part).values);
  find_ends(*run);
  return run;
}

}  // namespace

ChannelsRequest channels_request(const Document& document) {
  return {document.input.tensor, document.batch, document.spec,
          document.channels.feature_maps ? document.channels.maps : 0};
}

ChannelsWork::ChannelsWork() : job(compute) {}

void ChannelsWork::ask(const Document& document) {
  const ChannelsRequest request = channels_request(document);
  job.ask(request, document.shape().count() * std::max<int64_t>(1, request.maps) <= kSmallValues);
}

}  // namespace poolscope
