#include "core/data/inspect.h"

#include <cassert>

namespace poolscope {

Result<PictureInfo> inspect_picture(FileKind kind, std::span<const uint8_t> bytes, const std::string& name) {
  switch (kind) {
    case FileKind::kPng:
      return inspect_png(bytes, name);
    case FileKind::kJpeg:
      return inspect_jpeg(bytes, name);
    case FileKind::kBmp:
      return inspect_bmp(bytes, name);
    case FileKind::kGif:
      return inspect_gif(bytes, name);
    case FileKind::kPsd:
      return inspect_psd(bytes, name);
    case FileKind::kTga:
      return inspect_tga(bytes, name);
    default:
      break;
  }
  assert(false && "only the formats that stb_image decodes are inspected");
  return Error("files.unknown").with("file", name);
}

}  // namespace poolscope
