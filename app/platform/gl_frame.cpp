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

void create_imgui_context() {
  IMGUI_CHECKVERSION();
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  // ImGui's own saving is not atomic and fails silently; nothing of ours is kept there.
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  // Longer than a slow frame (software OpenGL on a busy machine): one press must stay one step.
  io.KeyRepeatDelay = 0.5f;
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

PixelImage read_framebuffer(int width, int height) {
  PixelImage image{width, height, {}};
  const size_t stride = static_cast<size_t>(width) * 4;
  image.rgba.resize(stride * static_cast<size_t>(height));
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, image.rgba.data());
  for (int y = 0; y < height / 2; ++y) {
    std::swap_ranges(image.rgba.begin() + static_cast<ptrdiff_t>(stride) * y,
                     image.rgba.begin() + static_cast<ptrdiff_t>(stride) * (y + 1),
                     image.rgba.begin() + static_cast<ptrdiff_t>(stride) * (height - 1 - y));
  }
  for (size_t i = 3; i < image.rgba.size(); i += 4)
    image.rgba[i] = 255;
  return image;
}

}  // namespace poolscope
