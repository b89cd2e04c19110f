#include <algorithm>
#include <cctype>
#include <cmath>

#include "app/cli/commands.h"
#include "app/cli/view_options.h"

namespace poolscope {

namespace {

constexpr double kShortest = 0.1, kLongest = 600;

/// By the path's ending, whatever its case.
Result<FilmFormat> film_format(const std::string& path, bool frames) {
  std::string ending = std::filesystem::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (ending == ".png") return frames ? FilmFormat::png_frames : FilmFormat::png_still;
  if (frames) return Error("export.error.frames").with("value", path);
  if (ending == ".gif") return FilmFormat::gif;
  if (ending == ".webp") return FilmFormat::webp;
  return Error("export.error.format").with("value", path);
}

/// --from and --to, as windows of one channel from 0.
Status read_steps(const Arguments& arguments, FilmSetup& setup) {
  if (const std::string* typed = arguments.find("from")) {
    const Result<int64_t> from = to_integer("--from", *typed, 0, INT64_MAX);
    if (!from.ok()) return from.error();
    setup.from = *from;
  }
  if (const std::string* typed = arguments.find("to")) {
    const Result<int64_t> to = to_integer("--to", *typed, 0, INT64_MAX);
    if (!to.ok()) return to.error();
    if (*to < setup.from) return Error("export.error.order").with("from", setup.from).with("to", *to);
    setup.to = *to;
  }
  return {};
}

Status read_times(const Arguments& arguments, FilmSetup& setup) {
  if (const std::string* typed = arguments.find("fps")) {
    const Result<double> fps = to_real("--fps", *typed, kFewestFps, kMostFps);
    if (!fps.ok()) return fps.error();
    setup.fps = *fps;
  }
  if (const std::string* typed = arguments.find("seconds")) {
    const Result<double> seconds = to_real("--seconds", *typed, kShortest, kLongest);
    if (!seconds.ok()) return seconds.error();
    setup.seconds = *seconds;
  }
  if (setup.seconds && std::llround(*setup.seconds * setup.fps) > kMostFrames)
    return Error("export.error.frame_count")
        .with("frames", std::llround(*setup.seconds * setup.fps))
        .with("most", kMostFrames);
  return {};
}

Status read_look(const ViewRequest& view, FilmSetup& setup) {
  if (view.size_px) setup.size_px = *view.size_px;
  const int64_t side = std::max(setup.size_px.h, setup.size_px.w);
  if (side > most_side(setup.format))
    return Error("export.error.side").with("value", side).with("most", most_side(setup.format));
  setup.theme = view.night.value_or(false) ? ThemeName::night : ThemeName::paper;
  setup.language = view.language;
  setup.text_percent = static_cast<int>(std::lround(view.text_scale.value_or(1) * 100));
  return {};
}

Result<FilmRequest> read_film(const Arguments& arguments, const ViewRequest& view) {
  FilmRequest film;
  const std::string* output = arguments.find("output");
  if (output == nullptr) return Error("export.error.no_output");
  film.path = *output;
  const Result<FilmFormat> format = film_format(*output, arguments.has("frames"));
  if (!format.ok()) return format.error();
  film.setup.format = *format;
  film.setup.whole_window = arguments.has("panels");
  if (Status status = read_steps(arguments, film.setup); !status.ok()) return status.error();
  if (Status status = read_times(arguments, film.setup); !status.ok()) return status.error();
  if (Status status = read_look(view, film.setup); !status.ok()) return status.error();
  return film;
}

}  // namespace

CommandInfo render_command() {
  std::vector<OptionInfo> options = {{"output", "OUT.gif|.webp|.png", "output", "-o"},
                                     {"frames", "", "output"},
                                     {"from", "N", "film"},
                                     {"to", "N", "film"},
                                     {"fps", "N", "film"},
                                     {"seconds", "S", "film"},
                                     {"panels", "", "view"}};
  for (const OptionInfo& option : view_options())
    if (option.name != "step") options.push_back(option);
  return view_command("render", options);
}

int run_render(const Arguments& arguments, const CliHooks& hooks, const Voice& voice) {
  const Result<ViewRequest> view = read_view(arguments, hooks, voice.texts());
  if (!view.ok()) return voice.bad_argument(view.error());
  Result<FilmRequest> film = read_film(arguments, *view);
  if (!film.ok()) return voice.bad_argument(film.error());
  if (!hooks.render) return voice.failed(Error("cli.error.no_view"));
  return hooks.render(*view, std::move(*film), voice);
}

}  // namespace poolscope
