// The Network lab's right panel: draw a digit, what the network says, and how far it may be moved.

#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/labs/network_lab.h"
#include "app/model/network_runs.h"
#include "app/ui/item.h"
#include "app/ui/shapes.h"

namespace poolscope {

namespace {

constexpr ImU32 kInk = IM_COL32_WHITE, kBoard = IM_COL32(16, 18, 22, 255);

/// The answer to what is shown now: not that of an earlier run.
std::shared_ptr<const ApplyRun> present_answer(const LabContext& context) {
  const NetworkRun* run = context.model.network.shown();
  const std::shared_ptr<const ApplyRun>& latest = context.model.network.apply.latest();
  return run != nullptr && latest && latest->request.plan == run->plan ? latest : nullptr;
}

void set_apply(const LabContext& context, const NetworkApply& apply) {
  NetworkSetup setup = context.model.document.network;
  setup.apply = apply;
  edit_network(context, std::move(setup));
}

/// Adds what the mouse did to the drawing; the whole stroke is one undo step.
void draw_with_mouse(LabContext& context, const ui::HotArea& area, ui::Rect board) {
  bool& drawing = context.state.network.drawing;
  if (!area.pressed && !(drawing && area.held)) {
    drawing = false;
    return;
  }
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const CanvasPoint point{std::clamp((mouse.x - board.min.x) / board.width(), 0.0f, 1.0f),
                          std::clamp((mouse.y - board.min.y) / board.height(), 0.0f, 1.0f)};
  NetworkSetup setup = context.model.document.network;
  NetworkApply& apply = setup.apply;
  Drawing next;
  if (apply.source == ApplySource::drawing && apply.drawing) next = *apply.drawing;
  if (area.pressed || next.strokes.empty()) {
    next.strokes.push_back({point});
  } else {
    CanvasStroke& stroke = next.strokes.back();
    const float step = std::hypot(point.x - stroke.back().x, point.y - stroke.back().y);
    if (step < 0.004f) return;
    stroke.push_back(point);
  }
  if (apply.source != ApplySource::drawing) apply.right = apply.down = 0;
  apply.source = ApplySource::drawing;
  apply.drawing = std::make_shared<const Drawing>(std::move(next));
  ui::SliderChange change;
  change.started = area.pressed;
  change.edited = true;
  drawing = true;
  edit_network(context, std::move(setup), change);
}

void draw_strokes(LabContext& context, const Drawing& drawing, ui::Rect board) {
  const NetworkApply& apply = context.model.document.network.apply;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->PushClipRect(board.min, board.max, true);
  const float pen = kPenWidth * board.width();
  const float right = static_cast<float>(apply.right) / 28 * board.width(),
              down = static_cast<float>(apply.down) / 28 * board.height();
  const auto place = [&](CanvasPoint p) {
    return ImVec2{board.min.x + p.x * board.width() + right, board.min.y + p.y * board.height() + down};
  };
  for (const CanvasStroke& stroke : drawing.strokes) {
    for (size_t i = 0; i + 1 < stroke.size(); ++i)
      list->AddLine(place(stroke[i]), place(stroke[i + 1]), kInk, pen);
    for (const CanvasPoint point : stroke)
      list->AddCircleFilled(place(point), pen / 2, kInk, 16);
  }
  list->PopClipRect();
}

void draw_pixels(LabContext& context, const TensorPtr& picture, ui::Rect box) {
  PictureView view;
  view.tensor = picture;
  view.screen_x0 = box.min.x, view.screen_y0 = box.min.y;
  view.screen_x1 = box.max.x, view.screen_y1 = box.max.y;
  view.x1 = static_cast<double>(picture->shape().w);
  view.y1 = static_cast<double>(picture->shape().h);
  view.channel = picture->shape().c == 3 ? -1 : 0;
  view.range = {0, 255};
  view.grid = false;
  context.painter.draw(ImGui::GetWindowDrawList(), view);
}

void draw_board(LabContext& context) {
  ui::Ui& ui = context.ui;
  const NetworkApply& apply = context.model.document.network.apply;
  ui::section(ui, context.text("network.draw"));
  const float room = ui::available_width(ui), aside = ui.dp(60);
  const float side = std::floor(std::min(room - aside, ui.dp(200)));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ui::Rect board{at, {at.x + side, at.y + side}};
  const ui::HotArea area = ui::hot_area(ui, "network.canvas", board, "canvas",
                                        apply.source == ApplySource::drawing ? "drawing" : "picture");
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(board.min, board.max, kBoard, ui.dp(8));
  const std::shared_ptr<const ApplyRun> answer = present_answer(context);
  if (apply.source == ApplySource::drawing && apply.drawing)
    draw_strokes(context, *apply.drawing, board);
  else if (answer)
    draw_pixels(context, answer->picture, board);
  draw_with_mouse(context, area, board);
  const float x = board.max.x + ui.sp(2), small = room - side - ui.sp(2);
  const ui::Rect seen{{x, at.y}, {x + std::min(small, ui.dp(56)), at.y + std::min(small, ui.dp(56))}};
  list->AddRectFilled(seen.min, seen.max, kBoard, ui.dp(4));
  if (answer) draw_pixels(context, answer->picture, seen);
  const ui::HotArea seen_area = ui::hot_area(ui, "network.seen", seen, "picture");
  if (seen_area.hovered)
    ui.offer_tooltip(ImGui::GetID("network.seen"), seen, true, context.text("network.seen"));
  ImGui::SetCursorScreenPos({x, seen.max.y + ui.sp(2)});
  ui::ButtonOptions clear;
  clear.enabled = apply.source == ApplySource::drawing;
  if (ui::icon_button(ui, "network.clear", ui::Icon::close, context.text("network.clear"), clear)) {
    NetworkApply next = apply;
    next.drawing = std::make_shared<const Drawing>();
    next.right = next.down = 0;
    set_apply(context, next);
  }
  ImGui::SetCursorScreenPos({x, seen.max.y + ui.sp(4) + ui.control_height()});
  ui::ButtonOptions centre;
  centre.selected = apply.centre;
  if (ui::icon_button(ui, "network.centre", ui::Icon::refresh, context.text("network.centre"), centre)) {
    NetworkApply next = apply;
    next.centre = !next.centre;
    set_apply(context, next);
  }
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({room, side});
}

/// Which picture it is, and the way to others.
void draw_which(LabContext& context) {
  ui::Ui& ui = context.ui;
  const NetworkApply& apply = context.model.document.network.apply;
  const NetworkRun* run = context.model.network.shown();
  ui::gap(ui, 1);
  if (apply.source == ApplySource::drawing) {
    ui::text(ui, ui::Role::caption, ui.theme->text_faint, context.text("network.which.drawing"));
  } else if (apply.source == ApplySource::picture) {
    ui::text(ui, ui::Role::caption, ui.theme->text_faint, apply.picture_name);
  }
  const SamplesPtr samples = run == nullptr ? nullptr : apply.of_training ? run->train : run->test;
  if (!samples || samples->count() == 0) return;
  const int64_t count = samples->count(), index = std::clamp<int64_t>(apply.sample, 0, count - 1);
  const auto go = [&](int64_t to) {
    NetworkApply next = apply;
    next.source = ApplySource::sample;
    next.sample = (to % count + count) % count;
    set_apply(context, next);
  };
  if (ui::icon_button(ui, "network.sample.back", ui::Icon::chevron_left, context.text("network.sample.back")))
    go(index - 1);
  ui::same_line(ui, 1);
  if (ui::icon_button(ui, "network.sample.next", ui::Icon::chevron_right,
                      context.text("network.sample.next")))
    go(index + 1);
  if (apply.source != ApplySource::sample) return;
  ui::same_line(ui, 2);
  const std::string& label = samples->classes[samples->labels[static_cast<size_t>(index)]];
  const std::string words =
      context.say(Message(apply.of_training ? "network.which.train" : "network.which.test")
                      .with("index", format_count(index + 1))
                      .with("class", label));
  const ImVec2 here = ImGui::GetCursorScreenPos();
  const ui::SizedFont font = ui.fonts.sized(ui::Role::caption);
  ui::put_text(ImGui::GetWindowDrawList(), font, {here.x, here.y + (ui.control_height() - font.size_px) / 2},
               ui.theme->text_soft, ui::fitted(font, words, ui.right_edge() - here.x));
  ImGui::Dummy({1, ui.control_height()});
}

void draw_prediction(LabContext& context) {
  ui::Ui& ui = context.ui;
  ui::section(ui, context.text("network.prediction"));
  const std::shared_ptr<const ApplyRun> answer = present_answer(context);
  const NetworkRun* run = context.model.network.shown();
  const NetworkApply& apply = context.model.document.network.apply;
  if (run == nullptr) return draw_train_first(context, "network.panel.train");
  const bool blank =
      apply.source == ApplySource::drawing && (!apply.drawing || apply.drawing->strokes.empty());
  if (!answer || blank) {
    ui::paragraph(ui, context.text("network.draw_hint"), ui::Role::body, ui.theme->text_soft);
    return;
  }
  std::vector<size_t> order(answer->probability.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return answer->probability[a] > answer->probability[b]; });
  order.resize(std::min<size_t>(order.size(), 4));
  float label_width = ui.dp(12);
  for (const size_t k : order)
    label_width = std::max(label_width, ui::text_width(ui.fonts.sized(ui::Role::body_bold), run->classes[k]));
  for (size_t i = 0; i < order.size(); ++i) {
    const size_t k = order[i];
    const double share = static_cast<double>(answer->probability[k]);
    ui::BarOptions options;
    options.label_width = std::min(label_width, ui.dp(90));
    options.value_width = ui.dp(58);
    options.marked = i == 0;
    options.color = ui.theme->primary;
    ui::bar_row(ui, "network.answer." + std::to_string(i), run->classes[k], share,
                format_percent(share) + " %", options);
  }
  ui.record("network.answer", "text", run->classes[order[0]], {});
}

/// Where the answer is the same: green; where it is another one: purple, with a cross.
void draw_shift_map(LabContext& context, const ApplyRun& answer, float side) {
  ui::Ui& ui = context.ui;
  const ui::Theme& theme = *ui.theme;
  constexpr int64_t kSide = 2 * kFarthestShift + 1;
  const float cell = std::floor(side / static_cast<float>(kSide));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float whole = cell * static_cast<float>(kSide);
  const ui::Rect rect{at, {at.x + whole, at.y + whole}};
  const ui::HotArea area = ui::hot_area(ui, "network.shift.map", rect, "map");
  ImDrawList* list = ImGui::GetWindowDrawList();
  const uint16_t home = answer.answer_at(0, 0);
  const auto box = [&](int64_t down, int64_t right) {
    const ImVec2 corner{at.x + static_cast<float>(right + kFarthestShift) * cell,
                        at.y + static_cast<float>(down + kFarthestShift) * cell};
    return ui::Rect{corner, {corner.x + cell, corner.y + cell}};
  };
  for (int64_t down = -kFarthestShift; down <= kFarthestShift; ++down)
    for (int64_t right = -kFarthestShift; right <= kFarthestShift; ++right) {
      const ui::Rect b = box(down, right);
      const bool same = answer.answer_at(down, right) == home;
      const ui::Accent& accent = same ? theme.unchanged : theme.changed;
      list->AddRectFilled(b.min, {b.max.x - 1, b.max.y - 1}, same ? accent.fill : accent.line);
      if (!same) continue;
      const float r = std::max(1.0f, cell * 0.12f);
      list->AddCircleFilled(b.center(), r, accent.line, 8);
    }
  const ui::Rect home_box = box(0, 0);
  ui::outline_inside(list, home_box.min, home_box.max, theme.text_faint, 0, ui.hairline());
  const ui::Rect here = box(answer.request.down, answer.request.right);
  ui::outline_outside(list, here.min, here.max, theme.window.line, 2, ui.dp(2));
  if (area.held || area.pressed) {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    NetworkSetup setup = context.model.document.network;
    const auto index = [&](float offset) {
      return std::clamp<int64_t>(static_cast<int64_t>(std::floor(offset / cell)), 0, kSide - 1) -
             kFarthestShift;
    };
    setup.apply.right = index(mouse.x - at.x);
    setup.apply.down = index(mouse.y - at.y);
    ui::SliderChange change;
    change.started = area.pressed;
    change.edited = true;
    edit_network(context, std::move(setup), change);
  }
  ImGui::Dummy({whole, whole});
}

void draw_shift_slider(LabContext& context, const char* key, const char* label,
                       int64_t NetworkApply::*field) {
  ui::SliderOptions options;
  options.min = -kFarthestShift;
  options.max = kFarthestShift;
  options.step = 1;
  const int64_t present = context.model.document.network.apply.*field;
  const std::string value = (present < 0 ? "−" : "") + std::to_string(std::abs(present)) + " px";
  options.value_text = value;
  const double detents[] = {0};
  options.detents = detents;
  const auto change = ui::slider(context.ui, key, context.text(label), static_cast<double>(present), options);
  if (!change.edited) return;
  NetworkSetup setup = context.model.document.network;
  setup.apply.*field = std::llround(change.value);
  edit_network(context, std::move(setup), change);
}

void draw_drawing_shift(LabContext& context) {
  const std::shared_ptr<const ApplyRun> answer = present_answer(context);
  const NetworkRun* run = context.model.network.shown();
  if (!answer || run == nullptr) return;
  ui::Ui& ui = context.ui;
  ui::gap(ui, 2);
  ui::section(ui, context.text("network.shift_drawing"));
  draw_shift_slider(context, "network.shift.right", "network.shift.right", &NetworkApply::right);
  draw_shift_slider(context, "network.shift.down", "network.shift.down", &NetworkApply::down);
  const std::string& name = run->classes[answer->answer_at(0, 0)];
  const std::string words = context.say(Message("network.holds")
                                            .with("class", name)
                                            .with("right", answer->holds_to(0, 1))
                                            .with("left", answer->holds_to(0, -1))
                                            .with("down", answer->holds_to(1, 0))
                                            .with("up", answer->holds_to(-1, 0)));
  ui::paragraph(ui, words, ui::Role::body, ui.theme->text_soft);
  ui.record("network.holds", "text", words, {});
  ui::gap(ui, 1);
  draw_shift_map(context, *answer, std::min(ui::available_width(ui), ui.dp(136)));
}

}  // namespace

void draw_network_panel(LabContext& context) {
  draw_board(context);
  draw_which(context);
  ui::gap(context.ui, 2);
  draw_prediction(context);
  draw_drawing_shift(context);
}

}  // namespace poolscope
