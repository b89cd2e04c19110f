// The right panel of the Evidence lab: the settings from the claim's table, what to try next, saving.

#include <algorithm>
#include <cmath>

#include "app/labs/evidence_lab.h"
#include "app/labs/frame.h"

namespace poolscope {

namespace {

std::string parameter_name(const LabContext& context, const ClaimParameter& parameter) {
  return context.texts.get("evidence.parameter." + std::string(parameter.id));
}

void set_value(LabContext& context, size_t index, double value, const ui::SliderChange* change) {
  Document document = context.model.document;
  document.evidence.of(document.evidence.claim).values[index] = value;
  if (change != nullptr)
    context.edit(std::move(document), *change);
  else
    context.edit(std::move(document));
}

void draw_switch(LabContext& context, const ClaimParameter& parameter, size_t index, double value) {
  ui::Ui& ui = context.ui;
  const std::string label = parameter_name(context, parameter);
  ui::text(ui, ui::Role::body, ui.theme->text, label);
  std::vector<ui::Choice> choices;
  for (const std::string_view choice : parameter.choices)
    choices.push_back({std::string(choice), context.texts.get("evidence.choice." + std::string(choice)), true,
                       context.texts.get("evidence.parameter." + std::string(parameter.id) + ".hint")});
  const std::string key = "evidence.set." + std::string(parameter.id);
  if (const auto chosen = ui::segmented(ui, key, choices, static_cast<int>(value)))
    set_value(context, index, static_cast<double>(*chosen), nullptr);
}

void draw_slider(LabContext& context, const ClaimParameter& parameter, size_t index, double value) {
  ui::SliderOptions options;
  options.min = parameter.least;
  options.max = parameter.most;
  options.step = parameter.step;
  options.logarithmic = parameter.logarithmic && parameter.least > 0;
  const std::string shown = parameter_value(context, parameter, value);
  options.value_text = shown;
  const std::string hint = context.texts.get("evidence.parameter." + std::string(parameter.id) + ".hint");
  options.tooltip = hint;
  const auto change = ui::slider(context.ui, "evidence.set." + std::string(parameter.id),
                                 parameter_name(context, parameter), value, options);
  if (!change.edited) return;
  const double settled = std::clamp(parameter.step >= 1 ? std::round(change.value) : change.value,
                                    parameter.least, parameter.most);
  set_value(context, index, settled, &change);
}

void draw_repeats(LabContext& context, const ClaimInfo& info) {
  if (info.repeats == 0) return;
  const ClaimSetup& setup = context.model.document.evidence.of(info.claim);
  ui::SliderOptions options;
  options.min = static_cast<double>(info.least_repeats);
  options.max = static_cast<double>(info.most_repeats);
  options.step = info.most_repeats > 1000 ? 10 : 1;
  options.logarithmic = true;
  const std::string shown = format_count(setup.repeats);
  options.value_text = shown;
  const std::string hint = context.text("evidence_lab.repeats.hint");
  options.tooltip = hint;
  const auto change = ui::slider(context.ui, "evidence.set.repeats", context.text("evidence_lab.repeats"),
                                 static_cast<double>(setup.repeats), options);
  if (!change.edited) return;
  Document document = context.model.document;
  document.evidence.of(info.claim).repeats =
      std::clamp<int64_t>(std::llround(change.value), info.least_repeats, info.most_repeats);
  context.edit(std::move(document), change);
}

void draw_seed(LabContext& context, const ClaimInfo& info) {
  if (info.repeats == 0) return;
  ui::Ui& ui = context.ui;
  const uint64_t seed = context.model.document.evidence.of(info.claim).seed;
  const float side = ui.dp(26);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float right = at.x + ui::available_width(ui);
  const std::string words =
      context.say(Message("evidence_lab.seed").with("seed", static_cast<int64_t>(seed)));
  ImGui::SetCursorScreenPos({at.x, at.y + (side - ui.fonts.size(ui::Role::body) * 1.25f) / 2});
  ui::text(ui, ui::Role::body, ui.theme->text, words);
  const auto step = [&](const char* key, ui::Icon icon, const char* text, float x, uint64_t to,
                        bool enabled) {
    ImGui::SetCursorScreenPos({x, at.y});
    ui::ButtonOptions options;
    options.width = options.height = side;
    options.enabled = enabled;
    if (!ui::icon_button(ui, key, icon, context.text(text), options)) return;
    Document document = context.model.document;
    document.evidence.of(info.claim).seed = to;
    context.edit(std::move(document));
  };
  step("evidence.seed.less", ui::Icon::minus, "evidence_lab.seed.less", right - 2 * side - ui.sp(1), seed - 1,
       seed > 0);
  step("evidence.seed.more", ui::Icon::plus, "evidence_lab.seed.more", right - side, seed + 1, true);
}

void draw_settings(LabContext& context, const ClaimInfo& info) {
  ui::Ui& ui = context.ui;
  ui::section(ui, context.text("evidence_lab.settings"));
  const ClaimSetup& setup = context.model.document.evidence.of(info.claim);
  for (size_t i = 0; i < info.parameters.size(); ++i) {
    const ClaimParameter& parameter = info.parameters[i];
    if (parameter.is_switch())
      draw_switch(context, parameter, i, setup.values[i]);
    else
      draw_slider(context, parameter, i, setup.values[i]);
  }
  draw_repeats(context, info);
  draw_seed(context, info);
  const ClaimSetup normal = normal_claims()[static_cast<size_t>(info.claim)];
  if (setup == normal) return;
  if (ui::link(ui, "evidence.reset", context.text("evidence_lab.reset"), ui::Icon::undo)) {
    Document document = context.model.document;
    document.evidence.of(info.claim) = normal;
    context.edit(std::move(document));
  }
}

void draw_suggestions(LabContext& context, const ClaimInfo& info) {
  if (info.suggestions.empty()) return;
  ui::Ui& ui = context.ui;
  ui::gap(ui, 2);
  ui::section(ui, context.text("evidence_lab.next"));
  const ClaimSetup& setup = context.model.document.evidence.of(info.claim);
  bool first = true;
  for (const ClaimSuggestion& suggestion : info.suggestions) {
    const auto parameter =
        std::find_if(info.parameters.begin(), info.parameters.end(),
                     [&](const ClaimParameter& one) { return one.id == suggestion.parameter; });
    if (parameter == info.parameters.end()) continue;
    const auto index = static_cast<size_t>(parameter - info.parameters.begin());
    const std::string label = claim_text(context, info.claim, "try." + std::string(suggestion.id));
    if (!first) ui::flow(ui, ui::chip_width(ui, label));
    first = false;
    ui::ChipOptions options;
    options.selected = setup.values[index] == suggestion.value;
    if (!ui::chip(ui, "evidence.try." + std::string(suggestion.id), label, options)) continue;
    set_value(context, index, options.selected ? parameter->normal : suggestion.value, nullptr);
  }
}

void draw_saving(LabContext& context, const ClaimInfo& info) {
  ui::Ui& ui = context.ui;
  ui::gap(ui, 2);
  ui::section(ui, context.text("evidence_lab.keep"));
  const EvidenceAnswerPtr& answer = context.model.evidence.latest(info.claim);
  for (const bool picture : {false, true}) {
    ui::ButtonOptions options;
    options.width = -1;
    options.enabled = answer && answer->result && !claim_hidden(context.model, info.claim);
    const char* label = picture ? "evidence_lab.save.picture" : "evidence_lab.save.table";
    if (!ui::button(ui, picture ? "evidence.save.png" : "evidence.save.csv", context.text(label), options))
      continue;
    context.state.evidence_save = {true, picture, evidence_file_name(info.claim, picture),
                                   context.model.session.evidence.saved};
  }
}

}  // namespace

std::string parameter_value(const LabContext& context, const ClaimParameter& parameter, double value) {
  if (parameter.is_switch())
    return context.texts.get("evidence.choice." + std::string(parameter.choices[static_cast<size_t>(value)]));
  return parameter.step >= 1 ? format_count(std::llround(value)) : format_short(value, 3);
}

std::string settings_line(const LabContext& context, const EvidenceRequest& request) {
  const ClaimInfo& info = claim_info(request.claim);
  std::string line;
  const auto pair = [&](const std::string& name, const std::string& value) {
    line += (line.empty() ? "" : " · ") +
            context.say(Message("evidence_lab.setting").with("name", name).with("value", value));
  };
  for (size_t i = 0; i < info.parameters.size(); ++i)
    pair(parameter_name(context, info.parameters[i]),
         parameter_value(context, info.parameters[i], request.values[i]));
  if (info.repeats > 0) {
    pair(context.text("evidence_lab.repeats"), format_count(request.repeats));
    pair(context.text("evidence_lab.seed.name"), std::to_string(request.seed));
  }
  if (info.needs_input) {
    const std::string key = "input." + request.input_name;
    pair(context.text("evidence_lab.input"),
         context.texts.has(key) ? context.texts.get(key) : request.input_name);
  }
  return line;
}

void draw_evidence_settings(LabContext& context) {
  ui::Ui& ui = context.ui;
  const ClaimInfo& info = claim_info(context.model.document.evidence.claim);
  ui::section(ui, context.text("evidence_lab.why"));
  ui::paragraph(ui, context.text("evidence_lab.why.words"));
  ui::gap(ui, 2);
  if (info.needs_input) {
    draw_input_choices(context);
    if (const std::optional<Error> problem = evidence_input_problem(context.model.document))
      ui::paragraph(ui, context.say(Message("evidence_lab.replaced").with("reason", context.say(*problem))),
                    ui::Role::caption, ui.theme->text_soft);
    ui::gap(ui, 2);
  }
  draw_settings(context, info);
  draw_suggestions(context, info);
  draw_saving(context, info);
}

}  // namespace poolscope
