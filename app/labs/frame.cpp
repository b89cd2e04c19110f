#include "app/labs/frame.h"

#include "app/labs/labs.h"
#include "app/labs/lesson_parts.h"
#include "app/labs/network_lab.h"
#include "app/labs/palette.h"

#include <algorithm>
#include <string>

namespace poolscope {

namespace {

constexpr float kTopBar = 48, kTransport = 68;
constexpr float kLow = 320, kLowTopBar = 40, kLowTransport = 52;  // large type on a small screen
constexpr float kLeftNarrow = 228, kLeftWide = 264, kRightNarrow = 240, kRightWide = 306;
constexpr float kSmallestStage = 480;  // at 100 %: two small grids and their headings

/// A drawer lies over the stage, with a shadow towards it.
void draw_drawer(LabContext& context, const char* key, ui::Rect rect, ui::Edge edge,
                 void (*draw)(LabContext&)) {
  ui::PanelOptions options;
  options.hairline = edge;
  ui::begin_panel(context.ui, key, rect, options);
  draw(context);
  ui::end_panel(context.ui);
}

/// While a file is being read: its name, and a way out.
void draw_opening(LabContext& context, ui::Rect stage) {
  if (context.model.session.opening.empty()) return;
  ui::Ui& ui = context.ui;
  const float width = std::min(ui.dp(380), stage.width() - ui.sp(4));
  const ImVec2 at{stage.center().x - width / 2, stage.min.y + ui.sp(4)};
  ui::PanelOptions options;
  options.padding = {0, 0};
  options.scroll = false;
  options.floating = true;
  ui::begin_panel(ui, "panel.opening", {at, {at.x + width, at.y + ui.dp(64)}}, options);
  ui::begin_card(ui, "opening", {.width = width});
  const std::string words = context.say(Message("opening.name").with("name", context.model.session.opening));
  ui::text(ui, ui::Role::body, ui.theme->text, words);
  ui::same_line(ui, 4);
  if (ui::button(ui, "opening.cancel", context.text("opening.cancel")))
    context.outbox.post(command::CancelOpening{});
  ui::end_card(ui);
  ui::end_panel(ui);
}

/// What an earlier run did not save: offered, never in the way.
void draw_left_over(LabContext& context, ui::Rect stage) {
  const auto& left_over = context.model.session.left_over;
  if (!left_over) return;
  ui::Ui& ui = context.ui;
  const float margin = ui.sp(4);
  const float width = std::min(ui.dp(440), stage.width() - 2 * margin);
  const ImVec2 at{stage.center().x - width / 2, stage.min.y + margin};
  const float height = std::max(context.state.left_over_height, ui.dp(90));
  ui::PanelOptions options;
  options.padding = {0, 0};
  options.scroll = false;
  options.floating = true;
  ui::begin_panel(ui, "panel.left_over", {at, {at.x + width, at.y + height}}, options);
  ui::begin_card(ui, "left_over", {.width = width});
  ui::paragraph(ui, context.say(Message("study.left_over").with("time", left_over->time)));
  ui::gap(ui, 2);
  const auto offer = [&](const char* key, const char* text, ui::ButtonKind kind, Command command) {
    const std::string& label = context.text(text);
    if (ui::button(ui, key, label, {.kind = kind})) context.outbox.post(std::move(command));
  };
  offer("left_over.restore", "study.restore", ui::ButtonKind::primary, command::RestoreLeftOver{});
  ui::flow(ui, ui::button_width(ui, context.text("study.discard")));
  offer("left_over.discard", "study.discard", ui::ButtonKind::normal, command::DiscardLeftOver{});
  ui::flow(ui, ui::button_width(ui, context.text("study.later")));
  offer("left_over.later", "study.later", ui::ButtonKind::ghost, command::HideLeftOver{});
  ui::end_card(ui);
  const float needed = ImGui::GetItemRectSize().y;
  if (needed != context.state.left_over_height) ui.want_frame_in(0);
  context.state.left_over_height = needed;
  ui::end_panel(ui);
}

/// The stage alone; beside it the words of a lesson, which are what there is to say.
void present_on(FrameLayout& layout, FrameState& state, float width, float height, bool lesson) {
  layout.stage = {{0, 0}, {width, height}};
  layout.right = {{layout.right.min.x, 0}, {width, height}};
  state.left_drawer = false;
  state.right_drawer = lesson && state.right_drawer;
}

}  // namespace

std::string LabContext::action_hint(const char* id) const {
  const Action* action = find_action(id);
  const std::string shortcut(action->shortcut.substr(0, action->shortcut.find(' ')));
  return texts.get("action." + std::string(id)) + " (" + shortcut + ")";
}

FrameLayout lay_out_frame(float width, float height, float unit, bool panels_hidden, bool with_right) {
  FrameLayout layout;
  const bool low = height < kLow * unit;
  const float top = std::round((low ? kLowTopBar : kTopBar) * unit);
  const float bottom = height - std::round((low ? kLowTransport : kTransport) * unit);
  const auto wide = [&](float narrow, float full, float share) {
    return std::round(std::clamp(width * share, narrow * unit, full * unit));
  };
  const float left = wide(kLeftNarrow, kLeftWide, 0.183f), right = wide(kRightNarrow, kRightWide, 0.2125f);
  const float smallest = kSmallestStage * unit;
  layout.has_right = with_right;
  layout.right_folded = panels_hidden || !with_right || width - left - right < smallest;
  layout.left_folded = panels_hidden || width - left - (layout.right_folded ? 0 : right) < smallest;
  layout.top = {{0, 0}, {width, top}};
  layout.transport = {{0, bottom}, {width, height}};
  layout.left = {{0, top}, {left, bottom}};
  layout.right = {{width - right, top}, {width, bottom}};
  layout.stage = {{layout.left_folded ? 0 : left, top},
                  {layout.right_folded ? width : width - right, bottom}};
  return layout;
}

void draw_frame(LabContext& context, float width, float height) {
  const LabInfo& lab = lab_named(context.model.session.lab);
  prepare_lesson(context);
  const bool lesson = present_lesson(context.model) != nullptr;
  const bool presenting = context.model.session.presenting;
  FrameLayout layout =
      lay_out_frame(width, height, context.ui.scale(), context.model.session.panels_hidden || presenting,
                    lab.draw_explanation != nullptr || lesson);
  FrameState& state = context.state;
  // A lesson is to be read, also where there is no room for both panels.
  if (lesson && layout.right_folded && !context.model.session.panels_hidden) state.right_drawer = true;
  if (presenting) present_on(layout, state, width, height, lesson);
  state.left_drawer = state.left_drawer && layout.left_folded;
  state.right_drawer = state.right_drawer && layout.right_folded && layout.has_right;
  if (!presenting) draw_top_bar(context, layout);
  if (!layout.left_folded || state.left_drawer)
    draw_drawer(context, "panel.left", layout.left, ui::Edge::right, lab.draw_controls);
  if (lesson && (!layout.right_folded || state.right_drawer))
    draw_lesson_panel(context, layout.right, presenting ? nullptr : lab.draw_explanation);
  else if (layout.has_right && (!layout.right_folded || state.right_drawer))
    draw_drawer(context, "panel.right", layout.right, ui::Edge::left, lab.draw_explanation);
  // A drawer takes its strip from the stage, so that nothing is hidden behind it.
  ui::Rect stage = layout.stage;
  if (state.left_drawer) stage.min.x = layout.left.max.x;
  if (state.right_drawer) stage.max.x = layout.right.min.x;
  if (lab.name == "window") stage = draw_network_return(context, stage);
  lab.draw_stage(context, stage);
  if (!presenting) lab.draw_transport(context, layout.transport);
  if (context.model.session.dialog == Dialog::keys) draw_key_sheet(context);
  if (context.model.session.dialog == Dialog::palette)
    draw_palette(context);
  else
    state.palette.open = false;
  if (context.model.session.dialog == Dialog::take_away) draw_export_dialog(context);
  state.take_away.open = context.model.session.dialog == Dialog::take_away;
  // Last, so that a focused slider has already taken its arrow keys.
  handle_shortcuts(context);
  draw_left_over(context, stage);
  draw_opening(context, stage);
  note_lesson_events(context);
  draw_lesson_pointers(context, layout);
  ui::draw_toasts(context.ui, stage);
}

}  // namespace poolscope
