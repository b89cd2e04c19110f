#include <cmath>
#include <string>

#include "app/ui/item.h"
#include "app/ui/widgets.h"
#include "core/base/message.h"

namespace poolscope::ui {
namespace {

/// Where a value sits on the track, 0 to 1.
double fraction_of(const SliderOptions& o, double value) {
  if (o.max <= o.min) return 0;
  const double v = std::clamp(value, o.min, o.max);
  if (o.logarithmic && o.min > 0) return std::log(v / o.min) / std::log(o.max / o.min);
  return (v - o.min) / (o.max - o.min);
}

double value_at(const SliderOptions& o, double fraction) {
  const double f = std::clamp(fraction, 0.0, 1.0);
  if (o.logarithmic && o.min > 0) return o.min * std::pow(o.max / o.min, f);
  return o.min + (o.max - o.min) * f;
}

/// The nearest value that the slider can take: on a step, on a detent close by, inside the limits.
double settle(const SliderOptions& o, double value, double detent_reach) {
  double v = value;
  if (o.step > 0) v = o.min + std::round((v - o.min) / o.step) * o.step;
  const double at = fraction_of(o, value);
  for (const double detent : o.detents) {
    if (std::abs(fraction_of(o, detent) - at) <= detent_reach) v = detent;
  }
  return std::clamp(v, o.min, o.max);
}

double key_step(const SliderOptions& o) {
  if (o.step > 0) return o.step;
  return (o.max - o.min) / 100;
}

double stepped(const SliderOptions& o, double value, double steps) {
  // A continuous logarithmic track is walked in equal parts of its length.
  if (o.logarithmic && o.step <= 0) return value_at(o, fraction_of(o, value) + steps / 100);
  return value + steps * key_step(o);
}

constexpr Key kSliderKeys[] = {Key::left, Key::right, Key::up,      Key::down,
                               Key::home, Key::end,   Key::page_up, Key::page_down};

/// The value that the keys of this frame ask for. The keys are taken, so that no shortcut sees them.
std::optional<double> moved_by_keys(Ui& ui, const SliderOptions& o, double value) {
  const double many = ui.shift() ? 10 : 1;
  const double page = std::max(1.0, std::round((o.max - o.min) / 10 / key_step(o)));
  std::optional<double> next;
  for (const Key key : kSliderKeys) {
    if (ui.key_taken(key) || !ui.key_pressed(key)) continue;
    ui.take_key(key);
    switch (key) {
      case Key::left:
      case Key::down:
        next = stepped(o, value, -many);
        break;
      case Key::right:
      case Key::up:
        next = stepped(o, value, many);
        break;
      case Key::page_down:
        next = stepped(o, value, -page);
        break;
      case Key::page_up:
        next = stepped(o, value, page);
        break;
      default:
        next = key == Key::home ? o.min : o.max;
    }
  }
  return next;
}

bool any_key_down(const Ui& ui) {
  return std::any_of(std::begin(kSliderKeys), std::end(kSliderKeys),
                     [&](Key key) { return ui.key_down(key); });
}

struct Track {
  Rect rect;
  float radius, knob;
};

void draw_track(Ui& ui, const Item& item, const Track& track, double fraction, const SliderOptions& o) {
  const Theme& t = *ui.theme;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImU32 color = !o.enabled ? t.text_disabled : o.color ? o.color : t.primary;
  const float x = track.rect.min.x + static_cast<float>(fraction) * track.rect.width();
  const float y = track.rect.center().y;
  list->AddRectFilled(track.rect.min, track.rect.max, t.track, track.radius);
  for (const double detent : o.detents) {
    const float dx = track.rect.min.x + static_cast<float>(fraction_of(o, detent)) * track.rect.width();
    list->AddCircleFilled({dx, y}, track.radius * 0.8f, t.neutral_line, 12);
  }
  if (x > track.rect.min.x) list->AddRectFilled(track.rect.min, {x, track.rect.max.y}, color, track.radius);
  const float ring = ui.dp(2), grow = item.held ? ui.dp(1) : 0;
  if (item.hovered && !item.held)
    list->AddCircleFilled({x, y}, track.knob + ui.dp(4), with_alpha(color, 0.14f), 32);
  list->AddCircleFilled({x, y}, track.knob + grow, color, 32);
  list->AddCircleFilled({x, y}, track.knob - ring, t.panel, 32);
  if (item.focused) {
    list->AddCircle({x, y}, track.knob + ui.dp(4), t.focus, 32, std::max(2.0f, ui.dp(2)));
  }
}

/// Label left, value right, and what the caller puts between them. Returns its height.
float draw_labels(Ui& ui, std::string_view label, std::string_view value, const SliderOptions& o, ImVec2 at,
                  float width) {
  const SizedFont name = ui.fonts.sized(Role::body), number = ui.fonts.sized(Role::body_bold);
  const Theme& t = *ui.theme;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float value_px = text_width(number, value);
  const float room = width - value_px - ui.sp(2) - (o.middle_width > 0 ? o.middle_width + ui.sp(2) : 0);
  const std::string shown = fitted(name, label, room);
  put_text(list, name, at, o.enabled ? t.text_soft : t.text_disabled, shown);
  put_text(list, number, {at.x + width - value_px, at.y}, o.enabled ? t.text : t.text_disabled, value);
  if (o.middle) {
    // In the middle of the space that is left between label and value.
    const float from = at.x + text_width(name, shown), to = at.x + width - value_px;
    const float x =
        std::clamp((from + to - o.middle_width) / 2, from + ui.sp(2), std::max(from + ui.sp(2), to));
    ImGui::SetCursorScreenPos(
        {std::round(x), at.y + std::round((name.size_px - ui.fonts.size(Role::caption)) / 2)});
    o.middle();
  }
  return name.size_px;
}

}  // namespace

SliderChange slider(Ui& ui, std::string_view key, std::string_view label, double value, SliderOptions o) {
  o.enabled = o.enabled && !ui.is_locked(key);
  const float width = std::round(fill_width(ui, o.width));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float hit = ui.dp(14), knob = ui.dp(7);
  const std::string own = o.value_text.empty() ? format_short(value) : std::string();
  const std::string_view shown = o.value_text.empty() ? std::string_view(own) : o.value_text;
  float y = at.y;
  if (o.label_row) y += draw_labels(ui, label, shown, o, at, width);

  // The clickable strip is higher than the track and a little wider, for the knob at the ends.
  ImGui::SetCursorScreenPos({at.x - knob, y});
  const Item item = make_item(ui, key,
                              {.size = {width + 2 * knob, hit},
                               .kind = "slider",
                               .value = shown,
                               .enabled = o.enabled,
                               .keys_press = false,
                               .tooltip = o.tooltip});
  const float half = ui.dp(2), middle = std::round(y + hit / 2);
  const Track track{{{at.x, middle - half}, {at.x + width, middle + half}}, half, knob};

  SliderChange change{value};
  Ui::Memory& keyed = ui.memory(item.id);
  const auto move_to = [&](double wanted, double reach) {
    change.value = settle(o, wanted, reach);
    change.edited = change.value != value;
  };
  if (item.activated) change.started = true;
  if (item.held) {
    move_to(value_at(o, (ImGui::GetIO().MousePos.x - at.x) / width), ui.dp(6) / width);
  } else if (item.focused && ui.in_top_scope() && !ui.text_active()) {
    if (const auto wanted = moved_by_keys(ui, o, value)) {
      if (!keyed.flag) change.started = true;
      keyed.flag = true;
      move_to(*wanted, 0);
    }
  }
  if (ImGui::IsItemDeactivated()) change.finished = true;
  // A held arrow key is one change, which ends when it is let go or the focus leaves.
  if (keyed.flag && (!any_key_down(ui) || !item.focused)) {
    keyed.flag = false;
    change.finished = true;
  }
  draw_track(ui, item, track, fraction_of(o, change.value), o);
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({width, y + hit - at.y});
  return change;
}

}  // namespace poolscope::ui
