#pragma once

#include <memory>

#include "app/model/channels_setup.h"
#include "app/model/document.h"
#include "app/model/latest_job.h"
#include "core/pooling/plan.h"
#include "core/study/filters.h"

namespace poolscope {

/// What the Channels lab shows depends on this.
struct ChannelsRequest {
  TensorPtr input;
  int64_t batch = 0;
  PoolSpec spec;
  int64_t maps = 0;  ///< feature maps instead of the picture's channels; 0: the channels
  bool operator==(const ChannelsRequest&) const = default;
};
struct ChannelsRun {
  ChannelsRequest request;
  std::vector<Filter> filters;  ///< of the feature maps, in order
  PoolPlan plan;
  TensorPtr input, output;  ///< one image: all channels in, all channels out
  /// Feature maps of a large picture are made of a smaller one: so many of its cells become one.
  int64_t reduced_by = 1;
  float low = 0, high = 255;  ///< the ends of the colours; signed for feature maps
};
using ChannelsJob = LatestJob<ChannelsRequest, ChannelsRun>;

inline constexpr int64_t kLargestMapSource = 256;

ChannelsRequest channels_request(const Document& document);

struct ChannelsWork {
  ChannelsWork();
  ChannelsJob job;
  void ask(const Document& document);
  std::shared_ptr<const ChannelsRun> current(const Document& document) const {
    return job.answer_to(channels_request(document));
  }
};

}  // namespace poolscope
