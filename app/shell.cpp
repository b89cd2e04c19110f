#include "app/shell.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "app/browser_texts.h"
#include "app/labs/evidence_lab.h"
#include "app/labs/labs.h"
#include "app/model/png.h"
#include "app/model/study_file.h"
#include "app/platform/framebuffer.h"
#include "app/platform/load_input.h"
#include "core/data/builtin.h"
#include "core/data/display_name.h"

namespace poolscope {

namespace {
// What is lost at most by a crash; an animation's steps are worth less.
constexpr double kKeepEverySeconds = 2, kKeepMovingSeconds = 10;
constexpr size_t kMostSentences = 20'000;
constexpr int kPresentingPercent = 150;
}  // namespace

Shell::Shell(Surface& surface, Texts texts, void (*wake)())
    : surface_(surface),
      texts_(std::move(texts)),
      ui_(fonts_),
      opener_(wake),
      writer_(wake),
      exporter_(wake) {
  browser_ = std::make_unique<ui::FileBrowser>(browser_options(wake));
  model.network.loader = std::make_shared<const PictureLoader>([](const std::filesystem::path& path) {
    LoadOptions options;
    options.max_side = 4 * kLargestNetworkSide;  // larger ones are made small while they are read
    return load_input(path, options);
  });
  painter_of_inputs_ = std::thread([wake] {
    for (const BuiltinInput& input : builtin_inputs()) {
      make_builtin(input.name);
      if (wake != nullptr) wake();
    }
  });
}

Shell::~Shell() {
  // Quitting never asks: what was not saved stays, with or without a name, and is offered at the next start.
  if (autosave_ && model.unsaved()) {
    kept_at_ = -1e9;
    keep_unsaved();
    autosave_->stay();
  }
  painter_of_inputs_.join();
}

Result<std::unique_ptr<Shell>> Shell::create(Surface& surface, const Paths& paths, Texts texts,
                                             void (*wake)()) {
  auto renderer = gl::Renderer::create(paths.shaders);
  if (!renderer) return renderer.error();
  std::unique_ptr<Shell> shell(new Shell(surface, std::move(texts), wake));
  shell->renderer_ = std::move(*renderer);
  if (wake != nullptr) shell->renderer_->work_in_pieces(gl::kPieceBytes);
  shell->model.labs = lab_names();
  std::vector<Error> problems;
  shell->model.lessons = load_lessons(paths.assets / "lessons", problems);
  keep_possible(shell->model.lessons, shell->model.labs);
  for (Error& problem : problems)
    notify(shell->model, std::move(problem), true);
  shell->exporter_.paths = paths;
  shell->model.settings.language = shell->texts_.language();
  shell->model.refresh();
  return shell;
}

void Shell::need_lesson_glyphs(const Lesson& lesson) {
  for (const LessonText* text : lesson.texts())
    for (const auto& [language, words] : text->all())
      fonts_.need_glyphs(words);
}

void Shell::prepare_fonts() {
  int percent = model.settings.text_percent;
  if (model.session.presenting) percent = std::min(percent * kPresentingPercent / 100, 250);
  const float scale = static_cast<float>(percent) / 100 * surface_.content_scale();
  fonts_.set_scale(scale);
  fonts_.need_glyphs(model.document.input.name);
  if (!style_applied_) {
    // Once: all characters of all texts, so that switching the language never waits.
    std::string all;
    for (const char32_t c : texts_.characters())
      append_utf8(all, c);
    fonts_.need_glyphs(all);
    for (const LessonPtr& lesson : model.lessons)
      need_lesson_glyphs(*lesson);
  }
  const bool rebuilt = fonts_.rebuild_if_needed();
  if (rebuilt) surface_.upload_fonts();
  if (!rebuilt && style_applied_ && styled_theme_ == model.settings.theme) return;
  style_applied_ = true;
  styled_theme_ = model.settings.theme;
  const bool night = model.settings.theme == ThemeName::night;
  ui_.theme = night ? &ui::night_theme() : &ui::paper_theme();
  ui::apply_style(*ui_.theme, fonts_.scale());
}

void Shell::say_notices() {
  for (const Notice& notice : std::exchange(model.session.notices, {})) {
    errors_shown_ += notice.is_error;
    const std::string words = texts_.format(notice.message);
    fonts_.need_glyphs(words);
    ui_.toast(words, notice.is_error);
  }
}

void Shell::open_browser() {
  const std::filesystem::path& study = model.session.study;
  const std::filesystem::path folder = study.empty() ? start_folder(model) : study.parent_path();
  switch (model.session.dialog) {
    case Dialog::open_file:
      return browser_->open(folder, model.settings.recent);
    case Dialog::save_log:
      return browser_->open_to_save(folder, texts_.get("study.log_name"), ".txt");
    case Dialog::save_model:
      return browser_->open_to_save(folder, texts_.get("network.save.name"), ".safetensors");
    case Dialog::save_runs:
      return browser_->open_to_save(folder, texts_.get("network.csv.name"), ".csv");
    default:
      return browser_->open_to_save(folder,
                                    study.empty() ? texts_.get("study.name") : study.filename().string(),
                                    std::string(kStudyEnding));
  }
}

void Shell::post_chosen(const std::filesystem::path& path) {
  switch (model.session.dialog) {
    case Dialog::open_file:
      return outbox.post(command::OpenFile{path});
    case Dialog::save_study:
      return outbox.post(command::SaveStudyAs{path});
    case Dialog::save_log:
      return outbox.post(command::SaveLog{path});
    case Dialog::save_model:
      return outbox.post(command::Network{NetworkOrder::save_model, 0, path});
    case Dialog::save_runs:
      return outbox.post(command::Network{NetworkOrder::save_runs, 0, path});
    default:
      return;
  }
}

void Shell::draw_browser(LabContext& context) {
  constexpr Dialog kOfFiles[] = {Dialog::open_file, Dialog::save_study, Dialog::save_log, Dialog::save_model,
                                 Dialog::save_runs};
  const bool wanted =
      std::find(std::begin(kOfFiles), std::end(kOfFiles), model.session.dialog) != std::end(kOfFiles);
  if (wanted && !browser_->is_open()) open_browser();
  if (!wanted && browser_->is_open()) browser_->close();
  if (!browser_->is_open()) return;
  const std::optional<std::filesystem::path> chosen = browser_->draw(ui_, browser_texts(texts_));
  if (chosen) post_chosen(*chosen);
  // Also in the dialog's first frame, when it does not listen itself yet.
  if (browser_->is_open() && !ui_.text_active() && ui_.key_pressed(ui::Key::escape, false) &&
      !ui_.key_taken(ui::Key::escape))
    browser_->close();
  if (!browser_->is_open()) context.outbox.post(command::ShowDialog{static_cast<int>(Dialog::none)});
}

void Shell::draw(bool with_probe) {
  // Lessons point at widgets, and find them in the probe.
  const bool probed = with_probe || present_lesson(model) != nullptr;
  ui_.probe = probed ? &probe : nullptr;
  ui_.reduced_motion = model.settings.reduced_motion;
  if (probed) probe.begin_frame();
  renderer_->begin_frame();
  LabContext context{ui_, texts_, model, outbox, *renderer_, frame_state, model.session};
  draw_frame(context, static_cast<float>(surface_.width()), static_cast<float>(surface_.height()));
  draw_browser(context);
}

void Shell::apply_commands() {
  const std::vector<Command> commands = outbox.take();
  commanded_ = !commands.empty();
  for (const Command& command : commands)
    apply_command(model, command);
  if (texts_.language() != model.settings.language && !texts_.set_language(model.settings.language))
    model.settings.language = texts_.language();
}

void Shell::open_lesson(const std::filesystem::path& path, size_t step) {
  Result<Lesson> lesson = load_lesson(path);
  Status checked = lesson.ok() ? check_lesson(*lesson, lesson_reading(model)) : lesson.error();
  if (!checked.ok()) return notify(model, checked.error(), true);
  need_lesson_glyphs(*lesson);
  model.session.dialog = Dialog::none;
  apply_command(model, command::StartLesson{std::make_shared<const Lesson>(std::move(*lesson)), step});
}

void Shell::open_file(const std::filesystem::path& path) {
  if (path.extension() == ".safetensors") {
    outbox.post(command::SetLab{"network"});
    outbox.post(command::Network{NetworkOrder::open_model, 0, path});
    return;
  }
  if (is_lesson_file(path)) return open_lesson(path);
  opener_.open(path);
  model.session.opening = display_name(path);
  fonts_.need_glyphs(model.session.opening);
}

void Shell::carry_out_saving() {
  if (const auto file = std::exchange(model.wants_saved, std::nullopt)) {
    const StudyState state = state_of(model);
    writer_.write({*file,
                   [state, folder = std::filesystem::absolute(*file).parent_path()] {
                     return study_text(state, folder);
                   },
                   [this, file = *file, document = state.document](const Status& status) {
                     if (!status.ok()) return notify(model, status.error(), true);
                     finish_saving(model, file, document);
                   }});
  }
  if (const auto file = std::exchange(model.wants_log_saved, std::nullopt)) {
    std::string words;
    for (const std::string& line : log_)
      words += line + "\n";
    writer_.write({*file, [words] { return Result<std::string>(words); },
                   [this, file = *file](const Status& status) {
                     if (!status.ok()) return notify(model, status.error(), true);
                     notify(model, Message("study.saved").with("file", display_name(file)));
                   }});
  }
  const auto& left_over = model.session.left_over;
  if (std::exchange(model.wants_left_over_restored, false) && left_over) {
    opener_.open(left_over->file, true);
    model.session.opening = display_name(left_over->file);
  }
  if (std::exchange(model.wants_left_over_discarded, false) && left_over) {
    if (autosave_) autosave_->discard(*left_over);
    model.session.left_over.reset();
  }
}

void Shell::keep_unsaved_in(const std::filesystem::path& folder) {
  autosave_ = std::make_unique<Autosave>(folder);
  model.session.left_over = autosave_->find_left_over();
}

/// Writes what is not saved, at most every few seconds, and not for every window that an animation shows.
void Shell::keep_unsaved() {
  if (!autosave_) return;
  if (!model.unsaved()) {
    if (std::exchange(kept_, std::nullopt)) autosave_->clear();
    return;
  }
  const double since = ui_.time_seconds() - kept_at_;
  const double wait = model.session.playback.moving() ? kKeepMovingSeconds : kKeepEverySeconds;
  StudyState state = state_of(model);
  if (kept_ && *kept_ == state) return;
  if (since < wait) return ui_.want_frame_in(wait - since);
  const std::filesystem::path file = autosave_->prepare();
  kept_at_ = ui_.time_seconds();
  kept_ = state;
  if (file.empty()) return;
  writer_.write({file, [state = std::move(state)] { return study_text(state, {}); },
                 [this](const Status& status) {
                   // Said once, not every few seconds; and again when it fails after it has gone well.
                   const bool failed = !status.ok();
                   if (failed && !keeping_failed_)
                     notify(model, Error("study.not_kept").with("why", texts_.format(status.error())), true);
                   keeping_failed_ = failed;
                 }});
}

/// The sentence of every step that is shown, as it is said in the present language.
void Shell::note_step() {
  const int64_t step = model.session.playback.step();
  const bool same_document = logged_document_ && *logged_document_ == model.document;
  if (same_document && step == logged_step_) return;
  logged_document_ = model.document;
  logged_step_ = step;
  std::string words = texts_.format(narrate(model.plan(), model.record()));
  if (!log_.empty() && log_.back() == words) return;
  log_.push_back(std::move(words));
  if (log_.size() > kMostSentences) log_.erase(log_.begin(), log_.begin() + kMostSentences / 10);
}

void Shell::carry_out_effects() {
  carry_out_saving();
  if (const auto path = std::exchange(model.wants_file, std::nullopt)) open_file(*path);
  if (std::exchange(model.wants_cancel_opening, false)) {
    opener_.cancel();
    model.session.opening.clear();
  }
  exporter_.take_orders(model, texts_, frame_state);
  if (std::exchange(model.wants_narration_copied, false)) {
    model.wants_clipboard = texts_.format(step_words(model));
    notify(model, Message("notice.copied"));
  }
  if (const auto picture = std::exchange(model.wants_evidence_picture, std::nullopt))
    save_evidence_picture(*picture);
  if (const auto words = std::exchange(model.wants_clipboard, std::nullopt))
    ImGui::SetClipboardText(words->c_str());
}

void Shell::take_answer(const FileOpener::Answer& answer) {
  if (!answer.study) return finish_opening(model, answer.path, answer.loaded);
  if (!answer.restoring) return finish_study(model, answer.path, *answer.study);
  const std::optional<LeftOver> left_over = model.session.left_over;
  if (finish_restoring(model, *answer.study) && autosave_ && left_over) autosave_->adopt(*left_over);
}

PixelImage Shell::evidence_sheet() {
  const int width = static_cast<int>(1280 * fonts_.scale());
  float used = 0;
  const auto lay_out = [&](Framebuffer& target) {
    target.begin_frame(0);
    ui_.begin_frame(0);
    ui_.probe = nullptr;
    renderer_->begin_frame();
    LabContext context{ui_, texts_, model, outbox, *renderer_, frame_state, model.session};
    used = draw_evidence_report(context, static_cast<float>(width), static_cast<float>(target.height()));
    ui_.end_frame();
  };
  // Laid out twice before it is drawn: new panels need that until everything has its place, and then it is
  // known how high the sheet is.
  const auto trial = Framebuffer::create_beside(width, 64);
  if (!trial.ok()) return {};
  for (int layout = 0; layout < 2; ++layout) {
    lay_out(**trial);
    (*trial)->close_frame();
  }
  const auto sheet = Framebuffer::create_beside(width, std::max(64, static_cast<int>(used)));
  if (!sheet.ok()) return {};
  lay_out(**sheet);
  (*sheet)->end_frame();
  return (*sheet)->read_pixels();
}

void Shell::save_evidence_picture(const std::filesystem::path& path) {
  const PixelImage image = evidence_sheet();
  const Error failed =
      Error("save.failed").with("path", path.string()).with("reason", "evidence_lab.save.no_picture");
  if (image.rgba.empty()) return notify(model, failed, true);
  poolscope::save_evidence_picture(model, path, encode_png({image.width, image.height, 4, image.rgba}));
}

bool Shell::frame(double dt_seconds, bool with_probe) {
  // A film is of one document: another one waits until it is done.
  if (!exporter_.busy())
    if (auto answer = opener_.poll()) take_answer(*answer);
  exporter_.work(model);
  writer_.poll();
  tick(model, dt_seconds);
  note_step();
  say_notices();
  prepare_fonts();
  if (!surface_.begin_frame(dt_seconds)) return false;
  ui_.begin_frame(dt_seconds);
  draw(with_probe);
  keep_unsaved();
  ui_.end_frame();
  surface_.end_frame();
  apply_commands();
  carry_out_effects();
  return true;
}

double Shell::next_frame_in() const {
  // Work beside the stage shows its progress now and then, and must not take the processor from itself.
  constexpr double kExperimentSeconds = 0.1, kNetworkSeconds = 0.3;
  const double asked = ui_.next_frame_in();
  if (!model.evidence.busy() && !model.network.busy()) return asked;
  const double look = model.evidence.busy() ? kExperimentSeconds : kNetworkSeconds;
  return asked < 0 ? look : std::min(asked, look);
}

bool Shell::animating() const {
  const LessonRun* lesson = present_lesson(model);
  if (lesson != nullptr && lesson->goes_on()) return true;
  return commanded_ || model.clock().moving() || model.busy() || opener_.busy() || writer_.busy() ||
         browser_->busy() || exporter_.busy() || renderer_->pending();
}

void Shell::finish_work() {
  model.finish_work();
  for (const BuiltinInput& input : builtin_inputs())
    make_builtin(input.name);
}

}  // namespace poolscope
