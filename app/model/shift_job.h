#pragma once

#include <memory>
#include <vector>

#include "app/model/document.h"
#include "app/model/latest_job.h"
#include "core/study/shift.h"

namespace poolscope {

/// What the Shift lab shifts: the document's input, or what is known around it.
struct ShiftSubject {
  TensorPtr source;
  ShiftEdges edges = ShiftEdges::wrap;
  bool can_reveal = false;
  Shape shape;    ///< of the picture that is pooled, all images of the batch
  PoolSpec spec;  ///< brought to what that allows
};
ShiftSubject shift_subject(const Document& document);
/// The picture inside the source. The subject must live on.
ShiftField field_of(const ShiftSubject& subject);

/// All shifts of one pooling of one image.
struct ShiftMapRequest {
  TensorPtr source;
  ShiftEdges edges = ShiftEdges::wrap;
  int64_t batch = 0;
  PoolSpec spec;
  bool axes_only = false;
  bool operator==(const ShiftMapRequest&) const = default;
};
struct ShiftMapRun {
  ShiftMapRequest request;
  PoolPlan plan;
  ShiftMap map;
  double mean = 0, spread = 0;  ///< of the picture's values
  double seconds = 0;
};
using ShiftMapJob = LatestJob<ShiftMapRequest, ShiftMapRun>;

struct ShiftPairRun;

/// One shift, to be looked at.
struct ShiftPairRequest {
  TensorPtr source;
  ShiftEdges edges = ShiftEdges::wrap;
  int64_t batch = 0, channel = 0;  ///< channel that is shown, or kColourChannels
  PoolSpec spec;
  Offset by;
  /// The answer before, whose F(x) is kept where it is the same: it need not go to the graphics card again.
  std::shared_ptr<const ShiftPairRun> previous = nullptr;
  bool same_still(const ShiftPairRequest& other) const {
    return source == other.source && edges == other.edges && batch == other.batch && spec == other.spec;
  }
  bool operator==(const ShiftPairRequest& other) const {
    return same_still(other) && channel == other.channel && by == other.by;
  }
};
struct ShiftPairRun {
  ShiftPairRequest request;
  PoolPlan plan;
  ShiftPair pair;            ///< without its values: they are below
  TensorPtr before, after;   ///< one image: F(x), F(T x)
  TensorPtr picture, moved;  ///< x and T x, of what is small enough to be drawn as cells; else null
  /// Green where outputs stayed, purple where they changed, brighter where F(T x) is large: red, green, blue.
  /// Of large outputs a cell stands for block x block of them.
  TensorPtr marks;
  int64_t block = 1;
  float low = 0, high = 255;  ///< ends of the colours
};
using ShiftPairJob = LatestJob<ShiftPairRequest, ShiftPairRun>;

/// Kinds whose curves are drawn beside that of the controls: subsampling as the baseline first.
inline constexpr Kind kShiftCurves[] = {Kind::none, Kind::max, Kind::average, Kind::max_blur,
                                        Kind::stochastic};

/// Everything of the Shift lab that is computed.
struct ShiftWork {
  ShiftWork();
  ShiftMapJob map;     ///< of the pooling of the controls
  ShiftMapJob curves;  ///< one kind after the other
  ShiftPairJob pair;
  std::vector<std::shared_ptr<const ShiftMapRun>> finished;  ///< curves of the present input

  void ask(const Document& document, Offset by);
  std::shared_ptr<const ShiftMapRun> current(const Document& document) const;
  bool poll();
  void wait();
  void stop();
  void resume();
  bool busy() const { return map.busy() || curves.busy() || pair.busy(); }

 private:
  void ask_curves(const Document& document, const ShiftSubject& subject);
  ShiftMapRequest map_running_;
  ShiftPairRequest pair_running_;
};

}  // namespace poolscope
