#pragma once

#include <functional>
#include <memory>

#include "app/ui/ui.h"
#include "tests/ui/driver.h"

namespace poolscope::test {

struct HeadlessOptions {
  float scale = 1.0f;
  ImVec2 screen{1440, 900};
  ui::ThemeName theme = ui::ThemeName::paper;
  /// Extra characters that the fonts must hold (the texts of a language).
  std::string glyphs = {};
  double dt_seconds = 1.0 / 60;
  /// Fonts of the real program; without, Dear ImGui's own small font, which is ready at once.
  bool real_fonts = false;
  /// Open a panel over the whole screen around `draw`; false where it opens its own.
  bool panel = true;
};

/// A whole frame without a window and without OpenGL: Dear ImGui's context, fonts, Ui, probe and a driver.
///   HeadlessUi app;
///   app.draw = [&](ui::Ui& ui) { if (ui::button(ui, "ok", "OK")) ++clicks; };
///   app.click("ok");
class HeadlessUi : public Driver {
 public:
  explicit HeadlessUi(HeadlessOptions options = {});
  ~HeadlessUi();
  HeadlessUi(const HeadlessUi&) = delete;
  HeadlessUi& operator=(const HeadlessUi&) = delete;

  std::function<void(ui::Ui&)> draw;
  /// What was drawn in the last frame.
  const ui::Probe& probe() const { return probe_; }
  /// Frames drawn so far.
  int frames() const { return frames_; }
  /// Vertices of the last frame: 0 means that nothing was drawn.
  int vertices() const { return vertices_; }

 private:
  struct Context {
    explicit Context(const HeadlessOptions& options);
    ~Context();
    ImGuiContext* imgui;
  };
  void run_frame();

  HeadlessOptions options_;
  ui::Probe probe_;
  Context context_;
  int frames_ = 0, vertices_ = 0;

 public:
  ui::Fonts fonts;
  ui::Ui ui;
};

}  // namespace poolscope::test
