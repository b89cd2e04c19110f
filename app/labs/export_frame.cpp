#include "app/labs/export_frame.h"

#include <algorithm>

#include "app/labs/frame.h"
#include "app/labs/labs.h"
#include "app/ui/rich_text.h"
#include "app/ui/shapes.h"

namespace poolscope {

namespace {

struct Strip {
  ui::RichLayout words;
  float brand = 0;  ///< width of mark and name; 0 where there is no room
  float height = 0;
};

constexpr const char* kName = "Poolscope";

Strip lay_out_strip(const ui::Ui& ui, const std::string& caption, float width) {
  Strip strip;
  const ui::SizedFont font = ui.fonts.sized(ui::Role::caption_bold);
  const float name = font.font->CalcTextSizeA(font.size_px, 1e6f, 0, kName).x;
  const float brand = ui.dp(13) + ui.sp(1.5f) + name + ui.sp(6);
  const float room = width - 2 * ui.sp(4);
  if (brand < room / 3) strip.brand = brand;
  strip.words = ui::layout_rich(ui.fonts, caption, ui::Role::caption, room - strip.brand, ui::Markup::none);
  strip.height = std::round(strip.words.height + 2 * ui.sp(2));
  return strip;
}

void draw_strip(LabContext& context, ui::Rect rect, const Strip& strip, const std::string& caption) {
  ui::Ui& ui = context.ui;
  ui::PanelOptions options;
  options.hairline = ui::Edge::top;
  options.padding = {0, 0};
  options.scroll = false;
  ui::begin_panel(ui, "panel.caption", rect, options);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 at{rect.min.x + ui.sp(4), rect.min.y + ui.sp(2)};
  ui::draw_rich(list, ui, strip.words, ui::Role::caption, at, ui.theme->text_soft);
  ui.record("caption", "text", caption, rect);
  if (strip.brand > 0) {
    const ui::SizedFont font = ui.fonts.sized(ui::Role::caption_bold);
    const float mark = ui.dp(13);
    const float x = rect.max.x - ui.sp(4) - (strip.brand - ui.sp(6)), y = rect.center().y;
    ui::draw_logo(list, {x, y - mark / 2}, mark, ui.theme->text_faint, ui.theme->winner.line);
    list->AddText(font.font, font.size_px,
                  {std::round(x + mark + ui.sp(1.5f)), std::round(y - font.size_px / 2)},
                  ui.theme->text_faint, kName);
  }
  ui::end_panel(ui);
}

}  // namespace

void draw_film_frame(LabContext& context, float width, float height, bool whole_window,
                     const std::string& caption) {
  const Strip strip = lay_out_strip(context.ui, caption, width);
  const float stage = height - strip.height;
  if (whole_window)
    draw_frame(context, width, stage);
  else
    lab_named(context.model.session.lab).draw_stage(context, {{0, 0}, {width, stage}});
  draw_strip(context, {{0, stage}, {width, height}}, strip, caption);
}

}  // namespace poolscope
