// Step 4 of the Network lab: what is confused with what, the worst mistakes, and pictures that are moved.

#include <algorithm>
#include <cmath>

#include "app/labs/compare_lab.h"
#include "app/labs/network_lab.h"
#include "app/labs/tensor_box.h"
#include "app/model/network_runs.h"
#include "app/ui/item.h"
#include "app/ui/plot.h"
#include "app/ui/shapes.h"

namespace poolscope {

namespace {

/// Counts of a class over all its pictures.
double share_of(const std::vector<int64_t>& confusion, size_t classes, size_t truth, size_t predicted) {
  int64_t total = 0;
  for (size_t k = 0; k < classes; ++k)
    total += confusion[truth * classes + k];
  return total > 0 ? static_cast<double>(confusion[truth * classes + predicted]) / static_cast<double>(total)
                   : 0;
}

ImU32 cell_color(double share) {
  // The root makes few mistakes visible beside many right answers.
  const Rgb8 color = colormap_at(Colormap::viridis, std::sqrt(share));
  return IM_COL32(color.r, color.g, color.b, 255);
}

void draw_shifted(LabContext& context, const NetworkRun& run, float height) {
  ui::Ui& ui = context.ui;
  std::vector<ui::Curve> curves;
  for (const NetworkRun& other : context.model.network.runs) {
    if (other.shifted.empty()) continue;
    ui::Curve curve;
    curve.name = "#" + std::to_string(other.id);
    curve.color = ui.theme->series[static_cast<size_t>(other.id - 1) % ui.theme->series.size()];
    curve.points = &other == &run;
    for (size_t d = 0; d < other.shifted.size(); ++d) {
      curve.x.push_back(static_cast<double>(d));
      curve.y.push_back(other.shifted[d]);
    }
    curves.push_back(std::move(curve));
  }
  ui::PlotOptions options;
  options.title = context.text("network.shifted.title");
  options.x_label = context.text("network.shifted.x");
  options.height = height;
  options.x_min = 0;
  options.x_max = kFarthestShift;
  options.y_min = 0;
  options.y_max = 1;
  ui::plot(ui, "network.shifted", curves, options);
}

/// Pictures that were taken for something else with the most confidence; a click applies the network to one.
void draw_mistakes(LabContext& context, const NetworkRun& run, const EvaluationRun& evaluation) {
  ui::Ui& ui = context.ui;
  ui::section(ui, context.text("network.mistakes"));
  if (evaluation.worst.empty()) {
    ui::paragraph(ui, context.text("network.mistakes.none"), ui::Role::body, ui.theme->text_soft);
    return;
  }
  const SampleSheet& sheet = evaluation.worst_sheet;
  const float side = ui.dp(56), space = ui.dp(10), line = ui.fonts.size(ui::Role::caption) + ui.dp(4);
  const float room = ui::available_width(ui);
  const auto columns = std::max<size_t>(1, static_cast<size_t>((room + space) / (side + space)));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ui::SizedFont font = ui.fonts.sized(ui::Role::caption);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const size_t shown = std::min(evaluation.worst.size(), columns * 3);
  for (size_t i = 0; i < shown; ++i) {
    const auto sample = static_cast<size_t>(evaluation.worst[i]);
    const float x = at.x + static_cast<float>(i % columns) * (side + space),
                y = at.y + static_cast<float>(i / columns) * (side + line + space);
    const ui::Rect box{{x, y}, {x + side, y + side}};
    PictureView view;
    view.tensor = sheet.pictures;
    view.screen_x0 = box.min.x, view.screen_y0 = box.min.y;
    view.screen_x1 = box.max.x, view.screen_y1 = box.max.y;
    view.x0 = static_cast<double>(static_cast<int64_t>(i) % sheet.columns * (sheet.shape.w + 1));
    view.y0 = static_cast<double>(static_cast<int64_t>(i) / sheet.columns * (sheet.shape.h + 1));
    view.x1 = view.x0 + static_cast<double>(sheet.shape.w);
    view.y1 = view.y0 + static_cast<double>(sheet.shape.h);
    view.channel = sheet.shape.c == 3 ? -1 : 0;
    view.range = {0, 255};
    view.grid = false;
    context.painter.draw(list, view);
    const std::string truth = run.classes[run.test->labels[sample]],
                      taken = run.classes[evaluation.test.predicted[sample]];
    const ui::HotArea area =
        ui::hot_area(ui, "network.mistake." + std::to_string(i), box, "picture", truth + " " + taken);
    if (area.hovered) {
      ui::outline_outside(list, box.min, box.max, ui.theme->primary, ui.dp(3), ui.dp(2));
      draw_pointer_note(context, context.say(Message("network.mistake")
                                                 .with("class", truth)
                                                 .with("answer", taken)
                                                 .with("percent", format_percent(static_cast<double>(
                                                                      evaluation.test.confidence[sample])))));
    }
    const std::string words = truth + " → " + taken;
    ui::put_text(list, font, {x, y + side + ui.dp(2)}, ui.theme->text_soft,
                 ui::fitted(font, words, side + space));
    if (!area.clicked) continue;
    NetworkSetup setup = context.model.document.network;
    setup.apply.source = ApplySource::sample;
    setup.apply.of_training = false;
    setup.apply.sample = evaluation.worst[i];
    setup.apply.right = setup.apply.down = 0;
    edit_network(context, std::move(setup));
    show_network_page(context, NetworkPage::apply);
  }
  ImGui::SetCursorScreenPos(at);
  const auto rows = static_cast<float>((shown + columns - 1) / columns);
  ImGui::Dummy({room, rows * (side + line + space)});
}

void draw_score(LabContext& context, const EvaluationRun& evaluation) {
  ui::Ui& ui = context.ui;
  const Score& score = evaluation.test.score;
  ui::text(ui, ui::Role::display, ui.theme->text, format_percent(score.accuracy) + " %");
  const int64_t wrong = score.samples - std::llround(score.accuracy * static_cast<double>(score.samples));
  ui::paragraph(ui,
                context.say(Message("network.score")
                                .with("count", format_count(score.samples))
                                .with("wrong", format_count(wrong))
                                .with("loss", format_short(score.loss, 3))
                                .with("step", format_count(evaluation.request.step))),
                ui::Role::body, ui.theme->text_soft);
}

}  // namespace

void draw_confusion(LabContext& context, const char* key, ui::Rect area, bool numbers) {
  ui::Ui& ui = context.ui;
  const std::shared_ptr<const EvaluationRun> evaluation = context.model.network.shown_evaluation();
  const NetworkRun* run = context.model.network.shown();
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (!evaluation || run == nullptr || evaluation->test.predicted.empty()) {
    ui::frame(list, area.min, area.max, ui.theme->control, ui.theme->hairline, ui.dp(6), ui.hairline());
    ui::put_centered(list, ui.fonts.sized(ui::Role::caption), area, ui.theme->text_faint,
                     context.text("network.confusion.none"));
    return;
  }
  const auto classes = static_cast<size_t>(run->plan->classes());
  const std::vector<int64_t>& confusion = evaluation->test.confusion;
  const ui::SizedFont font = ui.fonts.sized(ui::Role::caption);
  const float labels = font.size_px + ui.dp(6);
  const float cell =
      std::floor((std::min(area.width(), area.height()) - labels) / static_cast<float>(classes));
  if (cell < 2) return;
  const ImVec2 at{area.min.x + labels, area.min.y + labels};
  const ui::HotArea hot = ui::hot_area(
      ui, key, {at, {at.x + cell * static_cast<float>(classes), at.y + cell * static_cast<float>(classes)}},
      "matrix");
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  for (size_t truth = 0; truth < classes; ++truth)
    for (size_t predicted = 0; predicted < classes; ++predicted) {
      const ImVec2 corner{at.x + static_cast<float>(predicted) * cell,
                          at.y + static_cast<float>(truth) * cell};
      const ui::Rect box{corner, {corner.x + cell - 1, corner.y + cell - 1}};
      const int64_t count = confusion[truth * classes + predicted];
      const ImU32 color = cell_color(share_of(confusion, classes, truth, predicted));
      list->AddRectFilled(box.min, box.max, color);
      if (numbers && count > 0 && cell > ui.dp(22)) {
        const std::string words = std::to_string(count);
        const ui::SizedFont small = ui.fonts.number_font(std::min(ui.dp(13), cell * 0.4f));
        ui::text_centered(list, small.font, small.size_px, box.center(), ui::readable_on(color),
                          words.c_str());
      }
      if (hot.hovered && box.contains(mouse)) {
        ui::outline_outside(list, box.min, box.max, ui.theme->window.line, 0, ui.dp(2));
        draw_pointer_note(context, context.say(Message("network.confusion.cell")
                                                   .with("class", run->classes[truth])
                                                   .with("answer", run->classes[predicted])
                                                   .with("count", format_count(count))));
      }
    }
  for (size_t k = 0; k < classes; ++k) {
    if (cell < font.size_px * 0.8f && k % 5 != 0) continue;
    const std::string name = ui::fitted(font, run->classes[k], std::max(cell, labels));
    const float middle = (static_cast<float>(k) + 0.5f) * cell;
    ui::put_text(list, font, {at.x + middle - ui::text_width(font, name) / 2, area.min.y},
                 ui.theme->text_faint, name);
    ui::put_text(
        list, font,
        {at.x - ui.dp(6) - std::min(ui::text_width(font, name), labels), at.y + middle - font.size_px / 2},
        ui.theme->text_faint, name);
  }
}

void draw_network_evaluation(LabContext& context, float) {
  ui::Ui& ui = context.ui;
  const NetworkRun* run = context.model.network.shown();
  const std::shared_ptr<const EvaluationRun> evaluation = context.model.network.shown_evaluation();
  if (run == nullptr || !evaluation) {
    ui::begin_card(ui, "network.card.none", {});
    if (context.model.network.evaluation.busy()) {
      ui::progress_bar(ui, "network.evaluation", context.model.network.evaluation.progress());
    } else if (run != nullptr && !run->test) {
      ui::paragraph(ui, context.text("network.no_test"), ui::Role::body, ui.theme->text_soft);
    } else {
      draw_train_first(context, "network.evaluate.train");
    }
    ui::end_card(ui);
    return;
  }
  const float width = ui::available_width(ui), gap = ui.sp(3), padding = ui.dp(14);
  const float left = std::floor(std::min(width * 0.52f, ui.dp(440)));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float side = left - 2 * padding, height = side + ui.dp(58);
  ui::begin_card(ui, "network.card.matrix", {.width = left, .height = height, .padding = padding});
  ui::section(ui, context.text("network.confusion"));
  const ImVec2 inside = ImGui::GetCursorScreenPos();
  draw_confusion(context, "network.confusion.large", {inside, {inside.x + side, inside.y + side}}, true);
  ImGui::SetCursorScreenPos(inside);
  ImGui::Dummy({side, side});
  ui::end_card(ui);
  ImGui::SetCursorScreenPos({at.x + left + gap, at.y});
  ui::begin_card(ui, "network.card.score",
                 {.width = width - left - gap, .height = height, .padding = padding});
  const float top = ImGui::GetCursorScreenPos().y;
  draw_score(context, *evaluation);
  ui::gap(ui, 2);
  if (evaluation->request.full || !run->shifted.empty())
    draw_shifted(context, *run,
                 std::max(ui.dp(120), top + height - 2 * padding - ImGui::GetCursorScreenPos().y));
  else if (context.model.network.evaluation.busy())
    ui::progress_bar(ui, "network.evaluation", context.model.network.evaluation.progress());
  ui::end_card(ui);
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({width, height});
  ui::gap(ui, 3);
  ui::begin_card(ui, "network.card.mistakes", {.padding = padding});
  draw_mistakes(context, *run, *evaluation);
  ui::end_card(ui);
  ui::gap(ui, 3);
  ui::begin_card(ui, "network.card.table", {.padding = padding});
  draw_network_runs(context);
  ui::end_card(ui);
}

}  // namespace poolscope
