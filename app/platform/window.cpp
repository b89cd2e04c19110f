#include "app/platform/window.h"

#include <glad/gl.h>
// glad first: GLFW must not bring its own OpenGL headers.
#include <GLFW/glfw3.h>
#include <imgui.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>

#include <algorithm>
#include <utility>

#include "app/platform/gl_frame.h"

namespace poolscope {
namespace {

constexpr int kMinWidth = 1024, kMinHeight = 640;
// After input, ImGui needs a second frame until windows and popups have their final place.
constexpr int kFramesAfterInput = 2;
// The longest sleep: a safety net for events that a window system forgets to send.
constexpr double kLongestWait = 60.0;

Error glfw_error() {
  const char* description = nullptr;
  switch (glfwGetError(&description)) {
    case GLFW_PLATFORM_ERROR:  // 0x10008 without DISPLAY
      return Error("display.none");
    case GLFW_API_UNAVAILABLE:      // 0x10006: no GLX
    case GLFW_VERSION_UNAVAILABLE:  // 0x10007
      return Error("display.gl_too_old").with("version", description ? description : "");
    default:
      return Error("display.failed").with("reason", description ? description : "GLFW");
  }
}

/// The window's callbacks reach our object through GLFW's user pointer.
Window& window_of(GLFWwindow* handle) {
  return *static_cast<Window*>(glfwGetWindowUserPointer(handle));
}

void redraw_soon(GLFWwindow* handle) {
  window_of(handle).request_frames(kFramesAfterInput);
}

/// Any input asks for frames. Installed before ImGui's backend, which chains to them.
void install_callbacks(GLFWwindow* handle) {
  glfwSetWindowRefreshCallback(handle, [](GLFWwindow* w) { redraw_soon(w); });
  glfwSetFramebufferSizeCallback(handle, [](GLFWwindow* w, int, int) { redraw_soon(w); });
  glfwSetWindowContentScaleCallback(handle, [](GLFWwindow* w, float, float) { redraw_soon(w); });
  glfwSetWindowIconifyCallback(handle, [](GLFWwindow* w, int) { redraw_soon(w); });
  glfwSetWindowCloseCallback(handle, [](GLFWwindow* w) { redraw_soon(w); });
  glfwSetWindowFocusCallback(handle, [](GLFWwindow* w, int) { redraw_soon(w); });
  glfwSetCursorEnterCallback(handle, [](GLFWwindow* w, int) { redraw_soon(w); });
  glfwSetCursorPosCallback(handle, [](GLFWwindow* w, double, double) { redraw_soon(w); });
  glfwSetMouseButtonCallback(handle, [](GLFWwindow* w, int, int, int) { redraw_soon(w); });
  glfwSetScrollCallback(handle, [](GLFWwindow* w, double, double) { redraw_soon(w); });
  glfwSetCharCallback(handle, [](GLFWwindow* w, unsigned) { redraw_soon(w); });
}

}  // namespace

Result<std::unique_ptr<Window>> Window::open(const WindowOptions& options) {
  if (!glfwInit()) return glfw_error();
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
  glfwWindowHint(GLFW_MAXIMIZED, options.maximized ? GLFW_TRUE : GLFW_FALSE);
  GLFWwindow* handle =
      glfwCreateWindow(std::max(options.width, kMinWidth), std::max(options.height, kMinHeight),
                       options.title.c_str(), nullptr, nullptr);
  if (!handle) {
    const Error error = glfw_error();
    glfwTerminate();
    return error;
  }
  glfwMakeContextCurrent(handle);
  if (Status loaded = load_gl(glfwGetProcAddress); !loaded) {
    glfwDestroyWindow(handle);
    glfwTerminate();
    return loaded.error();
  }
  glfwSetWindowSizeLimits(handle, kMinWidth, kMinHeight, GLFW_DONT_CARE, GLFW_DONT_CARE);
  glfwSwapInterval(1);

  std::unique_ptr<Window> window(new Window(handle));
  glfwSetWindowUserPointer(handle, window.get());
  install_callbacks(handle);
  glfwSetKeyCallback(handle, [](GLFWwindow* w, int key, int, int action, int modifiers) {
    if (action == GLFW_PRESS && key != GLFW_KEY_UNKNOWN) window_of(w).tapped_.push_back({key, modifiers});
    redraw_soon(w);
  });
  glfwSetDropCallback(handle, [](GLFWwindow* w, int count, const char** files) {
    for (int i = 0; i < count; ++i)
      window_of(w).dropped_.emplace_back(files[i]);
    redraw_soon(w);
  });
  create_imgui_context();
  ImGui_ImplGlfw_InitForOpenGL(handle, true);
  ImGui_ImplOpenGL3_Init("#version 330 core");
  return window;
}

Window::Window(GLFWwindow* window) : window_(window) {}

Window::~Window() {
  ImGui_ImplOpenGL3_Shutdown();
  ImGui_ImplGlfw_Shutdown();
  ImGui::DestroyContext();
  glfwDestroyWindow(window_);
  glfwTerminate();
}

bool Window::wait(double timeout_seconds) {
  if (frames_due_ > 0) {
    glfwPollEvents();
    return true;
  }
  const bool timed = timeout_seconds >= 0;
  glfwWaitEventsTimeout(std::clamp(timed ? timeout_seconds : kLongestWait, 1e-4, kLongestWait));
  // A wake-up without input (another thread, the timeout) is a reason to look as well, but only for one
  // frame.
  if (frames_due_ == 0 && timed) frames_due_ = 1;
  if (frames_due_ == 0 && wake_asked_.exchange(false)) frames_due_ = 1;
  return frames_due_ > 0;
}

std::atomic<bool> Window::wake_asked_{false};

void Window::wake() {
  wake_asked_ = true;
  glfwPostEmptyEvent();
}

void Window::request_frames(int count) {
  frames_due_ = std::max(frames_due_, count);
}
bool Window::close_requested() const {
  return glfwWindowShouldClose(window_) != 0;
}
void Window::cancel_close() {
  glfwSetWindowShouldClose(window_, GLFW_FALSE);
}
std::vector<std::filesystem::path> Window::take_dropped() {
  return std::exchange(dropped_, {});
}
void Window::set_title(const std::string& title) {
  glfwSetWindowTitle(window_, title.c_str());
}

void Window::set_fullscreen(bool on) {
  if (on == fullscreen_) return;
  GLFWmonitor* monitor = glfwGetPrimaryMonitor();
  const GLFWvidmode* mode = monitor ? glfwGetVideoMode(monitor) : nullptr;
  if (on && mode) {
    glfwGetWindowPos(window_, &windowed_[0], &windowed_[1]);
    glfwGetWindowSize(window_, &windowed_[2], &windowed_[3]);
    glfwSetWindowMonitor(window_, monitor, 0, 0, mode->width, mode->height, mode->refreshRate);
    fullscreen_ = true;
  } else if (!on) {
    glfwSetWindowMonitor(window_, nullptr, windowed_[0], windowed_[1], windowed_[2], windowed_[3], 0);
    fullscreen_ = false;
  }
  request_frames(kFramesAfterInput);
}

int Window::width() const {
  int w = 0, h = 0;
  glfwGetWindowSize(window_, &w, &h);
  return w;
}
int Window::height() const {
  int w = 0, h = 0;
  glfwGetWindowSize(window_, &w, &h);
  return h;
}

float Window::content_scale() const {
  // Where a window unit is already more than one pixel (macOS, Wayland), ImGui scales the frame itself.
  int fb_w = 0, fb_h = 0;
  glfwGetFramebufferSize(window_, &fb_w, &fb_h);
  float x = 1, y = 1;
  glfwGetWindowContentScale(window_, &x, &y);
  const float pixels_per_unit = width() > 0 ? static_cast<float>(fb_w) / static_cast<float>(width()) : 1.0f;
  return pixels_per_unit > 0 ? std::max(1.0f, x / pixels_per_unit) : 1.0f;
}

void Window::upload_fonts() {
  upload_imgui_fonts();
}

void Window::hold_tapped_keys() {
#if IMGUI_VERSION_NUM < 18700
  // A key that went down and up again between two frames would never be seen: this Dear ImGui only looks at
  // how keys are when a frame begins (newer ones keep a queue). So it is down for one frame.
  ImGuiIO& io = ImGui::GetIO();
  for (const int key : std::exchange(held_, {}))
    io.KeysDown[key] = glfwGetKey(window_, key) == GLFW_PRESS;
  int modifiers = 0;
  std::vector<Tap> later;
  for (const Tap& tap : std::exchange(tapped_, {})) {
    // Of two quick taps the second would be lost if no frame saw the key up between them.
    const bool seen_down = io.KeysDownDuration[tap.key] >= 0;
    if (seen_down) io.KeysDown[tap.key] = false;
    if (seen_down || std::find(held_.begin(), held_.end(), tap.key) != held_.end()) {
      later.push_back(tap);
      continue;
    }
    modifiers |= tap.modifiers;
    if (io.KeysDown[tap.key]) continue;
    io.KeysDown[tap.key] = true;
    held_.push_back(tap.key);
  }
  const auto down = [&](int modifier, int left, int right) {
    return (modifiers & modifier) != 0 || io.KeysDown[left] || io.KeysDown[right];
  };
  io.KeyCtrl = down(GLFW_MOD_CONTROL, GLFW_KEY_LEFT_CONTROL, GLFW_KEY_RIGHT_CONTROL);
  io.KeyShift = down(GLFW_MOD_SHIFT, GLFW_KEY_LEFT_SHIFT, GLFW_KEY_RIGHT_SHIFT);
  io.KeyAlt = down(GLFW_MOD_ALT, GLFW_KEY_LEFT_ALT, GLFW_KEY_RIGHT_ALT);
  tapped_ = std::move(later);
  if (!held_.empty() || !tapped_.empty()) request_frames(kFramesAfterInput);
#else
  tapped_.clear();
#endif
}

bool Window::begin_frame(double dt_seconds) {
  if (frames_due_ > 0) --frames_due_;
  int w = 0, h = 0;
  glfwGetFramebufferSize(window_, &w, &h);
  if (w == 0 || h == 0 || glfwGetWindowAttrib(window_, GLFW_ICONIFIED)) return false;
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplGlfw_NewFrame();
  // The backend measures time itself; ours is the one that counts.
  ImGui::GetIO().DeltaTime = static_cast<float>(std::clamp(dt_seconds, 1e-4, 0.25));
  hold_tapped_keys();
  ImGui::NewFrame();
  return true;
}

void Window::end_frame() {
  ImGui::Render();
  int w = 0, h = 0;
  glfwGetFramebufferSize(window_, &w, &h);
  render_imgui(w, h);
  glfwSwapBuffers(window_);
}

PixelImage Window::read_pixels() {
  int w = 0, h = 0;
  glfwGetFramebufferSize(window_, &w, &h);
  // Core contexts keep the front buffer readable after the swap.
  glReadBuffer(GL_FRONT);
  PixelImage image{w, h, {}};
  image.rgba.resize(static_cast<size_t>(w) * static_cast<size_t>(h) * 4);
  read_framebuffer(w, h, image.rgba.data());
  glReadBuffer(GL_BACK);
  return image;
}

}  // namespace poolscope
