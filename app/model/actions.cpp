#include "app/model/actions.h"

#include <algorithm>

#include "core/data/builtin.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

bool always(const Model&) {
  return true;
}
/// The Network lab has no pooling of its own to set.
bool sets_pooling(const Model& model) {
  return model.session.lab != "network";
}
bool can_undo(const Model& model) {
  return model.history.can_undo();
}
bool can_redo(const Model& model) {
  return model.history.can_redo();
}
bool is_picture(const Model& model) {
  return !shown_as_matrix(model.document);
}

bool in_lesson(const Model& model) {
  return present_lesson(model) != nullptr;
}
/// A presenter's remote steps; in a lesson it pages through that instead.
bool presenter_steps(const Model& model) {
  return model.session.presenting && !in_lesson(model);
}

/// What plays in the Evidence lab is its experiment.
Command play_or_run(const Model& model) {
  if (model.session.lab != "evidence") return command::PlayPause{};
  const Claim claim = model.document.evidence.claim;
  return command::Evidence{model.evidence.running(claim) ? EvidenceDeed::stop : EvidenceDeed::run, claim};
}

Command edited(const Model& model, void (*change)(Document&)) {
  Document document = model.document;
  change(document);
  return command::Edit{std::move(document), 0};
}

Command next_theme(const Model& model) {
  return command::SetTheme{model.settings.theme == ThemeName::paper ? ThemeName::night : ThemeName::paper};
}

Command next_language(const Model& model) {
  return command::SetLanguage{model.settings.language == "en" ? "zh" : "en"};
}

Command faster(const Model& model) {
  return command::SetSpeed{model.clock().speed * 1.5};
}
Command slower(const Model& model) {
  return command::SetSpeed{model.clock().speed / 1.5};
}

Command next_kind(const Model& model) {
  return edited(model, [](Document& document) {
    const auto kinds = all_kinds();
    const auto here = std::find_if(kinds.begin(), kinds.end(),
                                   [&](const KindInfo& info) { return info.kind == document.spec.kind; });
    const size_t next = (static_cast<size_t>(here - kinds.begin()) + 1) % kinds.size();
    document.spec.kind = kinds[next].kind;
  });
}

Command flip_direction(const Model& model) {
  return edited(model, [](Document& document) {
    document.direction = document.direction == Direction::forward ? Direction::backward : Direction::forward;
  });
}

Command next_input(const Model& model) {
  const auto inputs = builtin_inputs();
  for (size_t i = 0; i < inputs.size(); ++i)
    if (inputs[i].name == model.document.input.builtin)
      return command::OpenBuiltin{std::string(inputs[(i + 1) % inputs.size()].name)};
  return command::OpenBuiltin{std::string(inputs[0].name)};
}

Command window_by(const Model& model, int64_t by) {
  Document document = model.document;
  document.spec.window.h = std::max<int64_t>(1, document.spec.window.h + by);
  document.spec.window.w = std::max<int64_t>(1, document.spec.window.w + by);
  return command::Edit{std::move(document), 0};
}

bool in_shift_lab(const Model& model) {
  return model.session.lab == "shift";
}

template <int64_t kDown, int64_t kRight>
Command shift_by(const Model& model) {
  const Offset by = model.session.shift.by;
  return command::SetShift{{by.dy + kDown, by.dx + kRight}};
}

/// A row of windows on or back; in the Shift lab, where a sweep has no rows, a pixel down or up.
Command by_row(const Model& model, int64_t rows) {
  if (in_shift_lab(model)) return rows > 0 ? shift_by<1, 0>(model) : shift_by<-1, 0>(model);
  return command::Seek{model.session.playback.step() + rows * model.plan().out.w, false};
}

constexpr Action kActions[] = {
    {"play", "transport", "Space", always, play_or_run},
    {"step_forward", "transport", "Right", always, [](const Model&) -> Command { return command::StepBy{1}; },
     true},
    {"step_back", "transport", "Left", always, [](const Model&) -> Command { return command::StepBy{-1}; },
     true},
    {"row_forward", "transport", "Down", sets_pooling, [](const Model& m) -> Command { return by_row(m, 1); },
     true},
    {"row_back", "transport", "Up", sets_pooling, [](const Model& m) -> Command { return by_row(m, -1); },
     true},
    {"jump_start", "transport", "Home", sets_pooling,
     [](const Model&) -> Command {
       return command::Seek{0, false};
     }},
    {"jump_end", "transport", "End", sets_pooling,
     [](const Model& m) -> Command {
       return command::Seek{m.clock_steps() - 1, false};
     }},
    {"faster", "transport", ".", sets_pooling, faster, true},
    {"slower", "transport", ",", sets_pooling, slower, true},
    {"copy", "transport", "Ctrl+C", sets_pooling,
     [](const Model&) -> Command { return command::CopyNarration{}; }},
    {"loop", "transport", "L", sets_pooling, [](const Model&) -> Command { return command::ToggleLoop{}; }},
    {"predict", "transport", "P",
     [](const Model& m) {
       return m.session.lab == "evidence" || (m.session.lab == "window" && can_predict(m.document));
     },
     [](const Model&) -> Command { return command::TogglePrediction{}; }},
    {"next_kind", "pooling", "K", sets_pooling, next_kind},
    {"window_larger", "pooling", "]", sets_pooling, [](const Model& m) { return window_by(m, 1); }, true},
    {"window_smaller", "pooling", "[", sets_pooling, [](const Model& m) { return window_by(m, -1); }, true},
    {"direction", "pooling", "B", sets_pooling, flip_direction},
    {"redraw", "pooling", "R",
     [](const Model& m) { return sets_pooling(m) && kind_info(m.document.spec.kind).random; },
     [](const Model& m) { return edited(m, [](Document& d) { ++d.spec.seed; }); }},
    {"shift_right", "shift", "Shift+Right", in_shift_lab, shift_by<0, 1>, true},
    {"shift_left", "shift", "Shift+Left", in_shift_lab, shift_by<0, -1>, true},
    {"shift_down", "shift", "Shift+Down", in_shift_lab, shift_by<1, 0>, true},
    {"shift_up", "shift", "Shift+Up", in_shift_lab, shift_by<-1, 0>, true},
    {"open", "file", "Ctrl+O", always,
     [](const Model&) -> Command { return command::ShowDialog{static_cast<int>(Dialog::open_file)}; }},
    {"save", "file", "Ctrl+S", always, [](const Model&) -> Command { return command::SaveStudy{}; }},
    {"save_as", "file", "Ctrl+Shift+S", always,
     [](const Model&) -> Command { return command::ShowDialog{static_cast<int>(Dialog::save_study)}; }},
    {"save_log", "file", "Ctrl+Shift+L", always,
     [](const Model&) -> Command { return command::ShowDialog{static_cast<int>(Dialog::save_log)}; }},
    {"palette", "file", "Ctrl+K", always,
     [](const Model&) -> Command { return command::ShowDialog{static_cast<int>(Dialog::palette)}; }},
    {"export", "file", "Ctrl+E", always,
     [](const Model&) -> Command { return command::ShowDialog{static_cast<int>(Dialog::take_away)}; }},
    {"next_input", "file", "I", sets_pooling, next_input},
    {"undo", "file", "Ctrl+Z", can_undo, [](const Model&) -> Command { return command::Undo{}; }},
    {"redo", "file", "Ctrl+Y Ctrl+Shift+Z", can_redo,
     [](const Model&) -> Command { return command::Redo{}; }},
    {"zoom_in", "view", "+", is_picture, [](const Model&) -> Command { return command::ZoomView{1.25}; },
     true},
    {"zoom_out", "view", "-", is_picture, [](const Model&) -> Command { return command::ZoomView{0.8}; },
     true},
    {"zoom_fit", "view", "0", is_picture, [](const Model&) -> Command { return command::ResetView{}; }},
    {"lessons", "lesson", "Ctrl+L", always,
     [](const Model&) -> Command { return command::ShowDialog{static_cast<int>(Dialog::lessons)}; }},
    {"lesson_next", "lesson", "PageDown", in_lesson,
     [](const Model&) -> Command { return command::LessonNext{}; }},
    {"lesson_back", "lesson", "PageUp", in_lesson,
     [](const Model&) -> Command { return command::LessonBack{}; }},
    {"theme", "view", "T", always, next_theme},
    {"language", "view", "G", always, next_language},
    {"text_larger", "view", "Ctrl++", always,
     [](const Model& m) -> Command {
       return command::SetTextScale{next_text_scale(m.settings.text_percent, 1)};
     }},
    {"text_smaller", "view", "Ctrl+-", always,
     [](const Model& m) -> Command {
       return command::SetTextScale{next_text_scale(m.settings.text_percent, -1)};
     }},
    {"present", "view", "F5", always, [](const Model&) -> Command { return command::TogglePresenting{}; }},
    {"present_forward", "view", "PageDown", presenter_steps,
     [](const Model&) -> Command { return command::StepBy{1}; }, true},
    {"present_back", "view", "PageUp", presenter_steps,
     [](const Model&) -> Command { return command::StepBy{-1}; }, true},
    {"panels", "view", "F11", always, [](const Model&) -> Command { return command::TogglePanels{}; }},
    {"reduced_motion", "view", "M", always,
     [](const Model&) -> Command { return command::ToggleReducedMotion{}; }},
    {"keys", "view", "? F1", always,
     [](const Model&) -> Command { return command::ShowDialog{static_cast<int>(Dialog::keys)}; }},
    {"quit", "file", "Ctrl+Q", always, [](const Model&) -> Command { return command::Quit{}; }},
};

}  // namespace

std::span<const Action> all_actions() {
  return kActions;
}

const Action* find_action(std::string_view id) {
  const auto* found = std::find_if(std::begin(kActions), std::end(kActions),
                                   [&](const Action& action) { return action.id == id; });
  return found == std::end(kActions) ? nullptr : found;
}

}  // namespace poolscope
