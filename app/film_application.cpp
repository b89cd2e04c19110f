// poolscope render: a film or a still, without a window.

#include <cmath>

#include "app/application.h"
#include "app/cli/interrupts.h"
#include "app/cli/progress_bar.h"
#include "app/film_job.h"
#include "app/platform/offscreen.h"
#include "core/data/builtin.h"
#include "core/data/display_name.h"

namespace poolscope {

namespace {

/// Makes the whole film, with a bar on a terminal and an ear for Ctrl-C.
void make_film(FilmJob& job, const Voice& voice) {
  const Interrupts interrupts;
  ProgressBar bar;
  while (!job.done()) {
    if (interrupts.asked()) job.cancel();
    if (!job.work()) job.wait();
    const FilmPlan& plan = job.plan();
    bar.show(static_cast<double>(job.frames_done()) / static_cast<double>(plan.frames),
             voice.texts().format(
                 Message("export.progress").with("frame", job.frames_done()).with("frames", plan.frames)));
  }
  bar.clear();
}

}  // namespace

int run_render_application(const ViewRequest& request, FilmRequest film, const Voice& voice) {
  const Result<Paths> paths = find_paths();
  if (!paths) return voice.failed(paths.error());
  Model model;
  model.settings.language = film.setup.language;
  model.refresh();
  if (Status shown = show_request(model, request); !shown.ok()) {
    const bool argument = shown.error().key.starts_with("error.pool.");
    return argument ? voice.bad_argument(shown.error()) : voice.failed(shown.error());
  }
  const int64_t last = model.steps() - 1;
  for (const auto& [option, step] :
       {std::pair<const char*, std::optional<int64_t>>{"--from", film.setup.from}, {"--to", film.setup.to}})
    if (step && *step > last)
      return voice.bad_argument(
          Error("export.error.step").with("option", option).with("value", *step).with("most", last));
  auto context = OffscreenContext::open();
  if (!context) return voice.say(context.error(), kExitNoWindow);
  // Thumbnails of the built-in pictures are part of a whole window.
  if (film.setup.whole_window)
    for (const BuiltinInput& input : builtin_inputs())
      make_builtin(input.name);
  const std::string path = displayable(film.path.string());
  const FrameState look;
  auto job = FilmJob::begin(model, *paths, voice.texts(), look, std::move(film), nullptr);
  if (!job) return voice.say(job.error(), kExitNoWindow);
  make_film(**job, voice);
  const FilmWriter& writer = (*job)->writer();
  if (writer.cancelled()) return voice.say(Error("export.cancelled").with("path", path), kExitInterrupted);
  return writer.status().ok() ? kExitDone : voice.failed(writer.status().error());
}

}  // namespace poolscope
