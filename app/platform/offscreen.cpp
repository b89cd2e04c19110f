#include "app/platform/offscreen.h"

#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <glad/gl.h>
#include <imgui.h>
#include <imgui_impl_opengl3.h>

#include <cstdio>
#include <string>

#include "app/platform/gl_frame.h"

namespace poolscope {

struct Offscreen::Handles {
  EGLDisplay display = EGL_NO_DISPLAY;
  EGLContext context = EGL_NO_CONTEXT;
  GLuint framebuffer = 0, color = 0;
  bool imgui = false;

  ~Handles() {
    if (imgui) {
      ImGui_ImplOpenGL3_Shutdown();
      ImGui::DestroyContext();
    }
    if (framebuffer) {
      glDeleteFramebuffers(1, &framebuffer);
      glDeleteRenderbuffers(1, &color);
    }
    if (context != EGL_NO_CONTEXT) {
      eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
      eglDestroyContext(display, context);
    }
    if (display != EGL_NO_DISPLAY) eglTerminate(display);
  }
};

namespace {

Error no_offscreen(const char* step) {
  char code[16];
  std::snprintf(code, sizeof code, "0x%04x", static_cast<unsigned>(eglGetError()));
  return Error("display.no_offscreen").with("reason", std::string(step) + " " + code);
}

/// A desktop OpenGL 3.3 core context without any surface.
Status make_context(EGLDisplay& display, EGLContext& context) {
  display = eglGetPlatformDisplay(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
  if (display == EGL_NO_DISPLAY) return no_offscreen("eglGetPlatformDisplay");
  if (!eglInitialize(display, nullptr, nullptr)) {
    const Error error = no_offscreen("eglInitialize");
    display = EGL_NO_DISPLAY;
    return error;
  }
  if (!eglBindAPI(EGL_OPENGL_API)) return no_offscreen("eglBindAPI");
  const EGLint config_wish[] = {EGL_SURFACE_TYPE, 0, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_NONE};
  EGLConfig config = nullptr;
  EGLint count = 0;
  if (!eglChooseConfig(display, config_wish, &config, 1, &count) || count == 0) {
    return no_offscreen("eglChooseConfig");
  }
  const EGLint context_wish[] = {EGL_CONTEXT_MAJOR_VERSION,
                                 3,
                                 EGL_CONTEXT_MINOR_VERSION,
                                 3,
                                 EGL_CONTEXT_OPENGL_PROFILE_MASK,
                                 EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                                 EGL_NONE};
  context = eglCreateContext(display, config, EGL_NO_CONTEXT, context_wish);
  if (context == EGL_NO_CONTEXT) return no_offscreen("eglCreateContext");
  if (!eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context))
    return no_offscreen("eglMakeCurrent");
  return {};
}

}  // namespace

Offscreen::Offscreen(std::unique_ptr<Handles> handles, int width, int height)
    : handles_(std::move(handles)), width_(width), height_(height) {}
Offscreen::~Offscreen() = default;

Result<std::unique_ptr<Offscreen>> Offscreen::open(int width, int height) {
  auto handles = std::make_unique<Handles>();
  if (Status made = make_context(handles->display, handles->context); !made) return made.error();
  if (Status loaded = load_gl(eglGetProcAddress); !loaded) return loaded.error();

  glGenFramebuffers(1, &handles->framebuffer);
  glBindFramebuffer(GL_FRAMEBUFFER, handles->framebuffer);
  glGenRenderbuffers(1, &handles->color);
  glBindRenderbuffer(GL_RENDERBUFFER, handles->color);
  glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, width, height);
  glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, handles->color);
  if (glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE) {
    return Error("display.no_offscreen")
        .with("reason", std::to_string(width) + " x " + std::to_string(height) + " pixels");
  }
  create_imgui_context();
  handles->imgui = true;
  ImGui_ImplOpenGL3_Init("#version 330 core");
  return std::unique_ptr<Offscreen>(new Offscreen(std::move(handles), width, height));
}

void Offscreen::upload_fonts() {
  upload_imgui_fonts();
}

bool Offscreen::begin_frame(double dt_seconds) {
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = ImVec2(static_cast<float>(width_), static_cast<float>(height_));
  io.DisplayFramebufferScale = ImVec2(1, 1);
  io.DeltaTime = static_cast<float>(dt_seconds > 0 ? dt_seconds : 1.0 / 60);
  ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
  return true;
}

void Offscreen::end_frame() {
  ImGui::Render();
  glBindFramebuffer(GL_FRAMEBUFFER, handles_->framebuffer);
  render_imgui(width_, height_);
}

PixelImage Offscreen::read_pixels() {
  glBindFramebuffer(GL_FRAMEBUFFER, handles_->framebuffer);
  return read_framebuffer(width_, height_);
}

}  // namespace poolscope
