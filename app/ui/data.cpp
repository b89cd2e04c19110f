#include <cmath>
#include <string>

#include "app/ui/item.h"
#include "app/ui/native.h"
#include "app/ui/shapes.h"
#include "app/ui/widgets.h"

namespace poolscope::ui {
namespace {

/// Rows of digits, small and grey: what a matrix looks like before there is a picture of it.
void draw_placeholder(Ui& ui, Rect rect, std::string_view words) {
  // Smaller than any role: a picture of digits rather than text.
  SizedFont font = ui.fonts.sized(Role::mono_small);
  font.size_px *= 0.8f;
  int lines = 1;
  float widest = 0;
  for (size_t at = 0; at <= words.size();) {
    const size_t end = std::min(words.find('\n', at), words.size());
    widest = std::max(widest, text_width(font, words.substr(at, end - at)));
    if (end < words.size()) ++lines;
    at = end + 1;
  }
  const float pitch = std::min(font.size_px * 0.88f, (rect.height() - ui.dp(10)) / static_cast<float>(lines));
  float y = rect.center().y - pitch * static_cast<float>(lines) / 2 + (pitch - font.size_px) / 2;
  for (size_t at = 0; at < words.size();) {
    const size_t end = std::min(words.find('\n', at), words.size());
    put_text(ImGui::GetWindowDrawList(), font, {rect.center().x - widest / 2, y}, ui.theme->text_faint,
             words.substr(at, end - at));
    y += pitch;
    at = end + 1;
  }
}

/// The largest rectangle with the texture's proportions in the middle of `rect`; thumbnails of any shape stay
/// true.
Rect letterbox(Rect rect, float aspect) {
  if (aspect <= 0) return rect;
  const float w = std::min(rect.width(), rect.height() * aspect), h = w / aspect;
  const ImVec2 c = rect.center();
  return {{std::round(c.x - w / 2), std::round(c.y - h / 2)},
          {std::round(c.x + w / 2), std::round(c.y + h / 2)}};
}

}  // namespace

bool thumbnail(Ui& ui, std::string_view key, TextureHandle texture, ThumbnailOptions o) {
  o.enabled = o.enabled && !ui.is_locked(key);
  const float side = o.size > 0 ? o.size : ui.dp(52);
  const Item item = make_item(ui, key,
                              {.size = {side, side},
                               .kind = "thumbnail",
                               .value = o.tooltip,
                               .enabled = o.enabled,
                               .selected = o.selected,
                               .tooltip = o.tooltip});
  const Theme& t = *ui.theme;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float rounding = ui.dp(6);
  frame(list, item.rect.min, item.rect.max, item.hovered ? t.control_hover : t.control, t.hairline, rounding,
        ui.hairline());
  if (texture) {
    const Rect at = letterbox(item.rect, o.aspect);
    const ImU32 tint = o.enabled ? IM_COL32_WHITE : IM_COL32(255, 255, 255, 90);
    list->AddImageRounded(native_texture(texture), at.min, at.max, o.uv0, o.uv1, tint,
                          o.aspect > 0 && o.aspect != 1 ? 0 : rounding);
    outline_inside(list, item.rect.min, item.rect.max, with_alpha(t.neutral_line, 0.35f), rounding,
                   ui.hairline());
  } else if (!o.placeholder.empty()) {
    draw_placeholder(ui, item.rect, o.placeholder);
  }
  const float out = ui.dp(2);
  if (o.selected) {
    outline_outside(list, {item.rect.min.x - out, item.rect.min.y - out},
                    {item.rect.max.x + out, item.rect.max.y + out}, t.primary, rounding + out,
                    std::max(2.0f, ui.dp(2)));
  } else if (item.hovered) {
    outline_outside(list, item.rect.min, item.rect.max, t.neutral_line, rounding, ui.hairline());
  }
  focus_ring(ui, item, rounding + out);
  return item.pressed;
}

void progress_bar(Ui& ui, std::string_view key, double fraction, float width, ImU32 color) {
  const float w = std::round(fill_width(ui, width)), h = ui.dp(8);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 end{at.x + w, at.y + h};
  const Theme& t = *ui.theme;
  const ImU32 ink = color ? color : t.primary;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(at, end, t.track, h / 2);
  if (fraction >= 0) {
    const float x = static_cast<float>(std::min(1.0, fraction)) * w;
    if (x > 0.5f) list->AddRectFilled(at, {at.x + std::max(x, h), end.y}, ink, h / 2);
  } else {
    // Unknown total: a third of the bar wanders, once across in 1.6 s; standing still with reduced motion.
    const double phase = ui.reduced_motion ? 0.5 : std::fmod(ui.time_seconds() / 1.6, 1.0);
    const float part = w * 0.3f, x = at.x - part + static_cast<float>(phase) * (w + part);
    const float from = std::max(at.x, x), to = std::min(end.x, x + part);
    if (to > from) list->AddRectFilled({from, at.y}, {to, end.y}, ink, h / 2);
    if (!ui.reduced_motion) ui.want_frame_in(0);
  }
  ImGui::Dummy({w, h});
  ui.record(key, "progress", fraction < 0 ? "unknown" : std::to_string(std::lround(fraction * 100)) + " %",
            {at, end});
}

void bar_row(Ui& ui, std::string_view key, std::string_view label, double fraction, std::string_view value,
             BarOptions o) {
  const SizedFont name = ui.fonts.sized(o.marked ? Role::body_bold : Role::body);
  const SizedFont number = ui.fonts.sized(Role::body_bold);
  const Theme& t = *ui.theme;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = available_width(ui), space = ui.sp(2);
  const float label_px = o.label_width > 0 ? o.label_width : text_width(name, label);
  const float value_px = o.value_width > 0 ? o.value_width : text_width(number, value);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float line = number.size_px, h = ui.dp(8);
  put_text(list, name, at, o.marked ? t.text : t.text_soft, fitted(name, label, label_px));
  put_text(list, number, {at.x + width - text_width(number, value), at.y}, t.text, value);
  const Rect bar{{at.x + label_px + space, std::round(at.y + (line - h) / 2)},
                 {at.x + width - value_px - space, std::round(at.y + (line - h) / 2) + h}};
  const ImU32 ink = o.color ? o.color : t.primary;
  if (bar.width() > h) {
    list->AddRectFilled(bar.min, bar.max, t.track, h / 2);
    const float full = static_cast<float>(std::clamp(fraction, 0.0, 1.0)) * bar.width();
    // Even the smallest share leaves a mark.
    if (fraction > 0)
      list->AddRectFilled(bar.min, {bar.min.x + std::max(full, ui.dp(2)), bar.max.y}, ink, h / 2);
    if (o.marked) {
      const float out = ui.dp(2);
      outline_outside(list, {bar.min.x - out, bar.min.y - out}, {bar.max.x + out, bar.max.y + out}, ink,
                      h / 2 + out, ui.hairline());
    }
  }
  ImGui::Dummy({width, line});
  ui.record(key, "bar", value, {at, {at.x + width, at.y + line}}, true, o.marked);
}

namespace {

/// Column widths: by content, the rest shared by weight.
std::vector<float> table_widths(const Ui& ui, std::span<const Column> columns,
                                std::span<const std::vector<TableCell>> rows, float width, float space) {
  std::vector<float> widths;
  float used = space * static_cast<float>(columns.size() - 1), weights = 0;
  for (size_t c = 0; c < columns.size(); ++c) {
    float w = text_width(ui.fonts.sized(Role::caption), columns[c].title);
    for (const auto& row : rows) {
      if (c >= row.size()) continue;
      const bool bold = row[c].bold && columns[c].role == Role::body;
      const float dot = row[c].dot ? ui.dp(15) : 0;
      w = std::max(w,
                   text_width(ui.fonts.sized(bold ? Role::body_bold : columns[c].role), row[c].text) + dot);
    }
    widths.push_back(std::ceil(w));
    used += widths.back();
    weights += columns[c].weight;
  }
  const float spare = width - used;
  for (size_t c = 0; c < columns.size(); ++c) {
    if (spare > 0 && weights > 0) widths[c] += spare * columns[c].weight / weights;
    if (spare < 0)
      widths[c] *= (width - space * static_cast<float>(columns.size() - 1)) /
                   std::max(1.0f, used - space * static_cast<float>(columns.size() - 1));
  }
  return widths;
}

void put_cell(Ui& ui, const Column& column, const TableCell& cell, float x, float y, float width,
              float line) {
  const bool bold = cell.bold && column.role == Role::body;
  const SizedFont font = ui.fonts.sized(bold ? Role::body_bold : column.role);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float dot = cell.dot ? ui.dp(15) : 0;
  const std::string shown = fitted(font, cell.text, width - dot);
  const float w = text_width(font, shown) + dot;
  const float from = column.align == Align::right    ? x + width - w
                     : column.align == Align::center ? x + (width - w) / 2
                                                     : x;
  if (cell.dot) list->AddCircleFilled({from + ui.dp(5), y + line / 2}, ui.dp(5), cell.dot, 16);
  put_text(list, font, {from + dot, y + (line - font.size_px) / 2}, cell.color ? cell.color : ui.theme->text,
           shown);
}

}  // namespace

std::optional<int> table(Ui& ui, std::string_view key, std::span<const Column> columns,
                         std::span<const std::vector<TableCell>> rows, int selected, bool clickable) {
  if (columns.empty()) return std::nullopt;
  const float width = available_width(ui), space = ui.sp(4), line = ui.dp(24);
  const std::vector<float> widths = table_widths(ui, columns, rows, width, space);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const bool titled =
      std::any_of(columns.begin(), columns.end(), [](const Column& c) { return !c.title.empty(); });
  float y = at.y;
  if (titled) {
    float x = at.x;
    for (size_t c = 0; c < columns.size(); ++c) {
      Column title = columns[c];
      title.role = Role::caption;
      put_cell(ui, title, {.text = title.title, .color = ui.theme->text_faint}, x, y, widths[c], line);
      x += widths[c] + space;
    }
    y += line;
  }
  std::optional<int> clicked;
  for (size_t r = 0; r < rows.size(); ++r) {
    const float bleed = ui.dp(6);
    const Rect rect{{at.x - bleed, y}, {at.x + width + bleed, y + line}};
    const std::string name = std::string(key) + "." + std::to_string(r);
    const std::string_view value = rows[r].empty() ? std::string_view() : std::string_view(rows[r][0].text);
    const bool on = static_cast<int>(r) == selected;
    if (clickable) {
      ImGui::SetCursorScreenPos(rect.min);
      const Item item =
          make_item(ui, name, {.size = {rect.width(), line}, .kind = "row", .value = value, .selected = on});
      if (item.pressed) clicked = static_cast<int>(r);
      if (on || item.hovered) {
        list->AddRectFilled(rect.min, rect.max, on ? ui.theme->primary_soft : ui.theme->control_hover,
                            ui.dp(6));
      }
      focus_ring(ui, item, ui.dp(4));
    } else {
      ui.record(name, "row", value, rect, true, on);
    }
    float x = at.x;
    for (size_t c = 0; c < columns.size() && c < rows[r].size(); ++c) {
      put_cell(ui, columns[c], rows[r][c], x, y, widths[c], line);
      x += widths[c] + space;
    }
    y += line;
  }
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({width, std::max(1.0f, y - at.y)});
  return clicked;
}

HotArea hot_area(Ui& ui, std::string_view key, Rect rect, std::string_view kind, std::string_view value,
                 bool focusable, bool enabled) {
  const ImVec2 back = ImGui::GetCursorScreenPos();
  ImGui::SetCursorScreenPos(rect.min);
  const Item item = make_item(ui, key,
                              {.size = {rect.width(), rect.height()},
                               .kind = kind,
                               .value = value,
                               .enabled = enabled,
                               .focusable = focusable});
  HotArea area;
  area.hovered = item.hovered;
  area.held = item.held;
  area.pressed = item.activated;
  area.clicked = item.pressed;
  area.focused = item.focused;
  area.right_clicked = item.hovered && ImGui::IsMouseClicked(1);
  area.double_clicked = item.hovered && ImGui::IsMouseDoubleClicked(0);
  ImGui::SetCursorScreenPos(back);
  return area;
}

}  // namespace poolscope::ui
