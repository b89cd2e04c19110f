#pragma once

#include <cstddef>
#include <string_view>

namespace poolscope::ui {

/// The code point at `at`, which moves behind it. A broken byte counts as U+FFFD and one byte.
unsigned next_code_point(std::string_view text, size_t& at);

}  // namespace poolscope::ui
