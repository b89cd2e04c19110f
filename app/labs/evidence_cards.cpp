// What a result says: the verdict and where it comes from, the numbers, the question before.

#include <algorithm>
#include <cmath>

#include "app/labs/evidence_lab.h"
#include "app/ui/rich_text.h"
#include "app/ui/shapes.h"

namespace poolscope {

namespace {

/// An icon and a paragraph beside it.
void marked_paragraph(LabContext& context, ui::Icon icon, ImU32 color, const std::string& words,
                      ui::Role role, ImU32 ink) {
  ui::Ui& ui = context.ui;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float indent = ui.dp(24), width = ui::available_width(ui);
  const ui::RichLayout layout = ui::layout_rich(ui.fonts, words, role, width - indent, ui::Markup::none);
  const float line = ui.fonts.size(role) * 1.25f;
  ui::draw_icon(ImGui::GetWindowDrawList(), icon, {at.x + ui.dp(8), at.y + line / 2}, ui.dp(15), color);
  ui::draw_rich(ImGui::GetWindowDrawList(), ui, layout, role, {at.x + indent, at.y}, ink);
  ImGui::Dummy({width, std::max(layout.height, line)});
}

struct AnswerLook {
  ui::Icon icon;
  ImU32 color;
};

AnswerLook answer_look(const ui::Theme& theme, Answer answer) {
  switch (answer) {
    case Answer::yes:
      return {ui::Icon::check, theme.unchanged.text};
    case Answer::no:
      return {ui::Icon::close, theme.winner.text};
    case Answer::unclear:
      break;
  }
  return {ui::Icon::help, theme.text_faint};
}

std::string quantity_text(const LabContext& context, const Measurement& measured) {
  const std::string what = context.texts.get("evidence.quantity." + measured.quantity);
  return measured.of.empty() ? what : what + " · " + evidence_name(context, measured.of);
}

void draw_answers(LabContext& context, const ClaimInfo& info) {
  ui::Ui& ui = context.ui;
  for (int i = 1; i <= info.predictions; ++i) {
    const std::string label = claim_text(context, info.claim, "predict." + std::to_string(i));
    ui::ButtonOptions options;
    options.width = -1;
    if (ui::button(ui, "evidence.guess." + std::to_string(i), label, options))
      context.outbox.post(command::Evidence{EvidenceDeed::answer, info.claim, i});
  }
  ui::gap(ui, 1);
  const std::string hint = context.text("evidence_lab.skip.hint");
  if (ui::link(ui, "evidence.guess.skip", context.text("evidence_lab.skip"), ui::Icon::none, true, hint))
    context.outbox.post(command::Evidence{EvidenceDeed::answer, info.claim, 0});
}

}  // namespace

std::string unbroken(std::string words) {
  constexpr std::string_view kNoBreak = "\u00a0";
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto follows = [&](size_t at, std::string_view what) {
    return words.compare(at, what.size(), what) == 0;
  };
  for (size_t at = words.find(' '); at != std::string::npos; at = words.find(' ', at + 1)) {
    const bool digit_before = at > 0 && is_digit(words[at - 1]);
    const bool digit_after = at + 1 < words.size() && is_digit(words[at + 1]);
    const bool sign_before =
        at >= 2 && (words.compare(at - 2, 2, "±") == 0 || words.compare(at - 2, 2, "×") == 0);
    const bool sign_after = follows(at + 1, "%") || follows(at + 1, "±") || follows(at + 1, "×");
    if (digit_before ? sign_after || digit_after : sign_before && digit_after) words.replace(at, 1, kNoBreak);
  }
  return words;
}

const std::string& claim_text(const LabContext& context, Claim claim, const std::string& what) {
  return context.texts.get("evidence." + std::string(claim_info(claim).id) + "." + what);
}

VerdictLook verdict_look(const ui::Theme& theme, Verdict verdict) {
  switch (verdict) {
    case Verdict::supported:
    case Verdict::by_construction:
      return {theme.unchanged.text, ui::Icon::check};
    case Verdict::only_if:
      return {theme.window.text, ui::Icon::flip};
    case Verdict::not_supported:
      break;
  }
  return {theme.winner.text, ui::Icon::close};
}

void draw_evidence_verdict(LabContext& context, const EvidenceResult& result) {
  ui::Ui& ui = context.ui;
  const Claim claim = result.request.claim;
  const std::string name(verdict_name(result.verdict));
  const VerdictLook look = verdict_look(*ui.theme, result.verdict);
  ui::section(ui, context.text("evidence_lab.verdict"));
  const std::string title = context.texts.get("evidence.verdict." + name);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ui::paragraph(ui, title, ui::Role::title, look.color);
  ui.record("evidence.verdict", "text", name,
            {at, {at.x + ui::available_width(ui), ImGui::GetCursorScreenPos().y}});
  ui::gap(ui, 1);
  ui::paragraph(ui, unbroken(context.say(result.finding)), ui::Role::body, ui.theme->text);
  const std::string meaning = "evidence." + std::string(claim_info(claim).id) + ".verdict." + name;
  if (context.texts.has(meaning)) {
    ui::gap(ui, 1);
    ui::paragraph(ui, unbroken(context.texts.get(meaning)), ui::Role::body, ui.theme->text_soft);
  }
}

void draw_evidence_cases(LabContext& context, const EvidenceResult& result) {
  ui::Ui& ui = context.ui;
  ui::section(ui, context.text("evidence_lab.cases"));
  for (size_t i = 0; i < result.cases.size(); ++i) {
    const EvidenceCase& one = result.cases[i];
    const Measurement& measured = result.measurements[one.measurement];
    const AnswerLook look = answer_look(*ui.theme, one.answer);
    const std::string sentence = claim_text(context, result.request.claim, "case." + one.id);
    marked_paragraph(context, look.icon, look.color, sentence, ui::Role::body, ui.theme->text);
    const std::string must =
        context.say(Message("evidence.case.line")
                        .with("value", quantity_text(context, measured))
                        .with("relation", "evidence.relation." + std::string(relation_name(one.relation)))
                        .with("threshold", format_number(one.threshold, measured.unit)));
    std::string line =
        context.say(Message("evidence_lab.case")
                        .with("must", must)
                        .with("low", format_number(measured.estimate.low, measured.unit))
                        .with("high", format_number(measured.estimate.high, measured.unit))
                        .with("answer", "evidence.answer." + std::string(answer_name(one.answer))));
    if (measured.estimate.n == 1)
      line = context.say(Message("evidence_lab.case.once")
                             .with("must", must)
                             .with("value", format_number(measured.estimate.value, measured.unit)));
    if (measured.estimate.n == 0)
      line = context.say(Message("evidence_lab.case.counted")
                             .with("must", must)
                             .with("value", format_number(measured.estimate.value, measured.unit))
                             .with("answer", "evidence.answer." + std::string(answer_name(one.answer))));
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::SetCursorScreenPos({at.x + ui.dp(24), at.y - ui.dp(4)});
    ui::paragraph(ui, unbroken(line), ui::Role::caption, ui.theme->text_faint,
                  ui::available_width(ui) - ui.dp(24));
    ui.record("evidence.case." + std::to_string(i), "case", answer_name(one.answer),
              {at, {at.x + ui::available_width(ui), ImGui::GetCursorScreenPos().y}});
  }
  ui::gap(ui, 1);
  ui::paragraph(ui, context.text("evidence.rule"), ui::Role::caption, ui.theme->text_faint);
}

void draw_evidence_numbers(LabContext& context, const EvidenceResult& result) {
  ui::Ui& ui = context.ui;
  ui::section(ui, context.text("evidence_lab.numbers"));
  const bool theory = std::any_of(result.measurements.begin(), result.measurements.end(),
                                  [](const Measurement& measured) { return measured.theory.has_value(); });
  std::vector<ui::Column> columns = {
      {context.text("evidence_lab.quantity"), ui::Align::left, 1, ui::Role::control},
      {context.text("evidence_lab.of"), ui::Align::left, 0, ui::Role::control},
      {context.text("evidence_lab.measured"), ui::Align::right, 0, ui::Role::control_bold}};
  if (theory)
    columns.push_back({context.text("evidence_lab.theory"), ui::Align::right, 0, ui::Role::control});
  std::vector<std::vector<ui::TableCell>> rows;
  std::string before;
  for (const Measurement& measured : result.measurements) {
    const std::string what = context.texts.get("evidence.quantity." + measured.quantity);
    std::vector<ui::TableCell> row = {
        {what == before ? std::string() : what},
        {measured.of.empty() ? "" : evidence_name(context, measured.of), ui.theme->text_soft},
        {format_estimate(measured.estimate, measured.unit)}};
    if (theory)
      row.push_back(
          {measured.theory ? format_number(*measured.theory, measured.unit) : "", ui.theme->text_soft});
    rows.push_back(std::move(row));
    before = what;
  }
  ui::table(ui, "evidence.numbers", columns, rows);
}

void draw_evidence_question(LabContext& context, const EvidenceResult* result) {
  ui::Ui& ui = context.ui;
  const Claim claim = context.model.document.evidence.claim;
  const ClaimInfo& info = claim_info(claim);
  const ClaimQuestion& question = context.model.session.evidence.of(claim);
  const bool hidden = claim_hidden(context.model, claim);
  if (!hidden && question.answer.value_or(0) == 0) return;
  ui::begin_card(ui, "evidence.question");
  ui::section(ui, context.text(hidden ? "evidence_lab.question" : "evidence_lab.answered"));
  ui::paragraph(ui, claim_text(context, claim, "predict"), ui::Role::body_bold);
  ui::gap(ui, 1);
  if (hidden) {
    draw_answers(context, info);
  } else {
    const std::string guess = claim_text(context, claim, "predict." + std::to_string(*question.answer));
    std::string line = context.say(Message("evidence_lab.expected").with("guess", guess));
    ui::paragraph(ui, line);
    if (result != nullptr) {
      const int came = result->prediction;
      const std::string measured = came > 0 ? claim_text(context, claim, "predict." + std::to_string(came))
                                            : context.text("evidence_lab.untold");
      line = context.say(Message("evidence_lab.came").with("answer", measured));
      const bool same = came == *question.answer;
      marked_paragraph(context, same ? ui::Icon::check : ui::Icon::chevron_right,
                       same ? ui.theme->unchanged.text : ui.theme->text_faint, line, ui::Role::body,
                       ui.theme->text);
    }
    ui.record("evidence.answered", "text", std::to_string(*question.answer),
              {ImGui::GetCursorScreenPos(), ImGui::GetCursorScreenPos()});
  }
  ui::end_card(ui);
  ui::gap(ui, 4);
}

}  // namespace poolscope
