// Plots, small pictures and the words that go with them.

#include <algorithm>
#include <cmath>

#include "app/labs/evidence_lab.h"
#include "app/scene/evidence_series.h"
#include "app/ui/plot.h"
#include "app/ui/shapes.h"

namespace poolscope {

namespace {

/// All values are shares of a whole, and some come near it: the axis goes from 0 to 100 %, and no further.
bool is_whole_share(const EvidencePlot& plot) {
  double least = 0, most = 0;
  for (const EvidenceSeries& series : plot.series)
    for (const double y : series.y) {
      least = std::min(least, y);
      most = std::max(most, y);
    }
  return plot.y_unit == Unit::share && least >= 0 && most > 0.6 && most <= 1;
}

ui::Curve curve_of(const LabContext& context, const EvidencePlot& plot, const EvidenceSeries& series,
                   size_t slot) {
  ui::Curve curve;
  curve.name = evidence_name(context, series.of);
  curve.x = series.x;
  curve.y = series.y;
  curve.low = series.low;
  curve.high = series.high;
  curve.color = context.ui.theme->series[slot];
  if (plot.form != PlotForm::lines && !series.theory) {
    curve.form = plot.form == PlotForm::bars ? ui::CurveForm::bars : ui::CurveForm::histogram;
    return curve;
  }
  if (series.theory) {
    if (series.of != "theory") curve.name += " · " + context.text("evidence_lab.formula");
    curve.dashed = true;
    return curve;
  }
  curve.bare = scene::has_formula(plot, series.of);
  // A band runs from left to right; a curve that turns back has error bars.
  curve.whiskers = curve.bare || !std::is_sorted(series.x.begin(), series.x.end());
  curve.points = !scene::covers_another(plot, series);
  curve.dashed = !curve.points;
  return curve;
}

}  // namespace

std::string evidence_name(const LabContext& context, const std::string& of) {
  const std::string key = "evidence.of." + of;
  return context.texts.has(key) ? context.texts.get(key) : of;
}

void draw_evidence_plot(LabContext& context, const std::string& key, const EvidencePlot& plot, float height) {
  const std::vector<size_t> slots = scene::series_slots(plot);
  std::vector<ui::Curve> curves;
  for (size_t i = 0; i < plot.series.size(); ++i)
    curves.push_back(curve_of(context, plot, plot.series[i], slots[i]));
  std::vector<std::string> groups;
  for (const std::string& tick : plot.ticks)
    groups.push_back(evidence_name(context, tick));
  const std::string base = "evidence.plot." + plot.id;
  const std::string title = context.texts.get(base), x = context.texts.get(base + ".x"),
                    y = context.texts.get(base + ".y");
  ui::PlotOptions options;
  options.title = title;
  options.x_label = x;
  options.y_label = y;
  options.height = height;
  options.logarithmic_x = plot.logarithmic_x;
  options.percent_x = plot.x_unit == Unit::share;
  options.percent_y = plot.y_unit == Unit::share;
  options.groups = groups;
  if (is_whole_share(plot)) options.y_max = 1;
  if (plot.marker_x) options.marker_x = *plot.marker_x;
  ui::plot(context.ui, key, curves, options);
}

void draw_evidence_pictures(LabContext& context, const std::vector<EvidencePicture>& pictures) {
  ui::Ui& ui = context.ui;
  const float width = ui::available_width(ui), gap = ui.sp(3), caption = ui.dp(22);
  const auto count = static_cast<float>(pictures.size());
  const float side = std::clamp((width + gap) / std::max(count, 1.0f) - gap, ui.dp(88), ui.dp(190));
  const float in_row = std::max(1.0f, std::floor((width + gap) / (side + gap)));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ui::SizedFont font = ui.fonts.sized(ui::Role::caption);
  for (size_t i = 0; i < pictures.size(); ++i) {
    const EvidencePicture& picture = pictures[i];
    const float column = std::fmod(static_cast<float>(i), in_row),
                row = std::floor(static_cast<float>(i) / in_row);
    const ImVec2 corner{std::round(at.x + column * (side + gap)),
                        std::round(at.y + row * (side + caption + gap))};
    const Shape& shape = picture.values->shape();
    const auto h = static_cast<float>(shape.h), w = static_cast<float>(shape.w);
    const float scale = side / std::max(h, w);
    PictureView view;
    view.tensor = picture.values;
    view.screen_x0 = corner.x + (side - w * scale) / 2;
    view.screen_y0 = corner.y + (side - h * scale) / 2;
    view.screen_x1 = view.screen_x0 + w * scale;
    view.screen_y1 = view.screen_y0 + h * scale;
    view.x1 = w;
    view.y1 = h;
    view.range = {picture.low, picture.high};
    context.painter.draw(ImGui::GetWindowDrawList(), view);
    ui::outline_outside(ImGui::GetWindowDrawList(), {view.screen_x0, view.screen_y0},
                        {view.screen_x1, view.screen_y1}, ui.theme->hairline, 0, ui.hairline());
    const std::string words = context.texts.get("evidence.picture." + picture.id);
    ui::text_centered(ImGui::GetWindowDrawList(), font.font, font.size_px,
                      {corner.x + side / 2, corner.y + side + caption / 2}, ui.theme->text_soft,
                      words.c_str());
    ui.record("evidence.picture." + std::to_string(i), "picture", words,
              {corner, {corner.x + side, corner.y + side}});
  }
  const float rows = std::ceil(count / in_row);
  ImGui::Dummy({width, rows * (side + caption + gap) - gap});
}

}  // namespace poolscope
