#pragma once

#include <cstdint>

namespace poolscope {

/// What the Channels lab shows. Part of the document.
struct ChannelsSetup {
  bool feature_maps = false;  ///< of a bank of filters, instead of the picture's own channels
  int64_t maps = 8;           ///< how many, 1 to kMostFeatureMaps
  int64_t map = 0;            ///< the one that is looked at, 0 to maps - 1
  double spread = 0.6;        ///< how far the channels stand apart, 0 to 1
  bool operator==(const ChannelsSetup&) const = default;
};

}  // namespace poolscope
