#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace poolscope {

/// What a file is, by its content. The name plays no part: a PNG called photo.jpg is a PNG.
enum class FileKind {
  kPng,
  kJpeg,
  kBmp,
  kGif,
  kPsd,
  kTga,
  kPnm,
  kNpy,
  kMatrixText,  ///< text that begins with a number: read as CSV
  kOtherText,   ///< text, but no matrix
  kGitLfs,      ///< the stand-in that Git LFS leaves when the file itself was not fetched
  kNotOffered,  ///< a format known by name but not read here: FileType::name
  kUnknown,
};

struct FileType {
  FileKind kind = FileKind::kUnknown;
  std::string_view name;  ///< of the format, the same in every language: "PNG", "WebP"
};

FileType recognise(std::span<const uint8_t> bytes);

}  // namespace poolscope
