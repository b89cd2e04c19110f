#pragma once

#include <span>
#include <string_view>

namespace poolscope {

/// A file of the corpus whose verdict differs from the manifest's, and why that is right.
struct Exception {
  std::string_view file;
  std::string_view verdict;  ///< "3x2", "refuse"
  std::string_view reason;
};

std::span<const Exception> corpus_exceptions();

/// Variants that are refused although other programs decode them. The message names them.
std::span<const std::string_view> refused_variants();

}  // namespace poolscope
