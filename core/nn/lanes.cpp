#include "core/nn/lanes.h"

#include <algorithm>
#include <vector>

#if defined(POOLSCOPE_SIMD)

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/nn/lanes.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace poolscope {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;
constexpr int64_t kLanes = static_cast<int64_t>(hn::MaxLanes(D()));
const char* const kTargetName = hwy::TargetName(HWY_TARGET);

HWY_INLINE V set(float value) {
  return hn::Set(D(), value);
}
HWY_INLINE V zero() {
  return hn::Zero(D());
}
HWY_INLINE V load(const float* from) {
  return hn::Load(D(), from);
}
HWY_INLINE void store(V value, float* to) {
  hn::Store(value, D(), to);
}
HWY_INLINE V load_any(const float* from) {
  return hn::LoadU(D(), from);
}
HWY_INLINE void store_any(V value, float* to) {
  hn::StoreU(value, D(), to);
}
HWY_INLINE V madd(V a, V b, V c) {
  return hn::MulAdd(a, b, c);
}
HWY_INLINE V add(V a, V b) {
  return hn::Add(a, b);
}
HWY_INLINE V sub(V a, V b) {
  return hn::Sub(a, b);
}
HWY_INLINE V mul(V a, V b) {
  return hn::Mul(a, b);
}
HWY_INLINE V divide(V a, V b) {
  return hn::Div(a, b);
}
HWY_INLINE V root(V a) {
  return hn::Sqrt(a);
}
HWY_INLINE V vmax(V a, V b) {
  return hn::Max(a, b);
}
HWY_INLINE V select_gt(V a, V b, V yes, V no) {
  return hn::IfThenElse(hn::Gt(a, b), yes, no);
}
HWY_INLINE V select_eq(V a, V b, V yes, V no) {
  return hn::IfThenElse(hn::Eq(a, b), yes, no);
}
HWY_INLINE float sum(V a) {
  return hn::GetLane(hn::SumOfLanes(D(), a));
}

#include "core/nn/lanes-inl.h"

}  // namespace HWY_NAMESPACE
}  // namespace poolscope
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace poolscope {

namespace {

HWY_EXPORT(kernels);

/// From the best target to the portable kernels. Only ours is asked which targets there are: what Highway has
/// chosen for others stays as it is.
std::vector<const LaneKernels*> collect_kernels() {
  std::vector<const LaneKernels*> list;
  const int64_t supported = hwy::SupportedTargets() & HWY_TARGETS;
  for (int64_t bit = 1; bit != 0 && bit <= supported; bit <<= 1) {
    if ((supported & bit) == 0) continue;
    hwy::ChosenTarget target;
    target.Update(bit);
    list.push_back(&HWY_DISPATCH_TABLE(kernels)[target.GetIndex()]());
  }
  list.push_back(&portable_lane_kernels());
  return list;
}

}  // namespace

std::span<const LaneKernels* const> all_lane_kernels() {
  static const std::vector<const LaneKernels*> list = collect_kernels();
  return list;
}

const LaneKernels& lane_kernels() {
  return *all_lane_kernels().front();
}

}  // namespace poolscope

#endif  // HWY_ONCE

#else

namespace poolscope {

std::span<const LaneKernels* const> all_lane_kernels() {
  static const LaneKernels* const list[] = {&portable_lane_kernels()};
  return list;
}

const LaneKernels& lane_kernels() {
  return portable_lane_kernels();
}

}  // namespace poolscope

#endif
