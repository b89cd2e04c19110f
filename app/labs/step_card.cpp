// The card that says what the present window does: where it is, the arithmetic, one sentence.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "app/labs/predict_row.h"
#include "app/labs/stage.h"
#include "app/ui/rich_text.h"
#include "core/pooling/formula.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

ImU32 span_color(const ui::Theme& theme, FormulaRole role) {
  switch (role) {
    case FormulaRole::operand:
      return theme.text_soft;
    case FormulaRole::winner:
      return theme.winner.text;
    case FormulaRole::result:
      return theme.output.text;
    case FormulaRole::muted:
      return theme.text_faint;
    case FormulaRole::plain:
      break;
  }
  return theme.text;
}

std::vector<FormulaSpan> shown_formula(const LabContext& context) {
  const Model& model = context.model;
  return question_open(model) ? question_formula(model.plan(), model.record())
                              : formula(model.plan(), model.record());
}

std::string shown_formula_text(const LabContext& context) {
  std::string text;
  for (const FormulaSpan& span : shown_formula(context))
    text += span.text;
  return text;
}

std::vector<ui::FormulaPart> parts_of(const LabContext& context) {
  std::vector<ui::FormulaPart> parts;
  for (const FormulaSpan& span : shown_formula(context))
    parts.push_back({span.text, span_color(*context.ui.theme, span.role)});
  return parts;
}

/// The arithmetic in the largest type that keeps it on one line, two at most.
ui::Role formula_role(const LabContext& context, float width) {
  const std::string text = shown_formula_text(context);
  for (const ui::Role role : {ui::Role::display, ui::Role::title}) {
    const float needed =
        context.ui.fonts.font(role)->CalcTextSizeA(context.ui.fonts.size(role), 1e6f, 0, text.c_str()).x;
    if (needed <= width) return role;
  }
  return ui::Role::heading;
}

/// One value with its chance: number, bar, per cent. The drawn one is bold and in the winner's colour.
void draw_chance(LabContext& context, const Tap& tap, bool drawn, ui::Rect rect) {
  ui::Ui& ui = context.ui;
  const ui::Theme& theme = *ui.theme;
  ImDrawList* list = ImGui::GetWindowDrawList();
  ImFont* font = ui.fonts.font(drawn ? ui::Role::body_bold : ui::Role::body);
  const float size = ui.fonts.size(ui::Role::body), y = rect.center().y - size / 2;
  const ImU32 words = drawn ? theme.winner.text : theme.text_soft;
  const std::string value = format_short(tap.value, 4), chance = format_short(tap.weight * 100, 3) + " %";
  list->AddText(font, size, {rect.min.x, y}, words, value.c_str());
  const float x0 = rect.min.x + ui.dp(44), x1 = rect.max.x - ui.dp(56), half = ui.dp(4);
  const float mid = rect.center().y;
  list->AddRectFilled({x0, mid - half}, {x1, mid + half}, theme.track, half);
  const float end = x0 + (x1 - x0) * static_cast<float>(std::clamp(tap.weight, 0.0, 1.0));
  if (end > x0)
    list->AddRectFilled({x0, mid - half}, {end, mid + half}, drawn ? theme.winner.line : theme.window.line,
                        half);
  list->AddText(font, size, {x1 + ui.dp(8), y}, words, chance.c_str());
}

/// Backwards: where the gradient of this output goes.
std::string gradient_sentence(const LabContext& context) {
  const StepRecord& record = context.model.record();
  if (record.winner >= 0) {
    const Tap& tap = record.taps[static_cast<size_t>(record.winner)];
    return context.say(Message("card.gradient.one").with("row", tap.row).with("column", tap.column));
  }
  double least = INFINITY, most = -INFINITY;
  for (const Tap& tap : record.taps) {
    if (!tap.inside) continue;
    least = std::min(least, tap.gradient);
    most = std::max(most, tap.gradient);
  }
  if (record.valid == 0) return context.text("card.gradient.none");
  return context.say(Message(least == most ? "card.gradient.equal" : "card.gradient.weighted")
                         .with("cells", format_count(record.valid))
                         .with("least", format_short(least, 3))
                         .with("most", format_short(most, 3)));
}

/// The narration without its first words, which say where the window is: the card has them in a line of its
/// own.
std::string sentence(const LabContext& context) {
  const Message narration = step_words(context.model);
  std::string words = context.say(narration);
  for (const char* key : {"card.place", "card.place_one"}) {
    const std::string place = context.say(Message(key, narration.args));
    if (!words.starts_with(place)) continue;
    words.erase(0, place.size());
    if (!words.empty() && words[0] >= 'a' && words[0] <= 'z')
      words[0] = static_cast<char>(words[0] - 'a' + 'A');
    return words;
  }
  return words;
}

constexpr size_t kMostChances = 9;

bool shows_chances(const LabContext& context) {
  return kind_info(context.model.document.spec.kind).random && !question_open(context.model) &&
         context.model.record().taps.size() <= kMostChances;
}

int chance_columns(float width, const ui::Ui& ui) {
  return width > ui.dp(480) ? 3 : 2;
}

/// Stochastic pooling: the chances of the window's values as bars.
void draw_chances(LabContext& context) {
  if (!shows_chances(context)) return;
  ui::Ui& ui = context.ui;
  const StepRecord& record = context.model.record();
  ui::gap(ui, 1.5f);
  const float width = ui::available_width(ui), row = ui.dp(20);
  const int columns = chance_columns(width, ui);
  const float column = (width - ui.sp(5) * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  int placed = 0;
  for (size_t i = 0; i < record.taps.size(); ++i) {
    if (!record.taps[i].inside) continue;
    const float x = at.x + static_cast<float>(placed % columns) * (column + ui.sp(5));
    const float y = at.y + static_cast<float>(placed / columns) * row;
    draw_chance(context, record.taps[i], static_cast<int>(i) == record.winner,
                {{x, y}, {x + column, y + row}});
    ++placed;
  }
  ImGui::Dummy({width, static_cast<float>((placed + columns - 1) / columns) * row});
}

/// The parts of the card, measured for a width, so that those that do not fit can be left out.
struct Card {
  std::string place, words;
  ui::Role role = ui::Role::display;
  float place_h = 0, formula_h = 0, words_h = 0, chances_h = 0, row_h = 0, gap = 0, frame = 0;
  float height(bool place_too, bool words_too, bool chances_too) const {
    return frame + formula_h + (row_h > 0 ? row_h + gap : 0) + (place_too ? place_h + gap : 0) +
           (words_too ? words_h + gap : 0) + (chances_too && chances_h > 0 ? chances_h + gap : 0);
  }
};

Card measure(const LabContext& context, float width) {
  const ui::Ui& ui = context.ui;
  const float inner = width - ui.sp(8);
  Card card;
  card.place = context.say(locate(context.model.plan(), context.model.record()));
  const bool backward = context.model.document.direction == Direction::backward;
  card.words = backward ? gradient_sentence(context) : sentence(context);
  card.role = formula_role(context, inner);
  card.gap = ui.sp(2);
  card.frame = ui.sp(8);
  card.place_h = ui.fonts.size(ui::Role::caption);
  const std::string text = shown_formula_text(context);
  const float needed =
      ui.fonts.font(card.role)->CalcTextSizeA(ui.fonts.size(card.role), 1e6f, 0, text.c_str()).x;
  card.formula_h =
      ui.fonts.size(card.role) * 1.1f * std::max(1.0f, std::ceil(needed / std::max(inner, 1.0f)));
  card.words_h = ui::layout_rich(ui.fonts, card.words, ui::Role::body, inner, ui::Markup::none).height;
  card.row_h = predict_row_height(context, inner);
  if (shows_chances(context)) {
    const auto taps = static_cast<float>(context.model.record().valid);
    card.chances_h =
        std::ceil(taps / static_cast<float>(chance_columns(inner, ui))) * ui.dp(20) + ui.sp(1.5f);
  }
  return card;
}

}  // namespace

namespace {

/// In the card's upper right corner: every narration can be taken along.
void draw_copy_button(LabContext& context, ui::Rect area) {
  ui::Ui& ui = context.ui;
  const float side = ui.dp(26);
  ui::ButtonOptions options;
  options.kind = ui::ButtonKind::ghost;
  options.width = options.height = side;
  const std::string hint = context.action_hint("copy");
  const ImVec2 back = ImGui::GetCursorScreenPos();
  ImGui::SetCursorScreenPos({area.max.x - side - ui.sp(2), area.min.y + ui.sp(2)});
  if (ui::icon_button(ui, "step.copy", ui::Icon::copy, hint, options)) context.act("copy");
  ImGui::SetCursorScreenPos(back);
}

}  // namespace

CardHeights step_card_heights(const LabContext& context, float width) {
  const Card card = measure(context, width);
  return {card.height(true, true, true), card.height(false, true, false), card.height(false, false, false)};
}

void draw_step_card(LabContext& context, ui::Rect area) {
  ui::Ui& ui = context.ui;
  const Card card = measure(context, area.width());
  const float room = area.height() + 1;
  if (card.height(false, false, false) > room) return;
  const bool words = card.height(false, true, false) <= room;
  const bool place = words && card.height(true, true, false) <= room;
  const bool chances = place && card.height(true, true, true) <= room;
  ImGui::SetCursorScreenPos(area.min);
  ui::CardOptions options;
  options.width = area.width();
  ui::begin_card(ui, "step.card", options);
  if (place) {
    ui.push_region(ui.right_edge() - ui.dp(26));  // the copy button is at the end of this line
    ui::text(ui, ui::Role::caption, ui.theme->text_faint, card.place);
    ui.pop_region();
  }
  ui::formula(ui, "step.formula", parts_of(context), card.role);
  if (words) ui::paragraph(ui, card.words, ui::Role::body, ui.theme->text_soft);
  if (chances) draw_chances(context);
  if (card.row_h > 0) draw_predict_row(context);
  ui::end_card(ui);
  if (!context.state.filming) draw_copy_button(context, area);
}

}  // namespace poolscope
