#include "app/platform/framebuffer.h"

#include <glad/gl.h>
#include <imgui.h>
#include <imgui_impl_opengl3.h>

#include <algorithm>
#include <string>

#include "app/platform/gl_frame.h"

namespace poolscope {

Framebuffer::Framebuffer(int width, int height, int band_rows)
    : width_(width), height_(height), band_rows_(band_rows > 0 ? std::min(band_rows, height) : height) {}

Framebuffer::~Framebuffer() {
  ImGuiContext* before = ImGui::GetCurrentContext();
  if (context_ != nullptr) {
    ImGui::SetCurrentContext(context_);
    ImGui_ImplOpenGL3_Shutdown();
    ImGui::DestroyContext(context_);
    ImGui::SetCurrentContext(before == context_ ? nullptr : before);
  }
  if (framebuffer_ == 0) return;
  glDeleteFramebuffers(1, &framebuffer_);
  glDeleteRenderbuffers(1, &color_);
}

Status Framebuffer::make_target() {
  glGenFramebuffers(1, &framebuffer_);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_);
  glGenRenderbuffers(1, &color_);
  glBindRenderbuffer(GL_RENDERBUFFER, color_);
  glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, width_, band_rows_);
  glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, color_);
  const bool complete = glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE;
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  if (complete) return {};
  return Error("display.no_offscreen")
      .with("reason", std::to_string(width_) + " x " + std::to_string(height_) + " pixels");
}

Result<std::unique_ptr<Framebuffer>> Framebuffer::create_beside(int width, int height) {
  std::unique_ptr<Framebuffer> made(new Framebuffer(width, height, 0));
  if (const Status status = made->make_target(); !status.ok()) return status.error();
  return made;
}

Result<std::unique_ptr<Framebuffer>> Framebuffer::create(int width, int height, int band_rows) {
  std::unique_ptr<Framebuffer> made(new Framebuffer(width, height, band_rows));
  if (const Status status = made->make_target(); !status.ok()) return status.error();
  ImGuiContext* before = ImGui::GetCurrentContext();
  made->context_ = create_imgui_context();
  ImGui_ImplOpenGL3_Init("#version 330 core");
  if (before != nullptr) ImGui::SetCurrentContext(before);
  return made;
}

Framebuffer::Turn::Turn(Framebuffer& framebuffer) : before_(ImGui::GetCurrentContext()) {
  ImGui::SetCurrentContext(framebuffer.context_);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer.framebuffer_);
}

Framebuffer::Turn::~Turn() {
  ImGui::SetCurrentContext(before_);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
}

ImFontAtlas& Framebuffer::font_atlas() {
  const Turn turn(*this);
  return *ImGui::GetIO().Fonts;
}

void Framebuffer::upload_fonts() {
  upload_imgui_fonts();
}

bool Framebuffer::begin_frame(double dt_seconds) {
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = ImVec2(static_cast<float>(width_), static_cast<float>(height_));
  io.DisplayFramebufferScale = ImVec2(1, 1);
  io.DeltaTime = static_cast<float>(dt_seconds > 0 ? dt_seconds : 1.0 / 60);
  ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
  return true;
}

void Framebuffer::end_frame() {
  close_frame();
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_);
  render_imgui(width_, height_);
}

PixelImage Framebuffer::read_pixels() {
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_);
  PixelImage image{width_, height_, {}};
  image.rgba.resize(static_cast<size_t>(width_) * static_cast<size_t>(height_) * 4);
  read_framebuffer(width_, height_, image.rgba.data());
  return image;
}

void Framebuffer::close_frame() {
  ImGui::Render();
}

void Framebuffer::render_band(int band, std::vector<uint8_t>& rgba) {
  const int first = band * band_rows_, rows = std::min(band_rows_, height_ - first);
  rgba.resize(static_cast<size_t>(width_) * static_cast<size_t>(height_) * 4);
  ImDrawData& data = *ImGui::GetDrawData();
  // The same lists, seen through a window that is as high as the band.
  data.DisplayPos = ImVec2(0, static_cast<float>(first));
  data.DisplaySize = ImVec2(static_cast<float>(width_), static_cast<float>(rows));
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_);
  render_imgui(width_, rows);
  read_framebuffer(width_, rows, rgba.data() + static_cast<size_t>(first) * static_cast<size_t>(width_) * 4);
}

}  // namespace poolscope
