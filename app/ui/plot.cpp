#include "app/ui/plot.h"

#include <cmath>
#include <cstdio>
#include <limits>

#include "app/ui/item.h"
#include "app/ui/shapes.h"
#include "app/ui/widgets.h"
#include "core/base/message.h"

namespace poolscope::ui {
namespace {

struct Range {
  double min = std::numeric_limits<double>::infinity(), max = -std::numeric_limits<double>::infinity();
  void add(double v) {
    if (!std::isfinite(v)) return;
    min = std::min(min, v);
    max = std::max(max, v);
  }
  void settle() {
    if (!(min <= max)) *this = Range{0, 1};
    if (min == max) {
      const double room = min == 0 ? 1 : std::abs(min) * 0.5;
      min -= room;
      max += room;
    }
  }
};

/// Data to pixels.
struct Frame {
  Rect area;
  Range x, y;
  float px(double v) const {
    return area.min.x + static_cast<float>((v - x.min) / (x.max - x.min)) * area.width();
  }
  float py(double v) const {
    return area.max.y - static_cast<float>((v - y.min) / (y.max - y.min)) * area.height();
  }
};

ImU32 color_of(const Ui& ui, const Curve& curve, size_t index) {
  return curve.color ? curve.color : ui.theme->series[index % ui.theme->series.size()];
}

void measure(std::span<const Curve> curves, const PlotOptions& o, Frame& frame) {
  for (const Curve& curve : curves) {
    for (const double v : curve.x)
      frame.x.add(v);
    for (const auto* values : {&curve.y, &curve.low, &curve.high}) {
      for (const double v : *values)
        frame.y.add(v);
    }
  }
  if (o.x_min != o.x_max) frame.x = {o.x_min, o.x_max};
  if (o.y_min != o.y_max) frame.y = {o.y_min, o.y_max};
  frame.x.settle();
  frame.y.settle();
  if (o.y_min == o.y_max) {
    // The lines of the grid are the ends of the axis.
    const auto ticks = nice_ticks(frame.y.min, frame.y.max, 5);
    frame.y = {std::min(frame.y.min, ticks.front()), std::max(frame.y.max, ticks.back())};
  }
}

/// Ticks with as many decimals as their distance needs, so that they line up.
std::string tick_text(double value, double step) {
  const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 9);
  char text[48];
  std::snprintf(text, sizeof text, "%.*f", decimals, value == 0 ? 0.0 : value);
  std::string out(text);
  if (out.starts_with('-')) out.replace(0, 1, "−");
  return out;
}

double step_of(const std::vector<double>& ticks) {
  return ticks.size() > 1 ? ticks[1] - ticks[0] : 1;
}

void draw_axes(Ui& ui, const Frame& frame, const std::vector<double>& xs, const std::vector<double>& ys) {
  const Theme& t = *ui.theme;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const SizedFont font = ui.fonts.sized(Role::caption);
  for (const double v : ys) {
    const float y = std::round(frame.py(v));
    list->AddRectFilled({frame.area.min.x, y}, {frame.area.max.x, y + ui.hairline()}, t.hairline);
    const std::string words = tick_text(v, step_of(ys));
    put_text(list, font, {frame.area.min.x - ui.dp(8) - text_width(font, words), y - font.size_px / 2},
             t.text_faint, words);
  }
  float free_from = -FLT_MAX;
  for (const double v : xs) {
    const std::string words = tick_text(v, step_of(xs));
    const float w = text_width(font, words), x = frame.px(v) - w / 2;
    if (x < free_from) continue;  // no number over another
    put_text(list, font, {x, frame.area.max.y + ui.dp(6)}, t.text_faint, words);
    free_from = x + w + ui.dp(6);
  }
}

void draw_band(const Frame& frame, const Curve& curve, ImU32 color, ImDrawList* list) {
  const size_t count = std::min({curve.x.size(), curve.low.size(), curve.high.size()});
  for (size_t i = 0; i + 1 < count; ++i) {
    const float a = frame.px(curve.x[i]), b = frame.px(curve.x[i + 1]);
    const float values[] = {frame.py(curve.high[i]), frame.py(curve.high[i + 1]), frame.py(curve.low[i + 1]),
                            frame.py(curve.low[i])};
    if (!std::isfinite(values[0] + values[1] + values[2] + values[3])) continue;
    list->AddQuadFilled({a, values[0]}, {b, values[1]}, {b, values[2]}, {a, values[3]}, color);
  }
}

void draw_curve(Ui& ui, const Frame& frame, const Curve& curve, ImU32 color) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  draw_band(frame, curve, with_alpha(color, 0.16f), list);
  const float thickness = ui.dp(2);
  const size_t count = std::min(curve.x.size(), curve.y.size());
  list->PathClear();
  for (size_t i = 0; i <= count; ++i) {
    const bool real = i < count && std::isfinite(curve.x[i]) && std::isfinite(curve.y[i]);
    if (real) list->PathLineTo({frame.px(curve.x[i]), frame.py(curve.y[i])});
    if (real) continue;
    // The end, or a gap in the data.
    if (!curve.dashed) {
      list->PathStroke(color, 0, thickness);
      continue;
    }
    // Copied: drawing a line uses the same path.
    const std::vector<ImVec2> points(list->_Path.begin(), list->_Path.end());
    list->PathClear();
    float phase = 0;
    for (size_t p = 0; p + 1 < points.size(); ++p) {
      dashed_line(list, points[p], points[p + 1], color, thickness, {ui.dp(5), ui.dp(4), phase});
      phase += std::hypot(points[p + 1].x - points[p].x, points[p + 1].y - points[p].y);
    }
  }
  if (!curve.points) return;
  for (size_t i = 0; i < count; ++i) {
    if (std::isfinite(curve.y[i])) {
      list->AddCircleFilled({frame.px(curve.x[i]), frame.py(curve.y[i])}, ui.dp(3.5f), color, 16);
    }
  }
}

/// One row of names with a stroke each, right of the title. Returns false when it does not fit there.
void draw_legend(Ui& ui, std::span<const Curve> curves, Rect row) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const SizedFont font = ui.fonts.sized(Role::caption);
  const float stroke = ui.dp(16), space = ui.dp(6), between = ui.dp(14);
  float x = row.min.x, y = row.min.y;
  for (size_t i = 0; i < curves.size(); ++i) {
    const float w = stroke + space + text_width(font, curves[i].name);
    if (x > row.min.x && x + w > row.max.x) {
      x = row.min.x;
      y += font.size_px + ui.dp(3);
    }
    const float middle = std::round(y + font.size_px / 2);
    const ImU32 color = color_of(ui, curves[i], i);
    if (curves[i].dashed) {
      dashed_line(list, {x, middle}, {x + stroke, middle}, color, ui.dp(2), {ui.dp(4), ui.dp(2), 0});
    } else {
      list->AddRectFilled({x, middle - ui.dp(1)}, {x + stroke, middle + ui.dp(1)}, color);
    }
    put_text(list, font, {x + stroke + space, y}, ui.theme->text_soft, curves[i].name);
    x += w + between;
  }
}

float legend_height(const Ui& ui, std::span<const Curve> curves, float width) {
  const SizedFont font = ui.fonts.sized(Role::caption);
  float x = 0;
  int rows = 1;
  for (const Curve& curve : curves) {
    const float w = ui.dp(22) + text_width(font, curve.name);
    if (x > 0 && x + w > width) {
      ++rows;
      x = 0;
    }
    x += w + ui.dp(14);
  }
  return static_cast<float>(rows) * (font.size_px + ui.dp(3)) + ui.dp(5);
}

/// The values of all curves at the point nearest to the mouse, in a small card beside it.
void draw_hover(Ui& ui, const Frame& frame, std::span<const Curve> curves, float mouse_x) {
  const double at =
      frame.x.min + (mouse_x - frame.area.min.x) / frame.area.width() * (frame.x.max - frame.x.min);
  double nearest = NAN;
  for (const Curve& curve : curves) {
    for (const double x : curve.x) {
      if (std::isnan(nearest) || std::abs(x - at) < std::abs(nearest - at)) nearest = x;
    }
  }
  if (std::isnan(nearest)) return;
  const Theme& t = *ui.theme;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float x = std::round(frame.px(nearest));
  list->AddRectFilled({x, frame.area.min.y}, {x + ui.hairline(), frame.area.max.y}, t.neutral_line);
  const SizedFont font = ui.fonts.sized(Role::caption);
  struct Row {
    std::string words;
    ImU32 color;
  };
  std::vector<Row> rows{{format_short(nearest), 0}};
  float widest = text_width(font, rows[0].words);
  for (size_t i = 0; i < curves.size(); ++i) {
    const Curve& curve = curves[i];
    for (size_t k = 0; k < std::min(curve.x.size(), curve.y.size()); ++k) {
      if (curve.x[k] != nearest || !std::isfinite(curve.y[k])) continue;
      const ImU32 color = color_of(ui, curve, i);
      list->AddCircleFilled({x, frame.py(curve.y[k])}, ui.dp(4), color, 16);
      rows.push_back({curve.name + "  " + format_short(curve.y[k]), color});
      widest = std::max(widest, text_width(font, rows.back().words) + ui.dp(14));
      break;
    }
  }
  const float pad = ui.dp(8), line = font.size_px + ui.dp(2);
  const ImVec2 size{widest + 2 * pad, line * static_cast<float>(rows.size()) + 2 * pad};
  ImVec2 p{x + ui.dp(10), frame.area.min.y + ui.dp(4)};
  if (p.x + size.x > frame.area.max.x) p.x = x - ui.dp(10) - size.x;
  soft_shadow(list, p, {p.x + size.x, p.y + size.y}, ui.dp(6), t.shadow, ui.dp(8), ui.dp(2));
  poolscope::ui::frame(list, p, {p.x + size.x, p.y + size.y}, t.panel, t.hairline, ui.dp(6), ui.hairline());
  float y = p.y + pad;
  for (const Row& row : rows) {
    if (row.color)
      list->AddCircleFilled({p.x + pad + ui.dp(4), y + font.size_px / 2}, ui.dp(4), row.color, 12);
    put_text(list, font, {p.x + pad + (row.color ? ui.dp(14) : 0), y}, row.color ? t.text : t.text_faint,
             row.words);
    y += line;
  }
}

}  // namespace

std::vector<double> nice_ticks(double min, double max, int count) {
  if (!(max > min) || count < 1) return {min};
  const double raw = (max - min) / count;
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  const double part = raw / power;
  const double step = power * (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10);
  std::vector<double> ticks;
  const double first = std::floor(min / step + 1e-9), last = std::ceil(max / step - 1e-9);
  for (double i = first; i <= last; ++i)
    ticks.push_back(i * step);
  return ticks;
}

void plot(Ui& ui, std::string_view key, std::span<const Curve> curves, const PlotOptions& o) {
  const float width = fill_width(ui, o.width), height = o.height > 0 ? o.height : ui.dp(220);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const Rect whole{at, {at.x + width, at.y + height}};
  const Theme& t = *ui.theme;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const SizedFont caption = ui.fonts.sized(Role::caption);
  Frame frame;
  measure(curves, o, frame);
  float y = at.y;
  if (!o.title.empty()) {
    put_text(list, ui.fonts.sized(Role::body_bold), {at.x, y}, t.text,
             fitted(ui.fonts.sized(Role::body_bold), o.title, width));
    y += ui.fonts.size(Role::body_bold) + ui.dp(1);
  }
  if (!o.subtitle.empty()) {
    put_text(list, caption, {at.x, y}, t.text_faint, fitted(caption, o.subtitle, width));
    y += caption.size_px + ui.dp(4);
  }
  if (o.legend && curves.size() > 1) {
    y += ui.dp(2);
    draw_legend(ui, curves, {{at.x, y}, {at.x + width, y}});
    y += legend_height(ui, curves, width);
  }
  const std::vector<double> ys = nice_ticks(frame.y.min, frame.y.max, 5);
  const std::vector<double> xs = nice_ticks(frame.x.min, frame.x.max, 8);
  const auto visible = [](const std::vector<double>& ticks, Range range) {
    const double slack = (range.max - range.min) * 1e-6;
    std::vector<double> inside;
    for (const double v : ticks) {
      if (v >= range.min - slack && v <= range.max + slack) inside.push_back(v);
    }
    return inside;
  };
  const std::vector<double> y_ticks = visible(ys, frame.y), x_ticks = visible(xs, frame.x);
  float left = 0;
  for (const double v : y_ticks)
    left = std::max(left, text_width(caption, tick_text(v, step_of(y_ticks))));
  const float below = caption.size_px + ui.dp(8) + (o.x_label.empty() ? 0 : caption.size_px + ui.dp(2));
  if (!o.y_label.empty()) {
    put_text(list, caption, {at.x, y}, t.text_faint, o.y_label);
    y += caption.size_px + ui.dp(2);
  }
  frame.area = {{std::round(at.x + left + ui.dp(8)), std::round(y + ui.dp(8))},
                {std::round(whole.max.x - ui.dp(10)), std::round(whole.max.y - below)}};
  ImGui::Dummy({width, height});
  ui.record(key, "plot", o.title, whole);
  if (frame.area.width() < 4 || frame.area.height() < 4) return;
  draw_axes(ui, frame, x_ticks, y_ticks);
  if (!o.x_label.empty()) {
    put_text(list, caption,
             {frame.area.center().x - text_width(caption, o.x_label) / 2, whole.max.y - caption.size_px},
             t.text_faint, o.x_label);
  }
  list->PushClipRect({frame.area.min.x - ui.dp(4), frame.area.min.y - ui.dp(4)},
                     {frame.area.max.x + ui.dp(4), frame.area.max.y + ui.dp(4)}, true);
  for (size_t i = 0; i < curves.size(); ++i)
    draw_curve(ui, frame, curves[i], color_of(ui, curves[i], i));
  if (std::isfinite(o.marker_x)) {
    const float x = std::round(frame.px(o.marker_x));
    dashed_line(list, {x, frame.area.min.y}, {x, frame.area.max.y}, t.text_faint, ui.hairline(),
                {ui.dp(4), ui.dp(3), 0});
  }
  list->PopClipRect();
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (ImGui::IsWindowHovered() && frame.area.contains(mouse)) draw_hover(ui, frame, curves, mouse.x);
}

}  // namespace poolscope::ui
