#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace poolscope {

/// Bytes of unknown origin as text that is safe to show: control characters, characters that change the
/// direction of writing, and bytes that are not UTF-8 are written as \x1b or \u202e. Ordinary text of every
/// language stays as it is. A backslash stays single: this is for reading, not for parsing back.
std::string displayable(std::string_view bytes);
/// At most `length` bytes of the above, with "..." where something was left out.
std::string displayable(std::string_view bytes, size_t length);

/// Whether the bytes are UTF-8. A character that the end cuts off is forgiven.
bool is_utf8(std::string_view bytes);

/// The last part of a path, safe to show; the whole path where there is no last part.
std::string display_name(const std::filesystem::path& path);

}  // namespace poolscope
