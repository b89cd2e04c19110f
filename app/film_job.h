#pragma once

#include <atomic>
#include <memory>
#include <thread>

#include "app/export/film_plan.h"
#include "app/export/film_writer.h"
#include "app/gl/picture.h"
#include "app/labs/lab_context.h"
#include "app/platform/framebuffer.h"
#include "app/platform/paths.h"

namespace poolscope {

/// Makes a film of the lab that a model shows, in bounded pieces: the clock goes from picture to picture, the
/// panels are drawn into memory with fonts of their own, a band at a time, and another thread encodes and
/// writes. The command line and the window use the same, so their films are the same.
///
/// While it lives the model's clock is its clock; then the clock stands where it stood. Needs a current
/// OpenGL context, the same one all the time.
class FilmJob {
 public:
  /// `look` is what the panels remember (a tab that is open). Errors: of framebuffer, shaders and texts.
  static Result<std::unique_ptr<FilmJob>> begin(Model& model, const Paths& paths, const Texts& texts,
                                                const FrameState& look, FilmRequest request, void (*wake)());
  ~FilmJob();
  FilmJob(const FilmJob&) = delete;
  FilmJob& operator=(const FilmJob&) = delete;

  /// Does the next piece: lays out a picture, or renders one band of it. False where there is nothing to do
  /// but wait, for the encoder or for what the lab computes in the background.
  bool work();
  void cancel();
  bool done() const { return writer_->done(); }
  /// Waits for what work() waits for.
  void wait();

  const FilmPlan& plan() const { return plan_; }
  int64_t frames_done() const { return frame_; }
  const FilmWriter& writer() const { return *writer_; }
  const std::string& caption() const { return caption_; }

 private:
  FilmJob(Model& model, Texts texts, FilmRequest request);
  void bake_fonts(void (*wake)());
  void use_fonts();
  void draw();

  Model& model_;
  Texts texts_;
  FilmRequest request_;
  FilmPlan plan_;
  std::string caption_;
  Playback clock_before_;
  Session session_;  ///< what the film looks at: its own zoom, no dialog, no mouse
  FrameState state_;
  Outbox ignored_;  ///< a film asks for nothing
  std::unique_ptr<Framebuffer> framebuffer_;
  ui::Fonts fonts_;
  ui::Ui ui_;
  std::unique_ptr<gl::Renderer> renderer_;
  std::unique_ptr<FilmWriter> writer_;

  std::thread font_baker_;
  std::atomic<bool> fonts_baked_{false};
  int64_t frame_ = 0;  ///< the picture that is being made
  int layouts_ = 0;    ///< of the first picture, until its panels have settled
  int band_ = -1;      ///< the next band of the picture that was laid out; -1: none was
  FilmPicture picture_;
};

}  // namespace poolscope
