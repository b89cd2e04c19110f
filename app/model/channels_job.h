#pragma once

#include <memory>
#include <vector>

#include "app/model/channels_setup.h"
#include "app/model/document.h"
#include "app/model/latest_job.h"
#include "app/model/pool_job.h"
#include "core/pooling/plan.h"
#include "core/study/filters.h"

namespace poolscope {

/// What the Channels lab shows depends on this.
struct ChannelsRequest {
  TensorPtr input;
  bool is_picture = false;
  int64_t batch = 0;
  PoolSpec spec;
  int64_t maps = 0;  ///< feature maps instead of the input's channels; 0: the channels
  TensorPtr pooled;  ///< of the channels: the input's output, which is there already
  bool operator==(const ChannelsRequest&) const = default;
};

/// The smallest and the largest value of one channel of the input.
struct ChannelEnds {
  float low = 0, high = 255;
};

struct ChannelsRun {
  ChannelsRequest request;
  std::vector<Filter> filters;  ///< of the feature maps, in order
  PoolPlan plan;
  TensorPtr input, output;        ///< all channels in, all channels out
  int64_t image = 0;              ///< which image of them is meant
  std::vector<ChannelEnds> ends;  ///< by channel; of pictures 0 and 255
  /// Feature maps of a large picture are made of a smaller one: so many of its cells become one.
  int64_t reduced_by = 1;
  TensorPtr weights;  ///< of the filters, as pictures: one channel each, with zeros around small ones
};
using ChannelsJob = LatestJob<ChannelsRequest, ChannelsRun>;

inline constexpr int64_t kLargestMapSource = 256;

struct ChannelsWork {
  ChannelsWork();
  ChannelsJob job;
  /// `pooled` is the output of the document's own channels, or nullptr while it is being computed.
  void ask(const Document& document, const PoolRunPtr& pooled);
  std::shared_ptr<const ChannelsRun> current(const Document& document, const PoolRunPtr& pooled) const;
};

}  // namespace poolscope
