// Step 3 of the Network lab: curves, progress, the table of runs.

#include <algorithm>
#include <cmath>

#include "app/labs/network_lab.h"
#include "app/labs/sizes.h"
#include "app/model/network_runs.h"
#include "app/scene/network_stage.h"
#include "app/ui/item.h"
#include "app/ui/plot.h"
#include "app/ui/shapes.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

void draw_curves(LabContext& context, const NetworkRun* run, float height) {
  ui::Ui& ui = context.ui;
  scene::NetworkCurves curves;
  int64_t epochs = context.model.document.network.recipe.epochs;
  if (run != nullptr && run->file.empty()) {
    epochs = run->recipe.epochs;
    curves = scene::network_curves(*run->snapshot, epochs);
  }
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float gap = ui.sp(3), width = std::floor((ui::available_width(ui) - gap) / 2), padding = ui.dp(14);
  const auto card = [&](const char* key, float x, const char* title, const std::vector<double>& train,
                        const std::vector<double>& test, bool accuracy) {
    ImGui::SetCursorScreenPos({x, at.y});
    ui::begin_card(ui, key, {.width = width, .height = height, .padding = padding});
    std::vector<ui::Curve> lines(2);
    lines[0].name = context.text("network.curve.train");
    lines[0].color = ui.theme->output.line;
    lines[0].x = curves.train_epoch;
    lines[0].y = train;
    lines[1].name = context.text("network.curve.test");
    lines[1].color = ui.theme->winner.line;
    lines[1].dashed = true;
    lines[1].x = curves.test_epoch;
    lines[1].y = test;
    ui::PlotOptions options;
    options.title = context.text(title);
    options.x_label = context.text("network.epoch");
    options.height = height - 2 * padding;
    options.x_min = 0;
    options.x_max = static_cast<double>(epochs);
    if (accuracy) {
      options.y_min = 0;
      options.y_max = 1;
      // Late in a training all that matters happens at the top.
      for (double low : {0.5, 0.8, 0.9})
        if (test.size() > 1 && *std::min_element(test.begin(), test.end()) > low + 0.02) options.y_min = low;
    }
    ui::plot(ui, key, lines, options);
    ui::end_card(ui);
  };
  card("network.curve.accuracy", at.x, "network.accuracy", curves.train_accuracy, curves.test_accuracy, true);
  card("network.curve.loss", at.x + width + gap, "network.loss", curves.train_loss, curves.test_loss, false);
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({ui::available_width(ui), height});
}

/// What the training does, in words; how fast and how long only where times may be shown.
std::string progress_words(const LabContext& context, const NetworkRun* run) {
  const NetworkWork& work = context.model.network;
  if (work.waits_for_data()) return context.text("network.waits");
  if (run == nullptr) return context.text("network.idle");
  if (!run->file.empty()) return context.say(Message("network.from_file").with("file", run->file));
  const Snapshot& now = *run->snapshot;
  if (now.error) return context.say(*now.error);
  if (run->ended()) {
    const char* key = now.state == TrainerState::stopped ? "network.ended.stopped"
                      : now.end == EndReason::accuracy   ? "network.ended.accuracy"
                      : now.end == EndReason::patience   ? "network.ended.patience"
                      : now.end == EndReason::seconds    ? "network.ended.seconds"
                                                         : "network.ended.epochs";
    return context.say(Message(key).with("epochs", now.epoch).with("batches", format_count(now.step)));
  }
  const int64_t per_epoch = std::max<int64_t>(1, now.steps / run->recipe.epochs);
  std::string words = context.say(Message("network.progress")
                                      .with("epoch", std::min(now.epoch + 1, run->recipe.epochs))
                                      .with("epochs", run->recipe.epochs)
                                      .with("batch", format_count(now.step - now.epoch * per_epoch))
                                      .with("batches", format_count(per_epoch)));
  if (!context.state.hide_timings && now.images_per_second > 0)
    words +=
        " · " + context.say(Message("network.speed")
                                .with("rate", format_count(std::llround(now.images_per_second / 100) * 100)));
  return words;
}

void draw_progress(LabContext& context, const NetworkRun* run) {
  ui::Ui& ui = context.ui;
  const NetworkWork& work = context.model.network;
  const float height = ui.dp(64), padding = ui.dp(14), full = ui::available_width(ui);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ui::begin_card(ui, "network.progress", {.width = full, .height = height, .padding = padding});
  const bool running = work.running();
  ui::ButtonOptions options;
  options.kind = ui::ButtonKind::primary;
  options.width = ui.dp(92);
  options.enabled = check_network(lab_network(context)).ok() && !work.waits_for_data();
  const char* words = running ? "network.pause" : work.training() ? "network.resume" : "network.train";
  ImGui::SetCursorScreenPos({at.x + padding, at.y + (height - ui.control_height()) / 2});
  if (ui::button(ui, "network.progress.button", context.text(words), options))
    order_network(context, running ? NetworkOrder::pause : NetworkOrder::train);
  const Snapshot* now = run != nullptr ? run->snapshot.get() : nullptr;
  const float left = at.x + padding + options.width + ui.sp(4);
  float right = at.x + full - padding;
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (now != nullptr && !now->tests.empty()) {
    const std::string accuracy = format_percent(now->tests.back().test.accuracy) + " %";
    const std::string& caption = context.text("network.test_accuracy");
    const ui::SizedFont big = ui.fonts.sized(ui::Role::title), small = ui.fonts.sized(ui::Role::caption);
    const float width = std::max(ui::text_width(big, accuracy), ui::text_width(small, caption));
    ui::put_text(list, big, {right - ui::text_width(big, accuracy), at.y + ui.dp(11)}, ui.theme->text,
                 accuracy);
    ui::put_text(list, small, {right - ui::text_width(small, caption), at.y + ui.dp(36)},
                 ui.theme->text_faint, caption);
    ui.record("network.test_accuracy", "text", accuracy, {{right - width, at.y}, {right, at.y + height}});
    right -= width + ui.sp(4);
  }
  const ui::SizedFont body = ui.fonts.sized(ui::Role::body);
  const std::string sentence = progress_words(context, run);
  const bool failed = now != nullptr && now->error;
  std::string time_left;
  if (now != nullptr && work.going() && !context.state.hide_timings && now->seconds_left > 0.5)
    time_left = context.say(Message("network.left").with("seconds", std::llround(now->seconds_left)));
  const float left_width = time_left.empty() ? 0 : ui::text_width(body, time_left) + ui.sp(3);
  ui::put_text(list, body, {left, at.y + ui.dp(14)}, failed ? ui.theme->danger : ui.theme->text_soft,
               ui::fitted(body, sentence, right - left - left_width));
  if (left_width > 0)
    ui::put_text(list, body, {right - left_width + ui.sp(3), at.y + ui.dp(14)}, ui.theme->text_faint,
                 time_left);
  ui.record("network.progress.words", "text", sentence, {{left, at.y}, {right, at.y + height}});
  ImGui::SetCursorScreenPos({left, at.y + ui.dp(40)});
  const double fraction =
      now != nullptr && now->steps > 0 ? static_cast<double>(now->step) / static_cast<double>(now->steps) : 0;
  ui::progress_bar(ui, "network.progress.fraction", work.waits_for_data() ? -1 : fraction, right - left);
  ui::end_card(ui);
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({full, height});
}

std::string run_name(const LabContext& context, const NetworkRun& run) {
  if (!run.file.empty()) return run.file;
  std::string name = context.texts.get("network.template." + run.base);
  if (run.edited) name = context.text("network.template.edited");
  if (!run.kind) return name;
  const std::string kind = context.texts.get("kind." + std::string(kind_info(*run.kind).name));
  return run.base == "lenet-small" && !run.edited ? kind : name + ", " + kind;
}

std::string share_or_dash(double share) {
  return std::isfinite(share) ? format_percent(share) : std::string("–");
}

}  // namespace

void draw_network_runs(LabContext& context) {
  ui::Ui& ui = context.ui;
  const NetworkWork& work = context.model.network;
  ui::section(ui, context.text("network.runs"));
  if (work.runs.empty()) {
    ui::paragraph(ui, context.text("network.runs.none"), ui::Role::body, ui.theme->text_soft);
    return;
  }
  const std::vector<ui::Column> columns = {
      {context.text("network.runs.run"), ui::Align::left, 1},
      {context.text("network.runs.parameters"), ui::Align::right, 0},
      {context.text("network.runs.train"), ui::Align::right, 0},
      {context.text("network.runs.test"), ui::Align::right, 0},
      {context.text("network.runs.gap"), ui::Align::right, 0},
      {context.say(Message("network.runs.shifted").with("pixels", kTableShift)), ui::Align::right, 0},
      {context.text("network.runs.time"), ui::Align::right, 0}};
  std::vector<std::vector<ui::TableCell>> rows;
  int selected = -1;
  double best = -1;
  for (const NetworkRun& run : work.runs)
    if (const double shifted = run_figures(run).shifted; shifted > best) best = shifted;
  for (const NetworkRun& run : work.runs) {
    const RunFigures figures = run_figures(run);
    if (work.shown() == &run) selected = static_cast<int>(rows.size());
    const ImU32 dot = ui.theme->series[static_cast<size_t>(run.id - 1) % ui.theme->series.size()];
    const double gap = std::round(1000 * figures.gap) / 10;
    const std::string gap_text =
        std::isfinite(gap) ? (gap < 0 ? "−" : "") + format_short(std::fabs(gap), 3) : std::string("–");
    std::string time = "–";
    if (run.file.empty() && !context.state.hide_timings) time = time_text(run.snapshot->seconds);
    rows.push_back({{.text = run_name(context, run), .dot = dot},
                    {format_count(run.plan->parameters)},
                    {share_or_dash(figures.train)},
                    {share_or_dash(figures.test)},
                    {gap_text},
                    {.text = share_or_dash(figures.shifted), .bold = figures.shifted == best},
                    {time}});
  }
  if (const auto clicked = ui::table(ui, "network.runs", columns, rows, selected, true))
    order_network(context, NetworkOrder::show_run, work.runs[static_cast<size_t>(*clicked)].id);
  ui::gap(ui, 1);
  if (ui::link(ui, "network.csv", context.text("network.csv"), ui::Icon::save))
    context.outbox.post(command::ShowDialog{static_cast<int>(Dialog::save_runs)});
}

void draw_network_training(LabContext& context, float bottom) {
  ui::Ui& ui = context.ui;
  const NetworkRun* run =
      context.model.network.training() ? &context.model.network.runs.back() : context.model.network.shown();
  const float top = ImGui::GetCursorScreenPos().y, rest = bottom - top;
  // What is left is shared; where little is left the page scrolls.
  const float curves = std::clamp(rest - ui.dp(64 + 24 + 290), ui.dp(206), ui.dp(330));
  draw_curves(context, run, curves);
  ui::gap(ui, 3);
  draw_progress(context, run);
  ui::gap(ui, 3);
  const float width = ui::available_width(ui), gap = ui.sp(3);
  const bool beside = width > ui.dp(700);
  const float matrix = ui.dp(250), table = beside ? width - matrix - gap : width;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ui::begin_card(ui, "network.card.runs", {.width = table, .padding = ui.dp(14)});
  draw_network_runs(context);
  ui::end_card(ui);
  if (beside) ImGui::SetCursorScreenPos({at.x + table + gap, at.y});
  if (!beside) ui::gap(ui, 3);
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  ui::begin_card(ui, "network.card.confusion", {.width = beside ? matrix : width, .padding = ui.dp(14)});
  ui::section(ui, context.text("network.confusion"));
  const ImVec2 inside = ImGui::GetCursorScreenPos();
  const float side = std::min(matrix - ui.dp(28), ui.dp(204));
  draw_confusion(context, "network.confusion.small", {inside, {inside.x + side, inside.y + side}}, false);
  ImGui::SetCursorScreenPos(inside);
  ImGui::Dummy({side, side});
  ui::end_card(ui);
  (void)corner;
}

}  // namespace poolscope
