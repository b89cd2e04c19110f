#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/ui/ui.h"

namespace poolscope::ui {

/// A small picture of a file, made in the background.
struct Preview {
  int width = 0, height = 0;  // of the pixels below
  std::vector<uint8_t> rgba = {};
  std::string detail = {};  // "640 x 480 · 3 channels", or why it cannot be opened
  bool ok = true;
};

/// What the dialog says, already translated.
struct BrowserTexts {
  std::string title, open, cancel, path_hint, recent, home, up, empty_folder, no_match, unreadable,
      all_supported, loading, name, files_count;               // files_count has a {count}
  std::string save = {}, replace = {}, replace_question = {};  // replace_question has a {name}
};

/// Our own open dialog: folders and supported files, previews, keyboard, a path field. Folders are listed and
/// previews are made in a background thread, so that a slow disk never stops a frame.
class FileBrowser {
 public:
  struct Options {
    /// Runs in a background thread; must be safe there and must come back (the decoder has a time limit).
    std::function<Preview(const std::filesystem::path&)> load_preview;
    /// Makes a texture of a preview, in the drawing thread; 0 when there is no renderer.
    std::function<uint64_t(const Preview&)> make_texture;
    std::function<void(uint64_t)> drop_texture;
    /// Lower-case endings without the dot: png, jpg ...
    std::vector<std::string> extensions;
    /// Ends a wait for events when something arrived (Window::wake).
    std::function<void()> wake;
  };
  explicit FileBrowser(Options options);
  ~FileBrowser();

  /// Shows the dialog in this folder (the nearest existing one above it, else home).
  void open(const std::filesystem::path& folder, std::vector<std::filesystem::path> recent);
  /// The same to save a file: with a field for its name, and a question before a file is replaced. The chosen
  /// name gets `ending` where it has no ending of its own.
  void open_to_save(const std::filesystem::path& folder, const std::string& name, std::string ending);
  void close();
  bool is_open() const;
  std::filesystem::path folder() const;
  /// True while a folder is being listed.
  bool busy() const;

  /// Draws the dialog when open. The file that was chosen in this frame, if any; the dialog is then closed.
  std::optional<std::filesystem::path> draw(Ui& ui, const BrowserTexts& texts);

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace poolscope::ui
