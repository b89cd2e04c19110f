#pragma once

#include <memory>
#include <thread>

#include "app/exporter.h"
#include "app/file_opener.h"
#include "app/file_writer.h"
#include "app/gl/picture.h"
#include "app/labs/frame.h"
#include "app/model/autosave.h"
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
  /// An input, or a lesson ("x.lesson.toml").
  void open_file(const std::filesystem::path& path);
  /// What is not saved is kept in this folder, and what an earlier run left there is offered.
  void keep_unsaved_in(const std::filesystem::path& folder);
  /// Starts the lesson, or says in a notice why it cannot be.
  void open_lesson(const std::filesystem::path& path, size_t step = 0);
  /// Waits until what runs in the background for the present document is done.
  void finish_work();
  int errors_shown() const { return errors_shown_; }
  const Texts& texts() const { return texts_; }
  std::optional<std::string> take_clipboard();

 private:
  Shell(Surface& surface, Texts texts, void (*wake)());
  void prepare_fonts();
  void need_lesson_glyphs(const Lesson& lesson);
  void say_notices();
  void draw(bool with_probe);
  /// What the dialog for files was opened for, with the file that was chosen.
  void post_chosen(const std::filesystem::path& path);
  void draw_browser(LabContext& context);
  void apply_commands();
  void carry_out_effects();
  void carry_out_saving();
  void keep_unsaved();
  void note_step();
  void take_answer(const FileOpener::Answer& answer);
  void open_browser();
  /// The report of the result that the Evidence lab shows, as a picture.
  PixelImage evidence_sheet();
  void save_evidence_picture(const std::filesystem::path& path);

  Surface& surface_;
  Texts texts_;
  ui::Fonts fonts_;
  ui::Ui ui_;
  std::unique_ptr<gl::Renderer> renderer_;
  std::unique_ptr<ui::FileBrowser> browser_;
  FileOpener opener_;
  std::unique_ptr<Autosave> autosave_;
  FileWriter writer_;               ///< after the autosave: it has ended before that tidies up
  std::optional<StudyState> kept_;  ///< what the autosave holds
  double kept_at_ = 0;
  bool keeping_failed_ = false;
  std::vector<std::string> log_;  ///< every step's sentence, as it was said
  int64_t logged_step_ = -1;
  std::optional<Document> logged_document_;
  Exporter exporter_;
  std::thread painter_of_inputs_;  ///< draws the built-in pictures while the first frames are shown
  int errors_shown_ = 0;
  bool commanded_ = false;  ///< the last frame changed something: the next one shows it
  bool style_applied_ = false;
  ThemeName styled_theme_ = ThemeName::paper;
};

}  // namespace poolscope
