// The command palette: type a few letters, Enter does it.

#include "app/labs/palette.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "app/labs/labs.h"
#include "app/labs/lesson_parts.h"
#include "app/labs/presets.h"
#include "core/data/builtin.h"
#include "core/data/display_name.h"
#include "core/pooling/dialects.h"
#include "core/pooling/kinds.h"
#include "core/pooling/plan.h"

namespace poolscope {

namespace {

constexpr float kWidth = 560, kHeight = 460;
constexpr const char* kSheetKey = "lesson-sheet";

std::string lower(std::string_view words) {
  std::string small(words);
  for (char& letter : small)
    letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return small;
}

/// The first letter must begin a word: "gbl" finds "Global max", and not what has these letters anywhere.
bool letters_in_order(std::string_view typed, std::string_view words) {
  size_t at = words.find(typed[0]);
  while (at != std::string_view::npos && at > 0 && std::isalnum(static_cast<unsigned char>(words[at - 1])))
    at = words.find(typed[0], at + 1);
  if (at == std::string_view::npos) return false;
  for (const char letter : typed) {
    at = words.find(letter, at);
    if (at == std::string_view::npos) return false;
    ++at;
  }
  return true;
}

int word_score(std::string_view typed, std::string_view words) {
  const size_t at = words.find(typed);
  if (at == 0) return 8;
  if (at != std::string_view::npos) {
    const bool starts_word = !std::isalnum(static_cast<unsigned char>(words[at - 1]));
    return starts_word ? 6 : 4;
  }
  // Scattered letters mean something from three on; Chinese is found by whole characters only.
  const bool ascii = std::all_of(typed.begin(), typed.end(), [](char c) { return c > 0; });
  return ascii && typed.size() >= 3 && letters_in_order(typed, words) ? 1 : 0;
}

PaletteEntry entry(const LabContext& context, std::string key, const std::string& text, const char* group,
                   Command command) {
  return {std::move(key),      context.texts.get(text),           context.texts.get_in("en", text),
          context.text(group), context.texts.get_in("en", group), {},
          std::move(command)};
}

void add_actions(const LabContext& context, std::vector<PaletteEntry>& entries) {
  for (const Action& action : all_actions()) {
    const std::string id(action.id);
    if (id == "palette" || !action.enabled(context.model)) continue;
    PaletteEntry one =
        entry(context, "action." + id, "action." + id, "palette.action", action.command(context.model));
    one.note = action.shortcut.substr(0, action.shortcut.find(' '));
    entries.push_back(std::move(one));
  }
}

void add_kinds(const LabContext& context, std::vector<PaletteEntry>& entries) {
  for (const KindInfo& info : all_kinds()) {
    Document document = context.model.document;
    document.spec.kind = info.kind;
    const std::string text = "kind." + std::string(info.name);
    entries.push_back(entry(context, text, text, "palette.kind", command::Edit{std::move(document), 0}));
  }
}

/// What the Network lab has not got is not offered there.
bool sets_pooling(const LabContext& context) {
  return context.model.session.lab != "network";
}

void add_presets(const LabContext& context, std::vector<PaletteEntry>& entries) {
  const Document& present = context.model.document;
  for (const Preset& preset : all_presets()) {
    Document document = with_preset(present, preset);
    if (!sets_pooling(context) || !validate(document.spec, present.shape()).ok()) continue;
    PaletteEntry one = entry(context, preset.key, "controls.global", "palette.preset",
                             command::Edit{std::move(document), 0});
    if (preset.label != nullptr) one.label = one.english = preset.label;
    // As it would be typed.
    if (preset.window > 0) {
      const std::string side = std::to_string(preset.window);
      one.english = side + "x" + side + "/" + std::to_string(preset.stride) + " " + one.english;
    }
    entries.push_back(std::move(one));
  }
}

void add_dialects(const LabContext& context, std::vector<PaletteEntry>& entries) {
  const Document& present = context.model.document;
  if (!sets_pooling(context) || kind_info(present.spec.kind).geometry != Geometry::sliding) return;
  for (const DialectInfo& info : all_dialects()) {
    Document document = present;
    document.spec = in_dialect(present.spec, info.dialect);
    const std::string text = "dialect." + std::string(info.name);
    entries.push_back(entry(context, text, text, "palette.dialect", command::Edit{std::move(document), 0}));
  }
}

void add_lessons(const LabContext& context, std::vector<PaletteEntry>& entries) {
  for (const LessonPtr& lesson : context.model.lessons)
    entries.push_back({"lesson." + lesson->id,
                       lesson->title.in(context.texts.language()),
                       lesson->title.in("en"),
                       context.text("palette.lesson"),
                       context.texts.get_in("en", "palette.lesson"),
                       {},
                       command::StartLesson{lesson, 0}});
  entries.push_back(entry(context, kSheetKey, "lesson.sheet", "palette.lesson",
                          command::ShowDialog{static_cast<int>(Dialog::take_away)}));
}

void add_looks(const LabContext& context, std::vector<PaletteEntry>& entries) {
  for (const Language& language : context.texts.languages())
    entries.push_back({"language." + language.code,
                       language.name,
                       language.name + " " + language.code,
                       context.text("palette.language"),
                       context.texts.get_in("en", "palette.language"),
                       {},
                       command::SetLanguage{language.code}});
  entries.push_back(
      entry(context, "theme.paper", "palette.paper", "palette.theme", command::SetTheme{ThemeName::paper}));
  entries.push_back(
      entry(context, "theme.night", "palette.night", "palette.theme", command::SetTheme{ThemeName::night}));
}

void add_files(const LabContext& context, std::vector<PaletteEntry>& entries) {
  for (const auto& file : context.model.settings.recent) {
    const std::string name = display_name(file);
    entries.push_back({"recent." + name,
                       name,
                       name,
                       context.text("palette.recent"),
                       context.texts.get_in("en", "palette.recent"),
                       {},
                       command::OpenFile{file}});
  }
}

void choose(LabContext& context, const PaletteEntry& chosen) {
  if (chosen.key == kSheetKey) return show_practice_sheet(context);
  context.outbox.post(command::ShowDialog{static_cast<int>(Dialog::none)});
  context.outbox.post(chosen.command);
}

void draw_entries(LabContext& context, const std::vector<PaletteEntry>& entries, float height) {
  ui::Ui& ui = context.ui;
  FrameState::PaletteView& view = context.state.palette;
  const int count = static_cast<int>(entries.size());
  const int before = view.selected;
  if (ui.key_pressed(ui::Key::down)) ++view.selected;
  if (ui.key_pressed(ui::Key::up)) --view.selected;
  if (ui.key_pressed(ui::Key::page_down)) view.selected += 8;
  if (ui.key_pressed(ui::Key::page_up)) view.selected -= 8;
  view.selected = std::clamp(view.selected, 0, std::max(0, count - 1));
  ui::begin_scroll(ui, "palette.list", {ui::available_width(ui), height});
  if (entries.empty()) ui::text(ui, ui::Role::body, ui.theme->text_faint, context.text("palette.nothing"));
  for (int i = 0; i < count; ++i) {
    const PaletteEntry& one = entries[static_cast<size_t>(i)];
    ui::RowOptions options;
    options.selected = i == view.selected;
    options.focusable = false;
    const std::string note = one.note.empty() ? one.group : one.note;
    options.note = note;
    // In another language the English name helps those who know the term.
    const bool same = one.english.find(one.label) != std::string::npos;
    const std::string label = same ? one.label : one.label + "  " + one.english;
    if (ui::list_row(ui, "palette." + one.key, label, options)) choose(context, one);
    if (i == view.selected && (before != view.selected || view.fresh)) ImGui::SetScrollHereY(0.5f);
  }
  view.fresh = false;
  ui::end_scroll(ui);
}

}  // namespace

int palette_score(std::string_view typed, std::string_view words) {
  const std::string wanted = lower(typed), text = lower(words);
  int score = 0;
  for (size_t at = 0; at < wanted.size();) {
    const size_t end = std::min(wanted.find(' ', at), wanted.size());
    if (end > at) {
      const int one = word_score(std::string_view(wanted).substr(at, end - at), text);
      if (one == 0) return 0;
      score += one;
    }
    at = end + 1;
  }
  return score;
}

std::vector<PaletteEntry> palette_entries(const LabContext& context) {
  std::vector<PaletteEntry> entries;
  for (const LabInfo& lab : all_labs()) {
    const std::string name(lab.name);
    entries.push_back(entry(context, "lab." + name, "lab." + name, "palette.lab", command::SetLab{name}));
  }
  add_actions(context, entries);
  add_kinds(context, entries);
  add_presets(context, entries);
  add_dialects(context, entries);
  add_lessons(context, entries);
  for (const BuiltinInput& input : builtin_inputs()) {
    const std::string text = "input." + std::string(input.name);
    entries.push_back(
        entry(context, text, text, "palette.input", command::OpenBuiltin{std::string(input.name)}));
  }
  add_looks(context, entries);
  add_files(context, entries);
  return entries;
}

std::vector<PaletteEntry> palette_matches(std::vector<PaletteEntry> entries, std::string_view typed) {
  if (typed.find_first_not_of(' ') == std::string_view::npos) return entries;
  std::vector<std::pair<int, PaletteEntry>> found;
  for (PaletteEntry& one : entries) {
    const int score = std::max({palette_score(typed, one.label), palette_score(typed, one.english),
                                palette_score(typed, one.group + " " + one.label) >= 4 ? 1 : 0,
                                palette_score(typed, one.group_english + " " + one.english) >= 4 ? 1 : 0});
    if (score > 0) found.emplace_back(score, std::move(one));
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<PaletteEntry> matches;
  for (auto& [score, one] : found)
    matches.push_back(std::move(one));
  return matches;
}

void draw_palette(LabContext& context) {
  ui::Ui& ui = context.ui;
  FrameState::PaletteView& view = context.state.palette;
  const bool opened = !view.open;
  if (opened) view = {};
  view.open = true;
  ui::ModalOptions options;
  options.title = context.text("palette.title");
  options.width = ui.dp(kWidth);
  options.height = std::min(ui.dp(kHeight), ImGui::GetIO().DisplaySize.y * 0.94f);
  const ui::ModalFrame frame = ui::begin_modal(ui, "palette", options);
  if (!frame) return;
  ui::FieldOptions field;
  field.hint = context.text("palette.hint");
  field.icon = ui::Icon::search;
  field.focus = ++view.frames <= 3;  // the dialog itself takes the keyboard in its first frames
  const ui::FieldChange change = ui::text_field(ui, "palette.field", view.typed, field);
  if (change.edited) {
    view.selected = 0;
    view.fresh = true;
  }
  ui::gap(ui, 2);
  const std::vector<PaletteEntry> entries = palette_matches(palette_entries(context), view.typed);
  const float bottom = ImGui::GetWindowPos().y + ImGui::GetWindowHeight() - ui.sp(4);
  draw_entries(context, entries, bottom - ImGui::GetCursorScreenPos().y);
  ui::end_modal(ui);
  const auto selected = static_cast<size_t>(view.selected);
  if (change.submitted && selected < entries.size()) choose(context, entries[selected]);
  if (frame.close_requested || ui.key_pressed(ui::Key::escape, false))
    context.outbox.post(command::ShowDialog{static_cast<int>(Dialog::none)});
}

}  // namespace poolscope
