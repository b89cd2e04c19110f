// The Shift lab: what a pooling makes of a picture that has moved a little.

#include "app/labs/shift_lab.h"

#include <algorithm>
#include <cmath>

#include "app/labs/frame.h"
#include "app/labs/sizes.h"
#include "app/labs/stage.h"
#include "app/ui/item.h"
#include "app/ui/shapes.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

constexpr float kHeading = 46;

void draw_two_lines(LabContext& context, scene::Point at, float width, const std::string& title,
                    const std::string& subline) {
  ui::Ui& ui = context.ui;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ui::SizedFont bold = ui.fonts.sized(ui::Role::heading), plain = ui.fonts.sized(ui::Role::caption);
  ui::put_text(list, bold, {at.x, at.y}, ui.theme->text, ui::fitted(bold, title, width));
  ui::put_text(list, plain, {at.x, at.y + ui.dp(20)}, ui.theme->text_faint,
               ui::fitted(plain, subline, width));
}

void draw_headings(LabContext& context, const scene::ShiftStage& stage, const ShiftSubject& subject,
                   const PoolPlan& plan) {
  ui::Ui& ui = context.ui;
  const float up = ui.dp(kHeading);
  const float width = stage.moved.box.x0 - stage.input.box.x0 - ui.dp(16);
  const Size2 stride = plan.spec.stride;
  const KindInfo& kind = kind_info(plan.spec.kind);
  Message about(kind.uses_window ? "shift.about" : "shift.about.plain");
  about.with("size", by(subject.shape.h, subject.shape.w))
      .with("kind", context.texts.get("kind." + std::string(kind.name)))
      .with("window", by(plan.rows.window, plan.columns.window))
      .with("stride", stride.h == stride.w ? std::to_string(stride.h) : by(stride.h, stride.w));
  draw_two_lines(context, {stage.input.box.x0, stage.input.box.y0 - up}, width,
                 context.text("shift.original"), context.say(about));
  draw_two_lines(context, {stage.moved.box.x0, stage.moved.box.y0 - up}, width,
                 shift_words(context, context.model.session.shift.by), context.text("shift.drag"));
  const ShiftMeasure& measure = shown_shift_measure(context);
  const std::string name = "shift.measure." + std::string(measure.name);
  draw_two_lines(context, {stage.map.x0, stage.map.y0 - up}, stage.curves.x0 - stage.map.x0 - ui.dp(10),
                 context.text("shift.map"), context.texts.get(name + ".long"));
}

void draw_arrows(LabContext& context, const scene::ShiftStage& stage) {
  ui::Ui& ui = context.ui;
  for (const auto& [from, to] :
       {std::pair{&stage.input.box, &stage.before.box}, std::pair{&stage.moved.box, &stage.after.box}}) {
    const float y = std::round(from->centre().y), space = ui.dp(8);
    if (to->x0 - from->x1 < 3 * space) continue;
    ui::arrow(ImGui::GetWindowDrawList(), {from->x1 + space, y}, {to->x0 - space, y}, ui.theme->text_faint,
              ui.dp(2), ui.dp(10));
  }
}

/// While something is measured: how far, and the way out.
void draw_progress(LabContext& context, const scene::Rect& map) {
  ui::Ui& ui = context.ui;
  const ShiftWork& work = context.model.shift;
  const bool map_waits = work.map.busy() && !work.current(context.model.document);
  if (!map_waits && !work.curves.busy() && !work.map.stopped() && !work.curves.stopped()) return;
  const float width = ui.dp(90);
  const std::string& stop = context.text("shift.stop");
  const float all = width + ui.sp(2) + ui::chip_width(ui, stop);
  ImGui::SetCursorScreenPos({map.x1 - all, map.y0 - ui.dp(kHeading) - ui.dp(2)});
  if (map_waits || work.curves.busy()) {
    ui::progress_bar(ui, "shift.progress", map_waits ? work.map.progress() : work.curves.progress(), width);
    ui::same_line(ui, 2);
    if (ui::chip(ui, "shift.stop", stop)) context.outbox.post(command::StopWork{});
  } else if (ui::chip(ui, "shift.resume", context.text("shift.resume"))) {
    context.outbox.post(command::ResumeWork{});
  }
}

}  // namespace

std::string share_text(double share) {
  if (!std::isfinite(share)) return "–";
  // Neither all nor nothing by rounding.
  const double percent = 100 * share;
  if (share < 1 && percent > 99.9) return "> 99.9 %";
  if (share > 0 && percent < 0.1) return "< 0.1 %";
  return format_short(std::round(percent * 10) / 10, 4) + " %";
}

const ShiftMeasure& shown_shift_measure(const LabContext& context) {
  return shift_measures()[static_cast<size_t>(context.state.shift.measure)];
}

std::string shift_words(const LabContext& context, Offset by) {
  if (by == Offset{}) return context.text("shift.by.none");
  std::string words;
  const auto add = [&](const char* key, int64_t n) {
    const std::string part = context.say(Message(key).with("n", std::abs(n)));
    words += (words.empty() ? "" : context.text("shift.by.and")) + part;
  };
  if (by.dx != 0) add(by.dx > 0 ? "shift.by.right" : "shift.by.left", by.dx);
  if (by.dy != 0) add(by.dy > 0 ? "shift.by.down" : "shift.by.up", by.dy);
  return context.say(Message("shift.by").with("shift", words));
}

void drag_shift(LabContext& context, const scene::Rect& box, double zoom) {
  ui::Ui& ui = context.ui;
  const ui::HotArea area = ui::hot_area(ui, "shift.moved", to_ui(box), "grid");
  FrameState::ShiftLabView& view = context.state.shift;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (area.hovered || view.dragging) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  if (!area.held) {
    view.dragging = false;
    return;
  }
  if (!view.dragging) {
    view.dragging = true;
    view.from = context.model.session.shift.by;
    view.mouse_x = mouse.x;
    view.mouse_y = mouse.y;
  }
  // Cells of large pictures are smaller than a hand is steady.
  const double pixels = std::max(zoom, static_cast<double>(ui.dp(10)));
  const auto cells = [&](float moved) { return static_cast<int64_t>(std::llround(moved / pixels)); };
  const Offset by{std::clamp(view.from.dy + cells(mouse.y - view.mouse_y), -kShiftRange, kShiftRange),
                  std::clamp(view.from.dx + cells(mouse.x - view.mouse_x), -kShiftRange, kShiftRange)};
  if (!(by == context.model.session.shift.by)) context.outbox.post(command::SetShift{by});
}

void draw_shift_lab(LabContext& context, ui::Rect stage) {
  ui::Ui& ui = context.ui;
  const float margin = std::min(ui.sp(9), stage.width() * 0.04f);
  ui::PanelOptions options;
  options.background = ui.theme->stage;
  options.padding = {margin, ui.sp(4)};
  ui::begin_panel(ui, "panel.stage", stage, options);
  context.eye.hovered.reset();
  const Document& document = context.model.document;
  const ShiftSubject subject = shift_subject(document);
  const std::shared_ptr<const ShiftPairRun>& run = context.model.shift.pair.latest();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const scene::Rect area{stage.min.x + margin, at.y, stage.max.x - margin, at.y + stage.height() - ui.sp(8)};
  const PoolPlan plan = *validate(subject.spec, subject.shape);
  const bool fits = run && run->request.source == subject.source && run->request.edges == subject.edges &&
                    run->plan.in.h == subject.shape.h;
  const bool cells = shown_as_matrix(document) && subject.shape.plane() <= 400;
  const float card = ui.dp(area.width() > ui.dp(620) ? 68 : 84);
  // A picture of an older pooling is shown until the new one is there.
  scene::ShiftStage scene = scene::lay_out_shift(area, subject.shape, fits ? run->plan.out : plan.out, cells,
                                                 ui.scale(), ui.dp(kHeading), card);
  draw_headings(context, scene, subject, plan);
  if (fits) {
    if (cells && run->picture) {
      scene::fill_shift_cells(scene, *run);
      draw_shift_cells(context, scene, *run);
    } else {
      draw_shift_pictures(context, scene, *run);
    }
    draw_arrows(context, scene);
    draw_shift_card(context, scene.card, *run);
  }
  draw_shift_map(context, scene.map);
  draw_shift_curves(context, scene.curves);
  draw_progress(context, scene.map);
  ImGui::SetCursorScreenPos({area.x0, scene.bottom});
  ImGui::Dummy({1, 1});
  ui::end_panel(ui);
}

}  // namespace poolscope
