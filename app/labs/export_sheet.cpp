#include "app/labs/export_sheet.h"

#include <charconv>
#include <string>
#include <system_error>
#include <vector>

#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

std::optional<uint64_t> parse_seed(const std::string& typed) {
  uint64_t seed = 0;
  const char* end = typed.data() + typed.size();
  const auto [stop, wrong] = std::from_chars(typed.data(), end, seed);
  if (typed.empty() || wrong != std::errc() || stop != end) return std::nullopt;
  return seed;
}

std::optional<SheetRequest> sheet_request(const LabContext& context) {
  const ExportDialog& dialog = context.state.take_away;
  const std::optional<uint64_t> seed = parse_seed(dialog.seed);
  if (!seed) return std::nullopt;
  SheetRequest request;
  request.seed = *seed;
  request.count = dialog.exercises;
  if (dialog.as_set) {
    request.kind = context.model.document.spec.kind;
    request.spec = context.model.document.spec;
    request.spec->seed = *seed;
  }
  return request;
}

void draw_seed(LabContext& context) {
  ui::Ui& ui = context.ui;
  std::string& typed = context.state.take_away.seed;
  ui::section(ui, context.text("export.sheet.seed"));
  ui::FieldOptions options;
  options.width = ui::column_width(ui, 2);
  options.mono = true;
  if (!parse_seed(typed)) options.error = context.text("export.sheet.seed.error");
  ui::text_field(ui, "export.seed", typed, options);
  ui::same_line(ui, 2);
  ui::ButtonOptions next;
  next.enabled = parse_seed(typed).has_value();
  if (ui::button(ui, "export.next_seed", context.text("export.sheet.next"), next))
    typed = std::to_string(*parse_seed(typed) + 1);
  ui::paragraph(ui, context.text("export.sheet.same"), ui::Role::caption, ui.theme->text_faint);
}

}  // namespace

void draw_export_sheet(LabContext& context) {
  ui::Ui& ui = context.ui;
  ExportDialog& dialog = context.state.take_away;
  draw_seed(context);
  ui::gap(ui, 2);
  ui::section(ui, context.text("export.sheet.pooling"));
  const std::string present =
      context.texts.get("kind." + std::string(kind_info(context.model.document.spec.kind).name));
  const std::vector<ui::Choice> ways = {
      {"in_turn", context.text("export.sheet.in_turn"), true, {}},
      {"as_set", context.say(Message("export.sheet.as_set").with("kind", present)), true,
       context.text("export.sheet.as_set.hint")}};
  if (const auto chosen = ui::segmented(ui, "export.ways", ways, dialog.as_set ? 1 : 0, -1))
    dialog.as_set = *chosen == 1;
  if (parse_seed(dialog.seed) && !practice_request(context))
    ui::paragraph(ui, context.text("export.sheet.no_fit"), ui::Role::caption, ui.theme->danger);
  ui::gap(ui, 2);
  ui::SliderOptions options;
  options.min = 1;
  options.max = static_cast<double>(kMostExercises);
  options.step = 1;
  const auto count = ui::slider(ui, "export.exercises", context.text("export.sheet.count"),
                                static_cast<double>(dialog.exercises), options);
  if (count.edited) dialog.exercises = count.as_int();
  ui::gap(ui, 2);
  ui::section(ui, context.text("export.sheet.answers"));
  const std::vector<ui::Choice> answers = {{"without", context.text("export.sheet.without"), true, {}},
                                           {"with", context.text("export.sheet.with"), true, {}}};
  if (const auto chosen = ui::segmented(ui, "export.answers", answers, dialog.answers ? 1 : 0, -1)) {
    dialog.answers = *chosen == 1;
    dialog.asks = false;
  }
  ui::gap(ui, 2);
  ui::fact(ui, "export.page", context.text("export.sheet.page"), "A4 · 1654 × 2339");
}

std::optional<PracticeRequest> practice_request(const LabContext& context) {
  const std::optional<SheetRequest> request = sheet_request(context);
  if (!request || !make_sheet(*request).ok()) return std::nullopt;
  return PracticeRequest{*request, context.state.take_away.answers, {}, true};
}

}  // namespace poolscope
