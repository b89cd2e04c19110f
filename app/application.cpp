#include "app/application.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>

#include "app/model/atomic_file.h"
#include "app/model/limits.h"
#include "app/model/png.h"
#include "app/platform/clock.h"
#include "app/platform/offscreen.h"
#include "app/platform/window.h"
#include "app/probe_file.h"
#include "app/shell.h"
#include "core/data/builtin.h"
#include "core/data/display_name.h"

namespace poolscope {

namespace {

constexpr Size2 kShotSize{900, 1440};
constexpr double kFrameSeconds = 1.0 / 60;

bool is_builtin(const std::string& name) {
  const auto inputs = builtin_inputs();
  return std::any_of(inputs.begin(), inputs.end(),
                     [&](const BuiltinInput& input) { return input.name == name; });
}

}  // namespace

Status show_request(Model& model, const ViewRequest& request) {
  if (request.input) {
    const std::filesystem::path path(*request.input);
    std::error_code missing;
    if (is_builtin(*request.input) && !std::filesystem::exists(path, missing)) {
      apply_command(model, command::OpenBuiltin{*request.input});
    } else {
      const FileOpener::Answer answer = FileOpener::read(path);
      if (answer.study && !answer.study->ok()) return answer.study->error();
      if (!answer.study && !answer.loaded.ok()) return answer.loaded.error();
      if (answer.study)
        finish_study(model, path, *answer.study);
      else
        finish_opening(model, path, answer.loaded);
    }
  }
  const Document named = model.document;
  if (request.pooling) {
    const Result<PoolPlan> plan = validate(*request.pooling, model.document.shape());
    if (!plan.ok()) return plan.error();
    Document document = model.document;
    document.spec = *request.pooling;
    document.stride_linked = document.spec.stride == document.spec.window;
    document.rectangular = !is_square(document.spec);
    apply_command(model, command::Edit{std::move(document), 0});
  }
  if (request.backward) {
    Document document = model.document;
    document.direction = *request.backward ? Direction::backward : Direction::forward;
    apply_command(model, command::Edit{std::move(document), 0});
  }
  if (request.lab) model.session.lab = *request.lab;
  if (request.page) apply_command(model, command::Network{NetworkOrder::page, *request.page - 1, {}});
  if (request.claim) {
    model.document.evidence.claim = *request.claim;
    model.session.lab = "evidence";
  }
  if (request.night) model.settings.theme = *request.night ? ThemeName::night : ThemeName::paper;
  if (request.text_scale) model.settings.text_percent = static_cast<int>(*request.text_scale * 100 + 0.5);
  if (request.step && model.session.lab == "shift")
    set_shift(model.session.shift, {model.session.shift.by.dy, *request.step - kShiftRange});
  // A step of the Network lab is a batch of training.
  else if (request.step && *request.step > 0 && model.session.lab == "network")
    apply_command(model, command::Network{NetworkOrder::step, *request.step, {}});
  else if (request.step)
    seek(model.session.playback, *request.step, model.steps(), false);
  model.session.prediction.on = request.predict;
  model.history = {};
  // Of a study, what the other arguments changed is not saved; all else is a beginning.
  model.saved_document = model.session.study.empty() ? model.document : named;
  model.refresh();
  return {};
}

namespace {

/// A built-in lesson by its id, or one from a file. Fails where it cannot be.
Status open_lesson(Shell& shell, const std::string& name, int64_t step) {
  Model& model = shell.model;
  std::string ids;
  for (const LessonPtr& lesson : model.lessons) {
    ids += (ids.empty() ? "" : ", ") + lesson->id;
    if (lesson->id != name) continue;
    apply_command(model, command::StartLesson{lesson, static_cast<size_t>(step)});
    return {};
  }
  if (!is_lesson_file(name)) return Error("cli.error.no_lesson").with("value", name).with("allowed", ids);
  Result<Lesson> lesson = load_lesson(name);
  if (!lesson.ok()) return lesson.error();
  if (Status checked = check_lesson(*lesson, lesson_reading(model)); !checked.ok()) return checked.error();
  shell.open_lesson(name, static_cast<size_t>(step));
  return {};
}

/// The request with its lesson, which may be the input itself.
Status show_with_lesson(Shell& shell, const ViewRequest& request) {
  if (request.input && is_lesson_file(*request.input))
    return open_lesson(shell, *request.input, request.lesson_step);
  if (Status shown = show_request(shell.model, request); !shown.ok()) return shown;
  if (request.lesson) return open_lesson(shell, *request.lesson, request.lesson_step);
  return {};
}

Result<Texts> load_texts(const Paths& paths, const std::string& language) {
  return Texts::load(paths.assets, language);
}

std::filesystem::path unsaved_folder() {
  const std::filesystem::path folder = state_folder();
  return folder.empty() ? folder : folder / "unsaved";
}

std::filesystem::path settings_file() {
  const std::filesystem::path folder = config_folder();
  return folder.empty() ? folder : folder / "settings.json";
}

/// Runs the window's frames until it is closed.
class WindowLoop {
 public:
  WindowLoop(Window& window, Shell& shell) : window_(window), shell_(shell) {
    if (const char* probe = std::getenv("POOLSCOPE_PROBE")) probe_ = probe;
  }

  void run() {
    double last = clock_.now_seconds();
    while (!window_.close_requested() && !shell_.model.session.quit) {
      if (!window_.wait(shell_.animating() ? std::max(0.0, kFrameSeconds - (clock_.now_seconds() - last))
                                           : shell_.next_frame_in()))
        continue;
      for (const auto& path : window_.take_dropped())
        shell_.open_file(path);
      const double now = clock_.now_seconds();
      const bool drawn = shell_.frame(now - last, !probe_.empty());
      last = now;
      show_state_of_window();
      if (drawn && !probe_.empty()) write_probe(probe_, ++frames_, shell_, window_);
      keep_settings();
    }
    keep_settings();
  }

  Settings saved;

 private:
  /// The study's name and a star for what is not saved in the title; the whole screen for presenting.
  void show_state_of_window() {
    const Session& session = shell_.model.session;
    std::string title = "Poolscope";
    if (!session.study.empty())
      title = (shell_.model.unsaved() ? "*" : "") + display_name(session.study) + " – " + title;
    if (title != title_) window_.set_title(title);
    title_ = title;
    if (session.presenting != presenting_) window_.set_fullscreen(session.presenting);
    presenting_ = session.presenting;
  }

  void keep_settings() {
    if (shell_.model.settings == saved) return;
    saved = shell_.model.settings;
    const std::filesystem::path file = settings_file();
    // Nothing is lost where they cannot be kept: the next start has the defaults.
    if (!file.empty()) (void)save_settings(saved, file).ok();
  }

  Window& window_;
  Shell& shell_;
  SteadyClock clock_;
  std::filesystem::path probe_;
  std::string title_;
  bool presenting_ = false;
  int64_t frames_ = 0;
};

}  // namespace

int run_window_application(const ViewRequest& request, const Voice& voice) {
  const Result<Paths> paths = find_paths();
  if (!paths) return voice.failed(paths.error());
  Settings settings;
  if (const auto file = settings_file(); !file.empty())
    if (Result<Settings> loaded = load_settings(file); loaded.ok()) settings = *loaded;
  const bool first_start = settings == Settings{};
  if (first_start) settings.language = request.language;
  Result<Texts> texts = load_texts(*paths, settings.language);
  if (!texts) return voice.failed(texts.error());
  Result<std::unique_ptr<Window>> window = Window::open({});
  if (!window) return voice.say(window.error(), kExitNoWindow);
  auto shell = Shell::create(**window, *paths, std::move(*texts), &Window::wake);
  if (!shell) return voice.say(shell.error(), kExitNoWindow);
  settings.language = (*shell)->texts().language();
  (*shell)->model.settings = settings;
  if (Status shown = show_with_lesson(**shell, request); !shown.ok()) return voice.failed(shown.error());
  (*shell)->keep_unsaved_in(unsaved_folder());
  WindowLoop loop(**window, **shell);
  loop.saved = settings;
  loop.run();
  return kExitDone;
}

int run_shot_application(const ViewRequest& request, const std::filesystem::path& output,
                         const Voice& voice) {
  const Result<Paths> paths = find_paths();
  if (!paths) return voice.failed(paths.error());
  Result<Texts> texts = load_texts(*paths, request.language);
  if (!texts) return voice.failed(texts.error());
  const Size2 size = request.size_px.value_or(kShotSize);
  auto surface = Offscreen::open(static_cast<int>(size.w), static_cast<int>(size.h));
  if (!surface) return voice.say(surface.error(), kExitNoWindow);
  auto shell = Shell::create(**surface, *paths, std::move(*texts), nullptr);
  if (!shell) return voice.say(shell.error(), kExitNoWindow);
  (*shell)->frame_state.hide_timings = true;
  if (Status shown = show_with_lesson(**shell, request); !shown.ok()) return voice.failed(shown.error());
  // A long experiment that was asked for by name is run for its picture.
  (*shell)->finish_work();
  if (request.claim) apply_command((*shell)->model, command::Evidence{EvidenceDeed::run, *request.claim});
  // Two frames settle the layout of new panels; what is computed in the background is waited for.
  for (int frame = 0; frame < 4; ++frame) {
    (*shell)->finish_work();
    (*shell)->frame(kFrameSeconds, false);
  }
  const PixelImage image = (*surface)->read_pixels();
  const std::string png = encode_png({image.width, image.height, 4, image.rgba});
  if (Status written = write_whole(output, png); !written.ok()) return voice.failed(written.error());
  return kExitDone;
}

}  // namespace poolscope
