// The top bar's button of lessons, and the list behind it.

#include <string>
#include <vector>

#include "app/labs/lesson_parts.h"
#include "app/model/lesson_run.h"

namespace poolscope {

namespace {

std::string button_label(const LabContext& context, bool with_title) {
  const LessonRun* run = present_lesson(context.model);
  return run == nullptr ? context.text("lesson.list") : lesson_name(context, *run->lesson, with_title);
}

}  // namespace

void show_practice_sheet(LabContext& context) {
  context.state.take_away.tab = kSheetTab;
  context.act("export");
}

void draw_lesson_button(LabContext& context, float& x, ui::Rect bar, float room) {
  ui::Ui& ui = context.ui;
  ui::ButtonOptions options;
  options.icon_after = ui::Icon::chevron_down;
  const LessonRun* run = present_lesson(context.model);
  options.selected = run != nullptr;
  const std::string hint = context.action_hint("lessons");
  options.tooltip = hint;
  std::string label = button_label(context, true);
  for (const std::string& shorter : {button_label(context, false), context.text("lesson.list")})
    if (ui::button_width(ui, label, options) > room) label = shorter;
  const float width = ui::button_width(ui, label, options);
  if (width > room) return;
  x -= width;
  ImGui::SetCursorScreenPos({x, bar.center().y - ui.control_height() / 2});
  x -= ui.dp(6);
  const bool asked = context.eye.dialog == Dialog::lessons;
  const bool open = ui::button(ui, "top.lessons", label, options) || asked;
  if (asked) context.outbox.post(command::ShowDialog{static_cast<int>(Dialog::none)});
  std::vector<ui::Choice> entries;
  int selected = -1;
  for (const LessonPtr& lesson : context.model.lessons) {
    if (run != nullptr && run->lesson == lesson) selected = static_cast<int>(entries.size());
    const std::string number = std::to_string(entries.size() + 1);
    entries.push_back({number, number + " · " + lesson->title.in(context.texts.language()), true, {}});
  }
  entries.push_back({"open", context.text("lesson.open"), true, context.text("lesson.open.hint")});
  entries.push_back({"sheet", context.text("lesson.sheet"), true, context.text("lesson.sheet.hint")});
  if (run != nullptr) entries.push_back({"leave", context.text("lesson.leave"), true, {}});
  const auto chosen = ui::menu(ui, "lessons.menu", entries, open, selected);
  if (!chosen) return;
  const auto index = static_cast<size_t>(*chosen);
  if (index < context.model.lessons.size())
    context.outbox.post(command::StartLesson{context.model.lessons[index], 0});
  else if (entries[index].key == "open")
    context.act("open");
  else if (entries[index].key == "sheet")
    show_practice_sheet(context);
  else
    context.outbox.post(command::LeaveLesson{});
}

}  // namespace poolscope
