#include <cassert>

#include "core/pooling/fast/fast.h"

#if defined(POOLSCOPE_SIMD)
#include <hwy/highway.h>
#endif

namespace poolscope::fast {

#if defined(POOLSCOPE_SIMD)

std::vector<std::string_view> vector_sets() {
  std::vector<std::string_view> names;
  for (const int64_t target : hwy::SupportedAndGeneratedTargets())
    names.push_back(hwy::TargetName(target));
  return names;
}

void use_vector_set(std::string_view name) {
  hwy::SetSupportedTargetsForTest(0);
  if (!name.empty()) {
    for (const int64_t target : hwy::SupportedAndGeneratedTargets())
      if (name == hwy::TargetName(target)) return hwy::SetSupportedTargetsForTest(target);
    assert(false && "the name is one of vector_sets()");
  }
}

#else

std::vector<std::string_view> vector_sets() {
  return {"SCALAR"};
}

void use_vector_set(std::string_view) {}

#endif

}  // namespace poolscope::fast
