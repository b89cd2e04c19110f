#pragma once

#include <set>
#include <string>

#include "app/labs/frame.h"
#include "tests/ui/headless.h"

namespace poolscope::test {

/// Notes what was drawn, instead of drawing it.
class NotingPainter : public PicturePainter {
 public:
  void draw(ImDrawList*, const PictureView& view) override {
    ++pictures;
    last = view;
  }
  uint64_t thumbnail(const TensorPtr&, int) override { return 0; }
  int pictures = 0;
  PictureView last;
};

/// A window with room for everything, 1440 x 900.
inline HeadlessOptions large() {
  HeadlessOptions options;
  options.screen = {1440, 900};
  return options;
}

/// The whole frame of the program without a window: what is clicked is applied to a model between frames.
class LabDriver : public HeadlessUi {
 public:
  explicit LabDriver(HeadlessOptions options = {}, const char* language = "en")
      : HeadlessUi(without_panel(options)),
        texts(std::move(*Texts::load(POOLSCOPE_ASSETS, language))),
        size_(options.screen) {
    model.refresh();
    draw = [this](ui::Ui& frame_ui) { draw_once(frame_ui); };
  }

  /// Frames until work in the background has ended and its results are shown.
  void settle() {
    frame(2);
    model.finish_work();
    frame(3);
  }

  Model model;
  Outbox outbox;
  Texts texts;
  FrameState state;
  NotingPainter painter;

 private:
  static HeadlessOptions without_panel(HeadlessOptions options) {
    options.panel = false;
    return options;
  }
  void draw_once(ui::Ui& frame_ui) {
    tick(model, 1.0 / 60);
    LabContext context{frame_ui, texts, model, outbox, painter, state, model.session};
    draw_frame(context, size_.x, size_.y);
    for (const Command& command : outbox.take())
      apply_command(model, command);
  }
  ImVec2 size_;
};

}  // namespace poolscope::test
