// The Window lab's stage: one window after the other, on a matrix or on a picture.

#include <string>

#include "app/labs/frame.h"
#include "app/labs/stage.h"
#include "app/ui/shapes.h"

namespace poolscope {

namespace {

constexpr float kLowStage = 260;  // large type on a small screen: margins are worth less than cells

std::string size_text(const Shape& shape) {
  return std::to_string(shape.h) + " × " + std::to_string(shape.w);
}

std::string input_name(const LabContext& context) {
  const Input& input = context.model.document.input;
  if (input.network_layer > 0)
    return context.say(Message("input.network").with("layer", input.network_layer));
  const std::string name = input.builtin.empty() ? input.name : context.texts.get("input." + input.builtin);
  return input.edited ? context.say(Message("stage.edited").with("name", name)) : name;
}

}  // namespace

std::string channel_letter(const Document& document, int64_t channel) {
  constexpr const char* kNames[] = {"R", "G", "B"};
  const bool colour = document.shape().c == 3 && document.input.is_picture;
  return colour ? kNames[channel] : std::to_string(channel);
}

std::string channel_text(const LabContext& context, int64_t channel) {
  return context.say(
      Message("stage.channel").with("channel", channel_letter(context.model.document, channel)));
}

std::string input_subline(const LabContext& context) {
  const Document& document = context.model.document;
  const Shape& shape = document.shape();
  Message message(shape.c == 1 ? "stage.input.one" : "stage.input.many");
  message.with("name", input_name(context)).with("channels", shape.c).with("size", size_text(shape));
  message.with("values", format_count(shape.count()));
  if (shape.c > 1)
    message.with("view", document.channel == kColourChannels && document.direction == Direction::forward
                             ? context.text("stage.in_colour")
                             : channel_text(context, document.stepped_channel()));
  return context.say(message);
}

std::string output_subline(const LabContext& context) {
  const Shape& shape = context.model.plan().out;
  const int64_t done = context.model.session.playback.step() + 1;
  return context.say(Message("stage.output")
                         .with("size", std::to_string(shape.c) + " × " + size_text(shape))
                         .with("done", format_count(100 * done / context.model.steps())));
}

void draw_heading(LabContext& context, ImVec2 at, const std::string& title, const std::string& subline,
                  float width) {
  ui::Ui& ui = context.ui;
  ImDrawList* list = ImGui::GetWindowDrawList();
  ImFont* bold = ui.fonts.font(ui::Role::heading);
  ImFont* plain = ui.fonts.font(ui::Role::caption);
  const float big = ui.fonts.size(ui::Role::heading), small = ui.fonts.size(ui::Role::caption);
  list->AddText(bold, big, at, ui.theme->text, title.c_str());
  const float taken = bold->CalcTextSizeA(big, 1e6f, 0, title.c_str()).x + ui.dp(9);
  const float needed = plain->CalcTextSizeA(small, 1e6f, 0, subline.c_str()).x;
  if (taken + needed > width) return;  // said in the facts as well: better left out than cut off
  list->AddText(plain, small, {at.x + taken, at.y + (big - small) * 0.85f}, ui.theme->text_faint,
                subline.c_str());
}

void hover_cell(LabContext& context, bool in_output, int64_t row, int64_t column) {
  context.eye.hovered = HoveredCell{in_output, row, column};
  if (in_output && ImGui::IsMouseClicked(0))
    context.outbox.post(command::Seek{row * context.model.plan().out.w + column, false});
}

void draw_window_lab(LabContext& context, ui::Rect stage) {
  ui::Ui& ui = context.ui;
  ui::PanelOptions options;
  options.background = ui.theme->stage;
  options.padding = {0, 0};
  options.scroll = false;
  ui::begin_panel(ui, "panel.stage", stage, options);
  context.eye.hovered.reset();
  const float margin = std::min(ui.sp(9), stage.width() * 0.05f);
  const bool low = stage.height() < ui.dp(kLowStage);
  const ui::Rect area{{stage.min.x + margin, stage.min.y + ui.sp(low ? 1 : 5)},
                      {stage.max.x - margin, stage.max.y - ui.sp(low ? 2 : 6)}};
  if (shown_as_matrix(context.model.document))
    draw_matrix_view(context, area);
  else
    draw_picture_view(context, area);
  ui::end_panel(ui);
}

}  // namespace poolscope
