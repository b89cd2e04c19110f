#include "app/model/model.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "app/model/limits.h"
#include "app/model/study_file.h"
#include "core/data/display_name.h"

namespace poolscope {

namespace {

constexpr size_t kMostNotices = 3;

template <class... Ts>
struct overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
overloaded(Ts...) -> overloaded<Ts...>;

/// Makes `document` one that can be shown: links kept, setting legal, channel and batch inside the input.
Document legalised(Document document) {
  keep_links(document);
  document.spec = fit_spec(document.spec, document.shape());
  const Shape& shape = document.shape();
  document.batch = std::clamp<int64_t>(document.batch, 0, shape.n - 1);
  if (document.channel == kColourChannels && shape.c != 3) document.channel = 0;
  document.channel = std::min(document.channel, shape.c - 1);
  ChannelsSetup& channels = document.channels;
  channels.maps = std::clamp<int64_t>(channels.maps, 1, kMostFeatureMaps);
  channels.map = std::clamp<int64_t>(channels.map, 0, channels.maps - 1);
  return document;
}

/// The other plane, kind or geometry starts at its first window; a gradient of the same windows stays where
/// it is.
bool keeps_step(const Document& before, const Document& after) {
  return before.input.tensor->shape() == after.input.tensor->shape() &&
         before.spec.window == after.spec.window && before.spec.stride == after.spec.stride &&
         before.spec.padding == after.spec.padding && before.spec.dilation == after.spec.dilation &&
         before.spec.rounding == after.spec.rounding;
}

/// Every window of the plane that is stepped through has the result that it had.
bool same_results(const Document& before, const Document& after) {
  return before.input.tensor == after.input.tensor && before.spec == after.spec &&
         before.batch == after.batch && before.stepped_channel() == after.stepped_channel();
}

void change(Model& model, Document document, uint64_t gesture) {
  document = legalised(std::move(document));
  if (document == model.document) return;
  model.history.record(model.document, gesture);
  const bool same_windows = keeps_step(model.document, document);
  const bool same_input = model.document.input.tensor->shape() == document.input.tensor->shape();
  model.document = std::move(document);
  model.session.editing.reset();
  if (!same_input) model.session.view = {};
  if (!same_windows) {
    model.refresh();
    seek(model.session.playback, model.session.playback.step(), model.steps(), false);
  }
}

void open_input(Model& model, Input input) {
  Document document = model.document;
  const bool was_matrix = document.input.tensor->shape().c == 1;
  document.input = std::move(input);
  if (document.shape().c == 3 && was_matrix) document.channel = kColourChannels;
  document.batch = 0;
  change(model, std::move(document), 0);
  model.session.playback.playing = false;
  seek(model.session.playback, 0, 1, false);
}

void show_state(Model& model, const StudyState& state) {
  Document document = state.document;
  if (!validate(document.spec, document.shape()).ok()) document = legalised(std::move(document));
  if (document != model.document) model.history.record(model.document, 0);
  model.document = std::move(document);
  Session& session = model.session;
  session.editing.reset();
  session.lab = state.lab;
  session.view = state.view;
  session.playback.playing = false;
  session.playback.speed = std::clamp(state.speed, kSlowest, kFastest);
  session.playback.unit = state.unit;
  session.playback.loop = state.loop;
  model.refresh();
  seek(session.playback, state.step, model.steps(), false);
}

void set_cell(Model& model, const command::SetCell& cell) {
  Document document = model.document;
  Tensor edited = document.values();
  const int64_t channel = document.stepped_channel();
  edited.at(document.batch, channel, cell.row, cell.column) = cell.value;
  if (edited.same_bits(document.values())) return;
  document.input.tensor = std::make_shared<const Tensor>(std::move(edited));
  document.input.edited = true;
  change(model, std::move(document), 0);
}

void restore(Model& model, void (History::*go)(Document&)) {
  const Document before = model.document;
  (model.history.*go)(model.document);
  model.session.editing.reset();
  if (before.input.tensor->shape() != model.document.input.tensor->shape()) model.session.view = {};
  model.refresh();
  model.session.playback.playing = false;
  seek(model.session.playback, model.session.playback.step(), model.steps(), false);
}

void zoom_view(ViewTransform& view, double factor) {
  if (view.zoom > 0) view.zoom = std::clamp(view.zoom * factor, 1e-3, 256.0);
}

/// Space in the Network lab: trains, pauses, goes on.
void flip_training(Model& model) {
  apply_network_order(model, {model.network.running() ? NetworkOrder::pause : NetworkOrder::train});
}

void apply_transport(Model& model, const Command& command) {
  const bool shifts = model.session.lab == "shift";
  Playback& playback = shifts ? model.session.shift.sweep : model.session.playback;
  const int64_t steps = model.clock_steps(), row = shifts ? 1 : model.plan().out.w;
  const bool glide = !model.settings.reduced_motion;
  // Where a result is hidden, going on shows it first.
  const bool asked = !shifts && question_open(model);
  std::visit(
      overloaded{
          [&](const command::PlayPause&) {
            if (model.session.lab == "network") return flip_training(model);
            if (asked && !playback.playing) return reveal(model);
            playback.playing ? pause(playback) : play(playback, steps);
          },
          [&](const command::StepBy& c) {
            if (model.session.lab == "network")
              return apply_network_order(model, {c.beats > 0 ? NetworkOrder::step : NetworkOrder::pause});
            if (asked && c.beats > 0) return reveal(model);
            step_by(playback, c.beats, steps, row, glide);
          },
          [&](const command::Seek& c) {
            playback.playing = false;
            seek(playback, c.step, steps, c.glide && glide);
          },
          [&](const command::SetSpeed& c) { playback.speed = std::clamp(c.speed, kSlowest, kFastest); },
          [&](const command::SetUnit& c) { playback.unit = c.unit; },
          [&](const command::ToggleLoop&) { playback.loop = !playback.loop; },
          [&](const command::TogglePrediction&) { toggle_prediction(model); },
          [&](const command::GuessValue& c) { guess_value(model, c.value); },
          [&](const command::GuessCell& c) { guess_cell(model, c.row, c.column); },
          [&](const command::Reveal&) {
            if (asked) reveal(model);
          },
          [&](const command::SetShift& c) { set_shift(model.session.shift, c.by); },
          [&](const command::SetSweepWay& c) { set_sweep_way(model.session.shift, c.way); },
          [](const auto&) {},
      },
      command);
  if (shifts) follow_sweep(model.session.shift);
}

void apply_files(Model& model, const Command& command) {
  Session& session = model.session;
  std::visit(overloaded{
                 [&](const command::SaveStudy&) {
                   if (session.study.empty())
                     session.dialog = Dialog::save_study;
                   else
                     model.wants_saved = session.study;
                 },
                 [&](const command::SaveStudyAs& c) { model.wants_saved = as_study_name(c.file); },
                 [&](const command::SaveLog& c) { model.wants_log_saved = c.file; },
                 [&](const command::RestoreLeftOver&) { model.wants_left_over_restored = true; },
                 [&](const command::DiscardLeftOver&) { model.wants_left_over_discarded = true; },
                 [&](const command::HideLeftOver&) { session.left_over.reset(); },
                 [](const auto&) {},
             },
             command);
}

void apply_lesson(Model& model, const Command& command) {
  std::visit(overloaded{
                 [&](const command::StartLesson& c) { start_lesson(model, c.lesson, c.step); },
                 [&](const command::LessonNext&) { lesson_next(model); },
                 [&](const command::LessonBack&) { lesson_back(model); },
                 [&](const command::LeaveLesson&) { leave_lesson(model); },
                 [&](const command::LessonAnswer& c) { lesson_answer(model, c.choice, c.number); },
                 [&](const command::LessonPressed& c) { lesson_pressed(model, c.key); },
                 [](const auto&) {},
             },
             command);
}

void apply_settings(Model& model, const Command& command) {
  std::visit(overloaded{
                 [&](const command::SetLanguage& c) { model.settings.language = c.language; },
                 [&](const command::SetTheme& c) { model.settings.theme = c.theme; },
                 [&](const command::SetTextScale& c) {
                   model.settings.text_percent = std::clamp(c.percent, 75, 250);
                 },
                 [&](const command::ToggleReducedMotion&) {
                   model.settings.reduced_motion = !model.settings.reduced_motion;
                 },
                 [](const auto&) {},
             },
             command);
}

void apply_session(Model& model, const Command& command) {
  Session& session = model.session;
  std::visit(overloaded{
                 [&](const command::SetLab& c) {
                   session.lab = c.name;
                   session.shift.sweep.playing = false;
                 },
                 [&](const command::ShowDialog& c) { session.dialog = static_cast<Dialog>(c.dialog); },
                 [&](const command::TogglePanels&) { session.panels_hidden = !session.panels_hidden; },
                 [&](const command::TogglePresenting&) { session.presenting = !session.presenting; },
                 [&](const command::ResetView&) { session.view = {}; },
                 [&](const command::ZoomView& c) { zoom_view(session.view, c.factor); },
                 [&](const command::StopWork&) {
                   model.compare.columns.stop();
                   model.channels.job.stop();
                   model.shift.stop();
                 },
                 [&](const command::ResumeWork&) {
                   model.compare.columns.resume();
                   model.channels.job.resume();
                   model.shift.resume();
                 },
                 [&](const command::Evidence& c) { do_evidence(model, c.deed, c.claim, c.answer); },
                 [&](const command::SaveEvidence& c) {
                   if (!c.picture) return save_evidence_table(model, c.path, c.replace);
                   if (evidence_place_is_free(model, c.path, c.replace))
                     model.wants_evidence_picture = c.path;
                 },
                 [&](const command::CopyText& c) { model.wants_clipboard = c.text; },
                 [&](const command::CopyNarration&) { model.wants_narration_copied = true; },
                 [&](const command::OpenFile& c) { model.wants_file = c.path; },
                 [&](const command::CancelOpening&) { model.wants_cancel_opening = true; },
                 [&](const command::StartExport& c) { model.wants_export = c.request; },
                 [&](const command::CancelExport&) { model.wants_cancel_export = true; },
                 [&](const command::Quit&) { session.quit = true; },
                 [](const auto&) {},
             },
             command);
}

}  // namespace

void keep_links(Document& document) {
  PoolSpec& spec = document.spec;
  if (!document.rectangular) {
    // A window over the whole of a wide picture stays what it is; only what is set by one slider is kept
    // square.
    const bool global = spec.window == Size2{document.shape().h, document.shape().w};
    if (!global) spec.window.w = spec.window.h;
    if (!global) spec.stride.w = spec.stride.h;
    spec.padding.w = spec.padding.h;
    spec.dilation.w = spec.dilation.h;
  }
  if (document.stride_linked) spec.stride = spec.window;
}

void apply_command(Model& model, const Command& command) {
  std::visit(overloaded{
                 [&](const command::Edit& c) { change(model, c.document, c.gesture); },
                 [&](const command::ShowState& c) { show_state(model, c.state); },
                 [&](const command::OpenBuiltin& c) { open_input(model, builtin_input(c.name)); },
                 [&](const command::SetCell& c) { set_cell(model, c); },
                 [&](const command::Undo&) { restore(model, &History::undo); },
                 [&](const command::Redo&) { restore(model, &History::redo); },
                 [&](const command::Network& c) { apply_network_order(model, c); },
                 [](const auto&) {},
             },
             command);
  apply_transport(model, command);
  apply_settings(model, command);
  apply_session(model, command);
  apply_files(model, command);
  apply_lesson(model, command);
  model.refresh();
}

void finish_opening(Model& model, const std::filesystem::path& path, const Result<LoadedInput>& loaded) {
  model.session.opening.clear();
  if (!loaded.ok()) {
    notify(model, loaded.error(), true);
    return;
  }
  if (model.session.lab == "network") {
    // There a picture is something to recognise.
    Document document = model.document;
    document.network.apply = {ApplySource::picture, false, 0, nullptr, loaded->tensor,
                              loaded->name,         true,  0, 0};
    change(model, std::move(document), 0);
    remember_recent(model.settings, path);
    model.session.dialog = Dialog::none;
    model.refresh();
    return;
  }
  Input input;
  input.path = path;
  input.name = loaded->name;
  input.is_picture = loaded->is_picture;
  input.tensor = loaded->tensor;
  const PoolSpec before = model.document.spec;
  open_input(model, std::move(input));
  if (model.document.spec != before) notify(model, Message("notice.spec_adapted"));
  remember_recent(model.settings, path);
  model.session.dialog = Dialog::none;
  model.refresh();
}

void finish_study(Model& model, const std::filesystem::path& path, const Result<StudyState>& read) {
  model.session.opening.clear();
  if (!read.ok()) return notify(model, read.error(), true);
  apply_command(model, command::ShowState{*read});
  model.session.study = path;
  model.saved_document = model.document;
  remember_recent(model.settings, path);
  model.session.dialog = Dialog::none;
}

bool finish_restoring(Model& model, const Result<StudyState>& read) {
  model.session.opening.clear();
  if (!read.ok()) return notify(model, read.error(), true), false;
  apply_command(model, command::ShowState{*read});
  model.session.left_over.reset();
  return true;
}

void finish_saving(Model& model, const std::filesystem::path& path, const Document& document) {
  model.session.study = path;
  model.saved_document = document;
  remember_recent(model.settings, path);
  notify(model, Message("study.saved").with("file", display_name(path)));
}

void notify(Model& model, Message message, bool is_error) {
  auto& notices = model.session.notices;
  notices.push_back({std::move(message), is_error});
  if (notices.size() > kMostNotices) notices.erase(notices.begin());
}

bool tick(Model& model, double dt_seconds) {
  bool changed = false;
  Playback& playback = model.session.playback;
  if (playback.moving()) {
    const double before = playback.position;
    const bool played = playback.playing;
    advance(playback, dt_seconds, model.steps(), model.plan().out.w, model.settings.reduced_motion);
    if (played) hold_at_question(model, before);
    changed = true;
  }
  Playback& sweep = model.session.shift.sweep;
  if (model.session.lab == "shift" && sweep.moving()) {
    // A stop of the sweep is looked at for less long than a window.
    constexpr double kStopsPerWindow = 2.5;
    advance(sweep, dt_seconds * kStopsPerWindow, kShiftStops, 1, model.settings.reduced_motion);
    follow_sweep(model.session.shift);
    changed = true;
  }
  changed |= model.job.poll();
  changed |= model.compare.poll();
  changed |= model.channels.job.poll();
  changed |= model.shift.poll();
  changed |= poll_network(model);
  changed |= model.evidence.poll();
  model.refresh();
  changed |= tick_lesson(model, dt_seconds);
  return changed;
}

PoolRunPtr Model::pooled() const {
  const PoolRunPtr run = job.latest();
  const PoolRequest wanted{document.input.tensor, document.spec, document.direction};
  return run && run->request == wanted ? run : nullptr;
}

void Model::ask_labs() {
  if (session.lab == "compare") compare.ask(document, session.playback.step());
  if (session.lab == "channels") channels.ask(document, pooled());
  if (session.lab == "evidence") evidence.ask(document);
  if (session.lab == "shift") shift.ask(document, session.shift.by);
  network.ask(document, session.lab == "network");
}

void Model::finish_work() {
  // What has come may lead to the next question (draws of the picture that was compared).
  do {
    job.wait();
    compare.wait();
    channels.job.wait();
    shift.wait();
    if (session.lab == "network") network.wait(document);
    poll_network(*this);
    evidence.wait();
    refresh();
  } while (busy() || evidence.busy());
}

void Model::refresh() {
  const int64_t wanted = session.playback.step();
  const bool document_changed = !refreshed_for_ || *refreshed_for_ != document;
  if (document_changed) {
    Result<PoolPlan> plan = validate(document.spec, document.shape());
    assert(plan.ok() && "apply_command() keeps the document legal");
    plan_ = *plan;
    facts_ = pool_facts(plan_);
    if (refreshed_for_ && !same_results(*refreshed_for_, document)) session.prediction.answers.clear();
    refreshed_for_ = document;
    job.ask({document.input.tensor, document.spec, document.direction}, plan_);
  }
  ask_labs();
  if (!document_changed && wanted == refreshed_step_) return;
  refreshed_step_ = wanted;
  const int64_t step = std::clamp<int64_t>(wanted, 0, std::max<int64_t>(steps(), 1) - 1);
  record_ = step_at(plan_, document.values(), document.batch, document.stepped_channel(), step);
}

}  // namespace poolscope
