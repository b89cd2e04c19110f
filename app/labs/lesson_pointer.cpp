// Rings around what a lesson's step points at, and what lessons tell the widgets.

#include <algorithm>
#include <string>

#include "app/labs/lesson_parts.h"
#include "app/model/lesson_run.h"
#include "app/ui/rich_text.h"
#include "app/ui/shapes.h"

namespace poolscope {

namespace {

ui::Rect grown(ui::Rect rect, float by) {
  return {{rect.min.x - by, rect.min.y - by}, {rect.max.x + by, rect.max.y + by}};
}

bool overlap(const ui::Rect& a, const ui::Rect& b) {
  return a.min.x < b.max.x && b.min.x < a.max.x && a.min.y < b.max.y && b.min.y < a.max.y;
}

/// The widget of that key where it can be seen. A control in a folded panel: the button that opens it.
std::optional<ui::Rect> target_of(const LabContext& context, const FrameLayout& layout,
                                  const std::string& key) {
  const ui::Probe& probe = *context.ui.probe;
  const ui::ProbeItem* item = probe.find(key);
  if ((item == nullptr || !item->visible()) && layout.left_folded && !context.state.left_drawer)
    item = probe.find("top.left_panel");
  if (item == nullptr || !item->visible()) return std::nullopt;
  // A slider's words stand above its track.
  const float words =
      item->kind == "slider" && key.find("scrub") == std::string::npos ? context.ui.dp(17) : 0;
  return ui::Rect{{item->min.x, item->min.y - words}, item->max};
}

/// A bubble of this size beside `target` with its tip towards it: below, above, right or left, the first that
/// is inside the screen and covers none of `taken`.
std::optional<ui::Rect> place_bubble(const ui::Rect& target, ImVec2 size, ImVec2 screen, float apart,
                                     const std::vector<ui::Rect>& taken) {
  const ImVec2 middle = target.center();
  const float margin = apart / 2;
  const auto kept = [&](float at, float length, float most) {
    return std::clamp(at, margin, std::max(margin, most - length - margin));
  };
  const float x = kept(middle.x - size.x / 2, size.x, screen.x),
              y = kept(middle.y - size.y / 2, size.y, screen.y);
  const ImVec2 places[] = {{x, target.max.y + apart},
                           {x, target.min.y - apart - size.y},
                           {target.max.x + apart, y},
                           {target.min.x - apart - size.x, y}};
  for (const ImVec2& at : places) {
    const ui::Rect bubble{at, {at.x + size.x, at.y + size.y}};
    const bool inside = at.x >= 0 && at.y >= 0 && bubble.max.x <= screen.x && bubble.max.y <= screen.y;
    const bool free = std::none_of(taken.begin(), taken.end(),
                                   [&](const ui::Rect& other) { return overlap(bubble, other); });
    if (inside && free) return bubble;
  }
  return std::nullopt;
}

void draw_bubble(const ui::Ui& ui, const ui::RichLayout& words, const ui::Rect& bubble,
                 const ui::Rect& target) {
  ImDrawList* list = ImGui::GetForegroundDrawList();
  const ui::Theme& theme = *ui.theme;
  const float tip = ui.dp(7);
  ui::soft_shadow(list, bubble.min, bubble.max, ui.radius(), theme.shadow, ui.dp(12), ui.dp(3));
  const ImVec2 at{std::clamp(target.center().x, bubble.min.x + 2 * tip, bubble.max.x - 2 * tip),
                  std::clamp(target.center().y, bubble.min.y + 2 * tip, bubble.max.y - 2 * tip)};
  if (bubble.min.y >= target.max.y)
    list->AddTriangleFilled({at.x - tip, bubble.min.y + 1}, {at.x + tip, bubble.min.y + 1},
                            {at.x, bubble.min.y - tip}, theme.primary);
  else if (bubble.max.y <= target.min.y)
    list->AddTriangleFilled({at.x + tip, bubble.max.y - 1}, {at.x - tip, bubble.max.y - 1},
                            {at.x, bubble.max.y + tip}, theme.primary);
  else if (bubble.min.x >= target.max.x)
    list->AddTriangleFilled({bubble.min.x + 1, at.y + tip}, {bubble.min.x + 1, at.y - tip},
                            {bubble.min.x - tip, at.y}, theme.primary);
  else
    list->AddTriangleFilled({bubble.max.x - 1, at.y - tip}, {bubble.max.x - 1, at.y + tip},
                            {bubble.max.x + tip, at.y}, theme.primary);
  list->AddRectFilled(bubble.min, bubble.max, theme.primary, ui.radius());
  ui::draw_rich(list, ui, words, ui::Role::body, {bubble.min.x + ui.dp(12), bubble.min.y + ui.dp(8)},
                theme.on_primary);
}

}  // namespace

void prepare_lesson(LabContext& context) {
  const LessonRun* run = present_lesson(context.model);
  context.ui.locked = nullptr;
  FrameState& state = context.state;
  if (run == nullptr) {
    state.lesson_shown = {};
    return;
  }
  const Model& model = context.model;
  context.ui.locked = [&model](std::string_view key) { return lesson_locks(model, key); };
  const auto here = std::pair(run->lesson->id, run->step);
  if (state.lesson_shown == here) return;
  state.lesson_shown = here;
  state.lesson_text.clear();
  if (!run->now().point.empty()) context.ui.bring_into_sight(run->now().point.front().key);
}

void note_lesson_events(LabContext& context) {
  context.eye.pointer_held = ImGui::IsMouseDown(0);
  for (const std::string& key : context.ui.take_pressed())
    if (present_lesson(context.model) != nullptr) context.outbox.post(command::LessonPressed{key});
}

void draw_lesson_pointers(LabContext& context, const FrameLayout& layout) {
  const LessonRun* run = present_lesson(context.model);
  ui::Ui& ui = context.ui;
  if (run == nullptr || ui.probe == nullptr || context.model.session.dialog != Dialog::none ||
      ui.scope_open())
    return;
  // What was done needs no finger any more.
  if (run->done && !run->now().wait.empty()) return;
  std::vector<std::pair<ui::Rect, const LessonPointer*>> found;
  std::vector<ui::Rect> taken;
  for (const LessonPointer& pointer : run->now().point) {
    const auto target = target_of(context, layout, pointer.key);
    if (!target) continue;
    found.emplace_back(grown(*target, ui.dp(4)), &pointer);
    taken.push_back(found.back().first);
  }
  ImDrawList* list = ImGui::GetForegroundDrawList();
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  for (const auto& [rect, pointer] : found) {
    list->AddRect({rect.min.x - ui.dp(3), rect.min.y - ui.dp(3)},
                  {rect.max.x + ui.dp(3), rect.max.y + ui.dp(3)}, ui::with_alpha(ui.theme->primary, 0.28f),
                  ui.dp(11), 0, ui.dp(5));
    list->AddRect(rect.min, rect.max, ui.theme->primary, ui.dp(9), 0, ui.dp(2.5f));
    ui.probe->add(
        {.key = "lesson.ring", .kind = "ring", .value = pointer->key, .min = rect.min, .max = rect.max});
    const std::string& said = pointer->words.in(context.texts.language());
    if (said.empty()) continue;
    const ui::RichLayout words = ui::layout_rich(ui.fonts, said, ui::Role::body, ui.dp(230));
    const ImVec2 size{words.width + ui.dp(24), words.height + ui.dp(16)};
    const auto bubble = place_bubble(rect, size, screen, ui.dp(14), taken);
    if (!bubble) continue;
    taken.push_back(*bubble);
    draw_bubble(ui, words, *bubble, rect);
  }
}

}  // namespace poolscope
