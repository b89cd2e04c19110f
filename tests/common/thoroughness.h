#pragma once

#include <vector>

/// How much a test asks for. Under AddressSanitizer, where all takes ten times as long, the release build has
/// already answered whether results are right: there it is about memory, and one way through the code is
/// enough.
namespace poolscope {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

/// The languages that a walk through all panels is repeated in; Chinese has the wider glyphs and more bytes.
inline std::vector<const char*> walked_languages() {
  if (kSanitized) return {"zh"};
  return {"en", "zh"};
}

}  // namespace poolscope
