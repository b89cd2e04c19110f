#include "tests/ui/headless.h"

#include "app/ui/widgets.h"

namespace poolscope::test {

HeadlessUi::Context::Context(const HeadlessOptions& options) : imgui(ImGui::CreateContext()) {
  prepare_input(options.screen);
  ImGui::GetIO().DeltaTime = static_cast<float>(options.dt_seconds);
}
HeadlessUi::Context::~Context() {
  ImGui::DestroyContext(imgui);
}

HeadlessUi::HeadlessUi(HeadlessOptions options)
    : Driver(probe_, [this] { run_frame(); }),
      options_(std::move(options)),
      context_(options_),
      fonts(options_.real_fonts ? ui::FontFiles::debian() : ui::FontFiles{}),
      ui(fonts) {
  fonts.set_scale(options_.scale);
  fonts.need_glyphs(options_.glyphs);
  ui.probe = &probe_;
  ui.theme = &ui::theme_named(options_.theme);
  ui::apply_style(*ui.theme, options_.scale);
}
HeadlessUi::~HeadlessUi() = default;

void HeadlessUi::run_frame() {
  fonts.rebuild_if_needed();
  ImGui::NewFrame();
  ui.begin_frame(options_.dt_seconds);
  if (options_.panel) ui::begin_panel(ui, "test", {{0, 0}, ImGui::GetIO().DisplaySize});
  if (draw) draw(ui);
  if (options_.panel) ui::end_panel(ui);
  ui.end_frame();
  ImGui::Render();
  vertices_ = ImGui::GetDrawData()->TotalVtxCount;
  ++frames_;
}

}  // namespace poolscope::test
