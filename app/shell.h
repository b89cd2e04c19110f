#pragma once

#include <memory>
#include <thread>

#include "app/exporter.h"
#include "app/file_opener.h"
#include "app/gl/picture.h"
#include "app/labs/frame.h"
#include "app/model/model.h"
#include "app/model/text.h"
#include "app/platform/paths.h"
#include "app/platform/surface.h"
#include "app/ui/file_browser.h"
#include "app/ui/probe.h"

namespace poolscope {

/// Everything that is needed to draw one frame after the other on a surface: model, words, fonts, pictures.
/// Used by the window and by pictures off screen alike, so that a shot is the application's real frame.
class Shell {
 public:
  /// `surface` must outlive the shell. `wake` ends the window's wait for events, or nullptr.
  static Result<std::unique_ptr<Shell>> create(Surface& surface, const Paths& paths, Texts texts,
                                               void (*wake)());
  ~Shell();

  Model model;
  Outbox outbox;
  ui::Probe probe;
  FrameState frame_state;

  /// One frame: reads what has arrived, draws, applies what was asked for. False where there was nothing to
  /// draw on (a minimised window).
  bool frame(double dt_seconds, bool with_probe);
  /// Seconds until a frame is needed although nothing happens; negative: none.
  double next_frame_in() const;
  /// Something is moving or on its way: draw the next frame at once.
  bool animating() const;
  void open_file(const std::filesystem::path& path);
  /// Waits until what runs in the background for the present document is done.
  void finish_work();
  int errors_shown() const { return errors_shown_; }
  const Texts& texts() const { return texts_; }
  std::optional<std::string> take_clipboard();

 private:
  Shell(Surface& surface, Texts texts, void (*wake)());
  void prepare_fonts();
  void say_notices();
  void draw(bool with_probe);
  void draw_browser(LabContext& context);
  void apply_commands();
  void carry_out_effects();

  Surface& surface_;
  Texts texts_;
  ui::Fonts fonts_;
  ui::Ui ui_;
  std::unique_ptr<gl::Renderer> renderer_;
  std::unique_ptr<ui::FileBrowser> browser_;
  FileOpener opener_;
  Exporter exporter_;
  std::thread painter_of_inputs_;  ///< draws the built-in pictures while the first frames are shown
  int errors_shown_ = 0;
  bool commanded_ = false;  ///< the last frame changed something: the next one shows it
  bool style_applied_ = false;
  ThemeName styled_theme_ = ThemeName::paper;
};

}  // namespace poolscope
