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

ChannelsRequest channels_request(const Document& document, const PoolRunPtr& pooled) {
  const ChannelsSetup& setup = document.channels;
  ChannelsRequest request;
  request.input = document.input.tensor;
  request.is_picture = document.input.is_picture;
  request.batch = document.batch;
  request.spec = document.spec;
  if (setup.feature_maps)
    request.maps = setup.maps;
  else if (pooled)
    request.pooled = pooled->output;
  return request;
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

ChannelEnds ends_of(const Tensor& tensor, int64_t plane) {
  const float* values = tensor.plane(plane);
  float low = std::numeric_limits<float>::infinity(), high = -low;
  for (int64_t i = 0; i < tensor.shape().plane(); ++i) {
    if (!std::isfinite(values[i])) continue;
    low = std::min(low, values[i]);
    high = std::max(high, values[i]);
  }
  return low < high ? ChannelEnds{low, high} : ChannelEnds{0, 1};
}

/// Kernels in the middle of squares of the largest one's size.
Tensor pictures_of(const std::vector<Filter>& filters) {
  int64_t side = 1;
  for (const Filter& filter : filters)
    side = std::max(side, filter.side);
  Tensor pictures(Shape{1, static_cast<int64_t>(filters.size()), side, side});
  for (size_t f = 0; f < filters.size(); ++f) {
    const Filter& filter = filters[f];
    const int64_t margin = (side - filter.side) / 2;
    for (int64_t i = 0; i < filter.side * filter.side; ++i)
      pictures.at(0, static_cast<int64_t>(f), margin + i / filter.side, margin + i % filter.side) =
          static_cast<float>(filter.weights[static_cast<size_t>(i)]);
  }
  return pictures;
}

void make_maps(ChannelsRun& run, JobProgress& progress) {
  const ChannelsRequest& request = run.request;
  progress.whole.total = request.maps + 1;
  run.filters = filter_bank(request.maps);
  run.weights = share(pictures_of(run.filters));
  const TensorPtr picture =
      request.input->shape().n == 1 ? request.input : share(batch_item(*request.input, request.batch));
  const TensorPtr source = reduced(picture, run.reduced_by);
  run.input = share(feature_maps(*source, run.filters, &progress.whole));
  const Shape& shape = run.input->shape();
  run.plan = *validate(fit_spec(request.spec, shape), shape);
  if (progress.cancelled()) return;
  run.output = share(forward(run.plan, *run.input, false, &progress.part).values);
}

std::shared_ptr<const ChannelsRun> compute(const ChannelsRequest& request, JobProgress& progress) {
  auto run = std::make_shared<ChannelsRun>();
  run->request = request;
  if (request.maps > 0) {
    make_maps(*run, progress);
  } else {
    run->input = request.input;
    run->output = request.pooled;
    run->image = request.batch;
    run->plan = *validate(request.spec, request.input->shape());
  }
  const int64_t channels = run->input->shape().c;
  for (int64_t c = 0; c < channels && !progress.cancelled(); ++c)
    run->ends.push_back(request.is_picture && request.maps == 0
                            ? ChannelEnds{}
                            : ends_of(*run->input, run->image * channels + c));
  return run;
}

}  // namespace

ChannelsWork::ChannelsWork() : job(compute) {}

void ChannelsWork::ask(const Document& document, const PoolRunPtr& pooled) {
  const ChannelsRequest request = channels_request(document, pooled);
  if (request.maps == 0 && !request.pooled) return;
  const int64_t values = document.shape().count() * std::max<int64_t>(1, request.maps);
  const bool nothing_to_do = request.maps == 0 && request.is_picture;
  job.ask(request, nothing_to_do || values <= kSmallValues);
}

std::shared_ptr<const ChannelsRun> ChannelsWork::current(const Document& document,
                                                         const PoolRunPtr& pooled) const {
  const ChannelsRequest request = channels_request(document, pooled);
  return request.maps > 0 || request.pooled ? job.answer_to(request) : nullptr;
}

}  // namespace poolscope
