#include "app/browser_texts.h"

#include <map>
#include <memory>
#include <system_error>
#include <utility>

#include "app/gl/texture.h"
#include "app/gl/thumbnail.h"
#include "app/model/study_file.h"
#include "app/platform/load_input.h"

namespace poolscope {

namespace {

constexpr int kPreviewSide = 96;

ui::Preview preview_of(const std::filesystem::path& path) {
  ui::Preview preview;
  if (is_study_name(path) || path.extension() == ".safetensors") return preview;
  LoadOptions options;
  options.max_side = kPreviewSide * 2;
  const Result<LoadedInput> loaded = load_input(path, options);
  preview.ok = loaded.ok();
  if (!loaded.ok()) return preview;
  preview.detail = std::to_string(loaded->full_width) + " × " + std::to_string(loaded->full_height);
  gl::Thumbnail thumbnail = gl::make_thumbnail(*loaded->tensor, kPreviewSide);
  preview.width = thumbnail.width;
  preview.height = thumbnail.height;
  preview.rgba = std::move(thumbnail.rgba);
  return preview;
}

}  // namespace

ui::BrowserTexts browser_texts(const Texts& texts) {
  return {.title = texts.get("browser.title"),
          .open = texts.get("browser.open"),
          .cancel = texts.get("browser.cancel"),
          .path_hint = texts.get("browser.path_hint"),
          .recent = texts.get("browser.recent"),
          .home = texts.get("browser.home"),
          .up = texts.get("browser.up"),
          .empty_folder = texts.get("browser.empty_folder"),
          .no_match = texts.get("browser.no_match"),
          .unreadable = texts.get("browser.unreadable"),
          .all_supported = texts.get("browser.all_supported"),
          .loading = texts.get("browser.loading"),
          .name = texts.get("browser.name"),
          .files_count = texts.get("browser.files_count"),
          .save = texts.get("browser.save"),
          .replace = texts.get("browser.replace"),
          .replace_question = texts.get("browser.replace_question")};
}

ui::FileBrowser::Options browser_options(void (*wake)()) {
  ui::FileBrowser::Options options;
  options.load_preview = preview_of;
  options.extensions = {"png", "jpg", "jpeg", "bmp", "gif", "tga",  "psd",  "pnm",
                        "pgm", "ppm", "pbm",  "npy", "csv", "json", "toml", "safetensors"};
  if (wake != nullptr) options.wake = wake;
  // The dialog knows handles only; the textures go with it.
  const auto textures = std::make_shared<std::map<uint64_t, gl::ColorTexture>>();
  options.make_texture = [textures](const ui::Preview& preview) {
    gl::ColorTexture texture;
    texture.upload(preview.width, preview.height, preview.rgba);
    const uint64_t handle = texture.handle();
    if (handle) textures->insert_or_assign(handle, std::move(texture));
    return handle;
  };
  options.drop_texture = [textures](uint64_t handle) { textures->erase(handle); };
  return options;
}

std::filesystem::path start_folder(const Model& model) {
  if (!model.document.input.path.empty()) return model.document.input.path.parent_path();
  if (!model.settings.recent.empty()) return model.settings.recent.front().parent_path();
  std::error_code error;
  return std::filesystem::current_path(error);
}

void append_utf8(std::string& text, char32_t c) {
  const auto put = [&](char32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0 | (c >> 6));
    put(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    put(0xe0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3f));
    put(0x80 | (c & 0x3f));
  } else {
    put(0xf0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3f));
    put(0x80 | ((c >> 6) & 0x3f));
    put(0x80 | (c & 0x3f));
  }
}

}  // namespace poolscope
