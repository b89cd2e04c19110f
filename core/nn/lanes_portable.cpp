// The kernels in plain C++: where Highway is missing (the browser), and as a second opinion in the tests.
#include <algorithm>
#include <cmath>

#include "core/nn/lanes.h"

namespace poolscope {

namespace {

namespace portable {

constexpr int64_t kLanes = 8;
constexpr const char* kTargetName = "portable";

struct V {
  float v[kLanes];
};

inline V set(float value) {
  V r;
  for (float& lane : r.v)
    lane = value;
  return r;
}
inline V zero() {
  return set(0);
}
inline V load(const float* from) {
  V r;
  std::copy_n(from, kLanes, r.v);
  return r;
}
inline void store(const V& value, float* to) {
  std::copy_n(value.v, kLanes, to);
}
inline V load_any(const float* from) {
  return load(from);
}
inline void store_any(const V& value, float* to) {
  store(value, to);
}
inline V madd(const V& a, const V& b, const V& c) {
  V r;
  for (int64_t i = 0; i < kLanes; ++i)
    r.v[i] = a.v[i] * b.v[i] + c.v[i];
  return r;
}
inline V add(const V& a, const V& b) {
  V r;
  for (int64_t i = 0; i < kLanes; ++i)
    r.v[i] = a.v[i] + b.v[i];
  return r;
}
inline V sub(const V& a, const V& b) {
  V r;
  for (int64_t i = 0; i < kLanes; ++i)
    r.v[i] = a.v[i] - b.v[i];
  return r;
}
inline V mul(const V& a, const V& b) {
  V r;
  for (int64_t i = 0; i < kLanes; ++i)
    r.v[i] = a.v[i] * b.v[i];
  return r;
}
inline V divide(const V& a, const V& b) {
  V r;
  for (int64_t i = 0; i < kLanes; ++i)
    r.v[i] = a.v[i] / b.v[i];
  return r;
}
inline V root(const V& a) {
  V r;
  for (int64_t i = 0; i < kLanes; ++i)
    r.v[i] = std::sqrt(a.v[i]);
  return r;
}
inline V vmax(const V& a, const V& b) {
  V r;
  for (int64_t i = 0; i < kLanes; ++i)
    r.v[i] = a.v[i] > b.v[i] ? a.v[i] : b.v[i];
  return r;
}
inline V select_gt(const V& a, const V& b, const V& yes, const V& no) {
  V r;
  for (int64_t i = 0; i < kLanes; ++i)
    r.v[i] = a.v[i] > b.v[i] ? yes.v[i] : no.v[i];
  return r;
}
inline V select_eq(const V& a, const V& b, const V& yes, const V& no) {
  V r;
  for (int64_t i = 0; i < kLanes; ++i)
    r.v[i] = a.v[i] == b.v[i] ? yes.v[i] : no.v[i];
  return r;
}
inline float sum(const V& a) {
  float total = 0;
  for (const float lane : a.v)
    total += lane;
  return total;
}

#include "core/nn/lanes-inl.h"

}  // namespace portable

}  // namespace

const LaneKernels& portable_lane_kernels() {
  return portable::kernels();
}

}  // namespace poolscope
