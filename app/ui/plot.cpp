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
  bool logarithmic_x = false;
  double share_of_x(double v) const {
    if (logarithmic_x) return std::log(v / x.min) / std::log(x.max / x.min);
    return (v - x.min) / (x.max - x.min);
  }
  double x_at(double share) const {
    return logarithmic_x ? x.min * std::pow(x.max / x.min, share) : x.min + share * (x.max - x.min);
  }
  float px(double v) const { return area.min.x + static_cast<float>(share_of_x(v)) * area.width(); }
  float py(double v) const {
    return area.max.y - static_cast<float>((v - y.min) / (y.max - y.min)) * area.height();
  }
};

ImU32 color_of(const Ui& ui, const Curve& curve, size_t index) {
  return curve.color ? curve.color : ui.theme->series[index % ui.theme->series.size()];
}

double bin_width(const Curve& curve) {
  return curve.x.size() > 1 ? curve.x[1] - curve.x[0] : 1;
}

/// Bars begin at 0 and are wider than a point.
void make_room_for_bars(std::span<const Curve> curves, const PlotOptions& o, Frame& frame) {
  for (const Curve& curve : curves) {
    if (curve.form == CurveForm::line || curve.x.empty()) continue;
    frame.y.add(0);
    const double half = curve.form == CurveForm::bars ? 0.5 : bin_width(curve) / 2;
    frame.x.add(curve.x.front() - half);
    frame.x.add(curve.x.back() + half);
    if (curve.form == CurveForm::bars) frame.x.add(static_cast<double>(o.groups.size()) - 0.5);
  }
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
  make_room_for_bars(curves, o, frame);
  frame.logarithmic_x = o.logarithmic_x && frame.x.min > 0 && frame.x.max > frame.x.min;
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

/// The ticks of one axis and their words.
struct Ticks {
  std::vector<double> at;
  std::vector<std::string> words;
};

Ticks linear_ticks(Range range, int count, bool percent) {
  Ticks ticks;
  const double slack = (range.max - range.min) * 1e-6;
  for (const double v : nice_ticks(range.min, range.max, count))
    if (v >= range.min - slack && v <= range.max + slack) ticks.at.push_back(v);
  const double scale = percent ? 100 : 1, step = step_of(ticks.at);
  for (const double v : ticks.at) {
    const bool grouped = step >= 1 && std::fabs(v) >= 10'000 && !percent;
    ticks.words.push_back(grouped ? format_count(std::llround(v))
                                  : tick_text(scale * v, scale * step) + (percent ? " %" : ""));
  }
  return ticks;
}

/// 1, 2 and 5 times powers of ten, or the powers alone where there are many.
Ticks logarithmic_ticks(Range range) {
  Ticks ticks;
  const int first = static_cast<int>(std::floor(std::log10(range.min))),
            last = static_cast<int>(std::ceil(std::log10(range.max)));
  for (int power = first; power <= last; ++power)
    for (const double part : {1.0, 2.0, 5.0}) {
      const double v = part * std::pow(10.0, power);
      if ((part > 1 && last - first > 4) || v < range.min * 0.999999 || v > range.max * 1.000001) continue;
      ticks.at.push_back(v);
      ticks.words.push_back(v >= 10'000 ? format_count(std::llround(v)) : format_short(v));
    }
  return ticks;
}

/// Whether x counts something: then its ticks do, too.
bool all_whole(std::span<const Curve> curves) {
  for (const Curve& curve : curves)
    for (const double x : curve.x)
      if (x != std::floor(x)) return false;
  return true;
}

Ticks group_ticks(std::span<const std::string> groups) {
  Ticks ticks;
  for (size_t i = 0; i < groups.size(); ++i) {
    ticks.at.push_back(static_cast<double>(i));
    ticks.words.push_back(groups[i]);
  }
  return ticks;
}

/// The name of a group in one line, or in two where it is wider than `room`, cut at the space that makes the
/// wider of them narrowest.
std::vector<std::string> group_lines(const SizedFont& font, const std::string& words, float room) {
  if (text_width(font, words) <= room) return {words};
  std::vector<std::string> best = {words};
  float narrowest = text_width(font, words);
  for (size_t at = words.find(' '); at != std::string::npos; at = words.find(' ', at + 1)) {
    const std::string first = words.substr(0, at), second = words.substr(at + 1);
    const float width = std::max(text_width(font, first), text_width(font, second));
    if (width >= narrowest) continue;
    narrowest = width;
    best = {first, second};
  }
  for (std::string& line : best)
    line = fitted(font, line, room);
  return best;
}

float group_room(const Ui& ui, float width, size_t count) {
  return width / static_cast<float>(std::max<size_t>(count, 1)) - ui.dp(6);
}

void draw_group_names(Ui& ui, const Frame& frame, const Ticks& xs) {
  const SizedFont font = ui.fonts.sized(Role::caption);
  const float room = group_room(ui, frame.area.width(), xs.at.size());
  for (size_t i = 0; i < xs.at.size(); ++i) {
    float y = frame.area.max.y + ui.dp(6);
    for (const std::string& line : group_lines(font, xs.words[i], room)) {
      put_text(ImGui::GetWindowDrawList(), font, {frame.px(xs.at[i]) - text_width(font, line) / 2, y},
               ui.theme->text_faint, line);
      y += font.size_px + ui.dp(1);
    }
  }
}

void draw_axes(Ui& ui, const Frame& frame, const Ticks& xs, const Ticks& ys, bool groups) {
  const Theme& t = *ui.theme;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const SizedFont font = ui.fonts.sized(Role::caption);
  for (size_t i = 0; i < ys.at.size(); ++i) {
    const float y = std::round(frame.py(ys.at[i]));
    list->AddRectFilled({frame.area.min.x, y}, {frame.area.max.x, y + ui.hairline()}, t.hairline);
    const std::string& words = ys.words[i];
    put_text(list, font, {frame.area.min.x - ui.dp(8) - text_width(font, words), y - font.size_px / 2},
             t.text_faint, words);
  }
  if (groups) return draw_group_names(ui, frame, xs);
  float free_from = -FLT_MAX;
  for (size_t i = 0; i < xs.at.size(); ++i) {
    const std::string& words = xs.words[i];
    const float w = text_width(font, words), x = frame.px(xs.at[i]) - w / 2;
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

void draw_whisker(Ui& ui, const Frame& frame, const Curve& curve, size_t i, float x, ImU32 color) {
  if (i >= curve.low.size() || i >= curve.high.size()) return;
  const float low = frame.py(curve.low[i]), high = frame.py(curve.high[i]);
  if (!std::isfinite(low + high) || curve.low[i] == curve.high[i]) return;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float cap = ui.dp(4), thickness = ui.dp(1.5f);
  list->AddLine({x, low}, {x, high}, color, thickness);
  for (const float y : {low, high})
    list->AddLine({x - cap, y}, {x + cap, y}, color, thickness);
}

/// Bar `place` of `count` in every group, with its interval.
void draw_bars(Ui& ui, const Frame& frame, const Curve& curve, ImU32 color, size_t place, size_t count) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float group = std::min((frame.px(1) - frame.px(0)) * 0.72f, ui.dp(54) * static_cast<float>(count));
  const float width = group / static_cast<float>(count), base = frame.py(0);
  for (size_t i = 0; i < std::min(curve.x.size(), curve.y.size()); ++i) {
    if (!std::isfinite(curve.y[i])) continue;
    const float left = frame.px(curve.x[i]) - group / 2 + width * static_cast<float>(place) + ui.dp(1);
    const float right = left + width - ui.dp(2), end = frame.py(curve.y[i]);
    list->AddRectFilled({left, std::min(end, base)}, {right, std::max(end, base) + ui.hairline()}, color,
                        ui.dp(2));
    draw_whisker(ui, frame, curve, i, (left + right) / 2, ui.theme->text);
  }
}

/// Bins wash over each other; their outline tells them apart.
void draw_histogram(Ui& ui, const Frame& frame, const Curve& curve, ImU32 color) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const double half = bin_width(curve) / 2;
  const float base = frame.py(0);
  const size_t count = std::min(curve.x.size(), curve.y.size());
  for (size_t i = 0; i < count; ++i)
    list->AddRectFilled({frame.px(curve.x[i] - half), frame.py(curve.y[i])},
                        {frame.px(curve.x[i] + half), base}, with_alpha(color, 0.25f));
  list->PathClear();
  if (count > 0) list->PathLineTo({frame.px(curve.x[0] - half), base});
  for (size_t i = 0; i < count; ++i)
    for (const double side : {-half, half})
      list->PathLineTo({frame.px(curve.x[i] + side), frame.py(curve.y[i])});
  if (count > 0) list->PathLineTo({frame.px(curve.x[count - 1] + half), base});
  list->PathStroke(color, 0, ui.dp(1.5f));
}

void draw_curve(Ui& ui, const Frame& frame, const Curve& curve, ImU32 color) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (!curve.whiskers) draw_band(frame, curve, with_alpha(color, 0.16f), list);
  const float thickness = ui.dp(2);
  const size_t count = std::min(curve.x.size(), curve.y.size());
  list->PathClear();
  for (size_t i = 0; i <= count && !curve.bare; ++i) {
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
    if (!std::isfinite(curve.y[i])) continue;
    list->AddCircleFilled({frame.px(curve.x[i]), frame.py(curve.y[i])}, ui.dp(3.5f), color, 16);
    if (curve.whiskers) draw_whisker(ui, frame, curve, i, frame.px(curve.x[i]), color);
  }
}

/// Bars stand side by side, curves over one another.
void draw_all_curves(Ui& ui, const Frame& frame, std::span<const Curve> curves) {
  size_t bars = 0, place = 0;
  for (const Curve& curve : curves)
    bars += curve.form == CurveForm::bars ? 1 : 0;
  for (size_t i = 0; i < curves.size(); ++i) {
    const ImU32 color = color_of(ui, curves[i], i);
    if (curves[i].form == CurveForm::bars)
      draw_bars(ui, frame, curves[i], color, place++, bars);
    else if (curves[i].form == CurveForm::histogram)
      draw_histogram(ui, frame, curves[i], color);
    else
      draw_curve(ui, frame, curves[i], color);
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
    } else if (curves[i].form != CurveForm::line) {
      list->AddRectFilled({x, middle - ui.dp(4)}, {x + stroke - ui.dp(6), middle + ui.dp(5)}, color,
                          ui.dp(2));
    } else if (curves[i].bare) {
      list->AddCircleFilled({x + stroke / 2, middle}, ui.dp(3.5f), color, 16);
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
void draw_hover(Ui& ui, const Frame& frame, std::span<const Curve> curves, const PlotOptions& o,
                float mouse_x) {
  const float at = mouse_x;
  double nearest = NAN;
  for (const Curve& curve : curves) {
    for (const double x : curve.x) {
      if (std::isnan(nearest) || std::abs(frame.px(x) - at) < std::abs(frame.px(nearest) - at)) nearest = x;
    }
  }
  if (std::isnan(nearest)) return;
  const Theme& t = *ui.theme;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float x = std::round(frame.px(nearest));
  const bool groups = !o.groups.empty();
  if (!groups)
    list->AddRectFilled({x, frame.area.min.y}, {x + ui.hairline(), frame.area.max.y}, t.neutral_line);
  const SizedFont font = ui.fonts.sized(Role::caption);
  struct Row {
    std::string words;
    ImU32 color;
  };
  const auto number = [](double v, bool percent) {
    return percent ? format_short(100 * v, 3) + " %" : format_short(v);
  };
  const auto group = static_cast<size_t>(std::max(0.0, nearest));
  std::vector<Row> rows{{group < o.groups.size() ? o.groups[group] : number(nearest, o.percent_x), 0}};
  float widest = text_width(font, rows[0].words);
  for (size_t i = 0; i < curves.size(); ++i) {
    const Curve& curve = curves[i];
    for (size_t k = 0; k < std::min(curve.x.size(), curve.y.size()); ++k) {
      if (curve.x[k] != nearest || !std::isfinite(curve.y[k])) continue;
      const ImU32 color = color_of(ui, curve, i);
      if (curve.form == CurveForm::line)
        list->AddCircleFilled({x, frame.py(curve.y[k])}, ui.dp(4), color, 16);
      std::string words = curve.name + "  " + number(curve.y[k], o.percent_y);
      const bool interval = k < curve.low.size() && k < curve.high.size() && curve.low[k] < curve.high[k];
      if (interval && std::isfinite(curve.low[k]) && std::isfinite(curve.high[k]))
        words += "  (" + number(curve.low[k], o.percent_y) + " – " + number(curve.high[k], o.percent_y) + ")";
      rows.push_back({std::move(words), color});
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
  // In large type on a small screen fewer numbers stand beside the axis, so that they do not touch.
  const float rows = (whole.max.y - y - 3 * caption.size_px) / (1.4f * caption.size_px);
  const Ticks y_ticks = linear_ticks(frame.y, static_cast<int>(std::clamp(rows, 1.0f, 5.0f)), o.percent_y);
  const int steps = all_whole(curves) && !o.percent_x
                        ? static_cast<int>(std::clamp(frame.x.max - frame.x.min, 1.0, 8.0))
                        : 8;
  const Ticks x_ticks = !o.groups.empty()     ? group_ticks(o.groups)
                        : frame.logarithmic_x ? logarithmic_ticks(frame.x)
                                              : linear_ticks(frame.x, steps, o.percent_x);
  float left = 0;
  for (const std::string& words : y_ticks.words)
    left = std::max(left, text_width(caption, words));
  size_t lines = 1;
  const float group = group_room(ui, width - left - ui.dp(18), o.groups.size());
  for (const std::string& words : o.groups)
    lines = std::max(lines, group_lines(caption, words, group).size());
  const float below = static_cast<float>(lines) * (caption.size_px + ui.dp(1)) + ui.dp(7) +
                      (o.x_label.empty() ? 0 : caption.size_px + ui.dp(2));
  if (!o.y_label.empty()) {
    put_text(list, caption, {at.x, y}, t.text_faint, o.y_label);
    y += caption.size_px + ui.dp(2);
  }
  frame.area = {{std::round(at.x + left + ui.dp(8)), std::round(y + ui.dp(8))},
                {std::round(whole.max.x - ui.dp(10)), std::round(whole.max.y - below)}};
  ImGui::Dummy({width, height});
  ui.record(key, "plot", o.title, whole);
  if (frame.area.width() < 4 || frame.area.height() < 4) return;
  draw_axes(ui, frame, x_ticks, y_ticks, !o.groups.empty());
  if (!o.x_label.empty()) {
    put_text(list, caption,
             {frame.area.center().x - text_width(caption, o.x_label) / 2, whole.max.y - caption.size_px},
             t.text_faint, o.x_label);
  }
  list->PushClipRect({frame.area.min.x - ui.dp(4), frame.area.min.y - ui.dp(4)},
                     {frame.area.max.x + ui.dp(4), frame.area.max.y + ui.dp(4)}, true);
  draw_all_curves(ui, frame, curves);
  if (std::isfinite(o.marker_x)) {
    const float x = std::round(frame.px(o.marker_x));
    dashed_line(list, {x, frame.area.min.y}, {x, frame.area.max.y}, t.text_faint, ui.hairline(),
                {ui.dp(4), ui.dp(3), 0});
  }
  list->PopClipRect();
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (ImGui::IsWindowHovered() && frame.area.contains(mouse)) draw_hover(ui, frame, curves, o, mouse.x);
}

}  // namespace poolscope::ui
