// A tensor in a box of the screen, as the Compare and the Channels lab show it, and the note beside the
// pointer.

#include "app/labs/tensor_box.h"

#include <algorithm>
#include <cmath>

#include "app/labs/stage.h"
#include "app/scene/picture_stage.h"
#include "app/ui/shapes.h"

namespace poolscope {

void draw_tensor_box(LabContext& context, const TensorBox& source) {
  const ui::Theme& theme = *context.ui.theme;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 low{source.box.x0, source.box.y0}, high{source.box.x1, source.box.y1};
  if (source.paper) list->AddRectFilled(low, high, theme.cell);
  ui::outline_outside(list, low, high, theme.hairline, 0, context.ui.hairline());
  if (!source.tensor) return;
  PictureView view;
  view.tensor = source.tensor;
  view.n = source.image;
  view.channel = source.channel;
  view.map = source.map;
  view.range = source.range;
  view.screen_x0 = source.box.x0;
  view.screen_y0 = source.box.y0;
  view.screen_x1 = source.box.x1;
  view.screen_y1 = source.box.y1;
  view.x0 = source.x0;
  view.x1 = source.x1;
  view.y0 = source.y0;
  view.y1 = source.y1;
  view.blank = theme.cell;
  view.grid = source.grid;
  view.alpha = source.alpha;
  context.painter.draw(list, view);
}

void draw_tensor_numbers(LabContext& context, const TensorBox& source) {
  if (!source.tensor || source.channel < 0) return;
  const double cell = std::min(source.cell_w(), source.cell_h());
  if (cell < scene::kNumberZoom * 0.8 * context.ui.scale()) return;
  const Shape& shape = source.tensor->shape();
  const auto first = [](double at) { return std::max<int64_t>(0, static_cast<int64_t>(std::floor(at))); };
  const float size = std::clamp(static_cast<float>(cell) * 0.34f, 8.0f, context.ui.dp(24));
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->PushClipRect({source.box.x0, source.box.y0}, {source.box.x1, source.box.y1}, true);
  const int64_t row_end = std::min(shape.h, first(source.y1) + 1),
                column_end = std::min(shape.w, first(source.x1) + 1);
  for (int64_t y = first(source.y0); y < row_end; ++y)
    for (int64_t x = first(source.x0); x < column_end; ++x) {
      const float value = source.tensor->at(source.image, source.channel, y, x);
      const Rgb8 ground = colormap_at(source.map, colormap_position(source.map, value, source.range));
      const ImVec2 centre{
          source.box.x0 + static_cast<float>((static_cast<double>(x) + 0.5 - source.x0) * source.cell_w()),
          source.box.y0 + static_cast<float>((static_cast<double>(y) + 0.5 - source.y0) * source.cell_h())};
      centred_number(list, context.ui.fonts.number_font(size), centre,
                     ui::readable_on(IM_COL32(ground.r, ground.g, ground.b, 255)),
                     format_short(value, 3).c_str());
    }
  list->PopClipRect();
}

std::string tensor_value(const TensorBox& source, int64_t row, int64_t column) {
  if (!source.tensor) return {};
  const Tensor& tensor = *source.tensor;
  if (source.channel >= 0) return format_short(tensor.at(source.image, source.channel, row, column), 4);
  std::string words;
  for (int64_t c = 0; c < tensor.shape().c; ++c)
    words += (c > 0 ? ", " : "") + format_short(tensor.at(source.image, c, row, column), 4);
  return words;
}

void draw_pointer_note(LabContext& context, const std::string& words) {
  ui::Ui& ui = context.ui;
  const ImVec2 mouse = ImGui::GetIO().MousePos, screen = ImGui::GetIO().DisplaySize;
  ImFont* font = ui.fonts.font(ui::Role::mono_small);
  const float size = ui.fonts.size(ui::Role::mono_small);
  const ImVec2 extent = ui::text_size(font, size, words.c_str());
  const float pad = ui.dp(7);
  const ImVec2 at{std::min(mouse.x + ui.dp(14), screen.x - extent.x - 2 * pad), mouse.y + ui.dp(16)};
  ImDrawList* list = ImGui::GetForegroundDrawList();
  ui::frame(list, {at.x - pad, at.y - ui.dp(4)}, {at.x + extent.x + pad, at.y + extent.y + ui.dp(4)},
            ui.theme->panel, ui.theme->hairline, ui.dp(5), ui.hairline());
  list->AddText(font, size, at, ui.theme->text, words.c_str());
}

}  // namespace poolscope
