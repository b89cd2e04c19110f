#include <string>
#include <vector>

#include "app/labs/frame.h"
#include "app/labs/labs.h"
#include "app/labs/lesson_parts.h"

namespace poolscope {

namespace {

void draw_brand(LabContext& context, ui::Rect bar) {
  ui::Ui& ui = context.ui;
  const float mark = ui.dp(17);
  const ImVec2 at{ui.sp(4), bar.center().y - mark / 2};
  ui::draw_logo(ImGui::GetWindowDrawList(), at, mark, ui.theme->text_faint, ui.theme->winner.line);
  ImGui::SetCursorScreenPos(
      {at.x + mark + ui.sp(2), bar.center().y - ui.fonts.size(ui::Role::title) * 0.62f});
  ui::text(ui, ui::Role::title, ui.theme->text, "Poolscope");
}

float brand_width(const ui::Ui& ui) {
  const ImFont* font = ui.fonts.font(ui::Role::title);
  const float size = ui.fonts.size(ui::Role::title);
  return ui.sp(4) + ui.dp(17) + ui.sp(2) + font->CalcTextSizeA(size, 1e6f, 0, "Poolscope").x;
}

struct Tool {
  const char* key;
  ui::Icon icon;
  const char* action;
};

void place(LabContext& context, float& x, ui::Rect bar, float width) {
  x -= width;
  ImGui::SetCursorScreenPos({x, bar.center().y - context.ui.control_height() / 2});
  x -= context.ui.dp(6);
}

void draw_language(LabContext& context, float& x, ui::Rect bar) {
  ui::ButtonOptions options;
  const std::string hint = context.action_hint("language");
  options.tooltip = hint;
  const std::string label = "EN / 中文";
  place(context, x, bar, ui::button_width(context.ui, label, options));
  if (ui::button(context.ui, "top.language", label, options)) context.act("language");
}

void draw_text_size(LabContext& context, float& x, ui::Rect bar) {
  std::vector<ui::Choice> sizes;
  int selected = -1;
  for (const int percent : kTextScales) {
    if (percent == context.model.settings.text_percent) selected = static_cast<int>(sizes.size());
    sizes.push_back({std::to_string(percent), std::to_string(percent) + " %", true, {}});
  }
  const float width = context.ui.dp(84);
  place(context, x, bar, width);
  if (const auto chosen = ui::dropdown(context.ui, "top.text_size", sizes, selected, width))
    context.outbox.post(command::SetTextScale{kTextScales[*chosen]});
}

void draw_tool(LabContext& context, float& x, ui::Rect bar, const Tool& tool, bool enabled = true) {
  ui::ButtonOptions options;
  options.enabled = enabled;
  place(context, x, bar, context.ui.control_height());
  const std::string hint = context.action_hint(tool.action);
  if (ui::icon_button(context.ui, tool.key, tool.icon, hint, options)) context.act(tool.action);
}

/// Rarely used tools as a list, where there is no room for them side by side.
void draw_more(LabContext& context, float& x, ui::Rect bar) {
  constexpr const char* kTools[] = {"palette",     "open",         "save",  "undo",     "redo", "present",
                                    "text_larger", "text_smaller", "theme", "language", "keys"};
  place(context, x, bar, context.ui.control_height());
  const bool pressed = ui::icon_button(context.ui, "top.more", ui::Icon::more, context.text("top.more"));
  std::vector<ui::Choice> entries;
  for (const char* id : kTools)
    entries.push_back(
        {id, context.texts.get("action." + std::string(id)), find_action(id)->enabled(context.model), {}});
  if (const auto chosen = ui::menu(context.ui, "top.more", entries, pressed)) context.act(kTools[*chosen]);
}

void draw_drawer_buttons(LabContext& context, float& x, ui::Rect bar, const FrameLayout& layout) {
  const auto drawer = [&](const char* key, ui::Icon icon, const char* text, bool& open) {
    ui::ButtonOptions options;
    options.selected = open;
    place(context, x, bar, context.ui.control_height());
    if (ui::icon_button(context.ui, key, icon, context.text(text), options)) open = !open;
  };
  if (layout.right_folded && layout.has_right)
    drawer("top.right_panel", ui::Icon::panel_right, "top.explanation", context.state.right_drawer);
  if (layout.left_folded)
    drawer("top.left_panel", ui::Icon::panel_left, "top.controls", context.state.left_drawer);
}

void draw_export(LabContext& context, float& x, ui::Rect bar) {
  ui::ButtonOptions options;
  const std::string hint = context.action_hint("export");
  options.tooltip = hint;
  const std::string& label = context.text("top.export");
  place(context, x, bar, ui::button_width(context.ui, label, options));
  if (ui::button(context.ui, "top.export", label, options)) context.act("export");
}

/// The labs side by side, or as a list where there is no room for that.
void draw_labs(LabContext& context, ui::Rect bar, float x, float end) {
  ui::Ui& ui = context.ui;
  const float y = bar.center().y - ui.control_height() / 2;
  float needed = 0;
  ui::ButtonOptions tab;
  tab.kind = ui::ButtonKind::tab;
  std::vector<ui::Choice> choices;
  int selected = 0;
  for (const LabInfo& lab : all_labs()) {
    const std::string name(lab.name);
    if (name == context.model.session.lab) selected = static_cast<int>(choices.size());
    choices.push_back({name, context.texts.get("lab." + name), true, {}});
    needed += ui::button_width(ui, choices.back().label, tab) + ui.sp(1);
  }
  if (x + needed > end) {
    const float width = ui.dp(128);
    if (x + width > end) return;  // every lab has a key as well
    ImGui::SetCursorScreenPos({x, y});
    if (const auto chosen = ui::dropdown(ui, "top.labs", choices, selected, width))
      context.outbox.post(command::SetLab{choices[static_cast<size_t>(*chosen)].key});
    return;
  }
  for (size_t i = 0; i < choices.size(); ++i) {
    tab.selected = static_cast<int>(i) == selected;
    ImGui::SetCursorScreenPos({x, y});
    if (ui::button(ui, "top.lab." + choices[i].key, choices[i].label, tab))
      context.outbox.post(command::SetLab{choices[i].key});
    x += ui::button_width(ui, choices[i].label, tab) + ui.sp(1);
  }
}

/// What the labs' names and the brand leave for the lessons' button.
float lesson_room(const LabContext& context, float x, float with_brand) {
  ui::ButtonOptions tab;
  tab.kind = ui::ButtonKind::tab;
  float labs = 0;
  for (const LabInfo& lab : all_labs())
    labs += ui::button_width(context.ui, context.texts.get("lab." + std::string(lab.name)), tab) +
            context.ui.sp(1);
  const float short_list = context.ui.dp(128) + context.ui.sp(2);
  const float left = x - with_brand - labs;
  const float least = ui::button_width(context.ui, context.text("lesson.list")) + context.ui.dp(30);
  // The labs fold into a list before the lessons go.
  return left >= least ? left : x - with_brand - short_list;
}

}  // namespace

void draw_top_bar(LabContext& context, const FrameLayout& layout) {
  ui::Ui& ui = context.ui;
  ui::PanelOptions options;
  options.hairline = ui::Edge::bottom;
  options.padding = {0, 0};
  options.scroll = false;
  ui::begin_panel(ui, "panel.top", layout.top, options);
  float x = layout.top.max.x - ui.sp(4);
  const bool night = context.model.settings.theme == ThemeName::night;
  // In large type the bar is narrow: what is used rarely moves into a list.
  const bool narrow = layout.top.width() < ui.dp(760);
  if (narrow) draw_more(context, x, layout.top);
  if (!narrow) {
    draw_tool(context, x, layout.top, {"top.keys", ui::Icon::help, "keys"});
    draw_tool(context, x, layout.top, {"top.theme", night ? ui::Icon::moon : ui::Icon::sun, "theme"});
    draw_text_size(context, x, layout.top);
    draw_language(context, x, layout.top);
    draw_export(context, x, layout.top);
  }
  const float with_brand = brand_width(ui) + ui.sp(6);
  const bool room_for_undo = !narrow && x - 3 * ui.control_height() > with_brand + ui.dp(90);
  if (room_for_undo) {
    draw_tool(context, x, layout.top, {"top.save", ui::Icon::save, "save"}, context.model.unsaved());
    draw_tool(context, x, layout.top, {"top.redo", ui::Icon::redo, "redo"}, context.model.history.can_redo());
    draw_tool(context, x, layout.top, {"top.undo", ui::Icon::undo, "undo"}, context.model.history.can_undo());
  }
  draw_drawer_buttons(context, x, layout.top, layout);
  draw_lesson_button(context, x, layout.top, lesson_room(context, x, with_brand));
  // The way to the other labs goes before the name.
  const bool brand = with_brand + ui.dp(128) < x;
  if (brand) draw_brand(context, layout.top);
  draw_labs(context, layout.top, brand ? with_brand : ui.sp(4), x);
  ui::end_panel(ui);
}

}  // namespace poolscope
