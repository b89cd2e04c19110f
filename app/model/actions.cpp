#include "app/model/actions.h"

#include <algorithm>

#include "core/data/builtin.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

bool always(const Model&) {
  return true;
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
  return command::SetSpeed{model.session.playback.speed * 1.5};
}
Command slower(const Model& model) {
  return command::SetSpeed{model.session.playback.speed / 1.5};
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

constexpr Action kActions[] = {
    {"play", "transport", "Space", always, [](const Model&) -> Command { return command::PlayPause{}; }},
    {"step_forward", "transport", "Right", always, [](const Model&) -> Command { return command::StepBy{1}; },
     true},
    {"step_back", "transport", "Left", always, [](const Model&) -> Command { return command::StepBy{-1}; },
     true},
    {"row_forward", "transport", "Down", always,
     [](const Model& m) -> Command {
       return command::Seek{m.session.playback.step() + m.plan().out.w, false};
     },
     true},
    {"row_back", "transport", "Up", always,
     [](const Model& m) -> Command {
       return command::Seek{m.session.playback.step() - m.plan().out.w, false};
     },
     true},
    {"jump_start", "transport", "Home", always,
     [](const Model&) -> Command {
       return command::Seek{0, false};
     }},
    {"jump_end", "transport", "End", always,
     [](const Model& m) -> Command {
       return command::Seek{m.steps() - 1, false};
     }},
    {"faster", "transport", ".", always, faster, true},
    {"slower", "transport", ",", always, slower, true},
    {"copy", "transport", "Ctrl+C", always, [](const Model&) -> Command { return command::CopyNarration{}; }},
    {"loop", "transport", "L", always, [](const Model&) -> Command { return command::ToggleLoop{}; }},
    {"predict", "transport", "P",
     [](const Model& m) { return m.session.lab == "window" && can_predict(m.document); },
     [](const Model&) -> Command { return command::TogglePrediction{}; }},
    {"next_kind", "pooling", "K", always, next_kind},
    {"window_larger", "pooling", "]", always, [](const Model& m) { return window_by(m, 1); }, true},
    {"window_smaller", "pooling", "[", always, [](const Model& m) { return window_by(m, -1); }, true},
    {"direction", "pooling", "B", always, flip_direction},
    {"redraw", "pooling", "R", [](const Model& m) { return kind_info(m.document.spec.kind).random; },
     [](const Model& m) { return edited(m, [](Document& d) { ++d.spec.seed; }); }},
    {"open", "file", "Ctrl+O", always,
     [](const Model&) -> Command { return command::ShowDialog{static_cast<int>(Dialog::open_file)}; }},
    {"export", "file", "Ctrl+E", always,
     [](const Model&) -> Command { return command::ShowDialog{static_cast<int>(Dialog::take_away)}; }},
    {"next_input", "file", "I", always, next_input},
    {"undo", "file", "Ctrl+Z", can_undo, [](const Model&) -> Command { return command::Undo{}; }},
    {"redo", "file", "Ctrl+Y Ctrl+Shift+Z", can_redo,
     [](const Model&) -> Command { return command::Redo{}; }},
    {"zoom_in", "view", "+", is_picture, [](const Model&) -> Command { return command::ZoomView{1.25}; },
     true},
    {"zoom_out", "view", "-", is_picture, [](const Model&) -> Command { return command::ZoomView{0.8}; },
     true},
    {"zoom_fit", "view", "0", is_picture, [](const Model&) -> Command { return command::ResetView{}; }},
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
