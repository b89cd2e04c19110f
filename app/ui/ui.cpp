#include "app/ui/ui.h"

#include <imgui_internal.h>

#include <utility>

#include "app/ui/card.h"
#include "app/ui/item.h"
#include "app/ui/rich_text.h"
#include "app/ui/shapes.h"

namespace poolscope::ui {

namespace {

static_assert(static_cast<int>(Key::count) <= 64, "taken keys are bits of one word");

#if IMGUI_VERSION_NUM >= 18700
constexpr int kNative[] = {
    ImGuiKey_Tab,         ImGuiKey_LeftArrow, ImGuiKey_RightArrow, ImGuiKey_UpArrow, ImGuiKey_DownArrow,
    ImGuiKey_PageUp,      ImGuiKey_PageDown,  ImGuiKey_Home,       ImGuiKey_End,     ImGuiKey_Insert,
    ImGuiKey_Delete,      ImGuiKey_Backspace, ImGuiKey_Space,      ImGuiKey_Enter,   ImGuiKey_Escape,
    ImGuiKey_F1,          ImGuiKey_F5,        ImGuiKey_F11,        ImGuiKey_A,       ImGuiKey_B,
    ImGuiKey_C,           ImGuiKey_D,         ImGuiKey_E,          ImGuiKey_F,       ImGuiKey_G,
    ImGuiKey_H,           ImGuiKey_I,         ImGuiKey_J,          ImGuiKey_K,       ImGuiKey_L,
    ImGuiKey_M,           ImGuiKey_N,         ImGuiKey_O,          ImGuiKey_P,       ImGuiKey_Q,
    ImGuiKey_R,           ImGuiKey_S,         ImGuiKey_T,          ImGuiKey_U,       ImGuiKey_V,
    ImGuiKey_W,           ImGuiKey_X,         ImGuiKey_Y,          ImGuiKey_Z,       ImGuiKey_0,
    ImGuiKey_1,           ImGuiKey_2,         ImGuiKey_3,          ImGuiKey_4,       ImGuiKey_5,
    ImGuiKey_6,           ImGuiKey_7,         ImGuiKey_8,          ImGuiKey_9,       ImGuiKey_Equal,
    ImGuiKey_Minus,       ImGuiKey_Slash,     ImGuiKey_Comma,      ImGuiKey_Period,  ImGuiKey_LeftBracket,
    ImGuiKey_RightBracket};
constexpr int kKeypadEnter = ImGuiKey_KeypadEnter;
bool pressed_native(int key, bool repeat) {
  return ImGui::IsKeyPressed(static_cast<ImGuiKey>(key), repeat);
}
bool down_native(int key) {
  return ImGui::IsKeyDown(static_cast<ImGuiKey>(key));
}
#else
// Before 1.87 Dear ImGui passes the backend's codes through: these are GLFW's.
constexpr int kNative[] = {258, 263, 262, 265, 264, 266, 267, 268, 269, 260, 261, 259, 32,  257, 256, 290,
                           294, 300, 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N',
                           'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', '0', '1', '2', '3',
                           '4', '5', '6', '7', '8', '9', '=', '-', '/', ',', '.', '[', ']'};
constexpr int kKeypadEnter = 335;
bool pressed_native(int key, bool repeat) {
  return ImGui::IsKeyPressed(key, repeat);
}
bool down_native(int key) {
  return ImGui::IsKeyDown(key);
}
#endif
static_assert(std::size(kNative) == static_cast<size_t>(Key::count));

constexpr double kTooltipDelay = 0.45;

}  // namespace

int native_key(Key key) {
  return kNative[static_cast<size_t>(key)];
}

Ui::Ui(Fonts& fonts_in) : fonts(fonts_in) {}
Ui::~Ui() = default;

void Ui::begin_frame(double dt_seconds) {
  dt_ = dt_seconds;
  time_ += dt_seconds;
  asked_ = -1;
  taken_ = 0;
  order_.clear();
  scopes_.clear();
  regions_.clear();
  top_scope_ = next_top_scope_;
  next_top_scope_ = 0;
  tip_.alive = false;
  if (probe) probe->begin_frame();
  for (int button = 0; button < 3; ++button) {
    if (!ImGui::IsMouseClicked(button)) continue;
    focus_visible_ = false;
    focus_id_ = 0;  // the clicked widget takes it back
  }
  if (text_active()) want_frame_in(0.4);  // the caret blinks
}

void Ui::end_frame() {
  move_focus();
  close_left_modals();
  draw_tooltip();
  while (!toasts_.empty() && toasts_.front().until_seconds <= time_)
    toasts_.pop_front();
  if (!toasts_.empty()) want_frame_in(std::max(0.0, toasts_.front().until_seconds - time_));
  next_frame_in_ = asked_;
}

void Ui::want_frame_in(double seconds) {
  asked_ = asked_ < 0 ? seconds : std::min(asked_, seconds);
}

void Ui::toast(std::string words, bool is_error) {
  fonts.need_glyphs(words);
  // Long enough to read: about 15 characters a second, errors longer.
  const double reading = 2.0 + static_cast<double>(words.size()) / 15.0;
  toasts_.push_back({std::move(words), is_error, time_ + (is_error ? 2.0 : 0.0) + std::min(reading, 8.0)});
  if (toasts_.size() > 3) toasts_.pop_front();
}

void Ui::record(std::string_view key, std::string_view kind, std::string_view value, Rect rect, bool enabled,
                bool selected, bool is_focused) {
  if (!probe) return;
  const ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 clip_min = list->GetClipRectMin(), clip_max = list->GetClipRectMax();
  ProbeItem item;
  item.key = key;
  item.kind = kind;
  item.value = value;
  item.min = {std::max(rect.min.x, clip_min.x), std::max(rect.min.y, clip_min.y)};
  item.max = {std::min(rect.max.x, clip_max.x), std::min(rect.max.y, clip_max.y)};
  item.enabled = enabled;
  item.focused = is_focused;
  item.selected = selected;
  probe->add(std::move(item));
}

bool Ui::focus_item(ImGuiID id, bool enabled) {
  if (!enabled) return false;
  order_.push_back({id, scopes_.empty() ? 0 : scopes_.back()});
  return id == focus_id_;
}

void Ui::set_focus(ImGuiID id, bool by_keyboard) {
  focus_id_ = id;
  focus_visible_ = by_keyboard;
  focus_fresh_ = true;
  if (by_keyboard) arrived_id_ = id;
}

void Ui::push_focus_scope(ImGuiID id) {
  scopes_.push_back(id);
  next_top_scope_ = id;  // the last one drawn lies on top
}
void Ui::pop_focus_scope() {
  scopes_.pop_back();
}

void Ui::move_focus() {
  const bool fresh = std::exchange(focus_fresh_, false);
  if (!fresh) arrived_id_ = 0;
  const auto takes_part = [this](const Focusable& f) { return f.scope == next_top_scope_; };
  const auto held =
      std::find_if(order_.begin(), order_.end(), [&](const Focusable& f) { return f.id == focus_id_; });
  if (held != order_.end() ? !takes_part(*held) : focus_id_ != 0 && !fresh) {
    focus_id_ = 0;  // the widget is gone, or covered by a dialog
    focus_visible_ = false;
  }
  if (key_pressed(Key::escape, false) && !key_taken(Key::escape) && !text_active()) focus_visible_ = false;
  if (!key_pressed(Key::tab) || key_taken(Key::tab) || ctrl()) return;
  std::vector<ImGuiID> ids;
  for (const Focusable& f : order_) {
    if (takes_part(f)) ids.push_back(f.id);
  }
  if (ids.empty()) return;
  const auto at = std::find(ids.begin(), ids.end(), focus_id_);
  const size_t count = ids.size();
  size_t next = shift() ? count - 1 : 0;
  if (at != ids.end()) {
    const size_t now = static_cast<size_t>(at - ids.begin());
    // After a click the focus is where the mouse was; the first Tab goes on from there.
    next = shift() ? (now + count - 1) % count : (now + 1) % count;
  }
  if (text_active()) ImGui::ClearActiveID();
  set_focus(ids[next], true);
  focus_fresh_ = false;
  want_frame_in(0);
}

bool Ui::ctrl() const {
  return ImGui::GetIO().KeyCtrl;
}
bool Ui::shift() const {
  return ImGui::GetIO().KeyShift;
}

bool Ui::key_pressed(Key key, bool repeat) const {
  return pressed_native(native_key(key), repeat) ||
         (key == Key::enter && pressed_native(kKeypadEnter, repeat));
}
bool Ui::key_down(Key key) const {
  return down_native(native_key(key)) || (key == Key::enter && down_native(kKeypadEnter));
}

bool Ui::shortcut(Key key, bool with_ctrl, bool with_shift, bool repeat) const {
  return !text_active() && !key_taken(key) && ctrl() == with_ctrl && shift() == with_shift &&
         !ImGui::GetIO().KeyAlt && key_pressed(key, repeat);
}

bool Ui::char_typed(unsigned code_point) const {
  if (text_active()) return false;
  const auto& typed = ImGui::GetIO().InputQueueCharacters;
  return std::find(typed.begin(), typed.end(), static_cast<ImWchar>(code_point)) != typed.end();
}

void Ui::close_left_modals() {
  // Dear ImGui would keep blocking the mouse for a dialog that nobody draws any more.
  const auto& stack = ImGui::GetCurrentContext()->OpenPopupStack;
  for (const ImGuiID before : modals_before_) {
    if (std::find(modals_now_.begin(), modals_now_.end(), before) != modals_now_.end()) continue;
    for (int level = 0; level < stack.Size; ++level) {
      if (stack[level].PopupId != before) continue;
      ImGui::ClosePopupToLevel(level, true);
      want_frame_in(0);
      break;
    }
  }
  modals_before_ = std::exchange(modals_now_, {});
}

float Ui::right_edge() const {
  if (!regions_.empty()) return regions_.back().right;
  return ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
}

float Ui::region_top() const {
  return regions_.empty() ? ImGui::GetCursorScreenPos().y : regions_.back().top;
}

void Ui::push_region(float right_x) {
  regions_.push_back({right_x, ImGui::GetCursorScreenPos().y});
}

void Ui::offer_tooltip(ImGuiID id, Rect rect, bool hovered, std::string_view words) {
  const bool by_focus = focus_visible() && focus_id_ == id;
  if (words.empty() || (!hovered && !by_focus)) return;
  if (tip_.id != id || tip_.by_mouse != hovered) tip_ = {id, rect, {}, time_, hovered, true};
  tip_.words = words;
  tip_.rect = rect;
  tip_.alive = true;
}

void Ui::draw_tooltip() {
  if (!tip_.alive || ImGui::IsMouseDown(0)) {
    tip_.id = 0;
    return;
  }
  const double left = tip_.since + kTooltipDelay - time_;
  if (left > 0) return want_frame_in(left);
  const RichLayout layout = layout_rich(fonts, tip_.words, Role::caption, dp(280));
  const ImVec2 pad{dp(10), dp(7)};
  const ImVec2 size{layout.width + 2 * pad.x, layout.height + 2 * pad.y};
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  const float margin = dp(6);
  ImVec2 at{tip_.rect.center().x - size.x / 2, tip_.rect.max.y + margin};
  if (at.y + size.y > screen.y - margin) at.y = tip_.rect.min.y - margin - size.y;
  at.x = std::round(std::clamp(at.x, margin, std::max(margin, screen.x - margin - size.x)));
  at.y = std::round(std::max(at.y, margin));
  const ImVec2 end{at.x + size.x, at.y + size.y};
  ImDrawList* list = ImGui::GetForegroundDrawList();
  // Dark on paper and light on night: the tip is no part of the page.
  const bool night = theme->name == ThemeName::night;
  soft_shadow(list, at, end, dp(6), theme->shadow, dp(8), dp(2));
  list->AddRectFilled(at, end, night ? theme->control_press : theme->text, dp(6));
  draw_rich(list, *this, layout, Role::caption, {at.x + pad.x, at.y + pad.y},
            night ? theme->text : theme->panel);
}

}  // namespace poolscope::ui
