#include "app/platform/gl_frame.h"

#include <glad/gl.h>
#include <imgui.h>
#include <imgui_impl_opengl3.h>

#include <algorithm>
#include <string>

namespace poolscope {

Status load_gl(void (*(*get_address)(const char* name))()) {
  const int version = gladLoadGL(get_address);
  const int major = GLAD_VERSION_MAJOR(version), minor = GLAD_VERSION_MINOR(version);
  if (version == 0 || major < 3 || (major == 3 && minor < 3)) {
    return Error("display.gl_too_old").with("version", std::to_string(major) + "." + std::to_string(minor));
  }
  return {};
}

ImGuiContext* create_imgui_context() {
  IMGUI_CHECKVERSION();
  ImGuiContext* context = ImGui::CreateContext();
  ImGui::SetCurrentContext(context);
  ImGuiIO& io = ImGui::GetIO();
  // ImGui's own saving is not atomic and fails silently; nothing of ours is kept there.
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  // Longer than a slow frame (software OpenGL on a busy machine): one press must stay one step.
  io.KeyRepeatDelay = 0.5f;
  return context;
}

void upload_imgui_fonts() {
#if IMGUI_VERSION_NUM < 19200  // later versions update the atlas by themselves
  ImGui_ImplOpenGL3_DestroyFontsTexture();
  ImGui_ImplOpenGL3_CreateFontsTexture();
#endif
}

void render_imgui(int framebuffer_width, int framebuffer_height) {
  glViewport(0, 0, framebuffer_width, framebuffer_height);
  glDisable(GL_SCISSOR_TEST);
  glClearColor(0, 0, 0, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

void read_framebuffer(int width, int height, uint8_t* rgba) {
  const auto stride = static_cast<ptrdiff_t>(width) * 4;
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, rgba);
  for (int y = 0; y < height / 2; ++y)
    std::swap_ranges(rgba + stride * y, rgba + stride * (y + 1), rgba + stride * (height - 1 - y));
  for (ptrdiff_t i = 3; i < stride * height; i += 4)
    rgba[i] = 255;
}

}  // namespace poolscope
