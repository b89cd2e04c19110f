#include "app/platform/offscreen.h"

#include <EGL/egl.h>
#include <EGL/eglext.h>

#include <cstdio>
#include <string>
#include <utility>

#include "app/platform/gl_frame.h"

namespace poolscope {

struct OffscreenContext::Handles {
  EGLDisplay display = EGL_NO_DISPLAY;
  EGLContext context = EGL_NO_CONTEXT;

  ~Handles() {
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

OffscreenContext::OffscreenContext(std::unique_ptr<Handles> handles) : handles_(std::move(handles)) {}
OffscreenContext::~OffscreenContext() = default;

Result<std::unique_ptr<OffscreenContext>> OffscreenContext::open() {
  auto handles = std::make_unique<Handles>();
  if (Status made = make_context(handles->display, handles->context); !made) return made.error();
  if (Status loaded = load_gl(eglGetProcAddress); !loaded) return loaded.error();
  return std::unique_ptr<OffscreenContext>(new OffscreenContext(std::move(handles)));
}

Offscreen::Offscreen(std::unique_ptr<OffscreenContext> context, std::unique_ptr<Framebuffer> framebuffer)
    : context_(std::move(context)), framebuffer_(std::move(framebuffer)) {}

Result<std::unique_ptr<Offscreen>> Offscreen::open(int width, int height) {
  auto context = OffscreenContext::open();
  if (!context) return context.error();
  auto framebuffer = Framebuffer::create(width, height);
  if (!framebuffer) return framebuffer.error();
  return std::unique_ptr<Offscreen>(new Offscreen(std::move(*context), std::move(*framebuffer)));
}

}  // namespace poolscope
