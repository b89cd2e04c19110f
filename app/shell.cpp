#include "app/shell.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "app/browser_texts.h"
#include "app/labs/labs.h"
#include "core/data/builtin.h"
#include "core/data/display_name.h"

namespace poolscope {

Shell::Shell(Surface& surface, Texts texts, void (*wake)())
    : surface_(surface), texts_(std::move(texts)), ui_(fonts_), opener_(wake) {
  browser_ = std::make_unique<ui::FileBrowser>(browser_options(wake));
  painter_of_inputs_ = std::thread([wake] {
    for (const BuiltinInput& input : builtin_inputs()) {
      make_builtin(input.name);
      if (wake != nullptr) wake();
    }
  });
}

Shell::~Shell() {
  painter_of_inputs_.join();
}

Result<std::unique_ptr<Shell>> Shell::create(Surface& surface, const Paths& paths, Texts texts,
                                             void (*wake)()) {
  auto renderer = gl::Renderer::create(paths.shaders);
  if (!renderer) return renderer.error();
  std::unique_ptr<Shell> shell(new Shell(surface, std::move(texts), wake));
  shell->renderer_ = std::move(*renderer);
  shell->model.labs = lab_names();
  std::vector<Error> problems;
  shell->model.lessons = load_lessons(paths.assets / "lessons", problems);
  keep_possible(shell->model.lessons, shell->model.labs);
  for (Error& problem : problems)
    notify(shell->model, std::move(problem), true);
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
  const float scale = static_cast<float>(model.settings.text_percent) / 100 * surface_.content_scale();
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

void Shell::draw_browser(LabContext& context) {
  const bool wanted = model.session.dialog == Dialog::open_file;
  if (wanted && !browser_->is_open()) browser_->open(start_folder(model), model.settings.recent);
  if (!wanted && browser_->is_open()) browser_->close();
  if (!browser_->is_open()) return;
  const std::optional<std::filesystem::path> chosen = browser_->draw(ui_, browser_texts(texts_));
  if (chosen) outbox.post(command::OpenFile{*chosen});
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
  if (is_lesson_file(path)) return open_lesson(path);
  opener_.open(path);
  model.session.opening = display_name(path);
  fonts_.need_glyphs(model.session.opening);
}

void Shell::carry_out_effects() {
  if (const auto path = std::exchange(model.wants_file, std::nullopt)) open_file(*path);
  if (std::exchange(model.wants_cancel_opening, false)) {
    opener_.cancel();
    model.session.opening.clear();
  }
  if (std::exchange(model.wants_narration_copied, false)) {
    model.wants_clipboard = texts_.format(step_words(model));
    notify(model, Message("notice.copied"));
  }
  if (const auto words = std::exchange(model.wants_clipboard, std::nullopt))
    ImGui::SetClipboardText(words->c_str());
}

bool Shell::frame(double dt_seconds, bool with_probe) {
  if (auto answer = opener_.poll()) finish_opening(model, answer->path, answer->loaded);
  tick(model, dt_seconds);
  say_notices();
  prepare_fonts();
  if (!surface_.begin_frame(dt_seconds)) return false;
  ui_.begin_frame(dt_seconds);
  draw(with_probe);
  ui_.end_frame();
  surface_.end_frame();
  apply_commands();
  carry_out_effects();
  return true;
}

double Shell::next_frame_in() const {
  return ui_.next_frame_in();
}

bool Shell::animating() const {
  const LessonRun* lesson = present_lesson(model);
  if (lesson != nullptr && lesson->goes_on()) return true;
  return commanded_ || model.session.playback.moving() || model.busy() || opener_.busy() || browser_->busy();
}

void Shell::finish_work() {
  model.finish_work();
  for (const BuiltinInput& input : builtin_inputs())
    make_builtin(input.name);
}

}  // namespace poolscope
