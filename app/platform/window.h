#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/platform/surface.h"
#include "core/base/result.h"

struct GLFWwindow;

namespace poolscope {

struct WindowOptions {
  std::string title = "Poolscope";
  int width = 1440, height = 900;
  bool maximized = false;
};

/// A window on the screen (GLFW, OpenGL 3.3 core). Sleeps until something happens: a frame is drawn only
/// after input, when request_frames asked for it, or when a wake-up is due.
class Window : public Surface {
 public:
  /// Errors: display.none, display.gl_too_old {version}, display.failed {reason}.
  static Result<std::unique_ptr<Window>> open(const WindowOptions& options);
  ~Window() override;

  /// Waits for input, for a wake-up by another thread, or at most `timeout_seconds` (negative: for ever),
  /// unless frames are still due. Then handles events. False when a frame is not needed.
  bool wait(double timeout_seconds);
  /// At least `count` more frames are drawn (layout of a new window takes two).
  void request_frames(int count);
  /// Ends a wait from any thread.
  static void wake();

  bool close_requested() const;
  void cancel_close();
  /// Files dropped since the last call.
  std::vector<std::filesystem::path> take_dropped();
  void set_title(const std::string& title);
  void set_fullscreen(bool on);
  bool fullscreen() const { return fullscreen_; }

  int width() const override;
  int height() const override;
  float content_scale() const override;
  void upload_fonts() override;
  bool begin_frame(double dt_seconds) override;
  void end_frame() override;
  PixelImage read_pixels() override;

 private:
  explicit Window(GLFWwindow* window);
  void hold_tapped_keys();
  static std::atomic<bool> wake_asked_;
  GLFWwindow* window_;
  int frames_due_ = 3;
  bool fullscreen_ = false;
  int windowed_[4] = {0, 0, 0, 0};
  std::vector<std::filesystem::path> dropped_;
  struct Tap {
    int key, modifiers;
  };
  std::vector<Tap> tapped_;  ///< keys that went down since the last frame
  std::vector<int> held_;    ///< keys that the last frame was told are down, though they were up again
};

}  // namespace poolscope
